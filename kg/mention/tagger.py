"""The tagger: a model over the words of a sentence and a judge over the strings of a document.

The model file holds both. Nothing in it is code: a model from elsewhere can be wrong, not dangerous.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pycrfsuite

from kg.errors import ModelUnreadableError
from kg.mention.feature import Live, Sequence, cut_sequences, describe_words, mark_sequences
from kg.mention.judge import describe_places, weigh_document
from kg.mention.rule import RuleSpan, find_rule_spans, list_spans
from kg.mention.span import (
    NO_CHANCE,
    TYPES,
    Scored,
    Surface,
    find_surfaces,
    name_labels,
    possible_spans,
    score_sequence,
    span_chance,
)

FORMAT = "lianzhu-tagger-3"
_FAINT = 0.01  # a string that only its edges suggest needs at least this chance somewhere
_HOPELESS = 0.02  # of strings without such a chance anywhere, one in 500 is a name
_FIXED = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A string of a document, its likeliest type, and the chance that it is a name at each span."""

    surface: Surface
    type: str
    spans: tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A view as lists, rules and tagger see it."""

    sequences: list[Sequence]
    rules: list[tuple[int, int, RuleSpan]]
    lists: Mapping[str, list[tuple[int, int]]]


class Tagger:
    """A trained tagger, read from the bytes of a model file."""

    def __init__(self, data: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                head = json.loads(archive.read("head.json"))
                parts = {name: archive.read(name) for name in ("words.crf", "words.txt", "judge.crf")}
            if head.get("format") != FORMAT:
                raise ValueError(head.get("format"))
        except (zipfile.BadZipFile, KeyError, ValueError, AttributeError) as error:
            raise ModelUnreadableError(
                "这不是本版本的识别模型。请用 kg train 重新训练。",
                "this is no tagger model of this version. Train it anew with kg train.",
            ) from error
        self.words = open_chain(parts["words.crf"])
        self.live = Live(parts["words.txt"].decode("utf-8").split("\n"))
        self.judge = open_chain(parts["judge.crf"])

    def score(self, reading: Reading) -> list[Scored]:
        """The chances of every label at every word."""
        return score_reading(self.words, reading, self.live)

    def judge_surfaces(self, view: str, scored: list[Scored], reading: Reading) -> list[Judged]:
        """Every candidate string of the document with its chances."""
        known = set(self.judge.labels())
        judged = []
        for surface, groups in describe_document(view, scored, reading):
            sums = [0.0] * len(TYPES)
            spans: list[tuple[int, int, float]] = []
            for features, places in groups:
                self.judge.set([features])
                chances = [self.judge.marginal(kind, 0) if kind in known else 0.0 for kind in TYPES]
                for kind, chance in enumerate(chances):
                    sums[kind] += chance * len(places)
                spans += ((*locate_place(scored, place), sum(chances)) for place in places)
            best = max(range(len(TYPES)), key=lambda kind: (sums[kind], -kind))
            judged.append(Judged(surface=surface, type=TYPES[best], spans=tuple(spans)))
        return judged


def describe_document(
    view: str, scored: list[Scored], reading: Reading
) -> Iterable[tuple[Surface, Iterable[tuple[list[str], list[tuple[int, int, int]]]]]]:
    """Every candidate string that is worth judging, with the features of its places."""
    surfaces = gather_surfaces(view, scored, reading)
    evidence = weigh_document(scored, surfaces.values())
    for surface in surfaces.values():
        if any(sum(evidence.chances[place]) >= _HOPELESS for place in surface.places):
            yield surface, describe_places(surface, evidence)


def locate_place(scored: list[Scored], place: tuple[int, int, int]) -> tuple[int, int]:
    """The span in the view of a place given in words."""
    number, first, end = place
    sequence = scored[number].sequence
    return sequence.starts[first], sequence.starts[end - 1] + len(sequence.words[end - 1])


class _Chain(pycrfsuite.Tagger):  # type: ignore[misc]
    """A CRF that keeps its bytes: the library reads them in place and does not hold them itself."""

    data: bytes
    starts: tuple[str, ...]
    inners: tuple[str, ...]


def open_chain(data: bytes) -> Any:
    """A CRF of its bytes."""
    chain: Any = _Chain()
    chain.data = data
    chain.open_inmemory(chain.data)
    chain.starts, chain.inners = name_labels(chain.labels())
    return chain


def pack_model(words: bytes, judge: bytes) -> bytes:
    """A model file: the same parts give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (
            ("head.json", json.dumps({"format": FORMAT}).encode()),
            ("words.crf", words),
            ("words.txt", "\n".join(sorted(open_chain(words).info().attributes)).encode()),
            ("judge.crf", judge),
        ):
            archive.writestr(zipfile.ZipInfo(name, _FIXED), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@cache
def packaged_tagger() -> Tagger:
    """The tagger that comes with the program."""
    path = files("kg.mention") / "models" / "tagger.zip"
    if not path.is_file():
        raise ModelUnreadableError(
            "程序自带的识别模型不见了。请重新安装,或用 kg train 训练一个。",
            "the program's own model is missing. Install it anew, or train one with kg train.",
        )
    return Tagger(path.read_bytes())


def read_view(view: str) -> Reading:
    """What rules and lists find in a view, before any model."""
    sequences = cut_sequences(view)
    rules = []
    for sequence in sequences:
        for span in find_rule_spans(sequence):
            last = span.end - 1
            rules.append(
                (sequence.starts[span.first], sequence.starts[last] + len(sequence.words[last]), span)
            )
    lists = list_spans(view)
    marks: dict[str, list[tuple[int, int]]] = dict(lists)
    for start, end, span in rules:
        marks.setdefault(f"R{span.type}{'s' if span.sure > 0.42 else 'w'}", []).append((start, end))
    mark_sequences(sequences, marks)
    return Reading(sequences=sequences, rules=rules, lists=lists)


def score_reading(chain: Any, reading: Reading, live: Live) -> list[Scored]:
    """Score every sequence of a reading with a word model that knows these features."""
    return [score_sequence(chain, sequence, describe_words(sequence, live)) for sequence in reading.sequences]


def gather_surfaces(view: str, scored: list[Scored], reading: Reading) -> dict[str, Surface]:
    """All strings of a document that tagger, rules, lists or their last words suggest."""
    extra: dict[str, list[tuple[int, int]]] = {mark: list(spans) for mark, spans in reading.lists.items()}
    for start, end, span in reading.rules:
        extra.setdefault(f"R{span.type}", []).append((start, end))
    for item in scored:
        if all(chance is NO_CHANCE for chance in item.begin):
            continue
        starts, words = item.sequence.starts, item.sequence.words
        for first, end, sure in possible_spans(item.sequence):
            if sure or (item.begin[first] is not NO_CHANCE and sum(span_chance(item, first, end)) >= _FAINT):
                place = (starts[first], starts[end - 1] + len(words[end - 1]))
                extra.setdefault("near" if sure else "wide", []).append(place)
    return find_surfaces(view, scored, extra)
