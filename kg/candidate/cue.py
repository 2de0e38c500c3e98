"""Cues: what the words around a quantity say about it, as features of the learned models."""

import re
from collections.abc import Iterator, Sequence

from kg.candidate.draft import SOURCES, Draft
from kg.candidate.modal import find_clause_modals, find_modals
from kg.candidate.trigger import read_triggers
from kg.mention.unit import match_unit

_NEAR = 30
_FAR = 60
_QUOTES = {"“": "”", "‘": "’", '"': '"'}


def find_cues(text: str) -> list[tuple[str, str]]:
    """The modal words of a text with their classes, in order."""
    names, matcher = read_triggers("modality")
    found = (names[index] for index, _, _ in matcher.find_matches_as_indexes(text))
    return [(word, "+".join(kinds)) for word, kinds in found]


def describe_measures(drafts: Sequence[Draft]) -> Iterator[list[str]]:
    """The features of every quantity of a document, for a chain over them."""
    titled = _describe_document(drafts)
    repeats = _describe_repeats(drafts)
    for draft, repeated in zip(drafts, repeats, strict=True):
        yield [*titled, *_describe(draft), *_describe_modal(draft), *_describe_time(draft), *repeated]


def _describe_repeats(drafts: Sequence[Draft]) -> Iterator[list[str]]:
    """Tell whether the same amount stands before or behind: a headline and its text say one thing twice."""
    amounts = [(d.quantity.low, d.quantity.high, d.quantity.unit) for d in drafts]
    first: dict[object, int] = {}
    last: dict[object, int] = {}
    for place, amount in enumerate(amounts):
        first.setdefault(amount, place)
        last[amount] = place
    for place, (draft, amount) in enumerate(zip(drafts, amounts, strict=True)):
        low = draft.quantity.low or draft.quantity.high
        exact = low is not None and len(low.normalize().as_tuple().digits) > 2
        seen, again = first[amount] < place, last[amount] > place
        headline = "headline" if draft.headline else "line"
        words = ["same-words"] if seen and _same_words(drafts[first[amount]], draft) else []
        yield [f"seen={seen}{exact}", f"again={again}{exact}", headline, f"{headline}{seen}{again}", *words]


def _same_words(first: Draft, second: Draft) -> bool:
    return bool(first.gap[-2:]) and first.gap[-2:] == second.gap[-2:]


def _describe_document(drafts: Sequence[Draft]) -> list[str]:
    if not drafts:
        return []
    head = drafts[0].text[:200]
    kinds = [
        word
        for word in ("报告", "规划", "意见", "办法", "简介", "概况", "公司", "项目", "快讯", "记者", "访谈")
        if word in head
    ]
    return [f"head={kind}" for kind in kinds] + ["year" if drafts[0].year else "no-year", "bias"]


def _describe(draft: Draft) -> list[str]:
    quantity, text = draft.quantity, draft.text
    start, end = quantity.start, quantity.end
    before, after = text[max(0, start - 4) : start], text[end : end + 6]
    written = quantity.text
    chinese = not any(character.isdigit() and character.isascii() for character in written)
    features = [
        f"unit={quantity.unit}",
        f"comparator={quantity.comparator}",
        f"kind={quantity.kind}",
        f"style={'chinese' if chinese else 'arabic'}",
        f"size={_size(draft)}",
        f"style+unit={chinese}{quantity.unit}",
        f"class={_class(quantity.unit)}{chinese}",
        f"class+kind={_class(quantity.unit)}{quantity.kind}",
        f"written={written}" if chinese else "written=digits",
        *(f"before{n}={before[-n:]}" for n in (1, 2, 3)),
        *(f"after{n}={after[:n]}" for n in (1, 2, 3)),
        f"unit+after1={quantity.unit}{after[:1]}",
        f"unit+before1={before[-1:]}{quantity.unit}",
        f"gap={_gap(draft)}",
    ]
    if _is_quoted(text, start, end):
        features.append("quoted")
        features.append(f"quoted{chinese}")
    near = find_cues(text[max(draft.sentence.start, start - _NEAR) : start])
    features += [f"cue={word}" for word, _ in find_cues(draft.clause)]
    features += [f"cues={kind}" for _, kind in near]
    if near:
        features += [f"last-cue={near[-1][0]}", f"last-cues={near[-1][1]}"]
    following = find_cues(text[end : min(draft.sentence.end, end + _NEAR)])
    features += [f"next-cue={word}" for word, _ in following[:3]]
    opening = find_cues(text[draft.sentence.start : min(draft.sentence.start + 24, draft.sentence.end)])
    features += [f"opening={word}" for word, _ in opening[:3]]
    return features


