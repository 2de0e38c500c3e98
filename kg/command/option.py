"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

data_option: Decorator = click.option(
    "--data",
    "data_path",
    type=click.Path(path_type=Path),
    help="Data folder; else data/ here, else the packaged interview. 数据文件夹。",
)
out_option: Decorator = click.option(
    "--out",
    "out_path",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build"),
    show_default=True,
    help="Where the graph is built. 输出文件夹。",
)
own_data_option: Decorator = click.option(
    "--data",
    "data_path",
    type=click.Path(path_type=Path),
    default=Path("data"),
    show_default=True,
    help="Your data folder (kg init makes one). 你的数据文件夹。",
)
