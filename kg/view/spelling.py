"""Pinyin and initials of names, for a search box that needs no input method."""

from collections.abc import Iterable
from itertools import product

from pypinyin import Style, lazy_pinyin, pinyin

_MOST_READINGS = 4
_LONGEST_NAME = 40


def spell(names: Iterable[str]) -> str:
    """Return what one may type for any of the names, joined by blanks, without repeats.

    `恒岳电气` gives `hengyuedianqi hydq`. A character with several readings adds its
    other initials, as far as few combinations arise.
    """
    keys: dict[str, None] = {}
    for name in names:
        clean = "".join(character for character in name if character.isalnum())[:_LONGEST_NAME].lower()
        if not clean or clean.isascii():
            continue
        keys["".join(lazy_pinyin(clean))] = None
        for initials in _initials(clean):
            keys[initials] = None
    return " ".join(keys)


def _initials(name: str) -> list[str]:
    usual = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    readings = [
        sorted({reading[:1] for reading in choices})
        for choices in pinyin(name, style=Style.FIRST_LETTER, heteronym=True)
    ]
    count = 1
    for choices in readings:
        count *= len(choices)
    if count > _MOST_READINGS:
        return [usual]
    return [usual, *("".join(letters) for letters in product(*readings))]
