"""From coded rows back to the ids of input rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.row_ids import row_id

if TYPE_CHECKING:
    from toolkit.market import Market

CITED: Final = pl.Struct({"table": pl.String, "id": pl.String})
ORDER_COLUMNS: Final = ("payment", "address", "device")


def cite(market: Market, wanted: pl.DataFrame) -> pl.DataFrame:
    """Rows as results hold them: key, rows (list of table and id, smallest first).

    Args:
        market: The coded tables.
        wanted: key (any type), table, row (place in the clean table).
    """
    return gathered(lines(market, wanted))


def lines(market: Market, wanted: pl.DataFrame) -> pl.DataFrame:
    """key, table, id of rows of the clean tables; each table is gone through once, and only what is wanted is named."""
    parts = [pl.DataFrame(schema={"key": wanted.schema["key"], "table": pl.String, "id": pl.String})]
    for table in wanted["table"].unique().sort():
        rows = wanted.filter(pl.col("table") == table).select("key", pl.col("row").cast(pl.UInt32)).unique()
        needed = rows.select("row").unique().lazy()
        named = market.case.table(table).with_row_index("row").join(needed, on="row", how="semi")
        ids = named.select("row", row_id(table)).collect()
        parts.append(rows.join(ids, on="row").select("key", "id", table=pl.lit(table)).select("key", "table", "id"))
    return pl.concat(parts)


def gathered(rows: pl.DataFrame) -> pl.DataFrame:
    """key, rows from one line a key, table and id."""
    lines = rows.sort("key", "table", "id")
    again = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in ("id", "table", "key"))
    return (
        lines.filter(~again.fill_null(value=False))
        .group_by("key", maintain_order=True)
        .agg(rows=pl.struct("table", "id"))
    )


def attribute_rows(market: Market, wanted: pl.DataFrame) -> pl.DataFrame:
    """Input rows that show a buyer with an attribute value (of orders, the first one): key, table, id.

    Args:
        market: The coded tables.
        wanted: key, buyer, kind, token.
    """
    parts = [pl.DataFrame(schema={"key": wanted.schema["key"], "table": pl.String, "id": pl.String})]
    if wanted.height and market.case.has_table("account_links"):
        parts.append(_link_rows(market, wanted))
    kinds = [kind for kind in ORDER_COLUMNS if (wanted["kind"] == kind).any() and market.has("orders", f"{kind}_id")]
    if kinds:
        parts.append(_order_rows(market, wanted, kinds))
    return pl.concat(parts)


def _link_rows(market: Market, wanted: pl.DataFrame) -> pl.DataFrame:
    """key, table, id of the account links, found in one pass over them."""
    text = pl.concat(
        part.select(
            "key",
            attribute_kind="kind",
            account_id=market.decode("buyer", part["buyer"]),
            attribute_id=market.decode(str(kind), part["token"]),
        )
        for (kind,), part in wanted.partition_by("kind", as_dict=True).items()
    )
    links = market.case.table("account_links").filter(pl.col("account_kind") == "buyer")
    links = links.with_columns(pl.col("attribute_kind").cast(pl.String))
    found = links.join(text.lazy(), on=["attribute_kind", "account_id", "attribute_id"])
    return (
        found.select("key", row_id("account_links"), table=pl.lit("account_links"))
        .select("key", "table", "id")
        .collect()
    )


def _order_rows(market: Market, wanted: pl.DataFrame, kinds: list[str]) -> pl.DataFrame:
    """key, table, id of the first order with each attribute; found by codes, and named in one pass."""
    orders = market.table("orders")
    shown = pl.concat(
        orders.select("buyer", "row", token=kind)
        .join(wanted.filter(pl.col("kind") == kind), on=["buyer", "token"])
        .select("key", "kind", "buyer", "token", "row")
        for kind in kinds
    )
    needed = shown.select("row").unique().lazy()
    named = market.case.table("orders").with_row_index("row").join(needed, on="row", how="semi")
    shown = shown.join(named.select("row", "ordered_at", id="order_id").collect(), on="row").sort("ordered_at", "id")
    first = shown.unique(["key", "kind", "buyer", "token"], keep="first", maintain_order=True)
    return first.select("key", "id", table=pl.lit("orders")).select("key", "table", "id")
