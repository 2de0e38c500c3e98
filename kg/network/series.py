"""The same number over the years: what documents of several years say of one indicator."""

from collections import defaultdict
from dataclasses import dataclass

from kg.model import Entity, KnowledgeBase, Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value of a series; `measure` holds modality, comparator and evidence."""

    period: str
    measure: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """All values of one indicator of one entity in one unit and kind, in the order of periods."""

    entity: Entity
    indicator: str
    unit: str
    kind: str
    points: tuple[Point, ...]


def compare_years(knowledge: KnowledgeBase, *, least: int = 2) -> tuple[Series, ...]:
    """List the series that have values for at least `least` periods."""
    entities = {entity.key: entity for entity in knowledge.entities}
    groups: dict[tuple[str, str, str, str], list[Measure]] = defaultdict(list)
    for measure in knowledge.measures:
        if measure.period and measure.subject in entities:
            groups[measure.subject, measure.indicator, measure.unit, measure.kind].append(measure)
    series = []
    for (subject, indicator, unit, kind), measures in sorted(groups.items()):
        if len({measure.period for measure in measures}) < least:
            continue
        measures.sort(key=lambda m: (m.period, m.modality, m.key))
        points = tuple(Point(period=m.period, measure=m) for m in measures)
        series.append(
            Series(entity=entities[subject], indicator=indicator, unit=unit, kind=kind, points=points)
        )
    return tuple(series)
