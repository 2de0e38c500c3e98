"""How much better proposals get with every reviewed document: `python tests/bench/learning_curve.py FOLDER`.

FOLDER holds reviewed documents (a data folder, or `.ann.tsv` annotations). The documents of
some places are held out, models are trained on 5, 10, 20 and all of the rest, and each is
scored on the places it never saw, until every place was held out once. The smaller sets are
parts of the larger ones; their order is that of the hashes of the documents' names, so that
everyone gets the same.
"""

import argparse
import hashlib
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from kg.errors import KgError  # noqa: E402 - found through the line above
from kg.evaluation import Gold, GroupRule, make_folds, name_group, read_groups, score_proposals  # noqa: E402
from kg.file import replace_file  # noqa: E402
from kg.learning import load_learnt, propose_with, read_golds, train_files  # noqa: E402
from kg.model import Proposal  # noqa: E402

SIZES = (5, 10, 20)
# What is drawn: the scores of the evaluation, or the share of matched measures with this field right.
SCORES = {
    "mentions": ("mention", "all"),
    "entities": ("entity", "all"),
    "relations": ("relation", "all"),
    "measures": ("measure", "value+unit"),
}
FIELDS = ("modality", "period", "subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A size of training set and what it was worth on the places held out; counts are means of folds."""

    documents: int
    places: int
    trained_mentions: int
    mentions: float
    entities: float
    relations: float
    measures: float
    modality: float
    period: float
    subject: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Documents to learn from, in the order they are taken, and those of the places held out."""

    number: int
    rest: tuple[Gold, ...]
    held: tuple[Gold, ...]


def split_golds(golds: Sequence[Gold], rules: Sequence[GroupRule], count: int) -> list[Fold]:
    """Share documents among folds of places, as `kg evaluate --across-places` does."""
    sizes: Counter[str] = Counter()
    for gold in golds:
        sizes[name_group(gold.document.id, rules)] += len(gold.mentions)
    ordered = sorted(golds, key=lambda gold: hashlib.sha256(gold.document.id.encode()).digest())
    folds = []
    for number, places in enumerate(make_folds(sizes, count)):
        held = tuple(gold for gold in golds if name_group(gold.document.id, rules) in places)
        rest = tuple(gold for gold in ordered if name_group(gold.document.id, rules) not in places)
        folds.append(Fold(number=number, rest=rest, held=held))
    return folds


def propose_held(
    fold: Fold, size: int | None, rules: Sequence[GroupRule], models: Path | None
) -> list[tuple[Gold, Proposal]]:
    """Train on the first documents of a fold, propose for those held out; keep the models if told where."""
    train = fold.rest[:size]
    files = train_files(train, lambda document: name_group(document.id, rules))
    for name, data in files.items() if models else ():
        replace_file(Path(models or "") / str(fold.number) / name, data)
    learnt = load_learnt(files)
    return [(gold, propose_with(gold.document, learnt)) for gold in fold.held]


def measure_point(
    folds: Sequence[Fold], size: int | None, rules: Sequence[GroupRule], models: Path | None
) -> Point:
    """Score all documents held out in these folds together."""
    evaluation = score_proposals(pair for fold in folds for pair in propose_held(fold, size, rules, models))
    trained = [fold.rest[:size] for fold in folds]
    return Point(
        documents=_mean(len(golds) for golds in trained),
        places=_mean(len({name_group(gold.document.id, rules) for gold in golds}) for golds in trained),
        trained_mentions=_mean(sum(len(gold.mentions) for gold in golds) for golds in trained),
        **{name: evaluation.counts[key].f1 for name, key in SCORES.items()},
        **{name: evaluation.attributes[name] / max(1, evaluation.matched) for name in FIELDS},
    )


def _mean(values: Iterable[int]) -> int:
    return round(statistics.mean(values))


def format_point(point: Point) -> str:
    """Put a point into a line of the table."""
    head = f"{point.documents:9} {point.places:7} {point.trained_mentions:9}"
    return head + "".join(f"{getattr(point, name):10.3f}" for name in (*SCORES, *FIELDS))


def draw_curve(points: Sequence[Point], held: int, path: Path) -> None:
    """Draw the curve; the same points give the same bytes."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7.2, 4.8), dpi=120, layout="constrained")
    x = [point.documents for point in points]
    styles = {
        "mentions": ("o-", "#0b6e69", "names in the text, F1"),
        "relations": ("v-", "#7a3b69", "relations, F1"),
        "subject": ("s-", "#b3541e", "whose number it is, share right"),
        "period": ("^-", "#4a5a8c", "when, share right"),
        "modality": ("D-", "#8a6d1d", "done, planned or target, share right"),
        "measures": ("--", "#8a8f98", "value and unit, F1 (by rules)"),
    }
    for name, (style, color, label) in styles.items():
        axes.plot(x, [getattr(point, name) for point in points], style, color=color, label=label)
    axes.set_xscale("log")
    axes.set_xticks(x, [str(value) for value in x])
    axes.minorticks_off()
    axes.set_xlabel("reviewed documents learnt from")
    axes.set_ylabel(f"on {held} documents, places held out in turn")
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_ylim(0, 1)
    figure.legend(frameon=False, fontsize=9, loc="outside lower center", ncols=2)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})


def parse_arguments(text: str) -> argparse.ArgumentParser:
    """Make the parser of what this measure and that of the key presses are both told."""
    parser = argparse.ArgumentParser(description=text.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--groups", type=Path, help="rules that name each document's place")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--fold", type=int, action="append", help="only this fold; may be repeated")
    return parser


def choose_folds(options: argparse.Namespace) -> tuple[list[Fold], Sequence[GroupRule]]:
    """Read the documents, say what is held out, and give the folds chosen."""
    try:
        rules = read_groups(options.groups) if options.groups else ()
        folds = split_golds(read_golds([options.folder]), rules, options.folds)
    except KgError as error:
        raise SystemExit(str(error)) from error
    chosen = [fold for fold in folds if options.fold is None or fold.number in options.fold]
    held = [gold for fold in chosen for gold in fold.held]
    numbers = ", ".join(str(fold.number) for fold in chosen)
    print(f"fold {numbers} of {len(folds)}; held out in turn: {len(held)} documents,", end=" ")
    print(f"{sum(len(g.mentions) for g in held)} mentions, {sum(len(g.measures) for g in held)} measures")
    return chosen, rules


def main() -> None:
    """Print the table, a line as soon as it is measured, and draw the picture."""
    parser = parse_arguments(__doc__ or "")
    parser.add_argument("--models", type=Path, help="keep the models of the largest sets here, by fold")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images" / "learning.png")
    options = parser.parse_args()
    folds, rules = choose_folds(options)
    print(f"{'documents':>9} {'places':>7} {'mentions':>9}" + "".join(f"{n:>10}" for n in (*SCORES, *FIELDS)))
    points = []
    smallest = min(len(fold.rest) for fold in folds)
    for size in (*(size for size in SIZES if size < smallest), None):
        points.append(measure_point(folds, size, rules, None if size else options.models))
        print(format_point(points[-1]), flush=True)
    draw_curve(points, sum(len(fold.held) for fold in folds), options.out)
    print(f"drawn: {options.out.name}")


if __name__ == "__main__":
    main()
