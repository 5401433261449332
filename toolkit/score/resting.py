"""The input rows that a test of a whole ring rests on: those that show what the sentence says, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.marks import MARKS
from toolkit.score import clicks, stories
from toolkit.score.identity import KINDS, held_by_few
from toolkit.score.scope import numbered

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

SHOP: Final = "f7_shop_"
STARS: Final = ("f1_", SHOP)
"""How the names of tests of stars begin."""
MARK: Final = "f7_"


def rows(scope: Scope, whole: pl.DataFrame, test: str) -> pl.DataFrame:
    """key, table, row (place in the clean table) of one test; attributes have rows of their own, see `shared`.

    Args:
        scope: Members, values, orders.
        whole: key, candidate, token (the star, where the test is of one).
        test: Its name.
    """
    keys = whole.select("key", "candidate")
    if test.startswith(STARS):
        found = _at_star(scope, whole, test)
    elif test == "f10_repeat_clicks":
        found = _clicks(scope, keys)
    elif test in ("f6_rating", "f6_review_haste"):
        found = _reviews(scope, keys)
    elif test == "f6_review_conversion":
        found = pl.concat([_orders(scope, keys), _reviews(scope, keys)])
    elif test == "f5_synchrony" and "row" not in scope.orders.columns:
        found = _reviews(scope, keys)
    elif test == "f7_one_story":
        found = stories.rows(scope, keys)
    elif test == "f7_refund_habit":
        refunds = scope.linked.marks.filter("refunded").join(scope.candidates.members, on="buyer")
        found = refunds.join(keys, on="candidate").select("key", "row", table=pl.lit("orders"))
    else:
        found = _marked(scope, _orders(scope, keys), test.removeprefix(MARK))
    return found.select("key", "table", "row")


def among_them(scope: Scope, whole: pl.DataFrame, test: str) -> pl.DataFrame:
    """Verdicts of one test; of a star with a note of how many members its rows show. Arguments as in `rows`."""
    if not test.startswith(STARS):
        return whole
    there = _at_star(scope, whole, test).group_by("key").agg(there=pl.col("buyer").n_unique())
    counted = whole.join(there, on="key", how="left", maintain_order="left")
    noun = pl.when(pl.col("there") == 1).then(pl.lit("member")).otherwise(pl.lit("members"))
    return counted.with_columns(note=pl.format("{} {} among them", pl.col("there").fill_null(0), noun)).drop("there")


def _marked(scope: Scope, orders: pl.DataFrame, mark: str) -> pl.DataFrame:
    """Of those orders, the ones that carry the mark; all where the test is of no mark."""
    if mark not in MARKS:
        return orders
    return orders.join(scope.linked.marks.filter(mark).select("row"), on="row", how="semi")


def _orders(scope: Scope, keys: pl.DataFrame) -> pl.DataFrame:
    return scope.orders.join(keys, on="candidate").select("key", "row", table=pl.lit("orders"))


def _members(scope: Scope, keys: pl.DataFrame) -> pl.DataFrame:
    return scope.candidates.members.select("candidate", "buyer").join(keys, on="candidate")


def _at_star(scope: Scope, whole: pl.DataFrame, test: str) -> pl.DataFrame:
    """key, buyer, table, row that put members at the star; of a shop's star, those with the mark of this test."""
    there = whole.select("key", "candidate", star="token").join(scope.linked.star_members, on="star")
    ours = there.join(scope.candidates.members, on=["candidate", "buyer"], how="semi")
    ours = ours.select("key", "buyer", "table", "row")
    mark = test.removeprefix(SHOP)
    if mark in MARKS:
        ours = ours.join(scope.linked.marks.filter(mark).select("row"), on="row", how="semi")
    return ours


def _reviews(scope: Scope, keys: pl.DataFrame) -> pl.DataFrame:
    written = scope.market.table("reviews").select("buyer", "listing", "row").join(_members(scope, keys), on="buyer")
    on_target = written.join(scope.targets, on=["candidate", "listing"], how="semi")
    return on_target.select("key", "row", table=pl.lit("reviews"))


def _clicks(scope: Scope, keys: pl.DataFrame) -> pl.DataFrame:
    """Visits of listings of the ring that a member opened again and again."""
    kinds = ["listing_clicked", "listing_ordered"]
    targets = scope.candidates.values.filter(pl.col("kind").is_in(kinds)).select("candidate", listing="token")
    opened = scope.market.table("clicks").select("buyer", "listing", "row").join(_members(scope, keys), on="buyer")
    ours = opened.join(targets, on=["candidate", "listing"], how="semi")
    meant = clicks.again(scope.market, ours.unique("row")).filter("again")
    return ours.join(meant, on=["buyer", "listing"], how="semi").select("key", "row", table=pl.lit("clicks"))


def shared(scope: Scope, keys: pl.DataFrame, hub: int) -> pl.DataFrame:
    """key, buyer, token, kind: every attribute value below the hub cap that two members hold."""
    parts = []
    for name in KINDS:
        if name in scope.linked.tokens:
            held = _members(scope, keys).join(held_by_few(scope.linked.tokens[name], hub), on="buyer")
            both = held.filter(numbered(pl.col("token")).is_duplicated())
            parts.append(both.select("key", "buyer", "token", kind=pl.lit(name)))
    return pl.concat(parts)
