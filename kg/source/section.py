"""Sections: headings by their numbering and what they govern."""

import re

from kg.model import Section, Span

_NUMERAL = "[一二三四五六七八九十百]"
# The numberings of official documents, outermost first. A numbered line that runs on
# (`(一)实施……行动。示范区当前……`) gives its first clause as heading.
_LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第{_NUMERAL}+[章部篇编](?:分)?")),
    (2, re.compile(rf"{_NUMERAL}+[、.．]")),
    (3, re.compile(rf"[（(]{_NUMERAL}+[）)]")),
    (4, re.compile(r"[0-9０-９]{1,2}[、.．](?![0-9０-９])")),
    (5, re.compile(r"[（(][0-9０-９]{1,2}[）)]")),
)
_LINE = re.compile(r"[^\n]+")
_HEADING_END = re.compile(r"[。；;！？!?:：]")
_LONGEST_HEADING = 60


def find_sections(text: str) -> tuple[Section, ...]:
    """Find the numbered headings of a text with the stretch each governs, in order."""
    headings = list(_find_headings(text))
    sections = []
    for place, (level, heading) in enumerate(headings):
        following = (h.start for lv, h in headings[place + 1 :] if lv <= level)
        sections.append(
            Section(start=heading.start, end=next(following, len(text)), level=level, heading=heading)
        )
    return tuple(sections)


def _find_headings(text: str):  # type: ignore[no-untyped-def]
    for line in _LINE.finditer(text):
        start = line.start() + len(line.group()) - len(line.group().lstrip(" \t　"))
        for level, pattern in _LEVELS:
            if pattern.match(text, start, line.end()):
                stop = _HEADING_END.search(text, start, line.end())
                end = stop.start() if stop else line.end()
                heading = text[start:end].rstrip()
                if 0 < len(heading) <= _LONGEST_HEADING:
                    yield level, Span(start=start, end=start + len(heading), text=heading)
                break
