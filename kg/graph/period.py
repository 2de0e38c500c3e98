"""Periods of the review tables as first and last day."""

import calendar
import re

_FORM = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?P<last>\d{4})|H(?P<half>[12])|Q(?P<quarter>[1-4])|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?"
)


def find_bounds(period: str) -> tuple[str, str] | None:
    """Find the first and last day of a period as ISO dates; `None` for an unknown form."""
    match = _FORM.fullmatch(period)
    if not match:
        return None
    year = match["year"]
    if match["day"]:
        return period, period
    if match["last"]:
        return f"{year}-01-01", f"{match['last']}-12-31"
    first, last = _find_months(match)
    if not 1 <= first <= last <= 12:
        return None
    return f"{year}-{first:02}-01", f"{year}-{last:02}-{calendar.monthrange(int(year) or 1, last)[1]:02}"


def _find_months(match: re.Match[str]) -> tuple[int, int]:
    for name, length in (("half", 6), ("quarter", 3), ("month", 1)):
        if match[name]:
            last = int(match[name]) * length
            return last - length + 1, last
    return 1, 12
