"""What people decided about names across documents: `data/names/*.tsv`.

`same.tsv`, `different.tsv` and `possible.tsv` hold pairs of entities, `aliases.tsv`
other names of one. An entity is written `document-id:name`, the name with its `#` qualifier.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError, TableInvalidError
from kg.file import replace_file
from kg.model import NamePair
from kg.review.cell import read_rows, render_rows

JUDGEMENTS = ("same", "different", "possible")
ALIAS_KINDS = ("short", "full", "former", "misprint")
_PAIR_COLUMNS = ("left", "right", "reviewer", "reviewed", "note")
_ALIAS_COLUMNS = ("name", "alias", "kind", "reviewer", "reviewed", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Another name of an entity and why it is one: a short, full or former name, or a misprint."""

    name: str
    alias: str
    kind: str
    reviewer: str = ""
    reviewed: str = ""
    note: str = ""


def read_pairs(data_path: Path) -> tuple[NamePair, ...]:
    """Read the pairs of every judgement; a pair judged twice in two ways is an error."""
    pairs: dict[frozenset[str], NamePair] = {}
    findings: list[KgError] = []
    for judgement in JUDGEMENTS:
        path = data_path / "names" / f"{judgement}.tsv"
        if not path.is_file():
            continue
        for line, cells in read_rows(path, _PAIR_COLUMNS):
            pair = NamePair(judgement=judgement, **{c: cells[c].strip() for c in _PAIR_COLUMNS})
            sides = frozenset((pair.left, pair.right))
            if len(sides) < 2 or sides in pairs:
                findings.append(
                    KgError(
                        f"「{pair.left} / {pair.right}」已有判断,或两边相同。一对名称只留一行。",
                        f"'{pair.left} / {pair.right}' is judged already, or both sides are equal. "
                        "Keep one row a pair.",
                        where=f"{path}:{line}",
                    )
                )
            pairs[sides] = pair
    if findings:
        raise TableInvalidError(findings)
    return tuple(pairs.values())


def write_pairs(data_path: Path, pairs: Iterable[NamePair]) -> None:
    """Write the pairs, one table a judgement, sorted, sides in order."""
    every = list(pairs)
    for judgement in JUDGEMENTS:
        rows = sorted(
            tuple(getattr(pair, column) for column in _PAIR_COLUMNS)
            for pair in every
            if pair.judgement == judgement
        )
        path = data_path / "names" / f"{judgement}.tsv"
        _replace_if_changed(path, render_rows(_PAIR_COLUMNS, rows))


def read_aliases(data_path: Path) -> tuple[Alias, ...]:
    """Read `aliases.tsv`; an unknown kind is an error."""
    path = data_path / "names" / "aliases.tsv"
    if not path.is_file():
        return ()
    aliases, findings = [], []
    for line, cells in read_rows(path, _ALIAS_COLUMNS):
        alias = Alias(**{c: cells[c].strip() for c in _ALIAS_COLUMNS})
        if alias.kind not in ALIAS_KINDS:
            findings.append(
                KgError(
                    f"未知的 kind「{alias.kind}」,应为 {' '.join(ALIAS_KINDS)} 之一。",
                    f"unknown kind '{alias.kind}': one of {' '.join(ALIAS_KINDS)}.",
                    where=f"{path}:{line}",
                )
            )
        aliases.append(alias)
    if findings:
        raise TableInvalidError(findings)
    return tuple(aliases)


def write_aliases(data_path: Path, aliases: Iterable[Alias]) -> None:
    """Write `aliases.tsv`, sorted."""
    rows = sorted(tuple(getattr(alias, c) for c in _ALIAS_COLUMNS) for alias in aliases)
    _replace_if_changed(data_path / "names" / "aliases.tsv", render_rows(_ALIAS_COLUMNS, rows))


def _replace_if_changed(path: Path, text: str) -> None:
    data = text.encode("utf-8")
    if not path.is_file() or path.read_bytes() != data:
        replace_file(path, data)
