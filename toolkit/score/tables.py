"""The tables of rings, members, targets and links, in their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.results import Links, Members, Rings, Targets
from toolkit.contracts.wording import FAMILY_TITLES
from toolkit.ranges import among
from toolkit.score.scope import first_acts, numbered, of_tokens, whole_days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.contracts.plugins import Scheme
    from toolkit.score.scope import Scope

REASONS: Final = {
    "listing_ordered": "orders on the ring's listings in its windows",
    "listing_reviewed": "reviews on the ring's listings in its windows",
    "listing_clicked": "visits to the ring's listings in its windows",
    "seller_ordered": "orders from the ring's seller in its window",
    "seller_subsidised": "subsidised orders from the ring's seller in its window",
    "seller_refunded": "refunds by the ring's seller in its window",
    "voucher": "use of the ring's voucher in its window",
    "voucher_days": "use of the ring's voucher on the ring's days",
    "campaign": "orders from the ring's seller in the ring's campaign",
    "refund_story": "a refund for the ring's reason on the ring's days",
    "funding_source": "money from the ring's source of funds",
    "refund_instrument": "refunds to the ring's instrument",
    "card_purchaser": "gift cards of the ring's purchaser",
    "card_purchase_payment": "gift cards paid for with the ring's instrument",
    "card_batch": "gift cards of the ring's batch",
    "gift_card_star": "a gift card of the same amount redeemed after a review of the same listing",
    "gift_card_reviewer": "a review of a listing in the time in which others redeemed gift cards after theirs",
    "shop_star": "orders with the ring's mark at the ring's shop, or an attribute shared with the shop",
    "tracking": "a tracking number shared with the ring",
    "review_text": "a review nearly the same as those of others at other shops",
    "message_text": "a message nearly the same as those of others at other shops",
    "refund_text": "a reason for a refund nearly the same as those of others at other shops",
    "created_on": "an account made, or first seen, on the same day",
}
WORDS: Final = {
    "gift_card_cashback": "consistent with gift-card cashback for reviews",
    "review_ring": "consistent with arranged reviews",
    "brushing": "consistent with brushing",
    "virtual_orders": "consistent with orders arranged to use up subsidies or to raise sales",
    "voucher_farm": "consistent with linked accounts that use up vouchers",
    "refund_ring": "consistent with arranged refunds",
    "account_farm": "consistent with accounts under common control",
    "coattail": "consistent with traffic arranged around a popular listing",
    "unclassified": "acting together more than chance explains, for no reason that the data name",
}


def rings_table(scope: Scope, rings: pl.DataFrame, schemes: Sequence[Scheme] = ()) -> pl.DataFrame:
    """Schema Rings; `schemes` are those of plug-ins.

    The first and last act are those of orders in scope and of values that the ring holds.
    """
    spans = _spans(scope)
    counts = _core(scope).group_by("candidate").agg(n_core=(pl.col("role") == "core").sum().cast(pl.Int64))
    targets = scope.targets.group_by("candidate").agg(n_targets=pl.len().cast(pl.Int64))
    full = rings.join(spans, on="candidate", how="left").join(counts, on="candidate", how="left")
    full = full.join(targets, on="candidate", how="left").with_columns(pl.col("n_targets", "n_core").fill_null(0))
    return (
        full.select(
            "ring_id",
            "tier",
            "score",
            "scheme",
            "families",
            pl.col("size").cast(pl.Int64).alias("n_members"),
            "n_core",
            "n_targets",
            "first_at",
            "last_at",
            q_value=pl.lit(None, pl.Float64),
            summary=_summary(WORDS | {one.name: one.summary for one in schemes}),
        )
        .select(Rings.column_names())
        .sort("ring_id")
    )


def _summary(words: dict[str, str]) -> pl.Expr:
    where = (
        pl.when(pl.col("n_targets") > 0)
        .then(pl.format(" around {} {}", pl.col("n_targets"), _plural("listing", pl.col("n_targets"))))
        .otherwise(pl.lit(""))
    )
    return pl.format(
        "{} accounts{}, {}. Evidence: {}.",
        pl.col("size"),
        where,
        pl.col("scheme").replace_strict(words, return_dtype=pl.String),
        pl.col("families").list.eval(pl.element().replace(FAMILY_TITLES)).list.join(", "),
    )


def _plural(name: str, count: pl.Expr) -> pl.Expr:
    return pl.when(count == 1).then(pl.lit(name)).otherwise(pl.lit(f"{name}s"))


def _spans(scope: Scope) -> pl.DataFrame:
    """candidate, first_at, last_at as instants."""
    parts = [scope.targets.select("candidate", "start", "end")]
    if "ordered_at" in scope.orders.columns:
        parts.append(scope.orders.select("candidate", start="ordered_at", end="ordered_at"))
    timed = pl.concat(parts[-1:] if parts[-1].height else parts)
    ends = timed.group_by("candidate").agg(first_at=pl.col("start").min(), last_at=pl.col("end").max())
    return ends.with_columns(instant("first_at"), instant("last_at"))


def instant(column: str) -> pl.Expr:
    """Seconds since 1970 as an instant in UTC."""
    return (
        pl.from_epoch(pl.col(column), time_unit="s").dt.cast_time_unit("us").dt.replace_time_zone("UTC").alias(column)
    )


def _core(scope: Scope) -> pl.DataFrame:
    """Members with their role: core where two independent kinds of evidence put them there."""
    core = pl.when(pl.col("n_families") >= 2).then(pl.lit("core")).otherwise(pl.lit("associate"))
    return scope.candidates.members.with_columns(role=core)


def members_table(scope: Scope, ids: pl.DataFrame) -> pl.DataFrame:
    """Schema Members; score is the natural log of the odds that the member's own evidence gives."""
    members = _core(scope).join(ids, on="candidate")
    reason = pl.col("best_kind").replace(REASONS)
    shared = pl.format("{} shared with other members", pl.col("best_kind"))
    reason = pl.when(pl.col("best_kind").is_in(list(REASONS))).then(reason).otherwise(shared)
    told = members.with_columns(reason=reason, buyer_id=scope.market.decode("buyer", members["buyer"]))
    return told.select(Members.column_names()).sort("ring_id", "buyer_id")


