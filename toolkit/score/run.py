"""Candidates to result tables: judge, gate, name, cite, count the money."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.contracts.candidates import AT_STAR, BY_ATTRIBUTES, ERROR_SHARE
from toolkit.contracts.plugins import NO_EXTRA
from toolkit.contracts.results import RESULTS
from toolkit.parallel import at_once, side_by_side
from toolkit.score import (
    clicks,
    conversion,
    dear,
    haste,
    identity,
    money,
    rates,
    ratings,
    stars,
    stories,
    synchrony,
    tokens,
)
from toolkit.score.evidence import evidence
from toolkit.score.explanations import explanations
from toolkit.score.kept import candidates_table, tests_table
from toolkit.score.model import judged, worth_keeping
from toolkit.score.scope import Scope, scope
from toolkit.score.tables import links_table, members_table, rings_table, targets_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.config import Settings
    from toolkit.contracts.candidates import Candidates, Linked
    from toolkit.contracts.plugins import Extra
    from toolkit.market import Market


BIRTHS: Final = "f4_created_on"
GATE: Final = 2.0
"""-log10 p, after every test of every candidate is paid for, at which a group is asked further: one chance in a hundred
that any candidate passes by luck."""


@dataclass(frozen=True)
class Scored:
    """The result tables about rings, each in its schema of `contracts.results`."""

    rings: pl.DataFrame
    members: pl.DataFrame
    targets: pl.DataFrame
    evidence: pl.DataFrame
    explanations: pl.DataFrame
    money: pl.DataFrame
    links: pl.DataFrame
    candidates: pl.DataFrame
    tests: pl.DataFrame


def score(
    market: Market, linked: Linked, candidates: Candidates, settings: Settings, extra: Extra = NO_EXTRA
) -> Scored:
    """Judge every candidate; those with at least one family that speaks become rings. `extra` is what plug-ins add."""
    ours = scope(market, linked, candidates)
    joining = identity.Joining.of(ours, settings.link.hub)
    verdicts = verdict(ours, joining, settings, extra)
    kept, every = kept_readings(candidates, identity.actors(ours), verdicts, settings, extra)
    ours, candidates = ours.among(kept), candidates.among(kept)
    verdicts = verdicts.filter(pl.col("candidate").is_in(kept.implode()))
    rings = worth_keeping(every, settings.score)
    digests = _ring_ids(market, candidates)
    rings = rings.join(digests, on="candidate").sort("ring_id").unique("ring_id", maintain_order=True)
    groups = candidates_table(every.select("candidate", "size", "actors", "origin"), digests)
    ids = rings.select("candidate", "ring_id", "size")
    tables: dict[str, Callable[[], pl.DataFrame]] = {
        "evidence": lambda: evidence(ours, verdicts, ids, settings.link.hub, extra.tests),  # as long as all others
        "rings": lambda: rings_table(ours, rings, extra.schemes),
        "members": lambda: members_table(ours, ids),
        "targets": lambda: targets_table(ours, ids),
        "explanations": lambda: explanations(ours, verdicts, rings),
        "money": lambda: money.of_rings(ours, ids),
        "links": lambda: links_table(ours, ids),
        "candidates": lambda: groups,
        "tests": lambda: tests_table(ours, verdicts, groups, joining),
    }
    made = dict(zip(tables, side_by_side(tables.values()), strict=True))
    return Scored(**{name: _significant(name, frame) for name, frame in made.items()})


def standing(
    market: Market, linked: Linked, candidates: Candidates, settings: Settings, extra: Extra = NO_EXTRA
) -> pl.DataFrame:
    """tier, score of the rings that `score` would find, and nothing else: what a null world is asked for."""
    ours = scope(market, linked, candidates)
    verdicts = verdict(ours, identity.Joining.of(ours, settings.link.hub), settings, extra)
    _, every = kept_readings(candidates, identity.actors(ours), verdicts, settings, extra)
    return worth_keeping(every, settings.score).select("tier", "score")


def kept_readings(
    candidates: Candidates, actors: pl.DataFrame, verdicts: pl.DataFrame, settings: Settings, extra: Extra
) -> tuple[pl.Series, pl.DataFrame]:
    """The reading of each proposal that stays, and what is said of every one that does.

    An alert before what is none, then that of which most speaks, then the larger: whoever else was added made it say
    less. What is left at a star stays only where nothing else is an alert: the star said of it that it is together.
    Every reading has been paid for as a group of its own.
    """
    columns = pl.col("origin", "proposal", "reading").first()
    told = candidates.members.group_by("candidate").agg(pl.len().alias("size"), columns).join(actors, on="candidate")
    every = judged(verdicts, told.select("candidate", "size", "actors", "origin"), settings.score, extra)
    ranked = every.join(told.select("candidate", "proposal", "reading"), on="candidate").sort(
        pl.col("tier") == "lead",
        pl.col("reading") == AT_STAR,
        pl.col("score").round(6),  # not by the last digit, which tells in what order it was added up
        "size",
        "candidate",
        descending=[False, False, True, True, False],
    )
    kept = ranked.unique("proposal", keep="first", maintain_order=True).sort("candidate")
    return kept["candidate"], kept.select(every.columns)


def verdict(ours: Scope, joining: identity.Joining, settings: Settings, extra: Extra = NO_EXTRA) -> pl.DataFrame:
    """Every test of every candidate (schema JUDGED), and `raw`: -log10 p before the tests are paid for.

    Tests are paid for twice over, as gatekeepers do (Dmitrienko, Offen and Westfall 2003). First, something must join a
    group: values, a star, attributes, acts at the same time, against all such tests of all candidates (Bonferroni). The
    groups that pass are asked everything; each test then keeps its own rate of false discoveries (Benjamini and
    Hochberg 1995), over those groups that can be asked it, times the number of tests.
    """
    joined = side_by_side(
        [
            lambda: tokens.judge(ours),
            lambda: stars.judge(ours.candidates, ours.linked),
            lambda: identity.judge(joining),
            lambda: synchrony.judge(ours),
            lambda: dear.judge(ours, settings.link.hub),
        ]
    )
    plugged = [
        test.judge(ours).with_columns(test=pl.lit(test.name), family=pl.lit(test.family)) for test in extra.tests
    ]
    asked = pl.concat([*joined, *plugged]).with_columns(raw=pl.col("surprise"))
    whole = pl.col("kind").is_null()
    owed = _owed(ours, _tests(asked))
    paid = asked.join(owed, on="candidate", how="left", maintain_order="left")
    paid = paid.with_columns(surprise=pl.col("raw") - pl.when(whole).then("owed").otherwise(0.0))
    paid = _born_beyond_homes(paid, owed, joining, settings.score.family_surprise)
    chosen_by = pl.col("linked_only") & (pl.col("test") == "f3_shared_attributes")
    passed = paid.filter((pl.col("surprise") >= GATE) & ~chosen_by)["candidate"].unique()
    paid = paid.select(asked.columns)
    among, chosen = ours.among(passed), pl.col("candidate").is_in(passed.implode())
    asking = (conversion, ratings, haste, rates, stories, clicks)
    further = pl.concat(at_once(lambda test: test.judge(among), asking))
    further = further.with_columns(raw=pl.col("surprise"), groups=pl.len().over("test"))
    every = pl.concat([paid.filter(chosen & whole).with_columns(groups=pl.lit(len(passed), pl.UInt32)), further])
    again = _adjusted(every, _tests(every)).select(paid.columns)
    return pl.concat([paid.filter(~(chosen & whole)), again]).sort("candidate", "family", "test", "token")


def _born_beyond_homes(paid: pl.DataFrame, owed: pl.DataFrame, joining: identity.Joining, least: float) -> pl.DataFrame:
    """The verdicts, without births of candidates that only links proposed and of which links join no more than homes.

    Who lives together comes together, and a term, a job or a campaign brings many homes on one day.
    """
    beyond = identity.judge(joining.of_homes()).join(owed, on="candidate")
    loud = beyond.filter(pl.col("surprise") - pl.col("owed") >= least)["candidate"]
    homes = pl.col("linked_only") & ~pl.col("candidate").is_in(loud.implode())
    return paid.filter(~((pl.col("test") == BIRTHS) & homes))


def _owed(ours: Scope, tests: int) -> pl.DataFrame:
    """candidate, linked_only, owed: log10 of the tests of whole groups, over its like's share of error."""
    members = ours.candidates.members
    groups = members.select("candidate", linked_only=pl.col("origin") == BY_ATTRIBUTES).unique()
    share = pl.col("linked_only").replace_strict(ERROR_SHARE, return_dtype=pl.Float64)
    return groups.with_columns(owed=(pl.len().over("linked_only") * tests / share).log10())


