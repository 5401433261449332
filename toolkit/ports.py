"""What a backend can do: the few primitives that carry all the heavy work, and a store that can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from toolkit.contracts.kinds import Graph, Route


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


@dataclass(frozen=True)
class Layer:
    """One kind of thing that actors may meet on.

    Attributes:
        incidences: Who acted on what, and when.
        window: Seconds between two acts, at most, that are a meeting.
        cap: Neighbours of an act on one thing that are looked at, each side: of a crowd, the nearest in time.
        strength: What a meeting of this kind counts, against one on a thing that was bought.
    """

    incidences: Incidences
    window: int
    cap: int
    strength: float


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

    def meetings(
        self, layers: Sequence[Layer], *, population: NDArray[np.float64], least: int, floor: float
    ) -> pl.DataFrame:
        """Pairs of actors that meet on several things, of one kind or of many.

        A meeting weighs -log10 of the chance that one certain account is in that crowd: the acts near it over the
        population, times the root of how busy the actor is in that layer: a pair is charged with the mean of both.

        Args:
            layers: The kinds of things.
            population: Of each actor, how many accounts it could have met.
            least: Meetings, at least.
            floor: Sum of the weights, at least.

        Returns:
            left, right (UInt32, left < right), observed (meetings), weight (their sum).
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


class GraphStore(Protocol):
    """A queryable projection of cases; never the only copy of anything.

    Cases in one store do not mix: a node belongs to one case, and a relationship joins nodes of one case.
    """

    def write(self, graph: Graph, *, key: str, progress: Callable[[str, int, int], None] | None = None) -> bool:
        """Make the store hold exactly this graph under its case id; gives whether anything had to change.

        Args:
            graph: The case as frames.
            key: A digest of what the graph was made from; the same key again is a second, unchanged write.
            progress: Told about each batch.
        """
        ...

    def cases(self) -> dict[str, str]:
        """Case id -> key of every case that was written whole."""
        ...

    def run(
        self, text: str, parameters: Mapping[str, Any], *, case_id: str, seconds: float = 60.0
    ) -> dict[str, list[Any]]:
        """Run a reading query; `$case` is filled in. Gives column -> values, in the query's order.

        Raises:
            BackendError: The store can't be reached, refuses, or takes longer than `seconds`.
        """
        ...

    def nodes(self, label: str, *, case_id: str) -> pl.DataFrame:
        """All nodes of a label, sorted by id, as the graph's contract describes them."""
        ...

    def relationships(self, route: Route, *, case_id: str) -> pl.DataFrame:
        """All relationships of a kind between two labels, sorted by their ends."""
        ...

    def purge(self, case_id: str) -> int:
        """Remove one case and leave the others; gives how many nodes went."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
