"""How many key presses an accepted fact costs: `python tests/bench/key_presses.py FOLDER`.

A reviewer is simulated on documents of places held out, whose annotations say what is right.
One by one, each proposal is accepted, mended or rejected. With the confidence order, all
above a confidence are listed, accepted at once, and what was wrong among them corrected
one by one. Reading is not counted, nor typed text, nor facts that nobody proposed: they
cost the same either way.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from kg.evaluation import Gold, GroupRule  # noqa: E402 - found through the line above
from kg.evaluation.gold import RELATIONS  # noqa: E402
from kg.evaluation.score import (  # noqa: E402
    canonical_names,
    first_type,
    loosen,
    match_measures,
    resolve_relation,
)
from kg.learning import propose_with, read_learnt  # noqa: E402
from kg.model import Proposal  # noqa: E402
from tests.bench.learning_curve import Fold, choose_folds, parse_arguments, propose_held  # noqa: E402

ACCEPT = 1
REJECT = 2  # the key and its reason
EDIT, FIELD = 2, 2  # open and save; for each field, reach it and choose
LEVELS = (0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A proposal as the reviewer meets it: how sure the machine is, and how many fields are wrong.

    `wrong` is 0 for a right proposal and `None` for one to reject.
    """

    document: str
    table: str
    confidence: float
    wrong: int | None

    @property
    def cost(self) -> int:
        """Count the presses to decide it alone."""
        if self.wrong is None:
            return REJECT
        return EDIT + FIELD * self.wrong if self.wrong else ACCEPT


def list_decisions(gold: Gold, proposal: Proposal) -> list[Decision]:
    """Judge every proposal by the annotations; types and relations that they don't know are left out."""
    names, document = canonical_names(gold), gold.document.id
    decisions: list[Decision] = []

    def add(table: str, confidence: float, wrong: int | None) -> None:
        decisions.append(Decision(document=document, table=table, confidence=confidence, wrong=wrong))

    for entity in proposal.entities:
        kind, name = first_type(entity.type), names.get(loosen(entity.name))
        if kind is not None:
            wrong = None if name is None else int(gold.entities[name].type != kind)
            add("entities", entity.confidence, wrong)
    stated = {(r.type, r.subject, r.object) for r in gold.relations}
    for relation in proposal.relations:
        if relation.type in RELATIONS:
            right = resolve_relation(relation, names) in stated
            add("relations", relation.confidence, 0 if right else None)
    flags = {id(candidate): flags for _, candidate, flags in match_measures(gold, proposal, names)}
    for measure in proposal.measures:
        found = flags.get(id(measure))
        add("measures", measure.confidence, None if found is None else found.count(False))
    return decisions


def count_presses(decisions: Sequence[Decision], level: float | None, bulk: int, reach: int) -> int:
    """Count all presses, accepting in bulk from a confidence on (`None`: never), once a document."""
    above = [d for d in decisions if level is not None and d.confidence >= level]
    below = [d for d in decisions if level is None or d.confidence < level]
    corrections = sum(reach + decision.cost for decision in above if decision.wrong != 0)
    return bulk * len({d.document for d in above}) + corrections + sum(d.cost for d in below)


def propose_fold(fold: Fold, rules: Sequence[GroupRule], models: Path | None) -> list[tuple[Gold, Proposal]]:
    """Propose for the places held out, with models kept by the learning curve or trained now."""
    if models is None:
        return propose_held(fold, None, rules, None)
    learnt = read_learnt(models / str(fold.number))
    return [(gold, propose_with(gold.document, learnt)) for gold in fold.held]


def show(name: str, decisions: Sequence[Decision], bulk: int, reach: int) -> None:
    """Print the table of one kind of proposals."""
    facts = sum(decision.wrong is not None for decision in decisions)
    print(f"\n{name}: {len(decisions)} proposals, {facts} accepted (right or mended)")
    if not facts:
        return
    print(f"{'bulk from':>10} {'in bulk':>8} {'right':>7} {'presses':>8} {'a fact':>7}")
    for level in (None, *LEVELS):
        above = [d for d in decisions if level is not None and d.confidence >= level]
        right = sum(d.wrong == 0 for d in above) / len(above) if above else 0.0
        presses = count_presses(decisions, level, bulk, reach)
        head = "one by one" if level is None else f"{level:.2f}"
        share = f"{right:7.3f}" if above else f"{'':7}"
        print(f"{head:>10} {len(above):8} {share} {presses:8} {presses / facts:7.2f}")


def main() -> None:
    """Print the presses for each kind of proposal and for all."""
    parser = parse_arguments(__doc__ or "")
    parser.add_argument("--models", type=Path, help="the folder that learning_curve.py --models wrote")
    parser.add_argument("--bulk", type=int, default=3, help="presses to list and accept in bulk")
    parser.add_argument("--reach", type=int, default=1, help="presses to reach a fact to correct")
    options = parser.parse_args()
    folds, rules = choose_folds(options)
    decisions: list[Decision] = []
    for fold in folds:
        for gold, proposal in propose_fold(fold, rules, options.models):
            decisions += list_decisions(gold, proposal)
    for table in ("entities", "relations", "measures"):
        own = [decision for decision in decisions if decision.table == table]
        show(table, own, options.bulk, options.reach)
    show("all", decisions, options.bulk, options.reach)


if __name__ == "__main__":
    main()
