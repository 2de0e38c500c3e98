"""Literals of the graph, each written in one way only."""

import re
from datetime import date
from decimal import Decimal

from pyoxigraph import Literal

from kg.graph.vocab import term

# Half of a surrogate pair is no character: RDF cannot hold it.
_HALF = re.compile("[\ud800-\udfff]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def text(value: str) -> Literal:
    """Make a plain string."""
    return Literal(_HALF.sub("\ufffd", value))


def chinese(value: str) -> Literal:
    """Make a string marked as Chinese."""
    return Literal(_HALF.sub("\ufffd", value), language="zh")


def decimal(value: Decimal) -> Literal:
    """Make a decimal without exponent or idle zeros."""
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return Literal(plain if plain not in ("", "-0") else "0", datatype=term("xsd:decimal"))


def integer(value: int) -> Literal:
    return Literal(str(value), datatype=term("xsd:integer"))


def boolean(value: bool) -> Literal:
    return Literal("true" if value else "false", datatype=term("xsd:boolean"))


def day(value: str) -> Literal:
    """Make a date (`2024-03-11`), month (`2024-03`) or year (`2024`); anything else stays a string."""
    for pattern, datatype in ((r"\d{4}", "xsd:gYear"), (r"\d{4}-(0[1-9]|1[0-2])", "xsd:gYearMonth")):
        if re.fullmatch(pattern, value):
            return Literal(value, datatype=term(datatype))
    return Literal(value, datatype=term("xsd:date")) if _is_date(value) else text(value)


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
