"""`/entity/<id>`: what the graph knows of one thing, as a page to read, Turtle or JSON-LD."""

import asyncio
import json
import re
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kg.graph.ontology import read_labels
from kg.graph.server.limit import Limits
from kg.graph.server.negotiation import GRAPHS, MEDIA, choose_media
from kg.graph.server.page import FOLDER, choose_language, render_page
from kg.graph.server.pool import QueryPool
from kg.graph.server.protocol import check_reply, make_query, split_form
from kg.graph.server.reply import RequestRefusedError
from kg.graph.vocab import ID, KG, entity_iri, shorten

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,300}")
_SHOWN = 1000

# The thing itself, what points to it, and the facts about it with their evidence.
_DESCRIPTION = """CONSTRUCT { ?s ?p ?o } WHERE {
  { BIND(<IRI> AS ?s) ?s ?p ?o }
  UNION { BIND(<IRI> AS ?o) ?s ?p ?o }
  UNION { ?s rdf:subject|rdf:object|kg:about|kg:judges <IRI> . ?s ?p ?o }
  UNION { ?fact rdf:subject|rdf:object|kg:about <IRI> . ?fact kg:evidence ?s . ?s ?p ?o }
}"""
_PROPERTIES = """SELECT ?property ?value ?label WHERE {
  <IRI> ?property ?value .
  OPTIONAL { ?value skos:prefLabel|dcterms:title|oa:exact ?label FILTER(LANG(?label) IN ("LANG", "")) }
} ORDER BY ?property ?value LIMIT 1001"""
_FACTS = """SELECT DISTINCT ?fact ?kind ?relation ?subject ?subject_label ?object ?object_label ?object_text
  ?indicator ?value ?missing ?modality ?period ?basis ?quote ?sentence ?section ?document ?title WHERE {
  ?fact rdf:subject|rdf:object|kg:about <IRI> ; a ?kind .
  FILTER(?kind IN (kg:Statement, kg:Measure, kg:NotStated))
  FILTER NOT EXISTS { FILTER(?kind = kg:Statement) ?fact a kg:Measure }
  OPTIONAL { ?fact rdf:predicate ?relation }
  OPTIONAL { ?fact rdf:subject|kg:about ?subject OPTIONAL { ?subject skos:prefLabel ?subject_label } }
  OPTIONAL { ?fact rdf:object ?object
    OPTIONAL { ?object skos:prefLabel ?object_label FILTER(LANG(?object_label) IN ("LANG", "zh")) } }
  OPTIONAL { ?fact kg:objectText ?object_text }
  OPTIONAL { ?fact kg:indicator ?indicator }
  OPTIONAL { ?fact kg:valueText ?value }
  OPTIONAL { ?fact kg:missing ?missing }
  OPTIONAL { ?fact kg:modality/skos:prefLabel ?modality FILTER(LANG(?modality) = "LANG") }
  OPTIONAL { ?fact kg:period ?period }
  OPTIONAL { ?fact kg:basis ?basis }
  OPTIONAL { ?fact kg:evidence ?evidence . ?evidence oa:exact ?quote ; oa:start ?start .
    ?evidence kg:inDocument ?document . ?document dcterms:title ?title
    OPTIONAL { ?evidence kg:sentence ?sentence }
    OPTIONAL { ?evidence kg:inSection ?section } }
} ORDER BY DESC(?kind) ?relation ?start ?fact LIMIT 1001"""
Row = dict[str, str]


async def answer_entity(request: Request, pool: QueryPool, limits: Limits) -> Response:
    """Describe a thing in the form that the client prefers; `?format=ttl|jsonld|nt|rdf` decides for it."""
    key = request.path_params["key"]
    parameters = split_form(request.scope["query_string"].decode("latin-1"))
    form = _choose_form(request, parameters.get("format", [""])[0])
    if not _ID.fullmatch(key):
        raise _missing()
    iri = entity_iri(key).value
    headers = {"Vary": "Accept, Accept-Language"}
    if form != "html":
        job = make_query(_DESCRIPTION.replace("<IRI>", f"<{iri}>"), limits, graph=form)
        _, body = check_reply(await pool.answer(job))
        if not await _is_known(iri, pool, limits):
            raise _missing()
        return Response(body, media_type=MEDIA[form], headers=headers)
    language = choose_language(request, parameters)
    properties, facts = await asyncio.gather(
        _ask(_PROPERTIES, iri, language, pool, limits), _ask(_FACTS, iri, language, pool, limits)
    )
    if not properties:
        raise _missing()
    return HTMLResponse(_render(iri, key, language, properties, facts), headers=headers)


