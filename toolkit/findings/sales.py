"""The orders of a market as this stage reads them: coded, with the seller and currency that the listing fills in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.currency import major, units
from toolkit.findings.draft import NO_CURRENCY

if TYPE_CHECKING:
    from toolkit.market import Market

_NONE: Final = {
    **dict.fromkeys(("row", "buyer", "currency"), pl.UInt32),
    "ordered_at": pl.Int64,
    **dict.fromkeys(("amount", "subsidy", "discount", "refund_amount"), pl.Float64),
}


@dataclass
class Sales:
    """Orders, coded, and the ids behind them.

    Attributes:
        market: The coded tables.
    """

    market: Market

    def has(self, table: str, *columns: str) -> bool:
        """Whether the table is there and each column holds a value."""
        return self.market.has(table, *columns)

    @cached_property
    def orders(self) -> pl.DataFrame:
        """One row an order, as `Market.table`; a missing seller or currency is that of the listing.

        Without orders only the columns that finished findings are counted by.
        """
        if not self.market.case.has_table("orders"):
            return pl.DataFrame(schema=_NONE)
        orders = self.market.table("orders")
        if not self.market.case.has_table("listings"):
            return orders
        listings = self.market.table("listings").select("listing", _seller="seller", _currency=self._listing_currency())
        joined = orders.join(listings, on="listing", how="left", maintain_order="left")
        filled = (pl.coalesce(name, f"_{name}").alias(name) for name in ("seller", "currency"))
        return joined.with_columns(*filled).drop("_seller", "_currency")

    def _listing_currency(self) -> pl.Series:
        text = self.market.case.table("listings").select("currency").collect()["currency"]
        return self.market.encode("currency", text)

    def seller(self, code: int | None) -> str | None:
        """A seller's id."""
        return self._name("seller", code)

    def listing(self, code: int | None) -> str | None:
        """A listing's id."""
        return self._name("listing", code)

    def _name(self, kind: str, code: int | None) -> str | None:
        return None if code is None else str(self.market.ids(kind)[code])

    @cached_property
    def order_ids(self) -> pl.Series:
        """Every order's id, by its place in the clean table."""
        return self.market.case.table("orders").select("order_id").collect()["order_id"]

    def money(self, cited: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
        """Exact sums.

        Args:
            cited: key, row: orders of each key.
            kinds: key, kind: which kinds of money each key adds up.

        Returns:
            key, kind, currency (text), amount, rows; a sum of nothing has no row.
        """
        columns = {
            "subsidy": pl.col("subsidy"),
            "discount": pl.col("discount"),
            "refund": pl.col("refund_amount"),
            "order_value": pl.col("amount"),
        }
        whole = {name: units(value) for name, value in columns.items()}
        orders = self.orders.select("row", "currency", **whole)
        longer = (
            cited.unique()
            .join(orders, on="row")
            .unpivot(index=["key", "currency"], on=list(columns), variable_name="kind", value_name="value")
            .filter(pl.col("value") > 0)
            .join(kinds, on=["key", "kind"], how="semi")
        )
        sums = longer.group_by("key", "kind", "currency").agg(pl.col("value").sum(), rows=pl.len().cast(pl.Int64))
        names = self.market.decode("currency", sums["currency"]).fill_null(NO_CURRENCY)
        told = sums.with_columns(currency=names.cast(pl.String), amount=major(sums["value"], names))
        return told.sort("key", "kind", "currency")
