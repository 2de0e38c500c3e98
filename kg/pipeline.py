"""The stages composed: documents in, proposals out; data folder in, graph, tables and page out.

Only this module, the commands and the notebooks put stages together. The heavy parts
(RDF, drawing, extraction) are imported by the function that needs them, so that no
command pays for what it does not do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import FolderMissingError, GraphInvalidError, KgError, TableInvalidError
from kg.graph.ontology import list_relations
from kg.language import is_chinese
from kg.model import Document, EntityVerdict, KnowledgeBase, MeasureVerdict, Proposal, RelationVerdict, Span
from kg.network import Industry, rank_anchors
from kg.review import (
    Terms,
    check_review,
    find_mention_spans,
    find_quote_spans,
    find_unaccounted,
    read_aliases,
    read_pairs,
    read_review,
    review_path,
)
from kg.source import read_documents
from kg.statement import Reading, assemble_statements

if TYPE_CHECKING:
    from kg.graph.scheme import Schemes
    from kg.graph.shape import Finding

Progress = Callable[[str], None]
# Relations whose object may be plain words: a status, an aim.
_WORDED = frozenset({"hasStatus", "aimsAt"})


def packaged_data() -> Path:
    """Find the data that came with the program: inside the wheel, else in the repository."""
    package = Path(__file__).resolve().parent
    for path in (package / "_packaged" / "data", package.parent / "data"):
        if (path / "documents" / "index.tsv").is_file():
            return path
    raise FolderMissingError(
        "程序自带的 data/ 不见了。请重新安装,或用 --data 指定数据文件夹。",
        "the program's own data/ is missing. Install it anew, or name a folder with --data.",
    )


def choose_data(data_path: Path | None) -> Path:
    """Take the folder a person named, else `data/` here, else the packaged interview."""
    if data_path is not None:
        return data_path
    here = Path("data")
    return here if (here / "documents" / "index.tsv").is_file() else packaged_data()


@lru_cache(maxsize=1)
def review_terms() -> Terms:
    """Give what the ontology defines for the review tables."""
    return Terms(relations=frozenset(list_relations()), worded_objects=_WORDED)


def read_readings(data_path: Path) -> tuple[Reading, ...]:
    """Read every document with its verdicts, or raise with every finding of every table."""
    readings: list[Reading] = []
    findings: list[KgError] = []
    aliases = read_aliases(data_path)
    for document in read_documents(data_path):
        folder = review_path(data_path, document.id)
        try:
            review = read_review(folder, document.id)
        except TableInvalidError as error:
            findings.extend(error.findings)
            continue
        findings.extend(check_review(folder, review, document, review_terms()))
        prefix = f"{document.id}:"
        own: dict[str, tuple[str, ...]] = {}
        for alias in aliases:
            if alias.name.startswith(prefix):
                name = alias.name.removeprefix(prefix)
                own[name] = (*own.get(name, ()), alias.alias)
        readings.append(
            Reading(
                document=document,
                review=review,
                mentions=find_mention_spans(document.text, review.entities),
                quotes=_quoting(document.text),
                aliases=own,
            )
        )
    if findings:
        raise TableInvalidError(findings)
    return tuple(readings)


def _quoting(text: str) -> Callable[[EntityVerdict | RelationVerdict | MeasureVerdict], tuple[Span, ...]]:
    def quotes(row: EntityVerdict | RelationVerdict | MeasureVerdict) -> tuple[Span, ...]:
        if isinstance(row, EntityVerdict):
            return find_quote_spans(text, row.quote)[:1]
        return find_quote_spans(text, row.quote, row.where)

    return quotes


def read_knowledge(data_path: Path | None = None) -> KnowledgeBase:
    """Read a data folder as the knowledge base its accepted verdicts state."""
    path = choose_data(data_path)
    return assemble_statements(read_readings(path), read_pairs(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The numbers of one document: how many there are, and which no row covers."""

    document: Document
    numbers: tuple[Span, ...]
    open: tuple[Span, ...]


def account_numbers(readings: Iterable[Reading]) -> tuple[Account, ...]:
    """Tell for each document which numeric expressions no measure row accounts for."""
    from kg.mention.expression import find_numbers

    accounts = []
    for reading in readings:
        text = reading.document.text
        numbers = find_numbers(text)
        missing = find_unaccounted(text, numbers, reading.review.measures)
        accounts.append(Account(document=reading.document, numbers=numbers, open=missing))
    return tuple(accounts)


