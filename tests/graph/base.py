"""A small invented knowledge base, made as the statement stage would make it."""

import hashlib
from decimal import Decimal

from kg.model import (
    Document,
    Entity,
    Evidence,
    KnowledgeBase,
    Measure,
    NamePair,
    Record,
    Section,
    Span,
    Statement,
    TimeAnchor,
)

HEADING = "(一)做强产业"
TEXT = (
    f"{HEADING}。明年,培育壮大以青禾、远帆为龙头的陶瓷产业,围绕青禾等招引釉料企业。\n"
    "计划总投资2.5亿元的云溪陶瓷园要按期投产,2024年产值不低于30亿元。\n"
    "(二)抓好项目。加快云溪陶瓷园、远帆等3个项目建设,培育“链主”企业。\n"
)


def make_document(document_id: str = "yunxi-2024", place: str = "云溪区", text: str = TEXT) -> Document:
    """Make a document with the two sections that the text has."""
    second = text.index("(二)")
    return Document(
        record=Record(
            id=document_id,
            title="云溪区2024年工作安排",
            publisher="云溪区政府",
            issued="2024-01-15",
            place=place,
            division="990101",
            anchors="2023",
            sha256=hashlib.sha256(text.encode()).hexdigest(),
        ),
        text=text,
        sections=(
            Section(start=0, end=second, level=3, heading=Span(start=0, end=len(HEADING), text=HEADING)),
            Section(
                start=second,
                end=len(text),
                level=3,
                heading=Span(start=second, end=second + 7, text=text[second : second + 7]),
            ),
        ),
        sentences=tuple(_split(text)),
        anchors=(TimeAnchor(start=0, end=len(text), year=2023, note="写于2023年底"),),
    )


def _split(text: str) -> list[Span]:
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\n")
        spans.append(Span(start=start, end=start + len(body), text=body))
        start += len(line)
    return spans


def cite(document: Document, quote: str, occurrence: int = 0) -> Evidence:
    """Cite an occurrence of a quote as evidence."""
    start = -1
    for _ in range(occurrence + 1):
        start = document.text.index(quote, start + 1)
    end = start + len(quote)
    sentence = next(s for s in document.sentences if s.start <= start < s.end)
    sections = tuple(s.heading.text for s in document.sections if s.start <= start < s.end)
    return Evidence(
        start=start,
        end=end,
        text=quote,
        document=document.id,
        sections=sections,
        sentence=sentence,
        prefix=document.text[max(0, start - 32) : start],
        suffix=document.text[end : end + 32],
    )


def make_entity(document: Document, key: str, kind: str, name: str, **more: object) -> Entity:
    label = name.partition("#")[0]
    mentions = (cite(document, label),) if label in document.text else ()
    return Entity(
        key=key,
        types=tuple(kind.split("|")),
        label=label,
        name=name,
        division=document.record.division,
        documents=(document.id,),
        mentions=mentions,
        reviewers=("审阅者甲",),
        reviewed_on="2024-02-01",
        **more,
    )  # type: ignore[arg-type]


def make_statement(
    document: Document, key: str, predicate: str, subject: str, target: str, quote: str, **more: object
) -> Statement:
    return Statement(
        key=key,
        predicate=predicate,
        subject=subject,
        object=target,
        evidence=(cite(document, quote),),
        reviewers=("审阅者甲",),
        reviewed_on="2024-02-01",
        **more,
    )  # type: ignore[arg-type]


def make_base(document: Document | None = None, prefix: str = "") -> KnowledgeBase:
    """Make a knowledge base that has one of everything."""
    document = document or make_document()

    def key(name: str) -> str:
        return f"{name}{prefix}"

    qinghe, yuanfan = key("enterprise-qinghe-000001"), key("enterprise-yuanfan-000002")
    ceramics, park = key("industry-taoci-000003"), key("park-yunxi-000004")
    project, group = key("project-yuanfan-000005"), key("group-xiangmu-000006")
    glaze, place = key("group-youliao-000007"), key("place-yunxi-000008")
    led, around = "以青禾、远帆为龙头的陶瓷产业", "围绕青禾等招引釉料企业"
    listed = "加快云溪陶瓷园、远帆等3个项目建设"
    entities = (
        make_entity(document, qinghe, "Enterprise", "青禾"),
        make_entity(document, yuanfan, "Enterprise", "远帆"),
        make_entity(document, ceramics, "Industry", "陶瓷产业"),
        make_entity(document, park, "Park|Project", "云溪陶瓷园", aliases=("陶瓷园",)),
        make_entity(document, project, "Project", "远帆#项目"),
        make_entity(document, group, "Group", "3个项目", open=True),
        make_entity(document, glaze, "Group", "釉料企业"),
        make_entity(document, place, "Place", document.record.place),
    )
    statements = (
        make_statement(document, key("s01"), "anchors", qinghe, ceramics, led, basis="以…为龙头"),
        make_statement(document, key("s02"), "anchors", yuanfan, ceramics, led, basis="以…为龙头"),
        make_statement(
            document, key("s03"), "anchors", qinghe, glaze, around, basis="围绕…招引", modality="target"
        ),
        make_statement(
            document,
            key("s04"),
            "hasStatus",
            park,
            "",
            "要按期投产",
            object_text="按期投产",
            basis="要按期投产",
            modality="target",
            period="2024",
            notes=("明年:2024",),
        ),
        make_statement(document, key("s05"), "memberOf", park, group, listed, basis="等3个项目"),
        make_statement(document, key("s06"), "memberOf", project, group, listed, basis="等3个项目"),
        make_statement(
            document, key("s07"), "notStated", place, "", "培育“链主”企业", object_text="哪家企业是链主"
        ),
        make_statement(
            document, key("s08"), "aimsAt", place, "", "做强产业", object_text="做强产业", modality="target"
        ),
    )
    measures = (
        _measure(
            document,
            key("m01"),
            park,
            "总投资",
            "2.5亿元",
            "总投资2.5亿元",
            modality="planned",
            low=Decimal("250000000"),
            high=Decimal("250000000"),
        ),
        _measure(
            document,
            key("m02"),
            park,
            "产值",
            "不低于30亿元",
            "2024年产值不低于30亿元",
            modality="target",
            low=Decimal("3000000000.0"),
            high=None,
            comparator="ge",
            period="2024",
        ),
        _measure(
            document,
            key("m03"),
            group,
            "项目数量",
            "3个",
            "等3个项目",
            modality="planned",
            low=Decimal(3),
            high=Decimal(3),
            unit="个",
        ),
    )
    pair = NamePair(
        judgement="possible",
        left=yuanfan,
        right=project,
        reviewer="审阅者甲",
        reviewed="2024-02-01",
        note="企业与项目同名",
    )
    return KnowledgeBase(
        documents=(document,), entities=entities, statements=statements, measures=measures, pairs=(pair,)
    )


def _measure(
    document: Document, key: str, subject: str, indicator: str, value: str, quote: str, **more: object
) -> Measure:
    fields = {"unit": "CNY", "comparator": "eq", "kind": "level", "base": "", "period": ""} | more
    return Measure(
        key=key,
        subject=subject,
        indicator=indicator,
        value_text=value,
        evidence=(cite(document, quote),),
        reviewers=("审阅者甲",),
        reviewed_on="2024-02-01",
        **fields,
    )  # type: ignore[arg-type]
