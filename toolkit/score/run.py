"""Candidates to result tables: judge, gate, name, cite, count the money."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from toolkit.contracts.plugins import NO_EXTRA
from toolkit.contracts.results import RESULTS
from toolkit.score import clicks, conversion, identity, money, rates, stars, synchrony, tokens
from toolkit.score.evidence import evidence
from toolkit.score.explanations import explanations
from toolkit.score.kept import candidates_table, tests_table
from toolkit.score.model import judged, worth_keeping
from toolkit.score.scope import Scope, scope
from toolkit.score.tables import links_table, members_table, rings_table, targets_table

if TYPE_CHECKING:
    from toolkit.config import Settings
    from toolkit.contracts.candidates import Candidates, Linked
    from toolkit.contracts.plugins import Extra
    from toolkit.market import Market


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
    verdicts = verdict(ours, settings, extra)
    sizes = candidates.members.group_by("candidate").agg(size=pl.len(), origin=pl.col("origin").first())
    rings = worth_keeping(judged(verdicts, sizes, settings.score, extra), settings.score)
    digests = _ring_ids(market, candidates)
    rings = rings.join(digests, on="candidate").sort("ring_id").unique("ring_id", maintain_order=True)
    groups = candidates_table(sizes, digests)
    ids = rings.select("candidate", "ring_id", "size")
    tables = {
        "rings": rings_table(ours, rings, extra.schemes),
        "members": members_table(ours, ids),
        "targets": targets_table(ours, ids),
        "evidence": evidence(ours, verdicts, ids, settings.link.hub, extra.tests),
        "explanations": explanations(ours, verdicts, rings),
        "money": money.of_rings(ours, ids),
        "links": links_table(ours, ids),
        "candidates": groups,
        "tests": tests_table(ours, verdicts, groups, settings.link.hub, _owed(verdicts, ours)),
    }
    return Scored(**{name: _significant(name, frame) for name, frame in tables.items()})


def verdict(ours: Scope, settings: Settings, extra: Extra = NO_EXTRA) -> pl.DataFrame:
    """Every test of every candidate (schema JUDGED), and `raw`: -log10 p before the tests are paid for."""
    parts = [
        tokens.judge(ours),
        stars.judge(ours.candidates, ours.linked),
        identity.judge(ours, settings.link.hub),
        synchrony.judge(ours),
        conversion.judge(ours),
        rates.judge(ours),
        clicks.judge(ours),
        *(test.judge(ours).with_columns(test=pl.lit(test.name), family=pl.lit(test.family)) for test in extra.tests),
    ]
    verdicts = pl.concat(parts)
    asked = _owed(verdicts, ours)
    owed = pl.when(pl.col("kind").is_null()).then(pl.col("surprise") - asked).otherwise(pl.col("surprise"))
    return verdicts.with_columns(surprise=owed, raw=pl.col("surprise")).sort("candidate", "family", "test", "token")


def _owed(verdicts: pl.DataFrame, ours: Scope) -> float:
    """What a test of a whole group pays, as -log10: every candidate is asked every such test."""
    tests = verdicts.filter(pl.col("kind").is_null())["test"].n_unique()
    return float(np.log10(max(ours.candidates.members["candidate"].n_unique() * tests, 1)))


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
