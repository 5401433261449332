"""Hostile text in every field, pages without WebGL, narrow screens, accessibility."""

from pathlib import Path

import pytest

from tests.browser.conftest import Watched

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
HIT = "window.hit === undefined && !Object.keys(window).includes('hit')"


@pytest.fixture
def bypassing(browser):
    """A page whose policy is switched off, so that escaping is tested by itself."""
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    made = Watched(context.new_page())
    made.watch()
    yield made
    made.quiet()
    context.close()


def poke_ring(page):
    """Hover and click every node, pick every edge, sort every table, find and filter."""
    count = page.evaluate("page.data.nodes.length")
    assert count > 20
    for node in range(count):
        page.evaluate("(node) => page.pick(node)", node)
    for edge in range(0, page.evaluate("page.data.edges.length"), 7):
        page.evaluate("(edge) => page.pickEdge(edge)", edge)
    box = page.locator("#stage").bounding_box()
    for step in range(12):
        page.mouse.move(box["x"] + box["width"] * step / 12, box["y"] + box["height"] * step / 12)
    for head in page.locator("th button").all():
        head.click()
    page.locator("#find").fill("<script>")
    page.locator("#linked").click()


def poke_overview(page):
    for ring in range(page.evaluate("page.data.page.rings.length")):
        page.evaluate("(ring) => page.choose(ring)", ring)
    for tab in page.get_by_role("tab").all():
        tab.click()
    page.locator("#tab-rings").click()
    page.locator("#search").fill("<img")
    box = page.locator("#stage").bounding_box()
    for step in range(12):
        page.mouse.move(box["x"] + box["width"] * step / 12, box["y"] + box["height"] * step / 12)


@pytest.mark.parametrize("fixture", ["watched", "bypassing"])
@pytest.mark.parametrize("number", [0, 3])
def test_hostile_text_stays_text_on_a_ring_page(request, hostile_pages, fixture, number):
    opened = request.getfixturevalue(fixture)
    path = sorted((hostile_pages / "rings").glob("*.html"))[number]
    page = opened.open(path)
    poke_ring(page)
    page.wait_for_timeout(100)
    assert page.evaluate(HIT)
    assert "<script>window.hit=1</script>" in page.locator("main").inner_text()


@pytest.mark.parametrize("fixture", ["watched", "bypassing"])
def test_hostile_text_stays_text_on_the_overview(request, hostile_pages, fixture):
    opened = request.getfixturevalue(fixture)
    page = opened.open(hostile_pages / "index.html")
    poke_overview(page)
    page.wait_for_timeout(100)
    assert page.evaluate(HIT)
    page.locator("#tab-findings").click()
    assert "</script><script>window.hit=2</script>" in page.locator("#findings").inner_text()


def test_the_policy_stops_what_would_slip_through(browser, pages, tmp_path):
    """A control: the same injected handler runs without the policy, and not with it."""
    text = (pages / "index.html").read_text(encoding="utf-8")
    bad = tmp_path / "bad.html"
    bad.write_text(text.replace("<main id", "<img src='data:,x' onerror='window.hit=9'><main id"), encoding="utf-8")
    seen = {}
    for bypass in (True, False):
        context = browser.new_context(bypass_csp=bypass)
        page = context.new_page()
        page.goto(bad.as_uri())
        page.wait_for_timeout(300)
        seen[bypass] = page.evaluate("window.hit")
        context.close()
    assert seen == {True: 9, False: None}


def test_without_webgl_table_and_timeline_remain(flat_browser, pages):
    context = flat_browser.new_context(viewport={"width": 1280, "height": 900})
    opened = Watched(context.new_page())
    opened.watch()
    page = opened.open(pages / "index.html")
    assert page.locator("#no-webgl").is_visible()
    assert not page.locator("#stage").is_visible()
    assert page.locator("#timeline svg rect").count() > 3
    page.locator("#ring-table tbody tr:visible").nth(1).locator("td").nth(2).click()
    assert page.locator("#detail a").count() == 1
    ring = min((pages / "rings").glob("*.html"))
    assert opened.open(ring).evaluate("page.data.nodes.length") > 10
    opened.quiet()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser, pages, width, theme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    opened = Watched(context.new_page())
    opened.watch()
    ring = min((pages / "rings").glob("*.html"))
    for path, tabs in ((pages / "index.html", ("rings", "findings", "about")), (ring, (None,))):
        page = opened.open(path)
        for tab in tabs:
            if tab:
                page.locator(f"#tab-{tab}").click()
            page.evaluate(AXE)
            found = page.evaluate("axe.run().then((result) => result.violations)")
            bad = [
                (one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")
            ]
            assert bad == []
    opened.quiet()
    context.close()


def test_a_narrow_screen_needs_no_sideways_scroll(browser, pages, hostile_pages):
    context = browser.new_context(viewport={"width": 390, "height": 800})
    opened = Watched(context.new_page())
    opened.watch()
    paths = [folder / "index.html" for folder in (pages, hostile_pages)]
    paths += [min((folder / "rings").glob("*.html")) for folder in (pages, hostile_pages)]
    for path in paths:
        page = opened.open(path)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    opened.quiet()
    context.close()


def test_without_scripts_the_facts_are_there(browser, pages):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((pages / "index.html").as_uri())
    assert page.locator("#ring-table tbody tr").count() == 12
    page.goto(min((pages / "rings").glob("*.html")).as_uri())
    assert page.locator("article.proof").count() == 3
    assert page.locator("noscript").count() == 1
    context.close()
