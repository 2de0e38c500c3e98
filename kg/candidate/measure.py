"""Measures: what a number says, about whom, for when, and how surely."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice

from kg.candidate.cue import describe_measures
from kg.candidate.draft import Draft, draft_measures
from kg.candidate.indicator import Indicator, find_evidence, find_indicators
from kg.candidate.modal import limit_modality
from kg.candidate.respective import Share, find_shares, name_shares
from kg.candidate.subject import Topics, describe_subjects, find_topic, find_topics, shares_paragraph
from kg.candidate.training import NO_MEASURE, NO_PERIOD, SUBJECT
from kg.mention.crf import Field
from kg.model import MODALITIES, Document, MeasureCandidate, Mention, Period, Quantity, Span

MODELS = ("modality", "period", "subject")
_LEAST = 0.5
_SUBJECT_LEAST = 0.5
_RULE = 0.95  # how often what the words alone decide is right
# The three models are each a little too sure: in documents that were kept from their training, this
# power of the product of their chances came nearest to the share of rows that were right throughout.
_CALM = 1.5
_PIECE = 1000
_LISTED = re.compile(r"(?:以上|以下|左右)?(?:、|和|与|及|以及)")


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
    """A quantity that is a measure: with which modality and period, and how surely it is all that."""

    draft: Draft
    confidence: float
    modality: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What was chosen among values, and the chance that it is right."""

    value: str
    chance: float


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

    What is proposed, the chance decides that a reader would put the number into the graph;
    `confidence` is the chance that modality, period and subject are right as well.
    """
    models = models or load_models()
    drafts = draft_measures(document, quantities, periods)
    judged = tuple(_judge(drafts, models))
    chosen = [judgement.draft for judgement in judged]
    shares = find_shares(chosen)
    names = name_shares(shares, mentions)
    topics = Topics(find_topics(document, mentions))
    subjects = _choose_subjects(chosen, topics, models.subject, shares, names)
    indicators = find_indicators(chosen, periods, shares, names)
    kinds = _hand_on_kinds(chosen, shares)
    return tuple(
        _make(document, judgement, indicator, subject, kind)
        for judgement, indicator, subject, kind in zip(judged, indicators, subjects, kinds, strict=True)
    )


def _judge(drafts: Sequence[Draft], models: Models) -> Iterator[_Judgement]:
    """Keep the quantities that are measures, with modality and period; long documents piece by piece."""
    described = describe_measures(drafts)
    for start in range(0, len(drafts), _PIECE):
        features = list(islice(described, _PIECE))
        kept: list[tuple[Draft, float, _Choice]] = []
        places = []
        for place, scores in enumerate(_score(models.modality, features)):
            chance = 1 - scores.get(NO_MEASURE, 0.0)
            if chance >= _LEAST:
                draft = drafts[start + place]
                kept.append((draft, chance, _choose_modality(draft, scores)))
                places.append(place)
        times = _score(models.period, [features[place] for place in places])
        for (draft, chance, modality), scores in zip(kept, times, strict=True):
            period = _choose_period(draft, scores)
            yield _Judgement(
                draft=draft,
                confidence=chance * modality.chance * period.chance,
                modality=modality.value,
                period=period.value,
            )


def _hand_on_kinds(drafts: Sequence[Draft], shares: Mapping[int, Share]) -> list[tuple[str, str]]:
    """The kinds of the numbers, with bases; in a row (`增长6.5%、9.4%`) each has those of the last."""
    kinds: list[tuple[str, str]] = []
    for place, draft in enumerate(drafts):
        kind, base = draft.quantity.kind, draft.quantity.base
        share = shares.get(place)
        if place and (share.rank if share else _LISTED.fullmatch(draft.gap)):
            last_kind, last_base = kinds[-1]
            same = draft.quantity.unit == drafts[place - 1].quantity.unit
            if kind == "level" and same and last_kind in ("change", "share"):
                kind, base = last_kind, last_base
            elif kind == last_kind and share is not None:
                base = base or last_base
        kinds.append((kind, base))
    return kinds


def _score(field: Field, features: Sequence[Sequence[str]]) -> Iterator[dict[str, float]]:
    """The probability of every label at every place of a chain."""
    if features:
        for chances in field.chances(field.add_up(features), [0]).tolist():
            yield dict(zip(field.labels, chances, strict=True))


def _choose_modality(draft: Draft, scores: dict[str, float]) -> _Choice:
    """Take the likeliest of those that the words before leave open; what a policy promises is planned."""
    open_ = frozenset({"planned"}) if draft.passage.direction == "rule" else limit_modality(draft)
    possible = [name for name in MODALITIES if name in open_] or MODALITIES
    value = max(possible, key=lambda name: scores.get(name, 0.0))
    chance = _share_of(value, MODALITIES, scores)
    if open_:
        chance = max(chance, _RULE * _share_of(value, possible, scores))
    return _Choice(value=value, chance=chance)


def _share_of(value: str, values: Iterable[str], scores: Mapping[str, float]) -> float:
    total = sum(scores.get(each, 0.0) for each in values)
    return scores.get(value, 0.0) / total if total else 1.0


def _choose_period(draft: Draft, scores: dict[str, float]) -> _Choice:
    """Take the likeliest value: sources that mean the same add up."""
    values: dict[str, float] = {}
    for label, score in scores.items():
        value = "" if label == NO_PERIOD else draft.sources.get(label)
        if value is not None:
            values[value] = values.get(value, 0.0) + score
    chosen = max(sorted(values), key=lambda value: values[value], default="")
    return _Choice(value=chosen, chance=_share_of(chosen, values, values))


def _choose_subjects(
    drafts: Sequence[Draft],
    topics: Topics,
    model: Field,
    shares: Mapping[int, Share],
    names: Mapping[int, Mention],
) -> list[_Choice]:
    """Choose the subjects one after another: a number often speaks of what the last one did."""
    subjects: list[_Choice] = []
    last: Draft | None = None
    for place, draft in enumerate(drafts):
        joined = last is not None and shares_paragraph(last, draft)
        last, previous = draft, (subjects[-1].value or None) if subjects else None
        share = shares.get(place)
        if place in names:
            subjects.append(_Choice(value=names[place].text, chance=_RULE))
        elif share is not None and share.echo is not None:
            subjects.append(subjects[share.echo])
        else:
            possible = list(describe_subjects(draft, topics, previous, joined=joined))
            subjects.append(_choose_subject(draft, topics, model, possible))
    return subjects


def _choose_subject(
    draft: Draft, topics: Topics, model: Field, possible: Sequence[tuple[Mention, list[str]]]
) -> _Choice:
    """Take the likeliest name; where none is likely, what the text is about, or nobody (an empty name)."""
    chances: dict[str, float] = {}
    if possible and SUBJECT in model.labels:
        scores = model.decide(model.add_up(features for _, features in possible))
        likely = scores[:, model.labels.index(SUBJECT)].tolist()
        chances = {mention.text: chance for (mention, _), chance in zip(possible, likely, strict=True)}
    best = max(chances, key=lambda name: chances[name], default="")
    if chances.get(best, 0.0) > _SUBJECT_LEAST:
        return _Choice(value=best, chance=chances[best])
    topic = find_topic(draft, topics) or ""
    against = max((chance for name, chance in chances.items() if name != topic), default=0.0)
    return _Choice(value=topic, chance=1 - against)


def _make(
    document: Document, judgement: _Judgement, indicator: Indicator, subject: _Choice, kind: tuple[str, str]
) -> MeasureCandidate:
    quantity = judgement.draft.quantity
    return MeasureCandidate(
        subject=subject.value or None,
        indicator=indicator.words,
        low=quantity.low,
        high=quantity.high,
        unit=quantity.unit,
        comparator=quantity.comparator,
        modality=judgement.modality,
        period=judgement.period,
        value=Span(start=quantity.start, end=quantity.end, text=quantity.text),
        evidence=find_evidence(document.text, judgement.draft, indicator),
        confidence=round((judgement.confidence * subject.chance) ** _CALM, 4),
        kind=kind[0],
        base=kind[1],
    )
