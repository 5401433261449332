"""Shops in one hand: groups of sellers that rare attributes join, with when each of them sold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from toolkit.contracts.report import LinkedSeller, SellerGroup, SellerTie

if TYPE_CHECKING:
    from toolkit.case import Case


def groups(case: Case) -> tuple[SellerGroup, ...]:
    """Groups of linked sellers, the largest first; none where the case was made before there was such a table.

    A group holds whoever is reached over links: the shop after the next one may share nothing with the first.
    """
    if not (case.path / "results" / "seller_links.parquet").is_file():
        return ()
    ties = [SellerTie(**row) for row in case.result("seller_links").iter_rows(named=True)]
    traded = _traded(case, sorted({seller for tie in ties for seller in (tie.left, tie.right)}))
    found = []
    for members in _joined(ties):
        own = tuple(tie for tie in ties if tie.left in members)
        sellers = sorted((traded.get(name, LinkedSeller(name)) for name in members), key=_since)
        found.append(SellerGroup(tuple(sellers), own))
    return tuple(sorted(found, key=lambda group: (-len(group.sellers), group.sellers[0].seller_id)))


def _since(seller: LinkedSeller) -> tuple[bool, str, str]:
    """By the first sale; those that sold nothing last."""
    return seller.first_at is None, str(seller.first_at), seller.seller_id


def _traded(case: Case, sellers: list[str]) -> dict[str, LinkedSeller]:
    """Orders of each seller, and the times of its first and last one."""
    if not case.has_table("orders") or not sellers:
        return {}
    orders = case.table("orders").filter(pl.col("seller_id").is_in(sellers)).group_by("seller_id")
    at = pl.col("ordered_at")
    told = orders.agg(first_at=at.min(), last_at=at.max(), orders=pl.len()).collect()
    return {row["seller_id"]: LinkedSeller(**row) for row in told.iter_rows(named=True)}


def _joined(ties: list[SellerTie]) -> list[set[str]]:
    """Sellers that ties join, directly or over others."""
    group: dict[str, set[str]] = {}
    for tie in ties:
        both = group.get(tie.left, {tie.left}) | group.get(tie.right, {tie.right})
        group.update(dict.fromkeys(both, both))
    return list({id(members): members for members in group.values()}.values())
