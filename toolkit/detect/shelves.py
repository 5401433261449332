"""Every kind of token, laid out by buyer and by value, and what is read off it: activity, chance, rows in windows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from toolkit.ranges import bisected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from toolkit.contracts.tokens import TokenKind
    from toolkit.ports import Acts, Compute, Holding


@dataclass(frozen=True)
class Shelf:
    """One kind, ready to be asked about many sets of candidates.

    Attributes:
        kind: The kind.
        acts: Its acts; its things are the values, in the order of their codes.
        token: The code of each value, ascending.
        buyer: The buyer of each row.
        span: Seconds between the first act and the last.
    """

    kind: TokenKind
    acts: Acts
    token: NDArray[np.uint32]
    buyer: NDArray[np.uint32]
    span: float

    def active(self, buyers: NDArray[np.uint32] | None = None) -> NDArray[np.float64]:
        """How much more than the mean some buyers act in this kind, or all; one act of prior weight holds it near 1.

        Where the kind counts its acts, they are that: its chances are by the act.
        """
        starts, asked = self.acts.starts, slice(None) if buyers is None else buyers
        if self.kind.acts is not None:
            return self.kind.acts[asked]
        if not self.kind.timed:
            return np.broadcast_to(np.float64(1.0), (starts.size - 1 if buyers is None else buyers.size,))
        mean = self.buyer.size / (starts.size - 1)
        return np.asarray((np.diff(starts)[asked] + 1.0) / (mean + 1.0))


def shelved(tokens: Mapping[str, TokenKind], compute: Compute, n_buyers: int) -> dict[str, Shelf]:
    """A shelf for each kind."""
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        made = {name: pool.submit(_shelf, kind, compute, n_buyers) for name, kind in tokens.items()}
        return {name: one.result() for name, one in made.items()}


def _shelf(kind: TokenKind, compute: Compute, n_buyers: int) -> Shelf:
    token, buyer, at = (kind.frame[name].to_numpy() for name in ("token", "buyer", "at"))
    acts = compute.acts(buyer, token, at if kind.timed else None, n_buyers)
    span = float(at.max() - at.min()) if kind.timed and at.size else 0.0
    return Shelf(kind, acts, token[acts.firsts[:-1]], buyer, span)


def holding(shelves: Mapping[str, Shelf], compute: Compute) -> Holding:
    """Who holds the values of every kind, kinds numbered in the order of the shelves."""
    kinds = ((one, one.kind.timed or one.kind.acts is not None) for one in shelves.values())
    return compute.holding((one.buyer, one.active() if differ else None) for one, differ in kinds)


def chance(kind: TokenKind, wanted: pl.DataFrame, holders: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each wanted token the chance that a buyer of mean activity (or one act, where acts are counted) is on it."""
    if kind.chance is not None:
        return np.asarray(kind.chance[wanted["token"].to_numpy()])
    return np.asarray(holders / wanted["population"].to_numpy())


def places(shelf: Shelf, wanted: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and one-past-last row of the kind's frame for each wanted token, inside its window where it is timed."""
    first, last = whole(shelf, wanted)
    at = shelf.acts.at
    if at is None:
        return first, last
    low = bisected(at, first, last, wanted["start"].to_numpy())
    return low, bisected(at, low, last, wanted["end"].to_numpy() + 1)


def whole(shelf: Shelf, wanted: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and one-past-last row of the kind's frame for each wanted token, whenever it was."""
    thing = np.searchsorted(shelf.token, wanted["token"].cast(pl.UInt32).to_numpy())
    return shelf.acts.firsts[thing], shelf.acts.firsts[thing + 1]
