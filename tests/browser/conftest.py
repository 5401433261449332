"""Real Chromium for the pages: every page that a test opens is watched for errors, console messages and requests."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from tests import engines
from tests.made_case import HOSTILE, hostile, make_case
from toolkit import dossier, visualise

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Playwright

    from toolkit.case import Case

FLAGS = ("--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--force-color-profile=srgb")
HARMLESS = ("GPU stall due to ReadPixels", "GroupMarkerNotSet", "Automatic fallback to software WebGL")
"""What the software renderer says of itself."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies here, and keep it in one worker: two cores drive one browser best."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass
class Watched:
    """A page, and what it said and asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._heard)
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning") and not any(text in message.text for text in HARMLESS):
            self.errors.append(message.text)

    def ready(self) -> None:
        """Wait for the first drawing, by polling: a string given to `wait_for_function` is stopped by the policy."""
        end = time.monotonic() + 60
        while not self.page.evaluate("window.ringscopeReady === true"):
            assert time.monotonic() < end, f"the page never drew: {self.errors}"
            self.page.wait_for_timeout(25)

    def open(self, path: Path) -> Page:
        self.page.goto(path.as_uri())
        self.ready()
        return self.page

    def quiet(self) -> None:
        """No error, and no request but for files, data and blobs."""
        assert self.errors == []
        outside = [url for url in self.requests if not url.startswith(("file:", "data:", "blob:"))]
        assert outside == []


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    from playwright.sync_api import sync_playwright

    engines.require("chromium")
    with sync_playwright() as running:
        yield running


def _launch(playwright: Playwright, *flags: str) -> Browser:
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS, *flags])


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = _launch(playwright)
    yield running
    running.close()


@pytest.fixture(scope="session")
def flat_browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser without WebGL."""
    running = _launch(playwright, "--disable-3d-apis")
    yield running
    running.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """A fresh, watched page of 1280 pixels; what it did is judged at the end of the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(8000)
    made = Watched(context.new_page())
    made.watch()
    yield made
    made.quiet()
    context.close()


@pytest.fixture(scope="session")
def plain_case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return make_case(tmp_path_factory.mktemp("plain") / "case", rings=12, members=10)


@pytest.fixture(scope="session")
def pages(plain_case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a plain case, in a folder whose name has spaces and letters of several scripts."""
    out = tmp_path_factory.mktemp("Báo cáo 报告 of rings") / "out folder"
    visualise.write(plain_case, out, book=dossier.read(plain_case))
    return out


@pytest.fixture(scope="session")
def empty_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a case without a ring or finding."""
    folder = tmp_path_factory.mktemp("empty")
    visualise.write(make_case(folder / "case", rings=0), folder / "out")
    return folder / "out"


@pytest.fixture(scope="session")
def long_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a ring with a thousand more statements than there is room for."""
    folder = tmp_path_factory.mktemp("long")
    case = make_case(folder / "case", rings=1, members=30)
    book = dossier.read(case)
    ring = book.rings[0]
    more = [replace(ring.evidence[number % 3], evidence_id=f"more-{number}") for number in range(1000)]
    long = replace(ring, evidence=(*ring.evidence, *more))
    visualise.write(case, folder / "out", book=replace(book, rings=(long,)))
    return folder / "out"


@pytest.fixture(scope="session")
def hostile_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a case whose every id and text is an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    case = make_case(
        folder / "case <b>x", rings=15, members=15, name=hostile, text=lambda number: HOSTILE[number % len(HOSTILE)]
    )
    dossier.decide(case, "00000000", "watched", HOSTILE[0], members=["a"], evidence=["b"])
    visualise.write(case, folder / "out")
    return folder / "out"
