"""Members and tokens are refined in turn, and what comes of it is read in several ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.candidates import STAR
from toolkit.detect.attach import attached
from toolkit.detect.belonging import SCORED, belonging
from toolkit.detect.enrich import VALUES, differing, populations

if TYPE_CHECKING:
    from toolkit.config import DetectSettings
    from toolkit.detect.asking import Asking
    from toolkit.detect.enrich import Tally

WIDENED: Final = 2
"""How often windows are taken from all members and those who show once are looked for inside them: the windows of the
first members are too short for the ring that they lead to."""

VALUE: Final = ["candidate", "kind", "token", "k", "n", "holders", "start", "end"]
"""What a value is, for those who ask whether it is still the same."""


@dataclass(frozen=True)
class Answer:
    """What was asked about candidates, and what came of it: who is asked the same again gets the same answer.

    Attributes:
        members: Who was in them.
        held: The values that they held.
        found: The answer: candidate, buyer, and whatever else.
    """

    members: pl.DataFrame
    held: pl.DataFrame
    found: pl.DataFrame

    def changed(self, members: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
        """The candidates that are not as they were."""
        parts = [differing(self.members, members, ["candidate", "buyer"]), differing(self.held, held, VALUE)]
        return pl.concat(parts).unique()


@dataclass(frozen=True)
class Reading:
    """One way to read what was proposed: who belongs to it.

    Attributes:
        members: Schema SCORED.
        values: What of it the proposed members hold beyond chance (schema VALUES).
    """

    members: pl.DataFrame
    values: pl.DataFrame


def refine(proposed: pl.DataFrame, ask: Asking) -> list[Reading]:
    """The readings of each candidate; too small ones are gone.

    The whole: with those who show once. The core: without them, since what a few do together is lost among more people
    than it holds for. What is left of the core at the star that proposed it. Which of them is right is judged by what
    speaks of each.

    Args:
        proposed: candidate, buyer, origin.
        ask: What questions are asked with; most candidates are settled after the first round, and are not asked again.
    """
    if proposed.height == 0:
        return [Reading(pl.DataFrame(schema=SCORED), pl.DataFrame(schema=VALUES))]
    members = founders = proposed.select("candidate", "buyer")
    tally, answer = None, None
    for left in reversed(range(ask.settings.rounds)):
        tally = ask.tally(members.join(founders, on=["candidate", "buyer"], how="semi"), tally)
        # What leads on is asked of a group by itself; who is a member is decided by what stands against all.
        answer = _answered(members, ask.values(tally, alone=left > 0), founders, ask, answer)
        members = answer.found
    readings = []
    for part in (_widened(members, ask, tally), members, _at_star(members, proposed, ask.settings)):
        tally = ask.tally(part.join(founders, on=["candidate", "buyer"], how="semi"), tally)
        readings.append(Reading(part, ask.values(tally)))
    return readings


def _at_star(core: pl.DataFrame, proposed: pl.DataFrame, settings: DetectSettings) -> pl.DataFrame:
    """The core, of candidates that a star proposed without whoever was not there; others as they are."""
    stars = pl.col("candidate").is_in(proposed.filter(pl.col("origin") == STAR)["candidate"].unique().implode())
    there = core.filter(stars).join(proposed, on=["candidate", "buyer"], how="semi")
    return of_ring_size(pl.concat([core.filter(~stars), there]), settings)


def _answered(
    before: pl.DataFrame, held: pl.DataFrame, proposed: pl.DataFrame, ask: Asking, last: Answer | None
) -> Answer:
    """The members of candidates that are not as they were when it was asked last; the others' stay."""
    before = before.select("candidate", "buyer")
    if last is None:
        return Answer(before, held, of_ring_size(belonging(before, held, proposed, ask), ask.settings))
    changed = last.changed(before, held)
    again, theirs = (part.join(changed, on="candidate", how="semi", maintain_order="left") for part in (before, held))
    fresh = of_ring_size(belonging(again, theirs, proposed, ask), ask.settings)
    settled = last.found.join(changed, on="candidate", how="anti")
    return Answer(before, held, pl.concat([settled, fresh]).sort("candidate", "buyer"))


def _widened(core: pl.DataFrame, ask: Asking, tally: Tally | None) -> pl.DataFrame:
    """The members, and those who show on one of the candidate's things only."""
    drawn = populations(core, ask.linked.region)
    members, last = core, None
    for _ in range(WIDENED):
        tally = ask.tally(members, tally, facts=True)
        last = _shown(members, ask.values(tally), ask, drawn, last)
        found = last.found.join(core, on=["candidate", "buyer"], how="anti")
        odds = (pl.col("posterior") / (1.0 - pl.col("posterior")).clip(1e-4)).log()
        added = found.select(
            "candidate",
            "buyer",
            score=odds,
            margin=odds,
            n_families=pl.lit(1),
            best_kind="kind",
            acts_alone=pl.lit(value=False),
        )
        members = of_ring_size(pl.concat([core, added.select(SCORED.names()).cast(SCORED)]), ask.settings)
    return members


def _shown(members: pl.DataFrame, held: pl.DataFrame, ask: Asking, drawn: pl.DataFrame, last: Answer | None) -> Answer:
    """Who shows on candidates' things, asked of those only that are not as they were."""
    members = members.select("candidate", "buyer")
    if last is None:
        return Answer(members, held, attached(members, held, ask.shelves, drawn, ask.compute))
    changed = last.changed(members, held)
    again, theirs = (part.join(changed, on="candidate", how="semi", maintain_order="left") for part in (members, held))
    fresh = attached(again, theirs, ask.shelves, drawn, ask.compute)
    settled = last.found.join(changed, on="candidate", how="anti")
    return Answer(members, held, pl.concat([settled, fresh]).sort("candidate", "buyer"))


def of_ring_size(members: pl.DataFrame, settings: DetectSettings) -> pl.DataFrame:
    """The best-supported members up to the largest size of a ring; candidates with too few are gone."""
    best = members.sort("candidate", "score", "buyer", descending=[False, True, False])
    place = pl.int_range(pl.len()).over("candidate")
    enough = pl.len().over("candidate") >= settings.smallest
    return best.filter((place < settings.largest) & enough).sort("candidate", "buyer")
