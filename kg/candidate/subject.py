"""Subjects: whose number it is, among the names around it."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.candidate.draft import Draft
from kg.model import Document, Mention

_NEAREST = 6
_WIDEST = 14
_BEHIND = 2
_OPENING = 6
_HEADINGS = 40
_TITLE = 80
_TURNS = frozenset(f"{number}是" for number in "一二三四五六七八九")
_CLAUSE = re.compile(r"[，。；！？,;!?\n]")
_NUMBER = re.compile(r"[0-9]++(?:[.,][0-9]++)*+")
_PLACE_WIDE = re.compile(
    r"全[省市县区国州旗镇村乡]|我[省市县区国]|各地|地区生产总值|一般公共预算|城镇|农村|居民"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A mention as a possible subject: how much of the document is about its name."""

    mention: Mention
    count: int
    rank: int
    opens: bool
    heads: tuple[tuple[int, int], ...]


def find_topics(document: Document, mentions: Sequence[Mention]) -> tuple[Topic, ...]:
    """Order the mentions, with how often and how early their names stand in the document."""
    ordered = sorted(mentions, key=lambda mention: (mention.start, -mention.end))
    counts = Counter(mention.text for mention in ordered)
    ranks: dict[str, int] = {}
    for mention in ordered:
        ranks.setdefault(mention.text, len(ranks))
    lines = [match.start() for match in re.finditer(r"[^\n]+", document.text)]
    heads = [section.heading.start for section in document.sections]
    topics = []
    for mention in ordered:
        line = lines[max(0, bisect_right(lines, mention.start) - 1)] if lines else 0
        place = bisect_right(heads, mention.start) - 1
        headed = []
        if place >= 0 and document.sections[place].heading.end >= mention.end:
            headed.append((document.sections[place].heading.end, document.sections[place].end))
        topics.append(
            Topic(
                mention=mention,
                count=counts[mention.text],
                rank=ranks[mention.text],
                opens=mention.start - line < _OPENING,
                heads=tuple(headed),
            )
        )
    return tuple(topics)


