"""Paths between sellers and buyers, and between sellers, over attributes that both were seen with (S8).

A path is a link and no proof of control. Attributes that join strangers are no path: those held by more buyers than the
hub cap, addresses of more accounts than a household has, whatever but money more shops share than one person keeps,
office, locker, forwarder and dormitory addresses, corporate instruments, and network addresses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.results import empty
from toolkit.findings.assembly import valid
from toolkit.findings.signal import Signal
from toolkit.market import ACCOUNTS, LINKED_KINDS

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_WEAK_KINDS: Final = ("ip",)
_ONE_HAND: Final = 4
"""Shops with one telephone, mailbox or machine that may be one person's; more have one bookkeeper or agency.

At one address as many are a market hall or a warehouse already."""
_MONEY: Final = ("bank", "payment")
"""Attributes that nobody lends to those whom he serves."""
PERSONAL: Final = ("device", "phone", "email", "bank", "payment")
"""Attributes that follow a person; an address follows a household or a floor."""

PATHS: Final = pl.Schema(
    {
        "seller": pl.UInt32,
        "buyer": pl.UInt32,
        "attribute_kind": pl.String,
        "value": pl.UInt32,
        "via_seller": pl.UInt32,
        "hops": pl.Int64,
    }
)
"""One row a path: `via_seller` is the seller that holds the attribute, where it is another one."""


def rare_attributes(sales: Sales, settings: FindingSettings) -> pl.DataFrame:
    """account_kind, account, attribute_kind, value of attributes that can be a path."""
    held = pl.concat(_of_sellers(sales, kind) for kind in sorted(LINKED_KINDS) if kind not in _WEAK_KINDS)
    shared = held.join(sales.common_attributes, on=["attribute_kind", "value"], how="anti")
    buyers = pl.col("account").filter(pl.col("account_kind") == "buyer").n_unique().over("attribute_kind", "value")
    shops = pl.col("account").filter(pl.col("account_kind") == "seller").n_unique().over("attribute_kind", "value")
    place = (pl.col("attribute_kind") == "address") & ((buyers >= settings.voucher_accounts) | (shops >= _ONE_HAND))
    served = ~pl.col("attribute_kind").is_in(_MONEY) & (shops > _ONE_HAND)
    return shared.filter((buyers <= settings.hub) & (shops <= settings.hub // 3) & ~place & ~served)


def _of_sellers(sales: Sales, kind: str) -> pl.DataFrame:
    """account_kind, account, attribute_kind, value of one kind of attribute: who holds what sellers hold."""
    values = sales.market.held("seller", kind).select("value").unique()
    return pl.concat(
        sales.market.held(account, kind)
        .join(values, on="value", how="semi")
        .select(account_kind=pl.lit(account), account="account", attribute_kind=pl.lit(kind), value="value")
        for account in ACCOUNTS
    )


def seller_links(rare: pl.DataFrame) -> pl.DataFrame:
    """left, right (sellers, smaller code first), attribute_kind, value: sellers that were seen with one attribute."""
    shops = rare.filter(pl.col("account_kind") == "seller").select("account", "attribute_kind", "value").unique()
    pairs = shops.join(shops, on=["attribute_kind", "value"], suffix="_right")
    return (
        pairs.filter(pl.col("account") < pl.col("account_right"))
        .select("attribute_kind", "value", left="account", right="account_right")
        .sort("left", "right", "attribute_kind", "value")
    )


def link_table(sales: Sales, rare: pl.DataFrame) -> pl.DataFrame:
    """The result table `seller_links`."""
    links = seller_links(rare)
    buyers = rare.filter(pl.col("account_kind") == "buyer").group_by("attribute_kind", "value")
    counted = links.join(buyers.agg(buyers=pl.len().cast(pl.Int64)), on=["attribute_kind", "value"], how="left")
    parts = [
        part.with_columns(
            pl.Series("attribute_id", sales.market.decode(str(kind), part["value"]), dtype=pl.String),
            pl.Series("left", sales.market.decode("seller", part["left"]), dtype=pl.String),
            pl.Series("right", sales.market.decode("seller", part["right"]), dtype=pl.String),
            pl.col("buyers").fill_null(0),
        )
        for (kind,), part in counted.partition_by("attribute_kind", as_dict=True).items()
    ]
    if not parts:
        return empty("seller_links")
    return valid("seller_links", pl.concat(parts).sort("left", "right", "attribute_kind", "attribute_id"))


def paths(rare: pl.DataFrame) -> pl.DataFrame:
    """Paths of one hop (buyer - attribute - seller) and two (over a linked seller); see `PATHS`."""
    shops = rare.filter(pl.col("account_kind") == "seller").select("attribute_kind", "value", seller="account")
    buyers = rare.filter(pl.col("account_kind") == "buyer").select("attribute_kind", "value", buyer="account")
    one = shops.join(buyers, on=["attribute_kind", "value"]).with_columns(
        via_seller=pl.lit(None, dtype=pl.UInt32), hops=pl.lit(1, dtype=pl.Int64)
    )
    links = seller_links(rare)
    both = pl.concat([links.select("left", "right"), links.select(left="right", right="left")]).unique()
    two = (
        one.rename({"seller": "via"})
        .join(both.select(via="left", seller="right"), on="via")
        .with_columns(via_seller="via", hops=pl.lit(2, dtype=pl.Int64))
        .join(one.select("seller", "buyer"), on=["seller", "buyer"], how="anti")
    )
    columns = PATHS.names()
    return pl.concat([one.select(columns), two.select(columns)]).unique().sort(columns)


def linked_orders(sales: Sales, found: pl.DataFrame) -> Signal:
    """Orders of buyers at a seller that they have a path to over an attribute that follows a person."""
    pairs = found.filter(pl.col("attribute_kind").is_in(PERSONAL)).select("seller", "buyer").unique()
    rows = sales.orders.select("row", "seller", "buyer").join(pairs, on=["seller", "buyer"], how="semi")["row"]
    return Signal("linked_with_seller", rows.sort())
