"""Features of a pair of groups and of their members: what the learned side sees of a relation."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import ahocorasick_rs

from kg.candidate.relation_pair import Group, GroupPair, Node
from kg.model import Document

_NEAR = 24
_FAR = 120
_STOP = re.compile(r"[。；！？;!?\n]")
_CLAUSE = re.compile(r"[，,：:]")
_SPACE = re.compile(r"\s")
_OTHERS = re.compile(r"(?:项目|工程|企业|公司|建设|产业)?[”\"’]?(?P<etc>等)")
_NOUN = re.compile(
    r"[^，。；、：\n和与的]{0,6}?(?:企业|公司|项目|工程|产业|集群|领域|行业|业态|方向|环节|板块|基地|园区|建设|发展|服务)|"
)
# A、B等X; 以A、B为代表的X; X，重点发展A
_ETC = re.compile(r"(?:项目|工程|企业|公司|产业)?[”\"’]?等(?P<mod>[^，。；、：]{0,14})")
_AS = re.compile(
    r"[”\"’]?(?:等[^，。；、]{0,6})?(?P<as>为代表|为主|为核心|为龙头|为引领|为骨干|于一体|为支撑|为重点)[^，。；]{0,10}"
)
_VERB = re.compile(
    r"(?P<verb>发展|培育|布局|壮大|做强|做优|优化|打造|构建|形成|推进|推动|建设|实施|加快|启动|支持|引进|拓展|聚焦|包括|提升|开工|建成|完成|引导|扶持)[^，。；、]{0,14}$"
)
_LEADS = re.compile(
    r"[”\"’]?(?:等[^，。；、]{0,8})?(?:产业|行业|领域)?(?:的)?(?:国内|全国|全球|省级|市级)?(?:龙头|领军|骨干|链主|头部|标杆|旗舰)"
)
_THIS = re.compile(
    r"[^，。；\n]{0,4}?(?P<this>该公司|公司|该企业|企业|该园区|园区内|园区|园内|该项目|项目|一期|二期|小镇|基地|该集团|集团|组团|开发区)"
)


@cache
def _words() -> tuple[tuple[tuple[str, tuple[str, ...]], ...], ahocorasick_rs.AhoCorasick]:
    text = (files("kg.candidate") / "rules" / "relation.tsv").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for line in text.split("\n"):
        if line and not line.startswith("#"):
            kind, words = line.split("\t")
            for word in words.split():
                found.setdefault(word, []).append(kind)
    names = tuple((word, tuple(kinds)) for word, kinds in found.items())
    return names, ahocorasick_rs.AhoCorasick(
        [word for word, _ in names], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
    )


class Triggers:
    """The words of a document that may say a relation, found once and asked for by stretch."""

    def __init__(self, text: str) -> None:
        names, matcher = _words()
        found = matcher.find_matches_as_indexes(text)
        self.starts = [start for _, start, _ in found]
        self.ends = [end for _, _, end in found]
        self.words = [names[index] for index, _, _ in found]

    def between(self, start: int, end: int) -> list[tuple[int, str, tuple[str, ...]]]:
        """The words that lie within a stretch: place, word, classes."""
        found = []
        place = bisect_left(self.starts, start)
        while place < len(self.starts) and self.ends[place] <= end:
            word, kinds = self.words[place]
            found.append((self.starts[place], word, kinds))
            place += 1
        return found


def describe_pair(document: Document, triggers: Triggers, pair: GroupPair) -> list[str]:
    """The features that all members of a pair of groups share."""
    text = document.text
    ahead = pair.subject.start < pair.object.start
    left, right = (pair.subject, pair.object) if ahead else (pair.object, pair.subject)
    types = f"{pair.subject.kind[:2]}{pair.object.kind[:2]}"
    order = ">" if ahead else "<"
    base = f"{types}{order}{pair.how if pair.how in ('same', 'name') else 'far'}"
    features = [base, f"{types}{pair.how}"]
    if pair.how == "name":
        return features
    shared = f"{'project' if pair.family == 'project' else 'any'}{base[4:]}"
    for each in (base, shared):
        features += _describe_place(pair, each, text, left, right)
        features += find_patterns(text, left, right, each, pair)
        if pair.family in ("project", "park"):
            features += _describe_words(triggers, text, each, left.start, left.end, right.start, right.end)
    features += _describe_edges(text, base, left.start, left.end, right.start, right.end)
    return [_SPACE.sub("_", feature) for feature in features]


def _describe_place(pair: GroupPair, base: str, text: str, left: Group, right: Group) -> Iterator[str]:
    """Where the groups stand in the sentence and the document, and what stands between them."""
    subject, obj = pair.subject, pair.object
    yield f"crossed={min(pair.crossed, 3)}{base}"
    yield f"lead={left.lead}/{pair.how}{base}"
    yield f"lead={left.lead}/{pair.how}/{pair.crossed == 0}{base}"
    if pair.how == "same":
        clauses = len(_CLAUSE.findall(text, left.end, right.start))
        between = "+".join(kind[:2] for kind in pair.between[:3])
        rival = f"{obj.kind in pair.between}{subject.kind in pair.between}"
        yield f"clauses={min(clauses, 4)}{base}"
        yield f"clauses={min(clauses, 2)}{left.lead}{base}"
        yield f"distance={_bucket(right.start - left.end)}{base}"
        yield f"between={between}{base}"
        yield f"rival={rival}{base}"
        yield f"rival={rival}{left.lead}{min(clauses, 2)}{base}"
    else:
        sentences = right.sentence - left.sentence
        paragraphs = min(3, right.paragraph - left.paragraph)
        yield f"sentences={_bucket(sentences)}{left.lead}{base}"
        yield f"paragraphs={paragraphs}{pair.how}{base}"
        yield f"paragraphs={paragraphs}{left.lead}{pair.crossed == 0}{base}"
    yield f"order={min(right.order, 2)}{right.lead}{left.lead}{base}"
    yield f"sizes={len(left.nodes) > 1}{len(right.nodes) > 1}{base}"


def find_patterns(text: str, left: Group, right: Group, base: str, pair: GroupPair) -> Iterator[str]:
    """The set forms of speech that tie two groups: A、B等X, X，发展A、B等领域, 公司位于X."""
    tail = _OTHERS.match(text, right.end)
    after = f"{_NOUN.match(text, tail.end('etc') if tail else right.end)[0][:2]}"  # type: ignore[index]
    summed = "no" if left.summed < 0 else "here" if left.summed == right.number else "else"
    ended = "no" if right.summed < 0 else "here" if right.summed == left.number else "else"
    yield f"summed={summed}{ended}{base}"
    start = _clause_start(text, right.start)
    comma = max(text.rfind(mark, max(start, left.end), right.start) for mark in "，,：、") + 1
    verb = _VERB.search(text, max(comma, start, left.end if pair.how == "same" else 0), right.start)
    said = verb["verb"][-2:] if verb else "none"
    sizes = f"{len(left.nodes) > 1}{len(right.nodes) > 1}"
    yield f"verb={said}{base}"
    yield f"verb={verb is not None}/{bool(tail)}{left.lead}{ended}{base}"
    yield f"verb={verb is not None}/{bool(tail)}{left.lead}{sizes}{ended}{min(pair.crossed, 1)}{base}"
    if pair.how == "same" and right.start - left.end <= 40:
        gap = text[left.end : right.start]
        if match := _ETC.fullmatch(gap):
            yield f"pattern=etc/{after}{base}"
            if match["mod"]:
                yield f"pattern=etc-mod{base}"
        elif match := _AS.fullmatch(gap):
            yield f"pattern=as/{match['as']}{base}"
        elif "，" not in gap and not pair.between:
            yield f"pattern=clause/{after}{base}"
            yield f"pattern=clause/{bool(tail)}{base}"
    if tail:
        yield f"tail={after}{base}"
        yield f"tail={left.lead}{min(pair.crossed, 1)}{base}"
    if _LEADS.match(text, right.end) or _LEADS.search(text, left.end, min(right.start, left.end + 14)):
        yield f"pattern=leads{base}"
    if match := _THIS.match(text, start, right.start):
        yield f"pattern=this/{match['this'][-2:]}{base}"
        yield f"pattern=this/{match['this'][-2:]}{pair.how}{pair.crossed == 0}{base}"


def _describe_edges(text: str, base: str, start: int, end: int, place: int, stop: int) -> Iterator[str]:
    """The letters around both groups and, where they are near, between them."""
    short = base[:5]
    gap = text[end:place] if 0 < place - end <= 5 else ""
    if gap:
        yield f"gap={gap}{short}"
    for size in (1, 2):
        yield f"after{size}={text[end : end + size]}{base}"
        yield f"before{size}={text[max(0, place - size) : place]}{base}"
        yield f"opening{size}={text[max(0, start - size) : start]}{base}"
        yield f"closing{size}={text[stop : stop + size]}{base}"


def _describe_words(
    triggers: Triggers, text: str, base: str, start: int, end: int, place: int, stop: int
) -> Iterator[str]:
    if place - end <= _FAR:
        inner = triggers.between(end, place)
        windows = [("in", inner)]
        if len(inner) > 1:
            windows += [("first", inner[:1]), ("last", inner[-1:])]
    else:
        windows = [
            ("first", triggers.between(end, _clause_end(text, end))[:2]),
            ("last", triggers.between(_clause_start(text, place), place)[-2:]),
        ]
    windows.append(("opening", triggers.between(_clause_start(text, start), start)[-2:]))
    windows.append(("closing", triggers.between(stop, _clause_end(text, stop))[:2]))
    for name, found in windows:
        if not found:
            yield f"{name}=none{base}"
        for feature in {
            each for _, word, kinds in found for each in (f"={word}", *(f"~{kind}" for kind in kinds))
        }:
            yield f"{name}{feature}{base}"


def _clause_start(text: str, place: int) -> int:
    stretch = text[max(0, place - _NEAR) : place]
    cut = max((match.end() for match in _STOP.finditer(stretch)), default=0)
    return place - len(stretch) + cut


def _clause_end(text: str, place: int) -> int:
    match = _STOP.search(text, place, place + _NEAR)
    return match.start() if match else min(len(text), place + _NEAR)


def describe_members(subject: Node, obj: Node) -> list[str]:
    """The features of two names by themselves."""
    types = f"{subject.kind[:2]}{obj.kind[:2]}"
    mine, other = subject.mention.text, obj.mention.text
    features = [
        f"subject-end={mine[-2:]}{types}",
        f"object-end={other[-2:]}{types}",
        f"object-start={other[:2]}{types}",
        f"counts={_bucket(subject.count)}/{_bucket(obj.count)}{types}",
        f"lengths={min(len(mine), 8) // 2}/{min(len(other), 8) // 2}{types}",
    ]
    if mine in other or other in mine:
        features.append(f"holds={'subject' if mine in other else 'object'}{types}")
    shared = _shared(mine, other)
    features.append(f"shared={shared}{types}")
    if obj.kind == "Industry":
        features.append(f"object={other}{types}")
    return [_SPACE.sub("_", feature) for feature in features]


def _shared(first: str, second: str) -> str:
    """How much two names have in common: their beginning, a pair of letters, their end, or nothing."""
    if first[:2] == second[:2]:
        return "start"
    pairs = {first[place : place + 2] for place in range(len(first) - 1)}
    if any(second[place : place + 2] in pairs for place in range(len(second) - 2)):
        return "pair"
    return "end" if first[-2:] == second[-2:] else "none"


def _bucket(value: int) -> str:
    for limit in (0, 1, 2, 3, 5, 8, 12, 20, 40, 80):
        if value <= limit:
            return str(limit)
    return "more"
