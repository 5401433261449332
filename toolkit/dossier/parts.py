"""Result tables -> the parts of a dossier, by ring or finding id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import polars as pl

from toolkit.contracts.currency import exact
from toolkit.contracts.report import Evidence, Explanation, Link, Member, Money, Row, SellerVoid, Target, VirtualOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from toolkit.case import Case

Part = TypeVar("Part")


def _by(frame: pl.DataFrame, key: str, make: Callable[[dict[str, Any]], Part]) -> dict[str, tuple[Part, ...]]:
    """Rows of a table, made into parts and grouped by a key, in the table's order; rows without it are left out."""
    found: dict[str, list[Part]] = {}
    for row in frame.filter(pl.col(key).is_not_null()).iter_rows(named=True):
        found.setdefault(row.pop(key), []).append(make(row))
    return {name: tuple(listed) for name, listed in found.items()}


_RESULT: Final = pl.col("result").replace_strict({"possible": 0, "not_tested": 1, "excluded": 2}, return_dtype=pl.Int8)
_SORTS: Final[dict[str, tuple[str | pl.Expr, ...]]] = {
    "members": (pl.col("role") != "core", -pl.col("score"), "buyer_id"),
    "targets": ("p_value", "listing_id"),
    "evidence": ("family", "p_value", "evidence_id"),
    "explanations": (_RESULT, "explanation"),
    "money": ("kind", "currency", "amount"),
}
"""Table -> the order in which its rows of one ring or finding are told."""


def ordered(name: str, frame: pl.DataFrame, *first: str) -> pl.DataFrame:
    """Rows of a result table in the order in which they are told, within the columns that come first."""
    return frame.sort(*first, *_SORTS[name], nulls_last=name == "evidence")


def rows(cells: list[dict[str, str]]) -> tuple[Row, ...]:
    """Cited input rows."""
    return tuple(Row(cell["table"], cell["id"]) for cell in cells)


def cited(evidence: pl.DataFrame) -> pl.DataFrame:
    """Columns ring_id, table, id: each input row that the evidence rests on."""
    return evidence.select("ring_id", "rows").explode("rows").drop_nulls("rows").unnest("rows").unique()


def members(frame: pl.DataFrame) -> dict[str, tuple[Member, ...]]:
    """Ring id -> members: core first, then by score."""
    return _by(ordered("members", frame), "ring_id", lambda row: Member(**row))


def targets(frame: pl.DataFrame) -> dict[str, tuple[Target, ...]]:
    """Ring id -> targets, the least expected first."""
    return _by(ordered("targets", frame), "ring_id", lambda row: Target(**row))


def evidence(frame: pl.DataFrame, key: str) -> dict[str, tuple[Evidence, ...]]:
    """Ring or finding id -> evidence, by family, the least expected first."""

    def make(row: dict[str, Any]) -> Evidence:
        row["rows"] = rows(row["rows"])
        return Evidence(**row)

    other = "finding_id" if key == "ring_id" else "ring_id"
    return _by(ordered("evidence", frame.filter(pl.col(key).is_not_null())).drop(other), key, make)


def money(frame: pl.DataFrame, key: str) -> dict[str, tuple[Money, ...]]:
    """Ring or finding id -> money, by kind and currency, never added."""

    def make(row: dict[str, Any]) -> Money:
        return Money(row["kind"], row["currency"], exact(row["amount"], row["currency"]), row["rows"])

    return _by(ordered("money", frame.filter(pl.col(key).is_not_null())), key, make)


def explanations(frame: pl.DataFrame, key: str) -> dict[str, tuple[Explanation, ...]]:
    """Ring or finding id -> innocent explanations: the possible ones first, then those not tested."""

    def make(row: dict[str, Any]) -> Explanation:
        return Explanation(row["explanation"], row["result"], row["statement"])

    return _by(ordered("explanations", frame.filter(pl.col(key).is_not_null())), key, make)


def rest(case: Case, rings: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Result tables of rings that get no dossier, ring by ring in their order, and within a ring as it is told.

    Args:
        case: The case.
        rings: The rings, in order; the table `rings` of what is given.
    """
    rank = rings.select("ring_id").with_row_index("_place")
    told = {"rings": rings}
    for name in _SORTS:
        held = case.result(name).join(rank, on="ring_id")
        told[name] = ordered(name, held, "_place").drop("_place")
    return told


def virtual_orders(frame: pl.DataFrame) -> dict[str, tuple[VirtualOrder, ...]]:
    """Ring id -> orders to void, highest score first."""
    return _by(frame.sort(-pl.col("score"), "order_id").with_columns(ring=pl.col("ring_id")), "ring", virtual_order)


def void(frame: pl.DataFrame, rings: Sequence[str], *, rest: bool) -> tuple[VirtualOrder, ...]:
    """Orders to void of these rings, and with `rest` those of no ring; highest score first."""
    wanted = pl.col("ring_id").is_in(list(rings)) | (pl.lit(rest) & pl.col("ring_id").is_null())
    ordered = frame.filter(wanted).sort(-pl.col("score"), "order_id")
    return tuple(virtual_order(row) for row in ordered.iter_rows(named=True))


def virtual_order(row: dict[str, Any]) -> VirtualOrder:
    """One order to void, from its row."""
    subsidy = None if row["subsidy"] is None else exact(row["subsidy"], row["currency"] or "")
    return VirtualOrder(**{**row, "reasons": tuple(row["reasons"]), "subsidy": subsidy})


def seller_void(case: Case) -> tuple[SellerVoid, ...]:
    """What is to be voided at each seller; nothing where the case was made before there was such a table."""
    if not (case.path / "results" / "seller_void.parquet").is_file():
        return ()
    return tuple(
        SellerVoid(
            **{**row, **{name: _exact(row[name], row["currency"]) for name in ("order_value", "subsidy")}},
        )
        for row in case.result("seller_void").iter_rows(named=True)
    )


def _exact(amount: float | None, currency: str) -> Decimal | None:
    return None if amount is None else exact(amount, currency)


def links(frame: pl.DataFrame, joined: pl.DataFrame) -> dict[str, tuple[Link, ...]]:
    """Ring id -> links between two of its members."""
    inside = joined.select("ring_id", "buyer_id")
    both = frame.join(inside.rename({"buyer_id": "left"}), on="left").join(
        inside.rename({"buyer_id": "right"}), on=["ring_id", "right"]
    )
    return _by(both.sort("left", "right", "view"), "ring_id", lambda row: Link(**row))


def titles(case: Case, wanted: pl.DataFrame) -> dict[str, str]:
    """Listing id -> title, for the wanted listings that have one."""
    if not case.has_table("listings"):
        return {}
    named = case.table("listings").select("listing_id", "title").drop_nulls()
    return dict(named.join(wanted.lazy(), on="listing_id", how="semi").collect().iter_rows())


def countries(case: Case) -> dict[str, str]:
    """Seller id -> country, where it is known."""
    if not case.has_table("sellers"):
        return {}
    return dict(case.table("sellers").select("seller_id", "country").drop_nulls().collect().iter_rows())
