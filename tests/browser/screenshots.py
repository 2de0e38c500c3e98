"""`make screenshots`: the pictures of the README, taken of the real pages."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
IMAGES = ROOT / "docs" / "images"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def shoot(page: Page, name: str) -> None:
    """Write one picture."""
    page.wait_for_timeout(900)
    page.screenshot(path=IMAGES / name)


def shoot_review(browser: Browser, folder: Path) -> None:
    """Take the picture of the review page, on a copy of the interview with half its verdicts gone."""
    from kg.pipeline import packaged_data
    from kg.review.table import COLUMNS
    from tests.review.running import run_page

    data = folder / "data"
    shutil.copytree(packaged_data(), data)
    for name, share in zip(COLUMNS, (0.7, 0.3, 0.3), strict=True):
        for path in data.glob(f"reviews/*/{name}.tsv"):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text("".join(lines[: int(len(lines) * share)]), encoding="utf-8")
    with run_page(data, reviewer="甲") as running:
        page = browser.new_page(viewport={"width": 1400, "height": 900}, locale="zh-CN")
        board = running.office.board(next(iter(running.office.documents)))
        assert board is not None
        waiting = [item for item in board.session.state.order if board.queue.is_undecided(item)]
        shown = next((item for item in waiting if item.table == "relations"), waiting[0])
        page.goto(f"{running.address}#{shown.id}")
        page.wait_for_selector("html[data-ready]")
        shoot(page, "review.png")


def main() -> None:
    """Build the page into a temporary folder and take the pictures of explorer and review page."""
    from kg.pipeline import packaged_data, write_explorer

    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_path = write_explorer(packaged_data(), Path(folder) / "graph.html")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        wide = browser.new_page(viewport={"width": 1400, "height": 900}, locale="zh-CN")
        wide.goto(page_path.as_uri())
        wide.wait_for_timeout(500)
        wide.keyboard.press("/")
        wide.keyboard.type("jiukang")
        wide.wait_for_timeout(300)
        wide.keyboard.press("Enter")
        shoot(wide, "chains.png")
        wide.keyboard.press("Escape")
        wide.keyboard.press("2")
        shoot(wide, "network.png")
        phone = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
        phone.goto(page_path.as_uri())
        shoot(phone, "phone.png")
        shoot_review(browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
