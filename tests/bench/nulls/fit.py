"""How near to uniform the p-values of a law are, by how busy the two of a pair are.

All pairs count, those with nothing in common too. A count's p-value has steps; the randomised one, spread evenly over
its step, is uniform where the law is right. Its distribution is reckoned, not drawn: of a pair with count k, the share
of its step that lies below t. Of pairs with nothing in common, of which there are too many, a sample is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

    from tests.bench.nulls.laws import Law
    from tests.bench.nulls.views import View

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LEVELS: Final = (1e-2, 1e-3, 1e-4, 1e-6)
BUSY: Final = 0.9
"""Share of actors at whose degree a busy one begins."""
STRATA: Final = ("both few", "one busy", "both busy")
SAMPLE: Final = 200_000
GRID: Final = np.unique(np.concatenate([np.logspace(-7, 0, 71), np.linspace(0.0, 1.0, 51), LEVELS]))


@dataclass(frozen=True)
class Fit:
    """How one law does in one stratum.

    Attributes:
        stratum: How busy the two are.
        pairs: Pairs that there are.
        met: Meetings seen.
        expected: Meetings expected.
        distance: Kolmogorov-Smirnov distance of the randomised p-values of all pairs from the uniform law.
        among: The same among pairs that met, each given that it met.
        shares: Share of pairs at or below each of `LEVELS`, over that level: 1 is right, more accuses by chance.
    """

    stratum: str
    pairs: float
    met: float
    expected: float
    distance: float
    among: float
    shares: tuple[float, ...]


def fits(view: View, law: Law, rng: Generator) -> Iterator[Fit]:
    """One a stratum."""
    busy = view.degree > np.quantile(view.degree, BUSY)
    left, right, k = view.met
    where = busy[left].astype(np.int64) + busy[right]
    few, many = np.flatnonzero(~busy), np.flatnonzero(busy)
    sides = ((few, few), (few, many), (many, many))
    totals = (few.size * (few.size - 1) / 2, few.size * many.size, many.size * (many.size - 1) / 2)
    for number, stratum in enumerate(STRATA):
        if totals[number] < 1:
            continue
        one, other = (rng.choice(side, SAMPLE) for side in sides[number])
        apart = one != other
        one, other = one[apart], other[apart]
        there = where == number
        yield _fit(law, stratum, totals[number], (one, other), (left[there], right[there], k[there]))


def _fit(law: Law, stratum: str, pairs: float, drawn: tuple[Ints, Ints], met: tuple[Ints, Ints, Ints]) -> Fit:
    left, right, k = met
    upper, lower, none = (law.more(left, right, count) for count in (k - 1, k, 0))
    chance = law.more(*drawn, 0)
    silent = _below(chance, np.ones(chance.size)) * (pairs / chance.size)  # as if no pair had met
    share = (silent - _below(none, np.ones(none.size)) + _below(lower, upper)) / pairs
    given = _below(np.minimum(lower / none, 1.0), np.minimum(upper / none, 1.0)) / max(k.size, 1)
    places = np.searchsorted(GRID, LEVELS)
    return Fit(
        stratum=stratum,
        pairs=pairs,
        met=float(k.sum()),
        expected=float(law.mean(*drawn).mean()) * pairs,
        distance=float(np.abs(share - GRID).max()),
        among=float(np.abs(given - GRID).max()) if k.size else 0.0,
        shares=tuple(float(share[place] / GRID[place]) for place in places),
    )


def _below(low: Floats, high: Floats) -> Floats:
    """At each place of the grid, how many steps from `low` to `high` lie below it, parts of steps included."""
    width = np.maximum(high - low, 1e-300)
    out = np.zeros(GRID.size)
    for begun in range(0, low.size, 1 << 16):
        part = slice(begun, begun + (1 << 16))
        out += np.clip((GRID[:, None] - low[part]) / width[part], 0.0, 1.0).sum(axis=1)
    return out