def _tests(verdicts: pl.DataFrame) -> int:
    """How many tests of whole groups there are."""
    return verdicts.filter(pl.col("kind").is_null())["test"].n_unique()


def _adjusted(whole: pl.DataFrame, tests: int) -> pl.DataFrame:
    """Tests of whole groups with -log10 of their adjusted p (Benjamini-Hochberg within a test, times the tests).

    `groups` is how many were asked: a group without reviews can't be wrongly blamed for them (Tarone 1990).
    """
    ranked = whole.sort("test", "raw", "candidate", descending=[False, True, False])
    place = pl.int_range(1, pl.len() + 1).over("test")
    own = pl.col("raw") - (pl.col("groups") * tests / place).log10()
    return ranked.with_columns(surprise=own.reverse().cum_max().reverse().over("test"))


def _ring_ids(market: Market, candidates: Candidates) -> pl.DataFrame:
    """candidate, ring_id: a digest of the sorted member ids, so the same members are the same ring everywhere."""
    members = candidates.members.with_columns(id=market.decode("buyer", candidates.members["buyer"]))
    joined = members.sort("candidate", "id").group_by("candidate", maintain_order=True).agg(pl.col("id").str.join("\n"))
    digests = [f"r_{hashlib.sha256(text.encode()).hexdigest()[:12]}" for text in joined["id"]]
    return joined.select("candidate", ring_id=pl.Series(digests, dtype=pl.String))


def _significant(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Statistics with 9 significant digits; money as it is."""
    schema = RESULTS[name]
    numbers = [c for c, d in frame.schema.items() if d == pl.Float64 and not (name == "money" and c == "amount")]
    return frame.with_columns(pl.col(numbers).round_sig_figs(9)).select(schema.column_names())
