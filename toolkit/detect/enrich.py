"""Which values a group holds more often than chance would have it (F3b, F4), with the group's own window on each.

Null: members act as often as they do, on what the whole market acts on in the same window. The window is the shortest
that holds four fifths of the group's acts, widened by a quarter; choosing it is paid for by the number of windows that
there could have been. Every value that a member of any candidate holds is a test, and is paid for (Bonferroni).
Households count once.

Its p-values are conservative for groups drawn by lot, since fewer than two or three members on a value count as none
and most windows that are paid for overlap. They take activity as steady: of accounts that all came in one quarter,
values with p below 1e-4 are about three times as common (docs/detection.md has the table).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy import stats

from toolkit.config import DAY
from toolkit.detect import apart
from toolkit.detect.shelves import chance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from toolkit.detect.shelves import Shelf
    from toolkit.ports import Compute

VALUES: Final = pl.Schema(
    {
        "candidate": pl.UInt32,
        "kind": pl.String,
        "token": pl.UInt32,
        "k": pl.UInt32,
        "n": pl.UInt32,
        "holders": pl.Int64,
        "expected": pl.Float64,
        "surprise": pl.Float64,
        "raw": pl.Float64,
        "start": pl.Int64,
        "end": pl.Int64,
    }
)

SHARED_BY_MANY: Final = ("listing_ordered", "listing_reviewed", "listing_clicked", "seller_ordered", "created_on")
"""Kinds whose values are a ring's only where a fair share of its members holds them."""

AROUND: Final = 20.0
"""Acts of prior weight with which what others do where a group acts is held near what the market does."""

CORE: Final = 0.8
"""Share of a group's acts on a value that its window is the shortest to hold."""

LONGEST: Final = 150 * DAY
"""A ring works one thing for three months at most, and its window is widened by a half: what takes longer is habit."""


@dataclass(frozen=True)
class Tally:
    """What candidates were found to hold, before the tests are paid for.

    Attributes:
        members: candidate, buyer: the candidates as they were when they were asked about.
        tails: For each kind the values that could speak, without `kind` and `surprise` of VALUES.
        tests: For each kind candidate, tests: how many values each candidate's members hold at all.
    """

    members: pl.DataFrame
    tails: Mapping[str, pl.DataFrame]
    tests: Mapping[str, pl.DataFrame]


def tallied(
    members: pl.DataFrame,
    compute: Compute,
    shelves: Mapping[str, Shelf],
    household: NDArray[np.uint32],
    region: NDArray[np.uint32],
    *,
    least_surprise: float,
    before: Tally | None = None,
) -> Tally:
    """Ask what each candidate holds; whoever is as it was `before` is not asked again.

    Values whose tail is not even `least_surprise` before any test is paid for are left out.
    """
    now = members.select("candidate", "buyer").sort("candidate", "buyer")
    stay = now.select("candidate").unique()
    if before is not None:
        stay = stay.join(differing(before.members, now, ["candidate", "buyer"]), on="candidate", how="anti")
    asked = now if before is None else now.join(stay, on="candidate", how="anti", maintain_order="left")
    homes = asked.with_columns(home=pl.Series(household[asked["buyer"].to_numpy()], dtype=pl.UInt32))
    sizes = homes.group_by("candidate").agg(n=pl.col("home").n_unique())
    sizes = sizes.join(populations(asked, region), on="candidate")
    members = homes.select("home", group="candidate", actor="buyer").sort("group", "home", "actor")  # of all kinds
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:  # kinds are independent of each other
        asking = {
            name: pool.submit(_of_kind, one, compute, homes, members, sizes, least_surprise)
            for name, one in shelves.items()
        }
        fresh = {name: one.result() for name, one in asking.items()}
    tails, tests = ({name: both[n] for name, both in fresh.items()} for n in range(2))
    if before is not None:
        tails = {name: _kept(before.tails[name], stay, part) for name, part in tails.items()}
        tests = {name: _kept(before.tests[name], stay, part) for name, part in tests.items()}
    return Tally(now, tails, tests)


def differing(before: pl.DataFrame, now: pl.DataFrame, row: list[str]) -> pl.DataFrame:
    """The candidates of which rows came or went; `row` are the columns that say what a row is."""
    apart = [now.join(before, on=row, how="anti"), before.join(now, on=row, how="anti")]
    return pl.concat([part.select("candidate") for part in apart]).unique()


