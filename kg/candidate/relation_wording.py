"""The words of a relation: its evidence, its basis, and whether it holds or is only wanted."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from kg.candidate.relation_feature import Triggers
from kg.candidate.relation_pair import SUMMED, GroupPair, Node
from kg.model import Document, Span

_LONGEST = 120
_CLASSES = {
    "industry": ("field", "grow", "thrive"),
    "park": ("place", "build", "invest", "agent"),
    "project": ("build", "invest", "agent"),
    "part": ("part", "grow"),
}
_STOP = re.compile(r"[。；！？;!?\n]")
_AHEAD = re.compile(r"安排|任务|目标|打算|部署|思路|今年|明年|展望|重点工作|计划")
_BACK = re.compile(r"回顾|过去|总结|成效|成就|取得|完成情况")
_DONE = re.compile(
    r"已|建成|投产|投用|竣工|落户|完工|位于|坐落|[成现进批]了|获批|完成|实现|累计|顺利|现有|拥有"
)
_WILL = re.compile(r"拟|将|计划|谋划|筹建|预计")
_PLAN = re.compile(
    r"要|推进|加快|推动|启动|开工|围绕|重点|着力|大力|力推|培育|打造|引进|支持|服务好|聚焦|形成|深耕"
)
_LED = re.compile(r"龙头|领军|链主|骨干|引领|主体|核心|等|代表")
_STRETCH = re.compile(r"力争|争取|有望")


def find_evidence(
    document: Document,
    triggers: Triggers,
    pair: GroupPair,
    subject: Node,
    obj: Node,
    signs: Sequence[tuple[int, int]],
) -> tuple[Span, str]:
    """The shortest stretch that states a relation, and the words in it that say so."""
    text = document.text
    first, second = sorted((subject.mention, obj.mention), key=lambda mention: (mention.start, mention.end))
    start, end = first.start, max(first.end, second.end)
    if pair.how == "name":
        start, end = max((subject.mention, obj.mention), key=lambda mention: len(mention.text)).start, 0
        end = start + max(len(subject.mention.text), len(obj.mention.text))
    elif end - start > _LONGEST:
        start, end = _clause(text, second.start, second.end)
    spans = [span for span in signs if start - _LONGEST < span[0] and span[1] < end + _LONGEST]
    if not spans and pair.how != "name":
        spans = _find_basis(text, triggers, pair, start, end)
    start, end = min([start, *(s for s, _ in spans)]), max([end, *(e for _, e in spans)])
    basis = "…".join(text[s:e] for s, e in spans)
    return Span(start=start, end=end, text=text[start:end]), "" if "\n" in basis else basis


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The name and what is said of it, to the ends of its clause."""
    before = max((text.rfind(mark, max(0, start - 40), start) for mark in "，,。；;：\n"), default=-1)
    begin = before + 1 if before >= 0 else start
    stop = re.compile(r"[，,。；;\n]").search(text, end, end + 40)
    return begin, stop.start() if stop else end


def _find_basis(
    text: str, triggers: Triggers, pair: GroupPair, start: int, end: int
) -> list[tuple[int, int]]:
    left, right = sorted((pair.subject, pair.object), key=lambda group: group.start)
    if pair.how == "same" and (match := SUMMED.fullmatch(text, left.end, right.start)):
        return [match.span("basis")]
    wanted = _CLASSES[pair.family]
    found = [
        (place, place + len(word))
        for place, word, kinds in triggers.between(start, end)
        if any(kind in wanted for kind in kinds) and not _inside(place, pair)
    ]
    return found[-1:]


def _inside(place: int, pair: GroupPair) -> bool:
    """Whether a word stands within one of the names."""
    nodes = (*pair.subject.nodes, *pair.object.nodes)
    return any(node.mention.start <= place < node.mention.end for node in nodes)


def find_modality(document: Document, evidence: Span, kind: str, basis: str) -> str:
    """Tell from the words around and the section whether a relation holds, is planned or hoped for.

    Who leads an industry leads it now, and a list is what it is, whatever is planned with them.
    """
    text = document.text
    stops = [match.end() for match in _STOP.finditer(text, max(0, evidence.start - 40), evidence.start)]
    around = text[stops[-1] if stops else max(0, evidence.start - 40) : evidence.end]
    if _STRETCH.search(around):
        return "stretch"
    if kind == "partOf" or (kind == "anchors" and _LED.search(basis)):
        return "actual"
    if _WILL.search(around):
        return "planned"
    if _DONE.search(around):
        return "actual"
    direction = _find_direction(document, evidence.start)
    return "planned" if direction != "back" and _PLAN.search(around) else "actual"


def _find_direction(document: Document, place: int) -> str:
    """Whether the sections above a place look back or ahead; empty if they do not say."""
    sections = document.sections
    last = bisect_right(sections, place, key=lambda section: section.start)
    for section in reversed(sections[max(0, last - 12) : last]):
        if section.end > place:
            if _BACK.search(section.heading.text):
                return "back"
            if _AHEAD.search(section.heading.text):
                return "ahead"
    return ""
