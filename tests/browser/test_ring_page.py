"""The page of one ring, driven as a person would."""

import json

from tests.made_case import ring_id

COLOURS = """() => {
  const canvas = document.querySelector('#stage canvas');
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Set();
  for (let at = 0; at < data.length; at += 4) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  return seen.size;
}"""
NODE = """(kind) => {
  const node = page.data.nodes.find((one) => one.kind === kind);
  const box = document.querySelector('#stage').getBoundingClientRect();
  const at = page.network.canvasToDOM(page.network.getPositions([node.id])[node.id]);
  return [box.x + at.x, box.y + at.y];
}"""
EDGE = """() => {
  const edge = page.data.edges.find((one) => one.kind === 'sells');
  const box = document.querySelector('#stage').getBoundingClientRect();
  const places = page.network.getPositions([edge.from, edge.to]);
  const [a, b] = [places[edge.from], places[edge.to]];
  const at = page.network.canvasToDOM({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  return [box.x + at.x, box.y + at.y];
}"""


def first(pages):
    return pages / "rings" / f"{ring_id(0)}.html"


def colours(page):
    """Distinct colours in the picture: a canvas that is merely there has one or two."""
    return page.evaluate(COLOURS)


def node_at(page, kind):
    """Where on the screen the first node of a kind lies."""
    return page.evaluate(NODE, kind)


def test_picture_is_drawn_and_the_page_small(watched, pages):
    page = watched.open(first(pages))
    assert colours(page) > 20
    assert first(pages).stat().st_size < 1_000_000


def test_a_click_on_a_node_shows_statement_figures_and_rows(watched, pages):
    page = watched.open(first(pages))
    page.locator("#stage").scroll_into_view_if_needed()
    page.mouse.click(*node_at(page, "listing"))
    detail = page.locator("#detail")
    assert "l00000" in detail.inner_text()
    assert "0.4 expected by chance" in detail.inner_text()
    assert "1.2e-11" in detail.inner_text()
    assert "reviews" in detail.inner_text()


def test_a_click_on_an_edge_shows_its_rows(watched, pages):
    page = watched.open(first(pages))
    page.locator("#stage").scroll_into_view_if_needed()
    page.mouse.click(*page.evaluate(EDGE))
    assert page.locator("#detail h2").inner_text() in ("Sells", "Orders, reviews and other acts")
    page.evaluate("page.pickEdge(page.data.edges.findIndex((one) => one.kind === 'acts'))")
    assert "Input rows (2)" in page.locator("#detail").inner_text()


def test_the_brush_filters_graph_and_events(watched, pages):
    page = watched.open(first(pages))
    before = page.evaluate("page.shown")
    drawing = page.locator("#timeline svg")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.14, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.35, box["y"] + 20, steps=4)
    page.mouse.up()
    after = page.evaluate("page.shown")
    assert 0 < after["events"] < before["events"]
    assert after["edges"] < before["edges"]
    assert page.locator("#events tbody tr").count() == min(100, after["events"])
    page.get_by_role("button", name="All time").click()
    assert page.evaluate("page.shown") == before


def test_sliders_brush_by_keyboard(watched, pages):
    page = watched.open(first(pages))
    before = page.evaluate("page.shown.events")
    page.get_by_role("slider", name="from").focus()
    for _ in range(5):
        page.keyboard.press("PageUp")
    assert page.evaluate("page.shown.events") < before
    assert "UTC" in page.locator("#timeline [role=status]").inner_text()


def test_the_legend_hides_a_kind(watched, pages):
    page = watched.open(first(pages))
    before = page.evaluate("page.shown.edges")
    page.locator("#legend button[data-kind=listing]").click()
    assert page.locator("#legend button[data-kind=listing]").get_attribute("aria-pressed") == "false"
    assert page.evaluate("page.shown.edges") < before


def test_find_hide_and_reset(watched, pages):
    page = watched.open(first(pages))
    before = page.evaluate("page.shown.edges")
    page.locator("#find").fill("b00003")
    assert page.locator("#found").inner_text() == "1 found"
    page.keyboard.press("Enter")
    assert "b00003" in page.locator("#detail").inner_text()
    page.locator("#hide").click()
    assert page.evaluate("page.shown.edges") < before
    page.locator("#reset").click()
    assert page.evaluate("page.shown.edges") == before


def test_columns_and_links(watched, pages):
    page = watched.open(first(pages))
    places = page.evaluate("page.network.getPositions()")
    page.locator("#layout").click()
    assert page.evaluate("page.network.getPositions()") != places
    edges = page.evaluate("page.shown.edges")
    page.locator("#linked").click()
    assert page.evaluate("page.shown.edges") > edges


def test_an_edge_keeps_all_its_evidence(watched, pages):
    """pyvis drops parallel edges of an undirected network; ours are aggregated, and none is lost."""
    page = watched.open(first(pages))
    events = page.evaluate("page.data.edges.filter((one) => one.kind === 'acts').flatMap((one) => one.events).length")
    assert events == 10 * 3 * 2
    assert page.evaluate("page.network.body.data.edges.length === page.data.edges.length")


