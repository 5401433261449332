"""Tiny markets with gift cards, drawn with chosen numbers so that a test can say what must come out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from toolkit.case import Case, write_frame
from toolkit.contracts.tables import TABLES, dtypes
from toolkit.market import Market

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400
START = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())
BUYERS = 3_000
LISTINGS = 60


class Shop:
    """A market without any ring, to which a test adds reviews and cards.

    One buyer in three redeems a retail card, at any time and for one of three amounts; every listing has
    reviewers at random.
    """

    def __init__(self, seed: int = 1, *, cards: int = BUYERS // 3, reviews: int = 3_000, currency: str = "USD") -> None:
        rng = np.random.default_rng(seed)
        self.rng = rng
        self.tables: dict[str, list[dict[str, Any]]] = {
            "reviews": [],
            "gift_cards": [],
            "redemptions": [],
            "orders": [],
        }
        for buyer in rng.integers(BUYERS, size=reviews):
            self.review(int(buyer), int(rng.integers(LISTINGS)), float(rng.uniform(0, 365)))
        for buyer in range(BUYERS):
            self.order(buyer, int(rng.integers(LISTINGS)), float(rng.uniform(0, 300)), currency)
        for buyer in rng.integers(BUYERS, size=cards):
            face = float(rng.choice([15.0, 25.0, 50.0]))
            self.redeem(int(buyer), float(rng.uniform(0, 365)), face, currency)

    def order(self, buyer: int, listing: int, day: float, currency: str = "USD") -> None:
        number = len(self.tables["orders"])
        self.tables["orders"].append(
            {"order_id": f"o{number:06d}", "buyer_id": f"b{buyer:05d}", "listing_id": f"l{listing:03d}",
             "ordered_at": _time(day), "seller_id": f"s{listing // 3:03d}", "currency": currency}
        )  # fmt: skip

    def review(self, buyer: int, listing: int, day: float) -> None:
        number = len(self.tables["reviews"])
        self.tables["reviews"].append(
            {"review_id": f"r{number:06d}", "buyer_id": f"b{buyer:05d}", "listing_id": f"l{listing:03d}",
             "reviewed_at": _time(day)}
        )  # fmt: skip

    def redeem(self, buyer: int, day: float, face: float, currency: str = "USD", **card: Any) -> None:
        number = len(self.tables["gift_cards"])
        self.tables["gift_cards"].append(
            {"card_id": f"c{number:06d}", "face_value": face, "currency": currency, "source": "retail", **card}
        )
        self.bind(number, buyer, day)

    def bind(self, card: int, buyer: int, day: float) -> None:
        number = len(self.tables["redemptions"])
        self.tables["redemptions"].append(
            {"redemption_id": f"x{number:06d}", "card_id": f"c{card:06d}", "buyer_id": f"b{buyer:05d}",
             "redeemed_at": _time(day)}
        )  # fmt: skip

    def ring(self, listing: int = 7, members: int = 10, face: float = 15.0, lag: float = 5.0, **card: Any) -> list[int]:
        """Reviewers of one listing who redeem a card `lag` days later, on average; gives their numbers."""
        buyers = self.rng.choice(BUYERS, members, replace=False).tolist()
        for buyer in buyers:
            day = float(self.rng.uniform(100, 140))
            self.review(buyer, listing, day)
            self.redeem(buyer, day + float(self.rng.uniform(0.5, 2 * lag)), face, **card)
        return buyers

    def market(self, folder: Path, *, shuffle: int | None = None) -> Market:
        """The market as a coded case; `shuffle` puts the rows into another order."""
        for name, rows in self.tables.items():
            if not rows:
                continue
            types = {column: dtype for column, dtype in dtypes(name).items() if column in TABLES[name].columns()}
            frame = pl.DataFrame(rows, schema_overrides=types, infer_schema_length=None)
            missing = [
                pl.lit(None, dtype=dtype).alias(column)
                for column, dtype in types.items()
                if column not in frame.columns
            ]
            frame = frame.with_columns(missing).select(list(types))
            if shuffle is not None:
                frame = frame.sample(fraction=1.0, shuffle=True, seed=shuffle)
            write_frame(folder / "tables" / f"{name}.parquet", frame)
        return Market(Case(folder))


def _time(day: float) -> datetime:
    return datetime.fromtimestamp(START + int(day * DAY), UTC)
