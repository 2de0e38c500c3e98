"""Which enterprises anchor which industries, in what role, and how strongly the text says so."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kg.model import Entity, KnowledgeBase, Statement

# A weight a role, and a factor a modality: what is only hoped for counts less than what is.
# They order the table; they are no finding of the text, and the table shows role and words.
ROLE_WEIGHTS: Mapping[str, float] = {"链主": 5, "龙头": 4, "领军": 3, "骨干": 2, "招商依托": 1}
_MODALITY_FACTORS = {"actual": 1.0, "planned": 0.75, "target": 0.5, "stretch": 0.25}
_UNNAMED_ROLE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One enterprise (project, park) as anchor of one industry, with the statements behind it."""

    entity: Entity
    roles: tuple[str, ...]
    score: float
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    """An industry with its anchors, strongest first, and the number of its other members."""

    entity: Entity
    anchors: tuple[Anchor, ...]
    members: int


def rank_anchors(knowledge: KnowledgeBase, name_role: Callable[[str], str]) -> tuple[Industry, ...]:
    """Rank the anchors of every industry that has one.

    `name_role` maps the words of a basis to a role's label (empty where they name none).
    The score of an anchor is the sum over its statements of role weight × modality factor.
    Industries come in the order of their strongest anchor, then by key.
    """
    entities = {entity.key: entity for entity in knowledge.entities}
    anchoring: dict[str, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    members: dict[str, set[str]] = defaultdict(set)
    for statement in knowledge.statements:
        if not (statement.subject and statement.object):
            continue
        if statement.predicate == "anchors":
            anchoring[statement.object][statement.subject].append(statement)
        elif statement.predicate == "inIndustry":
            members[statement.object].add(statement.subject)
    industries = []
    for key, subjects in anchoring.items():
        anchors = [
            _weigh(entities[subject], statements, name_role) for subject, statements in subjects.items()
        ]
        anchors.sort(key=lambda anchor: (-anchor.score, _mention(anchor.entity), anchor.entity.key))
        industries.append(
            Industry(
                entity=entities[key],
                anchors=tuple(anchors),
                members=len(members[key] - set(subjects)),
            )
        )
    industries.sort(key=lambda i: (-i.anchors[0].score, _place(i.anchors[0].statements), i.entity.key))
    return tuple(industries)


def _place(statements: tuple[Statement, ...]) -> tuple[str, int]:
    return min(((e.document, e.start) for s in statements for e in s.evidence), default=("", 0))


def _mention(entity: Entity) -> tuple[str, int]:
    return min(((e.document, e.start) for e in entity.mentions), default=("", 0))


def _weigh(entity: Entity, statements: list[Statement], name_role: Callable[[str], str]) -> Anchor:
    score = 0.0
    roles = []
    for statement in statements:
        role = name_role(statement.basis)
        roles.append(role)
        score += ROLE_WEIGHTS.get(role, _UNNAMED_ROLE) * _MODALITY_FACTORS[statement.modality]
    return Anchor(
        entity=entity,
        roles=tuple(dict.fromkeys(filter(None, roles))),
        score=score,
        statements=tuple(statements),
    )
