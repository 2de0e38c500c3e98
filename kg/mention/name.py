"""Names: the mentions of projects, firms, parks and industries in a document."""

from collections.abc import Iterable
from typing import NamedTuple

from kg.mention.known import SURE
from kg.mention.led import find_led
from kg.mention.lexicon import Lexicon
from kg.mention.short import find_declared, place_names, shorten_firms
from kg.mention.span import TYPES, read_labels
from kg.mention.tagger import Judged, Reading, Tagger, packaged_tagger, read_view
from kg.mention.view import View, view_text
from kg.model import Document, Mention

_LISTED = "、"  # joins names, stands in none
PARTS = ("rules", "lists", "tagger")
_THRESHOLD = 0.36
_SHORT_SURE = 0.7  # of a short name that the text declares or a full name gives
_LIST_TYPES = {"LI": ("Industry", 0.6), "LE": ("Enterprise", 0.6)}


def find_mentions(
    document: Document, tagger: Tagger | None = None, *, parts: Iterable[str] = PARTS
) -> tuple[Mention, ...]:
    """Find every mention of a name, in the order of the text and without overlap.

    Every occurrence of a name that is found is a mention, the longest where names nest.
    Without `tagger` the program's own is used. With fewer `parts` than all, each part that
    is named works by itself: that shows what it is worth.
    """
    view = view_text(document.text)
    tagger = tagger or packaged_tagger()
    reading = read_view(view.text, tagger.known)
    chosen = frozenset(parts)
    if chosen >= frozenset(PARTS):
        judged = tagger.judge_surfaces(view.text, tagger.score(reading), reading)
        return make_mentions(document, view, judged)
    names = _without_judge(view, reading, chosen, tagger)
    spans = [
        _Found(start, end, *names[view.text[start:end]]) for start, end in Lexicon(names).find(view.text)
    ]
    return tuple(_make_mention(document, view, found) for found in spans)


class _Found(NamedTuple):
    start: int
    end: int
    type: str
    confidence: float
    origin: str


def make_mentions(document: Document, view: View, judged: Iterable[Judged]) -> tuple[Mention, ...]:
    """The mentions that a judge's chances come to: the sure ones, and their short names."""
    found = [
        _Found(start, end, item.type, chance, _origin(item))
        for item in judged
        for start, end, chance in item.spans
        if chance >= _THRESHOLD and _LISTED not in view.text[start:end]
    ]
    known = {(item.start, item.end) for item in found}
    found += (
        _Found(start, end, "Enterprise", sure, "rule")
        for start, end, sure in find_led(view.text)
        if (start, end) not in known
    )
    chosen = choose_spans(found)
    spans = sorted([*chosen, *_find_short(view.text, chosen)])
    return tuple(_make_mention(document, view, found) for found in spans)


def _find_short(text: str, chosen: list[_Found]) -> Iterable[_Found]:
    """Further mentions by short names of what was found."""
    taken = [(item.start, item.end) for item in chosen]
    known = {text[start:end] for start, end in taken}
    kinds = dict(find_declared(text, {item.end: item.type for item in chosen}))
    firms = {text[item.start : item.end] for item in chosen if item.type == "Enterprise"}
    for short in shorten_firms(sorted(firms)):
        kinds.setdefault(short, "Enterprise")
    for start, end in place_names(text, kinds.keys() - known, taken):
        yield _Found(start, end, kinds[text[start:end]], _SHORT_SURE, "short")


def choose_spans(found: Iterable[_Found]) -> list[_Found]:
    """Of spans that overlap, the one that begins first, and of these the longest."""
    chosen: list[_Found] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        if not chosen or item.start >= chosen[-1].end:
            chosen.append(item)
    return chosen


def _origin(item: Judged) -> str:
    origins = item.surface.origins
    parts = []
    if "tagger" in origins:
        parts.append("tagger")
    if any(origin.startswith("R") for origin in origins):
        parts.append("rule")
    if any(origin.startswith("L") for origin in origins - {"LG"}):
        parts.append("list")
    return "+".join(parts) or "context"


def _without_judge(
    view: View, reading: Reading, parts: frozenset[str], tagger: Tagger
) -> dict[str, tuple[str, float, str]]:
    names: dict[str, tuple[str, float, str]] = {}
    if "rules" in parts:
        for start, end, span in reading.rules:
            names.setdefault(view.text[start:end], (span.type, span.sure, "rule"))
    if "lists" in parts:
        for mark, (kind, sure) in _LIST_TYPES.items():
            for start, end in reading.lists[mark]:
                names.setdefault(view.text[start:end], (kind, sure, "list"))
        for mark, spans in reading.lists.items():
            if mark.startswith(SURE):
                for text in (view.text[start:end] for start, end in spans):
                    tally = reading.known.tallies[text]
                    names.setdefault(text, (tally.type, round(tally.share, 3), "list"))
    if "tagger" in parts:
        for item in tagger.score(reading):
            for first, end, kind in read_labels(item.labels):
                last = item.sequence.words[end - 1]
                text = view.text[item.sequence.starts[first] : item.sequence.starts[end - 1] + len(last)]
                names[text] = (kind, 0.7, "tagger")
    for start, end in reading.lists["LG"]:
        names.pop(view.text[start:end], None)
    return {name: found for name, found in names.items() if found[0] in TYPES and len(name) > 1}


def _make_mention(document: Document, view: View, found: _Found) -> Mention:
    start, end = view.locate(found.start, found.end)
    return Mention(
        start=start,
        end=end,
        text=document.text[start:end],
        type=found.type,
        confidence=round(found.confidence, 3),
        origin=found.origin,
    )
