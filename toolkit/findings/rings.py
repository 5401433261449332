"""What the members of a ring ordered together: at a shop, under a voucher, sent back in the same days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.results import ALERT_TIERS
from toolkit.findings.cells import Cells, numbered
from toolkit.findings.tails import benjamini_hochberg, poisson_tail

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

ACTS: Final = pl.Schema(
    {
        "row": pl.UInt32,
        "ring": pl.UInt32,
        "for_subsidy": pl.Boolean,
        "for_refund": pl.Boolean,
        "buyer": pl.UInt32,
        "seller": pl.UInt32,
        "currency": pl.UInt32,
        "ordered_at": pl.Int64,
    }
)
"""Orders of ring members inside their ring's window; `ring` is the place in the table of rings."""
_TASTE: Final = 2.0
"""How many times the market's share members may honestly order at one shop, being people of one place and taste."""
_DAY: Final = 86_400


def acts(sales: Sales, members: pl.DataFrame, rings: pl.DataFrame) -> pl.DataFrame:
    """See `ACTS`. An account in two rings acts for each."""
    alerts = rings.with_row_index("ring").filter(pl.col("tier").is_in(ALERT_TIERS))
    if alerts.is_empty() or members.is_empty():
        return ACTS.to_frame()
    aims = {"for_subsidy": _one_hand("subsidy"), "for_refund": _one_hand("refund")}
    facts = alerts.select("ring", "ring_id", "first_at", "last_at", **aims)
    joined = members.join(facts, on="ring_id")
    window = joined.select("ring", *aims, first=pl.col("first_at").dt.epoch("s"), last=pl.col("last_at").dt.epoch("s"))
    coded = window.with_columns(buyer=sales.market.encode("buyer", joined["buyer_id"])).drop_nulls("buyer")
    at = pl.col("ordered_at")
    acted = (
        sales.orders.select("row", "buyer", "seller", "currency", "ordered_at")
        .join(coded.unique(), on="buyer")
        .filter((at >= pl.col("first").fill_null(at)) & (at <= pl.col("last").fill_null(at) + 1))
    )
    return acted.select(ACTS.names()).cast(dict(ACTS)).sort("row", "ring")  # type: ignore[arg-type]


def _one_hand(aim: str) -> pl.Expr:
    """Whether one hand or purse stands behind the accounts, that aim is in evidence, and they do not work for reviews.

    A ring may be seen by the voucher that its members used; what joins them otherwise makes the voucher a second
    reason. Accounts that review what they buy work for the reviews, and use vouchers as anybody does.
    """
    families = pl.col("families").list
    joined = families.contains("identity") | families.contains("funding")
    if aim == "refund":  # what joins a refund ring is also whom its refunds go to
        joined = joined | (pl.col("scheme") == "refund_ring")
    return joined & families.contains(aim) & ~families.contains("conversion")


def work(sales: Sales, acted: pl.DataFrame, settings: FindingSettings) -> Cells:
    """What each ring ordered at each shop, where several members did.

    Expected is the share that the shop has of everybody else's orders in the currency, of what the members ordered
    elsewhere meanwhile, times what taste may account for. An account in two rings is counted for the larger cell.
    """
    known = acted.drop_nulls("seller")
    shares = sales.sold(~sales.among(acted["row"])).select(
        "seller", "currency", share=pl.col("sold") / pl.col("sold").sum().over("currency")
    )
    counts = known.group_by("ring", "seller", "currency").agg(n=pl.len(), buyers=pl.col("buyer").n_unique())
    elsewhere = pl.col("n").sum().over("ring", "currency") - pl.col("n")
    expected = (pl.col("elsewhere") * pl.col("share").fill_null(0.0)).sum() * _TASTE
    sizes = (
        counts.with_columns(elsewhere=elsewhere)
        .join(shares, on=["seller", "currency"], how="left", nulls_equal=True)
        .group_by("ring", "seller")
        .agg(pl.col("n").sum(), pl.col("buyers").max(), expected=expected)
        .filter(pl.col("buyers") >= settings.fewest_buyers)
    )
    return numbered(("ring_member",), known.join(sizes, on=["ring", "seller"]), ["ring", "seller"])


def shared_attributes(sales: Sales, cells: Cells, acted: pl.DataFrame, settings: FindingSettings) -> pl.DataFrame:
    """row, cell, shared, ratio: orders of cells by what several members ordered over: device, instrument or address.

    Members of a ring are as many accounts as they are: that several of them meet at a value with h holders among N
    buyers is a Poisson count with mean size x h / N. Hubs and shared places are no evidence.

    Returns:
        All orders of cells with such a value; `shared` where the order has one, `ratio` the logarithm of its likelihood
        ratio: the cell's orders that have one (or have none), against what the same buyers order elsewhere.
    """
    longer = _attributes_of(sales, cells.orders.select("row", "cell"))
    kept = _met(sales, longer, settings)
    has = longer.join(kept, on=["cell", "attribute_kind", "value"], how="semi").select("row", "cell").unique()
    others = _elsewhere(cells, acted)
    away = _attributes_of(sales, others).join(kept, on=["cell", "attribute_kind", "value"], how="semi")
    ratios = _ratios(cells.orders, has, others, away.select("row", "cell").unique())
    shared = has.with_columns(shared=pl.lit(value=True))
    both = cells.orders.select("row", "cell").join(ratios, on="cell").join(shared, on=["row", "cell"], how="left")
    known = both.with_columns(pl.col("shared").fill_null(value=False))
    return known.select("row", "cell", "shared", ratio=pl.when("shared").then("with_it").otherwise("without"))


