"""The market as a whole: the same for the same arguments, true to its truth, innocent where no ring was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from toolkit.errors import UsageError
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import SCHEMES, Market
from toolkit.simulate.writer import write

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.simulate.tables import Marketplace

TINY = Market(orders=6_000, rings=4, seed=3)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_same_arguments_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    for name in ("one", "two"):
        write(simulate(TINY), tmp_path / name, form=form)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_another_seed_gives_another_market() -> None:
    one, two = simulate(TINY), simulate(Market(orders=6_000, rings=4, seed=4))
    assert set(one.tables["orders"]["order_id"]).isdisjoint(two.tables["orders"]["order_id"])


def test_writing_in_one_format_takes_the_other_away(tmp_path: Path) -> None:
    made = simulate(TINY)
    write(made, tmp_path, form="csv")
    write(made, tmp_path, form="parquet")
    assert not list(tmp_path.glob("*.csv"))
    assert_frame_equal(pl.read_parquet(tmp_path / "orders.parquet"), made.tables["orders"])


def test_levels_and_schemes_are_spread_evenly() -> None:
    truth = simulate(Market(orders=60_000, rings=22, seed=1)).truth["rings"]
    assert set(truth["scheme"]) == set(SCHEMES)
    per_level = truth.group_by("level").len()["len"]
    assert per_level.max() - per_level.min() <= 2


def test_every_ring_has_members_and_something_they_did(small: Marketplace) -> None:
    truth, orders = small.truth, small.tables["orders"]
    members = truth["members"].join(orders.select("buyer_id").unique(), on="buyer_id", how="semi")
    sizes = members.group_by("ring_id").len()
    assert set(sizes["ring_id"]) == set(truth["rings"]["ring_id"])
    assert sizes["len"].min() >= 8


def test_targets_and_orders_of_rings_were_bought_by_their_members(small: Marketplace) -> None:
    truth, orders = small.truth, small.tables["orders"]
    by_ring = orders.join(truth["members"], on="buyer_id")
    assert len(truth["targets"].join(by_ring, on=["ring_id", "listing_id"], how="anti")) == 0
    assert len(truth["orders"].join(by_ring, on=["ring_id", "order_id"], how="anti")) == 0


def test_every_member_did_something_for_its_ring(small: Marketplace) -> None:
    truth, orders = small.truth, small.tables["orders"]
    on_target = orders.join(truth["targets"], on="listing_id").select("ring_id", "buyer_id")
    planted = truth["orders"].join(orders, on="order_id").select("ring_id", "buyer_id")
    idle = truth["members"].join(pl.concat([on_target, planted]).unique(), on=["ring_id", "buyer_id"], how="anti")
    assert idle.is_empty()


def test_switches_are_in_the_category_history(small: Marketplace) -> None:
    planted, changes = small.truth["category_switches"], small.tables["category_changes"]
    assert len(planted) > 0
    for end in ("starts_at", "ends_at"):
        kept = planted.join(changes, left_on=["listing_id", end], right_on=["listing_id", "changed_at"], how="semi")
        assert len(kept) == len(planted)


def test_category_histories_hang_together(small: Marketplace) -> None:
    history = small.tables["category_changes"].sort("listing_id", "changed_at")
    before = pl.col("to_category").shift(1).over("listing_id")
    broken = history.filter((before != pl.col("from_category")).fill_null(value=False))
    assert broken.is_empty()


def test_ids_do_not_tell_who_is_in_a_ring(small: Marketplace) -> None:
    buyers = small.tables["buyers"].sort("buyer_id").with_row_index("position")
    ours = buyers.join(small.truth["members"].select("buyer_id").unique(), on="buyer_id")["position"]
    share = float(ours.mean() or 0) / len(buyers)  # type: ignore[arg-type]
    assert share == pytest.approx(0.5, abs=0.09)


def test_a_market_without_rings_has_look_alikes_and_no_truth() -> None:
    made = simulate(Market(orders=20_000, rings=0, seed=5))
    for name in ("rings", "members", "targets", "orders", "category_switches", "linked_sellers"):
        assert made.truth[name].is_empty(), name
    assert not made.truth["messages"]["solicitation"].any()
    kinds = set(made.truth["traps"]["kind"])
    assert {"deal_group", "hobby_club", "sampling", "flash_sale", "bad_batch", "support_correction"} <= kinds


def test_no_member_of_a_ring_is_planted_in_a_look_alike_group(small: Marketplace) -> None:
    kinds = ["deal_group", "hobby_club", "book_club", "sampling", "partner_code", "bad_batch", "counter_refunds"]
    groups = small.truth["traps"].filter(pl.col("kind").is_in(kinds) & (pl.col("entity_kind") == "buyer"))
    assert groups.join(small.truth["members"], left_on="entity_id", right_on="buyer_id", how="semi").is_empty()


def test_look_alikes_name_things_of_the_market(small: Marketplace) -> None:
    keys = {"buyer": "buyers", "seller": "sellers", "listing": "listings"}
    for (entity,), part in small.truth["traps"].group_by("entity_kind"):
        known = small.tables[keys[str(entity)]][f"{entity}_id"]
        assert part["entity_id"].is_in(known.implode()).all()


def test_amounts_keep_to_the_decimals_of_their_currency(small: Marketplace) -> None:
    orders = small.tables["orders"]
    whole = orders.filter(pl.col("currency").is_in(["VND", "CLP"]))
    for column in ("amount", "discount", "refund_amount"):
        assert (whole[column].drop_nulls() % 1 == 0).all()
        cents = orders[column].drop_nulls() * 100
        assert ((cents - cents.round(0)).abs() < 1e-6 * cents.clip(lower_bound=1)).all()


def test_discounts_stay_below_prices(small: Marketplace) -> None:
    orders = small.tables["orders"]
    assert (orders["discount"] <= orders["amount"]).all()
    assert (orders["subsidy"] <= orders["discount"]).all()


@pytest.mark.parametrize(
    ("field", "value"),
    [("orders", 10), ("rings", -1), ("rings", 10_000), ("days", 5), ("schemes", ("theft",)), ("levels", (7,))],
)
def test_impossible_markets_are_refused(field: str, value: object) -> None:
    with pytest.raises(UsageError):
        Market(**{"orders": 20_000, "rings": 2, "seed": 0, field: value})  # type: ignore[arg-type]


def test_rings_that_leave_no_room_for_a_market_are_refused() -> None:
    with pytest.raises(UsageError, match="most of the market"):
        simulate(Market(orders=2_000, rings=20, seed=0, traps=False))


@pytest.mark.parametrize("seed", [1, 3, 5])
def test_rings_in_a_small_market_take_what_listings_there_are(seed: int) -> None:
    schemes = ("gift_card_cashback", "virtual_orders", "review_ring")
    made = simulate(Market(orders=4_000, rings=3, seed=seed, levels=(0,), schemes=schemes))
    assert made.truth["targets"]["ring_id"].n_unique() == 3


def test_nobody_reviews_what_has_not_arrived(small: Marketplace) -> None:
    reviews = small.tables["reviews"].join(small.tables["orders"], on="order_id")
    assert reviews["delivered_at"].null_count() == 0
    assert (reviews["reviewed_at"] >= reviews["delivered_at"]).all()


def test_a_look_alike_is_one_occurrence_however_many_kinds_of_things_it_has(small: Marketplace) -> None:
    traps = small.truth["traps"].filter(pl.col("kind") == "viral_listing")
    per_trap = traps.group_by("trap_id").agg(pl.col("entity_kind").n_unique())
    assert (per_trap["entity_kind"] == 2).all()


def test_a_brushed_competitor_is_a_victim() -> None:
    market = Market(orders=40_000, rings=12, seed=2, schemes=("brushing",))
    truth = simulate(market).truth
    victims = truth["traps"].filter(pl.col("kind") == "victim_shop")
    assert victims["trap_id"].n_unique() == truth["rings"].filter(pl.col("variant") == "competitor").height == 6


def test_no_shop_is_both_a_look_alike_and_worked_for(small: Marketplace) -> None:
    truth, listings = small.truth, small.tables["listings"]
    shops = truth["traps"].filter((pl.col("entity_kind") == "seller") & (pl.col("kind") != "victim_shop"))
    aimed = listings.join(truth["targets"], on="listing_id", how="semi")["seller_id"]
    switched = listings.join(truth["category_switches"], on="listing_id", how="semi")["seller_id"]
    letters = small.tables["messages"].join(truth["messages"].filter("solicitation"), on="message_id", how="semi")
    for guilty in (aimed, switched, letters["seller_id"], truth["linked_sellers"]["seller_a"]):
        assert not shops["entity_id"].is_in(guilty.unique().implode()).any()


def test_harder_markets_have_no_less_to_find() -> None:
    easy, hard = (simulate(Market(orders=40_000, rings=12, seed=8, harder=harder)) for harder in (False, True))
    assert len(easy.truth["rings"]) == len(hard.truth["rings"]) == 12
    assert hard.tables["orders"].height == 40_000


def test_no_second_is_shared_by_the_links_of_a_group(small: Marketplace) -> None:
    links = small.tables["account_links"].filter(pl.col("account_kind") == "buyer")
    market_start = links["first_seen"].min()
    shared = links.filter(pl.col("first_seen") > market_start).join(
        small.tables["buyers"].select(account_id="buyer_id", born="created_at"), on="account_id"
    )
    crowded = (
        shared.filter(pl.col("first_seen") != pl.col("born"))
        .group_by("first_seen")
        .agg(n=pl.col("account_id").n_unique())
    )
    assert crowded["n"].max() <= 3


def test_nobody_but_the_competitor_works_for_a_victims_shop() -> None:
    made = simulate(Market(orders=60_000, rings=36, seed=2))
    victims = made.truth["traps"].filter(pl.col("kind") == "victim_shop").select(seller_id="entity_id")
    owners = made.tables["listings"].select("listing_id", "seller_id")
    aims = made.truth["targets"].join(owners, on="listing_id").join(victims, on="seller_id")
    against = made.truth["rings"].filter(pl.col("variant") == "competitor")
    assert victims.height == against.height == 3
    assert set(aims["ring_id"]) == set(against["ring_id"])
    switched = made.truth["category_switches"].join(owners, on="listing_id")
    linked = pl.concat([made.truth["linked_sellers"]["seller_a"], made.truth["linked_sellers"]["seller_b"]])
    assert not victims["seller_id"].is_in(switched["seller_id"].implode()).any()
    assert not victims["seller_id"].is_in(linked.implode()).any()
