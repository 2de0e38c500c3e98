"""Features of a pair of groups and of their members: what the learned side sees of a relation.

A feature is a stem that holds under one or two bases (the types of both names, their order, and
whether they stand in one sentence; then the order alone, which all types share), so that a
model looks each stem up once.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from kg.candidate.relation_pair import Group, GroupPair, Node
from kg.candidate.trigger import read_triggers

_NEAR = 24
_FAR = 120
_LEAD = frozenset(("lead", "magnet"))
_STOP = re.compile(r"[。；！？;!?\n]")
_COMMA = re.compile(r"[，,：:]")
_PIECE_END = re.compile(r"[，,：:、]")
_BUCKETS = tuple(
    next((str(limit) for limit in (0, 1, 2, 3, 5, 8, 12, 20, 40, 80) if value <= limit), "more")
    for value in range(82)
)
_OTHERS = re.compile(r"(?:项目|工程|企业|公司|建设|产业)?[”\"’]?(?P<etc>等)")
_NOUN = re.compile(
    r"[^，,。；、：\n和与的]{0,6}?(?:企业|公司|项目|工程|产业|集群|领域|行业|业态|方向|环节|板块|基地|园区|建设|发展|服务)|"
)
# A、B等X; 以A、B为代表的X; X，重点发展A
_ETC = re.compile(r"(?:项目|工程|企业|公司|产业)?[”\"’]?等(?P<mod>[^，,。；、：]{0,14})")
_AS = re.compile(
    r"[”\"’]?(?:等[^，。；、]{0,6})?(?P<as>为代表|为主|为核心|为龙头|为引领|为骨干|于一体|为支撑|为重点)[^，,。；]{0,10}"
)
_VERB = re.compile(
    r"(?P<verb>发展|培育|布局|壮大|做强|做优|优化|打造|构建|形成|推进|推动|建设|实施|加快|启动|支持|引进|拓展|聚焦|包括|提升|开工|建成|完成|引导|扶持)[^，,。；、]{0,14}$"
)
_LEADS = re.compile(
    r"[”\"’]?(?:等[^，。；、]{0,8})?(?:产业|行业|领域)?(?:的)?(?:国内|全国|全球|省级|市级)?(?:龙头|领军|骨干|链主|头部|标杆|旗舰)"
)
_THIS = re.compile(
    r"[^，。；\n]{0,4}?(?P<this>该公司|公司|该企业|企业|该园区|园区内|园区|园内|该项目|项目|一期|二期|小镇|基地|该集团|集团|组团|开发区)"
)


class Triggers:
    """The words of a document that may say a relation, found once and asked for by stretch."""

    def __init__(self, text: str) -> None:
        names, matcher = read_triggers("relation")
        found = matcher.find_matches_as_indexes(text)
        self.starts = [start for _, start, _ in found]
        self.ends = [end for _, _, end in found]
        self.words = [names[index] for index, _, _ in found]
        self._leads = [
            start
            for start, (_, kinds) in zip(self.starts, self.words, strict=True)
            if not _LEAD.isdisjoint(kinds)
        ]

    def leads(self, pair: GroupPair) -> bool:
        """Whether a word that names a leader or a magnet stands in or beside the stretch of a pair."""
        start, end = min(pair.subject.start, pair.object.start), max(pair.subject.end, pair.object.end)
        place = bisect_left(self._leads, start - _NEAR)
        return place < len(self._leads) and self._leads[place] < end + 2 * _NEAR

    def between(self, start: int, end: int) -> list[tuple[int, str, tuple[str, ...]]]:
        """The words that lie within a stretch: place, word, classes."""
        found = []
        place = bisect_left(self.starts, start)
        while place < len(self.starts) and self.ends[place] <= end:
            word, kinds = self.words[place]
            found.append((self.starts[place], word, kinds))
            place += 1
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """What stands around a group, whatever it is paired with."""

    clause: int
    comma: int
    verb: tuple[int, str] | None
    tail: bool
    noun: str
    leads: bool
    this: tuple[int, str] | None
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    outside: tuple[str, str, str, str]


class Describer:
    """Describes the pairs of one document; what belongs to a group alone is looked up once."""

    def __init__(self, text: str) -> None:
        self.triggers = Triggers(text)
        self._text = text
        self._view = re.sub(r"\s", "_", text)
        self._sides: dict[int, _Side] = {}
        self._members: dict[tuple[str, str, str, str], list[str]] = {}

    def describe(self, pair: GroupPair) -> tuple[tuple[str, str], list[str]]:
        """The two bases of a pair of groups and the stems that all its members share."""
        ahead = pair.subject.start < pair.object.start
        left, right = (pair.subject, pair.object) if ahead else (pair.object, pair.subject)
        where = pair.how if pair.how in ("same", "name") else "far"
        order = f"{'>' if ahead else '<'}{where}"
        types = f"{pair.subject.kind[:2]}{pair.object.kind[:2]}"
        bases = f"{types}{order}", f"{'project' if pair.family == 'project' else 'any'}{order}"
        stems = ["bias", f"how={pair.how}"]
        if pair.how != "name":
            mine, other = self._side(left), self._side(right)
            stems += _describe_place(self._text, pair, left, right)
            stems += _describe_speech(self._text, pair, left, right, mine, other)
            if pair.family in ("project", "park"):
                stems += self._describe_words(left, right, mine, other)
            stems += self._describe_edges(left, right, mine, other)
        return bases, stems

    def _side(self, group: Group) -> _Side:
        found = self._sides.get(group.number)
        if found is None:
            found = self._sides[group.number] = self._look(group)
        return found

    def _look(self, group: Group) -> _Side:
        text, view, start, end = self._text, self._view, group.start, group.end
        clause, stop = _clause_start(text, start), _clause_end(text, end)
        comma = clause
        for match in _PIECE_END.finditer(text, clause, start):
            comma = match.end()
        verb = _VERB.search(text, comma, start)
        tail = _OTHERS.match(text, end)
        noun = _NOUN.match(text, tail.end("etc") if tail else end)
        this = _THIS.match(text, clause, start)
        return _Side(
            clause=clause,
            comma=comma,
            verb=(verb.start(), verb["verb"][-2:]) if verb else None,
            tail=tail is not None,
            noun=noun[0][:2] if noun else "",
            leads=_LEADS.match(text, end) is not None,
            this=(this.end(), this["this"][-2:]) if this else None,
            opening=_name_words("opening", self.triggers.between(clause, start)[-2:]),
            closing=_name_words("closing", self.triggers.between(end, stop)[:2]),
            outside=(
                view[max(0, start - 1) : start],
                view[max(0, start - 2) : start],
                view[end : end + 1],
                view[end : end + 2],
            ),
        )

    def _describe_words(self, left: Group, right: Group, mine: _Side, other: _Side) -> Iterator[str]:
        """The trigger words between the groups, before and behind them."""
        yield from mine.opening
        yield from other.closing
        if right.start - left.end > _FAR:
            stop = _clause_end(self._text, left.end)
            yield from _name_words("first", self.triggers.between(left.end, stop)[:2])
            yield from _name_words("last", self.triggers.between(other.clause, right.start)[-2:])
            return
        inner = self.triggers.between(left.end, right.start)
        yield from _name_words("in", inner)
        if len(inner) > 1:
            yield from _name_words("first", inner[:1])
            yield from _name_words("last", inner[-1:])

    def _describe_edges(self, left: Group, right: Group, mine: _Side, other: _Side) -> Iterator[str]:
        """The letters around both groups and, where they are near, between them."""
        if 0 < right.start - left.end <= 5:
            yield f"gap={self._view[left.end : right.start]}"
        yield f"opening1={mine.outside[0]}"
        yield f"opening2={mine.outside[1]}"
        yield f"after1={mine.outside[2]}"
        yield f"after2={mine.outside[3]}"
        yield f"before1={other.outside[0]}"
        yield f"before2={other.outside[1]}"
        yield f"closing1={other.outside[2]}"
        yield f"closing2={other.outside[3]}"

    def describe_members(self, subject: Node, obj: Node) -> list[str]:
        """The stems of two names by themselves."""
        key = subject.mention.text, subject.kind, obj.mention.text, obj.kind
        found = self._members.get(key)
        if found is None:
            found = self._members[key] = _describe_names(subject, obj)
        return found


def member_base(subject: Node, obj: Node) -> str:
    """The base under which the names of two members are described."""
    return subject.kind[:2] + obj.kind[:2]


def _describe_place(text: str, pair: GroupPair, left: Group, right: Group) -> Iterator[str]:
    """Where the groups stand in the sentence and the document, and what stands between them."""
    subject, obj, lead = pair.subject, pair.object, left.lead
    yield f"crossed={min(pair.crossed, 3)}"
    yield f"lead={lead}/{pair.how}"
    yield f"lead={lead}/{pair.how}/{pair.crossed == 0}"
    if pair.how == "same":
        clauses = len(_COMMA.findall(text, left.end, right.start))
        rival = f"{obj.kind in pair.between}{subject.kind in pair.between}"
        yield f"clauses={min(clauses, 4)}"
        yield f"clauses={min(clauses, 2)}{lead}"
        yield f"distance={_bucket(right.start - left.end)}"
        yield f"between={'+'.join([kind[:2] for kind in pair.between[:3]])}"
        yield f"rival={rival}"
        yield f"rival={rival}{lead}{min(clauses, 2)}"
    else:
        paragraphs = min(3, right.paragraph - left.paragraph)
        yield f"sentences={_bucket(right.sentence - left.sentence)}{lead}"
        yield f"paragraphs={paragraphs}{pair.how}"
        yield f"paragraphs={paragraphs}{lead}{pair.crossed == 0}"
    yield f"order={min(right.order, 2)}{right.lead}{lead}"
    yield f"sizes={len(left.nodes) > 1}{len(right.nodes) > 1}"


def _describe_speech(
    text: str, pair: GroupPair, left: Group, right: Group, mine: _Side, other: _Side
) -> Iterator[str]:
    """The set forms of speech that tie two groups: A、B等X; X，发展A、B等领域; 公司位于X."""
    summed = "no" if left.summed < 0 else "here" if left.summed == right.number else "else"
    ended = "no" if right.summed < 0 else "here" if right.summed == left.number else "else"
    yield f"summed={summed}{ended}"
    verb = other.verb
    if verb and pair.how == "same" and verb[0] < left.end:
        match = _VERB.search(text, max(left.end, other.comma), right.start)
        verb = (match.start(), match["verb"][-2:]) if match else None
    sizes = f"{len(left.nodes) > 1}{len(right.nodes) > 1}"
    crossed = min(pair.crossed, 1)
    yield f"verb={verb[1] if verb else 'none'}"
    yield f"verb={verb is not None}/{other.tail}{left.lead}{ended}"
    yield f"verb={verb is not None}/{other.tail}{left.lead}{sizes}{ended}{crossed}"
    if pair.how == "same" and right.start - left.end <= 40:
        yield from _describe_gap(text[left.end : right.start], pair, other)
    if other.tail:
        yield f"tail={other.noun}"
        yield f"tail={left.lead}{crossed}"
    if other.leads or _LEADS.search(text, left.end, min(right.start, left.end + 14)):
        yield "pattern=leads"
    if other.this and (pair.how != "same" or left.end <= other.clause):
        yield f"pattern=this/{other.this[1]}"
        yield f"pattern=this/{other.this[1]}{pair.how}{pair.crossed == 0}"


def _describe_gap(gap: str, pair: GroupPair, other: _Side) -> Iterator[str]:
    if match := _ETC.fullmatch(gap):
        yield f"pattern=etc/{other.noun}"
        if match["mod"]:
            yield "pattern=etc-mod"
    elif match := _AS.fullmatch(gap):
        yield f"pattern=as/{match['as']}"
    elif not pair.between and not _COMMA.search(gap):
        yield f"pattern=clause/{other.noun}"
        yield f"pattern=clause/{other.tail}"


def _name_words(place: str, found: list[tuple[int, str, tuple[str, ...]]]) -> tuple[str, ...]:
    if not found:
        return (f"{place}=none",)
    return tuple(
        dict.fromkeys(
            each
            for _, word, kinds in found
            for each in (f"{place}={word}", *(f"{place}~{kind}" for kind in kinds))
        )
    )


def _clause_start(text: str, place: int) -> int:
    stretch = text[max(0, place - _NEAR) : place]
    cut = max((match.end() for match in _STOP.finditer(stretch)), default=0)
    return place - len(stretch) + cut


def _clause_end(text: str, place: int) -> int:
    match = _STOP.search(text, place, place + _NEAR)
    return match.start() if match else min(len(text), place + _NEAR)


def _describe_names(subject: Node, obj: Node) -> list[str]:
    mine, other = (re.sub(r"\s", "_", node.mention.text) for node in (subject, obj))
    stems = [
        f"subject-end={mine[-2:]}",
        f"object-end={other[-2:]}",
        f"object-start={other[:2]}",
        f"counts={_bucket(subject.count)}/{_bucket(obj.count)}",
        f"lengths={min(len(mine), 8) // 2}/{min(len(other), 8) // 2}",
        f"shared={_shared(mine, other)}",
    ]
    if mine in other or other in mine:
        stems.append(f"holds={'subject' if mine in other else 'object'}")
    if obj.kind == "Industry":
        stems.append(f"object={other}")
    return stems


def _shared(first: str, second: str) -> str:
    """How much two names have in common: their beginning, a pair of letters, their end, or nothing."""
    if first[:2] == second[:2]:
        return "start"
    pairs = {first[place : place + 2] for place in range(len(first) - 1)}
    if any(second[place : place + 2] in pairs for place in range(len(second) - 2)):
        return "pair"
    return "end" if first[-2:] == second[-2:] else "none"


def _bucket(value: int) -> str:
    return _BUCKETS[min(max(value, 0), 81)]
