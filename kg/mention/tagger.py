"""The tagger: a model over the words of a sentence and a judge over the strings of a document.

The model file holds both. Nothing in it is code: a model from elsewhere can be wrong, not dangerous.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from kg.errors import ModelUnreadableError
from kg.mention.crf import Field
from kg.mention.emission import Emitter
from kg.mention.feature import Sequence, cut_sequences, mark_sequences
from kg.mention.judge import Place, describe_surface, group_places, weigh_document
from kg.mention.known import KnownNames, Readings
from kg.mention.rule import RuleSpan, find_rule_spans, list_spans
from kg.mention.span import (
    TYPES,
    Scored,
    Surface,
    find_surfaces,
    possible_spans,
    score_sequences,
    span_chance,
)

FORMAT = "lianzhu-tagger-5"
_FAINT = 0.01  # a string that only its edges suggest needs at least this chance somewhere
_HOPELESS = 0.02  # of strings without such a chance anywhere, one in 500 is a name
_PARTS = ("words.crf", "judge.crf", "names.tsv")
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
    known: KnownNames


class Tagger:
    """A trained tagger, read from the bytes of a model file."""

    def __init__(self, data: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                head = json.loads(archive.read("head.json"))
                parts = {name: archive.read(name) for name in _PARTS}
            if head.get("format") != FORMAT:
                raise ValueError(head.get("format"))
        except (zipfile.BadZipFile, KeyError, ValueError, AttributeError) as error:
            raise ModelUnreadableError(
                "这不是本版本的识别模型。请用 kg train 重新训练。",
                "this is no tagger model of this version. Train it anew with kg train.",
            ) from error
        self.words = Emitter(Field.read(parts["words.crf"], name="words.crf"))
        self.known = KnownNames.read(parts["names.tsv"].decode("utf-8"))
        self.judge = Field.read(parts["judge.crf"], name="judge.crf")

    def knowing(self, read: Readings) -> "Tagger":
        """The same tagger that also knows the names of documents that were read."""
        if not read:
            return self
        other = copy(self)
        other.known = read.add_to(self.known)
        return other

    def score(self, reading: Reading) -> list[Scored]:
        """The chances of every label at every word."""
        return score_sequences(self.words, reading.sequences)

    def judge_surfaces(self, view: str, scored: list[Scored], reading: Reading) -> list[Judged]:
        """Every candidate string of the document with its chances."""
        return judge_with(self.judge, view, scored, reading)


def judge_with(judge: Field, view: str, scored: list[Scored], reading: Reading) -> list[Judged]:
    """Every candidate string of a document with the chances that a judge gives it."""
    described = list(describe_document(view, scored, reading))
    if not described:
        return []
    common = judge.add_up(shared for _, shared, _ in described)
    own = judge.add_up(features for _, _, groups in described for features, _ in groups)
    sizes = [len(groups) for _, _, groups in described]
    rows = iter(judge.decide(own + np.repeat(common, sizes, axis=0)).tolist())
    places = [judge.labels.index(kind) if kind in judge.labels else None for kind in TYPES]
    judged = []
    for surface, _, groups in described:
        sums = [0.0] * len(TYPES)
        spans: list[tuple[int, int, float]] = []
        for _, found in groups:
            row = next(rows)
            chances = [0.0 if place is None else row[place] for place in places]
            for kind, chance in enumerate(chances):
                sums[kind] += chance * len(found)
            total = sum(chances)
            spans += ((*locate_place(scored, place), total) for place in found)
        best = max(range(len(TYPES)), key=lambda kind: (sums[kind], -kind))
        judged.append(Judged(surface=surface, type=TYPES[best], spans=tuple(spans)))
    return judged


def describe_document(
    view: str, scored: list[Scored], reading: Reading
) -> Iterable[tuple[Surface, list[str], list[tuple[tuple[str, ...], list[Place]]]]]:
    """Every candidate string that is worth judging, with its features and those of its places."""
    surfaces = gather_surfaces(view, scored, reading)
    evidence = weigh_document(scored, surfaces.values(), reading.known)
    for surface in surfaces.values():
        if any(sum(evidence.chances[place]) >= _HOPELESS for place in surface.places):
            shared, best = describe_surface(surface, evidence)
            yield surface, shared, group_places(surface, evidence, best)


def locate_place(scored: list[Scored], place: tuple[int, int, int]) -> tuple[int, int]:
    """The span in the view of a place given in words."""
    number, first, end = place
    sequence = scored[number].sequence
    return sequence.starts[first], sequence.starts[end - 1] + len(sequence.words[end - 1])


def pack_model(words: bytes, judge: bytes, names: KnownNames) -> bytes:
    """A model file: the same parts give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in (
            ("head.json", json.dumps({"format": FORMAT}).encode()),
            ("words.crf", words),
            ("judge.crf", judge),
            ("names.tsv", names.write().encode()),
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


def read_view(view: str, known: KnownNames) -> Reading:
    """What rules, lists and known names find in a view, before any model."""
    sequences = cut_sequences(view)
    rules = []
    for sequence in sequences:
        for span in find_rule_spans(sequence):
            last = span.end - 1
            rules.append(
                (sequence.starts[span.first], sequence.starts[last] + len(sequence.words[last]), span)
            )
    lists = list_spans(view) | known.find(view)
    marks: dict[str, list[tuple[int, int]]] = dict(lists)
    for start, end, span in rules:
        marks.setdefault(f"R{span.type}{'s' if span.sure > 0.42 else 'w'}", []).append((start, end))
    mark_sequences(sequences, marks)
    return Reading(sequences=sequences, rules=rules, lists=lists, known=known)


def gather_surfaces(view: str, scored: list[Scored], reading: Reading) -> dict[str, Surface]:
    """All strings of a document that tagger, rules, lists or their last words suggest."""
    extra: dict[str, list[tuple[int, int]]] = {mark: list(spans) for mark, spans in reading.lists.items()}
    for start, end, span in reading.rules:
        extra.setdefault(f"R{span.type}", []).append((start, end))
    for item in scored:
        if item.quiet:
            continue
        starts, words = item.sequence.starts, item.sequence.words
        for first, end, sure in possible_spans(item.sequence):
            if sure or sum(span_chance(item, first, end)) >= _FAINT:
                place = (starts[first], starts[end - 1] + len(words[end - 1]))
                extra.setdefault("near" if sure else "wide", []).append(place)
    return find_surfaces(view, scored, extra)
