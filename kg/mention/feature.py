"""Features: what the tagger sees of each word, as short strings.

A sequence is the stretch between two sentence breaks. A word is described by itself and
its neighbours, by the list item and the clause it stands in (what follows the list: 等项目;
which verb leads: 推进…), by the lists it is found in and by the last words of names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from kg.mention.lexicon import Lexicon, read_list, read_table
from kg.mention.word import cut_words, tag_word

BREAKS = frozenset("。！？!?；;\n")
CLAUSE = frozenset("，,：:") | BREAKS
ITEM = frozenset(("、", "和", "与", "及", "以及", "或", "暨", "等", "并"))
OPEN, CLOSE = frozenset('“‘《（(【"'), frozenset("”’》）)】")
# Single characters of grammar: never a letter of a name by themselves.
_GRAMMAR = frozenset(
    "的了在是和与及或等为以对从到把被将由向于并但而其这该各每个年月日时中上下内外前后不也都就还又再"
    "已较超约近余多第至来去用使让给比按因所会能可要应须之者们些此那本"
)
_SINCE, _AHEAD = 5, 4  # words that are counted
FIRST, LAST = "BOS", "EOS"
# What the features of two neighbouring words begin with, seen from the second and from the first.
PAIR_BEFORE, PAIR_AFTER, TAGS_BEFORE, TAGS_AFTER = "B", "A", "tB", "tA"
_LONGEST = 160
_REACH = 8  # words after 等 among which its class noun is looked for


@dataclass(slots=True)
class Sequence:
    """Consecutive words of a text: `starts` has one more entry than `words`, the end of the last."""

    words: list[str]
    starts: list[int]
    marks: list[tuple[str, ...]]
    suffixes: list[str]


def cut_sequences(view: str) -> list[Sequence]:
    """Cut a narrowed text into sequences without marks."""
    ends = _find_ends(view)
    sequences: list[Sequence] = []
    words: list[str] = []
    starts: list[int] = []
    position = 0
    for word in _part_leads(cut_words(view)):
        breaks = word in BREAKS or "\n" in word or len(words) >= _LONGEST
        if breaks and words and (word[0] not in BREAKS or word[0] == "\n"):
            sequences.append(_make_sequence(words, starts, ends))
            words, starts = [], []
        if not word.isspace():
            words.append(word)
            starts.append(position)
        position += len(word)
        if words and word in BREAKS:
            sequences.append(_make_sequence(words, starts, ends))
            words, starts = [], []
    if words:
        sequences.append(_make_sequence(words, starts, ends))
    return sequences


def _make_sequence(words: list[str], starts: list[int], ends: Mapping[int, str]) -> Sequence:
    suffixes = [ends.get(start + len(word), "") for start, word in zip(starts, words, strict=True)]
    starts.append(starts[-1] + len(words[-1]))
    return Sequence(words, starts, [()] * len(words), suffixes)


def _part_leads(words: Iterable[str]) -> Iterator[str]:
    """Part dictionary words that hold a leading verb with its adverb (大力发展): a name may follow it."""
    triggers = read_table("trigger.tsv")
    for word in words:
        if len(word) == 4 and word[2:] in triggers:
            yield word[:2]
            yield word[2:]
        else:
            yield word


def mark_sequences(sequences: list[Sequence], names: Mapping[str, Iterable[tuple[int, int]]]) -> None:
    """Mark the words in spans that lists and rules found, by the mark each gives."""
    marks: dict[int, list[str]] = {}
    for mark, spans in names.items():
        first, inner, after = f"{mark}=B", f"{mark}=I", f"{mark}=after"
        for start, end in spans:
            marks.setdefault(start, []).append(first)
            for place in range(start + 1, end):
                marks.setdefault(place, []).append(inner)
            marks.setdefault(end, []).append(after)
    for sequence in sequences:
        for place, start in enumerate(sequence.starts[:-1]):
            if start in marks:
                sequence.marks[place] = tuple(sorted({*sequence.marks[place], *marks[start]}))


class Described(NamedTuple):
    """The features of a word by the place it is seen from, and its part of speech."""

    own: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    before2: tuple[str, ...]
    after2: tuple[str, ...]
    tag: str


@lru_cache(maxsize=50_000)
def describe_word(word: str) -> Described:
    """The features of a word for itself, for the next one (`before`) and so on."""
    tag = tag_word(word)
    shape = _shape(word)
    last = word[-1]
    trigger = read_table("trigger.tsv").get(word, ("",))[0]
    closer = read_table("closer.tsv").get(word, ("",))[0]
    own = ["b", f"w={word}", f"t={tag}", f"z={last}", f"l={min(len(word), 4)}", shape]
    if len(word) > 1:
        own.append(f"a={word[0]}")
    if len(word) > 2:
        own.append(f"zz={word[-2:]}")
    around = [f"{word}", f"t{tag}"]
    if trigger:
        around.append(f"T{trigger}")
    if closer:
        around.append(f"C{closer}")
        own.append(f"C{closer}")
    if word in industry_words():
        around.append("Iw")
        own.append("Iw")
    before, after = tuple(f"-1{x}" for x in around), tuple(f"+1{x}" for x in around)
    before2, after2 = tuple(f"-2{x}" for x in around), tuple(f"+2{x}" for x in around)
    return Described(tuple(own), before, after, before2, after2, tag)


@lru_cache(maxsize=1)
def industry_words() -> frozenset[str]:
    """The words that names of industries are made of."""
    return frozenset(word for name in read_list("industry.txt") for word in cut_words(name) if len(word) > 1)


def _shape(word: str) -> str:
    first = word[0]
    if first.isdigit():
        return "s=9"
    if first < "\u2e80":
        return "s=A" if first.isupper() else "s=a" if first.isalpha() else "s=-"
    return f"s=h{min(len(word), 4)}" if first.isalpha() else "s=-"


def describe_words(sequence: Sequence) -> list[list[str]]:
    """The features of every word of a sequence; `Emitter` adds up the same ones by table."""
    words = sequence.words
    described = [describe_word(word) for word in words]
    last = len(words) - 1
    features = []
    for place, (surrounding, run) in enumerate(
        zip(see_surroundings(words, sequence.suffixes), see_runs(words), strict=True)
    ):
        row = [*described[place].own, *sequence.marks[place], *name_surroundings(surrounding), *name_run(run)]
        if place:
            row += described[place - 1].before
            row += (
                f"{PAIR_BEFORE}{words[place - 1]}|{words[place]}",
                f"{TAGS_BEFORE}{described[place - 1].tag}|{described[place].tag}",
            )
            if place > 1:
                row += described[place - 2].before2
        else:
            row.append(FIRST)
        if place < last:
            row += described[place + 1].after
            row += (
                f"{PAIR_AFTER}{words[place]}|{words[place + 1]}",
                f"{TAGS_AFTER}{described[place].tag}|{described[place + 1].tag}",
            )
            if place + 1 < last:
                row += described[place + 2].after2
        else:
            row.append(LAST)
        features.append(row)
    return features


@lru_cache(maxsize=100_000)
def is_alone(word: str) -> bool:
    """Whether a word is a single character that no dictionary joined to its neighbours, nor grammar needs."""
    return len(word) == 1 and word > "\u2e7f" and word.isalpha() and word not in _GRAMMAR


def see_runs(words: list[str]) -> list[int]:
    """Where each word stands in a row of single characters, as a number that `name_run` explains.

    Single characters in a row are what names of firms and places look like when cut.
    """
    alone = [is_alone(word) for word in words]
    runs = [0] * len(words)
    last = len(words) - 1
    for place, single in enumerate(alone):
        if not single:
            continue
        first, end = place, place + 1
        while first > 0 and alone[first - 1] and place - first < 4:
            first -= 1
        while end <= last and alone[end] and end - place < 4:
            end += 1
        runs[place] |= 4 | min(end - first, 4) << 3 | min(place - first, 3) << 6
        if place < last:
            runs[place + 1] |= 1
        if place:
            runs[place - 1] |= 2
    return runs


def name_run(run: int) -> list[str]:
    """The features of a number of `see_runs`."""
    features = []
    if run & 4:
        features.append("u")
        length = run >> 3 & 7
        if length > 1:
            features += (f"run={length}", f"runpos={run >> 6}")
    if run & 1:
        features.append("-1u")
    if run & 2:
        features.append("+1u")
    return features


@lru_cache(maxsize=1)
def _suffix_lexicon() -> Lexicon:
    return Lexicon(read_table("suffix.tsv"))


def _find_ends(view: str) -> dict[int, str]:
    """Where known last words of names end, with type and weight (`Park2`) of the longest."""
    table = read_table("suffix.tsv")
    ends: dict[int, tuple[int, str]] = {}
    for start, end in _suffix_lexicon().find_all(view):
        if end not in ends or start < ends[end][0]:
            kind, weight = table[view[start:end]][:2]
            ends[end] = (start, kind + weight)
    return {end: found for end, (_, found) in ends.items()}


@lru_cache(maxsize=20_000)
def find_suffix(name: str) -> str:
    """The type and weight (`Park2`) of the last word of a name, or nothing."""
    return _find_ends(name).get(len(name), "")


# What leads the clause, words since the last item, in a list, in quotes; then of what follows:
# the suffix here, the next suffix of the item with its distance, what ends the item, the class
# noun that closes the list, whether more items follow, the suffix that the list ends with.
Surroundings = tuple[str, int, bool, bool, str, str, int, str, str, bool, str]


def see_surroundings(words: list[str], suffixes: list[str]) -> list[Surroundings]:
    """What the list item, the list and the clause around each word say."""
    triggers = read_table("trigger.tsv")
    behind = _look_ahead(words, suffixes)
    rows: list[Surroundings] = []
    trigger, item, since, depth = "", 0, 0, 0
    for word, following in zip(words, behind, strict=True):
        if word in CLAUSE:
            trigger, item, since = "", 0, 0
        elif word in ITEM:
            item, since = item + (word == "、"), 0
        rows.append((trigger, since if since < _SINCE else _SINCE, item > 0, depth > 0, *following))
        if word in triggers:
            trigger = triggers[word][0]
        if word in OPEN:
            depth, since = depth + 1, -1
        elif word in CLOSE:
            depth = max(0, depth - 1)
        since += 1
    return rows


def _look_ahead(words: list[str], suffixes: list[str]) -> list[tuple[str, str, int, str, str, bool, str]]:
    closers = read_table("closer.tsv")
    rows: list[tuple[str, str, int, str, str, bool, str]] = []
    close = head = tail = after = ""
    ahead = listed = 0
    for place in range(len(words) - 1, -1, -1):
        word, suffix = words[place], suffixes[place]
        if word in CLAUSE:
            close = head = tail = after = ""
            ahead = listed = 0
        elif word in ITEM:
            if word == "等":
                close = find_closer(words, place + 1, closers)
            if head and not tail:
                tail = head
            listed += word == "、"
            head, ahead, after = "", 0, word
        if suffix and not head:
            head, ahead = suffix, 0
        rows.append((suffix, head, ahead if ahead < _AHEAD else _AHEAD, after, close, listed > 0, tail))
        ahead += 1
    rows.reverse()
    return rows


def name_surroundings(seen: Surroundings) -> list[str]:
    """The features of what `see_surroundings` found at a word."""
    trigger, since, listed, quoted, suffix, head, ahead, after, close, more, tail = seen
    features = [f"T={trigger}", f"since={since}", f"H={head}", f"H={head}|{ahead}", f"N={after}"]
    if listed:
        features.append("listed")
    if quoted:
        features.append("quoted")
    if suffix:
        features.append(f"S={suffix}")
    if close:
        features.append(f"E={close}")
    if more:
        features += ("lists", f"L={tail}")
    return features


def find_closer(words: list[str], place: int, closers: Mapping[str, tuple[str, ...]]) -> str:
    """The class of the noun that closes a list, from behind its 等 on, or nothing."""
    for word in words[place : place + _REACH]:
        if word in CLAUSE or word == "、":
            return ""
        if word in closers:
            return closers[word][0]
    return ""