class Topics:
    """The topics of a document, asked for what a quantity may be about."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self.topics = tuple(topics)
        self._starts = [topic.mention.start for topic in topics]
        self._headings = [topic for topic in topics if topic.heads]
        self._heading_starts = [topic.mention.start for topic in self._headings]

    def near(self, draft: Draft) -> Iterator[tuple[str, Topic]]:
        """The mentions around a quantity with where they stand, the nearest of each name."""
        quantity = draft.quantity
        place = bisect_left(self._starts, quantity.start)
        around = self.topics[max(0, place - _WIDEST) : place]
        names: set[str] = set()
        for where, topic in (
            *(("inside", t) for t in around[::-1] if t.mention.end > quantity.start),
            *(("behind", t) for t in [t for t in around if t.mention.end <= quantity.start][::-1][:_NEAREST]),
            *(("ahead", t) for t in self._ahead(draft)),
            *(("heading", t) for t in self.headings_of(quantity.start)),
            *(("title", t) for t in self.topics[:1]),
        ):
            if topic.mention.text not in names:
                names.add(topic.mention.text)
                yield where, topic

    def _ahead(self, draft: Draft) -> list[Topic]:
        place = bisect_left(self._starts, draft.quantity.start)
        ahead = self.topics[place : place + _BEHIND]
        return [topic for topic in ahead if topic.mention.start < draft.sentence.end]

    def lead_of(self, draft: Draft) -> Topic | None:
        """The name that a paragraph opens with or turns to (`二是甲产业。`, `甲产业方面,`)."""
        place = bisect_left(self._starts, draft.quantity.start)
        for topic in self.topics[max(0, place - _WIDEST) : place][::-1]:
            mention = topic.mention
            if mention.start < draft.passage.start:
                return None
            turned = draft.text.startswith(("方面", "："), mention.end) or (
                draft.text[max(0, mention.start - 2) : mention.start] in _TURNS
            )
            if mention.end <= draft.quantity.start and (topic.opens or turned):
                return topic
        return None

    def headings_of(self, position: int) -> list[Topic]:
        """The names in the headings above a place, the nearest two."""
        place = bisect_right(self._heading_starts, position)
        above = self._headings[max(0, place - _HEADINGS) : place][::-1]
        return [t for t in above if any(start <= position < end for start, end in t.heads)][:2]


def find_topic(draft: Draft, topics: Topics) -> str | None:
    """The name that a profile or an article is about where nothing nearer is named.

    It leads the paragraph, or stands in the heading or the title. A report of a
    place has no such name: what it does not say of a project it says of the place.
    """
    if draft.passage.direction or draft.year is not None:
        return None
    if lead := topics.lead_of(draft):
        return lead.mention.text
    heading = topics.headings_of(draft.quantity.start)
    if heading:
        return heading[0].mention.text
    first = topics.topics[:1]
    if first and first[0].mention.end <= draft.text.find("\n", 0, _TITLE) + 1:
        return first[0].mention.text
    return None


def describe_subjects(
    draft: Draft, topics: Topics, previous: str | None, *, joined: bool
) -> Iterator[tuple[Mention, list[str]]]:
    """Give the mentions that a quantity may be about, with features.

    `previous` is the subject of the quantity before, `joined` says that it stands in the same paragraph.
    """
    heading = {t.mention.text for t in topics.headings_of(draft.quantity.start)}
    for order, (where, topic) in enumerate(topics.near(draft)):
        features = _describe(draft, topic, order, len(topics.topics), where)
        name = topic.mention.text
        kind = topic.mention.type
        features.append(f"headed={name in heading}{kind}")
        features.append(f"years+headed={draft.year is not None}{name in heading}")
        continued = "new" if not joined else "none" if previous is None else str(previous == name)
        features.append(f"continued={continued}")
        features.append(f"continued={continued}{draft.gap[:1]}{where}")
        yield topic.mention, features


def _describe(draft: Draft, topic: Topic, order: int, total: int, place: str) -> list[str]:
    quantity, mention, text = draft.quantity, topic.mention, draft.text
    ahead = mention.start >= quantity.end
    start, end = (quantity.end, mention.start) if ahead else (mention.end, max(mention.end, quantity.start))
    between = text[start:end] if end - start <= 200 else text[start : start + 100] + text[end - 100 : end]
    clauses = len(_CLAUSE.findall(between))
    paragraph = "\n" not in between and end - start <= 200
    same = draft.sentence.start <= mention.start < draft.sentence.end
    where = "ahead" if ahead else "same" if same else "paragraph" if paragraph else "far"
    if place == "inside":
        where = place
    kind = mention.type
    features = [
        "bias",
        f"kind={kind}",
        f"where={where}",
        f"where+kind={where}{kind}",
        f"order={min(order, 5)}",
        f"clauses={min(clauses, 4)}",
        f"where+clauses={where}{min(clauses, 3)}{kind}",
        f"distance={_bucket(end - start)}",
        f"unit={quantity.unit}",
        f"unit+kind={quantity.unit}{kind}",
        f"where+opens={where}{topic.opens}{kind}",
        f"place={place}{kind}",
        f"rank={min(topic.rank, 3)}",
        f"share={_bucket(100 * topic.count // max(1, total))}",
        f"few={total < 12}{kind}",
        f"years={draft.year is not None}{kind}{where}",
        f"direction={draft.passage.direction}{kind}",
    ]
    head = f"{where}{min(clauses, 3)}{kind}"
    nearest = order == 0
    numbers = min(2, len(_NUMBER.findall(between)))
    features += [
        f"head2={draft.clause[:2]}{head}",
        f"head2={draft.clause[:2]}{nearest}",
        f"head4={draft.clause[:4]}{where}{nearest}",
        f"numbers={numbers}{head}",
        f"nearest={nearest}{head}{numbers}",
        f"next={text[mention.end : mention.end + 1]}{head}",
        f"nearest+unit={nearest}{where}{quantity.unit}{numbers}",
        f"tail4={draft.clause[-4:]}{where}{nearest}",
    ]
    if len(between) <= 4:
        features.append(f"between={between}{'>' if ahead else '<'}")
    features.append(f"after-name={text[mention.end : mention.end + 2]}")
    features.append(f"before-name={text[max(0, mention.start - 1) : mention.start]}")
    features.append(f"after-number={text[quantity.end : quantity.end + 1]}{ahead}")
    if _PLACE_WIDE.search(draft.gap if len(draft.gap) < 60 else draft.gap[-60:]):
        features.append("place-wide")
    tail = draft.clause[-6:]
    features.append(f"tail2={tail[-2:]}{where}")
    features.append(f"quantity-kind={quantity.kind}{where}")
    if re.search(r"总投资|投资|占地|注册|年产|产值|面积|员工|营业收入|销售", draft.clause):
        features.append(f"own{where}{kind}")
    if re.search(r"等[^，。；]{0,6}$", between[:12]) or text.startswith("等", mention.end):
        features.append("and-others")
    return features


def _bucket(value: int) -> str:
    for limit in (0, 2, 5, 10, 20, 40, 80, 160):
        if value <= limit:
            return str(limit)
    return "more"


def shares_paragraph(first: Draft, second: Draft) -> bool:
    """Tell whether two quantities stand in one paragraph."""
    return first.passage.start == second.passage.start
