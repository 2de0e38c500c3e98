"""Training of the measure models from documents that a person has read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from kg.candidate.cue import describe_measures
from kg.candidate.draft import SOURCES, Draft, draft_measures
from kg.candidate.subject import Topics, describe_subjects, find_topics, shares_paragraph
from kg.mention.crf import hold_features, train_field
from kg.mention.period import find_periods
from kg.mention.quantity import find_quantities
from kg.model import Document, Mention

NO_MEASURE = "-"
NO_PERIOD = "none"
SUBJECT, _OTHER = "yes", "no"
_SETTINGS = {"c1": 0.0, "max_iterations": 100, "feature.minfreq": 2, "feature.possible_transitions": True}
Sample = tuple[Sequence[Sequence[str]], Sequence[str]]
_PART = re.compile(r"上半年|下半年")


class Stated(Protocol):
    """A measure that a person read in a document (a gold measure or an accepted row)."""

    @property
    def subject(self) -> str: ...
    @property
    def low(self) -> float | Decimal | None: ...
    @property
    def high(self) -> float | Decimal | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def modality(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def quote(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A document with what was read in it; `names` maps every name of an entity to its first."""

    document: Document
    mentions: Sequence[Mention]
    measures: Sequence[Stated]
    names: dict[str, str]


def train_measures(lessons: Iterable[Lesson]) -> dict[str, bytes]:
    """Train the three models (`modality`, `period`, `subject`), the same bytes for the same lessons.

    A document without a single measure teaches nothing here: most likely nobody read it for its numbers.
    """
    modality: list[Sample] = []
    period: list[Sample] = []
    subject: list[Sample] = []
    for lesson in lessons:
        if not lesson.measures:
            continue
        document = lesson.document
        drafts = draft_measures(document, find_quantities(document), find_periods(document))
        pairs = align_measures(document.text, drafts, lesson.measures)
        features = list(describe_measures(drafts))
        modality.append((features, [stated.modality if stated else NO_MEASURE for stated in pairs]))
        kept = [place for place, stated in enumerate(pairs) if stated is not None]
        labels = [label_period(drafts[place], pairs[place]) for place in kept]
        period.append(([features[place] for place in kept], labels))
        topics = Topics(find_topics(document, lesson.mentions))
        subject.extend(_subject_lessons([(drafts[p], pairs[p]) for p in kept], topics, lesson.names))
    return {
        "modality": _train(modality, l2=4.0),
        "period": _train(period, l2=4.0),
        "subject": _train(subject, l2=0.3),
    }


def _train(samples: Iterable[Sample], *, l2: float) -> bytes:
    held = ((hold_features(features), labels) for features, labels in samples)
    return train_field(held, {**_SETTINGS, "c2": l2})


def align_measures(text: str, drafts: Sequence[Draft], measures: Sequence[Stated]) -> list[Stated | None]:
    """Give for each draft the measure a person read there, or nothing."""
    places: dict[tuple[float | None, float | None, str], list[int]] = {}
    for place, draft in enumerate(drafts):
        quantity = draft.quantity
        places.setdefault(_key(quantity.low, quantity.high, quantity.unit), []).append(place)
    found: list[Stated | None] = [None] * len(drafts)
    for stated in measures:
        quotes = [(m.start(), m.end()) for m in re.finditer(re.escape(stated.quote), text)]
        for place in places.get(_key(stated.low, stated.high, stated.unit), []):
            quantity = drafts[place].quantity
            if found[place] is None and any(s < quantity.end and quantity.start < e for s, e in quotes):
                found[place] = stated
                break
    return found


def _key(
    low: float | Decimal | None, high: float | Decimal | None, unit: str
) -> tuple[float | None, float | None, str]:
    low, high = (None if bound is None else round(float(bound), 4) for bound in (low, high))
    return low, high, unit


def label_period(draft: Draft, stated: Stated | None) -> str:
    """Name the source that gives the period a person read, or that there is none."""
    if stated is None or not stated.period:
        return NO_PERIOD
    wanted = _PART.sub(lambda m: "H1" if m.group().startswith("上") else "H2", stated.period)
    return next((label for label in SOURCES if draft.sources.get(label) == wanted), NO_PERIOD)


def _subject_lessons(
    read: Iterable[tuple[Draft, Stated | None]], topics: Topics, names: dict[str, str]
) -> Iterator[Sample]:
    last: Draft | None = None
    previous: str | None = None
    for draft, stated in read:
        assert stated is not None
        joined = last is not None and shares_paragraph(last, draft)
        chosen = None
        for mention, features in describe_subjects(draft, topics, previous, joined=joined):
            right = names.get(mention.text, mention.text) == stated.subject
            chosen = mention.text if right else chosen
            yield [features], [SUBJECT if right else _OTHER]
        last, previous = draft, chosen
