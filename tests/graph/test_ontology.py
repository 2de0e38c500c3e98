"""The ontology's files agree with each other and with the code."""

import re
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from kg.graph.ontology import find_ontology, list_relations, read_labels, read_ontology, read_triples
from kg.graph.reference import render_reference
from kg.graph.scheme import read_schemes
from kg.graph.vocab import KG, PREFIXES, kg, shorten, status_iri, term
from kg.model import COMPARATORS, ENTITY_TYPES, KINDS, MODALITIES

ROOT = Path(__file__).parents[2]
DEFINED = {t.subject.value for t in read_ontology() if isinstance(t.subject, NamedNode)}


def test_every_term_has_one_label_and_one_comment_in_each_language() -> None:
    found: dict[str, list[tuple[str, str]]] = {}
    names = {term("rdfs:label"): "label", term("rdfs:comment"): "comment"}
    for triple in read_triples(find_ontology() / "kg.ttl"):
        found.setdefault(str(triple.subject), [])
        if triple.predicate in names and isinstance(triple.object, Literal):
            found[str(triple.subject)].append((names[triple.predicate], triple.object.language or ""))
    del found[f"<{KG.removesuffix('#')}>"]
    wanted = sorted((name, language) for name in ("label", "comment") for language in ("zh", "en"))
    assert [name for name, has in found.items() if sorted(has) != wanted] == []


def test_every_concept_has_labels_in_both_languages_unless_it_is_an_official_code() -> None:
    labels: dict[str, set[str]] = {}
    for triple in read_ontology():
        if triple.predicate == term("skos:inScheme"):
            labels.setdefault(str(triple.subject), set())
    for triple in read_ontology():
        if triple.predicate == term("skos:prefLabel") and isinstance(triple.object, Literal):
            labels.setdefault(str(triple.subject), set()).add(triple.object.language or "")
    assert [
        n for n, has in labels.items() if has != {"zh", "en"} and not re.search("gbt4754-|sei2018-", n)
    ] == []


def test_every_term_that_the_code_or_a_query_uses_is_defined() -> None:
    missing = []
    for file in (
        *(ROOT / "kg").rglob("*.py"),
        *find_ontology().rglob("*.rq"),
        find_ontology() / "shapes.ttl",
    ):
        text = file.read_text("utf-8")
        names = re.findall(r"\bkg\(\"([\w-]+)\"\)" if file.suffix == ".py" else r"\bkg:([\w-]+)", text)
        missing += [
            f"{file.name}: {name}" for name in names if KG + name not in DEFINED and "Shape" not in name
        ]
    assert missing == []


def test_the_ontology_has_no_blank_node() -> None:
    assert [
        t for t in read_ontology() if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode)
    ] == []


def test_every_concept_and_class_referred_to_is_defined() -> None:
    objects = {
        t.object.value
        for t in read_ontology()
        if isinstance(t.object, NamedNode) and t.object.value.startswith(KG)
    }
    assert sorted(objects - DEFINED) == []


def test_the_schemes_hold_every_value_of_the_model() -> None:
    schemes = read_schemes(read_ontology())
    assert set(schemes.modalities) == set(MODALITIES)
    assert set(schemes.comparators) == set(COMPARATORS)
    assert set(schemes.kinds) == set(KINDS)
    assert set(schemes.judgements) == {"possible", "different", "same"}
    assert {KG + kind for kind in ENTITY_TYPES} <= DEFINED


def test_the_relations_of_the_review_tables_are_defined() -> None:
    wanted = (
        "anchors inIndustry locatedIn undertakes partOf memberOf hasStatus along leads supports "
        "develops builds recruits participatesIn learnsFrom "
        "aimsAt notStated"
    )
    assert set(list_relations()) == set(wanted.split())
    assert read_labels("zh")["anchors"] == "引领"


@pytest.mark.parametrize(
    ("basis", "role"),
    [
        ("链主企业", "ChainOwner"),
        ("以…为龙头", "DragonHead"),
        ("依托…行业领军企业", "Leader"),
        ("骨干企业", "Backbone"),
        ("围绕…招引", "RecruitmentMagnet"),
    ],
)
def test_roles_are_read_from_the_basis_strongest_first(basis: str, role: str) -> None:
    assert read_schemes(read_ontology()).find_role(basis) == kg(role)


def test_words_that_say_no_role_give_none() -> None:
    assert read_schemes(read_ontology()).find_role("位于") is None


def test_industries_are_mapped_closely_or_broadly_but_never_exactly() -> None:
    predicates = {t.predicate for t in read_ontology()}
    assert term("skos:exactMatch") not in predicates
    assert {term("skos:closeMatch"), term("skos:broadMatch")} <= predicates


def test_a_minted_status_has_a_plain_local_name() -> None:
    local = status_iri("主体封顶/<x>").value.removeprefix(PREFIXES["id"])
    assert re.fullmatch(r"status-zhutifengdingx-[0-9a-f]{6}", local)


def test_iris_are_shortened_only_where_a_prefix_fits() -> None:
    assert shorten(KG + "anchors") == "kg:anchors"
    assert shorten("urn:x") == "<urn:x>"
    assert shorten(KG + "a/b") == f"<{KG}a/b>"


def test_the_page_names_every_term_and_escapes_text() -> None:
    page = render_reference()
    missing = [
        name for name in DEFINED if name.startswith(KG) and f'id="{name.removeprefix(KG)}"' not in page
    ]
    schemes = {t.object.value for t in read_ontology() if t.predicate == term("skos:inScheme")}  # type: ignore[union-attr]
    assert sorted(set(missing) - schemes) == []
    assert "<script" not in page and "http-equiv" in page
