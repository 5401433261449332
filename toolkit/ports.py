"""What a backend can do: the few primitives that carry all the heavy work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Incidences:
    """Who acted on what, and when: one entry an actor and thing.

    Attributes:
        actor: Codes from 0 to n_actors - 1.
        thing: Codes from 0; only things that group actors matter.
        at: Whole seconds since 1970.
        n_actors: How many actors there could have been.
        group: Group of each actor (length n_actors; e.g. a listing's category), or None. Two actors of groups that
            meet more often than activity alone explains are expected to meet that much more.
    """

    actor: NDArray[np.uint32]
    thing: NDArray[np.uint32]
    at: NDArray[np.int64]
    n_actors: int
    group: NDArray[np.int64] | None = None


class Compute(Protocol):
    """The engine below the stages."""

    def coincidences(
        self, incidences: Incidences, *, window: int, cap: int, least: int, max_pairs: int = 50_000_000
    ) -> pl.DataFrame:
        """Pairs of actors that act on the same thing within `window` seconds, at least `least` times.

        Args:
            incidences: The bipartite events, at most one an actor and thing.
            window: Seconds between the two acts, at most.
            cap: Neighbours looked at on each side of an event on one thing; what lies beyond is a crowd that says
                nothing about a pair.
            least: Shared things, at least.
            max_pairs: The most pairs that memory allows; more is an error, never a cut.

        Returns:
            left, right (UInt32, left < right), observed (shared things), expected (under a null that keeps each
            actor's activity and how crowded its things are), surprise (-log10 of the Poisson tail).
        """
        ...

    def communities(
        self, edges: pl.DataFrame, *, n_nodes: int, resolution: float, seed: int, objective: str = "cpm"
    ) -> NDArray[np.int64]:
        """A community for each node by the Leiden algorithm (constant Potts model or modularity).

        Args:
            edges: left, right, weight; one row a pair.
            n_nodes: Nodes are 0 to n_nodes - 1.
            resolution: For the Potts model, the mean weight between the members of a community, at least.
            seed: Of the node order and of ties.
            objective: `cpm` or `modularity`.

        Returns:
            A label a node, numbered by the smallest node of each community; -1 for a node without an edge.
        """
        ...
