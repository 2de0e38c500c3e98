"""The simulated reviewer of tests/bench/key_presses.py counts as a person would press."""

from kg.evaluation import read_review_gold
from kg.model import EntityCandidate, Proposal
from tests.bench.key_presses import ACCEPT, EDIT, FIELD, REJECT, Decision, count_presses, list_decisions
from tests.review.sample import propose, sample_document, sample_review


def decide(confidence: float, wrong: int | None, document: str = "a") -> Decision:
    return Decision(document=document, table="measures", confidence=confidence, wrong=wrong)


def test_one_by_one_every_proposal_costs_its_own_presses() -> None:
    decisions = [decide(0.9, 0), decide(0.9, None), decide(0.9, 2)]
    assert count_presses(decisions, None, bulk=3, reach=1) == ACCEPT + REJECT + EDIT + 2 * FIELD


def test_in_bulk_only_what_is_wrong_costs_more() -> None:
    decisions = [decide(0.9, 0)] * 10 + [decide(0.9, None)] + [decide(0.2, 0)]
    assert count_presses(decisions, 0.5, bulk=3, reach=1) == 3 + (1 + REJECT) + ACCEPT


def test_a_document_with_nothing_above_the_level_has_no_bulk() -> None:
    assert count_presses([decide(0.2, 0, "a"), decide(0.9, 0, "b")], 0.5, bulk=3, reach=1) == ACCEPT + 3


def test_what_a_person_accepted_is_right_and_a_wrong_type_is_one_field_to_mend() -> None:
    document = sample_document()
    gold = read_review_gold(document, sample_review())
    proposal = propose(document)
    firm = next(entity for entity in proposal.entities if entity.name == "云岭机械")
    park = EntityCandidate(type="Park", name=firm.name, mentions=firm.mentions, confidence=0.5)
    named = {entity.name: [entity] for entity in proposal.entities}
    for name, found in {**named, "as a park": [park]}.items():
        (decision,) = list_decisions(gold, Proposal(document=document, entities=tuple(found)))
        assert decision.wrong == {"松山冷链物流园": None, "as a park": 1}.get(name, 0)
