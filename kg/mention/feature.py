"""Features: what the tagger sees of each word, as short strings.

A sequence is the stretch between two sentence breaks. A word is described by itself and
its neighbours, by the list item and the clause it stands in (what follows the list: 等项目;
which verb leads: 推进…), by the lists it is found in and by the last words of names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

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
_SINCE = tuple(f"since={count}" for count in range(6))
_LONGEST = 160
_MOST_WORDS = 200_000  # kept described
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


_Described = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...], str]


@lru_cache(maxsize=200_000)
def _describe(word: str) -> _Described:
    """The features of a word by its place: itself, before, after, two before, two after; and its tag."""
    tag = tag_word(word)
    shape = _shape(word)
    last = word[-1]
    trigger = read_table("trigger.tsv").get(word, ("",))[0]
    closer = read_table("closer.tsv").get(word, ("",))[0]
    own = [f"w={word}", f"t={tag}", f"z={last}", f"l={min(len(word), 4)}", shape]
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
    return tuple(own), before, after, before2, after2, tag


class Live:
    """The features that a model knows: words are described without the others, which only cost time."""

    def __init__(self, features: Iterable[str]) -> None:
        self.features = frozenset(features)
        self._words: dict[str, _Described] = {}

    def describe(self, word: str) -> _Described:
        """The features of a word by its place, those that the model knows."""
        found = self._words.get(word)
        if found is None:
            known = self.features
            *parts, tag = _describe(word)
            own, before, after, before2, after2 = (tuple(f for f in part if f in known) for part in parts)
            found = own, before, after, before2, after2, tag
            if len(self._words) < _MOST_WORDS:
                self._words[word] = found
        return found


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


def describe_words(sequence: Sequence, live: Live | None = None) -> list[list[str]]:
    """The features of every word of a sequence; with `live`, only those that a model knows."""
    words = sequence.words
    described = [*map(live.describe if live else _describe, words)]
    known = live.features if live else None
    alone = [is_alone(word) for word in words]
    context = _context(words, sequence.suffixes)
    last = len(words) - 1
    features = []
    for place, (own, _, _, _, _, tag) in enumerate(described):
        row = ["b", *own, *sequence.marks[place], *context[place]]
        if place:
            row += described[place - 1][1]
            if place > 1:
                row += described[place - 2][3]
        else:
            row.append("BOS")
        if place < last:
            row += described[place + 1][2]
            if place + 1 < last:
                row += described[place + 2][4]
        else:
            row.append("EOS")
        word = words[place]
        pairs: list[str] = []
        if place:
            pairs += (f"B{words[place - 1]}|{word}", f"tB{described[place - 1][5]}|{tag}")
        if place < last:
            pairs += (f"A{word}|{words[place + 1]}", f"tA{tag}|{described[place + 1][5]}")
        row += pairs if known is None else [pair for pair in pairs if pair in known]
        _describe_run(row, alone, place)
        features.append(row)
    return features


@lru_cache(maxsize=100_000)
def is_alone(word: str) -> bool:
    """Whether a word is a single character that no dictionary joined to its neighbours, nor grammar needs."""
    return len(word) == 1 and word > "\u2e7f" and word.isalpha() and word not in _GRAMMAR


def _describe_run(row: list[str], alone: list[bool], place: int) -> None:
    """Single characters in a row are what names of firms and places look like when cut."""
    if alone[place]:
        first = end = place
        while first > 0 and alone[first - 1] and place - first < 4:
            first -= 1
        while end < len(alone) and alone[end] and end - place < 4:
            end += 1
        row.append("u")
        if end - first > 1:
            row += (f"run={min(end - first, 4)}", f"runpos={min(place - first, 3)}")
    if place and alone[place - 1]:
        row.append("-1u")
    if place + 1 < len(alone) and alone[place + 1]:
        row.append("+1u")


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


def _context(words: list[str], suffixes: list[str]) -> list[list[str]]:
    """What the list item, the list and the clause around each word say."""
    count = len(words)
    rows: list[list[str]] = [[] for _ in words]
    triggers = read_table("trigger.tsv")
    trigger, item, since, depth = "T=", 0, 0, 0
    for place, word in enumerate(words):
        if word in CLAUSE:
            trigger, item, since = "T=", 0, 0
        elif word in ITEM:
            item, since = item + (word == "、"), 0
        row = rows[place]
        row += (trigger, _SINCE[since] if since < 5 else "since=5")
        if item:
            row.append("listed")
        if depth:
            row.append("quoted")
        if word in triggers:
            trigger = f"T={triggers[word][0]}"
        if word in OPEN:
            depth, since = depth + 1, -1
        elif word in CLOSE:
            depth = max(0, depth - 1)
        since += 1
    _look_ahead(words, suffixes, rows, count)
    return rows


def _look_ahead(words: list[str], suffixes: list[str], rows: list[list[str]], count: int) -> None:
    closers = read_table("closer.tsv")
    close = head = tail = after = ""
    ahead = listed = 0
    for place in range(count - 1, -1, -1):
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
        row = rows[place]
        if suffix:
            row.append(f"S={suffix}")
            if not head:
                head, ahead = suffix, 0
        row += (f"H={head}", f"H={head}|{ahead if ahead < 4 else 4}", f"N={after}")
        if close:
            row.append(f"E={close}")
        if listed:
            row.append("lists")
            row.append(f"L={tail}")
        ahead += 1


def find_closer(words: list[str], place: int, closers: Mapping[str, tuple[str, ...]]) -> str:
    """The class of the noun that closes a list, from behind its 等 on, or nothing."""
    for word in words[place : place + _REACH]:
        if word in CLAUSE or word == "、":
            return ""
        if word in closers:
            return closers[word][0]
    return ""
