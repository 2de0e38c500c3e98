"""Measures: what a number says, about whom, for when, and how surely."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice

from kg.candidate.cue import describe_measures
from kg.candidate.draft import Draft, draft_measures
from kg.candidate.indicator import Indicator, find_evidence, find_indicators
from kg.candidate.subject import Topics, describe_subjects, find_topic, find_topics, shares_paragraph
from kg.candidate.training import NO_MEASURE, NO_PERIOD, SUBJECT
from kg.mention.crf import Field
from kg.model import MODALITIES, Document, MeasureCandidate, Mention, Period, Quantity, Span

MODELS = ("modality", "period", "subject")
_LEAST = 0.5
_SUBJECT_LEAST = 0.5
_PIECE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The three trained models of measures."""

    modality: Field
    period: Field
    subject: Field

    @classmethod
    def of(cls, data: dict[str, bytes]) -> "Models":
        return cls(**{name: Field.read(data[name], name=f"{name}.crf") for name in MODELS})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judgement:
    """A quantity that is a measure: how surely, with which modality and period."""

    draft: Draft
    confidence: float
    modality: str
    period: str


@cache
def load_models() -> Models:
    """Load the models that come with the program."""
    folder = files("kg.candidate") / "model"
    return Models.of({name: (folder / f"{name}.crf").read_bytes() for name in MODELS})


def propose_measures(
    document: Document,
    quantities: Sequence[Quantity],
    periods: Sequence[Period],
    mentions: Sequence[Mention],
    models: Models | None = None,
) -> tuple[MeasureCandidate, ...]:
    """Propose a measure for every quantity that says something about an economy, a place or a thing.

    `confidence` is the probability that a reader would put the number into the graph.
    """
    models = models or load_models()
    drafts = draft_measures(document, quantities, periods)
    judged = tuple(_judge(drafts, models))
    chosen = [judgement.draft for judgement in judged]
    subjects = _choose_subjects(chosen, Topics(find_topics(document, mentions)), models.subject)
    indicators = find_indicators(chosen, periods)
    return tuple(
        _make(document, judgement, indicator, subject)
        for judgement, indicator, subject in zip(judged, indicators, subjects, strict=True)
    )


def _judge(drafts: Sequence[Draft], models: Models) -> Iterator[_Judgement]:
    """Keep the quantities that are measures, with modality and period; long documents piece by piece."""
    described = describe_measures(drafts)
    for start in range(0, len(drafts), _PIECE):
        features = list(islice(described, _PIECE))
        kept: list[tuple[Draft, float, str]] = []
        places = []
        for place, scores in enumerate(_score(models.modality, features)):
            confidence = 1 - scores.get(NO_MEASURE, 0.0)
            if confidence >= _LEAST:
                draft = drafts[start + place]
                kept.append((draft, confidence, _choose_modality(draft, scores)))
                places.append(place)
        times = _score(models.period, [features[place] for place in places])
        for (draft, confidence, modality), scores in zip(kept, times, strict=True):
            period = _choose_period(draft, scores)
            yield _Judgement(draft=draft, confidence=confidence, modality=modality, period=period)


def _score(field: Field, features: Sequence[Sequence[str]]) -> Iterator[dict[str, float]]:
    """The probability of every label at every place of a chain."""
    if features:
        for chances in field.chances(field.add_up(features), [0]).tolist():
            yield dict(zip(field.labels, chances, strict=True))


def _choose_modality(draft: Draft, scores: dict[str, float]) -> str:
    """Take the likeliest; what a policy promises or asks for is planned."""
    if draft.passage.direction == "rule":
        return "planned"
    return max(MODALITIES, key=lambda name: scores.get(name, 0.0))


def _choose_period(draft: Draft, scores: dict[str, float]) -> str:
    """Take the likeliest value: sources that mean the same add up."""
    values: dict[str, float] = {}
    for label, score in scores.items():
        value = "" if label == NO_PERIOD else draft.sources.get(label)
        if value is not None:
            values[value] = values.get(value, 0.0) + score
    return max(sorted(values), key=lambda value: values[value], default="")


def _choose_subjects(drafts: Sequence[Draft], topics: Topics, model: Field) -> list[str | None]:
    """Choose the subjects one after another: a number often speaks of what the last one did."""
    subjects: list[str | None] = []
    last: Draft | None = None
    yes = model.labels.index(SUBJECT) if SUBJECT in model.labels else None
    for draft in drafts:
        joined = last is not None and shares_paragraph(last, draft)
        previous = subjects[-1] if subjects else None
        possible = list(describe_subjects(draft, topics, previous, joined=joined))
        best, name = _SUBJECT_LEAST, None
        if possible and yes is not None:
            chances = model.decide(model.add_up(features for _, features in possible))[:, yes].tolist()
            for (mention, _), chance in zip(possible, chances, strict=True):
                if chance > best:
                    best, name = chance, mention.text
        subjects.append(name or find_topic(draft, topics))
        last = draft
    return subjects


def _make(
    document: Document, judgement: _Judgement, indicator: Indicator, subject: str | None
) -> MeasureCandidate:
    quantity = judgement.draft.quantity
    return MeasureCandidate(
        subject=subject,
        indicator=indicator.words,
        low=quantity.low,
        high=quantity.high,
        unit=quantity.unit,
        comparator=quantity.comparator,
        modality=judgement.modality,
        period=judgement.period,
        value=Span(start=quantity.start, end=quantity.end, text=quantity.text),
        evidence=find_evidence(document.text, judgement.draft, indicator),
        confidence=round(judgement.confidence, 4),
        kind=quantity.kind,
        base=quantity.base,
    )
