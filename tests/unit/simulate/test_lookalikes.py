"""Every innocent look-alike that a scheme can be taken for is planted: which kind of the simulator stands for which.

Each entry is a trap that the design names for a scheme (S1 to S14, and those of the whole program), and the kinds of
`traps.csv` or of messages that plant it. A trap without a kind fails, and so does a kind that no market has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.simulate.market import simulate
from toolkit.simulate.phrases import KINDS
from toolkit.simulate.settings import Market
from toolkit.simulate.traps import _PLANT

if TYPE_CHECKING:
    from toolkit.simulate.tables import Marketplace

COVERS: dict[str, tuple[str, ...]] = {
    # named for the findings as a whole
    "livestream flash sale": ("livestream", "flash_sale", "digital_sale"),
    "office bulk buy": ("office_bulk",),
    "employer gifts": ("employer_batch",),
    "support corrections": ("support_correction", "campaign_correction"),
    "consolidated shipping": ("consolidated_parcel",),
    "samples": ("sampling", "shop_samples"),
    "wholesale": ("wholesale",),
    "family accounts": ("family", "pocket_money"),
    "a shop whose competitor brushes it": ("victim_shop",),
    # S1 gift cards after reviews
    "S1 commonest faces, November and December": ("christmas_card",),
    "S1 platform promotion credit": ("platform_credit",),
    "S1 employer gifts": ("employer_batch",),
    "S1 viral listing": ("viral_listing",),
    # S2 inserts and solicitation
    "S2 lawful neutral insert": ("neutral_insert",),
    "S2 request for a review by the platform": ("message:review_request",),
    "S2 product support mails": ("message:support", "message:order", "message:delicate"),
    # S3 refunds off the platform
    "S3 launch promotion": ("launch_letter",),
    "S3 sampling programme": ("sampling",),
    "S3 niche hobby": ("hobby_club",),
    "S3 texts that are handed out": ("handed_text",),
    # S4 lockstep
    "S4 deal forums": ("deal_group",),
    "S4 book clubs": ("book_club",),
    "S4 one launch newsletter": ("launch_letter",),
    # S5 empty parcels
    "S5 samples and accessories": ("shop_samples", "spare_parts"),
    "S5 wrong catalogue weight": ("wrong_weight",),
    "S5 consolidated shipping": ("consolidated_parcel", "forwarder"),
    # S6 virtual orders
    "S6 real livestream rush": ("livestream", "flash_sale"),
    "S6 codes and downloads, delivered at once": ("digital_sale",),
    "S6 office bulk buy": ("office_bulk",),
    # S7 seller-funded buyers
    "S7 corporate card": ("company_card", "firm_expenses"),
    "S7 family card": ("family",),
    "S7 gift of money": ("pocket_money",),
    "S7 commission and compensation": ("affiliate_commission", "shop_compensation"),
    # S8 self-purchase
    "S8 employee purchases": ("staff_purchase",),
    "S8 shared warehouse or office": ("warehouse", "office"),
    # S9 account farms
    "S9 cafes": ("cafe",),
    "S9 kiosks": ("kiosk",),
    "S9 dormitories": ("dormitory",),
    "S9 families": ("family",),
    "S9 carrier addresses": ("carrier",),
    # S10 mule addresses
    "S10 lockers": ("locker",),
    "S10 forwarders": ("forwarder",),
    "S10 hotels": ("hotel",),
    "S10 campuses": ("campus_coupon", "dormitory"),
    # S11 vouchers
    "S11 coupon sites": ("partner_code",),
    "S11 campus campaigns": ("campus_coupon",),
    # S12 category switches
    "S12 taxonomy migration": ("taxonomy_migration",),
    "S12 correction by support": ("support_correction", "campaign_correction"),
    # S13 coattails
    "S13 accessory of a popular item, bundles": ("bundle",),
    # S14 returns
    "S14 bad batch": ("bad_batch",),
    "S14 categories where size decides": ("size_returns",),
    "S14 refunds at a counter": ("counter_refunds",),
}


@pytest.fixture(scope="module")
def made() -> Marketplace:
    return simulate(Market(orders=60_000, rings=24, seed=1))


@pytest.fixture(scope="module")
def there(made: Marketplace) -> set[str]:
    return {*made.truth["traps"]["kind"], *(f"message:{kind}" for kind in made.truth["messages"]["kind"])}


@pytest.mark.parametrize("trap", sorted(COVERS))
def test_the_look_alike_is_planted(trap: str, there: set[str]) -> None:
    assert COVERS[trap]
    assert set(COVERS[trap]) <= there


def test_every_scheme_has_its_look_alikes() -> None:
    schemes = {name.split()[0] for name in COVERS if name[0] == "S" and name[1].isdigit()}
    assert schemes == {f"S{number}" for number in range(1, 15)}


def test_no_kind_is_planted_without_a_reason(there: set[str]) -> None:
    known = {kind for kinds in COVERS.values() for kind in kinds}
    assert {kind for kind in there if not kind.startswith("message:")} <= known
    assert set(_PLANT) <= known
    assert {f"message:{kind}" for kind in KINDS} >= {kind for kind in known if kind.startswith("message:")}


def test_the_shops_of_look_alikes_do_nothing_wrong(made: Marketplace) -> None:
    shops = made.truth["traps"].filter(pl.col("entity_kind") == "seller")["entity_id"].unique()
    owners = made.tables["listings"].select("listing_id", "seller_id")
    against = made.truth["rings"].filter(pl.col("variant") == "competitor")["ring_id"]
    worked_for = made.truth["targets"].filter(~pl.col("ring_id").is_in(against.implode()))
    guilty = worked_for.join(owners, on="listing_id")["seller_id"].unique()
    assert not guilty.is_in(shops.implode()).any()


def test_a_sale_of_codes_is_delivered_at_once_at_the_platforms_expense(made: Marketplace) -> None:
    traps = made.truth["traps"].filter(pl.col("kind") == "digital_sale")
    named = {kind: traps.filter(pl.col("entity_kind") == kind)["entity_id"] for kind in ("buyer", "listing")}
    orders = made.tables["orders"].filter(
        pl.col("buyer_id").is_in(named["buyer"].implode())
        & pl.col("listing_id").is_in(named["listing"].implode())
        & (pl.col("subsidy") > 0)
    )
    assert orders.height >= 20
    fast = (orders["delivered_at"] - orders["ordered_at"]).dt.total_seconds() < 3600
    assert fast.mean() > 0.9  # buyers may also use a voucher there on another day
