"""Identity: members of different households share attributes more often than pairs of the market do.

Claims: attributes join members in more places than chance and neighbourhood explain. Misses: rings of real, unrelated
people; values above the hub cap, which corroborate and never accuse. Its p-values are conservative: neighbours are
allowed for by a factor of three, and a group that few values join is not asked. Cost: the ring's own attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy import stats
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from toolkit.contracts.judged import JUDGED, empty

if TYPE_CHECKING:
    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market
    from toolkit.score.scope import Scope

KINDS: Final = ("payment", "address", "device", "phone", "email", "bank")
"""An IP address is left out: whole districts leave a carrier's network by one."""
COVERAGE: Final = 0.2
"""Joins per member from which a ring can be said to be linked: a crowd of a hundred always holds some families."""
VALUES: Final = 2
"""Values that join members, at least: one hall that a club has its kit sent to is a place, and no sign of control."""
MOST: Final = 0.5
"""Share of the ring's households at one address from which the address is a place, and what it joins needs more."""
NEIGHBOURS: Final = 3.0
"""People who buy the same things live nearer to each other than any two people: allowed for by this factor."""


def judge(scope: Scope, hub: int, *, without: str | None = None) -> pl.DataFrame:
    """Places where attributes join members (members less connected parts), against pairs of the market.

    Args:
        scope: Whom to ask about.
        hub: Accounts on one value beyond which it is a shared place.
        without: A kind of attribute that is left out; none where it is None.
    """
    shared = shared_places(scope.market)
    rare = {
        n: _rare(scope.linked.tokens[n], hub, shared.get(n)) for n in KINDS if n in scope.linked.tokens and n != without
    }
    if not rare:
        return empty()
    home = pl.DataFrame({"buyer": np.arange(scope.linked.n_buyers, dtype=np.uint32), "home": scope.linked.household})
    members = _unbiased(scope.candidates.members).join(home, on="buyer")
    held = pl.concat([members.join(frame, on="buyer").with_columns(kind=pl.lit(k)) for k, frame in rare.items()])
    joining = held.filter(pl.col("home").n_unique().over("candidate", "kind", "token") > 1)
    joining = joining.filter(pl.struct("kind", "token").n_unique().over("candidate") >= VALUES)
    sizes = members.group_by("candidate").agg(n=pl.col("home").n_unique())
    beside = _covering(_joins(_but_one_place(joining, sizes)), sizes)
    joined = _covering(_joins(joining), sizes).join(beside, on="candidate", how="semi")
    rates = _pair_rates(scope, rare, home)
    expected = NEIGHBOURS * pl.col("n") * (pl.col("n") - 1) / 2 * pl.col("rate")
    counted = joined.join(sizes, on="candidate").join(rates, on="candidate").with_columns(expected=expected)
    tail = -stats.poisson.logsf(counted["joins"].to_numpy() - 1, counted["expected"].to_numpy()) / np.log(10)
    return counted.select(
        "candidate",
        family=pl.lit("identity"),
        test=pl.lit("f3_shared_attributes"),
        observed=pl.col("joins").cast(pl.Float64),
        expected="expected",
        surprise=pl.Series(tail),
        kind=pl.lit(None, pl.String),
        token=pl.lit(None, pl.UInt32),
        note="note",
    ).cast(JUDGED)


def shared_addresses(scope: Scope, hub: int) -> pl.DataFrame:
    """candidate, address: addresses that two households of a candidate hold or more, no shared places.

    Of candidates that more than one of them joins: besides a hall, they join one member in five.
    """
    rare = _rare(scope.linked.tokens["address"], hub, shared_places(scope.market).get("address"))
    members = scope.candidates.members.select("candidate", "buyer")
    members = members.with_columns(home=pl.Series(scope.linked.household)[members["buyer"]])
    sizes = members.group_by("candidate").agg(n=pl.col("home").n_unique())
    held = members.join(rare, on="buyer").with_columns(kind=pl.lit("address"))
    joining = held.filter(pl.col("home").n_unique().over("candidate", "token") > 1)
    joining = joining.filter(pl.col("token").n_unique().over("candidate") >= VALUES)
    beside = _covering(_joins(_but_one_place(joining, sizes)), sizes)
    return joining.join(beside, on="candidate", how="semi").select("candidate", address="token").unique()


def _covering(joined: pl.DataFrame, sizes: pl.DataFrame) -> pl.DataFrame:
    """Of the joins, those that are enough for the size of the ring."""
    return joined.join(sizes, on="candidate").filter(pl.col("joins") >= COVERAGE * pl.col("n")).drop("n")


