"""Gold: what a careful reader found in a document, from `.ann.tsv` annotations or review tables."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DocumentUnreadableError, KgError, TableInvalidError
from kg.model import COMPARATORS, MODALITIES, Document, Mention, Record, Review
from kg.source.document import make_document
from kg.source.reader import read_text

TYPES = ("Project", "Enterprise", "Park", "Industry")
RELATIONS = ("anchors", "inIndustry", "locatedIn", "undertakes", "partOf")
SUFFIX = ".ann.tsv"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEntity:
    """An entity with every name it goes by; the first is its canonical one."""

    type: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldRelation:
    """A relation between canonical names, with the words that state it."""

    type: str
    subject: str
    object: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldMeasure:
    """A number with its attributes; `subject` `-` is the place or an unnamed group."""

    subject: str
    indicator: str
    low: float | None
    high: float | None
    unit: str
    comparator: str
    modality: str
    period: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """All that a reader found in one document."""

    document: Document
    entities: Mapping[str, GoldEntity]
    mentions: tuple[Mention, ...]
    relations: tuple[GoldRelation, ...]
    measures: tuple[GoldMeasure, ...]


def read_gold(path: Path) -> tuple[Gold, ...]:
    """Read the annotations of a folder (or one `NAME.ann.tsv` with its `NAME.txt`), by name."""
    files = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not files:
        raise DocumentUnreadableError(
            f"文件夹里没有 *{SUFFIX} 标注。请给出标注文件夹。",
            f"the folder holds no *{SUFFIX} annotation. Give a folder of annotations.",
            where=str(path),
        )
    return tuple(_read_annotation(file) for file in files)


def _read_annotation(path: Path) -> Gold:
    name = path.name.removesuffix(SUFFIX)
    text = read_text(path.with_name(f"{name}.txt"))
    reading = _Reading(path=str(path), text=text)
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            reading.add(number, [cell.strip() for cell in line.split("\t")])
    if reading.findings:
        raise TableInvalidError(reading.findings)
    document = make_document(Record(id=name), text)
    return Gold(
        document=document,
        entities=reading.entities,
        mentions=tuple(_find_surfaces(text, reading.entities, reading.skipped)),
        relations=tuple(reading.relations),
        measures=tuple(reading.measures),
    )


class _Reading:
    """The lines of one annotation as they are read, with what is wrong in them."""

    def __init__(self, *, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.entities: dict[str, GoldEntity] = {}
        self.relations: list[GoldRelation] = []
        self.measures: list[GoldMeasure] = []
        self.skipped: set[str] = set()
        self.findings: list[KgError] = []

    def add(self, number: int, cells: list[str]) -> None:
        kind, values = cells[0], cells[1:]
        try:
            if kind in TYPES and values:
                aliases = values[1].split("|") if len(values) > 1 else []
                self.entities[values[0]] = GoldEntity(type=kind, names=(values[0], *filter(None, aliases)))
            elif kind in RELATIONS:
                subject, obj, quote = values
                self.relations.append(GoldRelation(type=kind, subject=subject, object=obj, quote=quote))
            elif kind == "measure":
                self.measures.append(_read_measure(values))
            elif kind == "skip":
                self.skipped.add(values[0])
            else:
                raise ValueError(kind)
        except (ValueError, IndexError) as error:
            self.findings.append(
                KgError(
                    f"这一行读不懂({error})。格式见标注说明。",
                    f"cannot read this line ({error}). See the annotation guidelines for its form.",
                    where=f"{self.path}:{number}",
                )
            )


def _read_measure(values: list[str]) -> GoldMeasure:
    subject, indicator, low, high, unit, comparator, modality, period, quote = values
    if comparator not in COMPARATORS or modality not in MODALITIES:
        raise ValueError(f"{comparator} {modality}")
    return GoldMeasure(
        subject=subject,
        indicator=indicator,
        low=float(low) if low else None,
        high=float(high) if high else None,
        unit=unit,
        comparator=comparator,
        modality=modality,
        period=period,
        quote=quote,
    )


def _find_surfaces(text: str, entities: Mapping[str, GoldEntity], skipped: set[str]) -> Iterator[Mention]:
    """Every occurrence of every name, the longest where names nest; a skipped string hides what it covers."""
    types = {name: entity.type for entity in entities.values() for name in entity.names}
    ordered = sorted(types.keys() | skipped, key=lambda name: (-len(name), name))
    if not ordered:
        return
    for match in re.finditer("|".join(map(re.escape, ordered)), text):
        name = match.group()
        if name not in skipped:
            yield Mention(start=match.start(), end=match.end(), text=name, type=types[name], origin="gold")


def read_review_gold(document: Document, review: Review) -> Gold:
    """Gold of a review's accepted rows. A group is no named entity: its numbers are the place's."""
    entities: dict[str, GoldEntity] = {}
    places: dict[str, tuple[int, ...]] = {}
    for row in review.entities:
        kind = next((part for part in row.type.split("|") if part in TYPES), None)
        if row.verdict == "accept" and kind is not None:
            label = row.name.split("#")[0]
            entities[row.name] = GoldEntity(type=kind, names=(label, *row.aliases))
            places[row.name] = row.where
    relations = [
        GoldRelation(type=row.relation, subject=row.subject, object=row.object, quote=row.quote)
        for row in review.relations
        if row.verdict == "accept"
        and {row.subject, row.object} <= entities.keys()
        and row.relation in RELATIONS
    ]
    measures = [
        GoldMeasure(
            subject=row.subject if row.subject in entities else "-",
            indicator=row.indicator,
            low=None if row.low is None else float(row.low),
            high=None if row.high is None else float(row.high),
            unit=row.unit,
            comparator=row.comparator or "eq",
            modality=row.modality or "actual",
            period=row.period,
            quote=row.quote,
        )
        for row in review.measures
        if row.verdict == "accept"
    ]
    return Gold(
        document=document,
        entities=entities,
        mentions=tuple(_find_reviewed(document.text, entities, places)),
        relations=tuple(relations),
        measures=tuple(measures),
    )


def _find_reviewed(
    text: str, entities: Mapping[str, GoldEntity], places: Mapping[str, tuple[int, ...]]
) -> Iterator[Mention]:
    """Occurrences as `where` counts them: ordinals of the name in the whole text; empty is all."""
    holders: dict[str, list[str]] = {}
    for key, entity in entities.items():
        for name in entity.names:
            holders.setdefault(name, []).append(key)
    ordinals = dict.fromkeys(holders, 0)
    starts: dict[tuple[str, int], int] = {}
    for name in holders:
        for match in re.finditer(re.escape(name), text):
            ordinals[name] += 1
            starts[name, match.start()] = ordinals[name]
    ordered = sorted(holders, key=lambda name: (-len(name), name))
    if not ordered:
        return
    for match in re.finditer("|".join(map(re.escape, ordered)), text):
        name = match.group()
        ordinal = starts[name, match.start()]
        for key in holders[name]:
            if not places[key] or ordinal in places[key]:
                yield Mention(
                    start=match.start(), end=match.end(), text=name, type=entities[key].type, origin="gold"
                )
                break


def merge_mentions(mentions: Iterable[Mention]) -> set[tuple[int, int, str]]:
    """The spans with their type, as they are compared."""
    return {(mention.start, mention.end, mention.type) for mention in mentions}
