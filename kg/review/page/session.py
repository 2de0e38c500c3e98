"""One document under review: decide, edit, undo, add, bulk, anchors. Every change is on disk first."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from kg.errors import KgError, TableInvalidError, WriteConflictError
from kg.model import (
    Document,
    EntityVerdict,
    MeasureVerdict,
    NamePair,
    Proposal,
    RelationVerdict,
    Review,
    Span,
    Verdict,
)
from kg.review.journal import Change, TableRow
from kg.review.match import table_of
from kg.review.memory import Memory, digest_rows, refuse_anchors
from kg.review.occurrence import find_form_spans, label_of, surface_forms
from kg.review.page.anchor import cut_anchors, merge_anchors, place_of
from kg.review.page.item import Fields, Item, fields_of, make_row, reason_of_edit, row_fields, with_reason
from kg.review.page.pair import PairQuestion
from kg.review.page.stale import plan_return, stale_id
from kg.review.page.state import State
from kg.review.rule import Terms, check_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a session needs from outside: the extraction, the ontology's terms, who and when."""

    data_path: Path
    propose: Callable[[Document], Proposal]
    find_numbers: Callable[[str], tuple[Span, ...]]
    remake: Callable[[Document, str], Document]  # the document with another `anchors` field
    write_anchors: Callable[[str, str], None]  # id and field, into the index
    read_anchors: Callable[[str], str]  # id → field, as it stands in the index
    terms: Terms
    labels: Mapping[str, Mapping[str, str]]  # language → relation → label
    reviewer: str
    today: Callable[[], str]
    known: Callable[[str, str], tuple[str, ...]] = lambda document, name: ()


class ItemConflictError(WriteConflictError):
    """An item that someone else decided since the page showed it: `theirs` is what stands now."""

    def __init__(self, item: Item, theirs: Verdict | None, mine: Fields, verdict: str) -> None:
        super().__init__(
            "这一条已被别人改动,你的决定没有写入。",
            "someone else decided this meanwhile; yours was not written.",
        )
        self.item, self.theirs, self.mine, self.verdict = item, theirs, mine, verdict


@dataclass(slots=True)
class Delta:
    """What a change did: items to show anew, and where the text must be drawn again."""

    changed: set[str] = field(default_factory=set)
    redraw: list[tuple[int, int]] = field(default_factory=list)
    lost: tuple[TableRow, ...] = ()
    rebuilt: bool = False
    focus: str = ""
    label: str = ""


