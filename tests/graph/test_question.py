"""The named questions: their answers on the interview, and that no answer stands in a query."""

import dataclasses
from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.graph.answer import write_cell
from kg.graph.query import Answer, run_query
from kg.graph.question import Question, fill_question, list_questions, read_columns
from kg.graph.rdf import build_graph
from kg.graph.shape import load_memory
from kg.graph.vocab import term
from kg.model import Entity, Evidence, KnowledgeBase
from kg.pipeline import packaged_data, read_knowledge
from tests.graph.base import make_base
from tests.graph.pin import ANSWERS, write_answer

QUESTIONS = list_questions()
NAMES = {question.name: question for question in QUESTIONS}
# The interview answers these; to the others its answer is that there is nothing.
ANSWERED = [q for q in QUESTIONS if (ANSWERS / f"{q.name}.tsv").read_text("utf-8").count("\n") > 1]
INTERVIEW = "nanyang-2024-interview"

# What the answer to each numbered question must hold, and how many rows it has.
WANTED: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "CQ03": ("land-banking", 1, ("不低于3000亩", "不低于", "目标", "2024")),
    "CQ05": ("bank-credit", 1, ("25亿元", "目标", "2024")),
    "CQ07": ("resident-enterprises", 1, ("800家", "目标", "2024", "现代服务业开发区")),
    "CQ09": ("flagship-chains", 1, ("8条", "标志性产业链")),
    "CQ10": ("project-investment-and-land", 1, ("中药材产业示范基地", "54000000", "200")),
    "CQ13": ("farmland", 3, ("9000亩", "4.18万亩", "三分之一")),
    "CQ14": ("target-and-stretch", 1, ("80亿元", "突破100亿元", "超过")),
    "CQ15": ("dragon-heads", 4, ("医疗器械制造产业", "久康", "九鼎")),
    "CQ16": ("dragon-heads", 4, ("艾草产业", "仙草艾业", "绿莹")),
    "CQ21": (
        "industry-system",
        6,
        ("中介服务产业", "智慧物流", "文旅康养", "生物医药", "绿色食品产业", "智能制造"),
    ),
    "CQ24": ("park-lists", 14, ("云创孵化产业园", "智慧物流产业园", "智能物流产业园", "七大产业园区")),
    "CQ26": ("in-use-on-time", 7, ("河南国医学院一期", "仲景食品(一期)", "海富电商", "刘太营棚户区改造")),
    "CQ28": ("digital-platforms", 4, ("万邦物流", "海富电商", "仙草艾业", "蓝天能源")),
    "CQ31": ("project-group-sum", 3, ("64", "45013000000", "派生值:按互不重叠计,原文未说明各批是否重叠")),
    "CQ36": ("investment-this-year-share", 1, ("15亿元", "3.4亿元", "22.7")),
    "CQ40": ("amounts-in-wan", 2, ("10000000", "54000000", "月季产业", "中药材产业示范基地")),
    "CQ43": ("dragon-heads-that-attract", 2, ("久康", "九鼎", "中医药产业")),
    "CQ44": ("firm-and-project", 2, ("仲景食品", "海富电商")),
    "CQ45": ("chains-not-named", 1, ("标志性产业链", "名称")),
    "CQ46": ("chain-owners", 8, ("(原文未指明)", "久康", "绿莹", "河南厚疆实业", "伟业控股")),
    "CQ47": ("key-projects-without-amount", 12, ("淯阳坊", "工人文化宫", "健康之都城市商业综合体")),
    "CQ49": (
        "park-lists-compared",
        5,
        ("中药材产业示范基地", "创业创新孵化", "云创孵化产业园", "智能物流产业园"),
    ),
    "CQ56": ("possibly-same", 18, ("九鼎", "九鼎数码科技")),
}


@cache
def read_interview() -> KnowledgeBase:
    return read_knowledge(packaged_data())


@cache
def load_interview() -> Store:
    return load_memory(build_graph(read_interview()))


def ask(store: Store, question: Question) -> Answer:
    return run_query(store, question.text, where=question.name)


def cells(answer: Answer) -> set[str]:
    return {write_cell(term) for row in answer.rows for term in row}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_the_answer_on_the_interview_is_the_pinned_one(question: Question) -> None:
    pinned = (ANSWERS / f"{question.name}.tsv").read_text("utf-8")
    assert write_answer(load_interview(), question) == pinned, "see tests/graph/pin.py"


