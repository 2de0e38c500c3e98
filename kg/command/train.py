"""`kg train`: make the models anew from reviewed documents."""

from pathlib import Path

import click

from kg.evaluation import name_group, read_groups
from kg.file import replace_file
from kg.language import say
from kg.learning import read_golds, train_files


@click.command("train")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--out", "out_path", type=click.Path(path_type=Path, file_okay=False), default=Path("models"),
    show_default=True, help="Folder for the models. 模型写入的文件夹。",
)  # fmt: skip
@click.option(
    "--groups", "groups_path", type=click.Path(path_type=Path, dir_okay=False),
    help="Rules that name each document's place: pattern, tab, group. 文档分组规则。",
)  # fmt: skip
def train_command(folders: tuple[Path, ...], out_path: Path, groups_path: Path | None) -> None:
    """Learn from reviewed documents: data FOLDERS, or folders of .ann.tsv annotations.

    从核对过的文档学习:FOLDERS 是数据文件夹或 .ann.tsv 标注文件夹。相同的输入得到相同的模型。
    """
    golds = read_golds(folders)
    rules = read_groups(groups_path) if groups_path else ()
    for name, data in train_files(golds, lambda document: name_group(document.id, rules)).items():
        replace_file(out_path / name, data)
        click.echo(f"{out_path / name}  {len(data)}", err=True)
    click.echo(
        say(
            f"用 {len(golds)} 份文档训练完成。用 kg evaluate --model {out_path} 看效果。",
            f"trained on {len(golds)} documents. See what it is worth: kg evaluate --model {out_path}",
        ),
        err=True,
    )
