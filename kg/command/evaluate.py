"""`kg evaluate`: what the machine proposes against what people decided."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from kg.errors import KgError
from kg.evaluation import (
    Gold,
    find_errors,
    format_errors,
    format_report,
    make_folds,
    name_group,
    read_groups,
    report_as_json,
    score_proposals,
)
from kg.evaluation.report import format_ablation
from kg.language import say
from kg.learning import Learnt, load_learnt, propose_with, read_golds, read_learnt, train_files
from kg.mention.name import PARTS
from kg.model import Document, Proposal

_VARIANTS: dict[str, tuple[str, ...]] = {
    "rules": ("rules",),
    "lists": ("lists",),
    "tagger": ("tagger",),
    "rules + lists": ("rules", "lists"),
    "all together": PARTS,
}
Pairs = dict[str, list[tuple[Gold, Proposal]]]


@click.command("evaluate")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--across-places", "across", is_flag=True, help="Train on other places. 跨地区交叉验证。")
@click.option(
    "--also", "also", multiple=True, type=click.Path(path_type=Path, exists=True),
    help="With --across-places: a folder to train on as well, not scored. 只参与训练、不计分的文档。",
)  # fmt: skip
@click.option(
    "--groups", "groups_path", type=click.Path(path_type=Path, dir_okay=False),
    help="Rules that name each document's place: pattern, tab, group. 文档分组规则。",
)  # fmt: skip
@click.option("--folds", type=click.IntRange(min=2), default=5, show_default=True)
@click.option(
    "--models", "models_path", type=click.Path(path_type=Path, file_okay=False),
    help="Models that kg train wrote. kg train 写的模型。",
)  # fmt: skip
@click.option("--model", "old_path", type=click.Path(path_type=Path, file_okay=False), hidden=True)
@click.option("--ablation", is_flag=True, help="Rules, lists, tagger apart and together. 各部分单独与合并。")
@click.option("--errors", is_flag=True, help="List false and missed items. 列出误报和漏报。")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
def evaluate_command(
    folders: tuple[Path, ...],
    across: bool,
    also: tuple[Path, ...],
    groups_path: Path | None,
    folds: int,
    models_path: Path | None,
    old_path: Path | None,
    ablation: bool,
    errors: bool,
    form: str,
) -> None:
    """Score the proposals for reviewed documents: data FOLDERS or folders of .ann.tsv annotations.

    用核对过的文档给机器的提议打分。--across-places 只用其他地区的文档训练,不在训练过的文档上打分。
    """
    models_path = models_path or old_path
    golds = read_golds(folders)
    rules = read_groups(groups_path) if groups_path else ()

    def group_of(document: Document) -> str:
        return name_group(document.id, rules)

    variants = _VARIANTS if ablation else {"all together": PARTS}
    if across:
        rounds = _hold_out(golds, read_golds(also), group_of, folds)
    else:
        rounds = iter([(golds, read_learnt(models_path) if models_path else Learnt())])
    pairs: Pairs = {name: [] for name in variants}
    for held, learnt in rounds:
        for name, parts in variants.items():
            pairs[name] += ((gold, propose_with(gold.document, learnt, parts)) for gold in held)
    _print(pairs, errors=errors, form=form)


def _hold_out(
    golds: Sequence[Gold], also: Sequence[Gold], group_of: Callable[[Document], str], folds: int
) -> Iterator[tuple[Sequence[Gold], Learnt]]:
    """Each fold's documents with what was learnt from the other places, of `also` too."""
    sizes: Counter[str] = Counter()
    for gold in golds:
        sizes[group_of(gold.document)] += len(gold.mentions)
    if len(sizes) < 2:
        raise KgError(
            "只有一个地区的文档,无法跨地区验证。请加文档,或用 --groups 分组。",
            "all documents are of one place: none is left to train on. Add some, or use --groups.",
        )
    for fold in make_folds(sizes, folds):
        held = [gold for gold in golds if group_of(gold.document) in fold]
        rest = [gold for gold in (*golds, *also) if group_of(gold.document) not in fold]
        click.echo(
            say(f"用 {len(rest)} 份训练,{len(held)} 份验证…", f"train on {len(rest)}, test on {len(held)} …"),
            err=True,
        )
        yield held, load_learnt(train_files(rest, group_of))


def _print(pairs: Pairs, *, errors: bool, form: str) -> None:
    evaluations = {name: score_proposals(found) for name, found in pairs.items()}
    whole = evaluations["all together"]
    if form == "json":
        report = {"variants": {name: report_as_json(evaluation) for name, evaluation in evaluations.items()}}
        chosen = report if len(evaluations) > 1 else report_as_json(whole)
        click.echo(json.dumps(chosen, ensure_ascii=False, indent=2))
    else:
        click.echo(format_report(whole))
        if len(evaluations) > 1:
            click.echo(format_ablation(evaluations))
    if errors:
        for line in format_errors(find_errors(pairs["all together"])):
            click.echo(line)
