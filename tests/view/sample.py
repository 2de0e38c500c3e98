"""A small invented document with everything the page shows, and hostile names among the true ones."""

from dataclasses import replace
from decimal import Decimal

from kg.model import (
    Document,
    Entity,
    EntityVerdict,
    Evidence,
    KnowledgeBase,
    Measure,
    MeasureVerdict,
    NamePair,
    Record,
    RelationVerdict,
    Review,
    Span,
    Statement,
)
from kg.source.document import make_document

HOSTILE = "<img src=x onerror=window.pwned=1>"
SCRIPT_END = "</script><script>window.pwned=2</script>"
FORMULA = "=cmd|'/c calc'!A1"

TEXT = f"""临江新区在线访谈

主持人:请介绍今年的安排。

(一)做强产业。培育壮大以云帆、石桥为龙头的精密仪器产业,以青禾、蓝屿为龙头的香料产业。依托远山实业、甘泉食品等行业领军企业,深耕智慧仓储、果蔬加工等产业链。围绕石桥、云帆等招引制药产业。以快马物流、飞雁物流为招商重点,形成仓储物流集群。集中打造6条标志性产业链,培育“链主”企业。

(二)抓好项目。青禾香料产业园由青禾建设,落户香料产业园区,总投资5400万元,占地200亩,目前在建。甘泉食品(二期)由甘泉食品承担,年内建成投用。加快推进云港数据中心、临江文化馆等项目建设。数据中心位于光电产业园,云港数据中心服务数字经济。2024年收储土地不低于3000亩,合同引资额80亿元,力争突破100亿元。

(三)建设园区。推动仪器产业园、香料产业园区、光电产业园、医药产业园四大产业园区建设,仪器产业园发展精密仪器产业。云帆位于仪器产业园。石桥数码与石桥不是一家企业。

(四)其他。{HOSTILE}与{SCRIPT_END}以及{FORMULA}都是名称。🚗汽车城位于临江新区,沿江大道全长12.4公里。
"""

_RECORD = Record(
    id="linjiang-2024",
    title="临江新区在线访谈",
    publisher="临江新区管委会",
    issued="2024-03-01",
    place="临江新区",
    division="999999",
    anchors="2024",
)
DOCUMENT = make_document(_RECORD, TEXT)

_ENTITIES = (
    ("Industry", "精密仪器产业", "yiqi"),
    ("Industry", "香料产业", "xiangliao"),
    ("Industry", "智慧仓储", "cangchu"),
    ("Industry", "果蔬加工", "guoshu"),
    ("Industry", "制药产业", "zhiyao"),
    ("Industry", "仓储物流集群", "wuliu"),
    ("Industry", "数字经济", "shuzi"),
    ("Industry", "标志性产业链", "biaozhi"),
    ("Enterprise", "云帆", "yunfan"),
    ("Enterprise", "石桥", "shiqiao"),
    ("Enterprise", "青禾", "qinghe"),
    ("Enterprise", "蓝屿", "lanyu"),
    ("Enterprise", "远山实业", "yuanshan"),
    ("Enterprise", "甘泉食品", "ganquan"),
    ("Enterprise", "快马物流", "kuaima"),
    ("Enterprise", "飞雁物流", "feiyan"),
    ("Enterprise", "石桥数码", "shuma"),
    ("Enterprise", HOSTILE, "hostile"),
    ("Enterprise", SCRIPT_END, "scriptend"),
    ("Enterprise", FORMULA, "formula"),
    ("Project", "青禾香料产业园", "qhxl"),
    ("Project", "甘泉食品(二期)", "gqeq"),
    ("Project", "云港数据中心", "yungang"),
    ("Project", "临江文化馆", "wenhua"),
    ("Park", "香料产业园区", "xlyq"),
    ("Park", "仪器产业园", "yqy"),
    ("Park", "光电产业园", "gdy"),
    ("Park", "医药产业园", "yyy"),
    ("Place", "临江新区", "linjiang"),
    ("Place", "沿江大道", "yanjiang"),
    ("Place", "🚗汽车城", "qiche"),
    ("Group", "四大产业园区", "sida"),
)

