"""From records to triples."""

import dataclasses
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kg.graph.query import run_query
from kg.graph.rdf import build_graph, write_ntriples, write_turtle
from kg.graph.shape import load_memory
from kg.graph.vocab import KG, PREFIXES, entity_iri, kg, term
from kg.model import KnowledgeBase
from tests.graph.base import make_base, make_document


def ask(base: KnowledgeBase, query: str) -> list[tuple[str, ...]]:
    answer = run_query(load_memory(build_graph(base)), query)
    return sorted(tuple("" if term is None else term.value for term in row) for row in answer.rows)  # type: ignore[union-attr]


def test_an_actual_statement_has_its_direct_triple() -> None:
    rows = ask(make_base(), "SELECT ?a ?b { ?x kg:anchors ?y . ?x skos:prefLabel ?a . ?y skos:prefLabel ?b }")
    assert rows == [("远帆", "陶瓷产业"), ("青禾", "陶瓷产业")]


def test_what_is_only_a_target_has_no_direct_triple_but_its_statement() -> None:
    base = make_base()
    assert not ask(base, "SELECT ?x { ?x kg:hasStatus ?status }")
    query = """SELECT ?name ?status { ?s rdf:predicate kg:hasStatus ; rdf:object/skos:prefLabel ?status ;
      rdf:subject/skos:prefLabel ?name ; kg:modality kg:Target . FILTER(LANG(?status) = "zh") }"""
    assert ask(base, query) == [("云溪陶瓷园", "按期投产")]


def test_the_role_of_an_anchor_comes_from_the_words_of_its_basis() -> None:
    query = """SELECT ?name ?role { ?s kg:anchorRole/skos:prefLabel ?role ; rdf:subject/skos:prefLabel ?name .
      FILTER(LANG(?role) = "zh") }"""
    assert ask(make_base(), query) == [("远帆", "龙头"), ("青禾", "招商依托"), ("青禾", "龙头")]


def test_a_status_that_the_scheme_lacks_becomes_a_concept_of_its_own() -> None:
    base = make_base()
    statements = tuple(
        dataclasses.replace(s, object_text="主体封顶") if s.predicate == "hasStatus" else s
        for s in base.statements
    )
    changed = dataclasses.replace(base, statements=statements)
    query = "SELECT ?label { ?s rdf:object ?o . ?o skos:inScheme kg:statuses ; skos:prefLabel ?label }"
    assert ask(changed, query) == [("主体封顶",)]


def test_not_stated_is_a_record_with_evidence_and_no_statement() -> None:
    query = """SELECT ?name ?missing ?quote { ?n a kg:NotStated ; kg:missing ?missing ;
      kg:about/skos:prefLabel ?name ; kg:evidence/oa:exact ?quote
      FILTER NOT EXISTS { ?n rdf:predicate ?p } }"""
    assert ask(make_base(), query) == [("云溪区", "哪家企业是链主", "培育“链主”企业")]


def test_words_as_object_stay_words() -> None:
    query = "SELECT ?o ?words { ?s rdf:predicate kg:aimsAt ; rdf:object ?o ; kg:objectText ?words }"
    assert ask(make_base(), query) == [("做强产业", "做强产业")]


def test_an_exact_planned_total_is_a_direct_triple_in_yuan() -> None:
    assert ask(make_base(), "SELECT ?sum { ?x kg:totalInvestment ?sum }") == [("250000000",)]


def test_a_total_that_is_only_a_target_or_no_exact_number_is_no_direct_triple() -> None:
    base = make_base()
    for change in ({"modality": "target"}, {"comparator": "ge"}, {"unit": "USD"}, {"indicator": "年度投资"}):
        measures = tuple(dataclasses.replace(m, **change) for m in base.measures)  # type: ignore[arg-type]
        assert not ask(dataclasses.replace(base, measures=measures), "SELECT ?s { ?x kg:totalInvestment ?s }")


def test_a_measure_keeps_words_bounds_unit_comparator_and_period() -> None:
    query = """SELECT ?value ?low ?high ?unit ?comparator ?period ?start ?end {
      ?m kg:indicator "产值" ; kg:valueText ?value ; kg:low ?low ; kg:unit ?unit ; kg:comparator ?comparator ;
         kg:period ?period ; kg:periodStart ?start ; kg:periodEnd ?end . OPTIONAL { ?m kg:high ?high } }"""
    assert ask(make_base(), query) == [
        (
            "不低于30亿元",
            "3000000000",
            "",
            PREFIXES["unit"] + "CCY_CNY",
            KG + "ge",
            "2024",
            "2024-01-01",
            "2024-12-31",
        )
    ]


def test_an_unknown_unit_is_minted_and_a_count_word_is_a_number() -> None:
    base = make_base()
    measures = (dataclasses.replace(base.measures[2], key="m04", unit="石"), base.measures[2])
    rows = ask(
        dataclasses.replace(base, measures=measures),
        "SELECT ?text ?unit { ?m kg:unitText ?text ; kg:unit ?unit }",
    )
    assert [text for text, _ in rows] == ["个", "石"]
    assert rows[0][1] == PREFIXES["unit"] + "NUM"
    assert rows[1][1].startswith(PREFIXES["id"] + "unit-")


