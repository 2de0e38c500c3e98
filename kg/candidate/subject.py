"""Subjects: whose number it is, among the names around it."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.candidate.draft import Draft
from kg.model import Document, Mention

_NEAREST = 6
_BEHIND = 2
_CLAUSE = re.compile(r"[，。；！？,;!?\n]")
_PLACE_WIDE = re.compile(r"全[省市县区国州旗镇村乡]|我[省市县区国]|各地|地区生产总值|一般公共预算|城镇|农村|居民")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A mention as a possible subject: how much of the document is about its name."""

    mention: Mention
    count: int
    rank: int
    first: bool


def find_topics(document: Document, mentions: Sequence[Mention]) -> tuple[Topic, ...]:
    """Order the mentions, with how often and how early their names stand in the document."""
    ordered = sorted(mentions, key=lambda mention: (mention.start, -mention.end))
    counts = Counter(mention.text for mention in ordered)
    ranks: dict[str, int] = {}
    for mention in ordered:
        ranks.setdefault(mention.text, len(ranks))
    seen: set[str] = set()
    topics = []
    for mention in ordered:
        line = document.text.rfind("\n", 0, mention.start) + 1
        heading = mention.start - line < 6
        topics.append(
            Topic(mention=mention, count=counts[mention.text], rank=ranks[mention.text], first=heading)
        )
        seen.add(mention.text)
    return tuple(topics)


def describe_subjects(draft: Draft, topics: Sequence[Topic]) -> Iterator[tuple[Mention, list[str]]]:
    """Give the mentions that a quantity may be about, the nearest of each name, with features."""
    starts = [topic.mention.start for topic in topics]
    quantity = draft.quantity
    place = bisect_left(starts, quantity.start)
    names: set[str] = set()
    behind = [t for t in topics[max(0, place - 12) : place] if t.mention.end <= quantity.start][::-1]
    ahead = topics[bisect_right(starts, quantity.end - 1) :][:_BEHIND]
    ahead = [topic for topic in ahead if topic.mention.start < draft.sentence.end]
    leading = [topic for topic in topics[:1] if topic.rank == 0]
    order = 0
    for topic in [*behind[:_NEAREST], *ahead, *leading]:
        if topic.mention.text in names:
            continue
        names.add(topic.mention.text)
        yield topic.mention, _describe(draft, topic, order, len(topics))
        order += 1


def _describe(draft: Draft, topic: Topic, order: int, total: int) -> list[str]:
    quantity, mention, text = draft.quantity, topic.mention, draft.text
    ahead = mention.start >= quantity.end
    start, end = (quantity.end, mention.start) if ahead else (mention.end, quantity.start)
    between = text[start:end] if end - start <= 200 else text[start : start + 100] + text[end - 100 : end]
    clauses = len(_CLAUSE.findall(between))
    paragraph = "\n" not in between and end - start <= 200
    same = draft.sentence.start <= mention.start < draft.sentence.end
    where = "ahead" if ahead else "same" if same else "paragraph" if paragraph else "far"
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
        f"where+heading={where}{topic.first}{kind}",
        f"rank={min(topic.rank, 3)}",
        f"share={_bucket(100 * topic.count // max(1, total))}",
        f"few={total < 12}{kind}",
        f"years={draft.year is not None}{kind}{where}",
        f"direction={draft.passage.direction}{kind}",
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
