"""Opaque ids of every kind of thing in a finished market, and values in their final form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from toolkit.simulate.ids import opaque

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.simulate.world import World


class Names:
    """The ids of all things, by kind; drawn when everything is there.

    The letters: Buyer, Seller, Listing, Order, Review, Address, Payment, Gift card, X redemption, Transfer, Message,
    Campaign, Voucher, Device, H phone, Email, Ip, K bank, Q outside party, N batch, W tracking, U session.
    """

    def __init__(self, world: World) -> None:
        ledger, counts = world.ledger, world.ledger.counts
        sizes = {"B": world.people.size, "S": len(world.shops.seller_country), "L": world.shops.size}
        sizes |= {"O": len(ledger.orders), "R": len(ledger.reviews), "A": len(ledger.addresses)}
        sizes |= {"P": len(ledger.payments), "G": len(ledger.cards), "X": len(ledger.redemptions)}
        sizes |= {"T": len(ledger.transfers), "M": len(ledger.messages), "C": len(world.year.starts)}
        sizes |= {"V": len(world.year.voucher_kind), "D": counts["device"], "H": counts["phone"], "E": counts["email"]}
        sizes |= {"I": counts["ip"], "K": counts["bank"], "Q": counts["party"], "N": counts["batch"]}
        sizes |= {"W": counts["tracking"], "U": counts["session"]}
        self._ids = {kind: opaque(world.rng("ids." + kind), kind, size) for kind, size in sizes.items()}
        self._ids["party"] = pl.concat([self._ids["B"], self._ids["S"], self._ids["Q"]])

    def of(self, kind: str, numbers: Any) -> pl.Series:
        """Ids of the numbered things; empty where the number is negative."""
        return self._ids[kind].gather(positions(numbers))


def positions(numbers: Any) -> pl.Series:
    """Numbers as positions; empty where negative."""
    values = np.asarray(numbers)
    return pl.Series(np.where(values < 0, 0, values), dtype=pl.UInt32).set(pl.Series(values < 0), None)


def words(values: Sequence[str], numbers: Any) -> pl.Series:
    """The words that numbers stand for; empty where negative."""
    return pl.Series(list(values), dtype=pl.String).gather(positions(numbers))


def moment(seconds: Any) -> pl.Series:
    """Seconds since 1970 as times in UTC; empty where negative."""
    values = np.asarray(seconds)
    at = pl.Series(values * 1_000_000, dtype=pl.Int64).set(pl.Series(values < 0), None)
    return at.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def number(values: Any) -> pl.Series:
    """Numbers; empty where not a number."""
    return pl.Series(np.asarray(values, dtype=np.float64)).fill_nan(None)
