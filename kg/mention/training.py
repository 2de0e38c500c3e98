"""Training of the tagger from documents that people have read; the same documents give the same bytes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kg.mention.crf import Field, hold_features, train_field
from kg.mention.emission import Emitter
from kg.mention.feature import Sequence as Words
from kg.mention.feature import describe_words
from kg.mention.span import TYPES, score_sequences
from kg.mention.tagger import Reading, describe_document, locate_place, pack_model, read_view
from kg.mention.view import View, view_text
from kg.model import Document, Mention

Example = tuple[Document, Sequence[Mention]]
_WORDS = {"c1": 0.2, "c2": 0.02, "max_iterations": 70, "feature.minfreq": 2}
_JUDGE = {"c1": 0.0, "c2": 5.0, "max_iterations": 150}
_FOLDS = 4
_WEIGHT = 3  # a string counts as often as it stands in the document, at most so often


@dataclass(slots=True)
class _Lesson:
    """A document prepared for training: what the word model sees, and what a person found."""

    group: str
    view: View
    reading: Reading
    features: list[Any]
    labels: list[list[str]]
    answers: dict[tuple[int, int], str]


def train_tagger(
    examples: Iterable[Example], *, group_of: Callable[[Document], str] = lambda document: document.id
) -> bytes:
    """Train the word model, then the judge on what word models say of documents they have not seen.

    `group_of` names the place of a document: documents of a place are kept together where
    the judge's training holds some out.
    """
    lessons = [_prepare(document, mentions, group_of(document)) for document, mentions in examples]
    folds = _share(lessons)
    verdicts: list[tuple[list[str], str, int]] = []
    for fold in range(max(folds.values(), default=0) + 1):
        held = [lesson for lesson in lessons if folds[lesson.group] == fold]
        rest = [lesson for lesson in lessons if folds[lesson.group] != fold]
        emitter = Emitter(Field.read(_train_words(rest or held)))
        for lesson in held:
            verdicts.extend(_examine(emitter, lesson))
    return pack_model(_train_words(lessons), _train_judge(verdicts))


def _prepare(document: Document, mentions: Sequence[Mention], group: str) -> _Lesson:
    view = view_text(document.text)
    reading = read_view(view.text)
    if view.offsets is None:
        starts = {mention.start: mention for mention in mentions}
    else:
        back = {offset: place for place, offset in enumerate(view.offsets)}
        starts = {back[mention.start]: mention for mention in mentions if mention.start in back}
    labels = [_label(sequence, view, starts) for sequence in reading.sequences]
    features = [hold_features(describe_words(sequence)) for sequence in reading.sequences]
    return _Lesson(
        group=group,
        view=view,
        reading=reading,
        features=features,
        labels=labels,
        answers={
            (start, start + _length(view, start, mention)): mention.type for start, mention in starts.items()
        },
    )


def _length(view: View, start: int, mention: Mention) -> int:
    """How long a mention is in the view, where line breaks may be gone."""
    if view.offsets is None:
        return mention.end - mention.start
    return sum(offset < mention.end for offset in view.offsets[start : start + mention.end - mention.start])


def _label(sequence: Words, view: View, starts: dict[int, Mention]) -> list[str]:
    labels: list[str] = []
    current: Mention | None = None
    for place in sequence.starts[:-1]:
        here = place if view.offsets is None else view.offsets[place]
        if place in starts and starts[place].type in TYPES:
            current = starts[place]
            labels.append(f"B-{current.type}")
        elif current is not None and here < current.end:
            labels.append(f"I-{current.type}")
        else:
            current = None
            labels.append("O")
    return labels


def _share(lessons: Iterable[_Lesson]) -> dict[str, int]:
    """Groups among folds of about equal text."""
    sizes: dict[str, int] = defaultdict(int)
    for lesson in lessons:
        sizes[lesson.group] += len(lesson.view.text)
    weights = [0] * max(1, min(_FOLDS, len(sizes)))
    folds: dict[str, int] = {}
    for group in sorted(sizes, key=lambda group: (-sizes[group], group)):
        folds[group] = weights.index(min(weights))
        weights[folds[group]] += sizes[group]
    return folds


def _train_words(lessons: Iterable[_Lesson]) -> bytes:
    return train_field(
        ((features, labels) for lesson in lessons
         for features, labels in zip(lesson.features, lesson.labels, strict=True)),
        _WORDS,
    )  # fmt: skip


def _train_judge(verdicts: Iterable[tuple[list[str], str, int]]) -> bytes:
    return train_field(
        ((hold_features([features]), [label]) for features, label, times in verdicts for _ in range(times)),
        _JUDGE,
    )


def _examine(emitter: Emitter, lesson: _Lesson) -> Iterable[tuple[list[str], str, int]]:
    """Every candidate string of a held-out document with its features, its answer and its weight."""
    scored = score_sequences(emitter, lesson.reading.sequences)
    for _, shared, groups in describe_document(lesson.view.text, scored, lesson.reading):
        for features, places in groups:
            answers = Counter(lesson.answers.get(locate_place(scored, place), "O") for place in places)
            for answer, count in sorted(answers.items()):
                yield [*shared, *features], answer, min(_WEIGHT, count)
