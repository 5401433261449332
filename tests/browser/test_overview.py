"""The overview, driven as a person would."""

import json

from tests.made_case import ring_id

FIRST_NODE = """() => {
  const place = page.graph.renderer.framedGraphToViewport(page.graph.renderer.getNodeDisplayData(0));
  const box = document.querySelector('#stage').getBoundingClientRect();
  return [box.x + place.x, box.y + place.y];
}"""

DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def index(pages):
    return pages / "index.html"


def rows(page):
    return page.locator("#ring-table tbody tr:visible")


def everything(page):
    page.locator("#clear").click()


def test_rings_are_drawn_and_listed(watched, pages):
    page = watched.open(index(pages))
    assert page.locator("#stage canvas").count() > 3
    assert len(set(page.locator("#stage").screenshot())) > 50
    assert rows(page).count() == 8  # the alerts; leads are one choice away
    everything(page)
    assert rows(page).count() == 12
    assert index(pages).stat().st_size < 2_500_000


def test_sorting(watched, pages):
    page = watched.open(index(pages))
    everything(page)
    head = page.locator("#ring-table th button", has_text="first")
    head.click()
    dates = rows(page).locator("td:nth-child(9)").all_inner_texts()
    assert dates == sorted(dates)
    head.click()
    dates = rows(page).locator("td:nth-child(9)").all_inner_texts()
    assert dates == sorted(dates, reverse=True)


def test_filters_and_search(watched, pages):
    page = watched.open(index(pages))
    page.locator("#tier").select_option("lead")
    assert rows(page).count() == 4
    everything(page)
    page.locator("#scheme").select_option("brushing")
    assert rows(page).count() == 2
    everything(page)
    page.locator("#search").fill("b00013")  # a buyer: found through the picture's labels
    assert rows(page).count() == 1
    assert "1 of 12" in page.locator("#count").inner_text()


