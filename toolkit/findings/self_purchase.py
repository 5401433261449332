"""Findings about sellers and the buyers that they share rare attributes with (S8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.findings import words
from toolkit.findings.draft import Draft, Exhibit, count_text, places
from toolkit.findings.identity import PERSONAL
from toolkit.findings.tails import benjamini_hochberg, binomial_tail, poisson_tail
from toolkit.ranges import among

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_OWNERS: Final = ("bank", "payment", "email")
"""Attributes that an owner has and a counter has not."""
_KEEN: Final = 2.0
"""How many times the usual share of reviews enthusiasts may write (F6)."""


def self_purchases(sales: Sales, paths: pl.DataFrame, marked: pl.DataFrame, settings: FindingSettings) -> list[Draft]:
    """One finding a seller with enough linked buyers who order there more than their purchases elsewhere would say.

    Links alone are what a family or a purchase scheme for employees leaves too. So two kinds of attributes that follow
    a person must each link several buyers who live apart, or the orders must carry another mark, or the linked buyers
    must have reviewed half of what they bought there.

    Args:
        sales: Orders.
        paths: `identity.PATHS`.
        marked: row of orders that carry a mark other than the link.
        settings: Thresholds.
    """
    if paths.is_empty():
        return []
    orders = _linked_orders(sales, paths, marked)
    measured = _measured(sales, orders, paths["seller"].n_unique(), settings)
    theirs = orders.join(measured.select("seller"), on="seller", how="semi").partition_by("seller", as_dict=True)
    links = paths.join(measured.select("seller"), on="seller", how="semi").partition_by("seller", as_dict=True)
    found = []
    for row in measured.iter_rows(named=True):
        own = theirs[row["seller"],]
        acting = links[row["seller"],].join(own.select("buyer").unique(), on="buyer", how="semi")
        if _stands(sales, acting, own, settings):
            found.append((row, acting, own))
    held = _link_rows(sales, [acting for _, acting, _ in found])
    return [_draft(sales, *one, held) for one in found]


def orders_of(drafts: list[Draft]) -> pl.Series:
    """Places of the orders of such findings."""
    return pl.concat([places([]), *(draft.orders for draft in drafts)]).unique().sort()


def _linked_orders(sales: Sales, paths: pl.DataFrame, marked: pl.DataFrame) -> pl.DataFrame:
    """row, seller, buyer, listing, home, scheme, marked, reviewed: orders of linked buyers, and what is asked of them.

    `home` is the address, `scheme` whether the seller pays for the voucher, `marked` whether the order carries another
    mark, `reviewed` whether its buyer reviewed its listing.
    """
    pairs = paths.select("seller", "buyer").unique()
    orders = sales.orders.select("row", "seller", "buyer", "listing", "voucher", home="address")
    orders = orders.filter(among(orders["buyer"], pairs["buyer"]))
    linked = orders.join(pairs, on=["seller", "buyer"], how="semi")
    paid = _seller_vouchers(sales)
    reviewed = sales.reviewed.gather(linked["row"]) if sales.has("reviews") else pl.lit(value=False)
    return linked.select(
        "row",
        "seller",
        "buyer",
        "listing",
        "home",
        scheme=pl.col("voucher").is_in(paid.implode()),
        marked=pl.col("row").is_in(marked["row"].implode()),
        reviewed=reviewed,
    )


def _measured(sales: Sales, orders: pl.DataFrame, sellers: int, settings: FindingSettings) -> pl.DataFrame:
    """Orders of linked buyers against the seller's usual share, with the tail.

    All `sellers` with linked buyers are paid for, also those of whom none ordered: without them the first order of each
    would count as evidence.
    """
    placed, sold = (pl.Series(np.bincount(sales.orders[name].drop_nulls().to_numpy())) for name in ("buyer", "seller"))
    pairs = orders.group_by("seller", "buyer").agg(n=pl.len())
    total, share = placed.gather(pairs["buyer"]), sold.gather(pairs["seller"]) / max(sales.orders.height, 1)
    pairs = pairs.with_columns(total=total, share=share)
    summed = pairs.group_by("seller").agg(
        observed=pl.col("n").sum().cast(pl.Int64),
        buyers=pl.len().cast(pl.Int64),
        expected=(pl.col("total") * pl.col("share")).sum(),
    )
    p = poisson_tail(summed["observed"], summed["expected"])
    tested = summed.with_columns(p_value=pl.Series(p), q_value=pl.Series(benjamini_hochberg(p, tested=sellers)))
    enough = (pl.col("buyers") >= settings.fewest_buyers) & (pl.col("observed") > settings.fewest_orders)
    return tested.filter(enough & (pl.col("q_value") < settings.q_value)).sort("seller")


def _stands(sales: Sales, acting: pl.DataFrame, own: pl.DataFrame, settings: FindingSettings) -> bool:
    """Whether the links say more than a family or colleagues would leave."""
    strong = acting.filter(pl.col("attribute_kind").is_in(PERSONAL))
    if strong["buyer"].n_unique() < settings.fewest_buyers:
        return False
    if int(own["scheme"].sum()) * 2 >= own.height:
        return False
    second = int(own["marked"].sum()) >= settings.fewest_orders
    return _several_kinds(strong, own, settings) or second or _reviewed(sales, own, settings)


def _several_kinds(strong: pl.DataFrame, own: pl.DataFrame, settings: FindingSettings) -> bool:
    """Whether two kinds of attributes each link several buyers, who live at several addresses; one of them the owner's.

    Staff at one counter share its machine and its telephone, and one owner's account shares everything; a family shares
    an address.
    """
    kinds = strong.group_by("attribute_kind").agg(buyers=pl.col("buyer").n_unique()).filter(pl.col("buyers") >= 2)
    if not kinds["attribute_kind"].is_in(_OWNERS).any():
        return False
    homes = own["home"]
    apart = homes.n_unique() >= settings.fewest_buyers or homes.null_count() == len(homes)
    return kinds.height >= 2 and apart


def _seller_vouchers(sales: Sales) -> pl.Series:
    """Vouchers that the seller pays for, as purchase schemes for employees do."""
    if not sales.has("vouchers", "funded_by"):
        return pl.Series([], dtype=pl.UInt32)
    vouchers = sales.market.table("vouchers")
    return vouchers.filter(pl.col("funded_by").cast(pl.String) == "seller")["voucher"]


def _reviewed(sales: Sales, own: pl.DataFrame, settings: FindingSettings) -> bool:
    """Whether the linked buyers reviewed at least half of what they ordered there, and more than twice the usual.

    Staff of a small shop may review two or three things that they bought; that is no more than chance.
    """
    if not sales.has("reviews"):
        return False
    usual = int(sales.reviewed.sum()) / max(sales.orders.height, 1)
    bought = own.unique(["buyer", "listing"])
    reviewed = int(bought["reviewed"].sum())
    tail = binomial_tail([reviewed], [bought.height], min(_KEEN * usual, 0.5))[0]
    enough = reviewed >= max(settings.fewest_orders, bought.height / 2)
    return enough and float(tail) < settings.q_value


def _draft(
    sales: Sales, row: dict[str, int], acting: pl.DataFrame, own: pl.DataFrame, held: dict[tuple[str, int], set[str]]
) -> Draft:
    name = sales.seller(row["seller"]) or ""
    kinds = ", ".join(sorted(set(acting["attribute_kind"])))
    statement = (
        f"{row['buyers']} buyers share {kinds} with the seller and placed {row['observed']} orders there; "
        f"{count_text(row['expected'])} expected from their purchases elsewhere (q={row['q_value']:.2g})."
    )
    main = Exhibit(
        family="identity",
        test="linked_with_seller",
        statement=statement,
        observed=row["observed"],
        expected=row["expected"],
        p_value=row["p_value"],
        q_value=row["q_value"],
    )
    strong = acting.filter(pl.col("attribute_kind").is_in(PERSONAL))["buyer"].n_unique()
    return Draft(
        kind="self_purchase",
        key=(name,),
        statement=f"{statement} A link is no proof of control.",
        exhibits=(main, *_path_exhibits(sales, acting, held)),
        orders=places(own["row"]),
        seller_id=name,
        money=("order_value", "subsidy", "discount"),
        explanations=words.about_links(
            row["buyers"] - strong,
            row["buyers"],
            offices=sales.has("addresses", "kind"),
            scheme=int(own["scheme"].sum()),
            orders=own.height,
        ),
    )


def _path_exhibits(sales: Sales, acting: pl.DataFrame, held: dict[tuple[str, int], set[str]]) -> list[Exhibit]:
    """One exhibit a shared attribute: who holds it, over which seller, with the rows that say so."""
    grouped = acting.partition_by("attribute_kind", "value", as_dict=True)
    exhibits = []
    for (kind, value), part in sorted(grouped.items()):
        attribute = str(sales.market.ids(str(kind))[int(value)])
        sellers = [part["seller"][0], *part["via_seller"].drop_nulls().unique()]
        accounts = {*sales.market.decode("seller", sellers), *sales.market.decode("buyer", part["buyer"])}
        over = " over a linked seller" if part["hops"].max() == 2 else ""
        shown = sorted(held.get((str(kind), int(value)), set()) & accounts)
        exhibits.append(
            Exhibit(
                family="identity",
                test="path",
                statement=f"{part['buyer'].n_unique()} of these buyers and the seller were seen with one {kind}{over}.",
                observed=part["buyer"].n_unique(),
                rows=tuple(("account_links", f"{account}|{kind}|{attribute}") for account in shown),
                orders=places([]),
                attribute_kind=str(kind),
                attribute_id=attribute,
            )
        )
    return exhibits


def _link_rows(sales: Sales, acting: list[pl.DataFrame]) -> dict[tuple[str, int], set[str]]:
    """Kind and code of each attribute of these paths -> the accounts that `account_links` names with it.

    The table is gone through once for all findings.
    """
    held: dict[tuple[str, int], set[str]] = {}
    if not acting or not sales.market.case.has_table("account_links"):
        return held
    values = pl.concat(acting).select("attribute_kind", "value").unique()
    named = [
        part.with_columns(pl.Series("attribute_id", sales.market.decode(str(kind), part["value"]), dtype=pl.String))
        for (kind,), part in values.partition_by("attribute_kind", as_dict=True).items()
    ]
    ids = pl.concat(named)
    links = sales.market.case.table("account_links").select("account_id", "attribute_kind", "attribute_id")
    links = links.filter(pl.col("attribute_id").is_in(ids["attribute_id"].unique().implode()))
    links = links.with_columns(pl.col("attribute_kind").cast(pl.String))
    found = links.join(ids.lazy(), on=["attribute_kind", "attribute_id"])
    for kind, value, account in found.select("attribute_kind", "value", "account_id").unique().collect().iter_rows():
        held.setdefault((kind, value), set()).add(account)
    return held
