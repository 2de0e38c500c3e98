"""The records that travel from text to graph: frozen, without behaviour beyond reading them.

Offsets are half-open and count Unicode code points of `Document.text`, so that
`document.text[span.start:span.end] == span.text` always. Amounts are `Decimal` in the
base unit (yuan for money). Records of a stage are made by that stage alone.
"""

from dataclasses import dataclass, field
from decimal import Decimal

ENTITY_TYPES = (
    "Project",
    "Enterprise",
    "Park",
    "Industry",
    "Place",
    "Organization",
    "Initiative",
    "Group",
)
VERDICTS = ("accept", "reject", "unsure")
REASONS = ("span", "type", "unstated", "number", "duplicate", "other")
MODALITIES = ("actual", "planned", "target", "stretch")
COMPARATORS = ("eq", "ge", "gt", "le", "lt", "approx", "range")
KINDS = ("level", "change", "share", "multiple", "class")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a document's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and the text it governs, up to the next heading of its level or above."""

    start: int
    end: int
    level: int
    heading: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAnchor:
    """What 今年 means between two offsets: decided by a person, or by rule from the date."""

    start: int
    end: int
    year: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A document's line in `data/documents/index.tsv`; all text, empty where unknown.

    `issued` is an ISO date (`2024-03-11`, `2024-03` or `2024`); `division` the six-digit
    code of the administrative division; `anchors` the year that 今年 means, either one
    year (`2024`) or `start-end=year` passages joined by `;`.
    """

    id: str
    title: str = ""
    publisher: str = ""
    issued: str = ""
    place: str = ""
    division: str = ""
    speaker: str = ""
    source: str = ""
    anchors: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text with its record, its sections and its sentences (in order, without overlap)."""

    record: Record
    text: str
    sections: tuple[Section, ...] = ()
    sentences: tuple[Span, ...] = ()
    anchors: tuple[TimeAnchor, ...] = ()

    @property
    def id(self) -> str:
        return self.record.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Span):
    """A span that names something. `origin` says who found it (`rule`, `list`, `tagger`, …)."""

    type: str
    confidence: float = 1.0
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Span):
    """A time expression, resolved: `value` is `2024`, `2021-2025`, `2024H1`, `2024-06`… or empty."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Span):
    """A number with its unit, in the base unit. An open end is `None`."""

    low: Decimal | None
    high: Decimal | None
    unit: str
    comparator: str = "eq"
    kind: str = "level"
    base: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityCandidate:
    """A proposed entity with all its mentions. `type` may be two joined by `|`."""

    type: str
    name: str
    mentions: tuple[Mention, ...]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationCandidate:
    """A proposed relation between two entity names of the same document."""

    type: str
    subject: str
    object: str
    basis: str
    modality: str
    evidence: Span
    confidence: float
    period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureCandidate:
    """A proposed number about something. `subject` is `None` for the place or an unnamed group."""

    subject: str | None
    indicator: str
    low: Decimal | None
    high: Decimal | None
    unit: str
    comparator: str
    modality: str
    period: str
    value: Span
    evidence: Span
    confidence: float
    kind: str = "level"
    base: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """All that the machine proposes for one document."""

    document: Document
    entities: tuple[EntityCandidate, ...] = ()
    relations: tuple[RelationCandidate, ...] = ()
    measures: tuple[MeasureCandidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityVerdict:
    """A row of `entities.tsv`. `name` may carry a qualifier after `#`; `where` counts occurrences."""

    verdict: str
    type: str
    name: str
    aliases: tuple[str, ...] = ()
    where: tuple[int, ...] = ()
    quote: str = ""
    reviewer: str = ""
    reviewed: str = ""
    note: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationVerdict:
    """A row of `relations.tsv`."""

    verdict: str
    relation: str
    subject: str
    object: str
    basis: str = ""
    modality: str = ""
    period: str = ""
    quote: str = ""
    where: tuple[int, ...] = ()
    reviewer: str = ""
    reviewed: str = ""
    note: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureVerdict:
    """A row of `measures.tsv`. An empty `kind` means `level`; `subject` `-` is the place."""

    verdict: str
    subject: str
    indicator: str
    value: str
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    comparator: str = ""
    kind: str = ""
    base: str = ""
    modality: str = ""
    period: str = ""
    quote: str = ""
    where: tuple[int, ...] = ()
    reviewer: str = ""
    reviewed: str = ""
    note: str = ""
    line: int = field(default=0, compare=False)


Verdict = EntityVerdict | RelationVerdict | MeasureVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The verdicts of one document, each table in the order of the text."""

    document: str
    entities: tuple[EntityVerdict, ...] = ()
    relations: tuple[RelationVerdict, ...] = ()
    measures: tuple[MeasureVerdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Span):
    """The words that state a fact, with 32 characters of context and the headings above them."""

    document: str
    prefix: str
    suffix: str
    sections: tuple[str, ...]
    sentence: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing with identity. `key` (`enterprise-jiukang-3f2a91`) is stable whatever else there is.

    `mentions` are its occurrences, each as evidence; `unnamed` says that the text
    names only some members of a group (等).
    """

    key: str
    types: tuple[str, ...]
    label: str
    name: str
    aliases: tuple[str, ...] = ()
    division: str = ""
    documents: tuple[str, ...] = ()
    mentions: tuple[Evidence, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    reviewed_on: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An accepted relation. `object` is an entity key, or `""` where `object_text` says it in words.

    `subject` likewise. `key` hashes the claim alone, so that more evidence never moves it.
    """

    key: str
    predicate: str
    subject: str
    object: str
    subject_text: str = ""
    object_text: str = ""
    basis: str = ""
    modality: str = "actual"
    period: str = ""
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    reviewed_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """An accepted number: a statement whose object is a quantity, about the entity `subject`."""

    key: str
    subject: str
    indicator: str
    value_text: str
    low: Decimal | None
    high: Decimal | None
    unit: str
    comparator: str
    kind: str
    base: str
    modality: str
    period: str
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    reviewed_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePair:
    """A person's judgement on two entities: `same`, `different` or `possible`.

    As read from `data/names/` a side is `document-id:name`, the name with its `#` qualifier
    where it has one; in a `KnowledgeBase` it is an entity key.
    """

    judgement: str
    left: str
    right: str
    reviewer: str = ""
    reviewed: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeBase:
    """Everything that accepted verdicts state, in a fixed order: what the graph is made of."""

    documents: tuple[Document, ...]
    entities: tuple[Entity, ...]
    statements: tuple[Statement, ...]
    measures: tuple[Measure, ...]
    pairs: tuple[NamePair, ...] = ()
