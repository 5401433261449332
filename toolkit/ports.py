"""What a backend can do: the few primitives that carry all the heavy work, and a store that can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

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
        place: A wider group of each actor, or None: what its actors meet beyond chance is what their groups are held
            near where little is known of two groups, e.g. the region of a listing's buyers.
        block: The stretch of time that each actor stands for, or None: only actors of one block can meet, so that
            chance is reckoned among the acts of that block.
    """

    actor: NDArray[np.uint32]
    thing: NDArray[np.uint32]
    at: NDArray[np.int64]
    n_actors: int
    group: NDArray[np.int64] | None = None
    place: NDArray[np.int64] | None = None
    block: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Layer:
    """One kind of thing that actors may meet on.

    Attributes:
        incidences: Who acted on what, and when.
        window: Seconds between two acts, at most, that are a meeting.
        cap: Neighbours of an act on one thing that are looked at, each side: of a crowd, the nearest in time.
        strength: What a meeting of this kind counts, against one on a thing that was bought.
        names: Whose numbers its things bear: in two layers of one name a number is the same thing. Where empty, a
            meeting here follows from one in another layer: it weighs, but is no further thing.
    """

    incidences: Incidences
    window: int
    cap: int
    strength: float
    names: str


@dataclass(frozen=True)
class Acts:
    """Acts of one kind, laid out once, to be asked about many sets of groups.

    Attributes:
        starts: Where each actor's acts begin in `thing`; one more than there are actors.
        thing: Things of all acts, each actor's beside each other: codes from 0 without gaps.
        row: The place of each such act in `at`; empty where there are no times.
        firsts: Where each thing's acts begin in the order in which they were given; one more than there are things.
        at: Time of each act in that order, ascending within a thing; None where there are no times.
    """

    starts: NDArray[Any]
    thing: NDArray[np.int32]
    row: NDArray[np.int32]
    firsts: NDArray[np.int64]
    at: NDArray[np.int64] | None


WORST: Final = -5.0
"""Natural log odds that one family of evidence can speak against an actor, at most."""


@dataclass(frozen=True)
class Holding:
    """Who holds the values of every kind, laid out once, to be asked about many sets of groups.

    Attributes:
        holder: Actor of each row, one kind's rows after another's.
        firsts: Where the rows of each kind begin.
        log_active: Natural logarithm of how much more than the mean each actor acts: all actors in one kind, then in
            the next, without the kinds in which all are alike.
        active_at: Where the actors of each kind begin in `log_active`; -1 for a kind in which all are alike.
        least: The smallest such logarithm of each kind; where that is of nothing, the smallest of a holder's.
    """

    holder: NDArray[np.uint32]
    firsts: NDArray[np.int64]
    log_active: NDArray[np.float64]
    active_at: NDArray[np.int64]
    least: NDArray[np.float64]


@dataclass(frozen=True)
class Holders:
    """Values of one kind that groups hold: one entry a group and value, with everybody who holds it.

    Attributes:
        number: Of the kind, among those of which it is known who holds their values.
        group: Code of the group.
        low, high: First and one-past-last of the value's rows among those of the kind.
        hits, homes: Members on the value, and members in all; a household is one.
        chance: That an actor of mean activity is on the value.
        missed: Log odds of a member that is on none of the group's values of this kind; the same in each of its rows.
        timed: Whether not being on a value says something, too.
        family: Kinds of one family are one fact, told by the best of them; those of the family "" add up.
        again: Log odds that each further value of the kind says less than its own of who is no founder: people come to
            several by taste.
    """

    number: int
    group: NDArray[np.uint32]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    hits: NDArray[Any]
    homes: NDArray[Any]
    chance: NDArray[np.float64]
    missed: NDArray[np.float64]
    timed: bool
    family: str
    again: float


@dataclass(frozen=True)
class Bars:
    """What an actor's odds must reach to belong to a group.

    Attributes:
        group: Codes of the groups, ascending.
        bar: Of each group.
        founder_share: Share of the bar for those who were in the group from the start.
        inside: group, actor: who is in it; its own hold on a value does not count for it.
        founders: group, actor: who was in it from the start.
        n_actors: How many actors there are.
    """

    group: NDArray[np.uint32]
    bar: NDArray[np.float64]
    founder_share: float
    inside: pl.DataFrame
    founders: pl.DataFrame
    n_actors: int