def _describe_modal(draft: Draft) -> list[str]:
    """The nearest modal word of the clause, else of the sentence before it."""
    direction = draft.passage.direction
    found = find_clause_modals(draft)
    if found:
        last = found[-1]
        near = "near" if last.distance <= 6 else "far"
        kinds = "+".join(dict.fromkeys(modal.kind for modal in found))
        return [
            f"modal={last.kind}",
            f"modal-word={last.word}",
            f"modal+near={last.kind}{near}",
            f"modal+direction={last.kind}{direction}",
            f"modals={kinds}",
        ]
    start = max(draft.sentence.start, draft.quantity.start - _FAR)
    earlier = find_modals(draft.text[start : draft.quantity.start - len(draft.clause)])
    kind = earlier[-1].kind if earlier else "none"
    return ["modal=none", f"earlier-modal={kind}", f"earlier-modal+direction={kind}{direction}"]


def _class(unit: str) -> str:
    if re.match("[A-Z]{3}(?:$|/)", unit):
        return "money"
    known = match_unit(unit, 0)
    return known.kind if known else "other"


def _size(draft: Draft) -> str:
    value = draft.quantity.low if draft.quantity.low is not None else draft.quantity.high
    assert value is not None
    if value <= 1:
        return "one"
    return "few" if value <= 10 else "some" if value <= 100 else "many" if value <= 10_000 else "huge"


def _gap(draft: Draft) -> str:
    gap = draft.gap
    if len(gap) <= 2:
        return gap or "none"
    if "，" not in gap and "," not in gap:
        return "、…" if gap.startswith("、") else "clause"
    return "sentence"


def _is_quoted(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 10) : start]
    opening = max((before.rfind(mark) for mark in _QUOTES), default=-1)
    if opening < 0 or any(mark in before[opening + 1 :] for mark in _QUOTES.values()):
        return False
    return _QUOTES[before[opening]] in text[end : end + 12]


def _describe_time(draft: Draft) -> list[str]:
    sources, passage = draft.sources, draft.passage
    present = [label for label in SOURCES if label in sources]
    features = [f"source={label}" for label in present]
    features += [f"direction={passage.direction}", f"heading={'yes' if passage.heading else 'no'}"]
    features.append("passage-range" if "passage-end" in sources else "passage-point")
    if draft.relative:
        features.append(f"relative={draft.relative}")
    if "sentence" in sources:
        same = sources["sentence"] == sources.get("passage")
        features.append(f"sentence-same={same}")
        features.append(f"sentence-form={_form(sources['sentence'])}")
        if draft.year is not None:
            ahead = sources["sentence"][:4] >= str(draft.year)
            features.append(f"sentence-ahead={ahead}")
    last = find_cues(draft.clause)
    for word, _ in last[-2:]:
        features.append(f"direction+cue={passage.direction}{word}")
        features.append(f"range+cue={'passage-end' in sources}{word}")
    paragraph, whole = draft.tone.split("/")
    features += [f"tone={paragraph}", f"whole={whole}", f"tone+direction={draft.tone}{passage.direction}"]
    features += [f"tone+cue={paragraph}{word}" for word, _ in last[-1:]]
    features.append(f"direction+unit={passage.direction}{draft.quantity.unit}")
    features.append(f"direction+comparator={passage.direction}{draft.quantity.comparator}")
    features.append(f"range+kind={'passage-end' in sources}{draft.quantity.kind}")
    return features


def _form(value: str) -> str:
    return "".join("d" if character.isdigit() else character for character in value)
