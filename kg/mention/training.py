"""Training of the tagger from documents that people have read; the same documents give the same bytes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kg.mention.crf import Field, hold_features, train_field
from kg.mention.emission import Emitter
from kg.mention.feature import Sequence as Words
from kg.mention.feature import cut_sequences, describe_words
from kg.mention.known import KnownNames, Read, Readings
from kg.mention.name import make_mentions
from kg.mention.span import TYPES, Scored, score_sequences
from kg.mention.tagger import Reading, describe_document, judge_with, locate_place, pack_model, read_view
from kg.mention.view import View, view_text
from kg.model import Document, Mention

_Verdict = tuple[list[str], str, int]
Example = tuple[Document, Sequence[Mention]]
_WORDS = {"c1": 0.2, "c2": 0.02, "max_iterations": 70, "feature.minfreq": 2}
_JUDGE = {"c1": 0.0, "c2": 5.0, "max_iterations": 150}
_FOLDS = 3
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


class TrainedTagger(NamedTuple):
    """A tagger's file, and the mentions that taggers find which did not learn from the document, in order."""

    model: bytes
    unseen: tuple[tuple[Mention, ...], ...]


def train_tagger(
    examples: Sequence[Example], *, group_of: Callable[[Document], str] = lambda document: document.id
) -> TrainedTagger:
    """Train the word model, then the judge on what word models say of documents they have not seen.

    `group_of` names the place of a document: documents of a place are kept together where
    the judge's training holds some out.
    """
    views = [(group_of(document), view_text(document.text), mentions) for document, mentions in examples]
    answers = [_find_answers(view, mentions) for _, view, mentions in views]
    read = Readings(
        Read(group, view.text, cut_sequences(view.text), found)
        for (group, view, _), found in zip(views, answers, strict=True)
    )
    known = {group: read.names_for(group) for group in sorted({group for group, _, _ in views})}
    lessons = [
        _prepare(group, view, found, known[group])
        for (group, view, _), found in zip(views, answers, strict=True)
    ]
    folds = _share(lessons)
    emitters = {
        fold: Emitter(Field.read(_train_words([x for x in lessons if folds[x.group] != fold] or lessons)))
        for fold in sorted(set(folds.values()))
    }
    scored = [score_sequences(emitters[folds[x.group]], x.reading.sequences) for x in lessons]
    verdicts = [list(_examine(found, lesson)) for found, lesson in zip(scored, lessons, strict=True)]
    judges = {
        fold: Field.read(
            _train_judge(
                [each for each, x in zip(verdicts, lessons, strict=True) if folds[x.group] != fold]
                or verdicts
            )
        )
        for fold in emitters
    }
    return TrainedTagger(
        model=pack_model(_train_words(lessons), _train_judge(verdicts), read.names()),
        unseen=tuple(
            make_mentions(document, x.view, judge_with(judges[folds[x.group]], x.view.text, found, x.reading))
            for (document, _), x, found in zip(examples, lessons, scored, strict=True)
        ),
    )


def tally_names(
    documents: Iterable[tuple[Document, Sequence[Mention], Mapping[str, str]]],
) -> Readings:
    """Tally the names of read documents, each a group of its own: its mentions, and what was refused."""
    found = []
    for document, mentions, refused in documents:
        view = view_text(document.text)
        answers = _find_answers(view, mentions)
        found.append(Read(document.id, view.text, cut_sequences(view.text), answers, refused))
    return Readings(found)


def _find_answers(view: View, mentions: Sequence[Mention]) -> dict[tuple[int, int], str]:
    """The spans of the view that a person took for names, with their types."""
    if view.offsets is None:
        starts = {mention.start: mention for mention in mentions}
    else:
        back = {offset: place for place, offset in enumerate(view.offsets)}
        starts = {back[mention.start]: mention for mention in mentions if mention.start in back}
    return {
        (start, start + _length(view, start, mention)): mention.type
        for start, mention in starts.items()
        if mention.type in TYPES
    }


def _prepare(group: str, view: View, answers: dict[tuple[int, int], str], known: KnownNames) -> _Lesson:
    reading = read_view(view.text, known)
    ends = {start: (end, kind) for (start, end), kind in answers.items()}
    return _Lesson(
        group=group,
        view=view,
        reading=reading,
        features=[hold_features(describe_words(sequence)) for sequence in reading.sequences],
        labels=[_label(sequence, ends) for sequence in reading.sequences],
        answers=answers,
    )


def _length(view: View, start: int, mention: Mention) -> int:
    """How long a mention is in the view, where line breaks may be gone."""
    if view.offsets is None:
        return mention.end - mention.start
    return sum(offset < mention.end for offset in view.offsets[start : start + mention.end - mention.start])


def _label(sequence: Words, ends: dict[int, tuple[int, str]]) -> list[str]:
    labels: list[str] = []
    end, kind = 0, ""
    for place in sequence.starts[:-1]:
        if place in ends:
            end, kind = ends[place]
            labels.append(f"B-{kind}")
        else:
            labels.append(f"I-{kind}" if place < end else "O")
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


def _train_judge(verdicts: Iterable[Iterable[_Verdict]]) -> bytes:
    return train_field(
        (
            (hold_features([features]), [label])
            for found in verdicts
            for features, label, times in found
            for _ in range(times)
        ),
        _JUDGE,
    )


def _examine(scored: list[Scored], lesson: _Lesson) -> Iterable[_Verdict]:
    """Every candidate string of a held-out document with its features, its answer and its weight."""
    for _, shared, groups in describe_document(lesson.view.text, scored, lesson.reading):
        for features, places in groups:
            answers = Counter(lesson.answers.get(locate_place(scored, place), "O") for place in places)
            for answer, count in sorted(answers.items()):
                yield [*shared, *features], answer, min(_WEIGHT, count)
