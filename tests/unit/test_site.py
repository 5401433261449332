"""The documentation as a site: builds strictly, holds every page, and its pages ask the network for nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.test_docs import script

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
LOADS = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "object": "data",
    "form": "action",
}
"""Tag -> attribute by which a browser fetches or sends without being asked; a link to click is none."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    subprocess.run([sys.executable, ROOT / "docs" / "site.py", folder / "pages"], check=True)
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", folder / "mkdocs.yml"]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(build, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


class _Fetched(HTMLParser):
    """What a page makes the browser fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.found.extend(told[name] or "" for of, name in LOADS.items() if tag == of and name in told)


def _fetched(page: Path) -> Iterator[str]:
    parser = _Fetched()
    parser.feed(page.read_text(encoding="utf-8"))
    yield from parser.found


@pytest.mark.slow
def test_every_page_is_built_and_in_the_navigation(site: Path) -> None:
    front = (site / "index.html").read_text(encoding="utf-8")
    for page in script("site").pages():
        place = page.with_name("index.html") if page.name == "README.md" else page.with_suffix(".html")
        assert (site / place).is_file(), page
        assert f'href="{place.as_posix()}"' in front or place.as_posix() == "index.html", f"{page}: no navigation"


@pytest.mark.slow
def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        fetched = list(_fetched(page))
        assert fetched, page
        for target in fetched:
            assert not re.match(r"(?i)([a-z][a-z0-9+.-]*:|//)", target), f"{page.name} fetches {target}"
            assert (page.parent / target.partition("?")[0]).resolve().exists() or page.name == "404.html", target
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", sheet.read_text(encoding="utf-8")), sheet
