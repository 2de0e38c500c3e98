"""Scores: precision, recall and F1 by type, attributes of measures, and how far confidence holds."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.evaluation.gold import RELATIONS, TYPES, Gold, GoldMeasure
from kg.model import MeasureCandidate, Proposal, RelationCandidate

ATTRIBUTES = ("comparator", "modality", "period", "subject")
BINS = 10
# A measure whose value, unit and all attributes are right; indicators are worded freely, not compared.
WHOLE_ROW = "measure row"
_LOOSE = re.compile(r"[\s\"“”()（）]")
_Key = tuple[float | None, float | None, str]


@dataclass(slots=True)
class Count:
    """Right, wrong and missed proposals of one kind."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, gold: set[tuple[object, ...]], proposed: set[tuple[object, ...]]) -> None:
        self.right += len(gold & proposed)
        self.wrong += len(proposed - gold)
        self.missed += len(gold - proposed)

    @property
    def gold(self) -> int:
        return self.right + self.missed

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(slots=True)
class Bin:
    """Proposals of about one confidence: how many, their mean confidence, how many are right."""

    count: int = 0
    confidence: float = 0.0
    right: int = 0


@dataclass(slots=True)
class Evaluation:
    """The scores over all documents. `counts` is keyed by what and which: `("mention", "Park")`."""

    documents: int = 0
    counts: dict[tuple[str, str], Count] = field(default_factory=lambda: defaultdict(Count))
    matched: int = 0
    attributes: Counter[str] = field(default_factory=Counter)
    bins: dict[tuple[str, int], Bin] = field(default_factory=lambda: defaultdict(Bin))


def score_proposals(pairs: Iterable[tuple[Gold, Proposal]]) -> Evaluation:
    """Score each document's proposal against its gold and add up."""
    evaluation = Evaluation()
    for gold, proposal in pairs:
        evaluation.documents += 1
        names = canonical_names(gold)
        _score_mentions(evaluation, gold, proposal)
        _score_entities(evaluation, gold, proposal, names)
        _score_relations(evaluation, gold, proposal, names)
        _score_measures(evaluation, gold, proposal, names)
    return evaluation


def loosen(name: str) -> str:
    """A name without the marks that readers treat differently."""
    return _LOOSE.sub("", name)


def canonical_names(gold: Gold) -> dict[str, str]:
    """Every name of the gold, loosened, with the canonical name it stands for."""
    return {loosen(name): key for key, entity in gold.entities.items() for name in (key, *entity.names)}


def first_type(kind: str) -> str | None:
    """The one of the scored types that a type, or two joined by `|`, stands for."""
    return next((part for part in kind.split("|") if part in TYPES), None)


def _score_mentions(evaluation: Evaluation, gold: Gold, proposal: Proposal) -> None:
    wanted = {(mention.start, mention.end, mention.type) for mention in gold.mentions}
    found: dict[tuple[int, int, str], float] = {}
    for entity in proposal.entities:
        kind = first_type(entity.type)
        if kind is not None:
            for mention in entity.mentions:
                found[mention.start, mention.end, kind] = mention.confidence
    _count(evaluation, "mention", wanted, found, lambda item: item[2])
    spans = evaluation.counts["span", "any type"]
    spans.add({item[:2] for item in wanted}, {item[:2] for item in found})
    _calibrate(evaluation, "mention", wanted, found)


def _score_entities(evaluation: Evaluation, gold: Gold, proposal: Proposal, names: Mapping[str, str]) -> None:
    wanted = {(entity.type, key) for key, entity in gold.entities.items()}
    found: dict[tuple[str, str], float] = {}
    for entity in proposal.entities:
        kind = first_type(entity.type)
        if kind is not None:
            name = loosen(entity.name)
            found[kind, names.get(name, name)] = entity.confidence
    _count(evaluation, "entity", wanted, found, lambda item: item[0])
    _calibrate(evaluation, "entity", wanted, found)


def _score_relations(
    evaluation: Evaluation, gold: Gold, proposal: Proposal, names: Mapping[str, str]
) -> None:
    wanted = {(relation.type, relation.subject, relation.object) for relation in gold.relations}
    found = {
        resolve_relation(relation, names): relation.confidence
        for relation in proposal.relations
        if relation.type in RELATIONS
    }
    _count(evaluation, "relation", wanted, found, lambda item: item[0])
    _calibrate(evaluation, "relation", wanted, found)


