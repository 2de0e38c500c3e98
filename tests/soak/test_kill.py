"""Five hundred kills: nothing confirmed is lost, no table is broken."""

from pathlib import Path

import pytest

from tests.review.kill import kill_once


@pytest.mark.soak
def test_five_hundred_kills_lose_nothing_confirmed(tmp_path: Path) -> None:
    assert sum(kill_once(tmp_path / str(seed), seed) for seed in range(500)) > 500
