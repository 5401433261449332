"""Identity: members of different households share attributes more often than pairs of the market do.

Claims: attributes join members in more places than chance and neighbourhood explain. Misses: rings of real, unrelated
people; values above the hub cap, which corroborate and never accuse. Its p-values are conservative: neighbours are
allowed for by a factor of three, and a group that few values join is not asked. Cost: the ring's own attributes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

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
COUPLE: Final = 2
"""Households that attributes join to nobody else: one family that lives apart."""
NEIGHBOURS: Final = 3.0
"""People who buy the same things live nearer to each other than any two people: allowed for by this factor."""

ROOF: Final = 12
"""Accounts at one private address, at most, that may be one home: three generations, or a shared flat."""


_ADDRESS: Final = KINDS.index("address")
_KIND: Final = 1 << 32
"""What a kind's place is multiplied with, so that it and a token are one number."""
_WITHOUT: Final = "without_"


@dataclass(frozen=True)
class Joining:
    """What attributes join members, found once for every question about it.

    Attributes:
        held: candidate, buyer, home, kind (its place in KINDS), value (kind and token as one number) of members of
            different households that hold one value.
        sizes: candidate, n: households of the members to ask about; homes: how many homes these are; left_out: how many
            members are not asked about, null for none.
        rates: candidate, `without_` (all kinds) and `without_<kind>`: how often two members of different households
            would share a value, by where they live.
    """

    held: pl.DataFrame
    sizes: pl.DataFrame
    rates: pl.DataFrame

    @classmethod
    def of(cls, scope: Scope, hub: int) -> Joining:
        """Look at the members' attributes; `hub` is the accounts on one value beyond which it is a shared place."""
        shared = shared_places(scope.market)
        rare = {n: held_by_few(scope.linked.tokens[n], hub, shared.get(n)) for n in KINDS if n in scope.linked.tokens}
        home = pl.DataFrame(
            {"buyer": np.arange(scope.linked.n_buyers, dtype=np.uint32), "home": scope.linked.household}
        )
        members = _unbiased(scope.candidates.members).join(home, on="buyer")
        left_out = scope.candidates.members.join(members, on=["candidate", "buyer"], how="anti").group_by("candidate")
        sizes = _sizes(members).join(left_out.agg(left_out=pl.len()), on="candidate", how="left")
        parts = [_between_homes(members, frame, KINDS.index(kind)) for kind, frame in rare.items()]
        held = pl.concat([_between_homes(members.clear(), None, 0), *parts])
        return cls(held, sizes, _pair_rates(scope, rare, home))

    def of_homes(self) -> Self:
        """The same, with all who hold one value as one home: of each one's values, that which most of them hold.

        Who lives together shares things. Where sharing has chosen whom to ask about, homes are no news; what joins one
        home to the next is, since nobody was chosen for that.
        """
        many = self.held.group_by("candidate", "value").agg(many=pl.col("home").n_unique())
        ranked = self.held.join(many, on=["candidate", "value"]).sort("candidate", "home", "many", "value")
        widest = ranked.unique(["candidate", "home"], keep="last", maintain_order=True)
        whole = widest.select("candidate", "home", whole=pl.struct("candidate", "value").rank("dense").cast(pl.UInt32))
        held = self.held.join(whole, on=["candidate", "home"]).with_columns(home="whole").select(self.held.columns)
        fewer = whole.group_by("candidate").agg(fewer=pl.len() - pl.col("whole").n_unique())
        homes = pl.col("homes") - pl.col("fewer").fill_null(0)
        sizes = self.sizes.join(fewer, on="candidate", how="left").with_columns(homes=homes).drop("fewer")
        return replace(self, held=held, sizes=sizes)


def judge(joining: Joining, *, without: str = "") -> pl.DataFrame:
    """Places where attributes join members (members less connected parts), against pairs of the market.

    Args:
        joining: Members and what joins them.
        without: A kind of attribute that is left out; none where it is empty.
    """
    rate = f"{_WITHOUT}{without}"
    if rate not in joining.rates.columns:
        return empty()
    held = joining.held.filter(pl.col("kind") != KINDS.index(without)) if without else joining.held
    known = _covering(held.filter(pl.col("value").n_unique().over("candidate") >= VALUES), joining.sizes)
    expected = NEIGHBOURS * pl.col("n") * (pl.col("n") - 1) / 2 * pl.col(rate)
    counted = known.join(joining.rates.select("candidate", rate), on="candidate").with_columns(expected=expected)
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
        note=pl.col("note") + _left_out(),
    ).cast(JUDGED)


