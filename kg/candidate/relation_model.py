"""What is learnt of relations: one logistic model over pairs of names, and its file.

The model says how likely two names are related at all; which relation it is follows
from their types and from the words of the rules. It is trained by python-crfsuite on
sequences of one token, and kept as weights, so that a pair of groups is summed once
for all their members.
"""

import math
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

from kg.candidate.relation_feature import Describer, member_base
from kg.candidate.relation_pair import GroupPair, Node, lay_out, member_pairs, pair_groups
from kg.errors import ModelUnreadableError
from kg.mention.crf import Field, hold_features, train_field
from kg.model import Document, EntityCandidate, Mention

MODEL_FILE = "relation.weights"
_HEAD = "relation weights 2"
_RELATED, _UNRELATED = "+", "-"
_STRENGTH = 8.0  # of the penalty on large weights
_FEWEST = 3  # pairs that a feature must describe
_LEAST_WEIGHT = 0.005
# The relations that two names of a family of types may stand in.
_SAYS = {
    "industry": ("anchors", "inIndustry"),
    "park": ("locatedIn", "partOf", "undertakes"),
    "project": ("undertakes",),
    "part": ("partOf",),
}
_PARTED, _TAB = "|", "\t"  # a feature is its base and its stem


class Stated(Protocol):
    """A relation that a person read in a document, between names."""

    @property
    def type(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def object(self) -> str: ...
    @property
    def quote(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationLesson:
    """A document with the entities found in it and the relations read in it.

    `names` maps every name that the reader gave an entity to its first.
    """

    document: Document
    entities: Sequence[EntityCandidate]
    relations: Sequence[Stated]
    names: Mapping[str, str]


class RelationModel:
    """Weights of features: how likely two names are related."""

    def __init__(self, data: bytes) -> None:
        self._tables: dict[str, dict[str, float]] = {}
        self._joint: dict[tuple[str, str], dict[str, float]] = {}
        try:
            lines = zlib.decompress(data).decode("utf-8").split("\n")
            if lines[0] != _HEAD:
                raise ValueError(lines[0])
            for line in lines[1:]:
                base, stem, weight = line.split("\t")
                self._tables.setdefault(base, {})[stem] = float(weight)
        except (ValueError, zlib.error) as error:
            raise ModelUnreadableError(
                f"模型 {MODEL_FILE} 读不了。请用 kg train 重新训练。",
                f"model {MODEL_FILE} cannot be read. Train it anew with kg train.",
                where=MODEL_FILE,
            ) from error

    def weigh(self, bases: tuple[str, str], stems: Iterable[str]) -> float:
        """Add up the weights of stems under both bases."""
        table = self._joint.get(bases)
        if table is None:
            table = dict(self._tables.get(bases[0], {}))
            for stem, weight in self._tables.get(bases[1], {}).items():
                table[stem] = table.get(stem, 0.0) + weight
            self._joint[bases] = table
        return sum([table.get(stem, 0.0) for stem in stems])


def likelihood(total: float) -> float:
    """The probability that a sum of weights stands for."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def packaged_relations() -> RelationModel:
    """The model that comes with the program."""
    return RelationModel((files("kg.candidate") / "model" / MODEL_FILE).read_bytes())


def train_relations(lessons: Iterable[RelationLesson]) -> bytes:
    """Train the model; the same lessons give the same bytes."""
    examples = (
        (hold_features([features]), [_RELATED if related else _UNRELATED])
        for lesson in lessons
        for features, related in _read_lesson(lesson)
    )
    settings = {"c1": 0.0, "c2": _STRENGTH, "max_iterations": 100, "feature.minfreq": _FEWEST}
    return _pack(Field.read(train_field(examples, settings)))


def _pack(field: Field) -> bytes:
    signs = [{_RELATED: 1, _UNRELATED: -1}[label] for label in field.labels]
    weights = (field.weights @ signs).tolist()
    kept = sorted(
        (name, weights[row]) for name, row in field.rows.items() if abs(weights[row]) >= _LEAST_WEIGHT
    )
    rows = (f"{feature.replace(_PARTED, _TAB, 1)}\t{weight:.3f}" for feature, weight in kept)
    text = "\n".join((_HEAD, *rows))
    return zlib.compress(text.encode("utf-8"), 9)


def _read_lesson(lesson: RelationLesson) -> Iterator[tuple[list[str], bool]]:
    """The pairs of a document with whether a reader related them there.

    A pair of related names that meet elsewhere than where the reader saw the relation says nothing.
    """
    document = lesson.document
    wanted: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for stated in lesson.relations:
        quotes = [match.span() for match in re.finditer(re.escape(stated.quote), document.text)]
        for family, kinds in _SAYS.items():
            if stated.type in kinds:
                wanted.setdefault((family, stated.subject, stated.object), []).extend(quotes)
    describer = Describer(document.text)
    pairs: list[tuple[GroupPair, Node, Node]] = []
    best: dict[tuple[str, str, str], int] = {}
    for pair in pair_groups(lay_out(document, lesson.entities)):
        for subject, obj in member_pairs(pair):
            pairs.append((pair, subject, obj))
            key = _key(lesson, pair, subject, obj)
            if key in wanted:
                best[key] = max(best.get(key, 0), _count_inside(subject, obj, wanted[key]))
    for pair, subject, obj in pairs:
        key = _key(lesson, pair, subject, obj)
        inside = _count_inside(subject, obj, wanted[key]) if key in wanted else 0
        if key in wanted and (inside == 0 or inside < best[key]):
            continue
        yield list_features(describer, pair, subject, obj), key in wanted


def _key(lesson: RelationLesson, pair: GroupPair, subject: Node, obj: Node) -> tuple[str, str, str]:
    names = lesson.names
    return pair.family, names.get(subject.name, subject.name), names.get(obj.name, obj.name)


def list_features(describer: Describer, pair: GroupPair, subject: Node, obj: Node) -> list[str]:
    """Every feature of two names with its base."""
    bases, stems = describer.describe(pair)
    own = member_base(subject, obj)
    return [
        *(f"{base}{_PARTED}{stem}" for base in bases for stem in stems),
        *(f"{own}{_PARTED}{stem}" for stem in describer.describe_members(subject, obj)),
    ]


def _count_inside(subject: Node, obj: Node, places: Sequence[tuple[int, int]]) -> int:
    return max(
        (sum(start <= node.mention.start < end for node in (subject, obj)) for start, end in places),
        default=0,
    )


def gather_entities(mentions: Iterable[Mention], names: Mapping[str, str]) -> list[EntityCandidate]:
    """Entities as a reader joined them."""
    found: dict[str, list[Mention]] = {}
    for mention in mentions:
        found.setdefault(names.get(mention.text, mention.text), []).append(mention)
    return [
        EntityCandidate(type=group[0].type, name=name, mentions=tuple(group), confidence=1.0)
        for name, group in found.items()
    ]
