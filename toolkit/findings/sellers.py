"""Findings about sellers from the marks that count: bunching, undone subsidies, empty parcels, payments, links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.findings import words
from toolkit.findings.draft import Draft, Exhibit, Explanation, count_text, places
from toolkit.findings.signal import SELLERS_HAND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales
    from toolkit.findings.virtual_orders import Reasoned

_KINDS: Final = {
    "at_minimum_spend": ("min_spend_bunching", "subsidy"),
    "undone_after_subsidy": ("voucher_abuse", "subsidy"),
    "voucher_reused": ("voucher_abuse", "subsidy"),
    "at_voucher_cap": ("voucher_abuse", "subsidy"),
    "light_parcel": ("empty_parcels", "logistics"),
    "tracking_reused": ("empty_parcels", "logistics"),
}
"""Reason -> kind of finding and evidence family."""
_NEEDS_SECOND: Final = ("at_minimum_spend", "undone_after_subsidy", "voucher_reused", "at_voucher_cap")
"""Marks that a rush or a bad batch brings as well: a finding only where the orders carry another mark."""
_MONEY: Final = ("order_value", "subsidy", "discount")


def from_marks(sales: Sales, found: Reasoned, listed: pl.DataFrame, settings: FindingSettings) -> list[Draft]:
    """One finding a seller and kind; minutes-long deliveries are evidence beside them.

    Anybody can place orders that are undone or lie at a minimum spend, so they name the seller only where some carry a
    mark that needs the seller's hand; otherwise the finding is about the orders, and the shop may be the victim.
    """
    reasons = found.reasons.with_columns(sales.at(found.reasons["row"], "seller")).drop_nulls("seller")
    second = reasons.join(listed.select("row"), on="row", how="semi")
    counted = pl.concat(
        [
            second.filter(pl.col("reason").is_in(_NEEDS_SECOND)),
            reasons.filter(pl.col("reason").is_in(["light_parcel", "tracking_reused"])),
        ]
    )
    minutes = second.filter(pl.col("reason") == "delivered_within_minutes")
    by_hand = reasons.filter(pl.col("reason").is_in(SELLERS_HAND)).select("row").unique()
    kinds = {reason: kind for reason, (kind, _) in _KINDS.items()}
    grouped = counted.with_columns(kind=pl.col("reason").replace_strict(kinds, return_dtype=pl.String))
    numbers = {(row["reason"], row["seller"]): row for row in found.sellers.iter_rows(named=True)}
    drafts = []
    for (seller, kind), rows in sorted(grouped.partition_by("seller", "kind", as_dict=True).items()):
        if rows["row"].n_unique() < settings.fewest_orders:
            continue
        beside = minutes.filter(pl.col("seller") == seller)
        exhibits = list(_exhibits(pl.concat([rows.drop("kind"), beside]), int(seller), numbers, settings))
        if exhibits and exhibits[0].test in _KINDS:
            hand = rows.select("row").unique().join(by_hand, on="row", how="semi").height
            named = hand >= settings.fewest_orders
            drafts.append(_draft(sales, int(seller), str(kind), rows["row"], tuple(exhibits), hand, named=named))
    return drafts


def _exhibits(
    rows: pl.DataFrame, seller: int, numbers: dict[tuple[str, int], dict[str, Any]], settings: FindingSettings
) -> Iterator[Exhibit]:
    """One exhibit a reason that is in excess at the seller, the least expected first, deliveries last."""
    for reason in sorted(set(rows["reason"]), key=lambda name: (name not in _KINDS, name)):
        row = numbers.get((reason, seller))
        if row is None or row["q_value"] >= settings.q_value:
            continue
        family = _KINDS[reason][1] if reason in _KINDS else "logistics"
        yield Exhibit(
            family=family,
            test=reason,
            statement=words.sentence(reason, row["marked"], row["known"], row["expected"], row["q_value"]) + ".",
            observed=row["marked"],
            expected=row["expected"],
            p_value=row["p_value"],
            q_value=row["q_value"],
            orders=places(rows.filter(pl.col("reason") == reason)["row"]),
        )


def _draft(
    sales: Sales, seller: int, kind: str, rows: pl.Series, exhibits: tuple[Exhibit, ...], hand: int, *, named: bool
) -> Draft:
    name = sales.seller(seller) or ""
    orders = places(rows)
    return Draft(
        kind=kind,
        key=(name,),
        statement=f"{exhibits[0].statement[:-1]}. {_READING[kind]}{'' if named else words.NOBODY_NAMED}",
        exhibits=exhibits,
        orders=orders,
        seller_id=name if named else None,
        money=_MONEY if kind != "voucher_abuse" else (*_MONEY, "refund"),
        explanations=(*_explanations(sales, kind, orders), words.about_hand(hand, len(orders), named=named)),
    )


_READING: Final = {
    "min_spend_bunching": "Consistent with orders placed for the subsidy and not for the goods.",
    "voucher_abuse": "Consistent with orders placed for the subsidy and not for the goods.",
    "empty_parcels": "Consistent with parcels sent without the goods, to make orders look delivered.",
}


def _explanations(sales: Sales, kind: str, rows: pl.Series) -> tuple[Explanation, ...]:
    if kind == "empty_parcels":
        return words.ABOUT_PARCELS
    if kind == "voucher_abuse":
        return words.ABOUT_UNDONE
    orders = pl.DataFrame(sales.at(rows, "buyer", "listing", "amount"))
    top = int(orders.group_by("buyer").len()["len"].max() or 0)  # type: ignore[arg-type]
    priced = 0
    if sales.has("listings", "price"):
        price = sales.market.table("listings").select("listing", "price")
        near = (pl.col("amount") / pl.col("price") - 1).abs() <= 0.005
        priced = orders.join(price, on="listing").filter(near).height
    return words.about_minimum_spend(priced, orders.height, top)


def from_payments(
    sales: Sales, payments: pl.DataFrame, sources: pl.DataFrame, settings: FindingSettings
) -> list[Draft]:
    """One finding a seller and source that paid its buyers."""
    if sources.is_empty():
        return []
    ids = sales.market.case.table("transfers").select("transfer_id").collect()["transfer_id"]
    grouped = payments.join(sources, on=["source", "seller"], how="semi").partition_by("source", "seller", as_dict=True)
    return [
        _paid(sales, row, grouped[row["source"], row["seller"]], ids, settings) for row in sources.iter_rows(named=True)
    ]


def _paid(sales: Sales, row: dict[str, Any], fitting: pl.DataFrame, ids: pl.Series, settings: FindingSettings) -> Draft:
    seller, source = sales.seller(row["seller"]) or "", sales.market.ids("source")[row["source"]]
    who = "the seller itself or an instrument of it" if row["own"] else "one source"
    hours = settings.funded_within_s // 3600
    statement = (
        f"{row['observed']} orders of {row['buyers']} buyers were preceded within {hours} h by a payment of {who} that "
        f"fits the price; {count_text(row['expected'])} expected (q={row['q_value']:.2g})."
    )
    transfers = tuple(("transfers", str(ids[place])) for place in sorted(set(fitting["transfer"])))
    exhibit = Exhibit(
        family="funding",
        test="seller_funded",
        statement=statement,
        observed=row["observed"],
        expected=row["expected"],
        p_value=row["p_value"],
        q_value=row["q_value"],
        rows=transfers,
        attribute_kind="source",
        attribute_id=source,
    )
    return Draft(
        kind="seller_funded",
        key=(seller, source),
        statement=f"{statement} Consistent with purchases paid for by somebody other than the buyers.",
        exhibits=(exhibit,),
        orders=places(fitting["row"]),
        seller_id=seller,
        money=_MONEY,
        explanations=words.ABOUT_FUNDING,
    )