def actors(scope: Scope) -> pl.DataFrame:
    """candidate, actors: members of each candidate, those at the private address that most of them hold as one.

    Who lives together shops together, pays for each other and uses each other's devices: links and common purchases
    are one fact there, however many accounts the home has.
    """
    members = scope.candidates.members.select("candidate", "buyer")
    sizes = members.group_by("candidate").agg(size=pl.len())
    if "address" not in scope.linked.tokens:
        return sizes.select("candidate", actors="size")
    homes = held_by_few(scope.linked.tokens["address"], ROOF, shared_places(scope.market).get("address"))
    there = members.join(homes, on="buyer").group_by("candidate", "token").agg(home=pl.col("buyer").n_unique())
    largest = there.group_by("candidate").agg(pl.col("home").max())
    counted = sizes.join(largest, on="candidate", how="left")
    return counted.select("candidate", actors=pl.col("size") + 1 - pl.col("home").fill_null(1))


def _left_out() -> pl.Expr:
    """Who was not asked about, see `_unbiased`, in words; nothing where all were."""
    those = pl.when(pl.col("left_out") == 1).then(pl.lit("member")).otherwise(pl.lit("members"))
    told = pl.format(", not counting {} {} whom attributes may have brought", "left_out", those)
    return pl.when(pl.col("left_out") > 0).then(told).otherwise(pl.lit(""))


def shared_addresses(scope: Scope, hub: int) -> pl.DataFrame:
    """candidate, address: addresses that two households of a candidate hold or more, no shared places.

    Of candidates that more than one of them joins: besides a hall, they join one member in five.
    """
    rare = held_by_few(scope.linked.tokens["address"], hub, shared_places(scope.market).get("address"))
    members = scope.candidates.members.select("candidate", "buyer")
    members = members.with_columns(home=pl.Series(scope.linked.household)[members["buyer"]])
    sizes = _sizes(members)
    held = _between_homes(members, rare, _ADDRESS)
    held = held.filter(pl.col("value").n_unique().over("candidate") >= VALUES)
    address = (pl.col("value") % _KIND).cast(pl.UInt32)
    return held.join(_covering(held, sizes), on="candidate", how="semi").select("candidate", address=address).unique()


def _covering(held: pl.DataFrame, sizes: pl.DataFrame) -> pl.DataFrame:
    """candidate, joins, note, n, homes: of the joins, those that are enough for the ring, with and without a hall.

    A hall is the address that joins most of a candidate's households: a club has its kit sent there.
    """
    homes = held.filter(pl.col("kind") == _ADDRESS).group_by("candidate", "value").agg(there=pl.col("home").n_unique())
    most = homes.join(sizes, on="candidate").filter(pl.col("there") > MOST * pl.col("homes"))
    hall = most.sort("candidate", "there", "value").unique("candidate", keep="last", maintain_order=True)
    beside = held.join(hall, on="candidate", how="semi").join(hall, on=["candidate", "value"], how="anti")
    enough = pl.col("joins") >= COVERAGE * pl.col("homes")
    apart = _joins(beside).join(sizes, on="candidate").filter(enough)
    refuted = hall.join(apart, on="candidate", how="anti")
    return _joins(held).join(sizes, on="candidate").filter(enough).join(refuted, on="candidate", how="anti")


def _sizes(members: pl.DataFrame) -> pl.DataFrame:
    """candidate, n, homes: households, each of which is a home."""
    return members.group_by("candidate").agg(n=pl.col("home").n_unique()).with_columns(homes=pl.col("n"))


def _between_homes(members: pl.DataFrame, frame: pl.DataFrame | None, kind: int) -> pl.DataFrame:
    """Members (candidate, buyer, home) with the values of one kind that members of two households hold."""
    if frame is None:
        frame = pl.DataFrame(schema={"token": pl.UInt32, "buyer": pl.UInt32})
    held = members.join(frame, on="buyer").with_columns(
        value=pl.col("candidate").cast(pl.UInt64) * (1 << 32) + pl.col("token")
    )
    several = held.filter(pl.col("value").is_duplicated())
    apart = several.filter(pl.col("home").n_unique().over("value") > 1)
    value = pl.lit(kind, pl.UInt64) * _KIND + pl.col("token")
    return apart.select("candidate", "buyer", "home", kind=pl.lit(kind, pl.UInt8), value=value)


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


