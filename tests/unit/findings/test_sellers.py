"""Findings about sellers: what is planted is found, and the innocent look-alike beside it is not."""

from __future__ import annotations

import polars as pl

from tests.unit.findings.street import at, kinds, street


def test_an_honest_market_has_no_findings(tmp_path):
    found = street().find(tmp_path)
    assert found.findings.is_empty()
    assert found.virtual_orders.is_empty()


def test_parcels_without_goods(tmp_path):
    made = street()
    rows = [made.order(f"x{n}", "s1", 300 + n, parcel_weight_g=12.0) for n in range(15)]
    found = made.find(tmp_path)
    assert kinds(found) == ["empty_parcels"]
    cited = {row["id"] for row in found.findings["rows"][0] if row["table"] == "orders"}
    assert cited == set(rows)
    assert set(found.explanations["explanation"]) >= {"wrong catalogue weight", "consolidated shipping"}


def test_samples_and_a_wrong_catalogue_weight_are_no_empty_parcels(tmp_path):
    made = street()
    made.add("vouchers", voucher_id="vs", kind="sampling", funded_by="seller")
    for n in range(15):
        made.order(f"x{n}", "s1", 300 + n, parcel_weight_g=12.0, voucher_id="vs")
        made.order(f"y{n}", "s2", 300 + n, parcel_weight_g=60.0 + n % 3, listing_id="l-wrong")
    made.add("listings", listing_id="l-wrong", seller_id="s2", catalogue_weight_g=600.0)
    assert kinds(made.find(tmp_path)) == []


def test_tracking_numbers_of_strangers_and_consolidated_shipping(tmp_path):
    made = street()
    for n in range(16):
        made.order(f"x{n}", "s1", 300 + n, tracking_id=f"shared{n // 4}")
        made.order(f"y{n // 4}", "s2", 300 + n, tracking_id=f"box{n // 4}", parcel_weight_g=5.0)
        made.order(f"z{n}", "s3", 300 + n, tracking_id=f"hub{n // 8}", address_id="forwarder")
    made.add("addresses", address_id="forwarder", kind="forwarder")
    found = made.find(tmp_path)
    assert [(row["kind"], row["seller_id"]) for row in found.findings.iter_rows(named=True)] == [
        ("empty_parcels", "s1")
    ]


def funded(made, seller, source, *, before=1.0, share=1.0, people=8):
    for n in range(people):
        hours = 400 + 7 * n
        made.order(f"f{n}", seller, hours, amount=63.5 + n)
        made.add(
            "transfers",
            transfer_id=f"t-{source}-{n}",
            buyer_id=f"f{n}",
            at=at(hours - before),
            amount=(63.5 + n) * share,
            currency="MYR",
            source_id=source,
        )


def test_purchases_paid_by_one_source(tmp_path):
    made = street()
    funded(made, "s1", "agent")
    found = made.find(tmp_path)
    assert kinds(found) == ["seller_funded"]
    money = found.money.filter(pl.col("kind") == "order_value").row(0, named=True)
    assert (money["currency"], money["amount"], money["rows"]) == ("MYR", 63.5 * 8 + 28, 8)
    tables = {row["table"] for row in found.evidence["rows"][0]}
    assert tables == {"orders", "transfers"}


def test_goodwill_after_the_order_and_a_firm_that_pays_its_people(tmp_path):
    made = street()
    funded(made, "s1", "s1", before=-30.0, share=0.2)
    for n in range(20):
        made.order(f"e{n}", f"s{n + 10}", 500 + n, amount=80.0)
        made.add(
            "transfers",
            transfer_id=f"pay{n}",
            buyer_id=f"e{n}",
            at=at(499 + n),
            amount=80.0,
            currency="MYR",
            source_id="firm",
        )
    assert kinds(made.find(tmp_path)) == []


def linked(made, seller, kind, value, buyers, account_kind="buyer"):
    made.add("account_links", account_id=seller, account_kind="seller", attribute_kind=kind, attribute_id=value)
    for buyer in buyers:
        made.add("account_links", account_id=buyer, account_kind=account_kind, attribute_kind=kind, attribute_id=value)


def test_buyers_who_share_a_device_and_a_bank_account_with_the_seller(tmp_path):
    made = street()
    people = [f"p{n}" for n in range(4)]
    linked(made, "s1", "device", "d1", people[:3])
    linked(made, "s1", "bank", "k1", people[1:])
    for n in range(12):
        made.order(people[n % 4], "s1", 100 + 50 * n)
    found = made.find(tmp_path)
    assert kinds(found) == ["self_purchase"]
    paths = found.evidence.filter(pl.col("test") == "path")
    assert set(paths["attribute_id"]) == {"d1", "k1"}
    assert {"table": "account_links", "id": "s1|device|d1"} in paths["rows"].explode().to_list()


