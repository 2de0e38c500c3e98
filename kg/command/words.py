"""How a fact is put into words for a person: modality, comparator, amounts, tables."""

import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

from kg.graph.answer import measure_width
from kg.language import say
from kg.model import Evidence, Measure

_MODALITIES = {
    "actual": ("已有", "actual"),
    "planned": ("计划", "planned"),
    "target": ("目标", "target"),
    "stretch": ("力争", "stretch"),
}


def name_modality(modality: str) -> str:
    """Name a modality in the person's language."""
    return say(*_MODALITIES[modality])


def describe_measure(measure: Measure) -> str:
    """Put a measure into one line: indicator, words of the text, modality, period, amount."""
    parts = [f"{measure.indicator} {measure.value_text}", name_modality(measure.modality)]
    if measure.period:
        parts.append(measure.period)
    if measure.base:
        parts.append(say(f"比照 {measure.base}", f"base {measure.base}"))
    return " · ".join(parts) + f"  [{describe_bounds(measure)}]"


def describe_bounds(measure: Measure) -> str:
    """Write the value in its base unit with its comparator: `≥ 3000 亩`."""
    low, high = measure.low, measure.high
    if low is not None and high is not None and low != high:
        return f"{format_number(low)}–{format_number(high)} {measure.unit}"
    value = low if low is not None else high
    sign = {"ge": "≥ ", "gt": "> ", "le": "≤ ", "lt": "< ", "approx": "≈ "}.get(measure.comparator, "")
    return f"{sign}{format_number(value)} {measure.unit}"


def format_number(value: Decimal | None) -> str:
    """Write a decimal with thousands separators and without trailing zeros."""
    if value is None:
        return ""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def describe_evidence(evidence: Evidence) -> str:
    """Write the sentence with the quote marked, its section and its place."""
    sentence = evidence.sentence
    start, end = evidence.start - sentence.start, evidence.end - sentence.start
    marked = f"{sentence.text[:start]}【{sentence.text[start:end]}】{sentence.text[end:]}"
    where = " › ".join((evidence.document, *evidence.sections))
    return f"{flatten(marked)}\n      —— {flatten(where)} [{evidence.start}:{evidence.end}]"


def flatten(text: str) -> str:
    """Make text one line without control and direction characters, so that it cannot rewrite a terminal."""
    return "".join(
        " " if c in "\n\t\r" else c
        for c in text
        if c in "\n\t\r" or unicodedata.category(c) not in ("Cc", "Cf")
    )


def format_columns(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay a table out in columns, as a terminal shows Chinese."""
    table = [list(header), *(list(map(flatten, row)) for row in rows)]
    widths = [max(measure_width(row[i]) for row in table) for i in range(len(header))]
    lines = []
    for row in table:
        cells = [cell + " " * (width - measure_width(cell)) for cell, width in zip(row, widths, strict=True)]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(lines)