def held_by_few(kind: TokenKind, hub: int, shared: pl.Series | None = None) -> pl.DataFrame:
    """Values that two accounts hold or more, `hub` at most, and that are no shared places: token, buyer."""
    held = kind.frame.select("token", "buyer")
    holders = np.bincount(held["token"].to_numpy(), minlength=1)
    held = held.filter(pl.Series((holders >= 2) & (holders <= hub)).gather(held["token"]))
    return held if shared is None else held.filter(~pl.col("token").is_in(shared.drop_nulls().implode()))


def _pair_rates(scope: Scope, rare: dict[str, pl.DataFrame], home: pl.DataFrame) -> pl.DataFrame:
    """Rates of `Joining`: the mean over a candidate's members of the rates of their regions.

    Two members of different regions hardly ever share a value, and are counted as if they might.
    """
    lived = home.select("home", region=pl.Series(scope.linked.region))  # in the order of buyers
    people = lived.group_by("region").agg(n=pl.len().cast(pl.Float64))
    for kind, frame in rare.items():
        people = people.join(_pairs(frame, lived).rename({"pairs": kind}), on="region", how="left")
    chances = (pl.col("n") * (pl.col("n") - 1) / 2).clip(lower_bound=1.0)
    left_out = {f"{_WITHOUT}{kind}": [other for other in rare if other != kind] for kind in ("", *rare)}
    rates = people.with_columns(pl.col(kind).fill_null(0.0) for kind in rare).select(
        "region", *(pl.sum_horizontal(kinds).truediv(chances).alias(name) for name, kinds in left_out.items() if kinds)
    )
    members = scope.candidates.members
    placed = members.select("candidate", region=lived["region"].gather(members["buyer"])).join(rates, on="region")
    return placed.group_by("candidate").agg(pl.col(name).mean() for name in rates.columns if name != "region")


def _pairs(frame: pl.DataFrame, lived: pl.DataFrame) -> pl.DataFrame:
    """region, pairs: of households of one region that hold one value of a kind."""
    place = pl.col("token").cast(pl.UInt64) * (1 << 32) + pl.col("region")
    held = frame.select("token").with_columns(
        lived["home"].gather(frame["buyer"]), lived["region"].gather(frame["buyer"])
    )
    held = held.select("home", "region", place=place).filter(pl.col("place").is_duplicated())  # alone, none is a pair
    shared = held.group_by("place").agg(pl.col("region").first(), d=pl.col("home").n_unique().cast(pl.Float64))
    return shared.group_by("region").agg(pairs=(pl.col("d") * (pl.col("d") - 1) / 2).sum())


def _joins(shared: pl.DataFrame) -> pl.DataFrame:
    """candidate, joins, note: households that attributes join in threes or more, less the parts that they form.

    What is under one hand hangs together; a crowd of one town holds many pairs, and couples are what they are.
    """
    if shared.height == 0:
        schema = {"candidate": pl.UInt32, "joins": pl.Int64, "note": pl.String}
        return pl.DataFrame(schema=schema)
    candidate = pl.col("candidate").cast(pl.UInt64)
    home = shared.select((candidate * (1 << 32) + pl.col("home")).rank("dense"))["candidate"].to_numpy() - 1
    value = shared.select((candidate * (1 << 35) + pl.col("value")).rank("dense"))["candidate"].to_numpy() - 1
    n_home, n_value = int(home.max()) + 1, int(value.max()) + 1
    ones = np.ones(home.size, np.int8)
    graph = coo_matrix((ones, (home, value + n_home)), shape=(n_home + n_value,) * 2)
    _, part = connected_components(graph, directed=False)
    placed = shared.with_columns(place=pl.Series(home), part=pl.Series(part[home]))
    placed = placed.filter(pl.col("place").n_unique().over("part") > COUPLE)
    values = pl.col("value").n_unique()
    return placed.group_by("candidate").agg(
        joins=(pl.col("place").n_unique() - pl.col("part").n_unique()).cast(pl.Int64),
        note=pl.format(
            "{} members of {} households are joined by {} shared {} ({})",
            pl.col("buyer").n_unique(),
            pl.col("place").n_unique(),
            values,
            pl.when(values == 1).then(pl.lit("value")).otherwise(pl.lit("values")),
            pl.col("kind").unique().sort().replace_strict(dict(enumerate(KINDS))).str.join(", "),
        ),
    )
