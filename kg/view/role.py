"""The role of an anchor: what the words of its basis call it."""

from functools import cache
from importlib.resources import files

ROLES = ("lianzhu", "longtou", "lingjun", "gugan", "yituo", "other")


def role_of(basis: str) -> str:
    """Return the role that a basis (`围绕…招引`) names, `other` where it names none."""
    for role, words in _rules():
        if any(word in basis for word in words):
            return role
    return "other"


@cache
def _rules() -> tuple[tuple[str, tuple[str, ...]], ...]:
    text = files("kg.view").joinpath("page/role.tsv").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((role, tuple(words.split("|"))) for role, words in (line.split("\t") for line in lines))