def test_colleagues_behind_an_office_and_a_staff_voucher_are_no_self_purchase(tmp_path):
    made = street()
    made.add("addresses", address_id="tower", kind="office")
    made.add("vouchers", voucher_id="staff", kind="seller", funded_by="seller")
    people = [f"p{n}" for n in range(6)]
    linked(made, "s1", "address", "tower", people)
    linked(made, "s2", "device", "till", people)
    linked(made, "s2", "phone", "desk", people)
    for n in range(18):
        made.order(people[n % 6], "s1", 100 + 50 * n, address_id="tower")
        made.order(people[n % 6], "s2", 110 + 50 * n, voucher_id="staff")
    assert kinds(made.find(tmp_path)) == []


def test_an_owner_a_family_and_a_till_are_no_self_purchase(tmp_path):
    made = street()
    owner, staff, family = ["own"], [f"t{n}" for n in range(4)], [f"h{n}" for n in range(3)]
    linked(made, "s1", "device", "till", owner + staff)
    for kind in ("bank", "phone"):
        linked(made, "s1", kind, f"{kind}-of-the-owner", owner)
        linked(made, "s2", kind, f"{kind}-at-home", family)
    for n in range(15):
        made.order((owner + staff)[n % 5], "s1", 100 + 50 * n)
        made.order(family[n % 3], "s2", 110 + 50 * n, address_id="one-home")
    assert kinds(made.find(tmp_path)) == []


def test_a_frozen_shops_next_shop_is_seen_through_a_shared_bank_account(tmp_path):
    made = street()
    people = [f"p{n}" for n in range(4)]
    linked(made, "s1", "device", "d1", people)
    linked(made, "s1", "email", "m1", people)
    linked(made, "s1", "bank", "k1", ["s2"], account_kind="seller")
    for n in range(12):
        made.order(people[n % 4], "s2", 100 + 50 * n)
    found = made.find(tmp_path)
    assert kinds(found, "s2") == ["self_purchase"]
    assert found.seller_links.rows() == [("s1", "s2", "bank", "k1", 0)]


def test_the_order_of_rows_changes_nothing(tmp_path):
    made = street()
    funded(made, "s1", "agent")
    one, two = made.find(tmp_path / "a", seed=1), made.find(tmp_path / "b", seed=2)
    assert one.findings.equals(two.findings)
    assert one.evidence.equals(two.evidence)
    assert one.money.equals(two.money)


def test_a_catalogue_weight_that_is_wrong_by_half_makes_no_parcel_light(tmp_path):
    made = street()
    made.add("listings", listing_id="wrong", seller_id="s5", category_id="toys", catalogue_weight_g=500.0)
    for n in range(60):
        made.order(f"w{n}", "s5", 300 + 25 * n, listing_id="wrong", parcel_weight_g=165.0 + n % 30)
    assert kinds(made.find(tmp_path)) == []


def test_staff_that_review_a_few_of_their_purchases_are_no_self_purchase(tmp_path):
    """Three of six is more than usual, and no more than three people may do by chance."""
    made = street()
    people = [f"p{n}" for n in range(3)]
    linked(made, "s1", "device", "till", people)
    for n in range(6):
        listing = f"l-own{n}"
        made.add("listings", listing_id=listing, seller_id="s1", category_id="toys")
        made.order(people[n % 3], "s1", 100 + 150 * n, listing_id=listing)
        if n % 2:
            made.add("reviews", review_id=f"r{n}", buyer_id=people[n % 3], listing_id=listing, reviewed_at=at(200 * n))
    for n, order in enumerate(made.rows["orders"][:3000:12]):
        who, what = order["buyer_id"], order["listing_id"]
        made.add("reviews", review_id=f"u{n}", buyer_id=who, listing_id=what, reviewed_at=at(2100))
    assert kinds(made.find(tmp_path)) == []


def test_one_payment_pays_one_order(tmp_path):
    """An office tops up the price of one piece and orders twenty: nobody else paid for twenty."""
    made = street()
    for office in range(3):
        hours = 400 + 50 * office
        for n in range(9):
            made.order(f"f{office}", "s1", hours + n / 60, amount=63.5)
        made.add(
            "transfers",
            transfer_id=f"t{office}",
            buyer_id=f"f{office}",
            at=at(hours - 1),
            amount=63.5,
            currency="MYR",
            source_id="counter",
        )
    found = made.find(tmp_path)
    cited = found.findings.filter(pl.col("kind") == "seller_funded").select(pl.col("rows").explode()).unnest("rows")
    assert cited.filter(pl.col("table") == "orders").height <= 3


