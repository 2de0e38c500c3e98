"""Pairs: which names of a document may stand in a relation, and where they stand to each other.

Names listed together (A、B和C) form one group and are paired as one, so that what is
said of a list is said of each member. Every group meets a bounded number of others, so
that the pairs of a sentence that names a thousand firms grow with the firms alone.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kg.model import Document, EntityCandidate, Mention

# Which relation may hold from one type to another; the first two letters name the family.
FAMILIES: Mapping[tuple[str, str], str] = {
    ("Enterprise", "Industry"): "industry",
    ("Project", "Industry"): "industry",
    ("Park", "Industry"): "industry",
    ("Enterprise", "Park"): "park",
    ("Project", "Park"): "park",
    ("Park", "Park"): "park",
    ("Enterprise", "Project"): "project",
    ("Industry", "Industry"): "part",
    ("Project", "Project"): "part",
}
_REACH = 5  # groups to either side within a sentence
_CROWD = 40  # members of a group that are paired with each member of another
# A、B等X; 以A、B为代表的X
SUMMED = re.compile(
    r"(?:项目|工程|企业|公司|产业)?[”\"’]?(?P<basis>等[^，,。；、：]{0,14}|(?:等[^，,。；、]{0,6})?"
    r"(?:为代表|为主|为核心|为龙头|为引领|为骨干|于一体|为支撑|为重点)[^，,。；]{0,10})"
)
_SPOKEN_OF = ("EnIn", "EnPa", "EnPr", "PaIn")  # what is said of a subject named before
_SHORT_LINE = 30
_OPENING = 16
_LONGEST_NAME = 30
_LINE = re.compile(r"[^\n]+")
_ENDED = re.compile(r"[。；！？，,;]")
_BREAK = re.compile(r"[，,。；：]")
_JOINT = re.compile(
    r"(?:项目|工程|企业|公司|产业|建设)?[”\"’》）)]?(?:[（(][^（）()\n]{0,20}[）)])?"
    r"(?:、[^，,。；：:、\n]{0,16}|和|与|及|以及|或|[，,]?(?:以及|和|及))[“\"‘《（(]?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A mention with its entity: name, type, number of mentions, and how sure it is one."""

    mention: Mention
    name: str
    kind: str
    count: int
    sure: float


@dataclass(slots=True, kw_only=True)
class Group:
    """Names of one type that are listed together in a sentence.

    `lead` says how the group leads what follows it: `heading`, `line` (alone in its line), `paragraph`
    or `sentence` (which it opens, but for a few words), or nothing. `summed` is the number of the group
    that sums it up (A、B等X, 以A、B为代表的X), if any.
    """

    nodes: list[Node]
    kind: str
    sentence: int
    paragraph: int
    order: int
    number: int = 0
    lead: str = ""
    summed: int = -1

    @property
    def start(self) -> int:
        return self.nodes[0].mention.start

    @property
    def end(self) -> int:
        return self.nodes[-1].mention.end


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPair:
    """Two groups as subject and object, and what brings them together.

    `how` is `same` (sentence), `lead` (one led the sentences before the other), `heading`,
    `previous` (sentence), `last` (of its kind), `title` or `name` (one name begins the other). `crossed`
    counts the groups of the kind of the first one that stand between.
    """

    subject: Group
    object: Group
    how: str
    family: str
    between: tuple[str, ...] = ()
    crossed: int = 0


@dataclass(slots=True, kw_only=True)
class Layout:
    """A document as its groups of names in order, by sentence."""

    document: Document
    groups: list[Group] = field(default_factory=list)
    by_sentence: dict[int, list[Group]] = field(default_factory=dict)