# predicate, subject, object (a name, or `"words` said in words), basis, modality, period, quote
_STATEMENTS = (
    ("anchors", "云帆", "精密仪器产业", "龙头", "actual", "", "以云帆、石桥为龙头的精密仪器产业"),
    ("anchors", "石桥", "精密仪器产业", "龙头", "actual", "", "以云帆、石桥为龙头的精密仪器产业"),
    ("anchors", "青禾", "香料产业", "龙头", "actual", "", "以青禾、蓝屿为龙头的香料产业"),
    ("anchors", "蓝屿", "香料产业", "龙头", "actual", "", "以青禾、蓝屿为龙头的香料产业"),
    (
        "anchors",
        "远山实业",
        "智慧仓储",
        "领军企业",
        "actual",
        "2024",
        "依托远山实业、甘泉食品等行业领军企业,深耕智慧仓储",
    ),
    (
        "anchors",
        "甘泉食品",
        "果蔬加工",
        "领军企业",
        "actual",
        "2024",
        "依托远山实业、甘泉食品等行业领军企业,深耕智慧仓储、果蔬加工",
    ),
    ("anchors", "石桥", "制药产业", "围绕…招引", "planned", "2024", "围绕石桥、云帆等招引制药产业"),
    ("anchors", "云帆", "制药产业", "围绕…招引", "planned", "2024", "围绕石桥、云帆等招引制药产业"),
    (
        "anchors",
        "快马物流",
        "仓储物流集群",
        "招商重点",
        "target",
        "2024",
        "以快马物流、飞雁物流为招商重点,形成仓储物流集群",
    ),
    (
        "anchors",
        "飞雁物流",
        "仓储物流集群",
        "招商重点",
        "target",
        "2024",
        "以快马物流、飞雁物流为招商重点,形成仓储物流集群",
    ),
    ("notStated", "标志性产业链", '"名称', "", "actual", "", "6条标志性产业链"),
    ("undertakes", "青禾", "青禾香料产业园", "由…建设", "planned", "", "青禾香料产业园由青禾建设"),
    (
        "locatedIn",
        "青禾香料产业园",
        "香料产业园区",
        "落户",
        "planned",
        "",
        "青禾香料产业园由青禾建设,落户香料产业园区",
    ),
    ("hasStatus", "青禾香料产业园", '"在建', "目前在建", "actual", "2024", "目前在建"),
    ("undertakes", "甘泉食品", "甘泉食品(二期)", "承担", "planned", "", "甘泉食品(二期)由甘泉食品承担"),
    ("hasStatus", "甘泉食品(二期)", '"投用', "建成投用", "target", "2024", "年内建成投用"),
    ("locatedIn", "云港数据中心", "光电产业园", "位于", "actual", "", "数据中心位于光电产业园"),
    ("inIndustry", "云港数据中心", "数字经济", "服务", "actual", "", "云港数据中心服务数字经济"),
    ("develops", "仪器产业园", "精密仪器产业", "发展", "planned", "", "仪器产业园发展精密仪器产业"),
    ("locatedIn", "云帆", "仪器产业园", "位于", "actual", "", "云帆位于仪器产业园"),
    (
        "memberOf",
        "仪器产业园",
        "四大产业园区",
        "",
        "planned",
        "",
        "仪器产业园、香料产业园区、光电产业园、医药产业园四大产业园区",
    ),
    (
        "memberOf",
        "医药产业园",
        "四大产业园区",
        "",
        "planned",
        "",
        "仪器产业园、香料产业园区、光电产业园、医药产业园四大产业园区",
    ),
    ("locatedIn", "🚗汽车城", "临江新区", "位于", "actual", "", "🚗汽车城位于临江新区"),
    ("inIndustry", HOSTILE, "数字经济", "", "actual", "", f"{HOSTILE}与"),
)

# subject, indicator, value, low, high, unit, comparator, modality, period, quote
_MEASURES = (
    (
        "青禾香料产业园",
        "总投资",
        "5400万元",
        "54000000",
        "54000000",
        "CNY",
        "eq",
        "planned",
        "2024",
        "总投资5400万元",
    ),
    ("青禾香料产业园", "占地", "200亩", "200", "200", "亩", "eq", "planned", "2024", "占地200亩"),
    (
        "临江新区",
        "收储土地",
        "不低于3000亩",
        "3000",
        None,
        "亩",
        "ge",
        "target",
        "2024",
        "2024年收储土地不低于3000亩",
    ),
    (
        "临江新区",
        "合同引资额",
        "80亿元",
        "8000000000",
        "8000000000",
        "CNY",
        "eq",
        "target",
        "2024",
        "合同引资额80亿元",
    ),
    (
        "临江新区",
        "合同引资额",
        "突破100亿元",
        "10000000000",
        None,
        "CNY",
        "gt",
        "stretch",
        "2024",
        "力争突破100亿元",
    ),
    ("标志性产业链", "数量", "6条", "6", "6", "条", "eq", "target", "", "集中打造6条标志性产业链"),
    ("沿江大道", "长度", "12.4公里", "12400", "12400", "m", "eq", "actual", "", "沿江大道全长12.4公里"),
)

