"""Periods as days."""

import pytest

from kg.graph.period import find_bounds


@pytest.mark.parametrize(
    ("period", "bounds"),
    [
        ("2024", ("2024-01-01", "2024-12-31")),
        ("2021-2025", ("2021-01-01", "2025-12-31")),
        ("2024H1", ("2024-01-01", "2024-06-30")),
        ("2024H2", ("2024-07-01", "2024-12-31")),
        ("2024Q3", ("2024-07-01", "2024-09-30")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2024-06-30", ("2024-06-30", "2024-06-30")),
        ("2024-13", None),
        ("明年", None),
        ("", None),
    ],
)
def test_a_period_has_a_first_and_a_last_day(period: str, bounds: tuple[str, str] | None) -> None:
    assert find_bounds(period) == bounds
