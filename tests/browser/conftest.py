"""Chromium without a network, and pages that fail a test on any request, error or refused policy."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from kg.view.page import write_page
from tests.bench.page_bench import ARGUMENTS, CHROMIUM
from tests.view.sample import make_review, make_sample


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium at /usr/bin/chromium")
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def sample_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "graph.html"
    return write_page(make_sample(), path, accounted=(7, 7), reviews=[make_review()])


class Opener:
    """Opens the sample page; remembers every request but the file itself, and every complaint."""

    def __init__(self, browser: Browser, path: Path) -> None:
        self.browser, self.path = browser, path
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def __call__(
        self, address: str = "", *, width: int = 1400, height: int = 900, dark: bool = False
    ) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            offline=True,
            accept_downloads=True,
        )
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("request", lambda request: self._note(request.url))
        page.on("console", lambda message: self._complain(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.path.as_uri() + address)
        page.wait_for_selector("html[data-ready]")
        return page

    def _note(self, url: str) -> None:
        if not url.startswith((self.path.as_uri(), "data:", "blob:")):
            self.requests.append(url)

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)


@pytest.fixture
def open_page(chromium: Browser, sample_page: Path) -> Iterator[Opener]:
    opener = Opener(chromium, sample_page)
    yield opener
    for context in chromium.contexts:
        context.close()
    assert opener.requests == []
    assert opener.complaints == []