def test_brush_filters_rings(watched, pages):
    page = watched.open(index(pages))
    everything(page)
    box = page.locator("#timeline svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.13, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 10, steps=3)
    page.mouse.up()
    assert 0 < rows(page).count() < 12


def test_a_ring_is_chosen_in_table_and_picture(watched, pages):
    page = watched.open(index(pages))
    rows(page).nth(2).locator("td:nth-child(4)").click()
    chosen = page.locator("#ring-table tr[aria-current]")
    assert chosen.count() == 1
    name = chosen.locator("a").inner_text()
    assert name in page.locator("#detail").inner_text()
    page.evaluate("page.choose(null)")
    page.locator("#whole").click()
    page.locator("#stage").scroll_into_view_if_needed()
    page.evaluate(DRAWN)
    at = page.evaluate(FIRST_NODE)
    page.mouse.move(*at)
    page.mouse.click(*at)
    page.wait_for_timeout(400)
    assert page.locator("#ring-table tr[aria-current]").get_attribute("data-ring") == "0"
    page.get_by_role("link", name="Open ring").click()
    page.wait_for_url("**/rings/*.html")
    watched.ready()
    assert "Gift card after review" in page.locator("h1").inner_text()


def test_the_legend_counts_and_filters(watched, pages):
    page = watched.open(index(pages))
    everything(page)
    button = page.locator("#legend button[data-kind=buyer]")
    assert "120" in button.inner_text()
    button.click()
    page.evaluate(DRAWN)
    assert page.evaluate("page.graph.renderer.getNodeDisplayData(20).hidden") is True


def test_keyboard_alone(watched, pages):
    page = watched.open(index(pages))
    page.keyboard.press("/")
    page.keyboard.type("brushing")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Escape")
    everything(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("#ring-table tr[aria-current]").get_attribute("data-ring") == "1"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rings/*.html")
    watched.ready()
    assert ring_id(0) in page.locator("h1").inner_text()


def test_every_control_is_reached_by_tab(watched, pages):
    page = watched.open(index(pages))
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.id || document.activeElement.getAttribute('aria-label') || ''")
        )
    wanted = {
        "tab-rings",
        "search",
        "tier",
        "scheme",
        "decided",
        "next",
        "clear",
        "edges",
        "whole",
        "png",
        "from",
        "to",
        "csv",
    }
    assert wanted <= reached


def test_tabs_by_arrow(watched, pages):
    page = watched.open(index(pages))
    page.locator("#tab-rings").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#findings").is_visible()
    assert "58 subsidised orders" in page.locator("#findings").inner_text()
    assert "412,000,000 VND" in page.locator("#findings").inner_text()
    page.locator("#finding-kind").select_option("solicitation")
    assert page.locator(".finding:visible").count() == 3
    assert "orders per buyer" in page.locator("#findings").inner_text()
    page.locator("#tab-findings").focus()
    page.keyboard.press("ArrowRight")
    text = page.locator("#about").inner_text()
    for part in ("delivered_before_ordered: 4", "co-click uplift", "gift_card.window_days", "0.1.0"):
        assert part in text


def test_review_work(watched, pages):
    page = watched.open(index(pages))
    page.locator("#next").click()
    page.locator("#detail textarea").fill("seen")
    page.locator("#detail button[data-as=dismissed]").click()
    page.locator("#next").click()
    page.locator("#detail button[data-as=confirmed]").click()
    page.reload()
    watched.ready()
    assert rows(page).count() == 7  # the dismissed ring is out of the open work
    page.locator("#decided").select_option("dismissed")
    assert rows(page).count() == 1
    with page.expect_download() as saved:
        page.locator("#save-decisions").click()
    made = json.loads(saved.value.path().read_text(encoding="utf-8"))["decisions"]
    assert sorted(one["as"] for one in made) == ["confirmed", "dismissed"]


def test_files_to_save(watched, pages):
    page = watched.open(index(pages))
    with page.expect_download() as saved:
        page.locator("#csv").click()
    assert len(saved.value.path().read_text(encoding="utf-8").splitlines()) == 9
    with page.expect_download() as saved:
        page.locator("#png").click()
    assert saved.value.path().stat().st_size > 5_000


def test_edges_come_with_the_choice(watched, pages):
    page = watched.open(index(pages))
    assert page.evaluate("page.graph.renderer.getGraph().size") == 0
    page.evaluate("page.choose(0)")
    assert page.evaluate("page.graph.renderer.getGraph().size") == 33
    page.evaluate(DRAWN)
    x, y = page.evaluate(FIRST_NODE)  # the middle of the chosen ring is the middle of the picture
    box = page.locator("#stage").bounding_box()
    assert abs(x - box["x"] - box["width"] / 2) < 40
    assert abs(y - box["y"] - box["height"] / 2) < 40
    page.locator("#edges").click()
    assert page.evaluate("page.graph.renderer.getGraph().size") == 12 * 33


def test_a_click_inside_a_disc_chooses_its_ring(watched, pages):
    page = watched.open(index(pages))
    x, y, radius = page.evaluate("page.graph.disc(2)")
    box = page.locator("#stage").bounding_box()
    page.mouse.click(box["x"] + x + radius * 0.93, box["y"] + y)  # inside, where no node lies
    page.wait_for_timeout(400)
    assert page.locator("#ring-table tr[aria-current]").get_attribute("data-ring") == "2"


def test_a_choice_is_marked_on_the_timeline(watched, pages):
    page = watched.open(index(pages))
    marks = page.locator("#timeline svg g:nth-of-type(2) rect")
    page.evaluate("page.choose(1)")
    assert marks.count() == 1
    page.keyboard.press("Escape")
    assert marks.count() == 0


def test_the_timeline_follows_the_filters(watched, pages):
    page = watched.open(index(pages))
    everything(page)
    page.locator("#tier").select_option("strong")
    assert "strong (4)" in page.locator("#timeline").inner_text()
    assert "lead (0)" in page.locator("#timeline").inner_text()


def test_filters_that_nothing_fits_say_so(watched, pages):
    page = watched.open(index(pages))
    page.locator("#search").fill("no such thing")
    assert page.locator("#none-fits").is_visible()
    page.locator("#clear").click()
    assert not page.locator("#none-fits").is_visible()


def test_a_decision_kept_here_is_overtaken_by_new_evidence(watched, pages):
    page = watched.open(index(pages))
    page.evaluate("page.choose(0)")
    page.locator("#detail button[data-as=dismissed]").click()
    page.reload()
    watched.ready()
    assert rows(page).count() == 7
    name = f"ringscope:decision:{ring_id(0)}"
    kept = json.loads(page.evaluate("(name) => localStorage.getItem(name)", name))
    page.evaluate(
        "([name, value]) => localStorage.setItem(name, value)", [name, json.dumps({**kept, "basis": "older"})]
    )
    page.reload()
    watched.ready()
    assert rows(page).count() == 8
    assert "new evidence since" in rows(page).first.inner_text()


def test_a_note_alone_is_not_kept_and_says_so(watched, pages):
    page = watched.open(index(pages))
    page.evaluate("page.choose(0)")
    page.locator("#detail textarea").fill("to be looked at")
    assert "a note alone is not kept" in page.locator("#detail").inner_text()
    page.locator("#detail button[data-as=watched]").click()
    assert page.evaluate("page.decisions.read(page.data.page.rings[0].id).note") == "to be looked at"


def test_findings_are_ordered_and_counted(watched, pages):
    page = watched.open(index(pages))
    page.locator("#tab-findings").click()
    page.locator("#finding-order").select_option("orders")
    counts = [
        int(one) for one in page.locator(".finding").evaluate_all("(all) => all.map((one) => one.dataset.orders)")
    ]
    assert counts == sorted(counts, reverse=True)
    page.locator("#finding-search").fill("nothing like this")
    assert "0 of 12" in page.locator("#finding-count").inner_text()
    assert page.locator("#no-finding-fits").is_visible()


def test_an_empty_case_says_what_that_means(watched, empty_pages):
    page = watched.open(index(empty_pages))
    assert "No ring was found" in page.locator("main").inner_text()
    assert "not proof that there is none" in page.locator("main").inner_text()
    assert not page.locator("#filters").is_visible()
    assert not page.locator("#no-webgl").is_visible()
    page.locator("#tab-findings").click()
    assert "No seller or listing stands out" in page.locator("#findings").inner_text()