def lay_out(document: Document, entities: Sequence[EntityCandidate]) -> Layout:
    """Order the mentions of all entities into groups."""
    nodes = sorted(
        (
            Node(
                mention=mention,
                name=entity.name,
                kind=mention.type,
                count=len(entity.mentions),
                sure=entity.confidence,
            )
            for entity in entities
            for mention in entity.mentions
        ),
        key=lambda node: (node.mention.start, -node.mention.end),
    )
    layout = Layout(document=document)
    starts = [sentence.start for sentence in document.sentences]
    lines = [match.span() for match in _LINE.finditer(document.text)]
    line_starts = [start for start, _ in lines]
    last: Group | None = None
    for node in nodes:
        sentence = bisect_right(starts, node.mention.start) - 1
        if last is not None and _joins(document.text, last, node, sentence):
            last.nodes.append(node)
            continue
        inside = layout.by_sentence.setdefault(sentence, [])
        last = Group(
            nodes=[node],
            kind=node.kind,
            sentence=sentence,
            paragraph=bisect_right(line_starts, node.mention.start) - 1,
            order=len(inside),
            number=len(layout.groups),
        )
        inside.append(last)
        layout.groups.append(last)
    _find_leads(layout, lines)
    for left, right in pairwise(layout.groups):
        near = left.sentence == right.sentence and right.start - left.end <= 24
        if near and SUMMED.fullmatch(document.text, left.end, right.start):
            left.summed = right.number
    return layout


def _joins(text: str, group: Group, node: Node, sentence: int) -> bool:
    if group.kind != node.kind or group.sentence != sentence:
        return False
    gap = node.mention.start - group.end
    return 0 < gap <= 40 and _JOINT.fullmatch(text, group.end, node.mention.start) is not None


def _find_leads(layout: Layout, lines: Sequence[tuple[int, int]]) -> None:
    """Mark the groups that lead what follows: in headings, alone in a line, opening a sentence."""
    text, sentences = layout.document.text, layout.document.sentences
    headings = [(section.heading.start, section.heading.end) for section in layout.document.sections]
    heading_starts = [start for start, _ in headings]
    for group in layout.groups:
        place = bisect_right(heading_starts, group.start) - 1
        start, end = lines[group.paragraph]
        if place >= 0 and group.end <= headings[place][1]:
            group.lead = "heading"
        elif end - start <= _SHORT_LINE and not _ENDED.search(text, start, end):
            group.lead = "line"
        elif group.order == 0 and _opens(text, sentences[group.sentence].start, group.start):
            opens = sentences[group.sentence].start - start < 3
            group.lead = "paragraph" if opens else "sentence"


def _opens(text: str, start: int, place: int) -> bool:
    return place - start <= _OPENING and not _BREAK.search(text, start, place)


def pair_groups(layout: Layout) -> Iterator[GroupPair]:
    """Give the pairs of groups that a relation may hold between, in the order of the text."""
    yield from _pair_names(layout)
    context = _Context(layout)
    previous: list[Group] = []
    for sentence in sorted(layout.by_sentence):
        inside = layout.by_sentence[sentence]
        yield from _pair_inside(inside)
        for group in inside:
            yield from context.pair(group, previous)
        for group in inside:
            context.add(group)
        previous = inside[-3:]


def _pair_inside(inside: Sequence[Group]) -> Iterator[GroupPair]:
    for place, left in enumerate(inside):
        between: tuple[str, ...] = ()
        for right in inside[place + 1 : place + 1 + _REACH]:
            yield from _both_ways(left, right, "same", between, between.count(left.kind))
            between = (*between, right.kind)


def _both_ways(
    left: Group, right: Group, how: str, between: tuple[str, ...] = (), crossed: int = 0
) -> Iterator[GroupPair]:
    for subject, obj in ((left, right), (right, left)):
        family = FAMILIES.get((subject.kind, obj.kind))
        if family is not None:
            yield GroupPair(
                subject=subject, object=obj, how=how, family=family, between=between, crossed=crossed
            )