SECOND_TEXT = """南岭镇工作简报

招商局支持全区各企业和项目。恒达位于南湖园。恒达承担恒达一号,恒达一号落户梅溪园,东岭位于梅溪园。2025年恒达产值3亿元,东岭用工800人。
"""
SECOND_DOCUMENT = make_document(
    Record(
        id="nanling-2025", title="南岭镇工作简报", publisher="南岭镇", issued="2025-01-10", place="南岭镇"
    ),
    SECOND_TEXT,
)
HOSTILE_REVIEWER = 'O"Neil\\ }'
HUB = "招商局"
_SECOND_ENTITIES = (
    ("Organization", HUB, "zhaoshang"),
    ("Enterprise", "恒达", "hengda"),
    ("Enterprise", "东岭", "dongling"),
    ("Project", "恒达一号", "hdyh"),
    ("Park", "梅溪园", "meixi"),
    ("Park", "南湖园", "nanhu"),
)
# predicate, subject, object, reviewers, quote
_SECOND_STATEMENTS = (
    ("undertakes", "恒达", "恒达一号", ("乙",), "恒达承担恒达一号"),
    ("locatedIn", "恒达一号", "梅溪园", ("甲", "乙"), "恒达一号落户梅溪园"),
    ("locatedIn", "东岭", "梅溪园", (HOSTILE_REVIEWER,), "东岭位于梅溪园"),
    ("locatedIn", "恒达", "南湖园", (), "恒达位于南湖园"),
)


def make_wide_sample() -> KnowledgeBase:
    """Return the sample with a second document, checked by others, in which one body supports nearly all."""
    kb = make_sample()
    keys = {name: f"{kind.lower()}-{short}-000000" for kind, name, short in _SECOND_ENTITIES}
    entities = tuple(
        replace(
            _make_entity(kind, name, keys[name], SECOND_DOCUMENT),
            reviewers=("乙",),
        )
        for kind, name, _ in _SECOND_ENTITIES
    )
    supported = [e.key for e in kb.entities if e.types[0] in ("Enterprise", "Project", "Park")]
    supported = [key for key in supported if "wenhua" not in key] + [keys["恒达"], keys["东岭"]]
    rows = [(p, keys[s], keys[o], reviewers, quote) for p, s, o, reviewers, quote in _SECOND_STATEMENTS]
    rows += [("supports", keys[HUB], key, ("乙",), "招商局支持全区各企业和项目") for key in supported]
    rows += [("leads", keys[HUB], key, ("乙",), "招商局支持全区各企业和项目") for key in supported[:3]]
    return replace(
        kb,
        documents=(*kb.documents, SECOND_DOCUMENT),
        entities=(*kb.entities, *entities),
        statements=(*kb.statements, *(_make_second(number, row) for number, row in enumerate(rows))),
        measures=(
            *kb.measures,
            *(
                replace(
                    _make_measure(number, row, keys, SECOND_DOCUMENT), key=f"n{number:04d}", reviewers=("乙",)
                )
                for number, row in enumerate(_SECOND_MEASURES)
            ),
        ),
    )


_SECOND_MEASURES = (
    (
        "恒达",
        "产值",
        "3亿元",
        "300000000",
        "300000000",
        "CNY",
        "eq",
        "actual",
        "2025",
        "2025年恒达产值3亿元",
    ),
    ("东岭", "用工", "800人", "800", "800", "人", "eq", "actual", "2025", "东岭用工800人"),
)


def _make_second(number: int, row: tuple[str, str, str, tuple[str, ...], str]) -> Statement:
    predicate, subject, target, reviewers, quote = row
    return Statement(
        key=f"t{number:04d}",
        predicate=predicate,
        subject=subject,
        object=target,
        modality="actual",
        period="2025" if predicate == "supports" else "",
        evidence=tuple(_find(quote, SECOND_DOCUMENT)),
        reviewers=reviewers,
        reviewed_on="2026-11-25",
    )


