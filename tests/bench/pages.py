"""Measure the pages: `python -m tests.bench.pages`. Prints a table; makes its own case of 300 rings.

Chromium draws with its software renderer, so a machine with a graphics card sees far better times.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.made_case import make_case, ring_id
from toolkit import dossier, report, visualise

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RINGS, MEMBERS, RUNS = 300, 63, 5
FLAGS = ("--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader")
WATCH = """() => {
  window.frames_seen = [];
  let last = performance.now(), drawn = false;
  page.graph.renderer.on('afterRender', () => { drawn = true; });
  const frame = () => {
    const now = performance.now();
    if (drawn) window.frames_seen.push(now - last);
    drawn = false;
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
"""Notes the length of every frame in which the picture was drawn anew: a frame in which nothing moved costs nothing."""


def measure() -> dict[str, Any]:
    """Figure -> value."""
    with tempfile.TemporaryDirectory() as folder:
        case = make_case(Path(folder) / "case", rings=RINGS, members=MEMBERS)
        out = Path(folder) / "out"
        begun, cpu = time.perf_counter(), time.process_time()
        book = dossier.read(case)
        visualise.write(case, out, book=book)
        report.write(case, out, formats=("csv", "json", "md"), book=book)
        written = {
            "report of 300 rings (html, csv, json, md), s": round(time.perf_counter() - begun, 1),
            "the same, CPU s": round(time.process_time() - cpu, 1),
        }
        begun, cpu = time.perf_counter(), time.process_time()
        report.write(case, out, formats=("xlsx", "graphml", "reasons"), book=book)
        written["xlsx, graphml and reasons besides, s"] = round(time.perf_counter() - begun, 1)
        written["the same besides, CPU s"] = round(time.process_time() - cpu, 1)
        return {**written, **_pages(out), "load (1 min) at the end": round(os.getloadavg()[0], 1)}


def _pages(out: Path) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    ring = out / "rings" / f"{ring_id(0)}.html"
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        found = {
            "ring page, KB": ring.stat().st_size // 1024,
            "ring page, drawn after, s (median)": _drawn(browser, ring),
            "overview, KB": (out / "index.html").stat().st_size // 1024,
            "overview, drawn after, s (median)": _drawn(browser, out / "index.html"),
        }
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        _open(page, out / "index.html")
        page.evaluate("page.byId('clear').click()")
        page.wait_for_timeout(500)
        found["overview, nodes"] = page.evaluate("page.graph.renderer.getGraph().order")
        frames = _dragged(page)
        found["overview, pan, ms a frame (mean)"] = round(statistics.mean(frames), 1)
        found["overview, pan, ms a frame (median)"] = round(statistics.median(frames), 1)
        found["overview, pan, ms a frame (worst)"] = round(max(frames), 1)
        found["overview, pan, frames"] = len(frames)
        browser.close()
    return found


def _dragged(page: Page) -> list[float]:
    """Milliseconds of each frame that drew the picture while it was dragged with the mouse."""
    page.locator("#stage").scroll_into_view_if_needed()
    box = page.locator("#stage").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 100, box["y"] + 300)
    page.mouse.down()
    page.evaluate(WATCH)
    for step in range(80):
        page.mouse.move(box["x"] + 100 + 5 * step, box["y"] + 300 + step)
    frames: list[float] = page.evaluate("window.frames_seen")
    page.mouse.up()
    assert len(frames) > 20, "the picture did not follow the mouse"
    return frames[1:]


def _open(page: Page, path: Path) -> float:
    begun = time.perf_counter()
    page.goto(path.as_uri(), wait_until="commit")
    while not page.evaluate("window.ringscopeReady === true"):
        page.wait_for_timeout(5)
    return time.perf_counter() - begun


def _drawn(browser: Browser, path: Path) -> float:
    """Seconds from navigation to the second frame after drawing, each time in a fresh profile."""
    times = []
    for _ in range(RUNS):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        times.append(_open(context.new_page(), path))
        context.close()
    return round(statistics.median(times), 2)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
