"""Every test of `score` on groups that no test has chosen: one row a test, way of drawing and group."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

import numpy as np
import polars as pl
from scipy import stats

from tests.statistics.groups import DESIGNS, asked
from tests.statistics.uniform import spread
from toolkit.score import clicks, conversion, dear, haste, identity, rates, ratings, stories, synchrony
from toolkit.score.binomial import binomial
from toolkit.score.model import GIVEN, GIVEN_BY_LINKS
from toolkit.score.tokens import FAMILY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

    from tests.statistics.worlds import World
    from toolkit.contracts.candidates import Candidates
    from toolkit.score.scope import Scope

COUNTED: Final = (synchrony, conversion, ratings, rates, stories, clicks, dear)
"""Modules whose tests count successes among trials."""
HUB: Final = 30
ROWS: Final = pl.Schema({"test": pl.String, "design": pl.String, "p": pl.Float64, "u": pl.Float64})
OF_VALUES: Final = ("alike", "newcomers", "neighbours")
"""Ways to draw that no value has a part in, so that values can be asked about."""
CHOSEN: Final = {
    "f3_shared_attributes": (
        "neighbours",
        "housemates",
        "proposed",
    ),  # an attribute, or meetings on one, brought them together
    "f5_synchrony": ("alike", "newcomers", "neighbours", "housemates", "lately", "proposed"),  # their windows did
}
"""Test -> ways to draw groups by what the test itself looks at: these are no question to it."""


def p_values(worlds: Sequence[World], rng: Generator, *, chosen: bool = False) -> pl.DataFrame:
    """test, design, p, u of every test that has an answer about groups drawn in that way (schema ROWS).

    Args:
        worlds: Where groups are drawn.
        rng: By which lot.
        chosen: Whether tests are also asked about groups that were chosen by what they look at.
    """
    parts = []
    for world in worlds:
        for name, draw in DESIGNS.items():
            drawn = draw(world, rng)
            scope = asked(world, drawn)
            rows = [_whole(scope, rng), _waits(scope), _attributes(world, drawn, rng)]
            if name in OF_VALUES:
                rows.append(_values(world, drawn))
            parts.extend(frame.with_columns(design=pl.lit(name)).select(ROWS.names()) for frame in rows)
    every = pl.concat(parts)
    if chosen:
        return every
    own = [(pl.col("test") == test) & pl.col("design").is_in(designs) for test, designs in CHOSEN.items()]
    return every.filter(~pl.any_horizontal(own))


def _whole(scope: Scope, rng: Generator) -> pl.DataFrame:
    """Tests of what members did; groups without anything to count are not asked, nor what proposed them told."""
    with ExitStack() as stack:
        for module in COUNTED:
            stack.enter_context(mock.patch.object(module, "binomial", _told))
        verdicts = pl.concat(
            [module.judge(scope) for module in COUNTED if module is not dear] + [dear.judge(scope, HUB)]
        ).sort("test", "candidate")
    law = verdicts["family"].str.split_exact(" ", 2).struct.unnest().cast(pl.Float64).to_numpy().T
    exact, more = (stats.binom.sf(law[0] - less, law[1], law[2]) for less in (1, 0))
    reached = 10.0 ** -verdicts["surprise"].to_numpy()
    spread_out = verdicts.with_columns(
        p=pl.Series(reached).clip(0.0, 1.0), u=pl.Series(spread(exact, more, reached, rng))
    )
    origin = scope.candidates.members.select("candidate", "origin").unique()
    given = (pl.col("origin") == "star") & pl.col("test").is_in(GIVEN)
    given |= (pl.col("origin") == "together") & pl.col("test").is_in(GIVEN_BY_LINKS)
    return spread_out.join(origin, on="candidate").filter(~given)


def _waits(scope: Scope) -> pl.DataFrame:
    """How long members wait with reviews, which has no steps."""
    told = haste.judge(scope).select("test", p=10.0 ** -pl.col("surprise"))
    return told.with_columns(u="p")


def _told(rings: pl.DataFrame, family: str, test: str, trials: str) -> pl.DataFrame:
    """The verdicts of `binomial`, with the law (successes, trials, chance) in the place of the family."""
    told = binomial(rings, family, test, trials)
    x, p0 = (rings["x"] + 1e-9).floor(), rings["p0"].clip(1e-6, 0.99)
    law = pl.DataFrame({"x": x, "n": rings["n"], "p0": p0})
    return told.with_columns(family=law.select(pl.format("{} {} {}", "x", "n", "p0")).to_series())


def _attributes(world: World, drawn: Candidates, rng: Generator) -> pl.DataFrame:
    """Shared attributes: a group that they join too little is not asked, and stands with p of 1."""
    verdicts = identity.judge(identity.Joining.of(asked(world, drawn), HUB)).sort("candidate")
    k, expected = verdicts["observed"].to_numpy(), verdicts["expected"].to_numpy()
    exact, more = (stats.poisson.sf(k - less, expected) for less in (1, 0))
    told = verdicts.select(p=pl.Series(exact), u=pl.Series(spread(exact, more, exact, rng)))
    silent = np.ones(drawn.members["candidate"].n_unique() - verdicts.height)
    every = pl.concat([told, pl.DataFrame({"p": silent, "u": silent})])
    return every.with_columns(test=pl.lit("f3_shared_attributes"))


def _values(world: World, drawn: Candidates) -> pl.DataFrame:
    """Every value that a member of a group holds; one that too few hold stands with p of 1."""
    members = drawn.members.select("candidate", "buyer")
    parts = []
    for kind in sorted(set(FAMILY) & set(world.linked.tokens)):
        frame = world.linked.tokens[kind].frame
        held = frame.join(members, on="buyer").select("candidate", "token").unique().height
        p: Any = np.ones(held)
        raw = drawn.values.filter(pl.col("kind") == kind)["raw"].to_numpy()
        p[: raw.size] = np.minimum(10.0**-raw, 1.0)
        parts.append(pl.DataFrame({"p": p, "u": p}).with_columns(test=pl.lit(f"f4_{kind}")))
    return pl.concat(parts)
