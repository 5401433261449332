"""A small honest market made by hand, to which a test adds what it is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from toolkit.case import Case, write_frame
from toolkit.contracts.finding_settings import FindingSettings
from toolkit.contracts.results import empty
from toolkit.contracts.tables import dtypes
from toolkit.findings import FindingSet, find

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 1, 1, tzinfo=UTC)
SELLERS, BUYERS, ORDERS = 60, 900, 3000


def at(hours: float) -> datetime:
    """So many hours after the market's start."""
    return START + timedelta(seconds=round(hours * 3600))


@dataclass
class Street:
    """Rows by table."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    count: int = 0

    def add(self, table: str, **row: Any) -> None:
        self.rows.setdefault(table, []).append(row)

    def order(self, buyer: str, seller: str, hours: float, **columns: Any) -> str:
        """An ordinary order, delivered after two days, unless told otherwise."""
        self.count += 1
        order_id = f"o{self.count:05d}"
        usual = {
            "listing_id": f"l-{seller}",
            "seller_id": seller,
            "amount": 40.0,
            "currency": "MYR",
            "discount": 0.0,
            "subsidy": 0.0,
            "address_id": f"a-{buyer}",
            "status": "delivered",
            "delivered_at": at(hours + 50),
            "parcel_weight_g": 520.0,
            "tracking_id": f"t{self.count}",
        }
        self.add("orders", order_id=order_id, buyer_id=buyer, ordered_at=at(hours), **{**usual, **columns})
        return order_id

    def case(self, path: Path, *, seed: int | None = None) -> Case:
        """Write it down, with the rows shuffled where a seed is given."""
        for table, rows in self.rows.items():
            schema = dtypes(table)
            frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
            if seed is not None:
                frame = frame.sample(fraction=1.0, shuffle=True, seed=seed)
            write_frame(path / "tables" / f"{table}.parquet", frame)
        return Case(path)

    def find(self, path: Path, *, seed: int | None = None, **results: pl.DataFrame) -> FindingSet:
        """All findings."""
        members, rings = results.get("members", empty("members")), results.get("rings", empty("rings"))
        return find(self.case(path, seed=seed), members, rings, settings=FindingSettings())


def street(seed: int = 7) -> Street:
    """Honest shops and buyers: a campaign in hours 1000 to 1072, with orders spread over its minimum and above."""
    rng = np.random.default_rng(seed)
    made = Street()
    for number in range(SELLERS):
        made.add("sellers", seller_id=f"s{number}")
        made.add(
            "listings",
            listing_id=f"l-s{number}",
            seller_id=f"s{number}",
            category_id="toys",
            title="wooden train",
            price=40.0,
            catalogue_weight_g=500.0,
            currency="MYR",
        )
    made.add(
        "campaigns",
        campaign_id="c1",
        starts_at=at(1000),
        ends_at=at(1072),
        category_id="garden",
        min_spend=50.0,
        max_discount=10.0,
        currency="MYR",
    )
    made.add("vouchers", voucher_id="v1", campaign_id="c1", kind="category", funded_by="platform", min_spend=50.0)
    for number in range(ORDERS):
        buyer, seller = f"b{rng.integers(BUYERS)}", f"s{rng.integers(SELLERS)}"
        weight = float(rng.normal(520, 15))
        if number % 5:
            made.order(buyer, seller, float(rng.uniform(0, 2000)), parcel_weight_g=weight)
        else:
            spent = float(round(50 + rng.exponential(30), 2))
            made.order(
                buyer,
                seller,
                float(rng.uniform(1000, 1072)),
                amount=spent,
                discount=10.0,
                subsidy=10.0,
                voucher_id="v1",
                campaign_id="c1",
                parcel_weight_g=weight,
            )
    return made


def kinds(found: FindingSet, seller: str | None = None) -> list[str]:
    """Kinds of findings, of one seller or all."""
    frame = found.findings if seller is None else found.findings.filter(pl.col("seller_id") == seller)
    return sorted(frame["kind"].to_list())