def test_an_uncertain_pair_is_linked_both_ways_with_its_reason() -> None:
    query = """SELECT ?a ?b ?note { ?x kg:possiblySameAs ?y . ?x a ?a . ?y a ?b .
      ?j kg:judges ?x, ?y ; kg:note ?note FILTER(?x != ?y) }"""
    kinds = {(a.removeprefix(KG), b.removeprefix(KG)) for a, b, _ in ask(make_base(), query)}
    assert kinds == {("Enterprise", "Project"), ("Project", "Enterprise")}


def test_every_evidence_is_its_stretch_of_the_document() -> None:
    document = make_document()
    rows = ask(
        make_base(document), "SELECT ?s ?e ?x { ?v a kg:Evidence ; oa:start ?s ; oa:end ?e ; oa:exact ?x }"
    )
    assert len(rows) > 8
    assert [x for s, e, x in rows if document.text[int(s) : int(e)] != x] == []


def test_evidence_knows_its_section_and_sentence() -> None:
    query = """SELECT ?in ?label ?sentence {
      ?e oa:exact "要按期投产" ;
      kg:inSection ?in ; kg:sentence ?sentence ; kg:section/skos:prefLabel ?label }"""
    [(path, label, sentence)] = ask(make_base(), query)
    assert path == label == "(一)做强产业"
    assert sentence.startswith("计划总投资")


def test_the_document_is_about_its_place() -> None:
    query = "SELECT ?label ?issued { ?d dcterms:spatial/skos:prefLabel ?label ; dcterms:issued ?issued }"
    assert ask(make_base(), query) == [("云溪区", "2024-01-15")]


def test_there_are_no_blank_nodes_and_every_kg_term_is_defined() -> None:
    triples = build_graph(make_base())
    defined = {triple.subject for triple in triples}
    used = {
        node
        for triple in triples
        for node in (triple.subject, triple.predicate, triple.object)
        if isinstance(node, NamedNode) and node.value.startswith(KG)
    }
    assert not [t for t in triples if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode)]
    assert sorted(node.value for node in used - defined) == []


def test_hostile_names_and_quotes_stay_text(tmp_path: Path) -> None:
    base = make_base()
    name = '"> . <urn:x> <urn:y> "\\u0041\n\r\t<img src=x onerror=alert(1)>\x00\x1f' + "\ud800𠮷"
    entity = dataclasses.replace(base.entities[0], label=name, name=name)
    triples = build_graph(dataclasses.replace(base, entities=(entity, *base.entities[1:])))
    write_ntriples(triples, tmp_path / "graph.nt")
    write_turtle(triples, tmp_path / "graph.ttl")
    for file in ("graph.nt", "graph.ttl"):
        read = {quad.triple for quad in parse(path=tmp_path / file)}
        assert read == set(triples)
    label = Literal(name.replace("\ud800", "\ufffd"), language="zh")
    assert label in [t.object for t in triples if t.subject == entity_iri(entity.key)]


def test_decimals_are_written_in_one_way() -> None:
    base = make_base()
    measures = tuple(
        dataclasses.replace(base.measures[0], key=f"x{number}", low=Decimal(text), high=None)
        for number, text in enumerate(("2.50", "1E+3", "0.0", "33.3333"))
    )
    triples = build_graph(dataclasses.replace(base, measures=measures), with_ontology=False)
    found = sorted(t.object.value for t in triples if t.predicate == kg("low"))  # type: ignore[union-attr]
    assert found == ["0", "1000", "2.5", "33.3333"]


def test_the_file_is_sorted_and_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from kg.graph.rdf import *\n"
        "from tests.graph.base import make_base\n"
        "triples = build_graph(make_base())\n"
        "write_ntriples(triples, Path(sys.argv[1])); write_turtle(triples, Path(sys.argv[2]))"
    )
    for seed in ("1", "2"):
        command = [sys.executable, "-c", script, str(tmp_path / f"{seed}.nt"), str(tmp_path / f"{seed}.ttl")]
        root = Path(__file__).parents[2]
        subprocess.run(command, check=True, cwd=root, env=os.environ | {"PYTHONHASHSEED": seed})
    for form in ("nt", "ttl"):
        assert (tmp_path / f"1.{form}").read_bytes() == (tmp_path / f"2.{form}").read_bytes()
    lines = (tmp_path / "1.nt").read_text("utf-8").splitlines()
    assert lines == sorted(set(lines))


def test_the_store_gives_back_what_the_file_holds() -> None:
    triples = build_graph(make_base())
    stored = {quad.triple for quad in load_memory(triples)}
    assert stored == set(triples)
    lines = "".join(f"{triple} .\n" for triple in triples)
    assert {quad.triple for quad in parse(lines, RdfFormat.N_TRIPLES)} == stored


def test_names_of_types_are_classes() -> None:
    base = make_base()
    triples = build_graph(base)
    park = entity_iri(base.entities[3].key)
    kinds = {t.object for t in triples if t.subject == park and t.predicate == term("rdf:type")}
    assert kinds == {kg("Park"), kg("Project")}