def build_folder(data_path: Path, out_path: Path, progress: Progress = lambda step: None) -> KnowledgeBase:
    """Build everything a data folder holds into `out_path`; an invalid graph writes nothing.

    Steps are told to `progress` by name: `read graph validate write store tables page`.
    """
    from kg.graph.export import describe_dataset
    from kg.graph.rdf import build_graph, write_ntriples, write_turtle
    from kg.graph.reference import write_reference
    from kg.graph.shape import validate_graph
    from kg.graph.store import build_store
    from kg.view.report import write_report
    from kg.view.table import write_tables

    progress("read")
    readings = read_readings(data_path)
    knowledge = assemble_statements(readings, read_pairs(data_path))
    progress("graph")
    triples = build_graph(knowledge)
    progress("validate")
    findings = validate_graph(triples)
    if findings:
        shown = "\n".join(str(finding) for finding in findings[:20])
        raise GraphInvalidError(
            f"图不合规({len(findings)} 处),什么也没有写:\n{shown}",
            f"the graph is invalid ({len(findings)} findings); nothing was written:\n{shown}",
        )
    progress("write")
    write_ntriples(triples, out_path / "graph.nt")
    write_turtle(triples, out_path / "graph.ttl")
    write_turtle(describe_dataset(triples), out_path / "void.ttl")
    write_reference(out_path / "ontology.html")
    progress("store")
    build_store(triples, out_path / "store")
    progress("tables")
    write_tables(knowledge, out_path / "tables")
    progress("page")
    _draw_page(knowledge, readings, out_path / "graph.html")
    write_report(knowledge, out_path / "report.html")
    return knowledge


def write_explorer(data_path: Path, path: Path) -> Path:
    """Write the interactive page of a data folder alone."""
    readings = read_readings(data_path)
    _draw_page(assemble_statements(readings, read_pairs(data_path)), readings, path)
    return path


def _draw_page(knowledge: KnowledgeBase, readings: Iterable[Reading], path: Path) -> None:
    from kg.view.page import write_page

    readings = tuple(readings)
    accounts = account_numbers(readings)
    numbers = sum(len(account.numbers) for account in accounts)
    missing = sum(len(account.open) for account in accounts)
    write_page(
        knowledge,
        path,
        accounted=(numbers - missing, numbers),
        reviews=tuple(reading.review for reading in readings),
    )


def propose(document: Document, models: str = "", data: str = "") -> Proposal:
    """Propose entities, relations and measures for one document.

    `models` is a folder that `kg train` wrote; without it the program's own are used. With `data`,
    a data folder, the names are known that were read in those of its documents that stand before
    this one (in all of them where it is none of them), so that no later reading opens it anew.
    """
    from kg.learning import know_names, open_learnt, propose_with, read_names

    learnt = open_learnt(models)
    if data:
        documents = takewhile(lambda other: other.id != document.id, read_documents(Path(data)))
        learnt = know_names(learnt, read_names(tuple(documents), Path(data)))
    return propose_with(document, learnt)


def name_role(basis: str) -> str:
    """Name the anchor role that the words of a basis say, or nothing."""
    from kg.graph.vocab import KG

    schemes, labels = _roles()
    role = schemes.find_role(basis)
    return labels[role.value.removeprefix(KG)] if role else ""


@lru_cache(maxsize=1)
def _roles() -> "tuple[Schemes, dict[str, str]]":
    from kg.graph.ontology import read_labels, read_ontology
    from kg.graph.scheme import read_schemes

    return read_schemes(read_ontology()), read_labels("zh")


def find_anchors(knowledge: KnowledgeBase) -> tuple[Industry, ...]:
    """Rank the anchors of every industry, roles named as the ontology does."""
    return rank_anchors(knowledge, name_role)


def relation_labels() -> dict[str, str]:
    """Give the relations' labels in the person's language, by name."""
    from kg.graph.ontology import read_labels

    return {
        name.removeprefix("kg:"): label for name, label in read_labels("zh" if is_chinese() else "en").items()
    }


def validate_knowledge(readings: Iterable[Reading], data_path: Path) -> "tuple[Finding, ...]":
    """Build the graph of readings in memory and list what violates a shape or a query."""
    from kg.graph.rdf import build_graph
    from kg.graph.shape import validate_graph

    return validate_graph(build_graph(assemble_statements(readings, read_pairs(data_path))))
