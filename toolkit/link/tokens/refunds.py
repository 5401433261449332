"""Where refunds went, who paid them, and what was told to get them.

Claims: refunds of several members went to one instrument that had not paid; one shop refunds them; or they tell one
story within two days. Null: refunds of the same window (shop, instrument), or of the same reason, region and days: a
bad batch or a delay of a courier is expected for all who live there. Left out: a shop's till, and what was only
cancelled. Misses: refunds to each member's own instrument, spread over weeks. Cost: the refunded orders.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.link.tokens.made import bursts, kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market


STORY: Final = 2
"""Days of one burst of refunds with one reason: an agent files what he was sent in a sitting or two."""


def refunds(market: Market) -> Iterator[TokenKind]:
    """Instruments that a refund went to and that did not pay; and seller, reason and fortnight of refunds."""
    if not market.has("orders", "refunded_at"):
        return
    back = market.table("orders").filter(pl.col("refunded_at").is_not_null())
    other = back.filter(pl.col("refund_payment").is_not_null() & pl.col("refund_payment").ne_missing(pl.col("payment")))
    if "seller" in other.columns:
        other = other.join(_counters(other), on="refund_payment", how="anti", maintain_order="left")
    frame = other.select("buyer", "row", token="refund_payment", at="refunded_at")
    instruments = kind("refund_instrument", "identity", "orders", "payment", frame, timed=True, least=2)
    yield replace(instruments, brought=True)
    frame = market.sent_back().select("buyer", "row", token="seller", at="refunded_at")
    yield kind("seller_refunded", "refund", "orders", "seller", frame, timed=True, least=3)


def _counters(refunds: pl.DataFrame) -> pl.DataFrame:
    """Instruments on which one seller, and hardly anybody else, pays back several buyers: its till, not a ring's."""
    paid = refunds.drop_nulls("seller").group_by("refund_payment", "seller").agg(n=pl.len())
    most = paid.group_by("refund_payment").agg(most=pl.col("n").max(), n=pl.col("n").sum())
    return most.filter((pl.col("n") >= 4) & (pl.col("most") >= 0.8 * pl.col("n"))).select("refund_payment")


def stories(market: Market, region: NDArray[np.uint32]) -> Iterator[TokenKind]:
    """Refunds with one reason in one region within days of each other."""
    if not market.has("orders", "refunded_at", "refund_reason"):
        return
    told = market.sent_back().drop_nulls("refund_reason")
    near = pl.Series(region[told["buyer"].to_numpy()].astype(np.uint32))
    reasons = market.size("reason")
    told = told.select("buyer", "row", token=pl.col("refund_reason") + reasons * near, at="refunded_at")
    yield bursts(
        "refund_story", "refund", "reason", told, days=STORY, codes=reasons, most=reasons * (int(region.max()) + 1)
    )
