"""A ring's scope: what its members did on the ring's own values, inside the ring's own windows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from toolkit.contracts.candidates import Candidates

if TYPE_CHECKING:
    from toolkit.contracts.candidates import Linked
    from toolkit.market import Market

ORDER_KINDS = {
    "listing_ordered": "listing",
    "seller_ordered": "seller",
    "seller_subsidised": "seller",
    "seller_refunded": "seller",
    "voucher": "voucher",
    "voucher_days": "voucher",
    "refund_story": "refund_reason",
    "refund_instrument": "refund_payment",
    "tracking": "tracking",
}


@dataclass(frozen=True)
class Scope:
    """Everything that the tests of whole rings look at.

    Attributes:
        market: The coded tables.
        linked: Tokens and households.
        candidates: Members and values.
        orders: candidate, and the columns of the coded orders, of members on the ring's values in its windows.
        targets: candidate, listing, start, end: the listings among the ring's values.
    """

    market: Market
    linked: Linked
    candidates: Candidates
    orders: pl.DataFrame
    targets: pl.DataFrame

    def among(self, chosen: pl.Series) -> Scope:
        """The scope of some of the candidates."""
        only = pl.col("candidate").is_in(chosen.implode())
        some = Candidates(self.candidates.members.filter(only), self.candidates.values.filter(only))
        return replace(self, candidates=some, orders=self.orders.filter(only), targets=self.targets.filter(only))


def scope(market: Market, linked: Linked, candidates: Candidates) -> Scope:
    """The scope of all candidates."""
    values = candidates.values
    targets = values.filter(pl.col("kind").is_in(["listing_ordered", "listing_reviewed"]))
    windows = targets.group_by("candidate", listing="token").agg(pl.col("start").min(), pl.col("end").max())
    return Scope(market, linked, candidates, _orders(market, linked, candidates), windows.sort("candidate", "listing"))


def _orders(market: Market, linked: Linked, candidates: Candidates) -> pl.DataFrame:
    members = candidates.members.select("candidate", "buyer")
    if not market.has("orders"):
        return members.clear()
    theirs = market.table("orders").join(members, on="buyer")
    parts = []
    for kind, column in ORDER_KINDS.items():
        held = candidates.values.filter(pl.col("kind") == kind)
        if held.height == 0 or column not in theirs.columns:
            continue
        windows = held.select("candidate", "start", "end", linked.tokens[kind].codes(held["token"]).alias(column))
        moment = "refunded_at" if kind in ("seller_refunded", "refund_instrument", "refund_story") else "ordered_at"
        hits = theirs.join(windows, on=["candidate", column])
        parts.append(hits.filter(pl.col(moment).is_between("start", "end")).select(theirs.columns))
    if not parts:
        return theirs.clear()
    return pl.concat(parts).unique(["candidate", "row"]).sort("candidate", "row")
