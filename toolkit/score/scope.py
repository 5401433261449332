"""A ring's scope: what its members did on the ring's own values, inside the ring's own windows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from toolkit.config import DAY
from toolkit.ranges import among, spread

if TYPE_CHECKING:
    from toolkit.contracts.candidates import Candidates, Linked
    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market

MOMENTS = {"orders": "ordered_at", "reviews": "reviewed_at", "clicks": "clicked_at"}
"""When the acts on listings happened that a table holds."""

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
        only, some = pl.col("candidate").is_in(chosen.implode()), self.candidates.among(chosen)
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
    orders = market.table("orders")
    asking = candidates.values.filter(pl.col("kind").is_in(list(ORDER_KINDS)))["candidate"]
    members = members.filter(among(members["candidate"], asking))
    theirs = orders.select("row", "buyer").filter(among(orders["buyer"], members["buyer"]))
    theirs = theirs.join(members, on="buyer").select("candidate", "row")
    parts = [pl.Series("act", [], dtype=pl.UInt64)]
    for kind, column in ORDER_KINDS.items():
        held = candidates.values.filter(pl.col("kind") == kind)
        if held.height == 0 or column not in orders.columns:
            continue
        codes = linked.tokens[kind].codes(held["token"]).alias("value")
        windows = held.select("start", "end", value=numbered(pl.lit(codes)))
        moment = "refunded_at" if kind in ("seller_refunded", "refund_instrument", "refund_story") else "ordered_at"
        asked = theirs.filter(among(theirs["candidate"], held["candidate"]))
        acts = asked.hstack(orders.select(value=column, at=moment)[asked["row"]])
        acts = acts.select(act=numbered(pl.col("row")), value=numbered(pl.col("value")), at="at")
        hits = acts.join(windows, on="value").filter(pl.col("at").is_between("start", "end"))
        parts.append(hits["act"])
    found = pl.concat(parts).unique().sort().to_frame()
    rows = found.select((pl.col("act") % (1 << 32)).cast(pl.UInt32))["act"]
    return found.select(candidate=(pl.col("act") // (1 << 32)).cast(pl.UInt32)).hstack(orders[rows])


def of_tokens(kind: TokenKind, tokens: pl.Series) -> pl.DataFrame:
    """The rows of some tokens, in their order: found by halving, since the frame is sorted by them."""
    every, wanted = kind.frame["token"].to_numpy(), tokens.unique().sort().to_numpy()
    _, rows = spread(np.searchsorted(every, wanted, "left"), np.searchsorted(every, wanted, "right"))
    return kind.frame[rows]


def holdings(scope: Scope, kind: TokenKind, values: pl.DataFrame) -> pl.DataFrame:
    """Values of one kind with the members that hold them inside their windows: what the values have, buyer, row.

    Args:
        scope: Members and tokens.
        kind: Whose tokens they are.
        values: candidate, token, start, end, and whatever else is asked for.
    """
    members = scope.candidates.members.select("candidate", "buyer")
    members = members.filter(among(members["candidate"], values["candidate"]))
    acts = of_tokens(kind, values["token"])
    acts = acts.filter(among(acts["buyer"], members["buyer"])).select("at", "row", holding=_holding())
    hits = values.join(members, on="candidate").with_columns(holding=_holding()).join(acts, on="holding")
    return hits.filter(pl.col("at").is_between("start", "end")) if kind.timed else hits


def whole_days(values: pl.DataFrame) -> pl.DataFrame:
    """The values with windows widened to whole days, since it is days that people are told."""
    return values.with_columns(start=pl.col("start") // DAY * DAY, end=(pl.col("end") // DAY + 1) * DAY - 1)


def first_acts(scope: Scope, kind: TokenKind, values: pl.DataFrame) -> pl.DataFrame:
    """The first act of each member on each of some listings inside their windows: what the values have, buyer, row.

    The tokens hold the first act of all, which may lie before the window. Arguments as in `holdings`.
    """
    ever = of_tokens(kind, values["token"]).select("token", "buyer")
    asked = values.join(scope.candidates.members.select("candidate", "buyer"), on="candidate")
    asked = asked.join(ever, on=["token", "buyer"])
    acts = scope.market.table(kind.table).select("buyer", "row", token="listing", at=MOMENTS[kind.table])
    acts = acts.filter(among(acts["buyer"], asked["buyer"]))
    hits = asked.join(acts, on=["token", "buyer"]).filter(pl.col("at").is_between("start", "end"))
    first = hits.sort("at", "row").unique(["candidate", "token", "buyer"], keep="first", maintain_order=True)
    return first.drop("at")


def households(scope: Scope) -> pl.DataFrame:
    """candidate, homes: how many households the members of each are."""
    members = scope.candidates.members.select("candidate", "buyer")
    home = pl.Series(scope.linked.household[members["buyer"].to_numpy()])
    return members.with_columns(home=home).group_by("candidate").agg(homes=pl.col("home").n_unique())


def _holding() -> pl.Expr:
    """A token and who holds it as one number: frames meet on one number in half the time that two columns take."""
    return pl.col("token").cast(pl.UInt64) * (1 << 32) + pl.col("buyer")


def numbered(code: pl.Expr) -> pl.Expr:
    """A candidate and a code as one number."""
    return pl.col("candidate").cast(pl.UInt64) * (1 << 32) + code
