"""Members who show on one of the ring's things only; how many they are is read from those who show on several.

Whoever acts on one of a ring's things inside its window is a member or a bystander. Members show on thing i with chance
q_i, apart from each other; bystanders come about as often as at other times, hardly any to two of them. So the numbers
that show on one, two, three things tell how many of those on one are members, as do animals that are caught again
(Chao 1987). Both shares are fitted by expectation and maximisation (Dempster, Laird and Rubin 1977). In an honest crowd
far more show on one thing than the few who show on two explain, and nobody is added; members who differ in how much
they do make the count of those on one too low, never too high.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.detect.shelves import places, whole
from toolkit.ranges import spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from toolkit.detect.shelves import Shelf

FACTS: Final = ("listing_ordered", "listing_reviewed", "refund_story")
"""Kinds whose values are things of their own. Two kinds that one order shows up in are never mixed: that order would
look as if it were two. Nor are codes asked about: who likes discounts uses several, and comes to two by taste."""
LEAST: Final = 3
"""Things, at least: of two, bystanders and members on one can't be told apart by counts. Two were tried: no ring
more or less on dev markets, and of real people who were added fewer were labelled fraud than of anybody."""
TASTE: Final = 10.0
"""How much likelier than by chance a bystander comes to two of a ring's things: who buys one buys its like."""
VARIES: Final = 1.0
"""Standard deviation of the logarithm of how often people come to one thing in one window and in another: sales and
seasons make it e times as often, as a rule. A crowd that is larger still is believed, since counts outweigh it."""
RARE: Final = 0.1
"""Bystanders, at least, that a thing brings into a window, though it brought none at other times."""
OF_ONE_DAY: Final = ("refund_story",)
"""Kinds whose things are not there at other times."""
UNKNOWN: Final = 0.5
"""Bystanders of a thing of one day, at least: half an act of prior weight."""
NEWTON: Final = 3
"""Steps of Newton's method in each round, which go on from those of the round before."""
SURE: Final = 0.6
"""Posterior from which an account is added: likelier than not, and by more than a coin's throw."""
ROUNDS: Final = 60
"""Of expectation and maximisation: on a dev market twice as many decide about none of 32,478 accounts otherwise; twenty
fewer do about 144."""
FIRST: Final = (0.05, 0.9)
"""Posteriors to begin with: of accounts that are no members yet, and of those that are. Who shows once must earn it."""
MOST: Final = 0.95
"""Chance, at most, that a member shows on a thing."""


@dataclass(frozen=True)
class _Crowd:
    """Accounts on the things of all candidates, in flat arrays.

    Attributes:
        group: Candidate number of each thing, counted from 0.
        own: Bystanders that the rate of each thing outside the window brings into it.
        known: Whether things are there at other times, so that this rate is known.
        thing: Thing of each hit.
        account: Account of each hit; an account is one of one candidate.
        of: Candidate number of each account.
        member: Whether the account is a member already.
        population: Buyers that each candidate could have been drawn from.
    """

    group: NDArray[np.int64]
    own: NDArray[np.float64]
    known: bool
    thing: NDArray[np.int64]
    account: NDArray[np.int64]
    of: NDArray[np.int64]
    member: NDArray[np.bool_]
    population: NDArray[np.float64]


def attached(
    members: pl.DataFrame, held: pl.DataFrame, shelves: Mapping[str, Shelf], populations: pl.DataFrame
) -> pl.DataFrame:
    """candidate, buyer, posterior, kind: accounts on the candidates' values that are likelier members than not.

    Args:
        members: candidate, buyer: the members so far.
        held: The candidates' values (schema VALUES of `enrich`).
        shelves: Every kind of token; reviews are asked about only where there are no orders.
        populations: candidate, population.
    """
    facts = [name for name in FACTS if name in shelves]
    if "listing_ordered" in facts and "listing_reviewed" in facts:
        facts.remove("listing_reviewed")
    parts = []
    for name in facts:
        things = held.filter((pl.col("kind") == name) & (pl.len().over("candidate", "kind") >= LEAST))
        if things.height:
            parts.append(_of_kind(shelves[name], things, members, populations))
    schema = {"candidate": pl.UInt32, "buyer": pl.UInt32, "posterior": pl.Float64, "kind": pl.String}
    found = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    best = found.sort("candidate", "buyer", "posterior", "kind").unique(["candidate", "buyer"], keep="last")
    return best.filter(pl.col("posterior") >= SURE).sort("candidate", "buyer")


