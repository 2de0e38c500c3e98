"""In which order things are asked, and how far one is."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from kg.model import Document, EntityVerdict
from kg.review.names import read_pairs
from kg.review.page.item import Item
from kg.review.page.pair import Named, PairQuestion, list_named, propose_pairs, sides
from kg.review.page.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many proposals, numbers and sentences are decided."""

    decided: int
    items: int
    numbers: int
    open_numbers: int
    sentences: int
    decided_sentences: int
    unsure: int

    @property
    def is_finished(self) -> bool:
        """Tell whether everything is decided."""
        return not self.open_numbers and self.decided == self.items and not self.unsure

    @property
    def percent(self) -> int:
        """Give the share of proposals that are decided."""
        return 100 * self.decided // self.items if self.items else 100


class Queue:
    """The items of a session in the order of asking."""

    def __init__(
        self, session: Session, others: Callable[[], tuple[Named, ...]], documents: tuple[Document, ...]
    ) -> None:
        self.session, self._others = session, others
        self.titles = {document.id: document.record.title for document in documents}
        self._pairs: tuple[object, tuple[PairQuestion, ...]] = (None, ())
        self._named: dict[EntityVerdict, list[Named]] = {}
        self._compared: frozenset[Named] = frozenset()  # of other documents
        self._questions: dict[frozenset[str], PairQuestion] = {}

    def is_undecided(self, item: Item) -> bool:
        """Tell whether an item still asks for a decision."""
        return self.session.state.verdict_of(item) in ("open", "unsure")

    def ordered(self, order: str) -> list[Item]:
        """Give all items by place in the text, or the surest first."""
        items = self.session.state.order
        if order == "confidence":
            return sorted(items, key=lambda item: -item.confidence)
        return items

    def next_open(self, after: Item | None, order: str) -> Item | None:
        """Find the next open item; those left unsure come when nothing is open."""
        following = self._from(after, order)
        verdict_of = self.session.state.verdict_of
        for wanted in ("open", "unsure"):
            found = next((item for item in following if verdict_of(item) == wanted), None)
            if found is not None:
                return found
        return None

    def _from(self, after: Item | None, order: str) -> list[Item]:
        items = self.ordered(order)
        if after is None or after.id not in self.session.state.place:
            return items
        place = self.session.state.place[after.id] if order == "place" else items.index(after)
        return [*items[place + 1 :], *items[: place + 1]]

    def step(self, item: Item | None, order: str, step: int) -> Item | None:
        """Go one item on or back, decided or not."""
        items = self.ordered(order)
        if not items:
            return None
        if item is None:
            return items[0]
        return items[(items.index(item) + step) % len(items)]

    def next_number(self, after: Item | None) -> Item | None:
        """Find the item of the next number that nothing accounts for."""
        state = self.session.state
        start = after.start if after is not None else -1
        numbers = [number for number in state.numbers if state.is_open_number(number)]
        if not numbers:
            return None
        number = next((number for number in numbers if number.start > start), numbers[0])
        return self.number_item(f"n{number.start}")

    def number_item(self, key: str) -> Item | None:
        """Find the item that decides a number: its own, or the proposal about it."""
        state = self.session.state
        if key in state.items:
            return state.items[key]
        place = int(key[1:]) if key[1:].isdecimal() else -1
        about = [i for i in state.order if i.table == "measures" and i.start <= place < i.end]
        return next((i for i in about if self.is_undecided(i)), next(iter(about), None))

    def upcoming(self, item: Item | None, order: str, count: int) -> list[Item]:
        """Give the next open items after an item."""
        found = []
        for other in self._from(item, order):
            if other is not item and self.session.state.verdict_of(other) == "open":
                found.append(other)
                if len(found) == count:
                    break
        return found

    def above(self, confidence: float) -> list[Item]:
        """Give the open proposals of at least a confidence."""
        return [
            item
            for item in self.session.state.order
            if item.candidate is not None
            and item.confidence >= confidence
            and self.session.state.verdict_of(item) == "open"
        ]

    def progress(self) -> Progress:
        """Count what is decided."""
        state = self.session.state
        rows, verdicts, waiting = state.rows, Counter[str](), set()
        for item in state.order:
            row = rows.get(item.id)
            if row is not None:
                verdict = row.verdict
            else:
                verdict = "open" if item.number is None else state.verdict_of(item)
            verdicts[verdict] += 1
            if verdict in ("open", "unsure"):
                waiting.add(state.sentences[item.id])
        missing = [place for place, number in enumerate(state.numbers) if state.is_open_number(number)]
        waiting |= {state.number_sentences[place] for place in missing}
        sentences = len(self.session.document.sentences)
        return Progress(
            decided=len(state.order) - verdicts["open"],
            items=len(state.order),
            numbers=len(state.numbers),
            open_numbers=len(missing),
            sentences=sentences,
            decided_sentences=max(0, sentences - len(waiting)),
            unsure=verdicts["unsure"],
        )

    def pairs(self) -> tuple[PairQuestion, ...]:
        """Give the pairs of names nobody judged yet; only names that came since are compared."""
        judged = read_pairs(self.session.desk.data_path)
        others = self._others()
        edition = self.session.state, self.session.state.names_edition, judged, others
        if self._pairs[0] != edition:
            self._compare_names(frozenset(others))
            known = {sides(pair) for pair in judged}
            open_pairs = (pair for key, pair in self._questions.items() if key not in known)
            ordered = sorted(open_pairs, key=lambda q: (-q.likeness, q.left, q.right))
            self._pairs = edition, tuple(ordered)
        return self._pairs[1]

    def _compare_names(self, others: frozenset[Named]) -> None:
        rows = {row for row in self.session.memory.review.entities if row.verdict == "accept"}
        gone = {named.key for row in set(self._named) - rows for named in self._named.pop(row)}
        gone |= {named.key for named in self._compared - others}
        arrived = sorted(others - self._compared, key=lambda named: named.key)
        stayed = sorted(others & self._compared, key=lambda named: named.key)
        self._compared = others
        new = sorted(rows - set(self._named), key=lambda row: row.name)
        kept = [named for found in self._named.values() for named in found]
        self._questions = {key: pair for key, pair in self._questions.items() if not key & gone}
        added = []
        for row in new:
            self._named[row] = list_named(self.session.document, [row])
            added += self._named[row]
        found = propose_pairs(added, [*kept, *stayed, *arrived], ())
        more = propose_pairs(kept, arrived, ()) if arrived else ()
        for pair in (*found, *more):
            self._questions[sides(pair)] = pair