def resolve_relation(relation: RelationCandidate, names: Mapping[str, str]) -> tuple[str, str, str]:
    """A proposed relation as it is compared: its type and the canonical names it speaks of."""
    subject, obj = loosen(relation.subject), loosen(relation.object)
    return relation.type, names.get(subject, subject), names.get(obj, obj)


def _count(evaluation, what, wanted, found, kind_of) -> None:  # type: ignore[no-untyped-def]
    kinds = RELATIONS if what == "relation" else TYPES
    for kind in kinds:
        evaluation.counts[what, kind].add(
            {item for item in wanted if kind_of(item) == kind},
            {item for item in found if kind_of(item) == kind},
        )
    evaluation.counts[what, "all"].add(set(wanted), set(found))


def _calibrate(evaluation, what, wanted, found) -> None:  # type: ignore[no-untyped-def]
    for item, confidence in found.items():
        place = evaluation.bins[what, min(BINS - 1, int(confidence * BINS))]
        place.count += 1
        place.confidence += confidence
        place.right += item in wanted


def _measure_key(low: object, high: object, unit: str) -> _Key:
    return (*(None if end is None else round(float(str(end)), 4) for end in (low, high)), unit)  # type: ignore[return-value]


def match_measures(
    gold: Gold, proposal: Proposal, names: Mapping[str, str]
) -> list[tuple[GoldMeasure, MeasureCandidate, tuple[bool, ...]]]:
    """Pair each gold measure with a proposal of its value and unit, the one of the same words first.

    The flags say whether comparator, modality, period and subject are right.
    """
    waiting: dict[_Key, list[MeasureCandidate]] = defaultdict(list)
    for candidate in proposal.measures:
        waiting[_measure_key(candidate.low, candidate.high, candidate.unit)].append(candidate)
    pairs = []
    for measure in gold.measures:
        same = waiting[_measure_key(measure.low, measure.high, measure.unit)]
        if same:
            flags = [_flags(measure, candidate, names) for candidate in same]
            best = max(
                range(len(same)), key=lambda place: (_same_words(measure, same[place]), sum(flags[place]))
            )
            pairs.append((measure, same.pop(best), flags[best]))
    return pairs


def _same_words(measure: GoldMeasure, candidate: MeasureCandidate) -> bool:
    return candidate.evidence.text in measure.quote or measure.quote in candidate.evidence.text


def _flags(measure: GoldMeasure, candidate: MeasureCandidate, names: Mapping[str, str]) -> tuple[bool, ...]:
    subject = candidate.subject or "-"
    return (
        candidate.comparator == measure.comparator,
        candidate.modality == measure.modality,
        candidate.period == measure.period,
        names.get(loosen(subject), subject) == measure.subject,
    )


def _score_measures(evaluation: Evaluation, gold: Gold, proposal: Proposal, names: Mapping[str, str]) -> None:
    wanted = Counter(_measure_key(m.low, m.high, m.unit) for m in gold.measures)
    found = Counter(_measure_key(m.low, m.high, m.unit) for m in proposal.measures)
    right = sum((wanted & found).values())
    count = evaluation.counts["measure", "value+unit"]
    count.right += right
    count.wrong += sum(found.values()) - right
    count.missed += sum(wanted.values()) - right
    pairs = match_measures(gold, proposal, names)
    evaluation.matched += len(pairs)
    for _, _, flags in pairs:
        evaluation.attributes.update({name: int(flag) for name, flag in zip(ATTRIBUTES, flags, strict=True)})
    rows = {place: candidate.confidence for place, candidate in enumerate(proposal.measures)}
    places = {id(candidate): place for place, candidate in enumerate(proposal.measures)}
    _calibrate(evaluation, "measure", {places[id(candidate)] for _, candidate, _ in pairs}, rows)
    whole = {places[id(candidate)] for _, candidate, flags in pairs if all(flags)}
    _calibrate(evaluation, WHOLE_ROW, whole, rows)
