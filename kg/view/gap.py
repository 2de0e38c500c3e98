"""What is missing: the absences that a reader would look for, counted and listed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kg.model import KnowledgeBase
from kg.view.role import role_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One kind of absence: the entities it concerns and the statements that say it.

    `subject` and `missing` are words of the text, set only where a person recorded
    that the text does not say something (`notStated`).
    """

    kind: str
    entities: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    subject: str = ""
    missing: str = ""


def find_gaps(kb: KnowledgeBase) -> tuple[Gap, ...]:
    """List the gaps of a knowledge base: first what the text leaves open, then what is not linked."""
    return (*_unstated(kb), *_unlinked(kb))


def _unstated(kb: KnowledgeBase) -> Iterable[Gap]:
    labels = {entity.key: entity.label for entity in kb.entities}
    roles = {role_of(s.basis) for s in kb.statements if s.predicate == "anchors"}
    if "lianzhu" not in roles:
        yield Gap(kind="noLianzhu")
    for statement in kb.statements:
        if statement.predicate == "notStated":
            yield Gap(
                kind="notStated",
                entities=(statement.subject,) if statement.subject else (),
                statements=(statement.key,),
                subject=labels.get(statement.subject, statement.subject_text),
                missing=labels.get(statement.object, statement.object_text),
            )


def _unlinked(kb: KnowledgeBase) -> Iterable[Gap]:
    types = {entity.key: entity.types for entity in kb.entities}
    anchored = {s.object for s in kb.statements if s.predicate == "anchors" and _is_real(s.modality)}
    housing = {
        s.object
        for s in kb.statements
        if s.predicate == "locatedIn" and "Enterprise" in types.get(s.subject, ())
    }
    undertaken = {s.object for s in kb.statements if s.predicate == "undertakes"}
    funded = {m.subject for m in kb.measures if m.unit == "CNY"}
    linked = {
        end for s in kb.statements if s.object and s.predicate != "notStated" for end in (s.subject, s.object)
    }
    measured = {m.subject for m in kb.measures}
    yield _gap("industryNoAnchor", kb, lambda key, kinds: "Industry" in kinds and key not in anchored)
    yield _gap("parkNoFirm", kb, lambda key, kinds: "Park" in kinds and key not in housing)
    yield _gap("projectNoFirm", kb, lambda key, kinds: "Project" in kinds and key not in undertaken)
    yield _gap("projectNoAmount", kb, lambda key, kinds: "Project" in kinds and key not in funded)
    yield Gap(kind="openList", entities=tuple(entity.key for entity in kb.entities if entity.open))
    yield _gap("unlinked", kb, lambda key, _: key not in linked and key not in measured)


def _gap(kind: str, kb: KnowledgeBase, holds: Callable[[str, tuple[str, ...]], bool]) -> Gap:
    return Gap(kind=kind, entities=tuple(e.key for e in kb.entities if holds(e.key, e.types)))


def _is_real(modality: str) -> bool:
    return modality in ("actual", "planned")
