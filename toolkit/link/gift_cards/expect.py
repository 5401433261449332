"""What each cell (anchor and group) would count if its reviewers redeemed like everybody else (F1).

The chance of reviewer i is p_i = 1 - exp(-pi_i L), L being the hazard that the group's other redemptions add up to in
the windows of i: each adds 1 / (propensity of all accounts there were at that moment), so season, sales days and a
growing population need no model. The cell's own reviewers are left out of both sums. One more event, spread evenly over
the time of the market, stands for the face values that nobody else has redeemed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from toolkit.link.gift_cards.tails import count_surprise, poisson_binomial_surprise
from toolkit.link.gift_cards.windows import spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from toolkit.contracts.gift_card_settings import GiftCardSettings
    from toolkit.link.gift_cards.propensity import Propensity

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_EXACT = 0.05  # sum of squares beyond which a Poisson tail is no longer close (Le Cam 1960)

_ENOUGH = 100  # other events from which on the spread of the estimated rate matters less than the Poisson law


class Hazard:
    """Running hazard of every group.

    Args:
        events: Grouped events (`events.by_group`).
        groups: group, currency.
        propensity: Of all buyers.
    """

    def __init__(self, events: pl.DataFrame, groups: pl.DataFrame, propensity: Propensity) -> None:
        self.propensity = propensity
        self.currency = groups["currency"].to_numpy().astype(np.int64)
        self.group = events["group"].to_numpy()
        self.at = events["at"].to_numpy()
        step = 1.0 / propensity.total(self.currency[self.group], self.at)
        self.events = events.with_columns(step=pl.Series(step))
        self._sum = np.concatenate([[0.0], np.cumsum(step)])
        self.first, self.last = (int(self.at.min()), int(self.at.max())) if self.at.size else (0, 0)

    def between(self, group: Ints, start: Ints, end: Ints) -> tuple[Floats, Ints]:
        """Hazard and number of the group's events in (start, end]."""
        low, high = spans(self.group, self.at, group, start, end)
        return self._sum[high] - self._sum[low], high - low


def expectations(
    cells: pl.DataFrame, windows: pl.DataFrame, hazard: Hazard, settings: GiftCardSettings
) -> pl.DataFrame:
    """The cells with reviewers, expected, others (events elsewhere), surprise.

    Args:
        cells: anchor, group, k (distinct actors), sorted.
        windows: anchor, buyer, actor, start, end, sorted by anchor.
        hazard: Of all groups.
        settings: How many rows may be expanded at once.
    """
    parts = [_scored(part, windows, hazard) for part in _portions(cells, windows, settings.rows)]
    return pl.concat(parts) if parts else _scored(cells, windows, hazard)


