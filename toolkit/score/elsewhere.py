"""What members do elsewhere, against which what they do for the ring is held: their own, and not the ring's.

A ring has targets that nobody has found. What members do there is no habit of theirs, and compared with it they would
be like themselves. Things count as such that two members or more act on, and of whose buyers they are one in ten.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from toolkit.ranges import among
from toolkit.score.scope import numbered

TWO: Final = 2
SHARE: Final = 0.1
"""Share of all who act on a thing from which on two members have not met there by chance: what everybody buys stays."""


def unfound(theirs: pl.DataFrame, acts: pl.DataFrame) -> pl.Series:
    """Whether each of the members' acts is on a thing that may be a target of the ring, whether it was found or not.

    Args:
        theirs: candidate, buyer, listing of what members did.
        acts: buyer, listing of what everybody did.
    """
    shared = theirs.group_by("candidate", "listing").agg(members=pl.col("buyer").n_unique())
    shared = shared.filter(pl.col("members") >= TWO)
    there = acts.select("buyer", "listing").filter(among(acts["listing"], shared["listing"]))
    crowd = there.group_by("listing").agg(everybody=pl.col("buyer").n_unique())
    many = shared.join(crowd, on="listing").filter(pl.col("members") >= SHARE * pl.col("everybody"))
    things = many.select(thing=numbered(pl.col("listing")))["thing"]
    return theirs.select(numbered(pl.col("listing")).is_in(things.implode())).to_series()
