"""The rules of the review tables: every row that breaks one is a finding with file and line."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import KgError
from kg.model import (
    COMPARATORS,
    ENTITY_TYPES,
    KINDS,
    MODALITIES,
    REASONS,
    VERDICTS,
    Document,
    EntityVerdict,
    MeasureVerdict,
    RelationVerdict,
    Review,
    Verdict,
)
from kg.review.occurrence import find_form_spans, find_quote_spans, find_value_spans, label_of, surface_forms

_PERIOD = re.compile(r"\d{4}(-\d{4}|H[12]|Q[1-4]|-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# The note of an entity that the text means without naming it (the nation behind national
# money) begins with this word: then no form of it need occur.
IMPLIED = "implied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the ontology defines: the relations, and those whose object may be plain words."""

    relations: frozenset[str]
    worded_objects: frozenset[str]


def check_review(folder: Path, review: Review, document: Document, terms: Terms) -> tuple[KgError, ...]:
    """List every rule that a row breaks, in the order of the tables."""
    findings = [
        *_check_entities(folder / "entities.tsv", review, document),
        *_check_relations(folder / "relations.tsv", review, document, terms),
        *_check_measures(folder / "measures.tsv", review, document),
    ]
    return tuple(findings)


def check_row(row: Verdict, review: Review, document: Document, terms: Terms) -> tuple[KgError, ...]:
    """List the rules that one row would break among the rows of a review (which lacks it)."""
    here = Path()
    if isinstance(row, EntityVerdict):
        own = set(surface_forms(row))
        near = tuple(other for other in review.entities if own & set(surface_forms(other)))
        found = _check_entities(here, replace(review, entities=(*near, row)), document)
    elif isinstance(row, RelationVerdict):
        found = _check_relations(here, replace(review, relations=(row,)), document, terms)
    else:
        found = _check_measures(here, replace(review, measures=(row,)), document)
    return tuple(KgError(finding.zh, finding.en) for finding in found)


def _finding(path: Path, row: Verdict, zh: str, en: str) -> KgError:
    return KgError(zh, en, where=f"{path}:{row.line}")


Reporter = Callable[[str, str], KgError]


def _check_verdict(row: Verdict, report: Reporter) -> Iterator[KgError]:
    if row.verdict not in VERDICTS:
        yield report(
            f"未知的 verdict「{row.verdict}」,应为 {' '.join(VERDICTS)}。",
            f"unknown verdict '{row.verdict}': one of {' '.join(VERDICTS)}.",
        )
    reason = re.split(r"[\s:：,，]", row.note.strip(), maxsplit=1)[0]
    if row.verdict == "reject" and reason not in REASONS:
        yield report(
            f"否定要说明理由:note 以 {' '.join(REASONS)} 之一开头。",
            f"a rejection needs a reason: begin the note with one of {' '.join(REASONS)}.",
        )
    if row.reviewed and not _DAY.fullmatch(row.reviewed):
        yield report(
            f"reviewed「{row.reviewed}」不是日期,例:2024-03-11。",
            f"reviewed '{row.reviewed}' is no date; example: 2024-03-11.",
        )


def _check_quote(row: Verdict, document: Document, report: Reporter) -> Iterator[KgError]:
    if not row.quote:
        yield report("quote 为空。请从原文复制一段。", "the quote is empty. Copy a stretch of the text.")
        return
    found = find_quote_spans(document.text, row.quote)
    if not found:
        yield report(
            f"原文中没有这段引文:「{row.quote}」。请从原文逐字复制。",
            f"the quote does not occur in the text: '{row.quote}'. Copy it to the character.",
        )
    elif not isinstance(row, EntityVerdict) and row.where and row.where[-1] > len(found):
        yield report(
            f"where = {row.where[-1]},但引文只出现 {len(found)} 次。",
            f"where = {row.where[-1]}, but the quote occurs {len(found)} times.",
        )


def _check_choice(column: str, value: str, choices: Iterable[str], report: Reporter) -> Iterator[KgError]:
    if value not in choices:
        shown = " ".join(sorted(choices))
        yield report(
            f"未知的 {column}「{value}」,应为:{shown}", f"unknown {column} '{value}': one of {shown}"
        )


def _check_period(value: str, report: Reporter) -> Iterator[KgError]:
    if value and not _PERIOD.fullmatch(value):
        yield report(
            f"period「{value}」格式不对,例:2024 2021-2025 2024H1 2024Q1 2024-06 2024-06-30。",
            f"period '{value}' has a wrong form; examples: 2024 2021-2025 2024H1 2024Q1 2024-06 2024-06-30.",
        )


def _check_doubles(path: Path, rows: Iterable[Verdict], columns: str) -> Iterator[KgError]:
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        own = tuple(getattr(row, column) for column in columns.split())
        if own in seen:
            yield _finding(
                path, row, f"与第 {seen[own]} 行重复。请删去一行。", f"doubles line {seen[own]}. Delete one."
            )
        seen.setdefault(own, row.line)


def _check_entities(path: Path, review: Review, document: Document) -> Iterator[KgError]:
    for row in review.entities:

        def report(zh: str, en: str, row: Verdict = row) -> KgError:
            return _finding(path, row, zh, en)

        yield from _check_verdict(row, report)
        yield from _check_quote(row, document, report)
        parts = row.type.split("|")
        for part in parts:
            yield from _check_choice("type", part, ENTITY_TYPES, report)
        if not label_of(row.name).strip():
            yield report("name 为空。", "the name is empty.")
        elif row.verdict == "accept":
            yield from _check_forms(row, document, report)
    yield from _check_doubles(
        path,
        review.entities,
        "verdict name type quote where",
    )
    accepted = [row for row in review.entities if row.verdict == "accept"]
    yield from _check_doubles(path, accepted, "name")
    yield from _check_claims(path, accepted, document)


