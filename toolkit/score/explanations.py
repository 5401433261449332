"""Innocent explanations of each ring: which were tested, with what result, and which the data could not test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.results import Explanations
from toolkit.score import identity

if TYPE_CHECKING:
    from toolkit.score.scope import Scope

SPOKE: Final = 2.5
KINDS_OF_TEXT: Final = ("review_text", "message_text", "refund_text")
COPIES: Final = tuple(f"f4_{kind}" for kind in KINDS_OF_TEXT)
TESTED_BY: Final = {
    "viral listing or flash sale": (
        "f5_synchrony",
        "members act closer together in time than the listings' other buyers do",
        "members act no closer together in time than the listings' other buyers do",
    ),
    "enthusiasts who review everything": (
        "f6_review_conversion",
        "members review far less of what they buy elsewhere",
        "members review as much of what they buy elsewhere, or as enthusiasts do",
    ),
    "goods as good, or as bad, as the ratings say": (
        "f6_rating",
        "other reviewers of the same listings, and members elsewhere, seldom give that rating",
        "other reviewers of the same listings, or members elsewhere, rate like that too",
    ),
    "campaign open to everybody": (
        "f7_subsidised",
        "other buyers of the same sellers in the same weeks use the subsidy less than half as often",
        "other buyers of the same sellers in the same weeks use the subsidy too",
    ),
    "bad batch of goods": (
        "f7_refunded",
        "other buyers of the same sellers in the same weeks are refunded less than half as often",
        "other buyers of the same sellers in the same weeks are refunded too",
    ),
}
"""Explanation -> the test that excludes it, and what it says either way."""


def explanations(scope: Scope, verdicts: pl.DataFrame, rings: pl.DataFrame) -> pl.DataFrame:
    """Schema Explanations, for every ring."""
    ids = rings.select("candidate", "ring_id")
    parts = [_by_test(ids, verdicts, name, *rest) for name, rest in TESTED_BY.items()]
    parts += [_words(scope, verdicts, ids), _household(scope, ids), _shared_places(scope, ids), _sampling(scope, ids)]
    told = pl.concat(parts).with_columns(finding_id=pl.lit(None, pl.String))
    return told.select(Explanations.column_names()).sort("ring_id", "explanation")


def _by_test(ids: pl.DataFrame, verdicts: pl.DataFrame, name: str, test: str, no: str, yes: str) -> pl.DataFrame:
    """Excluded where the test spoke, possible where it did not, not tested where the data could not feed it."""
    best = verdicts.filter(pl.col("test") == test).group_by("candidate").agg(pl.col("surprise").max())
    joined = ids.join(best, on="candidate", how="left")
    surprise = pl.col("surprise")
    result = pl.when(surprise.is_null()).then(pl.lit("not_tested"))
    statement = pl.when(surprise.is_null()).then(pl.lit("the data have nothing to test this with"))
    return joined.select(
        "ring_id",
        explanation=pl.lit(name),
        result=result.when(surprise >= SPOKE).then(pl.lit("excluded")).otherwise(pl.lit("possible")),
        statement=statement.when(surprise >= SPOKE).then(pl.lit(no)).otherwise(pl.lit(yes)),
    )


def _words(scope: Scope, verdicts: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Whether somebody else gave members their words; of rings whose words differ, nothing is said."""
    asked = verdicts.filter(pl.col("test").is_in(COPIES)).group_by("candidate").agg(pl.col("surprise").max())
    if set(KINDS_OF_TEXT) & set(scope.linked.tokens):
        ids = ids.join(asked, on="candidate")
    else:
        ids = ids.with_columns(surprise=pl.lit(None, pl.Float64))
    spoke = pl.col("surprise") >= SPOKE
    rarer = "members' texts are nearly the same at several shops, and rarer among others of their kind"
    common = "what is nearly the same in members' texts is as common among others of their kind"
    untold = pl.col("surprise").is_null()
    told = pl.when(untold).then(pl.lit("the data hold no text that several accounts wrote at several shops"))
    result = pl.when(untold).then(pl.lit("not_tested")).when(spoke).then(pl.lit("excluded"))
    return ids.select(
        "ring_id",
        explanation=pl.lit("words that the goods, a shop or the platform suggest"),
        result=result.otherwise(pl.lit("possible")),
        statement=told.when(spoke).then(pl.lit(rarer)).otherwise(pl.lit(common)),
    )


def _household(scope: Scope, ids: pl.DataFrame) -> pl.DataFrame:
    """How many households the members are, and how many of them hold one address that may be a home."""
    members = scope.candidates.members.select("candidate", "buyer")
    homes = members.with_columns(home=pl.Series(scope.linked.household[members["buyer"].to_numpy()]))
    counts = homes.group_by("candidate").agg(n=pl.len(), homes=pl.col("home").n_unique())
    joined = ids.join(counts, on="candidate").join(identity.actors(scope), on="candidate")
    there = pl.col("n") + 1 - pl.col("actors")
    one = (pl.col("homes") < 3) | (2 * there > pl.col("n"))
    said = pl.format("the {} accounts are {} households; each counts once in every test", "n", "homes")
    under = pl.format("{}; {} of them hold one private address", said, there)
    return joined.select(
        "ring_id",
        explanation=pl.lit("one household"),
        result=pl.when(one).then(pl.lit("possible")).otherwise(pl.lit("excluded")),
        statement=pl.when(there > 1).then(under).otherwise(said),
    )


def _shared_places(scope: Scope, ids: pl.DataFrame) -> pl.DataFrame:
    """Whether lockers, forwarders, dormitories or offices join members; they never count as evidence."""
    name = "locker, forwarder, dormitory or office"
    if not scope.market.has("addresses", "kind") or "address" not in scope.linked.tokens:
        unknown = pl.lit("the data do not say which addresses are shared places; only crowded ones were left out")
        return ids.select("ring_id", explanation=pl.lit(name), result=pl.lit("not_tested"), statement=unknown)
    kind = pl.col("kind").cast(pl.String)
    places = scope.market.table("addresses").filter(kind.is_in(["locker", "forwarder", "dormitory", "office"]))
    held = scope.linked.tokens["address"].frame.select("buyer", address="token").join(places, on="address")
    members = scope.candidates.members.select("candidate", "buyer").join(held, on="buyer")
    counts = members.group_by("candidate").agg(there=pl.col("buyer").n_unique())
    joined = ids.join(counts, on="candidate", how="left").with_columns(pl.col("there").fill_null(0))
    return joined.select(
        "ring_id",
        explanation=pl.lit(name),
        result=pl.lit("excluded"),
        statement=pl.format(
            "{} of the members {} such places; these places count neither as links nor as evidence",
            "there",
            pl.when(pl.col("there") == 1).then(pl.lit("uses")).otherwise(pl.lit("use")),
        ),
    )


def _sampling(scope: Scope, ids: pl.DataFrame) -> pl.DataFrame:
    """Whether the platform itself brought the members together."""
    known = scope.market.has("vouchers", "kind")
    told = (
        "orders that a sampling programme of the platform paid for were left out" if known else "no vouchers are named"
    )
    result = "excluded" if known else "not_tested"
    return ids.select(
        "ring_id",
        explanation=pl.lit("sampling programme of the platform"),
        result=pl.lit(result),
        statement=pl.lit(told),
    )
