"""The tagger: a model over the words of a sentence and a judge over the strings of a document.

The model file holds both, and the names that training documents of more than one place
share. Nothing in it is code: a model from elsewhere can be wrong, not dangerous.
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
from kg.mention.feature import Sequence, cut_sequences, describe_words, mark_sequences
from kg.mention.judge import describe_surface, is_hopeless, weigh_document
from kg.mention.lexicon import Lexicon
from kg.mention.rule import RuleSpan, find_rule_spans, list_spans
from kg.mention.span import (
    TYPES,
    Scored,
    Surface,
    find_surfaces,
    possible_spans,
    score_sequence,
)

FORMAT = "lianzhu-tagger-1"
_FIXED = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A string of a document with the chance that it names something, by type."""

    surface: Surface
    chances: tuple[float, ...]

    @property
    def chance(self) -> float:
        return sum(self.chances)

    @property
    def type(self) -> str:
        return TYPES[max(range(len(TYPES)), key=lambda kind: (self.chances[kind], -kind))]


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
                parts = {name: archive.read(name) for name in ("words.crf", "judge.crf")}
                names = json.loads(archive.read("names.json"))
            if head.get("format") != FORMAT:
                raise ValueError(head.get("format"))
        except (zipfile.BadZipFile, KeyError, ValueError, AttributeError) as error:
            raise ModelUnreadableError(
                "这不是本版本的识别模型。请用 kg train 重新训练。",
                "this is no tagger model of this version. Train it anew with kg train.",
            ) from error
        self.words = open_chain(parts["words.crf"])
        self.judge = open_chain(parts["judge.crf"])
        self.names = {kind: Lexicon(names.get(kind, ())) for kind in TYPES}

    def score(self, view: str, reading: Reading) -> list[Scored]:
        """The chances of every label at every word."""
        return score_reading(self.words, view, reading, self.names)

    def judge_surfaces(self, view: str, scored: list[Scored], reading: Reading) -> list[Judged]:
        """Every candidate string of the document with its chances."""
        known = set(self.judge.labels())
        judged = []
        for surface, features in describe_document(view, scored, reading):
            self.judge.set([features])
            chances = tuple(self.judge.marginal(kind, 0) if kind in known else 0.0 for kind in TYPES)
            judged.append(Judged(surface=surface, chances=chances))
        return judged


def describe_document(
    view: str, scored: list[Scored], reading: Reading
) -> Iterable[tuple[Surface, list[str]]]:
    """Every candidate string that is worth judging, with its features."""
    surfaces = gather_surfaces(view, scored, reading)
    evidence = weigh_document(scored, surfaces.values())
    for surface in surfaces.values():
        if not is_hopeless(surface, evidence):
            yield surface, describe_surface(surface, evidence)


class _Chain(pycrfsuite.Tagger):  # type: ignore[misc]
    """A CRF that keeps its bytes: the library reads them in place and does not hold them itself."""

    data: bytes


def open_chain(data: bytes) -> Any:
    """A CRF of its bytes."""
    chain: Any = _Chain()
    chain.data = data
    chain.open_inmemory(chain.data)
    return chain


def pack_model(words: bytes, judge: bytes, names: Mapping[str, list[str]]) -> bytes:
    """A model file: the same parts give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (
            ("head.json", json.dumps({"format": FORMAT}).encode()),
            ("words.crf", words),
            ("judge.crf", judge),
            ("names.json", json.dumps(names, ensure_ascii=False, sort_keys=True).encode()),
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


def score_reading(chain: Any, view: str, reading: Reading, names: Mapping[str, Lexicon]) -> list[Scored]:
    """Score every sequence of a reading with a word model; `names` are marked as known of their type."""
    del names
    return [score_sequence(chain, sequence, describe_words(sequence)) for sequence in reading.sequences]


def gather_surfaces(view: str, scored: list[Scored], reading: Reading) -> dict[str, Surface]:
    """All strings of a document that tagger, rules, lists or their last words suggest."""
    extra: dict[str, list[tuple[int, int]]] = {mark: list(spans) for mark, spans in reading.lists.items()}
    for start, end, span in reading.rules:
        extra.setdefault(f"R{span.type}", []).append((start, end))
    for item in reading.sequences:
        for first, end, sure in possible_spans(item):
            place = (item.starts[first], item.starts[end - 1] + len(item.words[end - 1]))
            extra.setdefault("near" if sure else "wide", []).append(place)
    return find_surfaces(view, scored, extra)