def make_sample() -> KnowledgeBase:
    """Return the knowledge base of the sample document, every quote verbatim from its text."""
    keys = {name: f"{kind.lower()}-{short}-000000" for kind, name, short in _ENTITIES}
    return KnowledgeBase(
        documents=(DOCUMENT,),
        entities=tuple(_make_entity(kind, name, keys[name]) for kind, name, _ in _ENTITIES),
        statements=tuple(_make_statement(number, row, keys) for number, row in enumerate(_STATEMENTS)),
        measures=tuple(_make_measure(number, row, keys) for number, row in enumerate(_MEASURES)),
        pairs=(
            NamePair(
                judgement="different",
                left="linjiang-2024:石桥",
                right="linjiang-2024:石桥数码",
                note="另一家",
            ),
            NamePair(judgement="possible", left="linjiang-2024:智慧仓储", right="linjiang-2024:仓储物流集群"),
        ),
    )


def make_review() -> Review:
    """Return a review with an accepted row and three that made no statement."""
    return Review(
        document=DOCUMENT.id,
        entities=(
            EntityVerdict(verdict="accept", type="Enterprise", name="云帆"),
            EntityVerdict(verdict="reject", type="Project", name="年内", note="type 不是名称", reviewer="甲"),
        ),
        relations=(
            RelationVerdict(
                verdict="unsure",
                relation="undertakes",
                subject="石桥",
                object="甘泉食品(二期)",
                quote="甘泉食品(二期)由甘泉食品承担",
            ),
        ),
        measures=(
            MeasureVerdict(
                verdict="reject",
                subject="-",
                indicator="数量",
                value="四大",
                quote="四大产业园区",
                note="number",
            ),
        ),
    )


def _make_entity(kind: str, name: str, key: str, document: Document = DOCUMENT) -> Entity:
    return Entity(
        key=key,
        types=(kind,),
        label=name,
        name=name,
        aliases=("青禾农业",) if name == "青禾" else (),
        documents=(document.id,),
        mentions=tuple(_find(name, document, all_places=True)),
        evidence=tuple(_find(name, document)),
        reviewers=("甲",),
        reviewed_on="2026-11-24",
        open=name == "四大产业园区",
    )


def _make_statement(number: int, row: tuple[str, ...], keys: dict[str, str]) -> Statement:
    predicate, subject, target, basis, modality, period, quote = row
    return Statement(
        key=f"s{number:04d}",
        predicate=predicate,
        subject=keys[subject],
        object="" if target.startswith('"') else keys[target],
        object_text=target[1:] if target.startswith('"') else "",
        basis=basis,
        modality=modality,
        period=period,
        evidence=tuple(_find(quote)),
        reviewers=("甲",),
        reviewed_on="2026-11-24",
    )


def _make_measure(
    number: int, row: tuple[str | None, ...], keys: dict[str, str], document: Document = DOCUMENT
) -> Measure:
    subject, indicator, value, low, high, unit, comparator, modality, period, quote = row
    return Measure(
        key=f"m{number:04d}",
        subject=keys[str(subject)],
        indicator=str(indicator),
        value_text=str(value),
        low=None if low is None else Decimal(low),
        high=None if high is None else Decimal(high),
        unit=str(unit),
        comparator=str(comparator),
        kind="level",
        base="",
        modality=str(modality),
        period=str(period),
        evidence=tuple(_find(str(quote), document)),
        reviewers=("甲",),
        reviewed_on="2026-11-24",
    )


def _find(words: str, document: Document = DOCUMENT, *, all_places: bool = False) -> list[Evidence]:
    places = []
    start = document.text.find(words)
    assert start >= 0, words
    while start >= 0:
        places.append(_make_evidence(start, start + len(words), document))
        start = document.text.find(words, start + 1) if all_places else -1
    return places


def _make_evidence(start: int, end: int, document: Document) -> Evidence:
    text = document.text
    around = [s for s in document.sentences if s.start <= start < s.end]
    sentence = around[0] if around else Span(start=start, end=end, text=text[start:end])
    headings = [s.heading.text for s in document.sections if s.start <= start < s.end]
    return Evidence(
        start=start,
        end=end,
        text=text[start:end],
        document=document.id,
        prefix=text[max(0, start - 32) : start],
        suffix=text[end : end + 32],
        sections=tuple(headings),
        sentence=sentence,
    )