def _elsewhere(cells: Cells, acted: pl.DataFrame) -> pl.DataFrame:
    """row, cell: for each cell what its ring's members ordered outside it."""
    own = cells.orders.select("row", "cell")
    rings = own.join(acted.select("row", "ring"), on="row").select("cell", "ring").unique()
    return (
        rings.join(acted.select("row", "ring"), on="ring")
        .select("row", "cell")
        .join(own, on=["row", "cell"], how="anti")
    )


def _ratios(here: pl.DataFrame, has: pl.DataFrame, there: pl.DataFrame, away: pl.DataFrame) -> pl.DataFrame:
    """cell, with_it, without: logarithms of likelihood ratios, of cells whose orders have it more often than others."""
    counts = here.group_by("cell").len("n")
    for name, part in (("k", has), ("n0", there), ("k0", away)):
        counts = counts.join(part.group_by("cell").len(name), on="cell", how="left")
    known = counts.with_columns(pl.col("k", "n0", "k0").fill_null(0))
    q, r = (pl.col("k") + 0.5) / (pl.col("n") + 1), (pl.col("k0") + 0.5) / (pl.col("n0") + 1)
    more = known.filter((pl.col("k") > 0) & (q > r))
    return more.select("cell", with_it=(q / r).log(), without=((1 - q) / (1 - r)).log())


def _attributes_of(sales: Sales, orders: pl.DataFrame) -> pl.DataFrame:
    """row, cell, buyer, attribute_kind, value of orders (row, cell)."""
    columns = ["device", "payment", "address"]
    facts = orders.with_columns(sales.at(orders["row"], "buyer", *columns))
    return facts.unpivot(index=["row", "cell", "buyer"], on=columns, variable_name="attribute_kind").drop_nulls("value")


def _met(sales: Sales, longer: pl.DataFrame, settings: FindingSettings) -> pl.DataFrame:
    """cell, attribute_kind, value: where more members of a cell meet than chance has it."""
    met = (
        longer.with_columns(size=pl.col("buyer").n_unique().over("cell"))
        .group_by("cell", "attribute_kind", "value", "size")
        .agg(buyers=pl.col("buyer").n_unique())
        .filter(pl.col("buyers") >= settings.fewest_buyers)
        .join(sales.common_attributes, on=["attribute_kind", "value"], how="anti")
    )
    met = (
        met.join(_holders(sales, met), on=["attribute_kind", "value"])
        .filter(pl.col("holders") <= settings.hub)
        .sort("cell", "attribute_kind", "value")
    )
    everybody = max(sales.orders["buyer"].n_unique(), 1)
    p = poisson_tail(met["buyers"] - 1, met["size"] * met["holders"] / everybody)
    return met.filter(pl.Series(benjamini_hochberg(p), dtype=pl.Float64) < settings.q_value)


