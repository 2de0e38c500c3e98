"""Short names: what a text itself declares (以下简称…), and firms named in full elsewhere."""

import re
from collections.abc import Iterable, Iterator

from kg.mention.feature import find_suffix
from kg.mention.lexicon import Lexicon
from kg.mention.word import cut_words, tag_word

_DECLARED = re.compile(
    r"[（(](?:以下|下称|下文|后文)?(?:简称|统称|称)(?:为|作|：|:)?[“\"']?(?P<short>[^“”\"'（）()，。、\s]{2,16})[”\"']?[）)]"
)
_LEGAL_FORM = re.compile(r"(?:(?:股份|集团|实业|控股|发展|投资|有限责任|责任)*(?:有限)?(?:总|分)?公司|集团)$")
_BRACKETED = re.compile(r"[（(][^（）()]{1,8}[）)]")
_PLACE_WORDS = frozenset("省市县区州旗盟")
_SHORTEST = 4  # what is left of a firm's name must be so long to mean nothing else


def find_declared(view: str, ends: dict[int, str]) -> Iterator[tuple[str, str]]:
    """The short names declared right behind a name, with its type; `ends` gives types by end offset."""
    for match in _DECLARED.finditer(view):
        kind = ends.get(match.start())
        if kind is not None:
            yield match["short"], kind


def shorten_firms(names: Iterable[str]) -> Iterator[str]:
    """What firms are called for short: the name without its place and its legal form."""
    for name in names:
        bare = _BRACKETED.sub("", name)
        form = _LEGAL_FORM.search(bare)
        if form is None:
            continue
        words = cut_words(bare[: form.start()])
        while len(words) > 1 and (tag_word(words[0]) == "ns" or words[0] in _PLACE_WORDS):
            words = words[1:]
        short = "".join(words)
        if len(short) >= _SHORTEST and find_suffix(short)[:-1] not in ("Park", "Project"):
            yield short


def place_names(
    view: str, names: Iterable[str], taken: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Where names stand in a text outside the spans that are taken already, in order."""
    covered = bytearray(len(view))
    for start, end in taken:
        covered[start:end] = b"\1" * (end - start)
    for start, end in Lexicon(names).find(view):
        if not any(covered[start:end]):
            yield start, end
