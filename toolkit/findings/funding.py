"""Payments to buyers just before they ordered, of the amount that the order cost (S7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.family import of_family
from toolkit.findings.signal import Signal
from toolkit.findings.tails import benjamini_hochberg, mixed_tail
from toolkit.ranges import among

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_PRIOR: Final = 10.0
"""Payments at the seller's share of all orders that its share of fitting payments is mixed with."""
PAID: Final = pl.Schema(
    {
        "row": pl.UInt32,
        "seller": pl.UInt32,
        "buyer": pl.UInt32,
        "source": pl.UInt32,
        "transfer": pl.UInt32,
    }
)
"""An order and the payment that fits it: places in the clean tables, and who paid."""


def fitting_payments(sales: Sales, settings: FindingSettings) -> pl.DataFrame:
    """Each order with the last payment to its buyer before it, where that payment fits the price; see `PAID`.

    A payment fits one order, the first: an office that orders one thing twenty times is not paid for twenty times.
    """
    if not sales.has("transfers") or not sales.has("orders", "amount"):
        return pl.DataFrame(schema=PAID)
    paid = _strangers_payments(sales, settings)
    orders = sales.orders.select("row", "seller", "buyer", "currency", "amount", "discount", at="ordered_at")
    orders = _after(orders.filter(among(orders["buyer"], paid["buyer"])), paid, settings.funded_within_s)
    orders = orders.drop_nulls("seller")
    near = (
        orders.lazy()
        .sort("at")
        .join_asof(
            paid.lazy().sort("at"),
            on="at",
            by=["buyer", "currency"],
            strategy="backward",
            tolerance=settings.funded_within_s,
            check_sortedness=False,
        )
    )
    due = pl.col("amount") - pl.col("discount").fill_null(0.0)
    fits = [
        (pl.col("paid") / price).is_between(settings.funded_low, settings.funded_high)
        for price in (due, pl.col("amount"))
    ]
    first = near.filter(fits[0] | fits[1]).sort("at", "row").unique("transfer", keep="first", maintain_order=True)
    return first.select(PAID.names()).sort("row").collect()


def _after(orders: pl.DataFrame, paid: pl.DataFrame, within: int) -> pl.DataFrame:
    """Orders with a payment to their buyer in their own stretch of so many seconds, or in the one before."""
    stretch = pl.col("buyer").cast(pl.Int64) * (1 << 31) + pl.col("at") // within
    there = paid.select(stretch)["buyer"].unique().implode()
    return orders.filter(stretch.is_in(there) | (stretch - 1).is_in(there))


def _strangers_payments(sales: Sales, settings: FindingSettings) -> pl.DataFrame:
    """Transfers without those that buyers made to themselves, or to one of their family."""
    paid = sales.market.table("transfers").rename({"amount": "paid", "row": "transfer"})
    family = of_family(sales.market, paid, settings)
    return paid.join(family, on=["source", "buyer"], how="anti").select(
        "buyer", "currency", "at", "paid", "source", "transfer"
    )


