"""Static pictures: what they count, that they are safe, that their bytes stay, and what they say when empty."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest

from tests.made_case import HOSTILE, hostile, make_case, ring_id
from toolkit import dossier
from toolkit.cli.app import run
from toolkit.contracts.report import Book, Dossier, Event, Member, Money, Run, Wording
from toolkit.errors import MissingExtraError, UsageError
from toolkit.visualise import pictures
from toolkit.visualise.pictures.canvas import label
from toolkit.visualise.pictures.lags import split
from toolkit.visualise.pictures.timeline import MOST

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.visualise.pictures import Picture

DAY = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return dossier.read(make_case(tmp_path_factory.mktemp("pictures"), rings=3))


def drawn(book: Book) -> dict[str, Picture]:
    return {"money": pictures.money(book)} | {name: draw(book.rings[0]) for name, draw in pictures.OF_RING.items()}


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def bare(**fields: object) -> Dossier:
    nothing = Wording("Ring", "", (), (), ())
    whole = {"ring_id": "r_1", "tier": "lead", "score": 1.0, "scheme": "unclassified", "families": (), "n_members": 0}
    whole |= {"n_core": 0, "n_targets": 0, "first_at": None, "last_at": None, "q_value": None, "summary": ""}
    return Dossier(**(whole | {"wording": nothing} | fields))  # type: ignore[arg-type]


def event(table: str, number: int, at: datetime, buyer: str, thing: str = "l1") -> Event:
    return Event(at, table, f"{table}{number}", buyer, "listing", thing, None, None)


def test_the_same_case_gives_the_same_bytes_whatever_the_readers_own_settings_are(book: Book) -> None:
    first = {name: (one.svg(), one.png()) for name, one in drawn(book).items()}
    with mpl.rc_context({"font.size": 20.0, "svg.hashsalt": "mine", "axes.grid": True, "text.parse_math": True}):
        assert {name: (one.svg(), one.png()) for name, one in drawn(book).items()} == first
        assert mpl.rcParams["font.size"] == 20.0
    assert all("dc:date" not in svg for svg, _ in first.values())


def test_words_stay_text_and_every_picture_says_what_it_shows(book: Book) -> None:
    for name, one in drawn(book).items():
        svg = one.svg()
        assert not one.empty, name
        assert one.title in "".join(texts(svg))
        assert f"<title>{one.title}</title>" in svg
        assert one.words
        assert one.words in repr(one)
        assert one.png().startswith(b"\x89PNG")
    assert "b00000" in texts(pictures.timeline(book.rings[0]).svg())


def test_hostile_ids_are_neither_markup_nor_mathematics_nor_controls(tmp_path: Path) -> None:
    book = dossier.read(
        make_case(tmp_path, rings=5, members=14, name=hostile, text=lambda n: HOSTILE[n % len(HOSTILE)])
    )
    shown = [text for path in pictures.write(book, tmp_path / "out", "svg") for text in texts(path.read_text("utf-8"))]
    assert any("{{7*7}}" in text and "$" in text for text in shown)
    assert any("<script>" in text for text in shown)
    assert any("\ufffd" in text for text in shown)
    assert not any(set(text) & {"\x00", "\u202e", "\u2028", "\n"} for text in shown)
    assert max(map(len, shown)) < 220
    for path in (tmp_path / "out").rglob("*.svg"):
        tags = {node.tag.split("}")[-1] for node in ET.fromstring(path.read_text("utf-8")).iter()}
        assert not tags & {"script", "a", "image", "foreignObject"}, path


def test_mathematics_in_an_id_is_shown_as_it_is() -> None:
    members = (Member("$\\frac{1}{0}$", "core", "", 1.0), Member("$unclosed", "core", "", 1.0))
    ring = bare(members=members, events=tuple(event("orders", n, DAY, one.buyer_id) for n, one in enumerate(members)))
    shown = texts(pictures.timeline(ring).svg())
    assert "$\\frac{1}{0}$" in shown
    assert "$unclosed" in shown


def test_letters_that_the_font_lacks_are_kept_in_the_svg() -> None:
    ring = bare(members=(Member("買家一號", "core", "", 1.0),), events=(event("orders", 1, DAY, "買家一號"),))
    picture = pictures.timeline(ring)
    assert "買家一號" in texts(picture.svg())
    assert picture.png().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("a" * 18, "a" * 18),
        ("abcdefghijklmnopqrstuvwxyz", "abcdefghijk…uvwxyz"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("\u202egnp\x00", "\ufffdgnp\ufffd"),
        ("x" * 1_000_000, "x" * 11 + "…" + "x" * 6),
    ],
)
def test_a_label_is_one_short_line(text: str, shown: str) -> None:
    assert label(text) == shown


def test_cards_are_counted_after_the_latest_review_and_before_the_first() -> None:
    day = timedelta(days=1)
    reviews = {"b1": (DAY, DAY + 20 * day), "b2": (DAY,)}
    cards = [
        ("b1", DAY + 3 * day),  # 3 after the first review
        ("b1", DAY + 24 * day),  # 4 after the second
        ("b1", DAY - 2 * day),  # before any
        ("b2", DAY),  # in the very instant: not after it, so it counts before, as in the test
        ("b2", DAY + 46 * day),  # too late
        ("b2", DAY - 46 * day),  # too early
        ("b3", DAY),  # reviewed nothing
    ]
    assert split(reviews, cards, 45) == ([3.0, 4.0], [-2.0, 0.0])


def test_lags_tell_the_cards_of_members_alone(book: Book) -> None:
    ring = book.rings[0]
    assert "9 cards within 45 days after a review of a target; 0 in the 45 days before" in pictures.lags(ring).words
    fewer = replace(ring, members=ring.members[:4])
    assert pictures.lags(fewer).words.startswith("4 cards")


def test_the_placebo_is_read_from_the_case(tmp_path: Path) -> None:
    """A card that a member redeemed long before the ring's first act is in its dossier."""
    case = make_case(tmp_path, rings=1)
    path = case.path / "tables" / "redemptions.parquet"
    import polars as pl

    early = pl.read_parquet(path).with_columns(pl.col("redeemed_at") - pl.duration(days=40))
    early.write_parquet(path)
    ring = dossier.read(case).rings[0]
    assert pictures.lags(ring).words.startswith("0 cards within 45 days after a review of a target; 9 in the 45 days")


