"""Take the pictures of docs/reading-a-report.md: `python -m tests.browser.screenshots`.

They show the made-up market of `ringscope demo`, so nobody real is on them.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.conftest import FLAGS, Watched
from toolkit import dossier, report
from toolkit.case import Case
from toolkit.cli.app import run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

IMAGES = Path(__file__).parents[2] / "docs" / "images"


def main() -> None:
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as running:
        assert run(["demo", "--out", folder]) == 0
        case = Case.open(Path(folder) / "case")
        ring = next(one for one in dossier.read(case).rings if one.scheme == "gift_card_cashback")
        reasons = report.write(case, Path(folder) / "out", formats=["reasons"], rings=[ring.ring_id])
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        page = case.reports / "rings" / f"{ring.ring_id}.html"
        _overview(browser, case.reports / "index.html")
        _ring(browser, page)
        _narrow(browser, page)
        _plain(browser, next(path for path in reasons if path.suffix == ".html"))
        browser.close()


def _page(browser: Browser, width: int, height: int, scheme: str = "light") -> Watched:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    return Watched(context.new_page())


def _shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(600)
    page.screenshot(path=IMAGES / f"{name}.png")
    page.context.close()


def _overview(browser: Browser, path: Path) -> None:
    page = _page(browser, 1280, 1100).open(path)
    page.evaluate("page.choose(0)")
    page.evaluate("scrollTo(0, 0)")
    _shoot(page, "overview")
    page = _page(browser, 1280, 760).open(path)
    page.locator("#tab-findings").click()
    _shoot(page, "findings")


def _ring(browser: Browser, path: Path) -> None:
    _shoot(_page(browser, 1280, 900).open(path), "ring-claim")
    page = _page(browser, 1280, 900).open(path)
    page.evaluate("page.pick(page.data.nodes.findIndex((one) => one.kind === 'listing'))")
    page.locator("#h-picture").evaluate("(one) => one.scrollIntoView()")
    _shoot(page, "ring-picture")
    page = _page(browser, 1280, 760, "dark").open(path)
    page.locator("article.proof summary").first.click()
    page.locator("#h-evidence").evaluate("(one) => one.scrollIntoView()")
    _shoot(page, "ring-evidence-dark")


def _narrow(browser: Browser, path: Path) -> None:
    page = _page(browser, 390, 844).open(path)
    page.locator("#h-picture").evaluate("(one) => one.scrollIntoView()")
    _shoot(page, "ring-narrow")


def _plain(browser: Browser, path: Path) -> None:
    context = browser.new_context(viewport={"width": 820, "height": 1100})
    page = context.new_page()
    page.goto(path.as_uri())
    _shoot(page, "statement-of-reasons")


if __name__ == "__main__":
    main()
