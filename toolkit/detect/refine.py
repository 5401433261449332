"""Members by their own evidence inside the ring's windows: tokens and members are refined in turn.

A buyer's log odds are the sum over the ring's values of ln(q/p): q, the share of the ring on the value without the
buyer's own household; p, how likely a buyer of its activity holds it. Kinds that rest on the same acts overlap, so the
best one counts. A buyer stays where the odds beat the prior, ring size over accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.contracts.candidates import STAR
from toolkit.detect.attach import FACTS, attached
from toolkit.detect.enrich import VALUES, Tally, differing, populations, tallied, values
from toolkit.detect.shelves import chance, places
from toolkit.ports import WORST, Bars, Holders

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from toolkit.config import DetectSettings
    from toolkit.contracts.candidates import Linked
    from toolkit.contracts.tokens import TokenKind
    from toolkit.detect.shelves import Shelf
    from toolkit.ports import Compute, Holding

AFFINITY: Final = 1.0
"""Who buys one of the ring's listings is likelier to buy another: favourite categories give about this factor."""
BEHAVIOUR: Final = (
    "listing_ordered",
    "listing_reviewed",
    "listing_clicked",
    "seller_ordered",
    "voucher",
    "voucher_days",
    "campaign",
    "seller_subsidised",
    "seller_refunded",
    "refund_story",
)
"""Kinds that one and the same order may show up in."""

PURSES: Final = ("refund_instrument", "funding_source", "tracking", "card_purchaser", "card_purchase_payment")
"""Kinds that come with an act: who has one has done what the ring does, and needs no more than one of them. An agent
has several, and serves each account through one; those that it has not say nothing against it."""

GIVEN: Final = ("created_on",)
"""Kinds that what an account does may ask for: a code for newcomers brings accounts of the same days, and who came by
it would be counted twice. Among millions of accounts that made members of strangers."""

IDENTITY_CAP: Final = 12.0
"""Natural log odds from attributes, at most: several attributes of one account are one fact."""

WIDENED: Final = 2
"""How often windows are taken from all members and those who show once are looked for inside them: the windows of the
first members are too short for the ring that they lead to."""

SCORED: Final = pl.Schema(
    {
        "candidate": pl.UInt32,
        "buyer": pl.UInt32,
        "score": pl.Float64,
        "margin": pl.Float64,
        "n_families": pl.UInt32,
        "best_kind": pl.String,
        "acts_alone": pl.Boolean,
    }
)


VALUE: Final = ["candidate", "kind", "token", "k", "n", "holders", "start", "end"]
"""What a value is, for those who ask whether it is still the same."""


@dataclass(frozen=True)
class Asking:
    """What every question is asked with.

    Attributes:
        linked: What the link stage found.
        compute: The engine.
        shelves: Every kind of token.
        holding: Who holds the values of every kind.
        settings: Those of the stage.
        error_share: Share of the chance of a false alarm that the candidates may use up.
    """

    linked: Linked
    compute: Compute
    shelves: Mapping[str, Shelf]
    holding: Holding
    settings: DetectSettings
    error_share: float = 1.0

    def tally(self, members: pl.DataFrame, before: Tally | None, *, facts: bool = False) -> Tally:
        """What the members hold of every kind, or of those that are facts."""
        shelves = {name: one for name, one in self.shelves.items() if name in FACTS or not facts}
        floor = self.settings.token_surprise
        home, region = self.linked.household, self.linked.region
        return tallied(members, self.compute, shelves, home, region, least_surprise=floor, before=before)

    def values(self, tally: Tally, *, alone: bool = False) -> pl.DataFrame:
        """What of it is beyond chance."""
        least, share = self.settings.token_surprise, self.settings.least_share
        return values(tally, least_surprise=least, least_share=share, error_share=self.error_share, alone=alone)


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
        return Answer(before, held, of_ring_size(_members(before, held, proposed, ask), ask.settings))
    changed = last.changed(before, held)
    again, theirs = (part.join(changed, on="candidate", how="semi", maintain_order="left") for part in (before, held))
    fresh = of_ring_size(_members(again, theirs, proposed, ask), ask.settings)
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


def _members(before: pl.DataFrame, held: pl.DataFrame, proposed: pl.DataFrame, ask: Asking) -> pl.DataFrame:
    """The buyers whose odds beat the prior, with their score."""
    linked, settings = ask.linked, ask.settings
    sizes = before.group_by("candidate").agg(size=pl.len()).join(populations(before, linked.region), on="candidate")
    sizes = sizes.with_columns(outside=_outside(settings)).sort("candidate")
    held = held.join(sizes.select("candidate", "population"), on="candidate", maintain_order="left")
    facts = {name: _fact(shelf.kind) for name, shelf in ask.shelves.items() if (held["kind"] == name).any()}
    names = sorted(facts, key=lambda name: facts[name])  # so that an account's odds for one fact are beside each other
    number = {name: place for place, name in enumerate(ask.shelves)}
    kinds = [_holders(number[name], ask.shelves[name], held.filter(pl.col("kind") == name)) for name in names]
    bars = Bars(
        group=sizes["candidate"].to_numpy(),
        bar=sizes["outside"].to_numpy(),
        founder_share=settings.founder_prior,
        inside=before.select(group="candidate", actor="buyer"),
        founders=proposed.select(group="candidate", actor="buyer"),
        n_actors=linked.n_buyers,
    )
    found = ask.compute.odds(ask.holding, kinds, bars, cap=IDENTITY_CAP)
    by_kind = found.select(candidate="group", buyer="actor", odds="odds").hstack(_about(names, facts)[found["kind"]])
    return _judged(by_kind, _idle(held, linked), sizes, proposed, settings)


