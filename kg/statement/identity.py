"""Identity: keys that are stable whatever else is in the graph."""

import hashlib
import re

from pypinyin import Style, lazy_pinyin

_UNSAFE = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 40
_SEPARATOR = "\x1f"


def hash_of(*parts: str, length: int) -> str:
    """Hash parts that may hold anything to `length` hexadecimal digits."""
    return hashlib.sha256(_SEPARATOR.join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:length]


def entity_key(division: str, type: str, name: str) -> str:
    """Make an entity's local name: first type, pinyin, and a hash of division, type and name.

    Nothing else enters, so that another document, alias or row never moves it.
    """
    label = name.split("#", 1)[0]
    syllables = lazy_pinyin(label, style=Style.NORMAL)
    slug = _UNSAFE.sub("", "".join(syllables).lower())[:_LONGEST_SLUG] or "x"
    first = type.split("|", 1)[0]
    return f"{first.lower()}-{slug}-{hash_of(division, first, name, length=6)}"


def claim_key(*parts: str) -> str:
    """Hash a claim apart from its evidence, so that re-reading never moves it."""
    return hash_of(*parts, length=16)
