"""A graph of ten thousand names stays light: bounds here are wide, `make bench` prints the figures."""

import pytest
from playwright.sync_api import Playwright

from tests.bench.page_bench import measure_in

pytestmark = pytest.mark.browser


def test_ten_thousand_names_open_and_pan_quickly_in_a_small_file(playwright: Playwright) -> None:
    figures = measure_in(playwright, 10_000, 18_000)
    assert figures.megabytes < 8
    assert figures.open_seconds < 6  # about 2 on an idle machine of two cores
    assert figures.scroll_frames >= 30
    assert figures.pan_frames >= 30
