"""Markets in which nobody acts together: simulated without rings, and dealt out anew in weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import polars as pl

from toolkit.backends import local
from toolkit.calibrate import swapped
from toolkit.case import Case
from toolkit.config import Settings
from toolkit.ingest import ingest
from toolkit.link import link
from toolkit.market import Market
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market as Order
from toolkit.simulate.writer import write

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.contracts.candidates import Linked


@dataclass(frozen=True)
class World:
    """A market and what the link stage says about it.

    Attributes:
        name: For tables and messages.
        market: The coded tables.
        linked: Tokens, marks, households, regions.
    """

    name: str
    market: Market
    linked: Linked

    @classmethod
    def of(cls, name: str, market: Market) -> Self:
        """Link a market."""
        settings = Settings()
        return cls(name, market, link(market, local, settings.link, settings.gift_cards))

    def dealt(self, seed: int) -> World:
        """The same market with acts dealt out anew inside weeks and currencies: nobody acts together by design."""
        return World.of(f"{self.name}, dealt {seed}", swapped(self.market, seed))


def simulated(folder: Path, *, orders: int, seed: int) -> Market:
    """A simulated market without rings, with every look-alike."""
    write(simulate(Order(orders=orders, rings=0, seed=seed)), folder / "data", form="parquet")
    return read(folder / "data", folder / "case")


def told_otherwise(export: Path, out: Path) -> Market:
    """The market of the export if orders named no codes, and gift cards their batch and what they were paid with."""
    tables = {file.stem: pl.read_parquet(file) for file in sorted(export.glob("*.parquet"))}
    tables["orders"] = tables["orders"].drop("voucher_id")
    week = pl.col("issued_at").dt.strftime("%G-%V")
    tables["gift_cards"] = tables["gift_cards"].with_columns(
        batch_id=pl.format("batch_{}_{}", "face_value", week),
        purchase_payment_id=pl.format("paid_by_{}", "purchaser_id"),
    )
    (out / "data").mkdir(parents=True)
    for name, frame in tables.items():
        frame.write_parquet(out / "data" / f"{name}.parquet")
    return read(out / "data", out / "case")


def read(data: Path, case: Path) -> Market:
    """The market of an export."""
    ingest(data, case)
    return Market(Case(case))
