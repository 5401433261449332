"""Vouchers for new customers, or used again after cancelling, by many accounts behind one device or home (S11).

Null: accounts behind an attribute use such vouchers at the rate of all accounts (beta-binomial), or, for those used
again, as often as the number of times that each uses a voucher makes likely: neighbours who order together with one
code every week will now and then cancel, and use it the next week. Households are left out by size, dormitories,
offices, lockers, forwarders and hubs by kind and degree; a kiosk's accounts are strangers and use them at the usual
rate. Misses farms that share nothing; those are for the rings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from toolkit.findings.draft import Draft, Exhibit, Explanation, count_text, places
from toolkit.findings.tails import benjamini_hochberg, mixed_tail
from toolkit.findings.voucher_use import chance_of_reuse, reused_after_cancelling

if TYPE_CHECKING:
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.sales import Sales

_KINDS: Final = ("device", "payment", "address")
_NEWCOMERS: Final = "new_customer_vouchers"
_AGAIN: Final = "vouchers_used_again"
_DID: Final = {
    _NEWCOMERS: "used a voucher for new customers",
    _AGAIN: "used a voucher again after cancelling an order with it",
}
"""Test -> what the accounts did."""
_NULL: Final = {_NEWCOMERS: "from all accounts", _AGAIN: "of accounts that use vouchers as often"}
"""Test -> of whom that many would be expected."""


def linked_claims(sales: Sales, settings: FindingSettings) -> list[Draft]:
    """One finding an attribute whose accounts claimed more than accounts do.

    Asked of vouchers for new customers, and of vouchers used again after an order with them was cancelled.
    """
    parts = ((_NEWCOMERS, _newcomers(sales)), (_AGAIN, reused_after_cancelling(sales).marked.to_frame("row")))
    held = _held(sales, settings)
    return [draft for test, rows in parts for draft in _linked(sales, test, rows, held, settings)]


def _newcomers(sales: Sales) -> pl.DataFrame:
    """row: orders with a voucher for new customers."""
    if not sales.has("vouchers", "kind"):
        return pl.DataFrame(schema={"row": pl.UInt32})
    vouchers = sales.market.table("vouchers")
    codes = vouchers.filter(pl.col("kind").cast(pl.String) == "new_user").select("voucher")
    return sales.orders.select("row", "voucher").join(codes, on="voucher", how="semi").select("row")


def _linked(sales: Sales, test: str, rows: pl.DataFrame, held: pl.DataFrame, settings: FindingSettings) -> list[Draft]:
    claims = rows.select("row", buyer=sales.orders["buyer"].gather(rows["row"]))
    if claims.is_empty():
        return []
    chance = chance_of_reuse(sales) if test == _AGAIN else None
    tested = _tested(sales, claims.select("buyer").unique(), held, chance, settings)
    kept = tested.filter((pl.col("q_value") < settings.q_value) & (pl.col("claimed") >= settings.fewest_orders))
    drafts, seen = [], set[int]()
    for row in kept.sort("p_value", "attribute_kind", "value").iter_rows(named=True):
        buyers = set(row["buyers"])
        if len(buyers & seen) * 2 < len(buyers):  # the same accounts behind a second attribute are no second finding
            drafts.append(_draft(sales, test, row, claims.filter(pl.col("buyer").is_in(row["buyers"]))))
            seen |= buyers
    return drafts


def _held(sales: Sales, settings: FindingSettings) -> pl.DataFrame:
    """account, attribute_kind, value, accounts: who holds what more accounts hold than a household has."""
    parts = []
    for kind in sorted(_KINDS):
        held = sales.market.held("buyer", kind)
        accounts = held.select(accounts=sales.holders(kind).gather(held["value"]))
        many = held.hstack(accounts).filter(pl.col("accounts").is_between(settings.voucher_accounts, settings.hub))
        parts.append(many.select("account", "value", "accounts", attribute_kind=pl.lit(kind)))
    many = pl.concat(parts)
    return many.join(sales.common_attributes, on=["attribute_kind", "value"], how="anti")


def _tested(
    sales: Sales, claimants: pl.DataFrame, held: pl.DataFrame, chance: pl.DataFrame | None, settings: FindingSettings
) -> pl.DataFrame:
    """attribute_kind, value, accounts, claimed, buyers (who claimed), expected, p_value, q_value.

    Args:
        sales: The orders.
        claimants: buyer, once each.
        held: Accounts behind attributes.
        chance: buyer, chance of a claim by chance, where accounts differ; everybody's rate is taken at least.
        settings: Thresholds.
    """
    groups = held.select("attribute_kind", "value").unique()
    used = held.join(claimants, left_on="account", right_on="buyer", how="semi")
    counts = used.group_by("attribute_kind", "value", "accounts").agg(
        claimed=pl.len().cast(pl.Int64), buyers=pl.col("account").sort()
    )
    usual = claimants.height / max(sales.orders["buyer"].n_unique(), 1)
    rate = pl.Series(np.full(counts.height, usual))
    if chance is not None:
        each = held.join(chance, left_on="account", right_on="buyer", how="left")
        most = pl.max_horizontal(pl.col("chance").fill_null(0.0), pl.lit(usual))
        rates = each.group_by("attribute_kind", "value").agg(rate=most.mean())
        rate = counts.join(rates, on=["attribute_kind", "value"], how="left", maintain_order="left")["rate"]
    p = mixed_tail(counts["claimed"], counts["accounts"], rate, spread=0.0, variation=settings.least_variation)
    return counts.with_columns(
        expected=rate * counts["accounts"],
        p_value=pl.Series(p),
        q_value=pl.Series(benjamini_hochberg(p, tested=groups.height)),
    )


def _draft(sales: Sales, test: str, row: dict[str, Any], claims: pl.DataFrame) -> Draft:
    attribute = str(sales.market.ids(row["attribute_kind"])[row["value"]])
    statement = (
        f"{row['claimed']} of {row['accounts']} accounts behind one {row['attribute_kind']} {_DID[test]}; "
        f"{count_text(row['expected'])} expected {_NULL[test]} (q={row['q_value']:.2g})"
    )
    exhibit = Exhibit(
        family="subsidy",
        test=test,
        statement=f"{statement}.",
        observed=row["claimed"],
        expected=row["expected"],
        p_value=row["p_value"],
        q_value=row["q_value"],
        attribute_kind=row["attribute_kind"],
        attribute_id=attribute,
    )
    return Draft(
        kind="voucher_abuse",
        key=(row["attribute_kind"], attribute) if test == _NEWCOMERS else (row["attribute_kind"], attribute, test),
        statement=f"{statement}. Consistent with accounts kept for the vouchers.",
        exhibits=(exhibit,),
        orders=places(claims["row"]),
        seller_id=None,  # about the accounts: the shops where they ordered need not know of them
        money=("subsidy", "discount"),
        explanations=_EXPLANATIONS,
    )


_EXPLANATIONS: Final = (
    Explanation("household", "excluded", "More accounts share the attribute than nearly any household has."),
    Explanation(
        "dormitory, office, locker or forwarder", "excluded", "Attributes of these kinds and large hubs were left out."
    ),
    Explanation(
        "kiosk or café",
        "excluded",
        "Strangers at one device use such vouchers at the usual rate.",
    ),
    Explanation("coupon site or campus campaign", "possible", "Where the code was found is not in the data."),
)
