"""`make screenshots`: the pictures of the README, taken of the real pages."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

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


def main() -> None:
    """Build the page into a temporary folder and take the pictures of the explorer."""
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
        browser.close()


if __name__ == "__main__":
    main()