def _portions(cells: pl.DataFrame, windows: pl.DataFrame, rows: int) -> Iterator[pl.DataFrame]:
    """Cells in portions whose windows fit into memory."""
    sizes = windows.group_by("anchor").agg(size=pl.len().cast(pl.Int64))
    counted = cells.join(sizes, on="anchor", how="left", maintain_order="left")
    portion = (counted["size"].cum_sum() // rows).alias("portion")
    yield from cells.with_columns(portion).partition_by("portion", maintain_order=True, include_key=False)


def _scored(cells: pl.DataFrame, windows: pl.DataFrame, hazard: Hazard) -> pl.DataFrame:
    cells = cells.with_row_index("cell").with_columns(pl.col("cell").cast(pl.Int64))
    rows = cells.select("cell", "anchor", "group").join(windows, on="anchor", maintain_order="left_right")
    chance, base = _chances(cells, rows, hazard)
    actors = (
        rows.select("cell", "actor", chance=pl.Series(chance))
        .group_by("cell", "actor")
        .agg(p=1.0 - (-pl.col("chance").sum()).exp())
        .sort("cell", "actor")
    )
    sums = actors.group_by("cell").agg(reviewers=pl.len(), own=pl.col("p").sum(), squares=(pl.col("p") ** 2).sum())
    scored = cells.join(sums, on="cell", maintain_order="left").join(base, on="cell", maintain_order="left")
    scored = scored.with_columns(expected=pl.col("own"))
    return _with_surprise(scored, actors).drop("cell", "own", "squares")


def _chances(cells: pl.DataFrame, rows: pl.DataFrame, hazard: Hazard) -> tuple[Floats, pl.DataFrame]:
    """Hazard of each window row, own reviewers left out; and how many other events it was learnt from, by cell."""
    group, buyer = rows["group"].to_numpy(), rows["buyer"].to_numpy().astype(np.int64)
    start, end, cell = rows["start"].to_numpy(), rows["end"].to_numpy(), rows["cell"].to_numpy()
    currency = hazard.currency[group]
    share = hazard.propensity.of(buyer, currency)
    total = hazard.propensity.total(currency, start)
    first = np.concatenate([[True], (cell[1:] != cell[:-1]) | (buyer[1:] != buyer[:-1])])[: cell.size]
    own_share = np.bincount(cell, weights=np.where(first, share, 0.0), minlength=cells.height)[cell]
    others = np.maximum(total - own_share, total * 0.05)  # a listing that nearly everybody reviewed has no base
    seen, _ = hazard.between(group, start, end)
    own = _own_events(rows, hazard)
    own_sum = np.concatenate([[0.0], np.cumsum(own["step"].to_numpy())])
    low, high = spans(own["cell"].to_numpy(), own["at"].to_numpy(), cell, start, end)
    lasting = max(hazard.last - hazard.first, 1)
    inside = np.clip(np.minimum(end, hazard.last) - np.maximum(start, hazard.first), 0, None) / lasting
    hazards = (np.maximum(seen - (own_sum[high] - own_sum[low]), 0.0) * total + inside) / others
    return share * hazards, _base(cells, rows, own, hazard)


def _own_events(rows: pl.DataFrame, hazard: Hazard) -> pl.DataFrame:
    """Every redemption of the cell's group by one of its reviewers, at any time."""
    people = rows.select("cell", "group", "buyer").unique()
    events = hazard.events.select("group", "buyer", "at", "step")
    return people.join(events, on=["group", "buyer"]).select("cell", "at", "step").sort("cell", "at")


def _base(cells: pl.DataFrame, rows: pl.DataFrame, own: pl.DataFrame, hazard: Hazard) -> pl.DataFrame:
    """Events of other people between the first and the last moment of the cell's windows."""
    time = rows.group_by("cell").agg(pl.col("start").min(), pl.col("end").max()).sort("cell")
    group = cells["group"].to_numpy()[time["cell"].to_numpy()]
    _, seen = hazard.between(group, time["start"].to_numpy(), time["end"].to_numpy())
    low, high = spans(
        own["cell"].to_numpy(), own["at"].to_numpy(), time["cell"].to_numpy(), time["start"].to_numpy(),
        time["end"].to_numpy(),
    )  # fmt: skip
    return time.select("cell").with_columns(others=pl.Series(seen - (high - low)))


def _with_surprise(scored: pl.DataFrame, actors: pl.DataFrame) -> pl.DataFrame:
    """Tail of the count: exact where reviewers are likely enough to redeem that a Poisson law is off."""
    k = scored["k"].to_numpy().astype(np.int64)
    surprise = count_surprise(
        k.astype(np.float64), scored["expected"].to_numpy(), scored["others"].to_numpy().astype(np.float64)
    )
    exact = (scored["squares"].to_numpy() > _EXACT) & (scored["others"].to_numpy() >= _ENOUGH)
    if exact.any():
        number = np.cumsum(exact) - 1
        cell = actors["cell"].to_numpy()
        draws = exact[cell]
        tails = poisson_binomial_surprise(k[exact], number[cell[draws]], actors["p"].to_numpy()[draws])
        surprise[exact] = tails
    return scored.with_columns(surprise=pl.Series(surprise))
