"""The page's data: a knowledge base as compact rows, without a word repeated needlessly.

Rows hold places into tables of the same object. Offsets count UTF-16 units here, as
JavaScript does; in all else they count code points. The readers of every row are in
`page/script/data.js`.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from kg.model import Document, Entity, Evidence, KnowledgeBase, Measure, NamePair, Span, Statement
from kg.view.gap import find_gaps
from kg.view.order import order_industries
from kg.view.role import role_of
from kg.view.spelling import spell
from kg.view.undecided import Undecided

Row = list[Any]


class _Table:
    """Numbers values in the order in which they come."""

    def __init__(self) -> None:
        self.places: dict[Any, int] = {}

    def place(self, value: Any) -> int:
        return self.places.setdefault(value, len(self.places))

    def values(self) -> list[Any]:
        return list(self.places)


class _Packer:
    """Turns records into rows; keeps the tables they point into."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.words = _Table()
        self.words.place("")
        self.evidence = _Table()
        self.entities = {entity.key: place for place, entity in enumerate(kb.entities)}
        self.documents = {document.id: place for place, document in enumerate(kb.documents)}
        self.astral = [_astral_places(document.text) for document in kb.documents]

    def word(self, value: str) -> int:
        return self.words.place(value)

    def offset(self, document: int, code_point: int) -> int:
        return code_point + bisect_left(self.astral[document], code_point)

    def span(self, document: int, span: Span) -> tuple[int, int]:
        return self.offset(document, span.start), self.offset(document, span.end)

    def pack_evidence(self, evidence: Iterable[Evidence]) -> list[int]:
        places = []
        for piece in evidence:
            document = self.documents.get(piece.document)
            if document is None:
                continue
            row = (
                document,
                *self.span(document, piece),
                *self.span(document, piece.sentence),
                self.word(" › ".join(piece.sections)),
            )
            places.append(self.evidence.place(row))
        return places

    def pack_entity(self, entity: Entity) -> Row:
        mentions = []
        for mention in entity.mentions:
            document = self.documents.get(mention.document)
            if document is not None:
                mentions += [
                    document,
                    self.offset(document, mention.start),
                    self.offset(document, mention.end),
                ]
        return [
            entity.key,
            "|".join(entity.types),
            entity.label,
            entity.name if entity.name != entity.label else "",
            "|".join(entity.aliases),
            [self.documents[d] for d in entity.documents if d in self.documents],
            spell((entity.label, *entity.aliases)),
            mentions,
            self.pack_evidence(entity.evidence),
            "\n".join(entity.notes),
            self.word("、".join(entity.reviewers)),
            self.word(entity.reviewed_on),
            int(entity.open),
        ]

    def pack_statement(self, statement: Statement) -> Row:
        return [
            statement.key,
            self.word(statement.predicate),
            self.entities.get(statement.subject, -1),
            self.entities.get(statement.object, -1),
            self.word(statement.subject_text),
            self.word(statement.object_text),
            self.word(statement.basis),
            self.word(role_of(statement.basis) if statement.predicate == "anchors" else ""),
            *self._pack_rest(statement),
        ]

    def pack_measure(self, measure: Measure) -> Row:
        return [
            measure.key,
            self.entities.get(measure.subject, -1),
            self.word(measure.indicator),
            measure.value_text,
            _decimal(measure.low),
            _decimal(measure.high),
            self.word(measure.unit),
            self.word(measure.comparator),
            self.word(measure.kind),
            self.word(measure.base),
            *self._pack_rest(measure),
        ]

    def _pack_rest(self, fact: Statement | Measure) -> Row:
        return [
            self.word(fact.modality),
            self.word(fact.period),
            self.pack_evidence(fact.evidence),
            "\n".join(fact.notes),
            self.word("、".join(fact.reviewers)),
            self.word(fact.reviewed_on),
        ]

    def pack_undecided(self, row: Undecided) -> Row:
        document = self.documents[row.document]
        place = -1
        if row.words and row.sentence:
            spans = (*self.span(document, row.words), *self.span(document, row.sentence))
            place = self.evidence.place((document, *spans, 0))
        return [row.verdict, row.table, row.claim, document, place, row.note, row.reviewer, row.reviewed]

    def pack_document(self, document: Document) -> Row:
        place = self.documents[document.id]
        record = document.record
        return [
            document.id,
            record.title or document.id,
            record.publisher,
            record.issued,
            record.place,
            record.source,
            document.text,
            [
                [
                    self.offset(place, section.heading.start),
                    self.offset(place, section.heading.end),
                    section.level,
                ]
                for section in document.sections
            ],
            [self.offset(place, sentence.start) for sentence in document.sentences],
        ]


def pack(kb: KnowledgeBase, undecided: Sequence[Undecided] = ()) -> dict[str, Any]:
    """Return the whole knowledge base as the data the page reads, ready for JSON."""
    packer = _Packer(kb)
    data = {
        "documents": [packer.pack_document(document) for document in kb.documents],
        "entities": [packer.pack_entity(entity) for entity in kb.entities],
        "statements": [packer.pack_statement(statement) for statement in kb.statements],
        "measures": [packer.pack_measure(measure) for measure in kb.measures],
        "pairs": _pack_pairs(kb),
        "order": [packer.entities[key] for key in order_industries(kb)],
        "gaps": _pack_gaps(kb, packer.entities),
        "undecided": [packer.pack_undecided(row) for row in undecided],
    }
    data["words"] = packer.words.values()
    data["evidence"] = [list(row) for row in packer.evidence.values()]
    return data


def _pack_gaps(kb: KnowledgeBase, entities: dict[str, int]) -> list[Row]:
    statements = {statement.key: place for place, statement in enumerate(kb.statements)}
    return [
        [
            gap.kind,
            [entities[key] for key in gap.entities if key in entities],
            [statements[key] for key in gap.statements],
            gap.subject,
            gap.missing,
        ]
        for gap in find_gaps(kb)
    ]


def _pack_pairs(kb: KnowledgeBase) -> list[Row]:
    sides: dict[str, int] = {}
    for place, entity in enumerate(kb.entities):
        for document in entity.documents:
            for name in (entity.name, entity.label, *entity.aliases):
                sides.setdefault(f"{document}:{name}", place)
    return [row for pair in kb.pairs if (row := _pack_pair(pair, sides)) is not None]


def _pack_pair(pair: NamePair, sides: dict[str, int]) -> Row | None:
    left, right = sides.get(pair.left), sides.get(pair.right)
    if left is None or right is None or left == right:
        return None
    return [pair.judgement, left, right, pair.note]


def _astral_places(text: str) -> Sequence[int]:
    """Offsets of the characters that JavaScript counts twice."""
    if text.isascii() or max(text) <= "\uffff":
        return ()
    return [offset for offset, character in enumerate(text) if character > "\uffff"]


def _decimal(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")
