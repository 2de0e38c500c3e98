"""Names that may mean the same thing: proposed by likeness, decided by a person, never merged here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from kg.model import Document, EntityVerdict, NamePair
from kg.review.occurrence import find_form_spans, label_of

# Kinds of things that texts call by several names; places, groups and plans are told by context.
_TYPES = frozenset({"Enterprise", "Project", "Park", "Organization", "Industry"})
_LIKENESS = 72.0
_SHORTEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An accepted entity: `document-id:name`, its types, and the sentence it first stands in."""

    key: str
    name: str
    types: frozenset[str]
    context: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairQuestion:
    """Two entities whose names are alike."""

    left: str
    right: str
    likeness: float
    left_context: str
    right_context: str


def sides(pair: NamePair | PairQuestion) -> frozenset[str]:
    """Give the two sides of a pair, whichever is left."""
    return frozenset((pair.left, pair.right))


def list_named(document: Document, rows: Iterable[EntityVerdict]) -> list[Named]:
    """List the accepted entities whose names are worth comparing."""
    named = []
    for row in rows:
        types = frozenset(row.type.split("|"))
        if row.verdict == "accept" and types & _TYPES:
            spans = find_form_spans(document.text, row)
            start = spans[0].start if spans else -1
            sentence = next((s.text for s in document.sentences if s.start <= start < s.end), row.quote)
            named.append(Named(key=f"{document.id}:{row.name}", name=row.name, types=types, context=sentence))
    return named


def propose_pairs(
    own: Iterable[Named], others: Iterable[Named], judged: Iterable[NamePair]
) -> tuple[PairQuestion, ...]:
    """Propose pairs of `own` names, and of an own and another document's, that nobody judged yet."""
    own = list(own)
    every = [*own, *others]
    known = {sides(pair) for pair in judged}
    questions: dict[frozenset[str], PairQuestion] = {}
    for place, other, likeness in _find_alike(
        [label_of(n.name) for n in own], [label_of(n.name) for n in every]
    ):
        first, second = sorted((own[place], every[other]), key=lambda named: named.key)
        pair = frozenset((first.key, second.key))
        if len(pair) == 2 and pair not in known and first.types & second.types:
            questions.setdefault(
                pair,
                PairQuestion(
                    left=first.key, right=second.key, likeness=likeness,
                    left_context=first.context, right_context=second.context,
                ),
            )  # fmt: skip
    return tuple(sorted(questions.values(), key=lambda q: (-q.likeness, q.left, q.right)))


def _find_alike(own: list[str], every: list[str]) -> Iterator[tuple[int, int, float]]:
    """Find pairs by edit distance, and those where one name begins or ends with the other."""
    if not own:
        return
    scores = process.cdist(own, every, scorer=fuzz.ratio, score_cutoff=_LIKENESS)
    for place, other in zip(*scores.nonzero(), strict=True):
        yield int(place), int(other), float(scores[place, other])
    for place, other in _find_parts(own, every):
        yield place, other, _LIKENESS
    for other, place in _find_parts(every, own):
        yield place, other, _LIKENESS


def _find_parts(longer: list[str], shorter: list[str]) -> Iterator[tuple[int, int]]:
    """Find where a name of one list begins or ends with a name of the other."""
    places: dict[str, list[int]] = defaultdict(list)
    for short, label in enumerate(shorter):
        places[label].append(short)
    sizes = sorted({len(label) for label in shorter if len(label) >= _SHORTEST})
    for long, label in enumerate(longer):
        for size in sizes:
            if size >= len(label):
                break
            for part in {label[:size], label[-size:]}:
                yield from ((long, short) for short in places.get(part, ()))


def describe_side(key: str, titles: Mapping[str, str], own: str) -> str:
    """Write a side for a person: the name, with the document's title if it is another's."""
    document, _, name = key.partition(":")
    return name if document == own else f"{name}({titles.get(document, document)})"