def _check_forms(row: EntityVerdict, document: Document, report: Reporter) -> Iterator[KgError]:
    spans = find_form_spans(document.text, replace(row, where=()))
    if not spans and not row.note.startswith(IMPLIED):
        yield report(
            f"原文中没有「{label_of(row.name)}」及其别名。若原文未明写,note 以 {IMPLIED} 开头。",
            f"neither '{label_of(row.name)}' nor an alias occurs in the text. "
            f"If the text only implies it, begin the note with {IMPLIED}.",
        )
    elif row.where and row.where[-1] > len(spans):
        yield report(
            f"where = {row.where[-1]},但名称及别名只出现 {len(spans)} 次。",
            f"where = {row.where[-1]}, but the name and its aliases occur {len(spans)} times.",
        )
    for alias in row.aliases:
        if alias not in document.text:
            yield report(
                f"别名「{alias}」不在原文中。原文之外的别名写进 names/aliases.tsv。",
                f"alias '{alias}' does not occur in the text. Other aliases belong in names/aliases.tsv.",
            )


def _check_claims(path: Path, rows: list[EntityVerdict], document: Document) -> Iterator[KgError]:
    claims: dict[tuple[int, int], EntityVerdict] = {}
    shared = Counter(form for row in rows for form in surface_forms(row))
    for row in rows:
        if not any(shared[form] > 1 for form in surface_forms(row)):
            continue
        for span in find_form_spans(document.text, row):
            other = claims.setdefault((span.start, span.end), row)
            if other is not row:
                yield _finding(
                    path,
                    row,
                    f"「{span.text}」同时归于「{other.name}」(第 {other.line} 行)。用 where 区分各处。",
                    f"'{span.text}' is claimed by '{other.name}' (line {other.line}) too. "
                    "Tell the occurrences apart with `where`.",
                )
                break


def _check_names(
    row: RelationVerdict | MeasureVerdict, columns: Iterable[str], names: frozenset[str], report: Reporter
) -> Iterator[KgError]:
    for column in columns:
        value = getattr(row, column)
        if value not in names:
            yield report(
                f"{column}「{value}」不是 entities.tsv 中已接受的名称。",
                f"{column} '{value}' is no accepted name of entities.tsv.",
            )


def _accepted_names(review: Review) -> frozenset[str]:
    return frozenset(row.name for row in review.entities if row.verdict == "accept")


def _check_relations(path: Path, review: Review, document: Document, terms: Terms) -> Iterator[KgError]:
    names = _accepted_names(review)
    for row in review.relations:

        def report(zh: str, en: str, row: Verdict = row) -> KgError:
            return _finding(path, row, zh, en)

        yield from _check_verdict(row, report)
        yield from _check_quote(row, document, report)
        yield from _check_choice("relation", row.relation, terms.relations, report)
        if row.verdict == "reject":
            continue
        yield from _check_choice("modality", row.modality, MODALITIES, report)
        yield from _check_period(row.period, report)
        if row.relation != "notStated":
            columns = ("subject",) if row.relation in terms.worded_objects else ("subject", "object")
            yield from _check_names(row, columns, names, report)
        for piece in filter(None, row.basis.split("…")):
            if piece not in row.quote:
                yield report(
                    f"依据「{piece}」不在引文里。", f"the basis '{piece}' does not stand in the quote."
                )
    yield from _check_doubles(
        path,
        review.relations,
        "verdict relation subject object basis modality period quote where",
    )


def _check_measures(path: Path, review: Review, document: Document) -> Iterator[KgError]:
    names = _accepted_names(review) | {"-"}
    for row in review.measures:

        def report(zh: str, en: str, row: Verdict = row) -> KgError:
            return _finding(path, row, zh, en)

        yield from _check_verdict(row, report)
        yield from _check_quote(row, document, report)
        if row.quote in document.text and row.quote and not find_value_spans(document.text, row):
            yield report(
                f"value「{row.value}」不在引文里(或只是更长数字的一部分)。",
                f"value '{row.value}' does not stand in the quote (or is part of a longer number).",
            )
        if row.verdict != "reject":
            yield from _check_choice("modality", row.modality, MODALITIES, report)
            yield from _check_choice("comparator", row.comparator, COMPARATORS, report)
            yield from _check_choice("kind", row.kind or "level", KINDS, report)
            yield from _check_period(row.period, report)
            yield from _check_names(row, ("subject",), names, report)
            yield from _check_amount(row, report)
    yield from _check_doubles(
        path,
        review.measures,
        "verdict subject indicator value modality period quote where",
    )


def _check_amount(row: MeasureVerdict, report: Reporter) -> Iterator[KgError]:
    if row.low is None and row.high is None:
        yield report("low 和 high 都为空。", "both low and high are empty.")
    elif row.low is not None and row.high is not None and row.low > row.high:
        yield report(f"low {row.low} 大于 high {row.high}。", f"low {row.low} exceeds high {row.high}.")
    if not row.indicator:
        yield report(
            "indicator 为空:写出所计之物(如 总投资)。",
            "the indicator is empty: name what is counted (such as 总投资).",
        )
    if not row.unit:
        yield report("unit 为空。", "the unit is empty.")
