"""Entities: mentions that name one thing, joined under their longest name."""

import re
from collections.abc import Iterable, Mapping

from kg.model import Document, EntityCandidate, Mention

# What a name may lose without becoming another: by type, the ends that say only its kind.
_KIND_ENDS = {
    "Industry": re.compile(r"(?:产业链|产业集群|产业|行业|业)$"),
    "Project": re.compile(r"(?:工程|项目|建设)+$"),
    "Enterprise": re.compile(
        r"(?:(?:股份|集团|实业|控股|有限责任|责任)*(?:有限)?(?:总|分)?公司|集团|股份|控股)$"
    ),
    "Park": re.compile(r"(?<=园)区$"),
}
_MARKS = re.compile(r"[\s\"“”]")
_DECLARED = re.compile(
    r"[（(](?:以下|下称|简称|以下统称)+(?:简称|称)?(?:为|：|:)?[“\"]?([^”\"）)]{2,20})[”\"]?[）)]"
)


def propose_entities(document: Document, mentions: Iterable[Mention]) -> tuple[EntityCandidate, ...]:
    """Join mentions into entities, in the order of the text.

    The name is the longest form; an entity is as sure as its surest mention. Two names are
    joined only where nothing else in the document could be meant.
    """
    surfaces: dict[tuple[str, str], list[Mention]] = {}
    for mention in sorted(mentions, key=lambda mention: (mention.start, mention.end)):
        surfaces.setdefault((mention.type, _clean(mention.text)), []).append(mention)
    owners = _join_names(document.text, surfaces)
    groups: dict[tuple[str, str], list[Mention]] = {}
    for key, found in surfaces.items():
        groups.setdefault(owners[key], []).extend(found)
    entities = [
        EntityCandidate(
            type=kind,
            name=name,
            mentions=tuple(sorted(found, key=lambda mention: mention.start)),
            confidence=max(mention.confidence for mention in found),
        )
        for (kind, name), found in groups.items()
    ]
    return tuple(sorted(entities, key=lambda entity: (entity.mentions[0].start, entity.name)))


def _clean(name: str) -> str:
    """A name without line breaks in it, and without a break that the layout put between letters."""
    return re.sub(r"\s*\n\s*", "", name).strip()


def _core(kind: str, name: str) -> str:
    bare = _MARKS.sub("", name)
    ends = _KIND_ENDS.get(kind)
    core = ends.sub("", bare) if ends else bare
    return core if len(core) > 1 else bare


def _join_names(
    text: str, surfaces: Mapping[tuple[str, str], list[Mention]]
) -> dict[tuple[str, str], tuple[str, str]]:
    """The entity of each name: itself, or the longer name that it stands for."""
    owners = {key: key for key in surfaces}
    for kind in sorted({kind for kind, _ in surfaces}):
        names = sorted((name for each, name in surfaces if each == kind), key=lambda name: (-len(name), name))
        cores: dict[str, str] = {}
        for name in names:
            holder = cores.setdefault(_core(kind, name), name)
            if holder != name:
                owners[kind, name] = (kind, holder)
        heads = [name for name in names if owners[kind, name] == (kind, name)]
        for short in heads:
            holders = [name for name in heads if name != short and _may_stand(kind, short, name)]
            if len(holders) == 1:
                owners[kind, short] = (kind, holders[0])
    _join_declared(text, surfaces, owners)
    return {key: _root(owners, key) for key in owners}


def _root(owners: Mapping[tuple[str, str], tuple[str, str]], key: tuple[str, str]) -> tuple[str, str]:
    seen = {key}
    while owners[key] != key and owners[key] not in seen:
        key = owners[key]
        seen.add(key)
    return key


def _may_stand(kind: str, short: str, name: str) -> bool:
    """Whether a short name may stand for a longer one of its kind."""
    if len(short) >= len(name):
        return False
    core = _core(kind, short)
    if kind == "Enterprise":
        if not re.search(r"(?:公司|集团|厂|社)$", name):
            return False
        return core in name or (len(core) > 2 and _is_drawn_from(core, name))
    if kind == "Park":
        return len(short) > 2 and name.endswith(short)
    return False


def _is_drawn_from(short: str, name: str) -> bool:
    """Whether the letters of `short` stand in this order in `name`, from near its beginning."""
    place = name.find(short[:2])
    if not 0 <= place <= 6:
        return False
    for letter in short[2:]:
        place = name.find(letter, place + 1)
        if place < 0:
            return False
    return True


def _join_declared(
    text: str,
    surfaces: Mapping[tuple[str, str], list[Mention]],
    owners: dict[tuple[str, str], tuple[str, str]],
) -> None:
    """Join what the text declares: a name followed by （以下简称…）."""
    ends = {found.end: key for key, mentions in surfaces.items() for found in mentions}
    for match in _DECLARED.finditer(text):
        long = ends.get(match.start())
        if long is not None:
            short = (long[0], match.group(1))
            if short in surfaces and short != long:
                owners[short] = long
