"""Names that a set form of speech gives away, however short and unknown they are.

In `以A、B为龙头的C产业` and `围绕A、B等招引…` A and B are names of firms even where nothing
else in the document says so. The form alone also takes generic words (以科技为龙头), so one of
the names must be no dictionary word, and none may be a word of the lists of what is no name.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from kg.mention.word import word_tags

_NAME = r"[\u4e00-\u9fffA-Za-z0-9·]{2,12}"
_LIST = rf"(?P<names>{_NAME}(?:、{_NAME}){{0,19}}?(?:[和及与]{_NAME})?)(?<!等)"
_FORMS = (
    re.compile(rf"以{_LIST}(?:等(?:[^，,。；;、]{{0,6}}?企业)?)?为(?:龙头|领军|链主|骨干)(?!企业的格局)"),
    re.compile(rf"围绕{_LIST}等?(?:招引|招商|引进|集聚)"),
)
_CLASS = re.compile(r"(?:央企|国企|民企|外企|龙头企业|企业|本地)(?=..)")
_SPLIT = re.compile(r"[、和及与]")
_SURE = 0.75


@cache
def _endings() -> tuple[str, ...]:
    text = (files("kg.mention") / "rules" / "led.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.split("\n") if line and not line.startswith("#"))


def find_led(text: str) -> Iterator[tuple[int, int, float]]:
    """Yield start, end and confidence of every firm that a form of speech gives away."""
    for form in _FORMS:
        for match in form.finditer(text):
            names = list(_split(match.group("names"), match.start("names")))
            if _are_names([name for _, name in names]):
                yield from ((start, start + len(name), _SURE) for start, name in names)


def _split(names: str, start: int) -> Iterator[tuple[int, str]]:
    place = 0
    for piece in _SPLIT.split(names):
        said = _CLASS.match(piece)
        skipped = said.end() if said else 0
        yield start + place + skipped, piece[skipped:]
        place += len(piece) + 1


def _are_names(names: list[str]) -> bool:
    tags = word_tags()
    unknown = any(name not in tags and not _is_compound(name) for name in names)
    return unknown and all(len(name) > 1 and not name.endswith(_endings()) for name in names)


def _is_compound(name: str) -> bool:
    """Tell whether a name is two dictionary words of two characters or more (科技创新, 重点项目)."""
    tags = word_tags()
    return any(name[:cut] in tags and name[cut:] in tags for cut in range(2, len(name) - 1))
