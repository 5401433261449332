"""The public brushing rule on a market's tables, and the windows that stay suspicious after the innocent readings.

The rule alone marks a firm that orders for its staff, a flash sale, a wholesaler. A window stays suspicious where more
buyers made repeat visits than the shop's own rate of them would bring, with buyers of one address counted as one; and
where the data can say so, only if something ties the orders to the seller, because a competitor can brush a shop too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from toolkit.findings import brushing_rule
from toolkit.findings.assembly import valid
from toolkit.findings.draft import Draft, Exhibit, Explanation, count_text, places
from toolkit.findings.signal import SELLERS_HAND
from toolkit.findings.tails import benjamini_hochberg, binomial_tail

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales
    from toolkit.market import Market


def of_orders(sales: Sales) -> pl.DataFrame:
    """What `stream` gives, of orders that are read already."""
    return sales.orders.select("seller", "buyer", "row", second="ordered_at").drop_nulls("seller")


def stream(market: Market) -> pl.DataFrame:
    """seller, buyer, second, row of every order, for the rule alone; a missing seller is that of the listing."""
    scan = market.case.table("orders").with_row_index("row")
    seconds = pl.col("ordered_at").dt.timestamp("us") // 1_000_000
    seller = pl.col("seller_id")
    if market.case.has_table("listings") and scan.select(seller.null_count()).collect().item():
        listings = market.case.table("listings").select("listing_id", _seller="seller_id")
        scan = scan.join(listings, on="listing_id", how="left")
        seller = pl.coalesce("seller_id", "_seller")
    rows = scan.select("row", seller.alias("seller_id"), "buyer_id", second=seconds).collect()
    return pl.DataFrame(
        {
            "seller": market.encode("seller", rows["seller_id"]),
            "buyer": market.encode("buyer", rows["buyer_id"]),
            "second": rows["second"],
            "row": rows["row"].cast(pl.UInt32),
        }
    ).drop_nulls("seller")


def tables(market: Market, brushed: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The result tables `brushing_windows` and `brushing_buyers`."""
    seconds = pl.from_epoch(pl.col("window_start", "window_end"), time_unit="s").dt.cast_time_unit("us")
    runs = brushing_rule.runs(brushed)
    windows = runs.with_columns(
        seconds.dt.replace_time_zone("UTC"),
        pl.col("concentration").round_sig_figs(9),
        pl.Series("seller_id", market.decode("seller", runs["seller"])),
    )
    most = brushing_rule.suspicious_buyers(brushed)
    buyers = most.with_columns(
        pl.Series("seller_id", market.decode("seller", most["seller"])),
        pl.Series("buyer_id", market.decode("buyer", most["buyer"])),
    )
    return {
        "brushing_windows": valid("brushing_windows", windows.sort("seller_id", "window_start")),
        "brushing_buyers": valid("brushing_buyers", buyers.sort("seller_id", "buyer_id")),
    }


@dataclass(frozen=True)
class Windows:
    """Runs that stay suspicious.

    Attributes:
        runs: One row a run with its counts and tails, as the sentence needs them.
        orders: run, row of their orders.
    """

    runs: pl.DataFrame
    orders: pl.DataFrame


def suspicious(sales: Sales, brushed: pl.DataFrame, reasons: pl.DataFrame, settings: FindingSettings) -> Windows:
    """The runs of brushed orders that the innocent readings do not explain.

    Args:
        sales: Orders.
        brushed: Orders under the public rule, with their run.
        reasons: row, reason: marks that count.
        settings: Thresholds.
    """
    rows = brushed.select("run", "row")
    if brushed.is_empty():
        return Windows(rows, rows)
    tested = _tested(sales, brushed, settings)
    part = reasons.filter(pl.col("reason").is_in(SELLERS_HAND)).select("row").unique()
    tied = brushed.join(part, on="row", how="semi").group_by("run").agg(tied=pl.len().cast(pl.Int64))
    known = tested.join(tied, on="run", how="left").with_columns(pl.col("tied").fill_null(0))
    can_tell = _can_tell(sales, brushed)
    joined = known.join(can_tell, on="run")
    enough = pl.col("tied") * 2 >= pl.col("orders")
    apart = (pl.col("q_value") < settings.q_value) & (~pl.col("can_tell") | (pl.col("tied") >= settings.fewest_orders))
    together = (pl.col("q_accounts") < settings.q_value) & enough
    kept = joined.filter(apart | together).sort("seller", "window_start")
    return Windows(kept, rows.join(kept.select("run"), on="run", how="semi"))


def suspicious_windows(sales: Sales, windows: Windows) -> list[Draft]:
    """Findings of kind `brushing_window`."""
    return [
        _draft(sales, row, windows.orders.filter(pl.col("run") == row["run"])["row"])
        for row in windows.runs.iter_rows(named=True)
    ]