@pytest.mark.parametrize("number", WANTED)
def test_a_numbered_question_has_its_answer(number: str) -> None:
    name, rows, wanted = WANTED[number]
    assert number in NAMES[name].ids
    answer = ask(load_interview(), NAMES[name])
    assert [value for value in wanted if value not in cells(answer)] == []
    assert len(answer.rows) == rows


def test_every_question_that_was_asked_of_the_interview_is_among_them() -> None:
    asked = "03 05 07 09 10 13 14 15 16 21 24 26 28 31 35 36 40 43 44 45 46 47 49 50 55 56"
    have = {number for question in QUESTIONS for number in question.ids}
    assert [number for number in asked.split() if f"CQ{number}" not in have] == []


def test_nine_roads_are_four_named_and_five_unnamed() -> None:
    rows = [
        [write_cell(term) for term in row]
        for row in ask(load_interview(), NAMES["groups-named-and-unnamed"]).rows
    ]
    assert [INTERVIEW, "9条道路", "9", "4", "5", "1130000000"] in rows
    members = ask(load_interview(), NAMES["group-members"])
    named = {write_cell(row[2]) for row in members.rows if write_cell(row[1]) == "9条道路"}
    assert named == {"长江路北延", "白河大道北延", "康泰路", "玉皇庙路"}


def test_next_year_of_the_home_for_the_aged_is_2024_with_the_reason() -> None:
    answer = ask(load_interview(), NAMES["next-year"])
    rows = [dict(zip(answer.variables, map(write_cell, row), strict=True)) for row in answer.rows]
    homes = [row for row in rows if row["about"] == "区级敬老院" and row["word"] == "明年"]
    assert [row["period"] for row in homes] == ["2024"]
    assert "2023年底" in homes[0]["note"]


def test_two_parks_of_nearly_one_name_stand_side_by_side_in_one_list() -> None:
    answer = ask(load_interview(), NAMES["same-group-neighbours"])
    assert {"智慧物流产业园", "智能物流产业园", "七大产业园区"} <= cells(answer)


def test_there_are_at_least_forty_questions_with_both_titles() -> None:
    assert len(QUESTIONS) >= 40
    assert [q.name for q in QUESTIONS if not (q.zh and q.en and q.zh != q.en)] == []


def test_every_column_of_a_question_has_a_heading() -> None:
    variables = {name for question in QUESTIONS for name in ask(load_memory(()), question).variables}
    assert sorted(variables - read_columns().keys()) == []


def test_no_query_names_a_thing_of_the_interview() -> None:
    """A query may hold words of its question's kind (平台, 重点项目), no name of a firm, park or project."""
    kinds = {"Enterprise", "Project", "Park", "Industry", "Organization"}
    names = {
        name
        for entity in read_interview().entities
        if kinds & set(entity.types)
        for name in (entity.label, *entity.aliases)
    }
    found = []
    for question in QUESTIONS:
        body = "\n".join(line for line in question.text.splitlines() if not line.startswith("#"))
        found += [f"{question.name}: {name}" for name in names if f'"{name}"' in body]
    assert found == []


@cache
def read_supports() -> dict[NamedNode, frozenset[str]]:
    """Read what a row of a table becomes (claims, entities, documents) with the quotes it cites."""
    query = """SELECT DISTINCT ?node ?quote WHERE {
      ?node a ?kind . FILTER(STRSTARTS(STR(?node), "https://w3id.org/lianzhu/id/") && ?kind != kg:Evidence)
      OPTIONAL { ?node kg:evidence/oa:exact ?quote } }"""
    found: dict[NamedNode, set[str]] = {}
    for node, quote in run_query(load_interview(), query).rows:
        if isinstance(node, NamedNode):
            found.setdefault(node, set()).add(write_cell(quote))
    return {node: frozenset(quotes) for node, quotes in found.items()}


def list_supports(quotes: set[str]) -> list[NamedNode]:
    """List the things that may support an answer, first those that cite its quotes."""
    supports = read_supports()
    return sorted(supports, key=lambda node: (quotes.isdisjoint(supports[node]), node.value))


def take_out(store: Store, node: NamedNode) -> list[Quad]:
    """Take a thing out of a store, with the direct triple that a statement backs."""
    quads = list(store.quads_for_pattern(node, None, None))
    ends = {quad.predicate: quad.object for quad in quads}
    if term("rdf:predicate") in ends:
        subject, predicate, target = (ends[term(f"rdf:{end}")] for end in ("subject", "predicate", "object"))
        if not isinstance(subject, Literal):
            quads += list(store.quads_for_pattern(subject, predicate, target))
    for quad in quads:
        store.remove(quad)
    return quads