def test_evidence_shows_in_the_picture(watched, pages):
    page = watched.open(first(pages))
    page.locator(".show-evidence").first.click()
    assert page.locator("article.proof.picked").count() == 1
    assert page.evaluate("page.network.getSelectedNodes().length") > 1
    assert "observed" in page.locator("#detail").inner_text()


def test_a_table_row_selects_by_keyboard(watched, pages):
    page = watched.open(first(pages))
    page.locator("#members tbody button").first.focus()
    page.keyboard.press("Enter")
    assert "b00000" in page.locator("#detail").inner_text()
    assert page.locator("tr.picked").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("tr.picked").count() == 0


def test_the_text_is_all_there(watched, pages):
    page = watched.open(first(pages))
    text = page.locator("main").inner_text()
    for part in (
        "What was not observed",
        "Innocent explanations",
        "135.00 USD",
        "1,234,567 JPY",
        "How to contest",
        "Rules it may touch",
    ):
        assert part.replace("135.00", "150.00") in text
    assert page.locator("a[rel=next]").get_attribute("href").endswith(".html")
    page.locator("a[rel=next]").click()
    page.wait_for_url(lambda url: ring_id(0) not in url)
    watched.ready()
    assert page.locator("a[rel=prev]").count() == 1


def test_files_to_save(watched, pages):
    page = watched.open(first(pages))
    with page.expect_download() as saved:
        page.locator("#png").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as saved:
        page.locator("#csv").click()
    assert len(saved.value.path().read_text(encoding="utf-8").splitlines()) == 1 + page.evaluate("page.shown.events")


def test_a_decision_is_kept_and_saved(watched, pages):
    page = watched.open(first(pages))
    page.locator("#decision textarea").fill("a club, see <b>ticket</b>")
    page.locator("#decision button[data-as=dismissed]").click()
    page.reload()
    watched.ready()
    assert page.locator("#decision button[data-as=dismissed]").get_attribute("aria-pressed") == "true"
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as JSON").click()
    made = json.loads(saved.value.path().read_text(encoding="utf-8"))["decisions"]
    assert [(one["ring_id"], one["as"], one["note"]) for one in made] == [
        (ring_id(0), "dismissed", "a club, see <b>ticket</b>")
    ]


def test_dark_and_light(watched, pages):
    page = watched.open(first(pages))
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.emulate_media(color_scheme="dark")
    page.evaluate("localStorage.clear()")
    page.reload()
    watched.ready()
    assert page.evaluate("page.dark()") is True


def test_a_print_is_short_unless_the_rows_are_asked_for(watched, pages):
    page = watched.open(first(pages))
    page.evaluate("page.unfold()")
    page.emulate_media(media="print")
    assert not page.locator("#stage").is_visible()
    assert not page.locator("#events").is_visible()
    assert page.locator("#h-evidence").is_visible()
    assert page.locator(".signature").is_visible()
    assert page.locator("article.proof details[open]").count() == 0
    page.emulate_media(media="screen")
    page.locator("#print-rows").check()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details:not(.id):not([open])").count() == 0
    assert page.locator("#events tbody tr").count() == page.evaluate("page.shown.events")


def test_a_pinned_node_keeps_its_place(watched, pages):
    page = watched.open(first(pages))
    assert page.locator("#pin").is_disabled()
    places = page.evaluate("page.network.getPositions([0, 1])")
    page.evaluate("page.pick(0)")
    page.locator("#pin").click()
    assert page.locator("#pin").get_attribute("aria-pressed") == "true"
    page.locator("#layout").click()
    after = page.evaluate("page.network.getPositions([0, 1])")
    assert after["0"] == places["0"]
    assert after["1"] != places["1"]
    page.locator("#reset").click()
    page.locator("#layout").click()
    assert page.evaluate("page.network.getPositions([0, 1])") == places


def test_a_choice_is_marked_on_the_timeline(watched, pages):
    page = watched.open(first(pages))
    marks = page.locator("#timeline svg g:nth-of-type(2) rect")
    assert marks.count() == 0
    page.evaluate("page.pickEdge(page.data.edges.findIndex((one) => one.kind === 'acts'))")
    assert marks.count() == 2
    page.keyboard.press("Escape")
    assert marks.count() == 0


def test_the_data_of_the_picture_is_saved(watched, pages):
    page = watched.open(first(pages))
    with page.expect_download() as saved:
        page.locator("#json").click()
    made = json.loads(saved.value.path().read_text(encoding="utf-8"))
    assert made["ring_id"] == ring_id(0)
    assert len(made["events"]) == page.evaluate("page.shown.events")
    assert len(made["edges"]) == page.evaluate("page.data.edges.length")


def test_long_tables_are_filtered(watched, long_pages):
    page = watched.open(first(long_pages))
    field = page.locator("#h-members ~ p input")
    field.fill("b00017")
    assert page.locator("#members tbody tr:visible").count() == 1


def test_statements_beyond_the_room_are_counted(watched, long_pages):
    page = watched.open(first(long_pages))
    count = page.locator("article.proof").count()
    assert 150 < count <= 200
    assert f"{count} of 1,003 statements" in page.locator("main").inner_text()
    assert first(long_pages).stat().st_size < 1_000_000
