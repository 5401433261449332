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
    parts = []
    for table in wanted["table"].unique().sort():
        rows = wanted.filter(pl.col("table") == table).select("key", pl.col("row").cast(pl.UInt32)).unique()
        needed = rows.select("row").unique().lazy()
        ids = market.case.table(table).select(row_id(table)).with_row_index("row").join(needed, on="row", how="semi")
        parts.append(rows.join(ids.collect(), on="row").select("key", "id", table=pl.lit(table)))
    if not parts:
        return pl.DataFrame(schema={"key": wanted.schema["key"], "rows": pl.List(CITED)})
    return gathered(pl.concat(parts))


def gathered(rows: pl.DataFrame) -> pl.DataFrame:
    """key, rows from one line a key, table and id."""
    lines = rows.unique().sort("key", "table", "id")
    return lines.group_by("key", maintain_order=True).agg(rows=pl.struct("table", "id"))


def attribute_rows(market: Market, wanted: pl.DataFrame) -> pl.DataFrame:
    """Input rows that show a buyer with an attribute value (of orders, the first one): key, table, id.

    Args:
        market: The coded tables.
        wanted: key, buyer, kind, token.
    """
    parts = [pl.DataFrame(schema={"key": wanted.schema["key"], "table": pl.String, "id": pl.String})]
    for kind in wanted["kind"].unique().sort():
        asked = wanted.filter(pl.col("kind") == kind)
        text = asked.select(
            "key", account_id=market.decode("buyer", asked["buyer"]), attribute_id=market.decode(kind, asked["token"])
        )
        if market.case.has_table("account_links"):
            links = market.case.table("account_links").filter(
                (pl.col("attribute_kind") == kind) & (pl.col("account_kind") == "buyer")
            )
            found = links.with_columns(row_id("account_links")).join(text.lazy(), on=["account_id", "attribute_id"])
            parts.append(
                found.select("key", "id", table=pl.lit("account_links")).collect().select("key", "table", "id")
            )
        if kind in ORDER_COLUMNS and market.has("orders", f"{kind}_id"):
            names = {"account_id": "buyer_id", "attribute_id": f"{kind}_id"}
            orders = market.case.table("orders").select("order_id", "ordered_at", *names.values())
            shown = orders.join(text.rename(names).lazy(), on=list(names.values())).sort("ordered_at", "order_id")
            first = shown.unique(["key", *names.values()], keep="first", maintain_order=True)
            parts.append(first.select("key", table=pl.lit("orders"), id="order_id").collect())
    return pl.concat(parts)