def targets_table(scope: Scope, ids: pl.DataFrame) -> pl.DataFrame:
    """Schema Targets; share is of the accounts that ever acted on the listing; q is Benjamini-Hochberg in the ring."""
    kinds = pl.col("kind").is_in(["listing_ordered", "listing_reviewed"])
    held = (
        whole_days(scope.candidates.values.filter(kinds)).join(ids, on="candidate").sort("ring_id", "token", "surprise")
    )
    best = held.unique(["ring_id", "token"], keep="last", maintain_order=True)
    best = best.join(_acted(scope, best["token"]), on=["kind", "token"], how="left", maintain_order="left")
    best = best.join(_acting(scope, best), on=["candidate", "token", "kind"], how="left", maintain_order="left")
    place = pl.col("surprise").rank("ordinal", descending=True).over("ring_id")
    p = (10.0 ** -pl.col("surprise")).clip(1e-300, 1.0)
    best = best.with_columns(p_value=p, place=place, tests=pl.len().over("ring_id"))
    best = best.sort("ring_id", "place", descending=[False, True]).with_columns(
        q_value=(pl.col("p_value") * pl.col("tests") / pl.col("place")).cum_min().over("ring_id").clip(upper_bound=1.0)
    )
    told = best.with_columns(
        listing_id=scope.market.decode("listing", best["token"]),
        share=(pl.col("members") / pl.col("acted")).clip(upper_bound=1.0),
    ).join(_sellers(scope), on="token", how="left")
    return told.select(Targets.column_names()).sort("ring_id", "listing_id")


def _acting(scope: Scope, held: pl.DataFrame) -> pl.DataFrame:
    """candidate, token, kind, members: how many members acted on each value inside its window."""
    schema = {"candidate": pl.UInt32, "token": pl.UInt32, "kind": pl.String, "members": pl.Int64}
    parts = [pl.DataFrame(schema=schema)]
    for (kind,), part in held.partition_by("kind", as_dict=True).items():
        windows = part.select("candidate", "token", "start", "end")
        acts = first_acts(scope, scope.linked.tokens[str(kind)], windows).group_by("candidate", "token")
        counts = acts.agg(members=pl.col("buyer").n_unique().cast(pl.Int64))
        parts.append(counts.select("candidate", "token", "members", kind=pl.lit(kind)).select(list(schema)))
    return pl.concat(parts)


def _acted(scope: Scope, listings: pl.Series) -> pl.DataFrame:
    kinds = [scope.linked.tokens[k] for k in ("listing_ordered", "listing_reviewed") if k in scope.linked.tokens]
    parts = [
        of_tokens(kind, listings)
        .group_by("token")
        .agg(acted=pl.col("buyer").n_unique())
        .with_columns(kind=pl.lit(kind.name))
        for kind in kinds
    ]
    schema = {"token": pl.UInt32, "acted": pl.UInt32, "kind": pl.String}
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _sellers(scope: Scope) -> pl.DataFrame:
    """Seller of each listing (token, seller_id): from the listings, or from any of its orders."""
    named = [table for table in ("listings", "orders") if scope.market.has(table, "seller_id")]
    parts = [scope.market.table(table).select("listing", "seller").drop_nulls() for table in named]
    if not parts:
        return pl.DataFrame(schema={"token": pl.UInt32, "seller_id": pl.String})
    known = pl.concat(parts).group_by("listing").agg(pl.col("seller").min())
    return known.select(token="listing", seller_id=scope.market.decode("seller", known["seller"]))


def links_table(scope: Scope, ids: pl.DataFrame) -> pl.DataFrame:
    """Schema Links: every link of the evidence graph between two members of one ring."""
    members = scope.candidates.members.select("candidate", "buyer").join(ids, on="candidate", how="semi")
    links = scope.linked.buyers
    inside = among(links["left"], members["buyer"]) & among(links["right"], members["buyer"])
    links = links.filter(inside)
    ends = links.select("left", "right").with_row_index("link").join(members, left_on="left", right_on="buyer")
    held = members.select(held=numbered(pl.col("buyer")))["held"]
    both = ends.filter(numbered(pl.col("right")).is_in(held.implode()))["link"].unique().sort()
    rows = links[both].unique(["left", "right", "view"], maintain_order=True)
    told = rows.with_columns(
        left=scope.market.decode("buyer", rows["left"]),
        right=scope.market.decode("buyer", rows["right"]),
        p_value=(10.0 ** -pl.col("surprise")).clip(1e-300, 1.0),
        q_value=pl.lit(None, pl.Float64),
        via=pl.lit(None, pl.String),
    )
    return told.select(Links.column_names()).sort("left", "right", "view")
