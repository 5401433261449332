"""All findings of a case in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.results import empty
from toolkit.findings import (
    brushing,
    brushing_rule,
    category_switch,
    fulfilment,
    funding,
    identity,
    minimum_spend,
    parcels,
    price_pattern,
    self_purchase,
    sellers,
    solicitation,
    virtual_orders,
    voucher_use,
    vouchers,
)
from toolkit.findings import (
    rings as ring_marks,
)
from toolkit.findings.assembly import FindingSet, assemble
from toolkit.findings.sales import Sales
from toolkit.market import Market
from toolkit.parallel import side_by_side

if TYPE_CHECKING:
    from toolkit.case import Case
    from toolkit.contracts.finding_settings import FindingSettings
    from toolkit.findings.signal import Signal

_OF_LINKS: Final = ("linked_with_seller", "ring_member", "shared_in_ring")
"""Reasons that buyers who are linked with a shop have because they are: those who share a counter may be a ring."""


def find(
    case: Case,
    members: pl.DataFrame,
    rings: pl.DataFrame,
    *,
    settings: FindingSettings,
    market: Market | None = None,
) -> FindingSet:
    """Findings about sellers and listings, virtual orders, and the public brushing rule.

    Args:
        case: The case, for its clean tables.
        members: Result table `members`; may be empty.
        rings: Result table `rings`; may be empty.
        settings: Thresholds.
        market: The case's coded tables where they are at hand; coded here otherwise.

    Returns:
        Tables that are valid for their schemas, whichever input tables are missing.
    """
    sales = Sales(market if market is not None else Market(case))
    if not case.has_table("orders"):
        names = ("virtual_orders", "brushing_windows", "brushing_buyers", "seller_links", "seller_void")
        drafts = solicitation.solicitations(sales, settings)
        return FindingSet(**assemble(drafts, sales), **{name: empty(name) for name in names})
    return _with_orders(sales, members, rings, settings)


def _with_orders(sales: Sales, members: pl.DataFrame, rings: pl.DataFrame, settings: FindingSettings) -> FindingSet:
    payments = funding.fitting_payments(sales, settings)
    sources = funding.concentrated(sales, payments, settings)
    rare = identity.rare_attributes(sales, settings)
    paths = identity.paths(rare)
    acted = ring_marks.acts(sales, members, rings)
    signals = [
        funding.seller_funded(sales, payments, sources, settings),
        identity.linked_orders(sales, paths),
        *_order_signals(sales, settings),
    ]
    found = virtual_orders.reasoned(sales, signals, acted, settings)
    beside = found.reasons.filter(~pl.col("reason").is_in(_OF_LINKS)).select("row").unique()
    brushed = brushing_rule.brushed_orders(brushing.of_orders(sales))
    windows = brushing.suspicious(sales, brushed, found.reasons, settings)
    own = self_purchase.self_purchases(sales, paths, beside, settings)
    found = virtual_orders.with_findings(
        found, sales, {"brushing_window": windows.orders["row"], "linked_beyond_chance": self_purchase.orders_of(own)}
    )
    listed = virtual_orders.listed(found.reasons)
    drafted = side_by_side(
        [
            lambda: own,
            lambda: sellers.from_payments(sales, payments, sources, settings),
            lambda: sellers.from_marks(sales, found, listed, settings),
            lambda: category_switch.switches(sales, settings),
            lambda: vouchers.linked_claims(sales, settings),
            lambda: brushing.suspicious_windows(sales, windows),
            lambda: solicitation.solicitations(sales, settings),
        ]
    )
    tables = assemble([draft for drafts in drafted for draft in drafts], sales)
    return FindingSet(
        **tables,
        virtual_orders=virtual_orders.table(sales, listed, acted, rings),
        **brushing.tables(sales.market, brushed),
        seller_links=identity.link_table(sales, rare),
        seller_void=virtual_orders.to_void(sales, listed),
    )


def _order_signals(sales: Sales, settings: FindingSettings) -> list[Signal]:
    marked = side_by_side(
        [
            lambda: [minimum_spend.at_minimum_spend(sales, settings)],
            lambda: [voucher_use.reused_after_cancelling(sales)],
            lambda: [voucher_use.at_the_cap(sales)],
            lambda: [price_pattern.same_odd_amount(sales, settings)],
            lambda: [fulfilment.instant(sales, settings)],
            lambda: fulfilment.undone(sales),
            lambda: [fulfilment.reviewed(sales)],
            lambda: [parcels.light_parcels(sales, settings)],
            lambda: [parcels.reused_tracking(sales)],
        ]
    )
    return [signal for signals in marked for signal in signals]
