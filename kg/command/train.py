"""`kg train`: make the models anew from reviewed documents."""

from pathlib import Path

import click

from kg.errors import KgError
from kg.evaluation import name_group, read_groups
from kg.file import replace_file
from kg.language import say
from kg.learning import read_golds, train_files

_FEW = 20


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
    if not any(gold.mentions for gold in golds):
        raise KgError(
            "这些文件夹里没有接受过的实体,无从学起,什么也没有写。先核对几份文档(kg review open)。",
            "no accepted entity in these folders: nothing to learn from, nothing written. "
            "Review some documents first (kg review open).",
        )
    if len(golds) < _FEW:
        click.echo(
            say(
                f"只有 {len(golds)} 份文档:少于 {_FEW} 份时,学得的多半不如程序自带的模型(docs/learning.md)。",
                f"only {len(golds)} documents: below {_FEW} the program's own models are most likely better "
                "(docs/learning.md).",
            ),
            err=True,
        )
    rules = read_groups(groups_path) if groups_path else ()
    for name, data in train_files(golds, lambda document: name_group(document.id, rules)).items():
        replace_file(out_path / name, data)
        click.echo(f"{out_path / name}  {len(data)}", err=True)
    click.echo(
        say(
            f"用 {len(golds)} 份文档训练完成。用 kg evaluate --models {out_path} 看效果。",
            f"trained on {len(golds)} documents. See what it is worth: kg evaluate --models {out_path}",
        ),
        err=True,
    )
