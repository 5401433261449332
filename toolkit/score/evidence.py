"""Every piece of evidence of a ring: its sentence, its numbers, and the input rows that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.contracts.results import Evidence, empty
from toolkit.score import citations, resting
from toolkit.score.statements import VALUE, WHOLE, value_sentence, whole_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.contracts.plugins import Test
    from toolkit.contracts.tokens import TokenKind
    from toolkit.score.scope import Scope

IDENTITY: Final = ("payment", "address", "device", "phone", "email", "ip", "bank")
LISTINGS: Final = ("listing_ordered", "listing_reviewed", "listing_clicked")
UNTOLD: Final = ("shop_star", "gift_card_star", "gift_card_reviewer", "seller_refunded")
"""Kinds that a test of the whole ring tells better: a star's own, and refunds, which only who ordered can have."""
SHARED: Final = "{} members hold {} {}, which {} accounts hold in all; {} expected by chance"


def evidence(
    scope: Scope, verdicts: pl.DataFrame, ring_ids: pl.DataFrame, hub: int, tests: Sequence[Test] = ()
) -> pl.DataFrame:
    """The evidence of the rings that are kept (schema Evidence); q-values pay for every test of the run (Bonferroni).

    Args:
        scope: Members, values, orders.
        verdicts: Tests of whole rings and of values (schema JUDGED).
        ring_ids: candidate, ring_id, size.
        hub: Accounts on one attribute value beyond which it joins nobody.
        tests: Those of plug-ins.
    """
    values = scope.candidates.values.join(ring_ids, on="candidate")
    parts = [
        _of_values(scope, values),
        _of_whole(scope, verdicts.join(ring_ids, on="candidate"), hub, {test.name: test for test in tests}),
    ]
    filled = [part for part in parts if part.height]
    if not filled:
        return empty("evidence")
    every = pl.concat(filled, how="diagonal_relaxed")
    columns = Evidence.column_names()
    missing = [pl.lit(None).alias(c) for c in columns if c not in every.columns]
    found = every.with_columns(missing).filter(pl.col("rows").list.len() > 0)
    return found.select(columns).sort("ring_id", "family", "test", "evidence_id")


def _key() -> pl.Expr:
    parts = [pl.col("ring_id"), pl.col("test"), pl.col("token").cast(pl.String).fill_null("")]
    return pl.concat_str(parts, separator="|").alias("key")


def _identified(frame: pl.DataFrame, what: pl.Expr) -> pl.DataFrame:
    """With evidence_id: the same ring, test and thing have the same id in every run."""
    text = pl.concat_str([pl.col("ring_id"), pl.col("test"), what.fill_null("")], separator="|")
    digests = [f"e_{_digest(value)}" for value in frame.select(text)["ring_id"]]
    return frame.with_columns(evidence_id=pl.Series(digests, dtype=pl.String))


