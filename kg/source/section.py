"""Sections: headings by their numbering and what they govern."""

import re
from collections.abc import Iterator

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
    (6, re.compile(r"[—－\-]{1,4}(?=[\u4e00-\u9fff])")),
)
# The first sentence of a paragraph that names its topic (`大力提振消费。顺应新形势…`).
_TOPIC = re.compile(r"[^。；;，,！？!?:：“”\n]{4,20}。(?=[^\n]{30})")
_TOPIC_LEVEL = 7
# A heading without a number: a short line by itself that says what a part of a report does.
_CLEAN = r"[^。；;，,！？!?:：\n]"
_PLAIN = re.compile(
    rf"{_CLEAN}{{0,36}}(?:回顾|安排|任务|目标|打算|重点工作|总体要求|工作部署|建设要求){_CLEAN}{{0,8}}"
)
_PLAIN_LEVEL = 2
_LINE = re.compile(r"[^\n]+")
_HEADING_END = re.compile(r"[。；;！？!?:：]")
_LONGEST_HEADING = 60


def find_sections(text: str) -> tuple[Section, ...]:
    """Find the numbered headings of a text with the stretch each governs, in order."""
    headings = list(_find_headings(text))
    ends = [len(text)] * len(headings)
    open_places: list[int] = []
    for place, (level, heading) in enumerate(headings):
        while open_places and headings[open_places[-1]][0] >= level:
            ends[open_places.pop()] = heading.start
        open_places.append(place)
    return tuple(
        Section(start=heading.start, end=end, level=level, heading=heading)
        for (level, heading), end in zip(headings, ends, strict=True)
    )


def _find_headings(text: str) -> Iterator[tuple[int, Span]]:
    for line in _LINE.finditer(text):
        start = line.start() + len(line.group()) - len(line.group().lstrip(" \t　"))
        if line.end() - line.start() <= _LONGEST_HEADING and _PLAIN.fullmatch(text, start, line.end()):
            heading = text[start : line.end()].rstrip()
            level = next((lv for lv, pattern in _LEVELS if pattern.match(heading)), _PLAIN_LEVEL)
            yield level, Span(start=start, end=start + len(heading), text=heading)
            continue
        for level, pattern in _LEVELS:
            if pattern.match(text, start, line.end()):
                stop = _HEADING_END.search(text, start, line.end())
                end = stop.start() if stop else line.end()
                heading = text[start:end].rstrip()
                if 0 < len(heading) <= _LONGEST_HEADING:
                    yield level, Span(start=start, end=start + len(heading), text=heading)
                break
        else:
            if topic := _TOPIC.match(text, start, line.end()):
                heading = topic.group()[:-1]
                yield _TOPIC_LEVEL, Span(start=start, end=start + len(heading), text=heading)
