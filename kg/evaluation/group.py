"""Groups: which documents must be held out together, and the folds made of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError
from kg.source.reader import read_text


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule:
    """Documents whose whole name matches `pattern` are of the group `name` (which may use `\\1`)."""

    pattern: re.Pattern[str]
    name: str


def read_groups(path: Path) -> tuple[GroupRule, ...]:
    """Read rules, one a line: a regular expression on document names, a tab, the group's name."""
    rules = []
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        pattern, _, name = line.partition("\t")
        try:
            if not name.strip():
                raise ValueError("no group name")
            rules.append(GroupRule(pattern=re.compile(pattern.strip()), name=name.strip()))
        except (re.error, ValueError) as error:
            raise KgError(
                f"分组规则读不懂({error})。每行应为:正则表达式、制表符、组名。",
                f"cannot read this group rule ({error}). A line is: regular expression, tab, group name.",
                where=f"{path}:{number}",
            ) from error
    return tuple(rules)


def name_group(document: str, rules: Iterable[GroupRule]) -> str:
    """The group of the first rule that matches; without one, the name up to its first `_` or `-`."""
    for rule in rules:
        if match := rule.pattern.fullmatch(document):
            return match.expand(rule.name)
    return re.split(r"[_-]", document)[0]


def make_folds(sizes: Mapping[str, int], count: int) -> tuple[tuple[str, ...], ...]:
    """Share groups among at most `count` folds of about equal size, the largest groups first."""
    folds: list[list[str]] = [[] for _ in range(max(1, min(count, len(sizes))))]
    weights = [0] * len(folds)
    for group in sorted(sizes, key=lambda group: (-sizes[group], group)):
        place = weights.index(min(weights))
        folds[place].append(group)
        weights[place] += sizes[group]
    return tuple(tuple(sorted(fold)) for fold in folds)
