"""What is learnt from reviewed documents: trained, read and used as one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from kg.candidate.entity import propose_entities
from kg.candidate.measure import Models, propose_measures
from kg.candidate.relation import propose_relations
from kg.candidate.relation_model import (
    MODEL_FILE,
    RelationLesson,
    RelationModel,
    gather_entities,
    train_relations,
)
from kg.candidate.training import Lesson, train_measures
from kg.errors import ModelUnreadableError, TableInvalidError
from kg.evaluation import Gold, read_gold, read_review_gold
from kg.mention.known import Readings
from kg.mention.name import PARTS, find_mentions
from kg.mention.period import find_periods
from kg.mention.quantity import find_quantities
from kg.mention.tagger import Tagger, packaged_tagger
from kg.mention.training import tally_names, train_tagger
from kg.model import Document, Proposal, Review
from kg.review.table import read_review, review_path

TAGGER_FILE = "tagger.zip"
_MEASURES = ("modality", "period", "subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """Trained models; what is None is the program's own."""

    tagger: Tagger | None = None
    measures: Models | None = None
    relations: RelationModel | None = None


def read_golds(paths: Iterable[Path]) -> tuple[Gold, ...]:
    """Read reviewed documents: data folders with review tables, or folders of `.ann.tsv` annotations."""
    golds: list[Gold] = []
    for path in paths:
        if (path / "documents" / "index.tsv").is_file():
            from kg.pipeline import read_readings

            golds += (read_review_gold(reading.document, reading.review) for reading in read_readings(path))
        else:
            golds += read_gold(path)
    return tuple(golds)


def train_files(golds: Sequence[Gold], group_of: Callable[[Document], str]) -> dict[str, bytes]:
    """Train everything; the files by name, the same bytes for the same documents.

    Relations are learnt twice from every document: between the names that its reader found, and
    between those that are found in it by taggers that never saw it, as they will be in a new one.
    """
    tagger, unseen = train_tagger([(gold.document, gold.mentions) for gold in golds], group_of=group_of)
    names = [{name: key for key, entity in gold.entities.items() for name in entity.names} for gold in golds]
    measures = train_measures(
        Lesson(document=gold.document, mentions=gold.mentions, measures=gold.measures, names=known)
        for gold, known in zip(golds, names, strict=True)
    )
    relations = train_relations(
        RelationLesson(document=gold.document, entities=entities, relations=gold.relations, names=known)
        for gold, known, found in zip(golds, names, unseen, strict=True)
        for entities in (gather_entities(gold.mentions, known), propose_entities(gold.document, found))
    )
    named = {f"{name}.crf": data for name, data in measures.items()}
    return {TAGGER_FILE: tagger, MODEL_FILE: relations, **named}


def load_learnt(files: dict[str, bytes]) -> Learnt:
    """Load trained files."""
    measures = {name: files[f"{name}.crf"] for name in _MEASURES}
    return Learnt(
        tagger=Tagger(files[TAGGER_FILE]),
        measures=Models.of(measures),
        relations=RelationModel(files[MODEL_FILE]),
    )


def read_learnt(folder: Path) -> Learnt:
    """Read the folder that `kg train` wrote."""
    try:
        return load_learnt({name: (folder / name).read_bytes() for name in _file_names()})
    except OSError as error:
        raise ModelUnreadableError(
            f"读不了模型文件({error.strerror})。用 kg train --out {folder} 训练一个。",
            f"cannot read a model file ({error.strerror}). Train one with kg train --out {folder}.",
            where=str(error.filename),
        ) from error


def _file_names() -> tuple[str, ...]:
    return (TAGGER_FILE, MODEL_FILE, *(f"{name}.crf" for name in _MEASURES))


@lru_cache(maxsize=2)
def open_learnt(folder: str) -> Learnt:
    """Open the models of a folder once a process; an empty name gives the program's own."""
    return read_learnt(Path(folder)) if folder else Learnt()


def read_names(documents: tuple[Document, ...], data_path: Path) -> Readings:
    """Tally the names that the reviews of these documents accept and refuse; a broken table tells nothing."""
    reviews: list[tuple[Document, Review]] = []
    for document in documents:
        try:
            reviews.append((document, read_review(review_path(data_path, document.id), document.id)))
        except TableInvalidError:
            continue
    return _tally_reviews(tuple((document, review) for document, review in reviews if review.entities))


@lru_cache(maxsize=1)
def _tally_reviews(reviews: tuple[tuple[Document, Review], ...]) -> Readings:
    return tally_names(
        (
            document,
            read_review_gold(document, review).mentions,
            {row.name: row.type for row in review.entities if row.verdict == "reject"},
        )
        for document, review in reviews
    )


@lru_cache(maxsize=1)  # of a run over many documents all know the same
def know_names(learnt: Learnt, read: Readings) -> Learnt:
    """The same models, which also know the names that were read."""
    return replace(learnt, tagger=(learnt.tagger or packaged_tagger()).knowing(read))


def propose_with(document: Document, learnt: Learnt, parts: Sequence[str] = PARTS) -> Proposal:
    """Propose everything for one document with these models and these parts of the name finder."""
    mentions = find_mentions(document, learnt.tagger, parts=parts)
    quantities = find_quantities(document)
    periods = find_periods(document)
    entities = propose_entities(document, mentions)
    return Proposal(
        document=document,
        entities=entities,
        relations=propose_relations(document, entities, periods, learnt.relations),
        measures=propose_measures(document, quantities, periods, mentions, learnt.measures),
    )