def _kept(before: pl.DataFrame, stay: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([before.join(stay, on="candidate", how="semi"), fresh])


def values(
    tally: Tally, *, least_surprise: float, least_share: float, error_share: float = 1.0, alone: bool = False
) -> pl.DataFrame:
    """The values that each candidate holds beyond chance, one row a candidate and value (schema VALUES).

    Args:
        tally: What the candidates hold.
        least_surprise: -log10 p that a value must have when its tests are paid for.
        least_share: Share of the members on a value that many share, at least.
        error_share: Share of the chance of a false alarm that these candidates may use up.
        alone: Whether a candidate pays for its own tests only, as if nobody asked about others.
    """
    parts = [
        _paid(tail, tally.tests[name], alone=alone)
        .with_columns(pl.col("surprise") + np.log10(error_share), kind=pl.lit(name))
        .filter(pl.col("surprise") >= least_surprise)
        for name, tail in tally.tails.items()
    ]
    found = pl.concat(parts).select(VALUES.names()) if parts else pl.DataFrame(schema=VALUES)
    crowd = pl.col("kind").is_in(SHARED_BY_MANY) & (pl.col("k") < least_share * pl.col("n"))
    return found.filter(~crowd).sort("candidate", "kind", "token")


def _paid(tail: pl.DataFrame, tests: pl.DataFrame, *, alone: bool) -> pl.DataFrame:
    """The tails with `surprise`: -log10 p less that of the tests, the candidate's own or everybody's."""
    if alone:
        both = tail.join(tests, on="candidate", how="left", maintain_order="left")
        return both.with_columns(surprise=pl.col("raw") - pl.col("tests").log10())
    return tail.with_columns(surprise=pl.col("raw") - np.log10(max(int(tests["tests"].sum()), 1)))


def _of_kind(
    shelf: Shelf,
    compute: Compute,
    homes: pl.DataFrame,
    members: pl.DataFrame,
    sizes: pl.DataFrame,
    least_surprise: float,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Counts, windows and tails of one kind, and the tests; `members` are those of `homes` as they are asked about."""
    kind = shelf.kind
    found, tests = compute.common(members, shelf.acts, kind.least, core=CORE, margin=DAY)
    if kind.timed:
        found = found.filter(pl.col("end") - pl.col("start") <= LONGEST)
    lean = homes.with_columns(active=pl.Series(shelf.active(homes["buyer"].to_numpy())))
    sizes = sizes.join(lean.group_by("candidate").agg(active=pl.col("active").sum() / pl.len()), on="candidate")
    counted = found.select(
        "holders", "start", "end", candidate="group", k="homes", token=pl.Series(shelf.token)[found["thing"]]
    )
    if kind.places is not None:
        counted = _apart(shelf, counted, homes, kind.places)
    counted = counted.join(sizes, on="candidate", maintain_order="left")
    raw = _tails(shelf, counted)
    tails = counted.with_columns(raw).filter(pl.col("raw") >= least_surprise)
    columns = [name for name in VALUES if name not in {"kind", "surprise"}]
    cast = {name: VALUES[name] for name in columns}
    return tails.select(columns).cast(cast), tests.select("tests", candidate="group")  # type: ignore[arg-type]


def _apart(shelf: Shelf, counted: pl.DataFrame, homes: pl.DataFrame, where: pl.DataFrame) -> pl.DataFrame:
    """The counts of those who do not hold a value at one place only, and how common it is around."""
    pairs = counted.select("candidate", "token")
    people = homes.join(pairs, on="candidate", how="semi")
    held = people.join(shelf.kind.frame.select("token", "buyer"), on="buyer").join(pairs, on=apart.KEY, how="semi")
    counts = apart.counting(held, where).group_by(apart.KEY).agg(k=pl.col("home").n_unique())
    counted = counted.drop("k").join(counts.filter(pl.col("k") >= shelf.kind.least), on=apart.KEY)
    return apart.nearby(counted, homes, where)


def populations(members: pl.DataFrame, region: NDArray[np.uint32]) -> pl.DataFrame:
    """candidate, population: how many buyers each candidate could have been drawn from.

    The buyers of the region that most members are of, over the share of the members that are.
    """
    homes = np.bincount(region)
    placed = members.select("candidate", region=pl.Series(region[members["buyer"].to_numpy()]))
    counts = placed.group_by("candidate", "region").agg(n=pl.len()).sort("candidate", "n", "region")
    most = counts.with_columns(share=pl.col("n") / pl.col("n").sum().over("candidate"))
    most = most.unique("candidate", keep="last", maintain_order=True)
    there = pl.Series(homes[most["region"].to_numpy()].astype(np.float64))
    return most.select("candidate", population=pl.min_horizontal(there / pl.col("share"), pl.lit(float(region.size))))


def _tails(shelf: Shelf, counted: pl.DataFrame) -> pl.DataFrame:
    """Expected counts and -log10 of the tail, less the cost of having chosen the window."""
    kind, holders = shelf.kind, counted["holders"].to_numpy().astype(np.int64)
    n = counted["n"].to_numpy().astype(np.float64)
    likely = chance(kind, counted, holders)
    if kind.places is not None:
        those, acts = (counted[name].to_numpy() for name in ("those", "acts"))
        likely = np.maximum(likely, (those + AROUND * likely) / (acts + AROUND))
    expected = np.maximum(n * counted["active"].to_numpy() * likely, 1e-12)
    k = counted["k"].to_numpy().astype(np.float64)
    if kind.chance is None:
        surprise = -stats.poisson.logsf(k - 1, expected) / np.log(10.0)
    else:  # Given all who hold it, so that a group with a large share of all acts is judged by its share.
        surprise = -stats.binom.logsf(k - 1, holders, np.minimum(expected / holders, 1.0)) / np.log(10.0)
    if kind.brought:
        surprise = surprise + np.log10(-np.expm1(-expected))
    if kind.timed:
        width = (counted["end"] - counted["start"]).to_numpy()
        surprise = surprise - np.log10(np.maximum(1.0, shelf.span / np.maximum(width, 1)))
    return pl.DataFrame({"expected": expected, "raw": surprise}, schema={"expected": pl.Float64, "raw": pl.Float64})
