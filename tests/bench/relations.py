"""Relations from the names a reader marked, across places: what the relation step alone is worth.

python -m tests.bench.relations FOLDER [--groups tests/bench/groups.tsv] [--folds 8]
"""

import argparse
from collections import Counter
from pathlib import Path

from kg.candidate.relation import propose_relations
from kg.candidate.relation_model import RelationLesson, RelationModel, gather_entities, train_relations
from kg.evaluation import Gold, make_folds, name_group, read_gold, read_groups, score_proposals
from kg.evaluation.gold import RELATIONS
from kg.model import Proposal, RelationCandidate


def names_of(gold: Gold) -> dict[str, str]:
    return {name: key for key, entity in gold.entities.items() for name in entity.names}


def lesson(gold: Gold) -> RelationLesson:
    return RelationLesson(
        document=gold.document,
        entities=gather_entities(gold.mentions, names_of(gold)),
        relations=gold.relations,
        names=names_of(gold),
    )


def propose(gold: Gold, model: RelationModel) -> tuple[RelationCandidate, ...]:
    entities = gather_entities(gold.mentions, names_of(gold))
    return propose_relations(gold.document, entities, model=model)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--groups", type=Path, default=Path(__file__).with_name("groups.tsv"))
    parser.add_argument("--folds", type=int, default=8)
    options = parser.parse_args()
    golds, rules = read_gold(options.folder), read_groups(options.groups)
    places = {gold.document.id: name_group(gold.document.id, rules) for gold in golds}
    sizes: Counter[str] = Counter()
    for gold in golds:
        sizes[places[gold.document.id]] += len(gold.relations) + 5
    pairs = []
    for fold in make_folds(sizes, options.folds):
        rest = (lesson(gold) for gold in golds if places[gold.document.id] not in fold)
        model = RelationModel(train_relations(rest))
        for gold in golds:
            if places[gold.document.id] in fold:
                pairs.append((gold, Proposal(document=gold.document, relations=propose(gold, model))))
    evaluation = score_proposals(pairs)
    for kind in (*RELATIONS, "all"):
        count = evaluation.counts["relation", kind]
        print(
            f"{kind:11} gold {count.gold:4}  proposed {count.right + count.wrong:4}  right {count.right:4}"
            f"  P {count.precision:.3f}  R {count.recall:.3f}  F1 {count.f1:.3f}"
        )
    for (what, _), found in sorted(evaluation.bins.items()):
        if what == "relation" and found.count:
            share = found.right / found.count
            print(
                f"confidence {found.confidence / found.count:.2f}: {found.count:4} tried, {share:.2f} right"
            )


if __name__ == "__main__":
    main()
