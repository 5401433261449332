"""Pages as a notebook holds them: in a sandboxed frame that draws, asks for nothing and can't reach what is around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.made_case import HOSTILE, hostile, make_case
from toolkit.api.case import Case

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Watched
    from toolkit.case import Case as Folder


@pytest.mark.parametrize("what", ["ring", "case"])
@pytest.mark.parametrize("hostile_ids", [False, True])
def test_a_page_draws_in_its_frame(
    watched: Watched, plain_case: Folder, tmp_path: Path, what: str, *, hostile_ids: bool
) -> None:
    folder = plain_case
    if hostile_ids:
        folder = make_case(
            tmp_path / "case", rings=3, members=6, name=hostile, text=lambda number: HOSTILE[number % len(HOSTILE)]
        )
    case = Case(folder)
    shown = case if what == "case" else case.ring(case.rings["ring_id"][0])
    file = tmp_path / "notebook.html"
    around = "<!doctype html><meta charset='utf-8'><title>n</title><p id='secret'>kept</p>"
    file.write_text(around + shown._repr_html_() + shown.show()._repr_html_(), encoding="utf-8")
    watched.page.goto(file.as_uri())
    inner = watched.page.frames[1]
    inner.wait_for_selector("table tbody tr")
    for _ in range(400):
        if inner.evaluate("window.ringscopeReady === true"):
            break
        watched.page.wait_for_timeout(25)
    assert inner.evaluate("window.ringscopeReady === true")
    assert inner.evaluate("window.origin") == "null"
    reached = "(() => { try { return parent.document.body.innerText; } catch (e) { return 'refused'; } })()"
    assert inner.evaluate(reached) == "refused"
    assert inner.locator("canvas").count() > 0
    assert watched.page.locator("#secret").inner_text() == "kept"
    watched.requests = [url for url in watched.requests if url != "about:srcdoc"]
    watched.page.screenshot(path=tmp_path / "frame.png")
    watched.errors = [said for said in watched.errors if "Blocked a frame" not in said]