def concentrated(sales: Sales, payments: pl.DataFrame, settings: FindingSettings) -> pl.DataFrame:
    """Sources whose fitting payments meet at one seller more often than that seller's share of all fitting payments.

    Beta-binomial over the source's payments: whom a cash counter serves are neighbours, who like the same shops.

    Returns:
        source, seller, observed, buyers, expected, p_value, q_value, own (the source is the seller itself or an
        instrument of it), one row where q is small and enough buyers were paid: more than one gives presents to, and no
        family at one address.
    """
    if payments.is_empty():
        return _no_sources()
    spent = payments.with_columns(sales.at(payments["row"], "currency", "address", "ordered_at"))
    home = pl.coalesce(pl.col("address").cast(pl.Int64), -1 - pl.col("buyer").cast(pl.Int64))
    day = pl.col("ordered_at") // 86_400
    pairs = spent.group_by("source", "seller", "currency").agg(
        observed=pl.len().cast(pl.Int64),
        buyers=pl.col("buyer").n_unique().cast(pl.Int64),
        homes=home.n_unique(),
        visits=pl.struct("buyer", day).n_unique().cast(pl.Int64),
    )
    volume = sales.sold().select("seller", "currency", share=pl.col("sold") / pl.col("sold").sum().over("currency"))
    known = pairs.join(volume, on=["seller", "currency"], nulls_equal=True)
    of_source = pl.col("observed").sum().over("source", "currency")
    others = pl.col("observed").sum().over("currency") - of_source
    at_seller = pl.col("observed").sum().over("seller", "currency") - pl.col("observed")
    elsewhere = (at_seller + _PRIOR * pl.col("share")) / (others + _PRIOR)
    rate = pl.max_horizontal(elsewhere, "share").clip(upper_bound=0.99)
    measured = known.with_columns(rate=rate, paid=of_source, expected=of_source * rate)
    visits = measured["visits"]  # one buyer's orders of a day are one coincidence
    p = mixed_tail(visits, measured["paid"], measured["rate"], spread=0.0, variation=settings.least_variation)
    tailed = measured.with_columns(p_value=pl.Series(p), q_value=pl.Series(benjamini_hochberg(p)))
    tested = tailed.join(_own_sources(sales), on=["source", "seller"], how="left").with_columns(
        pl.col("own").fill_null(value=False)
    )
    apart = (pl.col("homes") >= settings.fewest_buyers) | (pl.col("buyers") >= settings.voucher_accounts)
    enough = (pl.col("buyers") >= settings.fewest_buyers) & (pl.col("observed") >= settings.fewest_orders) & apart
    kept = tested.filter(enough & ((pl.col("q_value") < settings.q_value) | pl.col("own")))
    crowd = (pl.col("buyers").sum().over("seller") >= settings.voucher_accounts) | pl.col("own").any().over("seller")
    return kept.filter(crowd).drop("homes", "visits", "rate", "paid").sort("seller", "source")


def _no_sources() -> pl.DataFrame:
    counts = {"source": pl.UInt32, "seller": pl.UInt32, "observed": pl.Int64, "buyers": pl.Int64}
    numbers = dict.fromkeys(("expected", "p_value", "q_value"), pl.Float64)
    return pl.DataFrame(schema={**counts, **numbers, "own": pl.Boolean})


def _own_sources(sales: Sales) -> pl.DataFrame:
    """source, seller, own: payers that are the seller's account or an instrument that the seller was seen with."""
    sellers = sales.market.ids("seller")
    parts = [pl.DataFrame({"id": sellers, "seller_id": sellers})]
    if sales.has("account_links"):
        money = ["payment", "bank"]
        links = sales.market.case.table("account_links").select(
            "account_id", "attribute_id", pl.col("account_kind", "attribute_kind").cast(pl.String)
        )
        held = links.filter((pl.col("account_kind") == "seller") & pl.col("attribute_kind").is_in(money))
        parts.append(held.select(id="attribute_id", seller_id="account_id").collect())
    both = pl.concat(parts).unique()
    coded = pl.DataFrame(
        {
            "source": sales.market.encode("source", both["id"]),
            "seller": sales.market.encode("seller", both["seller_id"]),
        }
    )
    return coded.drop_nulls().unique().with_columns(own=pl.lit(value=True))


def seller_funded(sales: Sales, payments: pl.DataFrame, sources: pl.DataFrame, settings: FindingSettings) -> Signal:
    """Orders paid by a concentrated source: the fitting ones, and others at that seller soon after its payment."""
    if sources.is_empty():
        return Signal("seller_funded", pl.Series("row", [], dtype=pl.UInt32))
    fitting = payments.join(sources, on=["source", "seller"], how="semi").select("row")
    paid = sales.market.table("transfers").select("buyer", "source", "at")
    paid = paid.join(sources.select("source").unique(), on="source", how="semi")
    pairs = paid.join(sources.select("source", "seller"), on="source").select("buyer", "seller", "at").sort("at")
    orders = sales.orders.select("row", "buyer", "seller", at="ordered_at")
    orders = orders.filter(among(orders["buyer"], pairs["buyer"])).sort("at")
    close = orders.join(pairs.select("buyer", "seller").unique(), on=["buyer", "seller"], how="semi").join_asof(
        pairs.with_columns(paid_at="at"),
        on="at",
        by=["buyer", "seller"],
        strategy="backward",
        tolerance=settings.funded_within_s,
        check_sortedness=False,
    )
    soon = close.filter(pl.col("paid_at").is_not_null()).select("row")
    return Signal("seller_funded", pl.concat([fitting, soon])["row"].unique().sort())
