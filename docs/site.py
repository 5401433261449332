"""Lay out the pages for the site: a copy of every Markdown page and of each file that a page leads to.

    python docs/site.py build/site-pages

The copy has the folders of the repository, so the links between pages need no change. Pages of decisions and examples
are added to the navigation here, by their titles; `mkdocs.yml` has the rest.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
FENCE: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK: Final = re.compile(r"\]\(([^)#\s]+)")
LISTED: Final = ("docs/decisions/", "examples/")
"""Folders whose pages stand in the navigation one by one."""


def pages() -> list[Path]:
    """Every page of the site, as a path below the repository."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    return sorted(page.relative_to(ROOT) for page in found)


def led_to(page: Path) -> Iterator[Path]:
    """Files of the repository that a page links to or shows."""
    text = FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        there = (ROOT / page.parent / target).resolve()
        if "://" not in target and there.is_file():
            yield there.relative_to(ROOT)


def lay_out(folder: Path) -> None:
    """Copy the pages and what they lead to into an empty folder."""
    if folder.exists():
        shutil.rmtree(folder)
    wanted = {*pages(), *(there for page in pages() for there in led_to(page))}
    for path in sorted(wanted):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target)


def navigation(text: str) -> str:
    """`mkdocs.yml` with the pages of the listed folders by name."""
    for folder in LISTED:
        inside = [page for page in pages() if page.as_posix().startswith(folder)]
        lines = "".join(f"\n      - {page.as_posix()}" for page in sorted(inside, key=_index_first))
        text = text.replace(f": {folder}\n", f":{lines}\n")
    return text


def _index_first(page: Path) -> tuple[bool, str]:
    return len(page.parts) > 2 or page.name != "README.md", page.as_posix()


def main() -> None:
    """Lay out the pages, and write the configuration beside them."""
    folder = Path(sys.argv[1]).resolve()
    lay_out(folder)
    text = navigation((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    text = text.replace("docs_dir: build/site-pages", f"docs_dir: {folder.name}")
    text = text.replace("site_dir: build/site", "site_dir: site")
    (folder.parent / "mkdocs.yml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