def _digest(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _of_values(scope: Scope, values: pl.DataFrame) -> pl.DataFrame:
    """Evidence of each value that a ring holds beyond chance."""
    parts = []
    for kind in values.filter(~pl.col("kind").is_in(UNTOLD))["kind"].unique().sort():
        token = scope.linked.tokens[kind]
        held = values.filter(pl.col("kind") == kind).with_columns(test=pl.lit(f"f4_{kind}")).with_columns(_key())
        anchor = (
            held["token"].cast(pl.String)
            if token.anchor in ("day", "star", "text")
            else scope.market.decode(token.anchor, token.codes(held["token"]))
        )
        held = held.with_columns(what=_day(held) if token.anchor == "day" else anchor.cast(pl.String))
        held = held.join(_rows(scope, token, held), on="key", how="left")
        parts.append(_described(held, token))
    return pl.concat(parts, how="diagonal_relaxed") if parts else pl.DataFrame()


def _day(held: pl.DataFrame) -> pl.Series:
    return held.select(pl.from_epoch(pl.col("token").cast(pl.Int64) * 86_400).dt.strftime("%Y-%m-%d"))["token"]


def _described(held: pl.DataFrame, token: TokenKind) -> pl.DataFrame:
    """Numbers, sentence and names of one kind's evidence."""
    sentence = value_sentence(token.name) if token.name in VALUE else _shared(token.name)
    listing = pl.col("what") if token.name in LISTINGS else pl.lit(None, pl.String)
    timed = pl.lit(token.timed)
    described = held.select(
        "ring_id",
        "test",
        "what",
        "rows",
        family=pl.lit(token.family),
        statement=sentence,
        observed=pl.col("k").cast(pl.Float64),
        expected="expected",
        p_value=(10.0 ** -pl.col("raw")).clip(1e-300, 1.0),
        q_value=(10.0 ** -pl.col("surprise")).clip(1e-300, 1.0),
        listing_id=listing,
        attribute_kind=pl.when(listing.is_null()).then(pl.lit(token.name)),
        attribute_id=pl.when(listing.is_null()).then(pl.col("what")),
        window_start=pl.when(timed).then(
            pl.from_epoch("start", time_unit="s").dt.cast_time_unit("us").dt.replace_time_zone("UTC")
        ),
        window_end=pl.when(timed).then(
            pl.from_epoch("end", time_unit="s").dt.cast_time_unit("us").dt.replace_time_zone("UTC")
        ),
    )
    burst = pl.concat_str("what", pl.col("window_start").dt.strftime("%Y-%m-%d"), separator="|")
    return _identified(described, burst if token.base else pl.col("what")).drop("what")


def _shared(kind: str) -> pl.Expr:
    return pl.format(
        SHARED, pl.col("k"), pl.lit(kind), pl.col("what"), pl.col("holders"), pl.col("expected").round_sig_figs(3)
    )


def _rows(scope: Scope, token: TokenKind, held: pl.DataFrame) -> pl.DataFrame:
    """key, rows: the members' own rows on each value, inside its window."""
    members = scope.candidates.members.select("candidate", "buyer")
    if token.name in IDENTITY:
        there = held.select("key", "candidate", "token").join(token.frame.select("token", "buyer"), on="token")
        wanted = there.join(members, on=["candidate", "buyer"], how="semi").with_columns(kind=pl.lit(token.name))
        return citations.gathered(citations.attribute_rows(scope.market, wanted))
    hits = held.select("key", "candidate", "token", "start", "end").join(members, on="candidate")
    hits = hits.join(token.frame, on=["token", "buyer"])
    if token.timed:
        hits = hits.filter(pl.col("at").is_between("start", "end"))
    return citations.cite(scope.market, hits.select("key", "row", table=pl.lit(token.table)))


def _of_whole(scope: Scope, verdicts: pl.DataFrame, hub: int, added: dict[str, Test]) -> pl.DataFrame:
    """Evidence of tests of whole rings; it rests on the orders and reviews in the ring's scope."""
    whole = verdicts.filter(pl.col("test").is_in([*WHOLE, *added]) & (pl.col("surprise") > -np.log10(0.05)))
    if whole.height == 0:
        return pl.DataFrame()
    whole = whole.with_columns(_key())
    rows = pl.concat(
        [_rested(scope, group, str(test[0]), hub, added) for test, group in whole.group_by("test", maintain_order=True)]
    )
    parts = [
        group.with_columns(statement=whole_sentence(str(test[0]), added.get(str(test[0]))))
        for test, group in whole.group_by("test", maintain_order=True)
    ]
    described = (
        pl.concat(parts)
        .join(rows, on="key", how="left")
        .with_columns(
            p_value=(10.0 ** -pl.col("raw")).clip(1e-300, 1.0), q_value=(10.0 ** -pl.col("surprise")).clip(1e-300, 1.0)
        )
    )
    return _identified(described, pl.col("token").cast(pl.String)).select(
        "evidence_id", "ring_id", "family", "test", "statement", "observed", "expected", "p_value", "q_value", "rows"
    )


def _rested(scope: Scope, whole: pl.DataFrame, test: str, hub: int, added: dict[str, Test]) -> pl.DataFrame:
    """key, rows of one test, ours or a plug-in's."""
    if test in added:
        return citations.cite(scope.market, added[test].rows(scope, whole.select("key", "candidate")))
    return resting.rows(scope, whole, test, hub)
