"""Orders that members of a ring placed where the ring acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.contracts.results import ALERT_TIERS
from toolkit.findings.signal import Signal
from toolkit.findings.tails import benjamini_hochberg, poisson_tail

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_NOT_FOR_A_SELLER = ("voucher_farm", "refund_ring", "account_farm")


def ring_orders(sales: Sales, members: pl.DataFrame, rings: pl.DataFrame, settings: FindingSettings) -> pl.DataFrame:
    """row, ring (place in `rings`), one_hand: orders of members inside their ring's window.

    A ring that works for sellers counts only where several members ordered at one; rings that farm vouchers or refunds
    scatter over sellers, so all orders of their members count. What the orders look like plays no part in this, or
    the marks of a ring's orders would be in excess by choice of the orders.
    """
    alerts = rings.with_row_index("ring").filter(pl.col("tier").is_in(ALERT_TIERS))
    if alerts.is_empty() or members.is_empty():
        return pl.DataFrame(schema={"row": pl.UInt32, "ring": pl.UInt32, "one_hand": pl.Boolean})
    facts = alerts.select("ring", "ring_id", "scheme", "first_at", "last_at", one_hand=_one_hand())
    joined = members.join(facts, on="ring_id")
    window = joined.select(
        "ring", "scheme", "one_hand", first=pl.col("first_at").dt.epoch("s"), last=pl.col("last_at").dt.epoch("s")
    )
    coded = window.with_columns(buyer=sales.market.encode("buyer", joined["buyer_id"])).drop_nulls("buyer")
    at = pl.col("ordered_at")
    acted = (
        sales.orders.select("row", "buyer", "seller", "ordered_at")
        .join(coded, on="buyer")
        .filter((at >= pl.col("first").fill_null(at)) & (at <= pl.col("last").fill_null(at) + 1))
    )
    together = pl.col("buyer").n_unique().over("ring", "seller") >= settings.fewest_buyers
    here = acted.filter((pl.col("scheme").is_in(_NOT_FOR_A_SELLER) & pl.col("one_hand")) | together)
    return here.sort("row", "ring").unique("row", keep="first", maintain_order=True).select("row", "ring", "one_hand")


def _one_hand() -> pl.Expr:
    """Whether one hand or purse stands behind the accounts, and they do not work for reviews.

    A ring may be seen by the voucher that its members used; what joins them otherwise makes the voucher a second
    reason. Accounts that review what they buy work for the reviews, and use vouchers as anybody does.
    """
    families = pl.col("families").list
    return (families.contains("identity") | families.contains("funding")) & ~families.contains("conversion")


def shared_vouchers(sales: Sales, orders: pl.DataFrame, settings: FindingSettings) -> Signal:
    """Subsidised orders; counted are those of a ring under a voucher that its members share.

    A voucher is shared where several members used it more than its share of the orders in its currency would bring
    (Poisson tail). Whether the ring claims subsidies more than others do is asked by `signal.excess`.
    """
    every = sales.orders.select("row", "buyer", "voucher", "currency", "subsidy").filter(pl.col("subsidy") > 0)
    volume = sales.orders.group_by("currency").agg(volume=pl.len())
    share = (
        every.group_by("voucher", "currency")
        .agg(used=pl.len())
        .join(volume, on="currency", nulls_equal=True)
        .select("voucher", "currency", share=pl.col("used") / pl.col("volume"))
    )
    size = orders.group_by("ring").agg(size=pl.len())
    used = every.drop_nulls("voucher").join(orders.filter("one_hand"), on="row")
    pairs = (
        used.group_by("ring", "voucher", "currency")
        .agg(observed=pl.len(), buyers=pl.col("buyer").n_unique())
        .join(share, on=["voucher", "currency"], nulls_equal=True)
        .join(size, on="ring")
    )
    pairs = pairs.with_columns(expected=pl.col("size") * pl.col("share"))
    p = poisson_tail(pairs["observed"], pairs["expected"])
    tested = pairs.with_columns(q_value=pl.Series(benjamini_hochberg(p), dtype=pl.Float64))
    kept = tested.filter(
        (pl.col("q_value") < settings.q_value)
        & (pl.col("buyers") >= settings.fewest_buyers)
        & (pl.col("expected") <= settings.by_chance * pl.col("observed"))
    )
    shared = used.join(kept, on=["ring", "voucher"], how="semi")["row"].unique().sort()
    return Signal("voucher_shared_in_ring", every["row"], counted=shared)


def ring_member(orders: pl.DataFrame) -> Signal:
    """The same as a mark."""
    return Signal("ring_member", orders["row"])
