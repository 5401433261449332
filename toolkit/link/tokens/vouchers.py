"""Voucher codes, also in bursts of three days; shops ordered from with a subsidy; campaigns, where there are no codes.

Claims: members use one code, or the subsidy at one shop, more often than people as busy do. Null: all uses of the code
in the same window (in the same three days), so that an open campaign is expected. Misses: codes that everybody has,
used at the pace of everybody. Cost: the orders with a code or subsidy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.link.tokens.made import bursts, kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market


BURST: Final = 3
"""Days of one burst with a voucher: a farm claims what a code gives within days."""


def vouchers(market: Market) -> Iterator[TokenKind]:
    """Voucher codes used, and sellers ordered from with a subsidy of the platform."""
    if market.has("orders", "voucher_id"):
        used = market.table("orders").select("buyer", "row", token="voucher", at="ordered_at")
        used, codes = used.drop_nulls("token"), market.size("voucher")
        yield kind("voucher", "subsidy", "orders", "voucher", used, timed=True, least=3)
        yield bursts("voucher_days", "subsidy", "voucher", used, days=BURST, codes=codes, most=codes)
    elif market.has("orders", "campaign_id", "seller_id"):
        yield _campaigns(market)
    if market.has("orders", "subsidy", "seller_id"):
        paid = market.table("orders").filter(pl.col("subsidy") > 0)
        frame = paid.select("buyer", "row", token="seller", at="ordered_at")
        yield kind("seller_subsidised", "subsidy", "orders", "seller", frame, timed=True, least=3)


def _campaigns(market: Market) -> TokenKind:
    """Campaigns at one shop: without codes, they say who bought for a campaign."""
    codes = market.size("campaign")
    bought = market.table("orders").drop_nulls(["campaign", "seller"])
    shop = pl.col("seller").rank("dense").cast(pl.Int64) - 1
    pair = pl.col("campaign").cast(pl.Int64) + codes * shop
    frame = bought.select("buyer", "row", token=pair, at="ordered_at")
    return kind("campaign", "subsidy", "orders", "campaign", frame, timed=True, least=3, base=codes)
