"""Which items are decided by which rows, kept up to date row by row."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping

from kg.model import Document, EntityVerdict, MeasureVerdict, Proposal, RelationVerdict, Review, Span, Verdict
from kg.review.match import TABLES, Answers
from kg.review.occurrence import find_form_spans, find_value_spans, label_of, surface_forms
from kg.review.page.item import Item, make_items, row_item

_RANK = {"entities": 0, "relations": 1, "measures": 2}


class State:
    """The items of a document with their answers; `changed` collects what to show anew."""

    def __init__(
        self, document: Document, proposal: Proposal, numbers: Iterable[Span], review: Review
    ) -> None:
        self.document, self.proposal = document, proposal
        self.numbers = tuple(numbers)
        self._ends = [sentence.start for sentence in document.sentences]
        self.number_sentences = [self.sentence_of(number.start) for number in self.numbers]
        self.names_edition = 0  # counts the changes of rows that name something
        self._names: tuple[int, Mapping[str, str]] = (-1, {})
        self.build(review)

    def build(self, review: Review) -> None:
        """Work everything out from the rows."""
        self.names_edition += 1
        text = self.document.text
        self.answers = Answers(text, review)
        self.items = {item.id: item for item in make_items(self.proposal, self.numbers)}
        self.rows: dict[str, Verdict | None] = {}
        self.accepted: Counter[str] = Counter()
        self.used_names: Counter[str] = Counter()
        self.forms: Counter[str] = Counter(
            form for candidate in self.proposal.entities for form in {candidate.name}
        )
        self.about: dict[str, list[Verdict]] = defaultdict(list)
        self._covers = [0] * len(text)
        self._users: Counter[int] = Counter()  # how many items a row answers, by id of the row
        self.changed: set[str] = set()
        self._groups: dict[tuple[str, Hashable], list[Item]] = defaultdict(list)
        for item in self.items.values():
            if item.candidate is not None:
                self._groups[item.table, self.answers.group_of(item.candidate)].append(item)
        every = [row for table in TABLES for row in getattr(review, table)]
        for row in every:
            self._note(row, 1)
        for group in list(self._groups):
            self._answer(group)
        for item in self.items.values():
            if item.number is not None:
                self.rows[item.id] = self._number_row(item)
        used = {id(row) for row in self.rows.values() if row is not None}
        for row in every:
            if id(row) not in used:
                self._add_row_item(row)
        self.sort()
        self.changed = set()  # everything is new: whoever builds shows all of it

    def sort(self) -> None:
        """Put the items in the order of the text: by sentence, names before facts."""
        self.sentences = {item.id: self.sentence_of(item.start) for item in self.items.values()}
        self.order = sorted(
            self.items.values(),
            key=lambda i: (self.sentences[i.id], _RANK[i.table], i.start, i.end, -i.confidence, i.id),
        )
        self.place = {item.id: number for number, item in enumerate(self.order)}

    def sentence_of(self, position: int) -> int:
        """Number the sentence a position is in."""
        return max(0, bisect_right(self._ends, position) - 1)

    # ---------------------------------------------------------------- rows come and go

    def add(self, row: Verdict) -> None:
        """Take up a row."""
        self.answers.add(row)
        self._note(row, 1)
        if not self._renew(row):
            self._add_row_item(row)
            self.sort()

    def remove(self, row: Verdict) -> None:
        """Forget a row."""
        self.answers.remove(row)
        self._note(row, -1)
        item = row_item(row, self.document.text)
        if self.items.pop(item.id, None) is not None:
            self.rows.pop(item.id, None)
            self.changed.add(item.id)
            self.sort()
        self._renew(row)

    def needs_build(self, row: Verdict) -> bool:
        """Tell whether a row changes what other rows claim (it gives a name other names)."""
        return isinstance(row, EntityVerdict) and bool(row.aliases)

    def _note(self, row: Verdict, step: int) -> None:
        ends: tuple[str, ...] = ()
        if isinstance(row, EntityVerdict):
            self.names_edition += 1
            if row.verdict == "accept":
                self.accepted[row.name] += step
                for form in surface_forms(row):
                    self.forms[form] += step
        elif isinstance(row, RelationVerdict):
            ends = (row.subject, row.object)
        else:
            ends = (row.subject,)
            if row.verdict != "unsure":
                for span in find_value_spans(self.document.text, row):
                    for place in range(span.start, span.end):
                        self._covers[place] += step
        for end in ends if row.verdict != "reject" else ():
            self.used_names[end] += step
        for end in {*ends} if row.verdict == "accept" else ():
            self.about[end].append(row) if step > 0 else self.about[end].remove(row)

    def _renew(self, row: Verdict) -> bool:
        """Answer again what a row may answer; tell whether it does."""
        table = {EntityVerdict: "entities", RelationVerdict: "relations"}.get(type(row), "measures")
        groups: list[Hashable] = [self.answers.group_of(row)]
        if isinstance(row, EntityVerdict):
            groups = list({label_of(row.name), *surface_forms(row)})
        elif isinstance(row, MeasureVerdict):
            spans = find_value_spans(self.document.text, row)
            groups = [(span.start, span.end) for span in spans]
            for span in spans:
                self._renew_numbers(span)
        for group in groups:
            self._answer((table, group))
        return any(
            self.rows.get(item.id) is row
            for group in groups
            for item in (*self._groups.get((table, group), ()), *self._number_items(group))
        )

    def _number_items(self, group: Hashable) -> list[Item]:
        item = self.items.get(f"n{group[0]}") if isinstance(group, tuple) and len(group) == 2 else None
        return [item] if item is not None else []

    def _renew_numbers(self, span: Span) -> None:
        for start in range(span.start, span.end):
            item = self.items.get(f"n{start}")
            if item is not None:
                self.rows[item.id] = self._number_row(item)
                self.changed.add(item.id)

    def _answer(self, group: tuple[str, Hashable]) -> None:
        items = self._groups.get(group, [])
        if not items:
            return
        by_candidate = {id(item.candidate): item for item in items}
        for candidate, row in self.answers.answer([i.candidate for i in items if i.candidate is not None]):
            item = by_candidate[id(candidate)]
            if self.rows.get(item.id) is not row or item.id not in self.rows:
                self.changed.add(item.id)
            self.rows[item.id] = row

    def _number_row(self, item: Item) -> Verdict | None:
        return next(iter(self.answers.rows_at(item.start, item.end)), None)

    def _add_row_item(self, row: Verdict) -> None:
        item = row_item(row, self.document.text)
        self.items[item.id] = item
        self.rows[item.id] = row
        self.changed.add(item.id)

    # ---------------------------------------------------------------- questions

    def group(self, table: str, group: Hashable) -> list[Item]:
        """Give the items that the same rows may answer."""
        return self._groups.get((table, group), [])

    def verdict_of(self, item: Item) -> str:
        """Give an item's verdict, or `open`."""
        row = self.rows.get(item.id)
        if row is not None:
            return row.verdict
        if item.number is not None and not self.is_open_number(item.number):
            return "accept"
        return "open"

    def is_open_number(self, number: Span) -> bool:
        """Tell whether nothing accounts for a number yet."""
        return not all(self.covers(number.start, number.end))

    def covers(self, start: int, end: int) -> list[int]:
        """Count for each character how many values of rows cover it."""
        return self._covers[start:end]

    @property
    def names(self) -> Mapping[str, str]:
        """Map forms that one accepted name alone has to that name."""
        if self._names[0] != self.names_edition:
            self._names = self.names_edition, self.answers.names()
        return self._names[1]

    def mention_spans(self, item: Item) -> tuple[Span, ...]:
        """Give the places to mark for an entity item."""
        row = self.rows.get(item.id)
        if isinstance(row, EntityVerdict) and row.verdict != "reject":
            return find_form_spans(self.document.text, row)
        mentions = getattr(item.candidate, "mentions", ())
        return tuple(Span(start=m.start, end=m.end, text=m.text) for m in mentions)