class Session:
    """The review of one document by one person, on any number of open pages."""

    def __init__(self, desk: Desk, document: Document) -> None:
        self.desk = desk
        self.memory = Memory(
            desk.data_path,
            document,
            partial(desk.write_anchors, document.id),
            partial(desk.read_anchors, document.id),
        )
        self.lost: list[TableRow] = []
        self._open(document)

    def _open(self, document: Document) -> None:
        self.document = document
        self.memory.document = document
        numbers = self.desk.find_numbers(document.text)
        self.state = State(document, self.desk.propose(document), numbers, self.memory.review)

    # ---------------------------------------------------------------- reading

    def refresh(self) -> Delta:
        """Take in what others wrote to the tables and to the index."""
        edition = self.memory.edition
        lost = self.memory.refresh()
        is_same_year = self.memory.anchors == self.document.record.anchors
        if self.memory.edition == edition and is_same_year:
            return Delta()
        ours = {digest_rows([row]) for change in self.memory.journal.changes for row in change.add}
        lost = tuple(row for row in lost if digest_rows([row]) in ours)
        self.lost += [row for row in lost if row not in self.lost]
        if not is_same_year:
            self._open(self.desk.remake(self.document, self.memory.anchors))
        else:
            self.state.build(self.memory.review)
        return Delta(rebuilt=True, lost=lost)

    def item(self, item_id: str) -> Item:
        """Find an item, or raise."""
        found = self.state.items.get(item_id)
        if found is None:
            raise KgError("这一条已经不在了,请刷新页面。", "this item is gone; reload the page.")
        return found

    def fields(self, item: Item) -> Fields:
        """Give an item's fields: those of its row once it is decided."""
        row = self.state.rows.get(item.id)
        if row is not None:
            return row_fields(row)
        return self.proposed_fields(item)

    def proposed_fields(self, item: Item) -> Fields:
        """Give the fields as the machine proposes them."""
        return fields_of(item, self.document, self.state.names, self.state.forms)

    def seen(self, item: Item) -> str:
        """Hash what stands for an item now."""
        row = self.state.rows.get(item.id)
        return digest_rows([(item.table, row)]) if row is not None else ""

    # ---------------------------------------------------------------- deciding

    def decide(
        self, item_id: str, verdict: str, *, seen: str, fields: Fields | None = None, reason: str = ""
    ) -> Delta:
        """Decide an item; raises `ItemConflictError` if it is not as it was `seen`."""
        delta = self.refresh()
        item = self.item(item_id)
        row = self.state.rows.get(item.id)
        wanted = (self.fields(item) | (fields or {})) if verdict != "reject" else self.fields(item)
        if self.seen(item) != seen:
            raise ItemConflictError(item, row, wanted, verdict)
        change = self.plan(item, verdict, wanted, reason, edited=fields is not None)
        return self._apply(change, delta, item.id)

    def plan(self, item: Item, verdict: str, fields: Fields, reason: str, *, edited: bool) -> Change:
        """Work out the rows that a decision adds and removes; raises `KgError` if it breaks a rule."""
        old = self.state.rows.get(item.id)
        note = fields.get("note", "")
        if verdict == "reject":
            told = note if item.row or old else ""
            fields = fields | {"note": with_reason(reason, told)}
        elif old is not None and old.verdict == "reject":
            fields = fields | {"note": ""}
        new = self._row(item.table, fields, verdict)
        add: list[TableRow] = []
        remove: list[TableRow] = []
        if old is not None:
            remove.append((item.table, old))
        if verdict != "reject":
            add += self._needed_names(new, old)
            if edited and item.candidate is not None and not self._answers(item, new):
                wrong = reason_of_edit(item, fields)
                proposed = self._row(
                    item.table, self.proposed_fields(item) | {"note": f"{wrong}: 已更正"}, "reject"
                )
                if not self.memory.holds(item.table, proposed):
                    add.append((item.table, proposed))
        add, remove = self._follow_name(old, new, add, remove)
        self._check([*(row for _, row in add), new], remove)
        add.append((item.table, new))
        same = [pair for pair in add if pair in remove]
        add = [pair for pair in add if pair not in same]
        remove = [pair for pair in remove if pair not in same]
        return Change(label=f"{verdict} {item.id}", add=tuple(add), remove=tuple(remove))

    def _row(self, table: str, fields: Mapping[str, str], verdict: str) -> Verdict:
        try:
            return make_row(table, fields, verdict, self.desk.reviewer, self.desk.today())
        except ValueError as error:
            raise KgError(
                f"格式不对:{error}。数值写普通小数(如 22166000000),where 写序数(如 2,5)。",
                f"wrong form: {error}. Write plain decimals (22166000000) and ordinals (2,5).",
            ) from error

    def _needed_names(self, row: Verdict, old: Verdict | None) -> list[TableRow]:
        """Accept with a fact the names it joins, where they are proposed and still open."""
        if isinstance(row, RelationVerdict):
            ends = [row.subject]
            if row.relation not in self.desk.terms.worded_objects:
                ends.append(row.object)
            ends = [] if row.relation == "notStated" else ends
        else:
            ends = [row.subject] if isinstance(row, MeasureVerdict) and row.subject != "-" else []
        needed: list[TableRow] = []
        for end in dict.fromkeys(ends):
            item = None if self.state.accepted[end] > 0 else self.open_name(end)
            if item is not None:
                needed.append(("entities", self._row("entities", self.proposed_fields(item), "accept")))
        return needed

    def open_name(self, name: str) -> Item | None:
        """Find the undecided proposal of a name."""
        items = self.state.group("entities", label_of(name))
        return next(
            (i for i in items if i.candidate.name == name and self.state.verdict_of(i) == "open"),  # type: ignore[union-attr]
            None,
        )

    def _answers(self, item: Item, row: Verdict) -> bool:
        """Tell whether a row, as edited, still answers the proposal."""
        candidate = item.candidate
        if isinstance(row, EntityVerdict):
            kinds = set(getattr(candidate, "type", "").split("|"))
            named = getattr(candidate, "name", "") in {row.name, *surface_forms(row)}
            return named and bool(kinds & set(row.type.split("|")))
        assert candidate is not None
        return self.state.answers.group_of(candidate) == self.state.answers.group_of(row)

    def _follow_name(
        self, old: Verdict | None, new: Verdict, add: list[TableRow], remove: list[TableRow]
    ) -> tuple[list[TableRow], list[TableRow]]:
        """Carry a renamed entity into the facts that use it; refuse to take a used name away."""
        if (
            not isinstance(old, EntityVerdict)
            or old.verdict != "accept"
            or not isinstance(new, EntityVerdict)
        ):
            return add, remove
        if new.verdict == "accept" and new.name == old.name:
            return add, remove
        review = self.memory.review
        facts: list[Verdict] = [*review.relations, *review.measures]
        users = [
            row
            for row in facts
            if not isinstance(row, EntityVerdict)
            and row.verdict != "reject"
            and old.name in (row.subject, getattr(row, "object", ""))
        ]
        if users and new.verdict != "accept":
            raise KgError(
                f"有 {len(users)} 条已定的事实用到「{old.name}」,请先改定它们。",
                f"{len(users)} decided facts use '{old.name}'; decide those first.",
            )
        for row in users:
            ends = {end: new.name for end in ("subject", "object") if getattr(row, end, None) == old.name}
            remove.append((table_of(row), row))
            add.append((table_of(row), replace(row, **ends)))  # type: ignore[arg-type]
        return add, remove

    def _check(self, rows: Iterable[Verdict], going: Iterable[TableRow]) -> None:
        gone = {row for _, row in going if isinstance(row, EntityVerdict)}
        review = self.memory.review
        rows = tuple(rows)
        names = tuple(row for row in rows if isinstance(row, EntityVerdict))
        kept = tuple(row for row in review.entities if row not in gone)
        findings: list[KgError] = []
        for row in rows:
            others = tuple(other for other in names if other is not row)
            base = replace(review, entities=(*kept, *others), relations=(), measures=())
            found = check_row(row, base, self.document, self.desk.terms)
            findings += [f for f in found if str(f) not in map(str, findings)]
        if findings:
            raise TableInvalidError(findings)

    # ---------------------------------------------------------------- changing

    def _apply(self, change: Change, delta: Delta, focus: str) -> Delta:
        if not (change.add or change.remove or change.anchors or change.pair or change.stale):
            delta.focus = focus
            return delta
        self.memory.apply(change)
        return self._absorb(change, delta, focus)

    def _absorb(self, change: Change, delta: Delta, focus: str) -> Delta:
        state = self.state
        delta.focus, delta.label = focus, change.label
        rows = [row for _, row in (*change.remove, *change.add)]
        if change.anchors is not None:
            self._open(self.desk.remake(self.document, change.anchors[1]))
            delta.rebuilt = True
            return delta
        if any(map(state.needs_build, rows)) or len(rows) > 50:
            state.build(self.memory.review)
            delta.rebuilt = True
            return delta
        before = set(state.items)
        for _, row in change.remove:
            state.remove(row)
        for _, row in change.add:
            state.add(row)
        delta.changed |= state.changed
        state.changed = set()
        for row in rows:
            if isinstance(row, EntityVerdict):
                delta.redraw += [(s.start, s.end) for s in find_form_spans(self.document.text, row)]
        for item_id in before ^ set(state.items):
            item = state.items.get(item_id)
            if item is not None:
                delta.redraw.append((item.start, item.end))
        return delta

    def undo(self) -> Delta | None:
        """Undo the last change; `None` if there is none."""
        delta = self.refresh()
        change = self.memory.undo()
        if change is None:
            return None
        focus = change.label.rpartition(" ")[2]
        delta = self._absorb(change.inverse(), delta, focus)
        delta.label = change.label
        if focus not in self.state.items:
            delta.focus = ""
        return delta

    def add(self, table: str, fields: Fields, verdict: str = "accept") -> Delta:
        """Add a fact that nothing proposed."""
        delta = self.refresh()
        new = self._row(table, fields, verdict)
        needed = self._needed_names(new, None)
        self._check([*(row for _, row in needed), new], ())
        change = Change(label="add", add=(*needed, (table, new)))
        delta = self._apply(change, delta, "")
        delta.focus = next((i for i, row in self.state.rows.items() if row == new), "")
        return delta

    def bulk(self, item_ids: Iterable[str]) -> tuple[Delta, list[tuple[Item, KgError]]]:
        """Accept items, names first, as one change; give those that break a rule."""
        delta = self.refresh()
        items = [item for item in map(self.item, item_ids) if self.state.verdict_of(item) == "open"]
        items.sort(key=lambda i: (i.table != "entities", self.state.place[i.id]))
        add: dict[tuple[str, str], TableRow] = {}
        refused: list[tuple[Item, KgError]] = []
        names: dict[str, list[EntityVerdict]] = defaultdict(list)
        for name in self.memory.review.entities:
            _index_name(names, name)
        for item in items:
            try:
                change = self._plan_among(item, names)
            except KgError as error:
                refused.append((item, error))
                continue
            for table, row in change.add:
                add.setdefault((table, digest_rows([(table, row)])), (table, row))
                if isinstance(row, EntityVerdict):
                    _index_name(names, row)
        change = Change(label="bulk", add=tuple(add.values()))
        return self._apply(change, delta, ""), refused

    def _plan_among(self, item: Item, names: Mapping[str, list[EntityVerdict]]) -> Change:
        """Plan an acceptance as if the rows of `names`, by their forms, stood already."""
        row = self._row(item.table, self.proposed_fields(item), "accept")
        needed = self._needed_names(row, None) if not isinstance(row, EntityVerdict) else []
        needed = [(table, name) for table, name in needed if name not in names.get(name.name, ())]  # type: ignore[union-attr]
        added = [name for _, name in needed]
        findings: list[KgError] = []
        for each in (*added, row):
            near = dict.fromkeys(other for form in _forms_of(each) for other in names.get(form, ()))
            others = tuple(name for name in added if name is not each)
            base = Review(document=self.document.id, entities=(*near, *others))  # type: ignore[arg-type]
            findings += check_row(each, base, self.document, self.desk.terms)
        if findings:
            raise TableInvalidError(findings)
        return Change(label="", add=(*needed, (item.table, row)))

    def restore(self) -> Delta:
        """Put back the rows of ours that an editor's save removed."""
        delta = self.refresh()
        rows = tuple(pair for pair in self.lost if not self.memory.holds(*pair))
        delta = self._apply(Change(label="restore", add=rows), delta, "")
        self.lost = []
        return delta

    def judge(self, pair: PairQuestion, judgement: str) -> Delta:
        """Decide whether two names mean the same thing; a conflict if someone judged them meanwhile."""
        delta = self.refresh()
        after = NamePair(
            judgement=judgement, left=pair.left, right=pair.right,
            reviewer=self.desk.reviewer, reviewed=self.desk.today(),
        )  # fmt: skip
        delta = self._apply(Change(label="pair", pair=(None, after)), delta, "")
        return delta

    def confirm(self, row_id: str) -> Delta:
        """Take a stale verdict back at the place that `kg review sync` proposed for it."""
        delta, memory = self.refresh(), self.memory
        memory.check_text()
        row = next((r for r in memory.stale if stale_id(r) == row_id and r.state == "fuzzy"), None)
        if row is None:
            raise KgError("这一行已经不在了,请关掉再打开。", "this row is gone; open the list again.")
        change = plan_return(self.document, memory.review, memory.stale, row, self.desk.terms)
        return self._apply(change, delta, "")

    # ---------------------------------------------------------------- time

    def set_anchor(self, start: int, end: int, year: int, seen: str | None = None) -> Delta:
        """Say what 今年 means in a passage; measures that had the proposed period follow.

        Raises `WriteConflictError` if that passage has another year since the anchors were `seen`.
        """
        shown = self.document if seen is None else self.desk.remake(self.document, seen)
        delta = self.refresh()
        before = self.document.record.anchors
        after = merge_anchors(self.document, start, end, year)
        if cut_anchors(shown, start, end) != cut_anchors(self.document, start, end):
            refuse_anchors(before, after)
        newer = self.desk.remake(self.document, after)
        proposal = self.desk.propose(newer)
        old_periods = {place_of(c): c.period for c in self.state.proposal.measures}
        new_periods = {place_of(c): c.period for c in proposal.measures}
        add: list[TableRow] = []
        remove: list[TableRow] = []
        for item in self.state.order:
            row = self.state.rows.get(item.id)
            if not isinstance(row, MeasureVerdict) or item.candidate is None or row.verdict == "reject":
                continue
            place = place_of(item.candidate)  # type: ignore[arg-type]
            was, now = old_periods.get(place), new_periods.get(place)
            if was is not None and now is not None and was != now and row.period == was:
                remove.append(("measures", row))
                add.append(("measures", replace(row, period=now)))
        change = Change(label="anchor", add=tuple(add), remove=tuple(remove), anchors=(before, after))
        return self._apply(change, delta, "")


def _forms_of(row: Verdict) -> tuple[str, ...]:
    """Give the names by which the rules look for other rows."""
    if isinstance(row, EntityVerdict):
        return tuple(dict.fromkeys((row.name, *surface_forms(row))))
    return (row.subject, row.object) if isinstance(row, RelationVerdict) else (row.subject,)


def _index_name(names: dict[str, list[EntityVerdict]], row: EntityVerdict) -> None:
    for form in _forms_of(row):
        names[form].append(row)
