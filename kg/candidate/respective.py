"""Numbers told one by one of things in a list (`甲、乙分别完成投资3亿元和5亿元`)."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.candidate.draft import Draft
from kg.model import Mention, Span

_WORD = "分别"
_REACH = 80
_MARK = re.compile(r"[，。；！？\n：（）]")
_BETWEEN = re.compile(r"(?:以上|以下|左右|多|余)?(?:、|以及|和|与|及)([^，。；！？、\n：（）0-9]{0,8})")
_VERB = re.compile(r"[^，。；！？、\n：（）0-9]{0,16}")
_CHANGE = re.compile(
    r"(?:同比|环比)?(?:增长|下降|提高|上升|降低|增加|减少|提升|回落|下滑|增|降)(?:了|约|近|超过?)?"
)
_COMPARED = re.compile(r"(?:同比|环比|[比较](?![重例值率])[^比较、]{1,10})$")
_AND = re.compile(r"以及|和|与|及")
_TIME = re.compile(r"(?:[0-9]{4}年|去年|今年|全年|上半年|目前|当年|年内|截至目前)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a number of such a row is about: the item of the list, or the number it comes after.

    `first` is the place of the row's first number, `rank` the number's own in the row; `echo` the
    place of the number before that it adds to. `rest` are the words from the list to the first number.
    """

    first: int
    rank: int
    count: int
    item: Span | None
    rest: str
    last: str
    verb: str
    echo: int | None


def find_shares(drafts: Sequence[Draft]) -> dict[int, Share]:
    """Give the numbers of every such row, by place, where list and row are of one length."""
    found: dict[int, Share] = {}
    place = 0
    while place < len(drafts):
        count = 1
        if _WORD in drafts[place].gap:
            verbs = list(_follow(drafts, place))
            count += len(verbs)
            if verbs:
                found |= _share_out(drafts, place, ["", *verbs])
        place += count
    return found


def _follow(drafts: Sequence[Draft], place: int) -> Iterator[str]:
    """The words before each number that goes on with a row, beyond the mark of the list."""
    for following in range(place + 1, len(drafts)):
        draft = drafts[following]
        match = _BETWEEN.fullmatch(draft.gap)
        if draft.sentence.start != drafts[place].sentence.start or match is None:
            return
        if match[1] and not _CHANGE.fullmatch(match[1]):
            return
        yield match[1]


def _share_out(drafts: Sequence[Draft], place: int, verbs: Sequence[str]) -> dict[int, Share]:
    draft, count = drafts[place], len(verbs)
    head, _, rest = draft.gap[-_REACH:].rpartition(_WORD)
    if not _VERB.fullmatch(rest):
        return {}
    head = _TIME.sub("", _COMPARED.sub("", head.rstrip("，"))).rstrip("，；：")
    start = draft.quantity.start - len(draft.gap[-_REACH:])
    begin = max((match.end() for match in _MARK.finditer(head)), default=0)
    items = list(_split(head, begin, count))
    shares = {}
    echoed = range(place - count, place)
    for rank, verb in enumerate(verbs):
        item = echo = None
        if len(items) == count:
            first, end = items[rank]
            item = Span(start=start + first, end=start + end, text=head[first:end])
        elif not head and echoed.start >= 0 and drafts[echoed.start].quantity.start >= draft.sentence.start:
            echo = echoed[rank]
        else:
            return {}
        last = head[items[-1][0] : items[-1][1]] if item else ""
        shares[place + rank] = Share(
            first=place, rank=rank, count=count, item=item, rest=rest, last=last, verb=verb, echo=echo
        )
    return shares


def _split(head: str, begin: int, count: int) -> Iterator[tuple[int, int]]:
    """The items of a list of so many: parted by commas of enumeration, the last one perhaps by an 和."""
    parts: list[tuple[int, int]] = []
    for part in head[begin:].split("、"):
        parts.append((begin, begin + len(part)))
        begin += len(part) + 1
    if len(parts) == count - 1:
        first, end = parts[-1]
        joints = [m for m in _AND.finditer(head, first, end) if first < m.start() and m.end() < end]
        if len(joints) == 1:
            parts[-1:] = [(first, joints[0].start()), (joints[0].end(), end)]
    if len(parts) == count and all(first < end for first, end in parts):
        yield from parts


def name_shares(shares: dict[int, Share], mentions: Sequence[Mention]) -> dict[int, Mention]:
    """The names of the numbers of a row where every item of its list begins with one."""
    ordered = sorted(mentions, key=lambda mention: (mention.start, -mention.end))
    starts = [mention.start for mention in ordered]
    rows: dict[int, list[tuple[int, Share]]] = {}
    for place, share in shares.items():
        rows.setdefault(share.first, []).append((place, share))
    found: dict[int, Mention] = {}
    for row in rows.values():
        names = [_name_of(share, ordered, starts) for _, share in row]
        if all(names):
            found |= {place: name for (place, _), name in zip(row, names, strict=True) if name}
    return found


def _name_of(share: Share, ordered: Sequence[Mention], starts: Sequence[int]) -> Mention | None:
    item = share.item
    if item is None:
        return None
    inside = [
        mention
        for mention in ordered[bisect_left(starts, item.start) : bisect_left(starts, item.end)]
        if mention.end <= item.end and (share.rank == 0 or mention.start - item.start <= 1)
    ]
    if share.rank == 0:
        ends = max((mention.end for mention in inside), default=0)
        inside = [mention for mention in inside if mention.end == ends]
    name = inside[0] if inside else None
    if name is None or item.text[name.end - item.start :].startswith("等"):
        return None
    return name
