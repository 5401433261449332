"""From coded rows back to the ids of input rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.row_ids import KEYS, row_id
from toolkit.ranges import among

if TYPE_CHECKING:
    from toolkit.market import Market

CITED: Final = pl.Struct({"table": pl.String, "id": pl.String})
ORDER_COLUMNS: Final = ("payment", "address", "device")


def cite(market: Market, wanted: pl.DataFrame) -> pl.DataFrame:
    """Rows as results hold them: key, rows (list of table and id, smallest first).

    Args:
        market: The coded tables.
        wanted: key (a number), table, row (place in the clean table).
    """
    return gathered(lines(market, wanted))


def lines(market: Market, wanted: pl.DataFrame) -> pl.DataFrame:
    """key, table, id of rows of the clean tables; each table's keys are read once, and only what is wanted is named."""
    parts = [pl.DataFrame(schema={"key": wanted.schema["key"], "table": pl.String, "id": pl.String})]
    for table in wanted["table"].unique().sort():
        both = pl.col("key").cast(pl.UInt64) * (1 << 32) + pl.col("row")
        rows = wanted.filter(pl.col("table") == table).select(both.unique())["key"]
        named = market.case.table(table).select(KEYS[table]).collect()
        key, row = (rows // (1 << 32)).cast(wanted.schema["key"]), (rows % (1 << 32)).cast(pl.UInt32)
        parts.append(named[row].select(key, row_id(table), table=pl.lit(table)))
    return pl.concat([part.select("key", "table", "id") for part in parts])


def gathered(rows: pl.DataFrame) -> pl.DataFrame:
    """key, rows from one line a key, table and id."""
    lines = rows.sort("key", "table", "id")
    again = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in ("id", "table", "key"))
    return (
        lines.filter(~again.fill_null(value=False))
        .group_by("key", maintain_order=True)
        .agg(rows=pl.struct("table", "id"))
    )


def link_rows(market: Market, wanted: pl.DataFrame) -> pl.DataFrame:
    """Account links that show a buyer with an attribute value, found in one pass over them: key, table, id.

    Args:
        market: The coded tables.
        wanted: key, buyer, kind, token.
    """
    if not wanted.height or not market.case.has_table("account_links"):
        return pl.DataFrame(schema={"key": wanted.schema["key"], "table": pl.String, "id": pl.String})
    text = pl.concat(
        part.select(
            "key",
            attribute_kind="kind",
            account_id=market.decode("buyer", part["buyer"]),
            attribute_id=market.decode(str(kind), part["token"]),
        )
        for (kind,), part in wanted.partition_by("kind", as_dict=True).items()
    )
    accounts = text["account_id"].unique()
    theirs = (pl.col("account_kind") == "buyer") & pl.col("account_id").is_in(accounts.implode())
    links = market.case.table("account_links").filter(theirs).select("account_id", "attribute_kind", "attribute_id")
    links = links.with_columns(pl.col("attribute_kind").cast(pl.String))
    found = links.join(text.lazy(), on=["attribute_kind", "account_id", "attribute_id"])
    return (
        found.select("key", row_id("account_links"), table=pl.lit("account_links"))
        .select("key", "table", "id")
        .collect()
    )


def first_orders(market: Market, wanted: pl.DataFrame) -> pl.DataFrame:
    """The first order of a buyer with an attribute value: key, table, row. Arguments as in `link_rows`."""
    kinds = [kind for kind in ORDER_COLUMNS if (wanted["kind"] == kind).any() and market.has("orders", f"{kind}_id")]
    parts = [pl.DataFrame(schema={"key": wanted.schema["key"], "row": pl.UInt32})]
    if kinds:
        orders = market.table("orders")
        orders = orders.select("buyer", "ordered_at", "row", *kinds).filter(among(orders["buyer"], wanted["buyer"]))
    for kind in kinds:
        asked = wanted.filter(pl.col("kind") == kind).select("key", use=_use())
        uses = orders.select("ordered_at", "row", use=_use(kind)).join(asked.select("use").unique(), on="use")
        first = uses.filter(pl.col("ordered_at") == pl.col("ordered_at").min().over("use"))
        parts.append(asked.join(_earlier(market, first), on="use").select("key", "row"))
    return pl.concat(parts).select("key", "row", table=pl.lit("orders"))


def _use(column: str = "token") -> pl.Expr:
    """A buyer and a code as one number."""
    return pl.col("buyer").cast(pl.UInt64) * (1 << 32) + pl.col(column)


def _earlier(market: Market, first: pl.DataFrame) -> pl.DataFrame:
    """use, row: of several orders in one second the earlier one, or that of the smaller id."""
    one = pl.col("use").is_unique()
    several = first.filter(~one)
    if several.height:
        named = market.case.table("orders").select("ordered_at", "order_id").collect()[several["row"]]
        several = several.select("use", "row").hstack(named).sort("ordered_at", "order_id")
        several = several.unique("use", keep="first", maintain_order=True)
    return pl.concat([first.filter(one).select("use", "row"), several.select("use", "row")])