@pytest.mark.parametrize("question", ANSWERED, ids=lambda question: question.name)
def test_without_its_supporting_row_the_answer_changes(question: Question) -> None:
    store = load_interview()
    answer = ask(store, question)
    places = [place for place, name in enumerate(answer.variables) if name.endswith("quote")]
    quotes = {write_cell(row[place]) for row in answer.rows for place in places}
    for node in list_supports(quotes):
        taken = take_out(store, node)
        changed = ask(store, question).rows != answer.rows
        store.bulk_extend(taken)
        if changed:
            return
    pytest.fail("an answer that nothing supports stands in the query itself")


def move_base(base: KnowledgeBase) -> KnowledgeBase:
    """Make the document one of another place: other id, other identities, other names."""

    def move(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(dataclasses.replace(e, document="other-2030") for e in evidence)

    def rename(name: str, entity: Entity) -> str:
        return name if {"Group", "Place", "Initiative", "Industry"} & set(entity.types) else f"{name}乙"

    entities = tuple(
        dataclasses.replace(
            entity,
            key=f"{entity.key}-b",
            label=rename(entity.label, entity),
            aliases=tuple(rename(alias, entity) for alias in entity.aliases),
            documents=("other-2030",),
            mentions=move(entity.mentions),
            evidence=move(entity.evidence),
        )
        for entity in base.entities
    )
    record = dataclasses.replace(base.documents[0].record, id="other-2030")
    return KnowledgeBase(
        documents=(dataclasses.replace(base.documents[0], record=record),),
        entities=entities,
        statements=tuple(
            dataclasses.replace(
                s,
                key=f"{s.key}b",
                subject=s.subject and f"{s.subject}-b",
                object=s.object and f"{s.object}-b",
                evidence=move(s.evidence),
            )
            for s in base.statements
        ),
        measures=tuple(
            dataclasses.replace(m, key=f"{m.key}b", subject=f"{m.subject}-b", evidence=move(m.evidence))
            for m in base.measures
        ),
        pairs=tuple(dataclasses.replace(p, left=f"{p.left}-b", right=f"{p.right}-b") for p in base.pairs),
    )


def join_bases(*bases: KnowledgeBase) -> KnowledgeBase:
    names = [field.name for field in dataclasses.fields(KnowledgeBase)]
    return KnowledgeBase(**{name: tuple(r for base in bases for r in getattr(base, name)) for name in names})


@cache
def load_both() -> Store:
    return load_memory(build_graph(join_bases(read_interview(), move_base(read_interview()))))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_document_of_another_place_gets_its_own_answer(question: Question) -> None:
    alone, both = ask(load_interview(), question), ask(load_both(), question)
    if "doc" not in alone.variables:
        if alone.rows and question.name != "reviewers":
            assert len(both.rows) == 2 * len(alone.rows)
        return
    place = both.variables.index("doc")
    own = [row for row in both.rows if write_cell(row[place]) == INTERVIEW]
    other = [row for row in both.rows if write_cell(row[place]) == "other-2030"]
    assert sorted(map(str, own)) == sorted(map(str, alone.rows))
    assert len(other) == len(own) and len(both.rows) == 2 * len(own)


def test_an_unlike_document_answers_for_itself() -> None:
    store = load_memory(build_graph(join_bases(read_interview(), make_base())))
    heads = [[write_cell(cell) for cell in row[:3]] for row in ask(store, NAMES["dragon-heads"]).rows]
    assert [row for row in heads if row[0] == "yunxi-2024"] == [
        ["yunxi-2024", "陶瓷产业", "远帆"],
        ["yunxi-2024", "陶瓷产业", "青禾"],
    ]
    due = [[write_cell(cell) for cell in row[:3]] for row in ask(store, NAMES["in-production-on-time"]).rows]
    assert ["yunxi-2024", "(一)做强产业", "云溪陶瓷园"] in due


def test_a_parameter_narrows_the_answer() -> None:
    text = fill_question(NAMES["dragon-heads"], {"word": "艾草"})
    assert {write_cell(row[2]) for row in run_query(load_interview(), text).rows} == {"仙草艾业", "绿莹"}


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if q.parameters], ids=lambda question: question.name
)
def test_every_parameter_can_be_set(question: Question) -> None:
    for name in question.parameters:
        assert run_query(load_interview(), fill_question(question, {name: "没有这样的词"})).rows == ()
