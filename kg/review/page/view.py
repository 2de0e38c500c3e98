"""What the page shows, as HTML: the card of one item, the progress, the list, the marked text."""

import csv
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kg.model import (
    COMPARATORS,
    ENTITY_TYPES,
    KINDS,
    MODALITIES,
    REASONS,
    EntityVerdict,
    RelationVerdict,
    Span,
    Verdict,
)
from kg.review.page.item import Fields, Item, stated_quote
from kg.review.page.mark import Marking
from kg.review.page.pair import describe_side
from kg.review.page.queue import Queue
from kg.review.page.session import Session

_LISTED = 6
_KNOWN = 8


@lru_cache(maxsize=2)
def read_wording(language: str) -> dict[str, str]:
    """Read the page's words in a language."""
    text = files("kg.review.page").joinpath("wording.tsv").read_text(encoding="utf-8")
    rows = csv.reader(
        (line for line in text.split("\n") if line and not line.startswith("#")), delimiter="\t"
    )
    return {row[0]: row[1 if language == "zh" else 2] for row in rows}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Make the template environment: autoescape always on, unknown names stop."""
    return Environment(
        loader=PackageLoader("kg.review.page", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class View:
    """The HTML of a session in one language."""

    def __init__(self, session: Session, queue: Queue, language: str) -> None:
        self.session, self.queue, self.language = session, queue, language
        self.words = read_wording(language)
        self.relations = session.desk.labels[language]

    def word(self, key: str, *values: object) -> str:
        """Give a wording with its values."""
        return self.words[key].format(*values)

    def render(self, name: str, **values: Any) -> str:
        """Render a template with the page's words."""
        template = environment().get_template(f"{name}.html.j2")
        return template.render(w=self.word, view=self, language=self.language, **values)

    # ---------------------------------------------------------------- the card

    def card(self, item: Item | None) -> str:
        """Render the card of an item, or that all is done."""
        if item is None:
            return self.render("finished", progress=self.queue.progress())
        session = self.session
        fields = session.fields(item)
        verdict = session.state.verdict_of(item)
        quote = stated_quote(item, session.state.rows.get(item.id), session.document.text)
        return self.render(
            "card",
            item=item,
            fields=fields,
            number=session.state.place[item.id] + 1,
            title=self.title(item, fields),
            quote=quote,
            sentence=self.sentence(quote, fields),
            verdict=verdict,
            seen=session.seen(item),
            note=self._row_note(item),
            needed=self._needed(item, fields) if verdict != "reject" else [],
            known=self._known(item, fields),
            mentions=len(session.state.mention_spans(item)) if item.table == "entities" else 0,
            anchor=self._anchor(item),
            choices=self.choices(item.table),
        )

    def _row_note(self, item: Item) -> str:
        row = self.session.state.rows.get(item.id)
        return " · ".join(filter(None, (row.reviewer, row.reviewed, row.note))) if row else ""

    def choices(self, table: str) -> dict[str, list[tuple[str, str]]]:
        """Give the choices of the fields that have them, with labels."""
        w = self.words
        choices = {
            "modality": [(m, w[f"modality.{m}"]) for m in MODALITIES],
            "comparator": [(c, w[f"comparator.{c}"]) for c in COMPARATORS],
            "kind": [("" if k == "level" else k, w[f"kind.{k}"]) for k in KINDS],
            "relation": sorted((r, self.relations.get(r, r)) for r in self.session.desk.terms.relations),
        }
        if table == "entities":
            choices = {"type": [(t, w[f"type.{t}"]) for t in ENTITY_TYPES]}
        return choices

    def label(self, column: str, value: str) -> str:
        """Put a field's value into words."""
        if column == "type":
            return "|".join(self.words.get(f"type.{part}", part) for part in value.split("|"))
        if column == "relation":
            return f"{self.relations.get(value, value)} {value}"
        if column in ("subject", "object") and value == "-":
            return self.words["ownPlace"]
        return (
            self.words.get(f"{column}.{value}", value)
            if column in ("modality", "comparator", "kind")
            else value
        )

    def title(self, item: Item, fields: Fields) -> list[tuple[str, str]]:
        """Give the heading of a card as pieces: (text, kind of piece)."""
        if item.table == "entities":
            return [(fields["name"], "name"), (self.label("type", fields["type"]), "type")]
        if item.table == "relations":
            role = fields["basis"] or self.relations.get(fields["relation"], fields["relation"])
            return [
                (fields["subject"], "name"), (self._type_of(fields["subject"]), "type"),
                (f"— {role} →", "role"),
                (fields["object"], "name"), (self._type_of(fields["object"]), "type"),
            ]  # fmt: skip
        if not fields["indicator"]:
            return [(fields["value"], "name"), (self.words["numberAlone"], "type")]
        subject = self.label("subject", fields["subject"])
        return [
            (subject, "name"), (self._type_of(fields["subject"]), "type"), ("—", "role"),
            (fields["indicator"], "name"), (fields["value"], "value"),
        ]  # fmt: skip

    def _type_of(self, name: str) -> str:
        for row in self.session.memory.review.entities:
            if row.name == name and row.verdict == "accept":
                return self.label("type", row.type)
        item = self.session.open_name(name)
        return self.label("type", getattr(item.candidate, "type", "")) if item else ""

    def line(self, item: Item) -> str:
        """Put an item into one line of the list."""
        fields = self.session.fields(item)
        return " ".join(text for text, kind in self.title(item, fields) if text and kind != "type")

    def sentence(self, quote: Span | None, fields: Fields) -> list[tuple[str, str]]:
        """Give the sentence of a quote as pieces: (text, '' | 'quote' | 'word').

        A quote that does not stand in the text is given as it is, with nothing marked.
        """
        document = self.session.document
        if quote is None:
            return [(fields["quote"], "")]
        around = [s for s in document.sentences if s.start < quote.end and quote.start < s.end]
        start = min([quote.start, *(s.start for s in around)])
        end = max([quote.end, *(s.end for s in around)])
        words = [fields.get("name", "").split("#")[0], fields.get("value", "")]
        words += fields.get("basis", "").split("…")
        pieces = [(document.text[start : quote.start], "")]
        pieces += _split_words(quote, [word for word in words if word])
        pieces.append((document.text[quote.end : end], ""))
        return [piece for piece in pieces if piece[0]]

    def _needed(self, item: Item, fields: Fields) -> list[tuple[str, bool]]:
        """List the names that are not accepted yet, and whether accepting this accepts them."""
        if item.table == "entities" or item.number is not None:
            return []
        ends = [fields["subject"]]
        if item.table == "relations":
            worded = self.session.desk.terms.worded_objects
            ends += [fields["object"]] if fields["relation"] not in worded else []
            ends = [] if fields["relation"] == "notStated" else ends
        state = self.session.state
        missing = [end for end in dict.fromkeys(ends) if end != "-" and state.accepted[end] <= 0]
        return [(end, self.session.open_name(end) is not None) for end in missing]

    def _known(self, item: Item, fields: Fields) -> list[str]:
        names = [fields.get(column, "") for column in ("name", "subject", "object")]
        own = self.session.state.rows.get(item.id)
        told: dict[str, None] = {}
        for name in filter(None, dict.fromkeys(names)):
            for row in self.session.state.about.get(name, ()):
                if row != own:
                    told[self.describe(row)] = None
            for line in self.session.desk.known(self.session.document.id, name):
                told[line] = None
        return list(told)[:_KNOWN]

    def describe(self, row: Verdict) -> str:
        """Put a row into a line."""
        if isinstance(row, EntityVerdict):
            return f"{row.name} {self.label('type', row.type)}"
        if isinstance(row, RelationVerdict):
            role = row.basis or self.relations.get(row.relation, row.relation)
            return f"{row.subject} — {role} → {row.object}"
        when = f" · {row.period}" if row.period else ""
        return f"{self.label('subject', row.subject)} {row.indicator} {row.value}{when}"

    def _anchor(self, item: Item) -> str:
        years = [a.year for a in self.session.document.anchors if a.start <= item.start < a.end]
        return str(years[-1]) if years else ""

    # ---------------------------------------------------------------- the rest

    def upcoming(self, item: Item | None, order: str) -> str:
        """Render the list of what comes next."""
        return self.render("upcoming", items=self.queue.upcoming(item, order, _LISTED))

    def progress(self) -> str:
        """Render the progress bar."""
        return self.render("progress", progress=self.queue.progress())

    def pair(self) -> str:
        """Render the first pair of names that nobody judged yet."""
        pairs = self.queue.pairs()
        own = self.session.document.id
        shown = None
        if pairs:
            sides = [(pairs[0].left, pairs[0].left_context), (pairs[0].right, pairs[0].right_context)]
            shown = [(describe_side(key, self.queue.titles, own), context) for key, context in sides]
        return self.render("pair", pair=pairs[0] if pairs else None, sides=shown, left=len(pairs) - 1)

    def paragraphs(self, marking: Marking, numbers: Iterable[int]) -> dict[int, str]:
        """Render lines of the text."""
        template = environment().get_template("paragraph.html.j2").module
        return {n: str(template.paragraph(marking.paragraph(n), self.word)) for n in numbers}  # type: ignore[attr-defined]

    def text(self, marking: Marking) -> Markup:
        """Render the whole text."""
        template = environment().get_template("paragraph.html.j2").module
        lines = (template.paragraph(p, self.word) for p in marking.paragraphs())  # type: ignore[attr-defined]
        return Markup("").join(lines)

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Give the reasons of a rejection with their labels."""
        return [(code, self.words[f"reason.{code}"]) for code in REASONS]


def _split_words(quote: Span, words: list[str]) -> list[tuple[str, str]]:
    """Cut a quote where the words stand that say it, each once, in the order of the text."""
    places: list[tuple[int, int]] = []
    for word in words:
        start = quote.text.find(word)
        if start >= 0 and all(start + len(word) <= s or e <= start for s, e in places):
            places.append((start, start + len(word)))
    pieces, last = [], 0
    for start, end in sorted(places):
        pieces += [(quote.text[last:start], "quote"), (quote.text[start:end], "word")]
        last = end
    return [*pieces, (quote.text[last:], "quote")]
