"""Where a review stands: verdicts by table and kind, reasons of rejections, numbers, proposals."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.model import Document, Proposal, Review, Span, Verdict
from kg.review.account import find_unaccounted
from kg.review.match import match_proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Counts of one document. `verdicts` is keyed by table and verdict, `kinds` by table and kind.

    `proposals` counts what became of the machine's proposals: (table, outcome), where the
    outcome is a verdict or `open`; `unproposed` counts accepted rows nothing proposed.
    """

    document: str
    verdicts: dict[tuple[str, str], int]
    kinds: dict[tuple[str, str], int]
    reasons: dict[tuple[str, str], int]
    numbers: int
    open_numbers: tuple[Span, ...]
    proposals: dict[tuple[str, str], int] = field(default_factory=dict)
    unproposed: dict[str, int] = field(default_factory=dict)
    proposed: bool = False

    @property
    def is_finished(self) -> bool:
        """Tell whether every proposal, number and row is decided."""
        unsure = sum(count for (_, verdict), count in self.verdicts.items() if verdict == "unsure")
        undecided = sum(count for (_, outcome), count in self.proposals.items() if outcome == "open")
        rows = sum(self.verdicts.values())
        return rows > 0 and not unsure and not undecided and not self.open_numbers


def reason_of(row: Verdict) -> str:
    """Give the reason code with which a rejection's note begins."""
    return re.split(r"[\s:：,，]", row.note.strip(), maxsplit=1)[0] or "other"


def tables_of(review: Review) -> tuple[tuple[str, tuple[Verdict, ...]], ...]:
    """Give the three tables by name."""
    return (
        ("entities", review.entities),
        ("relations", review.relations),
        ("measures", review.measures),
    )


def summarise_review(
    document: Document, review: Review, numbers: Iterable[Span], proposal: Proposal | None = None
) -> Status:
    """Count a document's verdicts; with a proposal, what became of each part of it."""
    numbers = tuple(numbers)
    verdicts: Counter[tuple[str, str]] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    for table, rows in tables_of(review):
        for row in rows:
            verdicts[table, row.verdict] += 1
            if row.verdict == "accept":
                kinds[table, _kind(row)] += 1
            elif row.verdict == "reject":
                reasons[table, reason_of(row)] += 1
    outcomes: Counter[tuple[str, str]] = Counter()
    unproposed: Counter[str] = Counter()
    if proposal is not None:
        matched = match_proposal(proposal, review)
        for item in matched.items:
            outcomes[item.table, item.row.verdict if item.row else "open"] += 1
        unproposed.update(row_table for row_table, row in matched.unproposed if row.verdict == "accept")
    return Status(
        document=document.id,
        verdicts=dict(sorted(verdicts.items())),
        kinds=dict(sorted(kinds.items())),
        reasons=dict(sorted(reasons.items())),
        numbers=len(numbers),
        open_numbers=find_unaccounted(document.text, numbers, review.measures),
        proposals=dict(sorted(outcomes.items())),
        unproposed=dict(sorted(unproposed.items())),
        proposed=proposal is not None,
    )


def _kind(row: Verdict) -> str:
    for name in ("type", "relation", "kind"):
        if hasattr(row, name):
            return getattr(row, name) or "level"
    raise AssertionError(row)