def _of_kind(shelf: Shelf, things: pl.DataFrame, members: pl.DataFrame, populations: pl.DataFrame) -> pl.DataFrame:
    """Posterior of every account on the candidates' values of one kind."""
    low, high = places(shelf, things)
    place, rows = spread(low, high)
    hits = things.select("candidate")[place].with_columns(buyer=pl.Series(shelf.buyer[rows]), thing=pl.Series(place))
    hits = hits.unique(["thing", "buyer"], maintain_order=True)
    pair = pl.col("candidate").cast(pl.UInt64) * (1 << 32) + pl.col("buyer")
    hits = hits.with_columns(account=pair.rank("dense").cast(pl.Int64) - 1)
    accounts = hits.unique("account").sort("account").select("account", "candidate", "buyer")
    known = members.select("candidate", "buyer", member=pl.lit(value=True))
    accounts = accounts.join(known, on=["candidate", "buyer"], how="left", maintain_order="left")
    groups = accounts.select(pl.col("candidate").unique().sort())
    group = pl.col("candidate").replace_strict(groups["candidate"], range(groups.height), return_dtype=pl.Int64)
    drawn = groups.join(populations, on="candidate", how="left", maintain_order="left")["population"]
    crowd = _Crowd(
        group=things.select(group).to_series().to_numpy(),
        own=_own_rate(shelf, things, high - low),
        known=shelf.kind.name not in OF_ONE_DAY,
        thing=hits["thing"].to_numpy(),
        account=hits["account"].to_numpy(),
        of=accounts.select(group).to_series().to_numpy(),
        member=accounts["member"].fill_null(value=False).to_numpy(),
        population=drawn.to_numpy(),
    )
    return accounts.select("candidate", "buyer", posterior=pl.Series(_posteriors(crowd)), kind=pl.lit(shelf.kind.name))


def _own_rate(shelf: Shelf, things: pl.DataFrame, inside: NDArray[np.int64]) -> NDArray[np.float64]:
    """Acts that each thing would see in its window at its rate outside it."""
    first, last = whole(shelf, things)
    width = (things["end"] - things["start"]).to_numpy().astype(np.float64)
    rest = np.maximum(shelf.span - width, np.maximum(width, 1.0))
    return np.asarray((last - first - inside + 0.5) * width / rest)


def _posteriors(crowd: _Crowd) -> NDArray[np.float64]:
    """Chance that each account is a member, by expectation and maximisation."""
    groups, accounts, things = crowd.population.size, crowd.of.size, crowd.group.size
    many = np.bincount(crowd.account, minlength=accounts)
    taste = (many - 1) * np.log(crowd.population / TASTE)[crowd.of]
    chance = np.where(crowd.member, FIRST[1], FIRST[0])
    own = np.maximum(crowd.own, RARE)
    came = np.log(np.bincount(crowd.thing, minlength=things))
    for _ in range(ROUNDS):
        seen = _summed(crowd.of, chance, groups)
        on = _summed(crowd.thing, chance[crowd.account], things)
        off = _summed(crowd.thing, 1.0 - chance[crowd.account], things)
        size, q = _size(seen, on, crowd.group)
        none = _summed(crowd.group, np.log1p(-q), groups)
        shown = _summed(crowd.account, np.log(q / (1.0 - q))[crowd.thing], accounts)
        member = np.log(np.maximum(size, 1e-9))[crowd.of] + none[crowd.of] + shown
        came = _came(off, own, came) if crowd.known else np.log(np.maximum(np.maximum(off, own), UNKNOWN))
        bystander = _summed(crowd.account, came[crowd.thing], accounts) - taste
        chance = 1.0 / (1.0 + np.exp(np.clip(bystander - member, -50.0, 50.0)))
    return np.asarray(chance)


def _summed(place: NDArray[np.int64], what: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Sums of `what` by place."""
    return np.bincount(place, weights=what, minlength=size).astype(np.float64)


def _size(
    seen: NDArray[np.float64], on: NDArray[np.float64], group: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Members of each candidate, those on none of its things included, and the chance to show on each thing.

    The size n solves n = seen / (1 - prod(1 - on_i / n)), by iteration from below.
    """
    size = seen
    for _ in range(20):
        q = np.clip(on / np.maximum(size[group], 1e-9), 1e-4, MOST)
        none = np.exp(_summed(group, np.log1p(-q), seen.size))
        size = seen / np.maximum(1.0 - none, 1e-3)
    return size, np.clip(on / np.maximum(size[group], 1e-9), 1e-4, MOST)


def _came(left_over: NDArray[np.float64], own: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of the bystanders of each thing, given what the members leave over and the thing's own rate.

    It lies VARIES about that of its own rate, so the likeliest count r solves r + ln(r / own) / VARIES^2 = what is left
    over: Newton's method on ln r, from `before` on. It is never under the thing's own rate.
    """
    log_rate, pull = before, 1.0 / VARIES**2
    for _ in range(NEWTON):
        rate = np.exp(log_rate)
        step = (left_over - rate - pull * (log_rate - np.log(own))) / (rate + pull)
        log_rate = log_rate + np.clip(step, -1.0, 1.0)
    return np.maximum(log_rate, np.log(own))
