"""The page that documents the ontology, in both languages, made from its files."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from kg.file import replace_file
from kg.graph.ontology import find_ontology, read_ontology
from kg.graph.question import list_questions
from kg.graph.vocab import KG, kg, shorten, term

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.6 system-ui, "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif;
  max-width: 72rem; margin: 0 auto; padding: 1rem; }
nav a { margin-right: 1rem; } code { font-family: ui-monospace, monospace; }
section.term { border-top: 1px solid var(--line); padding: .6rem 0; }
section.term h3 { margin: 0; font-size: 1.05rem; } section.term p { margin: .2rem 0; }
.facts { font-size: .9rem; opacity: .85; } :target { background: var(--soft); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); padding: .3rem .5rem; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_CONCEPT_HEAD = (
    "<tr><th></th><th>名称 label</th><th>别名与词 other words</th>"
    "<th>对照与定义 matches, definition</th></tr>"
)
_FACTS = (
    ("rdfs:subClassOf", "上位类 subclass of"),
    ("rdfs:subPropertyOf", "上位属性 subproperty of"),
    ("owl:disjointWith", "互斥 disjoint with"),
    ("owl:inverseOf", "逆 inverse of"),
    ("rdfs:domain", "定义域 domain"),
    ("rdfs:range", "值域 range"),
    ("rdfs:seeAlso", "参见 see also"),
)
_PARTS = (
    ("classes", "类 Classes", "owl:Class"),
    ("relations", "关系 Relations", "kg:Relation"),
    ("objects", "对象属性 Object properties", "owl:ObjectProperty"),
    ("data", "数据属性 Data properties", "owl:DatatypeProperty"),
)

Index = dict[str, dict[str, list[NamedNode | Literal]]]


def write_reference(path: Path, ontology: Path | None = None) -> None:
    """Write the page, whole or not at all."""
    replace_file(path, render_reference(ontology).encode())


def render_reference(ontology: Path | None = None) -> str:
    """Render classes, relations, properties, schemes and named questions as one HTML page."""
    index = _index_triples(read_ontology(ontology))
    shown: set[str] = set()
    body = []
    for anchor, title, kind in _PARTS:
        names = [name for name in _instances(index, kind) if name not in shown]
        shown.update(names)
        terms = "".join(_render_term(name, index) for name in names)
        body.append(f'<h2 id="{anchor}">{escape(title)} ({len(names)})</h2>{terms}')
    body.append(_render_schemes(index))
    body.append(_render_questions(ontology))
    links = [(anchor, title) for anchor, title, _ in _PARTS]
    links += [("schemes", "方案 Schemes"), ("questions", "问题 Questions")]
    nav = "".join(f'<a href="#{anchor}">{escape(title)}</a>' for anchor, title in links)
    about = index[KG.removesuffix("#")]
    intro = "".join(f"<p>{escape(text.value)}</p>" for text in about[term("dcterms:description").value])
    return (
        '<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>链主本体 Lianzhu ontology</title><style>{_STYLE}</style></head><body>"
        f"<h1>链主本体 Lianzhu ontology</h1>{intro}<p><code>{escape(KG)}</code></p><nav>{nav}</nav>"
        + "\n".join(body)
        + "</body></html>\n"
    )


def _index_triples(triples: Iterable[Triple]) -> Index:
    index: Index = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            facts = index.setdefault(triple.subject.value, {})
            facts.setdefault(triple.predicate.value, []).append(triple.object)
    return index


def _instances(index: Index, kind: str) -> list[str]:
    wanted = kg(kind.removeprefix("kg:")) if kind.startswith("kg:") else term(kind)
    return [name for name, facts in index.items() if wanted in facts.get(term("rdf:type").value, ())]


def _texts(index: Index, name: str, *properties: str) -> str:
    found = [value for p in properties for value in index.get(name, {}).get(term(p).value, ())]
    return " · ".join(escape(value.value) for value in found)


def _render_term(name: str, index: Index) -> str:
    local = name.removeprefix(KG)
    comments = "".join(
        f"<p>{escape(text.value)}</p>" for text in index[name].get(term("rdfs:comment").value, ())
    )
    facts = []
    for prop, words in _FACTS:
        values = index[name].get(term(prop).value, ())
        if values:
            facts.append(f"{escape(words)}: " + ", ".join(_render_link(value.value) for value in values))
    return (
        f'<section class="term" id="{escape(local)}"><h3><code>kg:{escape(local)}</code> '
        f"{_texts(index, name, 'rdfs:label')}</h3>{comments}"
        f'<p class="facts">{"<br>".join(facts)}</p></section>'
    )


def _render_link(iri: str) -> str:
    if iri.startswith(KG):
        local = escape(iri.removeprefix(KG))
        return f'<a href="#{local}"><code>kg:{local}</code></a>'
    return f"<code>{escape(shorten(iri))}</code>"


def _render_schemes(index: Index) -> str:
    parts = ['<h2 id="schemes">方案 Schemes</h2>']
    in_scheme, unit = term("skos:inScheme").value, term("qudt:Unit")
    kind = term("rdf:type").value
    groups = [
        (
            _texts(index, scheme, "skos:prefLabel"),
            [n for n, f in index.items() if _names(f.get(in_scheme), scheme)],
        )
        for scheme in _instances(index, "skos:ConceptScheme")
    ]
    groups.append(("单位 · units", [n for n, f in index.items() if unit in f.get(kind, ())]))
    for title, names in groups:
        rows = "".join(_render_concept(name, index) for name in names)
        summary = f"<summary>{title} ({len(names)})</summary>"
        parts.append(f"<details>{summary}<table>{_CONCEPT_HEAD}{rows}</table></details>")
    return "".join(parts)


def _names(values: list[NamedNode | Literal] | None, iri: str) -> bool:
    return any(value.value == iri for value in values or ())


def _render_concept(name: str, index: Index) -> str:
    matches = [
        f"{words} {_render_link(value.value)} {_texts(index, value.value, 'skos:prefLabel')}"
        for prop, words in (("skos:closeMatch", "≈"), ("skos:broadMatch", "⊂"), ("skos:broader", "↑"))
        for value in index[name].get(term(prop).value, ())
    ]
    definition = _texts(index, name, "skos:definition")
    others = _texts(index, name, "skos:altLabel", "skos:hiddenLabel")
    cells = (
        f"<code>{escape(shorten(name))}</code>",
        _texts(index, name, "skos:prefLabel"),
        others,
        "<br>".join(filter(None, [*matches, definition])),
    )
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr id="{escape(name.removeprefix(KG))}">{row}</tr>'


def _render_questions(ontology: Path | None) -> str:
    folder = (ontology or find_ontology()) / "queries"
    rows = "".join(
        f"<tr><td><code>{escape(q.name)}</code></td><td>{escape(q.zh)}<br>{escape(q.en)}</td></tr>"
        for q in list_questions(folder)
    )
    head = "<tr><th>kg query</th><th>问题 question</th></tr>"
    return f'<h2 id="questions">问题 Questions</h2><table>{head}{rows}</table>'
