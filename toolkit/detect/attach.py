"""Members who show on one of the ring's things only; how many they are is read from those who show on several.

Whoever acts on one of a ring's things inside its window is a member or a bystander; which of them is likelier is read
from how many show on one, two, three things (`Compute.recaptured`). In an honest crowd far more show on one thing than
the few who show on two explain, and nobody is added; members who differ in how much they do make the count of those on
one too low, never too high.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.detect.shelves import places, whole
from toolkit.ports import Crowds
from toolkit.ranges import spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from toolkit.detect.shelves import Shelf
    from toolkit.ports import Compute

FACTS: Final = ("listing_ordered", "listing_reviewed", "refund_story")
"""Kinds whose values are things of their own. Two kinds that one order shows up in are never mixed: that order would
look as if it were two. Nor are codes asked about: who likes discounts uses several, and comes to two by taste."""
LEAST: Final = 3
"""Things, at least: of two, bystanders and members on one can't be told apart by counts. Two were tried: no ring
more or less on dev markets, and of real people who were added fewer were labelled fraud than of anybody."""
OF_ONE_DAY: Final = ("refund_story",)
"""Kinds whose things are not there at other times."""
SURE: Final = 0.5
"""Posterior from which an account is added: likelier than not. What it takes from a ring that is judged with those who
are added is seen beside the ring judged without them."""


def attached(
    members: pl.DataFrame,
    held: pl.DataFrame,
    shelves: Mapping[str, Shelf],
    populations: pl.DataFrame,
    compute: Compute,
) -> pl.DataFrame:
    """candidate, buyer, posterior, kind: accounts on the candidates' values that are likelier members than not.

    Args:
        members: candidate, buyer: the members so far.
        held: The candidates' values (schema VALUES of `enrich`).
        shelves: Every kind of token; reviews are asked about only where there are no orders.
        populations: candidate, population.
        compute: The engine.
    """
    facts = [name for name in FACTS if name in shelves]
    if "listing_ordered" in facts and "listing_reviewed" in facts:
        facts.remove("listing_reviewed")
    parts = []
    for name in facts:
        things = held.filter((pl.col("kind") == name) & (pl.len().over("candidate", "kind") >= LEAST))
        if things.height:
            parts.append(_of_kind(shelves[name], things, members, populations, compute))
    schema = {"candidate": pl.UInt32, "buyer": pl.UInt32, "posterior": pl.Float64, "kind": pl.String}
    found = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    best = found.sort("candidate", "buyer", "posterior", "kind").unique(["candidate", "buyer"], keep="last")
    return best.filter(pl.col("posterior") >= SURE).sort("candidate", "buyer")


def _of_kind(
    shelf: Shelf, things: pl.DataFrame, members: pl.DataFrame, populations: pl.DataFrame, compute: Compute
) -> pl.DataFrame:
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
    drawn = groups.join(populations, on="candidate", how="left", maintain_order="left")["population"]
    crowds = Crowds(
        things=_starts(things, groups),
        accounts=_starts(accounts, groups),
        hits=_starts(hits, groups),
        thing=hits["thing"].to_numpy(),
        account=hits["account"].to_numpy(),
        own=_own_rate(shelf, things, high - low),
        known=shelf.kind.name not in OF_ONE_DAY,
        member=accounts["member"].fill_null(value=False).to_numpy(),
        population=drawn.to_numpy(),
    )
    posterior = pl.Series(compute.recaptured(crowds))
    return accounts.select("candidate", "buyer", posterior=posterior, kind=pl.lit(shelf.kind.name))


def _starts(rows: pl.DataFrame, groups: pl.DataFrame) -> NDArray[np.int64]:
    """Where the rows of each group begin, and their number; rows are sorted by group."""
    firsts = np.searchsorted(rows["candidate"].to_numpy(), groups["candidate"].to_numpy())
    return np.append(firsts, rows.height)


def _own_rate(shelf: Shelf, things: pl.DataFrame, inside: NDArray[np.int64]) -> NDArray[np.float64]:
    """Acts that each thing would see in its window at its rate outside it."""
    first, last = whole(shelf, things)
    width = (things["end"] - things["start"]).to_numpy().astype(np.float64)
    rest = np.maximum(shelf.span - width, np.maximum(width, 1.0))
    return np.asarray((last - first - inside + 0.5) * width / rest)
