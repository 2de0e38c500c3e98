"""Judging: the features of a candidate string from all its places in a document, and of each place.

What a string is, the whole document says; whether it names that at a place, the place does
too (农业 may be an industry of the document and yet a mere attribute in 农业人口).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.mention.feature import find_suffix, is_alone
from kg.mention.known import KnownNames
from kg.mention.lexicon import list_lexicon, read_table, word_clusters
from kg.mention.span import TYPES, Scored, Surface, span_chance
from kg.mention.word import tag_word

_EDGES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
_BINS = tuple(map(str, range(len(_EDGES) + 1)))
_PROPER_TAGS = frozenset(("nr", "nt", "nz", "nrt", "nrfg", "eng"))
_SEEN_WORDS = 3  # neighbouring words that are looked at as themselves
Place = tuple[int, int, int]


@dataclass(slots=True)
class Evidence:
    """What the tagger says of a whole document.

    `begun` and `ended` give, by sequence, the type of the tagger's span that begins or ends
    at a word; `rival_ends` and `rival_starts` the best chance of any candidate with that edge.
    """

    scored: list[Scored]
    known: KnownNames
    begun: list[dict[int, str]]
    ended: list[dict[int, str]]
    chances: dict[Place, Sequence[float]]
    rival_starts: dict[tuple[int, int], float]
    rival_ends: dict[tuple[int, int], float]


def weigh_document(scored: list[Scored], surfaces: Iterable[Surface], known: KnownNames) -> Evidence:
    """Compute once what the judging of every string needs."""
    begun: list[dict[int, str]] = []
    ended: list[dict[int, str]] = []
    for item in scored:
        spans = item.spans
        begun.append({first: kind for first, _, kind in spans})
        ended.append({end: kind for _, end, kind in spans})
    evidence = Evidence(scored, known, begun, ended, {}, defaultdict(float), defaultdict(float))
    for surface in surfaces:
        for place in surface.places:
            number, first, end = place
            chances = span_chance(scored[number], first, end)
            evidence.chances[place] = chances
            chance = sum(chances)
            if chance > evidence.rival_starts[number, first]:
                evidence.rival_starts[number, first] = chance
            if chance > evidence.rival_ends[number, end]:
                evidence.rival_ends[number, end] = chance
    return evidence


def _bin(value: float) -> str:
    return _BINS[bisect_right(_EDGES, value)]


def group_places(
    surface: Surface, evidence: Evidence, best: str
) -> list[tuple[tuple[str, ...], list[Place]]]:
    """The features of a string of type `best` at its places, with the places that have just these."""
    groups: dict[tuple[str, ...], list[Place]] = {}
    for place in surface.places:
        groups.setdefault(_describe_place(place, evidence, best), []).append(place)
    return list(groups.items())


def _describe_place(place: Place, evidence: Evidence, best: str) -> tuple[str, ...]:
    number, first, end = place
    item = evidence.scored[number]
    words, labels = item.sequence.words, item.labels
    chances = evidence.chances[place]
    chance = sum(chances)
    level = _bin(chance)
    previous = _kind_of(words[first - 1] if first else "")
    following = _kind_of(words[end] if end < len(words) else "")
    label = labels[end][:1] if end < len(words) else "O"
    here = evidence.begun[number].get(first)
    hit = here if here and evidence.ended[number].get(end) == here else "-"
    return (
        f"here={level}",
        f"here={level}|{best}",
        f"here={level}|{TYPES[max(range(len(TYPES)), key=lambda kind: chances[kind])] if chance else '-'}",
        f"edges={labels[first][:1]}{label}|{hit}",
        f"edges={labels[first][:1]}{label}|{best}",
        f"hp={previous}|{best}",
        f"hf={following}|{best}",
        f"hwins={chance >= evidence.rival_starts[number, first]}{chance >= evidence.rival_ends[number, end]}",
    )


def describe_surface(surface: Surface, evidence: Evidence) -> tuple[list[str], str]:
    """The features of a candidate string, what all its occurrences say together; and its likeliest type."""
    count = len(surface.places)
    sums, tops = [0.0] * len(TYPES), [0.0] * len(TYPES)
    wins: dict[str, int] = defaultdict(int)
    hits: dict[str, int] = defaultdict(int)
    for place in surface.places:
        number, first, end = place
        chances = evidence.chances[place]
        chance = sum(chances)
        for kind, value in enumerate(chances):
            sums[kind] += value
            if value > tops[kind]:
                tops[kind] = value
        wins["start"] += chance >= evidence.rival_starts[number, first]
        wins["end"] += chance >= evidence.rival_ends[number, end]
        here = evidence.begun[number].get(first)
        if here and evidence.ended[number].get(end) == here:
            hits[here] += 1
    best = max(range(len(TYPES)), key=lambda kind: (sums[kind], -kind))
    name = TYPES[best]
    features = _describe_form(surface, evidence, name)
    features += _describe_chances(sums, tops, hits, count, features[1])
    for side, number in sorted(wins.items()):
        if number:
            features.append(f"win{side}={'all' if number == count else 'some'}")
    top = _bin(tops[best])
    for origin in sorted(surface.origins):
        features += (f"o={origin}", f"o={origin}|{name}|{top}")
    for mark, counts in _count_neighbours(surface, evidence).items():
        for neighbour in sorted(counts):
            features += (f"{mark}={neighbour}", f"{mark}={neighbour}|{name}")
            if counts[neighbour] * 2 > count:
                features.append(f"{mark}={neighbour}!")
    return features, name


def _describe_form(surface: Surface, evidence: Evidence, best: str) -> list[str]:
    """What the string itself says; its suffix stands second."""
    number, first, end = surface.places[0]
    words = evidence.scored[number].sequence.words[first:end]
    tags = [tag_word(word) for word in words]
    suffix = find_suffix(surface.text)
    kinds = list_lexicon("attribute.txt").known
    features = ["b", f"S={suffix}", f"S={suffix}|{best}", f"n={min(len(surface.places), 5)}", f"best={best}",
                f"len={min(len(surface.text), 12)}", f"words={min(len(words), 6)}", f"ft={tags[0]}",
                f"ft={tags[0]}|{best}", f"lt={tags[-1]}", f"fw={words[0]}", f"lw={words[-1]}",
                f"lw={words[-1]}|{len(words) > 1}", f"{suffix}|{tags[0]}", f"{suffix}|{min(len(words), 6)}",
                f"{suffix}|{min(len(surface.places), 3)}"]  # fmt: skip
    for side, word in (("fw", words[0]), ("lw", words[-1])):
        coarse, fine = word_clusters(word)
        features += (f"{side}k{coarse}", f"{side}K{fine}", f"{side}k{coarse}|{best}")
    if "的" in words:
        features.append("has的")
    if any(word in "、和与及" for word in words):
        features.append(f"haslist|{best}")
    if any(tag == "v" for tag in tags[:-1]):
        features.append("hasverb")
    if any(tag == "ns" for tag in tags):
        features += (f"hasplace|{best}", f"hasplace|{suffix}")
    if any(is_alone(word) for word in words[:-1]):
        features += (f"hasalone|{best}", f"hasalone|{suffix}")
    if any(tag in _PROPER_TAGS for tag in tags):
        features += (f"hasproper|{best}", f"hasproper|{suffix}")
    if any(word in kinds for word in words):
        features += (f"haskind|{best}", f"haskind|{suffix}")
    if any(word[0].isdigit() for word in words):
        features.append(f"hasdigit|{best}")
    known = evidence.known.level(surface.text)
    features += (f"known={known}", f"known={known}|{best}", f"known={known}|{suffix}")
    if surface.text in list_lexicon("generic.txt").known:
        features.append("generic")
    return features


def _describe_chances(
    sums: list[float], tops: list[float], hits: Mapping[str, int], count: int, suffix: str
) -> list[str]:
    features = [] if any(hits.values()) else ["nohit"]
    for kind, name in enumerate(TYPES):
        top, mean = _bin(tops[kind]), _bin(sums[kind] / count)
        features += (f"top{name}={top}", f"mean{name}={mean}")
        if tops[kind] >= 0.05:
            features += (f"top{name}={top}|{suffix}", f"top{name}={top}|n{min(count, 3)}")
        if hits.get(name):
            share = hits[name] / count
            features.append(f"hit{name}={'all' if share == 1 else 'most' if share >= 0.5 else 'some'}")
    return features


def _count_neighbours(surface: Surface, evidence: Evidence) -> dict[str, dict[str, int]]:
    """What stands before and behind, and what the names listed beside it are, by how often."""
    before: dict[str, int] = defaultdict(int)
    behind: dict[str, int] = defaultdict(int)
    beside: dict[str, int] = defaultdict(int)
    for place, (number, first, end) in enumerate(surface.places):
        words = evidence.scored[number].sequence.words
        previous = words[first - 1] if first else ""
        following = words[end] if end < len(words) else ""
        before[_kind_of(previous)] += 1
        behind[_kind_of(following)] += 1
        if place < _SEEN_WORDS:
            for side, word in ((before, previous), (behind, following)):
                coarse, fine = word_clusters(word)
                side["=" + word] += 1
                side["k" + coarse] += 1
                side["K" + fine] += 1
        if previous == "、" and first > 1:
            beside[evidence.ended[number].get(first - 1, "-")] += 1
        if following == "、" and end + 1 < len(words):
            beside[evidence.begun[number].get(end + 1, "-")] += 1
    return {"p": before, "f": behind, "L": beside}


@lru_cache(maxsize=50_000)
def _kind_of(word: str) -> str:
    if not word:
        return "edge"
    trigger = read_table("trigger.tsv").get(word)
    if trigger:
        return "T" + trigger[0]
    closer = read_table("closer.tsv").get(word)
    if closer:
        return "C" + closer[0]
    return tag_word(word) if word[0].isalnum() else word
