"""The ontology's files: where they lie, their triples, and the relations they define."""

from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple, parse

from kg.errors import GraphInvalidError
from kg.graph.vocab import KG, kg, term


def find_ontology() -> Path:
    """Find the folder `ontology/`: inside the installed package, else in the repository."""
    package = Path(__file__).resolve().parents[1]
    for path in (package / "_packaged" / "ontology", package.parent / "ontology"):
        if (path / "kg.ttl").is_file():
            return path
    raise GraphInvalidError(
        "找不到本体文件夹 ontology/(缺 kg.ttl)。请重新安装本程序。",
        "the folder ontology/ (kg.ttl) is missing. Install the program anew.",
    )


def read_triples(path: Path) -> list[Triple]:
    """Read the triples of an RDF file, or raise with file and line what cannot be parsed."""
    try:
        return [quad.triple for quad in parse(path=path)]
    except (SyntaxError, ValueError) as error:
        place = getattr(error, "lineno", None)
        raise GraphInvalidError(
            f"不是正确的 RDF 文件:{error}",
            f"is no valid RDF file: {error}",
            where=f"{path}:{place}" if place else str(path),
        ) from error
    except OSError as error:
        raise GraphInvalidError(
            f"读不了这个文件({error.strerror})。",
            f"cannot read this file ({error.strerror}).",
            where=str(path),
        ) from error


@lru_cache(maxsize=4)
def read_ontology(path: Path | None = None) -> tuple[Triple, ...]:
    """Read the classes, properties and schemes (not the shapes), in the order of the files."""
    folder = path or find_ontology()
    files = (folder / "kg.ttl", *sorted((folder / "schemes").glob("*.ttl")))
    return tuple(triple for file in files for triple in read_triples(file))


def list_relations(path: Path | None = None) -> tuple[str, ...]:
    """List the names that the relation column of a review table accepts, sorted."""
    kind, relation = term("rdf:type"), kg("Relation")
    return tuple(
        sorted(
            triple.subject.value.removeprefix(KG)
            for triple in read_ontology(path)
            if triple.predicate == kind
            and triple.object == relation
            and isinstance(triple.subject, NamedNode)
        )
    )


def read_labels(language: str, path: Path | None = None) -> dict[str, str]:
    """Read the label of every class, property and concept (local name to label) in a language."""
    names = (term("rdfs:label"), term("skos:prefLabel"))
    return {
        triple.subject.value.removeprefix(KG): triple.object.value
        for triple in read_ontology(path)
        if triple.predicate in names
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, Literal)
        and triple.object.language == language
    }
