"""One document on the page: what a browser is told when it opens it and after every change."""

from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup

from kg.errors import KgError, TableInvalidError
from kg.model import Document
from kg.review.match import TABLES
from kg.review.page.item import STAMPS, Fields, Item
from kg.review.page.mark import Marking
from kg.review.page.pair import Named
from kg.review.page.queue import Queue
from kg.review.page.session import Delta, ItemConflictError, Session
from kg.review.page.stale import list_stale
from kg.review.page.view import View
from kg.review.table import COLUMNS

LANGUAGES = ("zh", "en")
ORDERS = ("place", "confidence")
Reply = dict[str, Any]


def word_error(error: KgError, language: str) -> str:
    """Put an error into a language, with its place; of several findings one a line."""
    findings = error.findings if isinstance(error, TableInvalidError) else (error,)
    lines = []
    for found in findings:
        words = found.zh if language == "zh" else found.en
        lines.append(f"{found.where}: {words}" if found.where else words)
    return "\n".join(dict.fromkeys(lines))


class Board:
    """The session of a document with its queue, its marked text and its views."""

    def __init__(
        self, session: Session, others: Callable[[], tuple[Named, ...]], documents: tuple[Document, ...]
    ) -> None:
        self.session = session
        self.queue = Queue(session, others, documents)
        self._views = {language: View(session, self.queue, language) for language in LANGUAGES}
        self._marking = Marking(session.state)
        self._marked = session.state.names_edition

    @property
    def edition(self) -> int:
        """Count the changes of the tables that this program has seen."""
        return self.session.memory.edition

    def view(self, language: str) -> View:
        """Give the view of a language."""
        return self._views[language]

    @property
    def marking(self) -> Marking:
        """Give the marked text as the rows stand now."""
        if self._marking.state is not self.session.state:
            self._marking = Marking(self.session.state)
        elif self._marked != self.session.state.names_edition:
            self._marking.mark()
        self._marked = self.session.state.names_edition
        return self._marking

    def find(self, item_id: str) -> Item | None:
        """Find an item, or nothing."""
        return self.session.state.items.get(item_id)

    # ---------------------------------------------------------------- whole page

    def open_page(self, language: str, token: str, folder: str) -> str:
        """Render the whole page, at the first thing to decide."""
        self.session.refresh()
        view, item = self.view(language), self.queue.next_open(None, "place")
        names = sorted(name for name, count in self.session.state.accepted.items() if count > 0)
        return view.render(
            "page",
            token=token,
            document=self.session.document,
            edition=self.edition,
            item=item,
            reviewer=self.session.desk.reviewer,
            folder=folder,
            names=names,
            types=view.choices("entities")["type"],
            columns={t: [c for c in COLUMNS[t] if c not in STAMPS] for t in TABLES},
            **self._parts(language, item, "place"),
            text=view.text(self.marking),
        )

    def _parts(self, language: str, item: Item | None, order: str) -> Reply:
        view = self.view(language)
        return {
            "card": Markup(view.card(item)),
            "upcoming": Markup(view.upcoming(item, order)),
            "progress": Markup(view.progress()),
            "pair": Markup(view.pair()),
            "notice": Markup(self.notice(language)),
            "stale": Markup(view.render("stale", count=len(self.session.memory.stale))),
        }

    def notice(self, language: str) -> str:
        """Render the rows of ours that someone's save removed."""
        return self.view(language).render("lost", rows=[row for _, row in self.session.lost])

    # ---------------------------------------------------------------- replies

    def show(self, language: str, item: Item | None, order: str, since: int) -> Reply:
        """Tell a page about an item, else the first undecided; the text too if it changed `since`."""
        item = item or self.queue.next_open(None, order)
        reply: Reply = {"edition": self.edition, "item": item.id if item else ""}
        reply["anchors"] = self.session.document.record.anchors
        reply |= self._parts(language, item, order)
        if since != self.edition:
            reply["text"] = self.view(language).text(self.marking)
        return reply

    def tell(self, language: str, delta: Delta, item: Item | None, order: str, since: int) -> Reply:
        """Tell a page what a change did; only the lines that look otherwise, if it was up to date."""
        reply = self.show(language, item, order, self.edition)
        if delta.rebuilt or since < 0:
            reply["text"] = self.view(language).text(self.marking)
        else:
            reply["paragraphs"] = self.view(language).paragraphs(self.marking, self._touched(delta))
        return reply

    def _touched(self, delta: Delta) -> list[int]:
        state, marking = self.session.state, self.marking
        places = [place for start, end in delta.redraw for place in (start, max(start, end - 1))]
        for item in filter(None, map(self.find, delta.changed)):
            spans = state.mention_spans(item) if item.table == "entities" else (item,)
            places += [place for span in spans for place in (span.start, max(span.start, span.end - 1))]
        return sorted({marking.paragraph_of(place) for place in places})

    def word_conflict(self, language: str, error: ItemConflictError) -> Reply:
        """Put both versions of an item side by side."""
        view = self.view(language)
        theirs: Fields = self.session.fields(error.item) if error.theirs is not None else {}
        verdicts = (error.verdict, error.theirs.verdict if error.theirs is not None else "")
        rows = [(view.words["decide"], *(view.words[f"state.{v or 'open'}"] for v in verdicts))]
        rows += [(view.words[f"field.{c}"], error.mine.get(c, ""), theirs.get(c, "")) for c in error.mine]
        rows = [row for row in rows if row[1] or row[2]]
        seen = self.session.seen(error.item)
        return {"conflict": view.render("conflict", rows=rows, seen=seen), "seen": seen}

    def list_bulk(self, language: str, confidence: float) -> Reply:
        """List the open proposals of at least a confidence."""
        items = self.queue.above(confidence)
        return {"list": self.view(language).render("bulk", items=items), "items": [i.id for i in items]}

    def list_stale(self, language: str) -> str:
        """List the verdicts that a changed text left without a place."""
        items = list_stale(self.session.memory.stale, self.session.document.text)
        return self.view(language).render("stalelist", items=items)

    def word_refused(self, language: str, refused: Iterable[tuple[Item, KgError]]) -> str:
        """Say which items of a bulk broke a rule."""
        view, lines = self.view(language), []
        for item, error in refused:
            lines.append(f"{view.line(item)}: {word_error(error, language)}")
        return "\n".join([view.word("bulkRefused", len(lines)), *lines]) if lines else ""
