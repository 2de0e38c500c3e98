"""Rows of the review tables carried from an old text to a new one, each to the same words or not at all.

A row is *kept* if it holds as it is, *moved* if its ordinals or its quote had to be written
anew, *fuzzy* if a person must say whether it still stands (*confirmed* once one did), *stale*
if its words are gone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kg.model import EntityVerdict, MeasureVerdict, RelationVerdict, Span, Verdict
from kg.review.alignment import Alignment
from kg.review.drift import Similar, find_similar, lengthen_quote, relocate
from kg.review.match import table_of
from kg.review.occurrence import find_quote_spans, find_strings, find_value_spans, surface_forms

STATES = ("kept", "moved", "confirmed", "fuzzy", "stale")
STANDING = ("kept", "moved", "confirmed")
_Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """What became of a row. `after` is the row on the new text; for `fuzzy` it is only proposed.

    `lost` counts places of the row that are not found again while others are; `reread`
    says that the sentence around the words is another now.
    """

    state: str
    table: str
    before: Verdict
    after: Verdict | None = None
    reason: str = ""
    score: float = 0.0
    lost: int = 0
    reread: bool = False


class Anchoring:
    """Two texts of one document, with what was found in either."""

    def __init__(self, old: str, new: str, sentences: Sequence[Span] = ()) -> None:
        self.old, self.new = old, new
        self._sentences = sentences
        self._quotes: dict[str, tuple[_Spans, _Spans, list[int | None]]] = {}

    @cached_property
    def alignment(self) -> Alignment:
        """Give the alignment of the texts, made once."""
        return Alignment(self.old, self.new)

    def anchor(self, row: Verdict) -> Anchored:
        """Carry one row over."""
        found = self._anchor_entity(row) if isinstance(row, EntityVerdict) else self._anchor_fact(row)
        if found.state in ("kept", "moved") and not isinstance(row, EntityVerdict):
            found = replace(found, reread=self._has_changed_around(row))
        return found

    def _find(self, quote: str) -> tuple[_Spans, _Spans, list[int | None]]:
        if quote not in self._quotes:
            old, new = find_quote_spans(self.old, quote), find_quote_spans(self.new, quote)
            self._quotes[quote] = old, new, relocate(self.alignment, old, new)
        return self._quotes[quote]

    # ---------------------------------------------------------------- relations and measures

    def _anchor_fact(self, row: RelationVerdict | MeasureVerdict) -> Anchored:
        old, new, found = self._find(row.quote)
        chosen = _admitted(row.where, len(old))
        places = sorted(place for index in chosen if (place := found[index]) is not None)
        if not places:
            return self._suggest(row, "gone" if not new else "place")
        whole = not row.where and len(places) == len(new)
        after = replace(row, where=() if whole else tuple(place + 1 for place in places))
        if isinstance(after, MeasureVerdict) and not find_value_spans(self.new, after):
            return _stale(row, "value")
        return Anchored(
            state="kept" if after == row else "moved",
            table=table_of(row),
            before=row,
            after=after,
            lost=len(chosen) - len(places),
        )

    def _suggest(self, row: RelationVerdict | MeasureVerdict, reason: str) -> Anchored:
        similar = find_similar(self.new, row.quote)
        if similar is None:
            return _stale(row, reason)
        after = replace(row, quote=similar.span.text, where=self._ordinal(similar.span))
        if isinstance(after, MeasureVerdict):
            if not find_value_spans(self.new, after):
                return _stale(row, "value")
        elif not all(piece in after.quote for piece in after.basis.split("…")):
            return _stale(row, "basis")
        return _fuzzy(row, after, reason, similar)

    def _ordinal(self, span: Span) -> tuple[int, ...]:
        spans = find_quote_spans(self.new, span.text)
        starts = [other.start for other in spans]
        return (starts.index(span.start) + 1,) if len(spans) > 1 else ()

    def _has_changed_around(self, row: RelationVerdict | MeasureVerdict) -> bool:
        for span in find_quote_spans(self.old, row.quote, row.where):
            around = next((s for s in self._sentences if s.start <= span.start < s.end), None)
            if around is not None and around.text not in self.new:
                return True
        return False

    # ---------------------------------------------------------------- entities

    def _anchor_entity(self, row: EntityVerdict) -> Anchored:
        forms = surface_forms(row)
        old, new = find_strings(self.old, forms), find_strings(self.new, forms)
        found = relocate(self.alignment, old, new)
        chosen = _admitted(row.where, len(old))
        places = sorted(place for index in chosen if (place := found[index]) is not None)
        if chosen and not new:
            return _stale(row, "name")
        after = replace(
            row,
            aliases=tuple(alias for alias in row.aliases if alias in self.new),
            where=tuple(place + 1 for place in places) if row.where else (),
        )
        quote = self._carry_quote(row.quote)
        if quote is None and places:
            quote = lengthen_quote(self.new, new[places[0]])
        if quote is None or (chosen and not places):
            similar = find_similar(self.new, row.quote)
            if similar is None or (row.where and not places):
                return _stale(row, "place")
            return _fuzzy(row, replace(after, quote=similar.span.text), "place", similar)
        after = replace(after, quote=quote)
        return Anchored(
            state="kept" if after == row else "moved",
            table="entities",
            before=row,
            after=after,
            lost=len(chosen) - len(places),
        )

    def _carry_quote(self, quote: str) -> str | None:
        """Give the quote by which the first occurrence of an old one is the first in the new text."""
        _, new, found = self._find(quote)
        if not found or found[0] is None:
            return None
        return quote if found[0] == 0 else lengthen_quote(self.new, new[found[0]])


def _admitted(where: tuple[int, ...], count: int) -> list[int]:
    return [ordinal - 1 for ordinal in where if ordinal <= count] if where else list(range(count))


def _stale(row: Verdict, reason: str) -> Anchored:
    return Anchored(state="stale", table=table_of(row), before=row, reason=reason)


def _fuzzy(row: Verdict, after: Verdict, reason: str, similar: Similar) -> Anchored:
    return Anchored(
        state="fuzzy", table=table_of(row), before=row, after=after, reason=reason, score=similar.score
    )


def drop_orphans(items: Iterable[Anchored], others: Iterable[str] = ()) -> list[Anchored]:
    """Make stale, as `waiting`, the facts about entities that did not come over and are no `others`."""
    items = list(items)
    sides = ("before", "after")
    names = [{row.name for item in items if (row := _standing(item, side)) is not None} for side in sides]
    gone = names[0] - names[1] - set(others)
    return [
        replace(item, state="stale", reason="waiting")
        if item.state in STANDING
        and item.before.verdict != "reject"
        and not isinstance(item.before, EntityVerdict)
        and gone & _ends(item.before)
        else item
        for item in items
    ]


def _standing(item: Anchored, side: str) -> EntityVerdict | None:
    row = item.before if side == "before" else item.after if item.state in STANDING else None
    return row if isinstance(row, EntityVerdict) and row.verdict == "accept" else None


def _ends(row: RelationVerdict | MeasureVerdict) -> set[str]:
    return {row.subject, row.object} if isinstance(row, RelationVerdict) else {row.subject}
