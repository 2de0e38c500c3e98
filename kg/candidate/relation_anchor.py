"""Anchors: who leads or draws an industry, by set forms of speech (too rare to be learnt)."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kg.candidate.relation_pair import GroupPair

_NEAR = 60
_AROUND = 12
_AHEAD = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorRule:
    """A form of speech: patterns before, between and behind the two names."""

    subject_first: bool
    before: re.Pattern[str]
    between: re.Pattern[str]
    behind: re.Pattern[str]
    far: bool
    parallel: bool
    sure: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorSign:
    """The words that say it, as spans of the text, and how sure they are.

    `parallel` says that firms and industries may be told off one for one (A、B领军企业,深耕X、Y).
    """

    basis: tuple[tuple[int, int], ...]
    sure: float
    parallel: bool


@cache
def read_anchor_rules() -> tuple[AnchorRule, ...]:
    """The forms of speech of the rule file, in its order."""
    text = (files("kg.candidate") / "rules" / "anchor.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]
    words = {cells[0]: cells[1] for cells in lines if len(cells) == 2}

    def fill(pattern: str) -> str:
        for name, value in words.items():
            pattern = pattern.replace(name, value)
        return pattern

    return tuple(
        AnchorRule(
            subject_first=order == "SO",
            before=re.compile(f"(?:{fill(before)})$"),
            between=re.compile(fill(between), re.DOTALL),
            behind=re.compile(fill(behind)),
            far=between.startswith(".*"),
            parallel="[，,]?" in between,
            sure=float(sure),
        )
        for order, before, between, behind, sure in (cells for cells in lines if len(cells) == 5)
    )


def find_anchor(text: str, pair: GroupPair) -> AnchorSign | None:
    """Give the first form of speech by which the subjects of a pair lead or draw its industry."""
    if pair.how == "name" or pair.object.kind != "Industry":
        return None
    subject_first = pair.subject.start < pair.object.start
    left, right = (pair.subject, pair.object) if subject_first else (pair.object, pair.subject)
    same = pair.how == "same" and right.start - left.end <= _NEAR
    for rule in read_anchor_rules():
        if rule.subject_first != subject_first or not (same or rule.far) or (same and pair.crossed > 0):
            continue
        start = left.end if same else max(left.end, right.start - _AROUND)
        between = rule.between.fullmatch(text, start, right.start)
        if between is None:
            continue
        before = rule.before.search(text, max(0, left.start - _AROUND), left.start)
        behind = rule.behind.match(text, right.end, right.end + _AHEAD)
        if before and behind:
            spans = sorted(
                match.span(name)
                for match in (before, between, behind)
                for name in match.groupdict()
                if match[name]
            )
            return AnchorSign(basis=tuple(spans), sure=rule.sure, parallel=rule.parallel)
    return None
