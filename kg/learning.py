"""What is learnt from reviewed documents: trained, read and used as one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.candidate.entity import propose_entities
from kg.candidate.measure import Models, propose_measures
from kg.candidate.relation import propose_relations
from kg.candidate.relation_model import MODEL_FILE, RelationLesson, RelationModel, train_relations
from kg.candidate.training import Lesson, train_measures
from kg.errors import ModelUnreadableError
from kg.evaluation import Gold, read_gold, read_review_gold
from kg.mention.name import PARTS, find_mentions
from kg.mention.period import find_periods
from kg.mention.quantity import find_quantities
from kg.mention.tagger import Tagger
from kg.mention.training import train_tagger
from kg.model import Document, Proposal

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
    """Train everything; the files by name, the same bytes for the same documents."""
    tagger = train_tagger([(gold.document, gold.mentions) for gold in golds], group_of=group_of)
    lessons = [
        Lesson(
            document=gold.document,
            mentions=gold.mentions,
            measures=gold.measures,
            names={name: key for key, entity in gold.entities.items() for name in entity.names},
        )
        for gold in golds
    ]
    measures = train_measures(lessons)
    relations = train_relations(
        RelationLesson(
            document=lesson.document, mentions=lesson.mentions, relations=gold.relations, names=lesson.names
        )
        for lesson, gold in zip(lessons, golds, strict=True)
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
