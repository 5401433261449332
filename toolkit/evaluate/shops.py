"""How many findings about shops, listings and accounts rest on what was planted, kind by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from toolkit.evaluate.load import Truth

VICTIM: Final = "victim_shop"
"""Kind of look-alike whose shop others ordered at: a finding that names it accuses the wrong one."""
_HALF: Final = 0.5
_ELSEWHERE: Final = ("category_switch", "solicitation")
"""Kinds that are matched by listing and time, and by message."""


def judged_findings(findings: pl.DataFrame, truth: Truth, orders: pl.DataFrame) -> pl.DataFrame:
    """Which findings are right.

    A finding is right if at least half of the orders that it cites were planted, or, where it names no shop, were
    placed by members of planted rings; where it cites none, if its listing, or one of its shop's, is the target of a
    planted ring. It is wrong if it names a victim.

    Args:
        findings: `finding_id`, `kind`, `seller_id`, `listing_id`, `rows`.
        truth: The truth folder; targets are needed for findings that cite no orders.
        orders: `order_id`, `buyer_id`, `listing_id`, `seller_id` of the case.

    Returns:
        finding_id, kind, right.
    """
    own = findings.filter(~pl.col("kind").is_in(_ELSEWHERE)).select("finding_id", "kind", "seller_id", "listing_id")
    cited = findings.select("finding_id", "rows").explode("rows").drop_nulls("rows").unnest("rows")
    planted = _ids(truth.orders, "order_id")
    members = orders.join(truth.members.select("buyer_id").unique(), on="buyer_id", how="semi")["order_id"]
    rows = cited.filter(pl.col("table") == "orders").with_columns(
        ours=pl.col("id").is_in(planted.implode()), theirs=pl.col("id").is_in(members.implode())
    )
    share = rows.group_by("finding_id").agg(pl.col("ours", "theirs").mean())
    aims = _ids(truth.targets, "listing_id")
    shops = orders.filter(pl.col("listing_id").is_in(aims.implode()))["seller_id"].drop_nulls().unique()
    at_listing, at_shop = (
        pl.col(column).is_in(ids.implode()).fill_null(value=False)
        for column, ids in (("listing_id", aims), ("seller_id", shops))
    )
    target = pl.when(pl.col("listing_id").is_null()).then(at_shop).otherwise(at_listing)
    accused = pl.col("seller_id").is_in(_victims(truth).implode()).fill_null(value=False)
    half = pl.when(pl.col("seller_id").is_null()).then(pl.max_horizontal("ours", "theirs")).otherwise("ours") >= _HALF
    known = own.join(share, on="finding_id", how="left")
    right = pl.when(pl.col("ours").is_null()).then(target).otherwise(half)
    return known.select("finding_id", "kind", right=right & ~accused)


def _ids(frame: pl.DataFrame | None, column: str) -> pl.Series:
    return pl.Series([], dtype=pl.String) if frame is None else frame[column]


def _victims(truth: Truth) -> pl.Series:
    if truth.traps is None:
        return pl.Series([], dtype=pl.String)
    shops = truth.traps.filter((pl.col("kind") == VICTIM) & (pl.col("entity_kind") == "seller"))
    return shops["entity_id"]


def match_findings(findings: pl.DataFrame, truth: Truth, orders: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """Kind -> findings listed, and of these right."""
    judged = judged_findings(findings, truth, orders)
    sums = judged.group_by("kind").agg(listed=pl.len(), right=pl.col("right").sum()).sort("kind")
    return {kind: (listed, right) for kind, listed, right in sums.iter_rows()}
