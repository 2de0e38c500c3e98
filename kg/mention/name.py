"""Names: the mentions of projects, firms, parks and industries in a document."""

import re
from collections.abc import Iterable

from kg.mention.lexicon import Lexicon
from kg.mention.span import TYPES, read_labels
from kg.mention.tagger import Judged, Reading, Tagger, packaged_tagger, read_view
from kg.mention.view import View, view_text
from kg.model import Document, Mention

PARTS = ("rules", "lists", "tagger")
_THRESHOLD = 0.36
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
    reading = read_view(view.text)
    chosen = frozenset(parts)
    if chosen >= frozenset(PARTS):
        names = _judge(view, reading, tagger or packaged_tagger())
    else:
        names = _without_judge(view, reading, chosen, tagger)
    return tuple(_place_names(document, view, names))


def _judge(view: View, reading: Reading, tagger: Tagger) -> dict[str, tuple[str, float, str]]:
    scored = tagger.score(view.text, reading)
    judged = tagger.judge_surfaces(view.text, scored, reading)
    return {
        item.surface.text: (item.type, item.chance, _origin(item))
        for item in judged
        if item.chance >= _THRESHOLD
    }


def _origin(item: Judged) -> str:
    origins = item.surface.origins
    parts = []
    if "tagger" in origins:
        parts.append("tagger")
    if any(origin.startswith("R") for origin in origins):
        parts.append("rule")
    if origins & {"LI", "LE"}:
        parts.append("list")
    return "+".join(parts) or "context"


def _without_judge(
    view: View, reading: Reading, parts: frozenset[str], tagger: Tagger | None
) -> dict[str, tuple[str, float, str]]:
    names: dict[str, tuple[str, float, str]] = {}
    if "rules" in parts:
        for start, end, span in reading.rules:
            names.setdefault(view.text[start:end], (span.type, span.sure, "rule"))
    if "lists" in parts:
        for mark, (kind, sure) in _LIST_TYPES.items():
            for start, end in reading.lists[mark]:
                names.setdefault(view.text[start:end], (kind, sure, "list"))
    if "tagger" in parts:
        for item in (tagger or packaged_tagger()).score(view.text, reading):
            for first, end, kind in read_labels(item.labels):
                last = item.sequence.words[end - 1]
                text = view.text[item.sequence.starts[first] : item.sequence.starts[end - 1] + len(last)]
                names[text] = (kind, 0.7, "tagger")
    for start, end in reading.lists["LG"]:
        names.pop(view.text[start:end], None)
    return {name: found for name, found in names.items() if found[0] in TYPES and len(name) > 1}


def _place_names(
    document: Document, view: View, names: dict[str, tuple[str, float, str]]
) -> Iterable[Mention]:
    for start, end in Lexicon(names).find(view.text):
        kind, confidence, origin = names[view.text[start:end]]
        first, last = view.locate(start, end)
        if re.search(r"[A-Za-z0-9]{2}", view.text[start - 1 : start + 1] if start else ""):
            continue
        yield Mention(
            start=first,
            end=last,
            text=document.text[first:last],
            type=kind,
            confidence=round(confidence, 3),
            origin=origin,
        )
