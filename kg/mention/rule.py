"""Rules: names known by their last words, by the list they stand in and by what leads to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.mention.feature import CLAUSE, ITEM, OPEN, Sequence, find_closer, industry_words, is_alone
from kg.mention.lexicon import list_lexicon, read_table
from kg.mention.word import tag_word

_REACH = 10  # words a name may have before its last
_STOP_TAGS = frozenset(
    ("v", "vd", "vi", "p", "d", "r", "c", "u", "uj", "ul", "uz", "ud", "ug", "m", "q", "y", "zg")
)
_LED_TO = {
    "grow": "Industry",
    "build": "Project",
    "make": "Park",
    "bring": "Enterprise",
    "invest": "Enterprise",
}


@dataclass(frozen=True, slots=True)
class RuleSpan:
    """Words `first:end` of a sequence that a rule holds for a name; `sure` is its precision, roughly."""

    first: int
    end: int
    type: str
    sure: float


def find_rule_spans(sequence: Sequence) -> Iterator[RuleSpan]:
    """Find the names of a sequence by rule: by suffix, then by list."""
    words = sequence.words
    yield from _by_suffix(words, sequence.suffixes)
    yield from _by_list(words)


@lru_cache(maxsize=100_000)
def _is_stop(word: str) -> bool:
    return (
        word in CLAUSE
        or word in ITEM
        or word in OPEN
        or word in read_table("trigger.tsv")
        or (tag_word(word) in _STOP_TAGS and not is_alone(word) and word not in industry_words())
        or not (word[0].isalnum() or word in "”’）)·—-")
    )


def _by_suffix(words: list[str], suffixes: list[str]) -> Iterator[RuleSpan]:
    for place, suffix in enumerate(suffixes):
        if not suffix or (place + 1 < len(words) and suffixes[place + 1] and words[place + 1] not in CLAUSE):
            continue
        first = place
        while first > 0 and place - first < _REACH and not _is_stop(words[first - 1]):
            first -= 1
        if first == place and len(words[place]) < 4:
            continue
        kind, weight = suffix[:-1], suffix[-1]
        if weight == "0":
            continue
        if weight == "2":
            yield RuleSpan(first, place + 1, kind, 0.45)
        elif _is_led_to(words, first, place + 1, kind):
            yield RuleSpan(first, place + 1, kind, 0.4)


def _is_led_to(words: list[str], first: int, end: int, kind: str) -> bool:
    if end < len(words):
        closer = read_table("closer.tsv").get(words[end])
        if closer and closer[0] == kind:
            return True
    for place in range(first - 1, max(-1, first - 30), -1):
        word = words[place]
        if word in CLAUSE:
            return False
        trigger = read_table("trigger.tsv").get(word)
        if trigger:
            return _LED_TO.get(trigger[0]) == kind
    return False


def _by_list(words: list[str]) -> Iterator[RuleSpan]:
    """Items of A、B和C等项目: every item is what the class noun after 等 says."""
    closers = read_table("closer.tsv")
    for place, word in enumerate(words):
        if word != "等":
            continue
        kind = find_closer(words, place + 1, closers)
        if kind in ("", "Thing"):
            continue
        end = place
        while end > 0:
            first = end
            while first > 0 and end - first < _REACH and not _is_stop(words[first - 1]):
                first -= 1
            if first == end:
                break
            yield RuleSpan(first, end, kind, 0.5)
            if first == 0 or words[first - 1] not in ITEM or words[first - 1] == "等":
                break
            end = first - 1


def list_spans(view: str) -> dict[str, list[tuple[int, int]]]:
    """The spans that the lists of the package find in a text, by the mark they give."""
    return {
        "LI": list_lexicon("industry.txt").find(view),
        "LE": list_lexicon("company.txt").find(view),
        "LG": list_lexicon("generic.txt").find(view),
    }