@cache
def _read_names(language: str) -> dict[str, str]:
    """Read the words for properties of reused vocabularies."""
    lines = (FOLDER / "names.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {name: zh if language == "zh" else en for name, zh, en in rows}


def _choose_form(request: Request, wanted: str) -> str:
    if wanted in GRAPHS.values() or wanted == "html":
        return wanted
    media = choose_media(request.headers.get("accept", ""), ("text/html", *GRAPHS))
    if media is None or wanted:
        raise RequestRefusedError(
            406,
            "format",
            "可用 HTML、Turtle、N-Triples、RDF/XML、JSON-LD。请改 Accept。",
            "there are HTML, Turtle, N-Triples, RDF/XML and JSON-LD. Change Accept.",
        )
    return GRAPHS.get(media, "html")


def _missing() -> RequestRefusedError:
    return RequestRefusedError(404, "unknown", "图里没有这个事物。", "the graph has no such thing.")


async def _is_known(iri: str, pool: QueryPool, limits: Limits) -> bool:
    _, body = check_reply(await pool.answer(make_query(f"ASK {{ <{iri}> ?p ?o }}", limits)))
    return bool(json.loads(body)["boolean"])


async def _ask(query: str, iri: str, language: str, pool: QueryPool, limits: Limits) -> list[Row]:
    text = query.replace("<IRI>", f"<{iri}>").replace('LANG"', f'{language}"')
    _, body = check_reply(await pool.answer(make_query(text, limits)))
    bindings = json.loads(body)["results"]["bindings"]
    return [
        {name: cell["value"] for name, cell in row.items()}
        | {f"{name}_type": cell["type"] for name, cell in row.items()}
        for row in bindings
    ]


def _render(iri: str, key: str, language: str, properties: list[Row], facts: list[Row]) -> str:
    labels = read_labels(language) | _read_names(language)
    shown = [_shape_property(row, labels) for row in properties[:_SHOWN]]
    names = {row["property"]: row["text"] for row in reversed(shown)}
    title = names.get("skos:prefLabel") or names.get("dcterms:title") or names.get("oa:exact") or key
    types = [row["text"] for row in shown if row["property"] == "rdf:type" and ":" not in row["text"]]
    rest = [row for row in shown if row["property"] not in ("rdf:type", "skos:prefLabel")]
    grouped = _group_properties(rest)
    return render_page(
        "entity.html.j2",
        language=language,
        iri=iri,
        id=key,
        title=title,
        types=types,
        properties=grouped,
        facts=[_shape_fact(row, labels, iri) for row in facts[:_SHOWN]],
        more=len(facts) > _SHOWN or len(properties) > _SHOWN,
    )


def _shape_property(row: Row, labels: dict[str, str]) -> Row:
    short, value = shorten(row["property"]), row["value"]
    is_iri = row["value_type"] == "uri"
    text = row.get("label") or (_label(value, labels) if is_iri else value)
    return {
        "property": short,
        "name": labels.get(short.removeprefix("kg:"), short),
        "text": text,
        "link": _link(value) if is_iri else "",
    }


def _group_properties(rows: list[Row]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for row in rows:
        group = groups.setdefault(
            row["property"], {"name": row["name"], "short": row["property"], "values": []}
        )
        group["values"].append(row)
    return list(groups.values())


def _label(iri: str, labels: dict[str, str]) -> str:
    local = iri.removeprefix(KG)
    return labels.get(local, shorten(iri)) if local != iri else shorten(iri)


def _link(iri: str) -> str:
    local = iri.removeprefix(ID)
    return f"/entity/{local}" if local != iri and _ID.fullmatch(local) else ""


def _shape_fact(row: Row, labels: dict[str, str], iri: str) -> dict[str, Any]:
    sentence, quote = row.get("sentence", ""), row.get("quote", "")
    before, mark, after = sentence.partition(quote) if quote and quote in sentence else ("", quote, "")
    return {
        "kind": row["kind"].removeprefix(KG),
        "link": _link(row["fact"]),
        "relation": _label(row["relation"], labels) if "relation" in row else "",
        "subject": row.get("subject_label", ""),
        "subject_link": _link(row.get("subject", "")) if row.get("subject") != iri else "",
        "object": row.get("object_label") or row.get("object_text") or row.get("missing", ""),
        "object_link": _link(row.get("object", "")) if row.get("object") != iri else "",
        "indicator": row.get("indicator", ""),
        "value": row.get("value", ""),
        "modality": row.get("modality", ""),
        "period": row.get("period", ""),
        "basis": row.get("basis", ""),
        "sentence": (before, mark, after),
        "section": row.get("section", ""),
        "document": row.get("title", ""),
        "document_link": _link(row.get("document", "")),
    }