def test_a_long_ring_says_what_has_no_row_or_cell() -> None:
    members = tuple(Member(f"b{n:03}", "core", "", 1.0) for n in range(MOST + 7))
    acts = [event("orders", n, DAY + timedelta(hours=n), one.buyer_id, f"l{n % 40}") for n, one in enumerate(members)]
    acts += [event("orders", n + 500, DAY, one.buyer_id, f"l{(n + 1) % 40}") for n, one in enumerate(members)]
    ring = bare(members=members, events=tuple(acts))
    assert f"Rows are drawn for the first {MOST} of them" in pictures.timeline(ring).words
    assert "Not drawn: 7 members and 10 listings" in " ".join(texts(pictures.matrix(ring).svg()))


def test_acts_far_from_the_rings_time_are_counted_and_not_drawn(book: Book) -> None:
    ring = book.rings[0]
    far = event("orders", 1, DAY - timedelta(days=300), ring.members[0].buyer_id)
    assert "1 acts lie more than 30 days before" in pictures.timeline(replace(ring, events=(far, *ring.events))).words


def test_each_currency_has_its_own_area_and_its_own_exact_sums() -> None:
    money = (Money("subsidy", "USD", Decimal("0.10"), 1), Money("subsidy", "JPY", Decimal(500), 2))
    rings = tuple(bare(ring_id=f"r_{n}", tier="strong", money=money) for n in range(3))
    picture = pictures.money(Book(Run("0", "c"), rings))
    assert len(picture.figure.axes) == 2
    told = "no seller known: subsidy paid by the platform"
    assert picture.words == f"{told} 1,500 JPY. {told} 0.30 USD."


def test_leads_are_no_alerts_and_are_drawn_when_asked_for() -> None:
    lead = bare(money=(Money("refund", "EUR", Decimal(7), 1),))
    assert pictures.money(Book(Run("0", "c"), (lead,))).empty
    assert "7 EUR" in pictures.money(Book(Run("0", "c"), (lead,)), tiers=("lead",)).words


def test_steps_of_the_evidence_end_at_the_score(book: Book) -> None:
    ring = book.rings[0]
    shown = texts(pictures.waterfall(ring).svg())
    assert f"{ring.score:.3g}" in [text.strip() for text in shown]
    assert "acting on the same things: p = 1e-30; gift cards: p = 1.2e-11; " in pictures.waterfall(ring).words


def test_where_there_is_nothing_it_says_so_and_no_file_is_written(tmp_path: Path) -> None:
    empty = bare()
    for draw in pictures.OF_RING.values():
        picture = draw(empty)
        assert picture.empty
        assert "Nothing to draw: " in " ".join(texts(picture.svg()))
    assert pictures.write(Book(Run("0", "c"), (empty,)), tmp_path, "svg") == []


def test_a_file_is_what_its_ending_says(book: Book, tmp_path: Path) -> None:
    picture = pictures.matrix(book.rings[0])
    assert picture.save(tmp_path / "a" / "m.svg").read_text("utf-8") == picture.svg()
    assert picture.save(tmp_path / "m.png").read_bytes() == picture.png() == picture._repr_png_()
    with pytest.raises(UsageError, match=r"\.gif"):
        picture.save(tmp_path / "m.gif")


def test_without_matplotlib_it_says_what_to_install(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError) as caught:
        pictures.timeline(book.rings[0])
    assert caught.value.exit_code == 4
    assert "ringscope[pictures]" in str(caught.value)


def test_the_command_writes_them(tmp_path: Path) -> None:
    make_case(tmp_path / "case", rings=2)
    case, out = str(tmp_path / "case"), str(tmp_path / "out")
    assert run(["report", case, "--format", "svg,png", "--ring", ring_id(0), "--out", out]) == 0
    stems = {"money", *(f"{ring_id(0)}-{name}" for name in pictures.OF_RING)}
    assert {path.name for path in (tmp_path / "out" / "pictures").iterdir()} == {
        f"{stem}.{form}" for stem in stems for form in ("svg", "png")
    }
    assert run(["report", case, "--format", "gif", "--out", out]) == 2