def _tested(sales: Sales, brushed: pl.DataFrame, settings: FindingSettings) -> pl.DataFrame:
    """Each run with its repeat visits by accounts and by actors (one an address), and both tails."""
    runs = brushing_rule.runs(brushed)
    orders = sales.orders.select(
        "row", "seller", "buyer", "address", second="ordered_at", sale=pl.col("campaign").is_not_null()
    )
    here = orders.join(runs.select("seller").unique(), on="seller", how="semi").join(
        brushed.select("row", "run"), on="row", how="left"
    )
    actor = pl.coalesce(pl.col("address").cast(pl.Int64), -1 - pl.col("buyer").cast(pl.Int64))
    rates = _shop_rates(here.with_columns(actor=pl.col("buyer")), settings)
    both = runs.join(rates, on="run")
    for name, who in (("accounts", pl.col("buyer").cast(pl.Int64)), ("actors", actor)):
        seen = here.filter(pl.col("run").is_not_null()).with_columns(who=who).group_by("run", "who").len()
        counts = seen.group_by("run").agg(
            (pl.col("len") >= brushing_rule.RATE).sum().cast(pl.Int64).alias(f"repeat_{name}"),
            pl.len().cast(pl.Int64).alias(name),
        )
        both = both.join(counts, on="run")
    windows = max(here.select(pl.struct("seller", pl.col("second") // settings.session_s).n_unique()).item(), 1)
    p = binomial_tail(both["repeat_actors"], both["actors"], both["rate"])
    p_accounts = binomial_tail(both["repeat_accounts"], both["accounts"], both["usual"])
    return both.with_columns(
        p_value=pl.Series(p),
        q_value=pl.Series(benjamini_hochberg(p, tested=windows)),
        q_accounts=pl.Series(benjamini_hochberg(p_accounts, tested=windows)),
    )


def _shop_rates(here: pl.DataFrame, settings: FindingSettings) -> pl.DataFrame:
    """Shares of visits with three orders or more: `rate` at the shop outside the run, `usual` outside all runs.

    A shop whose customers order so again and again is a wholesaler, unless its orders carry marks of its own hand; then
    it is measured by what is usual.
    """
    new = (pl.col("second") - pl.col("second").shift(1)).over("seller", "buyer").fill_null(2**40) > settings.session_s
    visits = (
        here.sort("seller", "buyer", "second")
        .with_columns(visit=new.cum_sum())
        .group_by("visit", "seller")
        .agg(size=pl.len(), run=pl.col("run").max(), sale=pl.col("sale").any())
        .with_columns(heavy=pl.col("size") >= brushing_rule.RATE)
    )
    calm = visits.filter(pl.col("run").is_null())
    usual = max((int(calm["heavy"].sum()) + 0.5) / (calm.height + settings.prior_visits), 1e-3)
    every = visits.group_by("seller").agg(heavy=pl.col("heavy").sum(), visits=pl.len())
    own = visits.drop_nulls("run").group_by("run", "seller").agg(own_heavy=pl.col("heavy").sum(), own=pl.len())
    prior = settings.prior_visits
    rate = (pl.col("heavy") - pl.col("own_heavy") + prior * usual) / (pl.col("visits") - pl.col("own") + prior)
    return own.join(every, on="seller").select("run", rate=rate, usual=pl.lit(usual))


def _can_tell(sales: Sales, brushed: pl.DataFrame) -> pl.DataFrame:
    """run, can_tell: whether at least half of the run's orders carry a weight or tracking number to look at."""
    seen = pl.col("parcel_weight_g").is_not_null() | pl.col("tracking").is_not_null()
    facts = brushed.select("run", *sales.at(brushed["row"], "parcel_weight_g", "tracking")).with_columns(seen=seen)
    return facts.group_by("run").agg(can_tell=pl.col("seen").mean() >= 0.5)


def _draft(sales: Sales, row: dict[str, Any], rows: pl.Series) -> Draft:
    name = sales.seller(row["seller"]) or ""
    expected = row["rate"] * row["actors"]
    statement = (
        f"{row['orders']} orders of {row['buyers']} buyers within one run of brushing windows; "
        f"{row['repeat_accounts']} buyers ordered three times or more, "
        f"{count_text(expected)} expected at this shop's own rate (q={row['q_value']:.2g})"
    )
    exhibit = Exhibit(
        family="synchrony",
        test="brushing_window",
        statement=f"{statement}.",
        observed=row["repeat_accounts"],
        expected=expected,
        p_value=row["p_value"],
        q_value=row["q_value"],
        window=(row["window_start"], row["window_end"]),
    )
    return Draft(
        kind="brushing_window",
        key=(name, str(row["window_start"])),
        statement=f"{statement}. Consistent with orders placed to raise sales counts.",
        exhibits=(exhibit,),
        orders=places(rows),
        seller_id=name,
        money=("order_value", "subsidy"),
        explanations=_explanations(row),
        span=(row["window_start"], row["window_end"]),
    )


def _explanations(row: dict[str, Any]) -> tuple[Explanation, ...]:
    return (
        Explanation(
            "office bulk order",
            "excluded" if row["repeat_actors"] > 1 else "possible",
            f"{row['repeat_actors']} different addresses ordered three times or more.",
        ),
        Explanation(
            "flash sale",
            "excluded",
            "A rush brings many buyers, not repeat visits; the test counts the share of repeat visits.",
        ),
        Explanation(
            "the shop's own rate",
            "excluded",
            f"Outside this run {row['rate']:.2%} of visits have three orders or more.",
        ),
        Explanation(
            "orders by a competitor",
            "excluded" if row["can_tell"] else "not_tested",
            f"{row['tied']} of {row['orders']} orders carry a mark that needs the seller's hand."
            if row["can_tell"]
            else "Weights and tracking numbers are not in the data.",
        ),
    )
