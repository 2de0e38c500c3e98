"""A report to print or mail: each industry chain with its anchors, projects, parks and what is missing.

One HTML file without a script; every fact with its sentence.
"""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kg.file import replace_file
from kg.model import Entity, KnowledgeBase, Measure, Statement
from kg.view.gap import Gap, find_gaps
from kg.view.order import order_by_text, order_industries
from kg.view.page import read_wording
from kg.view.role import ROLES, role_of

_FOLDER = Path(__file__).parent / "page"
_HOPED = ("target", "stretch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fact of a chain in words: who, as what, since or until when, and the sentence."""

    who: str
    what: str
    modality: str
    period: str
    before: str
    quote: str
    after: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """An industry chain with the facts that the text states of it."""

    name: str
    anchors: tuple[Line, ...]
    others: tuple[Line, ...]
    measures: tuple[Line, ...]


def write_report(kb: KnowledgeBase, path: Path, *, title: str = "") -> Path:
    """Write the report of a knowledge base to `path`; the same knowledge gives the same bytes."""
    path = Path(path)
    replace_file(path, make_report(kb, title=title).encode("utf-8"))
    return path


def make_report(kb: KnowledgeBase, *, title: str = "") -> str:
    """Return the report as text: the anchored chains in full, the others by name."""
    kb = order_by_text(kb)
    words = {key: pair[0] for key, pair in read_wording().items()}
    chains = list_chains(kb, words)
    style = (_FOLDER / "report.css").read_text("utf-8").replace("\r\n", "\n")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    environment = Environment(
        loader=FileSystemLoader(_FOLDER, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        title=title or " · ".join(document.record.title or document.id for document in kb.documents[:3]),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'",
        style=style,
        documents=[document.record for document in kb.documents],
        anchored=[chain for chain in chains if chain.anchors],
        others=[chain for chain in chains if not chain.anchors and (chain.others or chain.measures)],
        bare=[chain.name for chain in chains if not (chain.anchors or chain.others or chain.measures)],
        gaps=[_say_gap(gap, kb, words) for gap in find_gaps(kb)],
    )


def list_chains(kb: KnowledgeBase, words: Mapping[str, str]) -> list[Chain]:
    """List all industry chains in the order of the page's bands."""
    entities = {entity.key: entity for entity in kb.entities}
    stated: dict[str, list[Statement]] = defaultdict(list)
    for statement in kb.statements:
        if statement.predicate != "notStated":
            for end in dict.fromkeys((statement.subject, statement.object)):
                stated[end].append(statement)
    measured: dict[str, list[Measure]] = defaultdict(list)
    for measure in kb.measures:
        measured[measure.subject].append(measure)
    return [
        _describe(entities[key], stated[key], measured[key], entities, words) for key in order_industries(kb)
    ]


def _describe(
    industry: Entity,
    statements: Iterable[Statement],
    measures: Iterable[Measure],
    entities: Mapping[str, Entity],
    words: Mapping[str, str],
) -> Chain:
    anchors = sorted(
        (s for s in statements if s.predicate == "anchors" and s.object == industry.key),
        key=lambda s: (s.modality in _HOPED, ROLES.index(role_of(s.basis))),
    )
    others = [s for s in statements if s not in anchors]
    return Chain(
        name=industry.label,
        anchors=tuple(
            _line(s, _label(s.subject, s.subject_text, entities), s.basis or words["role.other"], words)
            for s in anchors
        ),
        others=tuple(_line(s, _claim(s, entities, words), "", words) for s in others),
        measures=tuple(_line(m, m.indicator, m.value_text, words) for m in measures),
    )


def _claim(statement: Statement, entities: Mapping[str, Entity], words: Mapping[str, str]) -> str:
    relation = words.get(f"relation.{statement.predicate}", statement.predicate)
    subject = _label(statement.subject, statement.subject_text, entities)
    return f"{subject} {relation} {_label(statement.object, statement.object_text, entities)}"


def _label(key: str, text: str, entities: Mapping[str, Entity]) -> str:
    return entities[key].label if key in entities else text


def _line(fact: Statement | Measure, who: str, what: str, words: Mapping[str, str]) -> Line:
    piece = fact.evidence[0] if fact.evidence else None
    sentence = piece.sentence if piece else None
    inside = piece is not None and sentence is not None and sentence.start <= piece.start
    return Line(
        who=who,
        what=what,
        modality=words.get(f"modality.{fact.modality}", fact.modality),
        period=fact.period,
        before=sentence.text[: piece.start - sentence.start] if piece and sentence and inside else "",
        quote=piece.text if piece else "",
        after=sentence.text[piece.end - sentence.start :] if piece and sentence and inside else "",
        section=piece.sections[-1] if piece and piece.sections else "",
    )


def _say_gap(gap: Gap, kb: KnowledgeBase, words: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    labels = {entity.key: entity.label for entity in kb.entities}
    if gap.kind == "notStated":
        return words["gap.notStated"].format(gap.subject, gap.missing), ()
    return words[f"gap.{gap.kind}"], tuple(labels[key] for key in gap.entities)
