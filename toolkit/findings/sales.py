"""The orders of a market as this stage reads them: coded, with the seller and currency that the listing fills in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.contracts.currency import major, units
from toolkit.findings.draft import NO_CURRENCY
from toolkit.market import pair

if TYPE_CHECKING:
    from toolkit.market import Market

_NONE: Final = {
    **dict.fromkeys(("row", "buyer", "currency"), pl.UInt32),
    "ordered_at": pl.Int64,
    **dict.fromkeys(("amount", "subsidy", "discount", "refund_amount"), pl.Float64),
}


SHARED_PLACES: Final = ("locker", "forwarder", "dormitory", "office")


def _filled(known: pl.Series, otherwise: pl.Series) -> pl.Series:
    return known.zip_with(known.is_not_null(), otherwise)


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
        missing = [name for name in ("seller", "currency") if orders[name].null_count()]
        if not missing or not self.market.case.has_table("listings"):
            return orders  # the market's own: a second copy of every order is a gigabyte at ten million
        known = self.market.table("listings").select("listing", "seller", currency=self._listing_currency())
        every = pl.DataFrame({"listing": pl.int_range(self.market.size("listing"), dtype=pl.UInt32, eager=True)})
        of_listing = every.join(known, on="listing", how="left", maintain_order="left")
        return orders.with_columns(
            _filled(orders[name], of_listing[name].gather(orders["listing"])) for name in missing
        )

    def _listing_currency(self) -> pl.Series:
        text = self.market.case.table("listings").select("currency").collect()["currency"]
        return self.market.encode("currency", text)

    def at(self, rows: pl.Series, *columns: str) -> list[pl.Series]:
        """Columns of the orders at these places: looked up, not searched for among all of them."""
        return [self.orders[column].gather(rows) for column in columns]

    def among(self, rows: pl.Series) -> pl.Series:
        """Of each order whether its place is among these."""
        chosen = np.zeros(self.orders.height, dtype=bool)
        chosen[rows.to_numpy()] = True
        return pl.Series(chosen)

    def seller(self, code: int | None) -> str | None:
        """A seller's id."""
        return self._name("seller", code)

    def listing(self, code: int | None) -> str | None:
        """A listing's id."""
        return self._name("listing", code)

    def _name(self, kind: str, code: int | None) -> str | None:
        return None if code is None else str(self.market.ids(kind)[code])

    @cached_property
    def common_attributes(self) -> pl.DataFrame:
        """attribute_kind, value of addresses and instruments that by their kind strangers or colleagues share."""
        parts = [pl.DataFrame(schema={"attribute_kind": pl.String, "value": pl.UInt32})]
        for table, key, kind, common in (
            ("addresses", "address_id", "address", SHARED_PLACES),
            ("payment_instruments", "payment_id", "payment", ("corporate",)),
        ):
            if self.has(table, "kind"):
                scan = self.market.case.table(table).filter(pl.col("kind").cast(pl.String).is_in(common))
                codes = self.market.encode(kind, scan.select(key).collect()[key])
                coded = pl.DataFrame({"value": codes}).drop_nulls()
                parts.append(coded.select(attribute_kind=pl.lit(kind), value="value"))
        return pl.concat(parts)

    @cached_property
    def reviewed(self) -> pl.Series:
        """Of each order whether its buyer ever reviewed its listing; asked only where there are reviews."""
        told = self.market.table("reviews").select(pair=pair())["pair"].unique()
        return self.orders.select(reviewed=pair().is_in(told.implode()))["reviewed"]

    @cached_property
    def order_ids(self) -> pl.Series:
        """Every order's id, by its place in the clean table."""
        return self.market.case.table("orders").select("order_id").collect()["order_id"]

    def sold(self, chosen: pl.Series | None = None) -> pl.DataFrame:
        """seller, currency, sold: how many orders of each, of those chosen; all where None."""
        orders = self.orders.select("seller", "currency")
        orders = orders if chosen is None else orders.filter(chosen)
        sellers, currencies = self.market.size("seller"), self.market.size("currency")  # the codes of none
        seller, currency = pl.col("seller").fill_null(sellers), pl.col("currency").fill_null(currencies)
        counts = np.bincount(orders.select(seller.cast(pl.Int64) * (currencies + 1) + currency)["seller"].to_numpy())
        codes = np.flatnonzero(counts)
        found = {"seller": codes // (currencies + 1), "currency": codes % (currencies + 1), "sold": counts[codes]}
        return pl.DataFrame(found, schema=dict.fromkeys(found, pl.UInt32)).select(
            pl.when(pl.col("seller") < sellers).then("seller"),
            pl.when(pl.col("currency") < currencies).then("currency"),
            "sold",
        )

    def holders(self, kind: str) -> pl.Series:
        """How many buyers hold each value of a kind of attribute, by its code."""
        counts = np.bincount(self.market.held("buyer", kind)["value"].to_numpy(), minlength=self.market.size(kind))
        return pl.Series("holders", counts, dtype=pl.UInt32)

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
        cited = cited.unique()
        orders = cited.with_columns(self.at(cited["row"], "currency", "amount", "subsidy", "discount", "refund_amount"))
        longer = (
            orders.select("key", "currency", **whole)
            .unpivot(index=["key", "currency"], on=list(columns), variable_name="kind", value_name="value")
            .filter(pl.col("value") > 0)
            .join(kinds, on=["key", "kind"], how="semi")
        )
        sums = longer.group_by("key", "kind", "currency").agg(pl.col("value").sum(), rows=pl.len().cast(pl.Int64))
        names = self.market.decode("currency", sums["currency"]).fill_null(NO_CURRENCY)
        told = sums.with_columns(currency=names.cast(pl.String), amount=major(sums["value"], names))
        return told.sort("key", "kind", "currency")
