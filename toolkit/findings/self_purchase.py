"""Findings about sellers and the buyers that they share rare attributes with (S8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.findings import words
from toolkit.findings.draft import Draft, Exhibit, count_text, places
from toolkit.findings.identity import PERSONAL
from toolkit.findings.tails import benjamini_hochberg, poisson_tail

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales


def self_purchases(sales: Sales, paths: pl.DataFrame, marked: pl.DataFrame, settings: FindingSettings) -> list[Draft]:
    """One finding a seller with enough linked buyers who order there more than their purchases elsewhere would say.

    Links alone are what a family or a purchase scheme for employees leaves too. So the links must be of two kinds of
    attributes that follow a person, or the orders must carry another mark or reviews by the linked buyers.

    Args:
        sales: Orders.
        paths: `identity.PATHS`.
        marked: row of orders that carry a mark other than the link.
        settings: Thresholds.
    """
    if paths.is_empty():
        return []
    orders = _linked_orders(sales, paths)
    measured = _measured(sales, orders, settings)
    drafts = []
    for row in measured.iter_rows(named=True):
        mine = paths.filter(pl.col("seller") == row["seller"])
        own = orders.filter(pl.col("seller") == row["seller"])
        acting = mine.join(own.select("buyer").unique(), on="buyer", how="semi")
        if _stands(sales, acting, own, marked, settings):
            drafts.append(_draft(sales, row, acting, own))
    return drafts


def _linked_orders(sales: Sales, paths: pl.DataFrame) -> pl.DataFrame:
    pairs = paths.select("seller", "buyer").unique()
    return sales.orders.select("row", "seller", "buyer", "voucher").join(pairs, on=["seller", "buyer"], how="semi")


def _measured(sales: Sales, orders: pl.DataFrame, settings: FindingSettings) -> pl.DataFrame:
    """Orders of linked buyers against the seller's usual share, with the tail."""
    every = sales.orders.group_by("buyer").agg(total=pl.len())
    volume = sales.orders.group_by("seller").agg(share=pl.len() / max(sales.orders.height, 1))
    pairs = orders.group_by("seller", "buyer").agg(n=pl.len()).join(every, on="buyer").join(volume, on="seller")
    summed = pairs.group_by("seller").agg(
        observed=pl.col("n").sum().cast(pl.Int64),
        buyers=pl.len().cast(pl.Int64),
        expected=(pl.col("total") * pl.col("share")).sum(),
    )
    p = poisson_tail(summed["observed"], summed["expected"])
    tested = summed.with_columns(p_value=pl.Series(p), q_value=pl.Series(benjamini_hochberg(p)))
    enough = (pl.col("buyers") >= settings.fewest_buyers) & (pl.col("observed") > settings.fewest_orders)
    return tested.filter(enough & (pl.col("q_value") < settings.q_value)).sort("seller")


def _stands(
    sales: Sales, acting: pl.DataFrame, own: pl.DataFrame, marked: pl.DataFrame, settings: FindingSettings
) -> bool:
    """Whether the links say more than a family or colleagues would leave."""
    strong = acting.filter(pl.col("attribute_kind").is_in(PERSONAL))
    if strong["buyer"].n_unique() < settings.fewest_buyers:
        return False
    if _with_seller_voucher(sales, own) * 2 >= own.height:
        return False
    second = own.join(marked, on="row", how="semi").height >= settings.fewest_orders
    return strong["attribute_kind"].n_unique() >= 2 or second or _reviews(sales, own) >= settings.fewest_orders


def _with_seller_voucher(sales: Sales, own: pl.DataFrame) -> int:
    """Orders with a voucher that the seller pays for, as purchase schemes for employees do."""
    if not sales.has("vouchers", "funded_by"):
        return 0
    vouchers = sales.market.table("vouchers")
    seller_paid = vouchers.filter(pl.col("funded_by").cast(pl.String) == "seller").select("voucher")
    return own.join(seller_paid, on="voucher", how="semi").height


def _reviews(sales: Sales, own: pl.DataFrame) -> int:
    """Reviews of what the linked buyers ordered there, by themselves."""
    if not sales.has("reviews"):
        return 0
    bought = sales.orders.select("row", "buyer", "listing").join(own.select("row"), on="row").select("buyer", "listing")
    return sales.market.table("reviews").join(bought.unique(), on=["buyer", "listing"], how="semi").height


def _draft(sales: Sales, row: dict[str, int], acting: pl.DataFrame, own: pl.DataFrame) -> Draft:
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
        exhibits=(main, *_path_exhibits(sales, acting)),
        orders=places(own["row"]),
        seller_id=name,
        money=("order_value", "subsidy", "discount"),
        explanations=words.about_links(
            row["buyers"] - strong,
            row["buyers"],
            offices=sales.has("addresses", "kind"),
            scheme=_with_seller_voucher(sales, own),
            orders=own.height,
        ),
    )


def _path_exhibits(sales: Sales, acting: pl.DataFrame) -> list[Exhibit]:
    """One exhibit a shared attribute: who holds it, over which seller, with the rows that say so."""
    grouped = acting.partition_by("attribute_kind", "value", as_dict=True)
    exhibits = []
    for (kind, value), part in sorted(grouped.items()):
        attribute = str(sales.market.ids(str(kind))[int(value)])
        sellers = [part["seller"][0], *part["via_seller"].drop_nulls().unique()]
        accounts = [sales.seller(code) for code in sellers]
        accounts += [str(sales.market.ids("buyer")[code]) for code in part["buyer"].unique().sort()]
        over = " over a linked seller" if part["hops"].max() == 2 else ""
        exhibits.append(
            Exhibit(
                family="identity",
                test="path",
                statement=f"{part['buyer'].n_unique()} of these buyers and the seller were seen with one {kind}{over}.",
                observed=part["buyer"].n_unique(),
                rows=_link_rows(sales, [account for account in accounts if account], str(kind), attribute),
                orders=places([]),
                attribute_kind=str(kind),
                attribute_id=attribute,
            )
        )
    return exhibits


def _link_rows(sales: Sales, accounts: list[str], kind: str, attribute: str) -> tuple[tuple[str, str], ...]:
    """The rows of `account_links` that hold the attribute."""
    links = sales.market.case.table("account_links").filter(
        (pl.col("attribute_id") == attribute)
        & (pl.col("attribute_kind").cast(pl.String) == kind)
        & pl.col("account_id").is_in(accounts)
    )
    found = links.select("account_id").unique().sort("account_id").collect()["account_id"]
    return tuple(("account_links", f"{account}|{kind}|{attribute}") for account in found)