def _holders(sales: Sales, met: pl.DataFrame) -> pl.DataFrame:
    """attribute_kind, value, holders: buyers who hold each of these values; nobody else's are counted."""
    values = met.select("attribute_kind", "value").unique()
    parts = [
        part.with_columns(holders=sales.holders(str(kind)).gather(part["value"])).filter(pl.col("holders") > 0)
        for (kind,), part in values.partition_by("attribute_kind", as_dict=True).items()
    ]
    schema = {"attribute_kind": pl.String, "value": pl.UInt32, "holders": pl.UInt32}
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def claims(sales: Sales, acted: pl.DataFrame, settings: FindingSettings) -> Cells:
    """Subsidised orders under the vouchers that members of a ring share, in the days in which they use them.

    Around each order n are those of members under one of these vouchers; expected is the share that the vouchers have
    of other people's orders in these days, of what the members ordered then without a subsidy.
    """
    day = (pl.col("ordered_at") // _DAY).cast(pl.Int32).alias("day")
    others = sales.orders.select("voucher", "currency", day).filter(~sales.among(acted["row"]))
    acting = acted.filter("for_subsidy").select("row", "ring", "buyer", "currency", day)
    ours = acting.with_columns(sales.at(acting["row"], "voucher", "subsidy"))
    shared = _shared_vouchers(ours, others, settings)
    claimed = ours.filter(pl.col("subsidy") > 0).join(shared, on=["ring", "voucher"], how="semi")
    plain = ours.filter(pl.col("subsidy").fill_null(0) <= 0)
    beside = claimed.join(plain.select("ring", "day"), on="ring", suffix="_of").filter(_same_days(settings))
    near = claimed.join(claimed.select("ring", "day", "buyer"), on="ring", suffix="_of").filter(_same_days(settings))
    several = (
        near.group_by("row", "ring", "currency", "day")
        .agg(n=pl.len(), buyers=pl.col("buyer_of").n_unique())
        .filter(pl.col("buyers") >= settings.fewest_buyers)
        .join(beside.group_by("row", "ring").agg(beside=pl.len()), on=["row", "ring"], how="left")
    )
    pool = others.join(shared, on="voucher").select("ring", "currency", "day")
    used = _around(several, pool, ["ring", "currency"], settings, "used")
    volume = _around(several, others, ["currency"], settings, "volume")
    tested = several.join(used, on=["ring", "currency", "day"], how="left", nulls_equal=True).join(
        volume, on=["currency", "day"], how="left", nulls_equal=True
    )
    share = (pl.col("used").fill_null(0) + 1) / (pl.col("volume").fill_null(0) + 2)
    placed = tested.with_columns(expected=(pl.col("beside").fill_null(0) + 1) * share)
    return numbered(("ring_member", "voucher_shared_in_ring"), placed, ["ring"])


def _shared_vouchers(ours: pl.DataFrame, others: pl.DataFrame, settings: FindingSettings) -> pl.DataFrame:
    """ring, voucher: used by several members more than its share of other people's orders would bring (Poisson)."""
    share = others.drop_nulls("voucher").group_by("voucher", "currency").agg(used=pl.len())
    volume = others.group_by("currency").agg(volume=pl.len())
    size = ours.group_by("ring", "currency").agg(size=pl.len())
    pairs = (
        ours.drop_nulls("voucher")
        .group_by("ring", "voucher", "currency")
        .agg(observed=pl.len(), buyers=pl.col("buyer").n_unique())
        .join(share, on=["voucher", "currency"], how="left", nulls_equal=True)
        .join(volume, on="currency", how="left", nulls_equal=True)
        .join(size, on=["ring", "currency"], nulls_equal=True)
        .sort("ring", "voucher", "currency")
    )
    rate = (pl.col("used").fill_null(0) + 1) / (pl.col("volume").fill_null(0) + 2)
    pairs = pairs.with_columns(expected=pl.col("size") * rate)
    p = poisson_tail(pairs["observed"], pairs["expected"])
    tested = pairs.with_columns(q_value=pl.Series(benjamini_hochberg(p), dtype=pl.Float64))
    enough = (pl.col("q_value") < settings.q_value) & (pl.col("buyers") >= settings.fewest_buyers)
    return tested.filter(enough).select("ring", "voucher").unique()


def returns(sales: Sales, acted: pl.DataFrame, settings: FindingSettings) -> Cells:
    """Orders that members had refunded in the same days as other members did.

    Expected is the market's share of refunded orders, of what the members order in as many days.
    """
    kept = pl.col("cancelled_at").is_null()  # what was cancelled is always paid back, and says nothing of refunds
    days = sales.orders.select(day=pl.when(kept).then((pl.col("refunded_at") // _DAY).cast(pl.Int32)))["day"]
    ours = acted.filter("for_refund").select("row", "ring", "buyer")
    gone = ours.with_columns(days.gather(ours["row"])).drop_nulls("day")
    rate = days.count() / max(sales.orders.height, 1)
    dates = sales.orders["ordered_at"].to_numpy()
    span = (float(dates.max() - dates.min()) if len(dates) else 0.0) / _DAY + 1
    usual = ours.select("ring", "buyer").unique().join(sales.orders.select("buyer"), on="buyer").group_by("ring")
    near = gone.join(gone, on="ring", suffix="_of").filter(_same_days(settings))
    counted = near.group_by("row", "ring").agg(n=pl.len(), buyers=pl.col("buyer_of").n_unique())
    several = counted.filter(pl.col("buyers") >= settings.fewest_buyers)
    share = rate * (2 * settings.together_days + 1) / span
    placed = several.join(usual.agg(orders=pl.len()), on="ring").with_columns(expected=pl.col("orders") * share)
    return numbered(("ring_member", "undone"), placed, ["ring"])


def _same_days(settings: FindingSettings) -> pl.Expr:
    return (pl.col("day_of") - pl.col("day")).abs() <= settings.together_days


def _around(
    wanted: pl.DataFrame, orders: pl.DataFrame, by: list[str], settings: FindingSettings, name: str
) -> pl.DataFrame:
    """by, day, name: orders alike in `by` within so many days of each wanted day."""
    reach = settings.together_days
    days = (
        wanted.select(*by, "day")
        .unique()
        .with_columns(near=pl.int_ranges(pl.col("day") - reach, pl.col("day") + reach + 1, dtype=pl.Int32))
    )
    daily = orders.group_by(*by, "day").agg(n=pl.len()).rename({"day": "near"})
    joined = days.explode("near").join(daily, on=[*by, "near"], nulls_equal=True)
    return joined.group_by(*by, "day").agg(pl.col("n").sum().alias(name))
