"""Relations: what the sentences say about two names, with the words that say it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.candidate.relation_anchor import AnchorSign, find_anchor
from kg.candidate.relation_feature import Describer, Triggers, member_base
from kg.candidate.relation_model import RelationModel, likelihood, packaged_relations
from kg.candidate.relation_pair import GroupPair, Node, lay_out, member_pairs, pair_groups
from kg.candidate.relation_wording import find_evidence, find_modality
from kg.model import Document, EntityCandidate, Period, RelationCandidate

# From where a proposal helps more than it costs, measured across places: the relation between the
# two names, and the relation together with the names.
_LEAST, _LEAST_NAMED = 0.12, 0.15
_HOPELESS = -3.5  # no two names ever made up for a sum of weights below this


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A relation before its words are looked up."""

    type: str
    pair: GroupPair
    subject: Node
    object: Node
    confidence: float
    sign: AnchorSign | None = None


def propose_relations(
    document: Document,
    entities: Sequence[EntityCandidate],
    periods: Sequence[Period] = (),
    model: RelationModel | None = None,
) -> tuple[RelationCandidate, ...]:
    """Propose relations between entities of a document, in the order of the text.

    Subject and object are names of `entities`. `confidence` is the probability that a
    reader would state the relation.
    """
    describer = Describer(document.text)
    drafts = choose_drafts(document, entities, describer, model or packaged_relations())
    found = [_make(document, describer.triggers, periods, draft) for draft in drafts]
    return tuple(sorted(found, key=lambda each: (each.evidence.start, each.type, each.subject, each.object)))


def choose_drafts(
    document: Document, entities: Sequence[EntityCandidate], describer: Describer, model: RelationModel
) -> list[_Draft]:
    """The likeliest draft of each relation, without those that another one rules out."""
    best: dict[tuple[str, str, str], _Draft] = {}
    for draft in _draft(document, entities, describer, model):
        key = draft.type, draft.subject.name, draft.object.name
        if key not in best or draft.confidence > best[key].confidence:
            best[key] = draft
    _keep_nearest_signs(best)
    return [draft for key, draft in best.items() if not _ruled_out(key, best)]


def _draft(
    document: Document, entities: Sequence[EntityCandidate], describer: Describer, model: RelationModel
) -> Iterator[_Draft]:
    for pair in pair_groups(lay_out(document, entities)):
        sign = find_anchor(document.text, pair) if describer.triggers.leads(pair) else None
        bases, stems = describer.describe(pair)
        shared = model.weigh(bases, stems)
        if sign is None and shared < _HOPELESS:
            continue
        kind = name_relation(pair, describer.triggers)
        for subject, obj in member_pairs(pair):
            confidence = likelihood(shared + _weigh_members(model, describer, subject, obj))
            named = subject.sure * obj.sure
            if sign is not None:
                if not _is_meant(pair, subject, obj, sign):
                    continue
                confidence = max(confidence, sign.sure) * named
                yield _Draft(
                    type="anchors", pair=pair, subject=subject, object=obj, confidence=confidence, sign=sign
                )
            elif confidence >= _LEAST and confidence * named >= _LEAST_NAMED:
                yield _Draft(type=kind, pair=pair, subject=subject, object=obj, confidence=confidence * named)


def _weigh_members(model: RelationModel, describer: Describer, subject: Node, obj: Node) -> float:
    base = member_base(subject, obj)
    return model.weigh((base, ""), describer.describe_members(subject, obj))


def _is_meant(pair: GroupPair, subject: Node, obj: Node, sign: AnchorSign) -> bool:
    """Whether a sign holds for these members: as many firms as industries stand one for one."""
    subjects, objects = pair.subject.nodes, pair.object.nodes
    if sign.parallel and len(subjects) == len(objects) > 1:
        return subjects.index(subject) == objects.index(obj)
    return True


def _keep_nearest_signs(best: dict[tuple[str, str, str], _Draft]) -> None:
    """Of the industries that a sign far from them may mean, keep the nearest for each subject."""
    nearest: dict[str, int] = {}
    for (kind, subject, _), draft in best.items():
        if kind == "anchors":
            place = draft.pair.object.number if draft.pair.how != "same" else 1 << 30
            nearest[subject] = max(nearest.get(subject, -1), place)
    for key, draft in list(best.items()):
        if key[0] == "anchors" and draft.pair.how != "same" and draft.pair.object.number != nearest[key[1]]:
            del best[key]


def _ruled_out(key: tuple[str, str, str], best: dict[tuple[str, str, str], _Draft]) -> bool:
    kind, subject, obj = key
    if kind == "inIndustry":
        return ("anchors", subject, obj) in best
    reverse = best.get((kind, obj, subject))
    return reverse is not None and reverse.confidence > best[key].confidence


def name_relation(pair: GroupPair, triggers: Triggers) -> str:
    """The relation that two kinds of names stand in, if they stand in any."""
    if pair.family == "part":
        return "partOf"
    if pair.family == "industry":
        return "inIndustry"
    if pair.family == "project":
        return "undertakes"
    if pair.subject.kind == "Park":
        return "partOf"
    if pair.subject.kind == "Enterprise" and pair.how == "same" and _builds(pair, triggers):
        return "undertakes"
    return "locatedIn"


def _builds(pair: GroupPair, triggers: Triggers) -> bool:
    """Whether a firm builds or runs a park rather than stands in it."""
    start = min(pair.subject.end, pair.object.end)
    end = max(pair.subject.start, pair.object.start)
    kinds = {kind for _, _, kinds in triggers.between(start, end + 12) for kind in kinds}
    return bool(kinds & {"build", "invest", "agent"}) and "place" not in kinds


def _make(
    document: Document, triggers: Triggers, periods: Sequence[Period], draft: _Draft
) -> RelationCandidate:
    signs = draft.sign.basis if draft.sign else ()
    evidence, basis = find_evidence(document, triggers, draft.pair, draft.subject, draft.object, signs)
    inside = [
        period.value
        for period in periods
        if evidence.start <= period.start and period.end <= evidence.end and period.value
    ]
    return RelationCandidate(
        type=draft.type,
        subject=draft.subject.name,
        object=draft.object.name,
        basis=basis,
        modality=find_modality(document, evidence, draft.type, basis),
        evidence=evidence,
        confidence=round(draft.confidence, 4),
        period=inside[-1] if inside else "",
    )