@dataclass(frozen=True)
class Crowds:
    """Accounts on the things of many groups, the things, accounts and hits of each group beside each other.

    Attributes:
        things, accounts, hits: Where those of each group begin; one more than there are groups.
        thing, account: Thing and account of each hit, counted over all groups.
        own: Bystanders that the rate of each thing outside its window brings into it.
        known: Whether things are there at other times, so that this rate is known.
        member: Whether each account is a member already.
        population: Accounts that each group could have been drawn from.
    """

    things: NDArray[np.int64]
    accounts: NDArray[np.int64]
    hits: NDArray[np.int64]
    thing: NDArray[np.int64]
    account: NDArray[np.int64]
    own: NDArray[np.float64]
    known: bool
    member: NDArray[np.bool_]
    population: NDArray[np.float64]


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
        self, layers: Sequence[Layer], *, population: NDArray[np.float64], least: int, floor: float, alone: float
    ) -> pl.DataFrame:
        """Pairs of actors that meet several times, on one thing or on many, of one kind or of many.

        A meeting weighs -log10 of the chance that one certain account is in that crowd: the acts near it over the
        population, times the root of how busy the actor is in that layer: a pair is charged with the mean of both.

        Args:
            layers: The kinds of things.
            population: Of each actor, how many accounts it could have met.
            least: Meetings, at least.
            floor: Sum of the weights, at least, of a pair that meets on two different things or more.
            alone: The same of a pair that meets on one thing.

        Returns:
            left, right (UInt32, left < right), observed (meetings), weight (their sum).
        """
        ...

    def acts(
        self, actor: NDArray[np.uint32], thing: NDArray[np.uint32], at: NDArray[np.int64] | None, n_actors: int
    ) -> Acts:
        """Lay acts out by actor and by thing.

        Args:
            actor: Actor of each act.
            thing: Thing of each act, ascending; things are numbered in that order.
            at: Time of each act, ascending within a thing, if that means anything.
            n_actors: How many actors there could be.
        """
        ...

    def common(
        self, members: pl.DataFrame, held: Acts, least: int, *, core: float, margin: int
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What the members of groups have in common, each thing with the group's own window on it.

        A window is the shortest stretch that holds a share `core` of the group's acts on the thing (of equal ones the
        first), widened at both ends by a quarter of its length, by `margin` seconds at least.

        Args:
            members: group, actor, home (UInt32), sorted by group, home and actor: members of one home count once.
            held: Who acted on what.
            least: Homes of one group on a thing, inside its window, at least.
            core: Share of the acts.
            margin: Seconds.

        Returns:
            group, thing, homes (of the group), holders (acts of anybody), start, end: the window and what is inside
            it; 0 and all acts where there are no times. And group, tests: how many things a group is on at all.
        """
        ...

    def holding(self, kinds: Iterable[tuple[NDArray[np.uint32], NDArray[np.float64] | None]]) -> Holding:
        """Lay out who holds the values of every kind.

        Args:
            kinds: Of each kind the actor of each row, and how much more than the mean each actor acts in it; None where
                all are alike.
        """
        ...

    def odds(self, holding: Holding, kinds: Sequence[Holders], bars: Bars, *, cap: float) -> pl.DataFrame:
        """Everybody whose odds of belonging to a group reach its bar, or nearly do.

        Args:
            holding: Who holds the values.
            kinds: The values of the groups.
            bars: What the odds must reach.
            cap: What kinds of the family "" say together, at most.

        Returns:
            group, actor, kind (place in `kinds`), odds: one row a kind of which the actor holds a value.
        """
        ...

    def recaptured(self, crowds: Crowds) -> NDArray[np.float64]:
        """Chance that each account is a member of its group, read from how many show on one, two, three of its things.

        Expectation and maximisation of a mixture: members show on each thing with a chance of its own, bystanders come
        as at other times. In an honest crowd far more show on one thing than the few who show on two explain.
        """
        ...

    def communities(
        self, edges: pl.DataFrame, *, n_nodes: int, resolution: float, seed: int, objective: str = "cpm"
    ) -> NDArray[np.int64]:
        """A community for each node by the Leiden algorithm (constant Potts model or modularity).

        Args:
            edges: left, right, weight; one row a pair, in any order.
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