class _Context:
    """What was spoken of before: leads and headings still open, the last of each kind, the title."""

    def __init__(self, layout: Layout) -> None:
        self._title = layout.groups[:2]
        self._headings: list[Group] = []
        self._leads: dict[str, list[Group]] = {}
        self._last: dict[str, Group] = {}
        self._counts: Counter[str] = Counter()
        self._seen: dict[int, int] = {}

    def add(self, group: Group) -> None:
        if group.lead in ("heading", "line"):
            self._headings = [*self._headings, group][-3:]
            self._leads.clear()
        elif group.lead:
            leads = self._leads.setdefault(group.kind, [])
            leads.append(group)
            del leads[:-2]
        self._counts[group.kind] += 1
        self._seen[group.number] = self._counts[group.kind]
        self._last[group.kind] = group

    def pair(self, group: Group, previous: Sequence[Group]) -> Iterator[GroupPair]:
        """Pair a group with what was spoken of before its sentence, each once."""
        found = [
            *(("lead", each) for kind in sorted(self._leads) for each in self._leads[kind][::-1]),
            *(("heading", each) for each in self._headings[::-1]),
            *(("previous", each) for each in previous[::-1] if each.sentence == group.sentence - 1),
            *(("last", self._last[kind]) for kind in sorted(self._last)),
            *(("title", each) for each in self._title),
        ]
        met: set[int] = set()
        for how, other in found:
            if other.sentence < group.sentence and other.number not in met:
                met.add(other.number)
                crossed = self._counts[other.kind] - self._seen[other.number]
                for pair in _both_ways(other, group, how, crossed=crossed):
                    if _reaches(pair, other):
                        yield pair


def _reaches(pair: GroupPair, before: Group) -> bool:
    """Whether what was spoken of before may still be meant: by its kind, how it leads, what came since."""
    types = pair.subject.kind[:2] + pair.object.kind[:2]
    near = pair.crossed <= (1 if pair.how in ("lead", "heading") else 0)
    if pair.subject is before:
        return types in _SPOKEN_OF and (near or pair.how == "title")
    if types == "InIn":
        return pair.how in ("heading", "title") and bool(pair.subject.lead or near)
    if types == "PrPr":
        return pair.how not in ("title", "previous") and pair.crossed == 0
    if pair.how == "title":
        return types != "EnPr"
    return near or (pair.object.kind == "Park" and pair.how in ("lead", "heading"))


def _pair_names(layout: Layout) -> Iterator[GroupPair]:
    """Pair each name with the longest other name that begins it: a firm's work, a phase, a part."""
    first: dict[str, Group] = {}
    for group in layout.groups:
        for node in group.nodes:
            if node.mention.text not in first:
                first[node.mention.text] = _replace_nodes(group, [node])
    for name, group in first.items():
        kinds: set[str] = set()
        for end in range(min(len(name) - 1, _LONGEST_NAME), 1, -1):
            other = first.get(name[:end])
            if other is None or other.kind in kinds or other.nodes[0].name == group.nodes[0].name:
                continue
            kinds.add(other.kind)
            works = (other.kind, group.kind) == ("Enterprise", "Project")
            if not works and (group.kind, other.kind) == ("Enterprise", "Project"):  # no firm is undertaken
                continue
            subject, obj = (other, group) if works else (group, other)
            family = FAMILIES.get((subject.kind, obj.kind))
            if family is not None:
                yield GroupPair(subject=subject, object=obj, how="name", family=family)


def _replace_nodes(group: Group, nodes: list[Node]) -> Group:
    """The same place with other members."""
    return replace(group, nodes=nodes)


def member_pairs(pair: GroupPair) -> Iterator[tuple[Node, Node]]:
    """The members of two groups as subject and object; of crowds only the nearest."""
    subjects, objects = pair.subject.nodes, pair.object.nodes
    ahead = pair.subject.number < pair.object.number
    if len(subjects) > 1 and len(objects) > 1:
        if len(objects) > 4 and len(subjects) * len(objects) > _CROWD:
            objects = objects[:4] if ahead else objects[-4:]
        if len(subjects) * len(objects) > _CROWD and len(objects) > 1:
            objects = objects[:1] if ahead else objects[-1:]
    for subject in subjects:
        for obj in objects:
            if subject.name != obj.name:
                yield subject, obj