def _about(names: Sequence[str], facts: Mapping[str, str]) -> pl.DataFrame:
    """kind, family, acts, does: what each kind counts for, if it is an act, and if whoever has it did something."""
    return pl.DataFrame(
        [
            pl.Series("kind", names, pl.Enum(sorted(names))),
            pl.Series("family", [facts[name] for name in names], pl.Enum(sorted({*facts.values(), "identity"}))),
            pl.Series("acts", [name in BEHAVIOUR for name in names], pl.Boolean),
            pl.Series("does", [name in (*BEHAVIOUR, *PURSES) for name in names], pl.Boolean),
        ]
    )


def _idle(held: pl.DataFrame, linked: Linked) -> pl.DataFrame:
    """candidate, odds_idle: log odds of a buyer that did nothing of what the ring does, in the kind that says least.

    Who only lives with a member, or lent it a card, is no member of a ring whose members nearly all buy its targets.
    """
    acts = [name for name in BEHAVIOUR if name in linked.tokens and linked.tokens[name].timed]
    q = (pl.col("k") / (pl.col("n") + 0.5)).clip(0.0, 0.95)
    by_kind = held.filter(pl.col("kind").is_in(acts)).group_by("candidate", "kind").agg(odds=(1.0 - q).log().sum())
    return by_kind.group_by("candidate").agg(odds_idle=pl.col("odds").max().clip(lower_bound=WORST))


def _holders(number: int, shelf: Shelf, held: pl.DataFrame) -> Holders:
    """What the values of one kind say about each buyer that holds one."""
    kind, (low, high) = shelf.kind, places(shelf, held)
    q = (pl.col("k") / (pl.col("n") + 0.5)).clip(0.0, 0.95)
    missed = held.select(missed=(1.0 - q).log().sum().over("candidate"))["missed"].to_numpy()
    timed = kind.timed and kind.name not in PURSES
    affinity = AFFINITY if kind.name in BEHAVIOUR and kind.name != "voucher" else 1.0
    return Holders(
        number=number,
        group=held["candidate"].to_numpy(),
        low=low,
        high=high,
        hits=held["k"].to_numpy(),
        homes=held["n"].to_numpy(),
        chance=affinity * chance(kind, held, held["holders"].to_numpy()),
        missed=missed if timed else np.zeros(held.height),
        timed=timed,
        family="" if _fact(kind) == "identity" else _fact(kind),
    )


def _fact(kind: TokenKind) -> str:
    """What a kind counts for: kinds that one and the same order may show up in are one fact."""
    return "behaviour" if kind.name in (*BEHAVIOUR, *GIVEN) else kind.family


def _outside(settings: DetectSettings) -> pl.Expr:
    """The prior log odds, turned round, that whoever was not proposed must beat."""
    return (pl.col("population") / pl.col("size")).log() + float(np.log(settings.member_prior_odds))


def _likeliest() -> pl.Expr:
    """The kind with the highest odds; by name where they are alike but for the order in which they were added up."""
    return pl.col("kind").sort_by(pl.col("odds").round(9), "kind").last()


def _judged(
    by_kind: pl.DataFrame, idle: pl.DataFrame, sizes: pl.DataFrame, proposed: pl.DataFrame, settings: DetectSettings
) -> pl.DataFrame:
    """Sum over families of the best kind (identity: sum of kinds, capped), against the prior.

    Rows of one account, and of these such of one family, stand beside each other: groups that are runs take half of
    the time of groups that must be looked for.
    """
    account = (pl.col("candidate").cast(pl.UInt64) * (1 << 32) + pl.col("buyer")).rle_id()
    runs = by_kind.with_columns(account=account, fact=pl.struct(account, "family").rle_id())
    summed, best = pl.col("odds").sum().clip(upper_bound=IDENTITY_CAP), pl.col("odds").max()
    families = runs.group_by("fact").agg(
        pl.col("account", "candidate", "buyer", "family").first(),
        odds=pl.when(pl.col("family").first() == "identity").then(summed).otherwise(best),
        kind=_likeliest(),
        acted=pl.col("odds").filter("acts").max(),
        does=pl.col("does").any(),
    )
    total = families.group_by("account").agg(
        pl.col("candidate", "buyer").first(),
        score=pl.col("odds").clip(lower_bound=WORST).sort().sum(),  # in one order: the last digit decides between twins
        n_families=(pl.col("odds") > 2.0).sum().cast(pl.UInt32),
        best_kind=_likeliest(),
        acted=pl.col("acted").sum(),  # a birth is told with what accounts do, but is nothing that they did
        idle=~pl.col("does").any(),
    )
    total = total.join(idle, on="candidate", how="left").with_columns(
        pl.col("score") + pl.when("idle").then(pl.col("odds_idle").fill_null(0.0)).otherwise(0.0)
    )
    founders = proposed.with_columns(founder=pl.lit(value=True))
    weighed = total.join(sizes, on="candidate").join(founders, on=["candidate", "buyer"], how="left")
    eased = settings.founder_prior * pl.col("outside")
    prior = pl.when(pl.col("founder").fill_null(value=False)).then(eased).otherwise(pl.col("outside"))
    kept = weighed.filter(pl.col("score") >= prior)
    kept = kept.with_columns(acts_alone=pl.col("acted") >= prior, margin=pl.col("score") - prior)
    return kept.select(SCORED.names()).cast(SCORED).sort("candidate", "buyer")
