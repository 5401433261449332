"""Whose money a family's is: payments between accounts of one household show nobody's purse.

Both the marks of rings and the findings about shops ask who paid for an order, so both ask here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.market import Market

_AT_HOME: Final = ("address", "payment", "device", "phone")
"""Attributes that people of one household share."""


def of_family(market: Market, paid: pl.DataFrame, settings: FindingSettings) -> pl.DataFrame:
    """source, buyer: pairs in which a buyer paid itself, or another account of its household.

    A household shares a home, a card, a device or a telephone. Who pays for more such accounts than a household has is
    no family: the accounts of a ring meet on such things as well.

    Args:
        market: The coded tables.
        paid: source, buyer of payments.
        settings: How many accounts make no household.
    """
    payer = market.encode("buyer", market.ids("source"))
    payers = pl.DataFrame(
        {"source": pl.int_range(len(payer), dtype=pl.UInt32, eager=True), "payer": payer}
    ).drop_nulls()
    pairs = paid.select("source", "buyer").unique().join(payers, on="source")
    selves = pairs.filter(pl.col("payer") == pl.col("buyer")).select("source", "buyer")
    close = _close(market, pairs)
    family = close.filter(pl.len().over("source") < settings.voucher_accounts)
    return pl.concat([selves, family]).unique()


def _close(market: Market, pairs: pl.DataFrame) -> pl.DataFrame:
    """source, buyer of pairs (source, payer, buyer) whose payer and buyer hold something of a household together."""
    apart = pairs.filter(pl.col("payer") != pl.col("buyer"))
    parts = [apart.select("source", "buyer").clear()]
    for kind in _AT_HOME:
        held = market.held("buyer", kind).rename({"account": "buyer"})
        ours = held.join(apart, on="buyer", how="semi")
        theirs = apart.join(held.rename({"buyer": "payer"}), on="payer")
        parts.append(theirs.join(ours, on=["buyer", "value"]).select("source", "buyer"))
    return pl.concat(parts).unique()
