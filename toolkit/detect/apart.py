"""What is held at places, such as texts at shops: who counts in a group, and how common it is around the group.

Claims nothing by itself; `enrich` counts and tests. A token that a group holds at one place alone joins nobody there,
and one that others at the group's places hold as well is what is said there: in that language, of those goods, with
that delight. Cost: the acts at the places of the groups that hold such a token.
"""

from __future__ import annotations

import polars as pl

KEY = ["candidate", "token"]


def counting(held: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The rows that count: at each place those of as many homes as hold the token at other places too.

    Args:
        held: candidate, token, buyer, home, and whatever else.
        places: token, buyer, place of every act; its token is null where it is on none.
    """
    where = held.join(places, on=["token", "buyer"]).select(*KEY, "home", "place").unique().sort(*KEY, "place", "home")
    where = where.with_columns(one_place=pl.col("place").n_unique().over(*KEY, "home") == 1)
    elsewhere = pl.col("home").n_unique().over(KEY) - pl.col("one_place").sum().over(*KEY, "place")
    kept = where.filter(pl.int_range(pl.len()).over(*KEY, "place") < elsewhere).select(*KEY, "home").unique()
    return held.join(kept, on=[*KEY, "home"], how="semi", maintain_order="left")


def nearby(counted: pl.DataFrame, homes: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The counts with `acts` of others where the group acts, but not on that token, and how many of `those` are on it.

    Where the group holds the token its other members may, whom nobody has found yet; a phrase of its language, goods or
    delight is heard elsewhere, too.

    Args:
        counted: candidate, token, and whatever else.
        homes: candidate, buyer of all members.
        places: As for `counting`.
    """
    members = homes.select("candidate", "buyer").join(counted.select("candidate").unique(), on="candidate", how="semi")
    acted = members.join(places, on="buyer")
    others = acted.select("candidate", "place").unique().join(places, on="place")
    others = others.join(members, on=["candidate", "buyer"], how="anti")
    used = acted.drop_nulls("token").select(*KEY, "place").unique().join(counted.select(KEY), on=KEY, how="semi")
    every = others.group_by("candidate").agg(acts=pl.len().cast(pl.Int64))
    those = others.group_by(KEY).agg(those=pl.len().cast(pl.Int64))
    here = used.join(
        others.group_by("candidate", "place").agg(acts_here=pl.len()), on=["candidate", "place"], how="left"
    )
    here = here.join(others.group_by(*KEY, "place").agg(those_here=pl.len()), on=[*KEY, "place"], how="left")
    here = here.group_by(KEY).agg(pl.col("acts_here", "those_here").sum().cast(pl.Int64))
    full = counted.join(every, on="candidate", how="left", maintain_order="left")
    for part in (those, here):
        full = full.join(part, on=KEY, how="left", maintain_order="left")
    full = full.with_columns(pl.col("acts", "those", "acts_here", "those_here").fill_null(0))
    left = [pl.col(name) - pl.col(f"{name}_here") for name in ("acts", "those")]
    return full.with_columns(left).drop("acts_here", "those_here")
