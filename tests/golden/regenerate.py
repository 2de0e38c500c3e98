"""Write the expected graph of the tiny corpus anew: `make golden`, then read the diff like code."""

from pathlib import Path

from kg.graph.rdf import build_graph, write_ntriples
from kg.pipeline import read_knowledge

HERE = Path(__file__).parent


def main() -> None:
    """Regenerate `expected.nt` (without the ontology's own triples)."""
    write_ntriples(build_graph(read_knowledge(HERE / "data"), with_ontology=False), HERE / "expected.nt")


if __name__ == "__main__":
    main()
