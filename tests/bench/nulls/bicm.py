"""The bipartite configuration model: the most random graph of actors and things with these expected degrees.

p_ia = x_i y_a / (1 + x_i y_a), with sum_a p_ia = d_i and sum_i p_ia = d_a. Source: Saracco, Di Clemente, Gabrielli and
Squartini (2015) for the model, Saracco et al. (2017) for the projection: the things that two actors have in common are
a sum of unlike yes-or-no draws with chance p_ia p_ja, which is near Poisson where all of these are small (Le Cam 1960).
Actors of one degree have one x, so the equations are solved by classes of degrees (Vallarano et al. 2021).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CLOSE: Final = 1e-8
"""Largest relative error of a degree at which the solution is good enough."""
STEPS: Final = 10_000


@dataclass(frozen=True)
class Bicm:
    """The solved model.

    Attributes:
        degrees: The different degrees of actors, ascending.
        chance: p_ia of each class of actors and class of things.
        many: How many things each class has.
    """

    degrees: Ints
    chance: Floats
    many: Floats

    @classmethod
    def of(cls, actors: Ints, things: Ints) -> Self:
        """Solve for the degrees of all actors and of all things; those of 0 are left out."""
        d, n = np.unique(actors[actors > 0], return_counts=True)
        c, m = np.unique(things[things > 0], return_counts=True)
        x, y = d / np.sqrt(n @ d), c / np.sqrt(n @ d)
        for _ in range(STEPS):
            x = d / (y / (1.0 + np.outer(x, y)) @ m)
            y = c / (n @ (x[:, None] / (1.0 + np.outer(x, y))))
            chance = np.outer(x, y) / (1.0 + np.outer(x, y))
            if np.abs(chance @ m / d - 1.0).max() < CLOSE:
                return cls(d, chance, m.astype(np.float64))
        raise ArithmeticError(f"the bipartite configuration model is not solved after {STEPS} steps")

    def means(self) -> Floats:
        """Things that two actors of each pair of classes have in common, on average."""
        return np.asarray((self.chance * self.many) @ self.chance.T)

    def error(self) -> float:
        """Le Cam's bound of what the Poisson law is off, for two of the busiest: the sum of the squared chances."""
        return float(self.many @ self.chance[-1] ** 4)