def test_a_part_sold_all_year_is_no_empty_parcel_and_cheap_orders_of_a_week_are(tmp_path):
    made = street()
    for n in range(40):
        made.order(f"w{n}", "s5", 40 + 85 * n, parcel_weight_g=60.0 + n % 5, amount=6.0)
    for n in range(15):
        made.order(f"x{n}", "s1", 300 + n, parcel_weight_g=12.0, amount=6.0)
    found = made.find(tmp_path)
    assert [(row["kind"], row["seller_id"]) for row in found.findings.iter_rows(named=True)] == [
        ("empty_parcels", "s1")
    ]


def paid_by(made, source, buyers, **columns):
    for n, buyer in enumerate(buyers):
        made.order(buyer, "s1", 400 + 30 * n, amount=63.5 + n, **columns)
        made.add(
            "transfers",
            transfer_id=f"t-{source}-{n}",
            buyer_id=buyer,
            at=at(399 + 30 * n),
            amount=63.5 + n,
            currency="MYR",
            source_id=source,
        )


def test_a_parent_that_pays_for_the_children_is_no_sellers_purse(tmp_path):
    made = street()
    children = ["k1", "k2", "k3", "k1", "k2", "k3"]
    paid_by(made, "b7", children, address_id="a-b7")
    assert kinds(made.find(tmp_path)) == []


def test_an_aunt_that_pays_for_children_at_one_address_is_none_either(tmp_path):
    made = street()
    paid_by(made, "aunt", ["k1", "k2", "k3", "k4", "k1", "k2"], address_id="home")
    assert kinds(made.find(tmp_path)) == []


def test_a_purse_behind_many_accounts_at_one_mule_address_is_one(tmp_path):
    made = street()
    paid_by(made, "purse", [f"k{n}" for n in range(9)], address_id="mule")
    assert "seller_funded" in kinds(made.find(tmp_path))


def test_shops_of_one_market_hall_are_not_linked_by_its_address(tmp_path):
    made = street()
    for seller in ("s1", "s2", "s3", "s4"):
        linked(made, seller, "address", "hall", [])
    for seller in ("s5", "s6"):
        linked(made, seller, "address", "flat", [])
    assert made.find(tmp_path).seller_links.rows() == [("s5", "s6", "address", "flat", 0)]


def test_a_careless_shops_rare_listings_are_judged_with_the_others(tmp_path):
    """Most of its listings have a wrong weight for all to see; three parcels of another alone would look empty."""
    made = street()
    made.add("listings", listing_id="box", seller_id="s5", category_id="toys", catalogue_weight_g=6000.0)
    made.add("listings", listing_id="rare", seller_id="s5", category_id="toys", catalogue_weight_g=6000.0)
    for n in range(90):
        made.order(f"w{n}", "s5", 40 + 20 * n, listing_id="box", parcel_weight_g=500.0 + n % 30)
    for n in range(4):
        made.order(f"r{n}", "s5", 400 + n, listing_id="rare", parcel_weight_g=90.0 + 100 * n)
    assert kinds(made.find(tmp_path)) == []


def test_a_bookkeepers_telephone_links_no_shops_and_an_owners_bank_account_does(tmp_path):
    made = street()
    for n in range(5):
        linked(made, f"s{n}", "phone", "bookkeeper", [])
        linked(made, f"s{n + 10}", "bank", "owner", [])
    links = made.find(tmp_path).seller_links
    assert links["attribute_id"].unique().to_list() == ["owner"]
    assert links.height == 10


def test_a_deal_on_a_thing_with_a_wrong_weight_makes_no_empty_parcels(tmp_path):
    """One to three pieces a parcel, most within three days, and light in every other week as well."""
    made = street()
    made.add("listings", listing_id="deal", seller_id="s5", category_id="toys", catalogue_weight_g=1100.0)
    times = [*(40 + 300 * week for week in range(9)), *(1200 + 2 * n for n in range(24))]
    for n, hours in enumerate(times):
        made.order(f"w{n}", "s5", hours, listing_id="deal", parcel_weight_g=(110.0 + n) * (1 + n % 3))
    for n in range(15):
        made.order(f"x{n}", "s1", 300 + n, parcel_weight_g=9.0 + n)
    found = made.find(tmp_path)
    assert [(row["kind"], row["seller_id"]) for row in found.findings.iter_rows(named=True)] == [
        ("empty_parcels", "s1")
    ]