def _but_one_place(joining: pl.DataFrame, sizes: pl.DataFrame) -> pl.DataFrame:
    """Without the address that joins most of a candidate's households: a hall that a club has its kit sent to."""
    places = joining.filter(pl.col("kind") == "address").group_by("candidate", "kind", "token")
    homes = places.agg(homes=pl.col("home").n_unique()).join(sizes, on="candidate")
    most = homes.filter(pl.col("homes") > MOST * pl.col("n")).sort("candidate", "homes", "token")
    hall = most.unique("candidate", keep="last", maintain_order=True)
    return joining.join(hall, on=["candidate", "kind", "token"], how="anti")


def _unbiased(members: pl.DataFrame) -> pl.DataFrame:
    """The members to ask about: those whom their acts alone put there, where these are most of the ring.

    Whoever is a member because of an attribute can't be asked whether attributes join the members.
    """
    alone = pl.col("acts_alone")
    mostly = 2 * alone.sum().over("candidate") >= pl.len().over("candidate")
    return members.filter(alone | ~mostly).select("candidate", "buyer")


def shared_places(market: Market) -> dict[str, pl.Series]:
    """Kind of attribute -> values that the data name as shared: lockers, offices, ..., and corporate cards."""
    named = {}
    if market.has("addresses", "kind"):
        places = pl.col("kind").cast(pl.String).is_in(["locker", "forwarder", "dormitory", "office"])
        named["address"] = market.table("addresses").filter(places)["address"]
    if market.has("payment_instruments", "kind"):
        firms = market.case.table("payment_instruments").filter(pl.col("kind").cast(pl.String) == "corporate")
        named["payment"] = market.encode("payment", firms.select("payment_id").collect()["payment_id"])
    return named


def _rare(kind: TokenKind, hub: int, shared: pl.Series | None) -> pl.DataFrame:
    held = kind.frame.select("token", "buyer").filter(pl.len().over("token").is_between(2, hub))
    return held if shared is None else held.filter(~pl.col("token").is_in(shared.drop_nulls().implode()))


def _pair_rates(scope: Scope, rare: dict[str, pl.DataFrame], home: pl.DataFrame) -> pl.DataFrame:
    """candidate, rate: how often two members of different households would share a value, by where they live.

    The mean over its members' regions; two members of different regions hardly ever share one, and are counted as if
    they might.
    """
    region = pl.DataFrame({"region": scope.linked.region}).with_row_index("buyer").cast({"buyer": pl.UInt32})
    lived = home.join(region, on="buyer")
    people = lived.group_by("region").agg(n=pl.len().cast(pl.Float64))
    shared = pl.concat([frame.with_columns(kind=pl.lit(kind)) for kind, frame in rare.items()]).join(lived, on="buyer")
    holders = shared.group_by("kind", "token", "region").agg(d=pl.col("home").n_unique().cast(pl.Float64))
    pairs = holders.group_by("region").agg(pairs=(pl.col("d") * (pl.col("d") - 1) / 2).sum())
    rates = people.join(pairs, on="region", how="left").select(
        "region", rate=pl.col("pairs").fill_null(0.0) / (pl.col("n") * (pl.col("n") - 1) / 2).clip(lower_bound=1.0)
    )
    placed = scope.candidates.members.select("candidate", "buyer").join(region, on="buyer").join(rates, on="region")
    return placed.group_by("candidate").agg(pl.col("rate").mean())


def _joins(shared: pl.DataFrame) -> pl.DataFrame:
    """candidate, joins, note: households that attributes join, less the connected parts that they form."""
    if shared.height == 0:
        schema = {"candidate": pl.UInt32, "joins": pl.Int64, "note": pl.String}
        return pl.DataFrame(schema=schema)
    home = shared.select(pl.struct("candidate", "home").rank("dense"))["candidate"].to_numpy() - 1
    value = shared.select(pl.struct("candidate", "kind", "token").rank("dense"))["candidate"].to_numpy() - 1
    n_home, n_value = int(home.max()) + 1, int(value.max()) + 1
    ones = np.ones(home.size, np.int8)
    graph = coo_matrix((ones, (home, value + n_home)), shape=(n_home + n_value,) * 2)
    _, part = connected_components(graph, directed=False)
    placed = shared.with_columns(place=pl.Series(home), part=pl.Series(part[home]))
    return placed.group_by("candidate").agg(
        joins=(pl.col("place").n_unique() - pl.col("part").n_unique()).cast(pl.Int64),
        note=pl.format(
            "{} members over {} values of {} kinds",
            pl.col("buyer").n_unique(),
            pl.struct("kind", "token").n_unique(),
            pl.col("kind").n_unique(),
        ),
    )
