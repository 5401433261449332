"""Who belongs to a candidate: the accounts whose own acts and things, inside the ring's windows, beat the prior.

A buyer's log odds are the sum over the ring's values of ln(q/p): q, the share of the ring on the value without the
buyer's own household; p, how likely a buyer of its activity holds it. Kinds that rest on the same acts overlap, so the
best one counts. A buyer stays where the odds beat the prior, ring size over accounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.detect.enrich import populations
from toolkit.detect.shelves import chance, places
from toolkit.ports import WORST, Bars, Holders

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from toolkit.config import DetectSettings
    from toolkit.contracts.candidates import Linked
    from toolkit.contracts.tokens import TokenKind
    from toolkit.detect.asking import Asking
    from toolkit.detect.shelves import Shelf

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

CODES: Final = ("voucher", "voucher_days", "campaign")
"""Kinds of which people use several by taste."""
TASTE: Final = float(np.log(10.0))
"""Log odds that each further code says less of whoever was not proposed: who uses one code uses another ten times as
often as by chance, as is taken of the bystanders of `attach`. Were codes apart from each other, the larger a market,
the more strangers would be members by two of them. Those who were proposed met on more than that."""

IDENTITY_CAP: Final = 12.0
"""Natural log odds from attributes, at most: several attributes of one account are one fact."""

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


def belonging(before: pl.DataFrame, held: pl.DataFrame, proposed: pl.DataFrame, ask: Asking) -> pl.DataFrame:
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
    return Holders(
        number=number,
        group=held["candidate"].to_numpy(),
        low=low,
        high=high,
        hits=held["k"].to_numpy(),
        homes=held["n"].to_numpy(),
        chance=chance(kind, held, held["holders"].to_numpy()),
        missed=missed if timed else np.zeros(held.height),
        timed=timed,
        family="" if _fact(kind) == "identity" else _fact(kind),
        again=TASTE if kind.name in CODES else 0.0,
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
