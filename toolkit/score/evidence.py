"""Every piece of evidence of a ring: its sentence, its numbers, and the input rows that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.contracts.results import Evidence, empty
from toolkit.score import citations, dear, resting
from toolkit.score.scope import first_acts, holdings, households, numbered, of_tokens, whole_days
from toolkit.score.statements import WHOLE, value_sentence, whole_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.contracts.plugins import Test
    from toolkit.contracts.tokens import TokenKind
    from toolkit.score.scope import Scope

IDENTITY: Final = ("payment", "address", "device", "phone", "email", "ip", "bank")
LISTINGS: Final = ("listing_ordered", "listing_reviewed", "listing_clicked")
UNTOLD: Final = ("shop_star", "gift_card_star", "gift_card_reviewer", "seller_refunded")
"""Kinds that a test of the whole ring tells better: a star's own, and refunds, which only who ordered can have."""
UNNAMED: Final = ("day", "star", "text")
"""Anchors whose codes stand for no id of the input."""


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
    values = scope.candidates.values.join(ring_ids.join(households(scope), on="candidate"), on="candidate")
    held = _keyed_values(values)
    shown = {kind: _shown(scope, kind, part) for kind, part in held.items()}
    whole = _keyed_tests(verdicts.join(ring_ids, on="candidate"), tests, values.height)
    whole = {test: resting.among_them(scope, group, test) for test, group in whole.items()}
    filled = [part for part in (_of_values(scope, held, shown), _of_whole(whole, tests)) if part.height]
    if not filled:
        return empty("evidence")
    every = pl.concat(filled, how="diagonal_relaxed").join(_rows(scope, shown, whole, hub, tests), on="key", how="left")
    columns = Evidence.column_names()
    missing = [pl.lit(None).alias(c) for c in columns if c not in every.columns]
    found = every.with_columns(missing).filter(pl.col("rows").list.len() > 0)
    return found.select(columns).sort("ring_id", "family", "test", "evidence_id")


def _keyed_values(values: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Kind -> the values of that kind that are told, with a test and a key, which is a number."""
    told = whole_days(values.filter(~pl.col("kind").is_in(UNTOLD))).with_columns(test=pl.format("f4_{}", "kind"))
    parts = told.with_row_index("key").partition_by("kind", as_dict=True, maintain_order=True)
    return {str(kind): part for (kind,), part in sorted(parts.items())}


def _keyed_tests(verdicts: pl.DataFrame, tests: Sequence[Test], first: int) -> dict[str, pl.DataFrame]:
    """Test of whole rings -> its verdicts that say something, with a key, numbered from `first`."""
    names = [*WHOLE, *(test.name for test in tests)]
    told = verdicts.filter(pl.col("test").is_in(names) & (pl.col("surprise") > -np.log10(0.05)))
    told = told.with_row_index("key", offset=first)
    return {str(test): part for (test,), part in told.partition_by("test", as_dict=True, maintain_order=True).items()}


def _identified(frame: pl.DataFrame, what: pl.Expr) -> pl.DataFrame:
    """With evidence_id: the same ring, test and thing have the same id in every run."""
    text = pl.concat_str([pl.col("ring_id"), pl.col("test"), what.fill_null("")], separator="|")
    digests = [f"e_{_digest(value)}" for value in frame.select(text)["ring_id"]]
    return frame.with_columns(evidence_id=pl.Series(digests, dtype=pl.String))


def _digest(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _of_values(scope: Scope, values: dict[str, pl.DataFrame], shown: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Evidence of each value that a ring holds beyond chance; its sentence counts the members in the rows cited."""
    parts = []
    for kind, part in values.items():
        token = scope.linked.tokens[kind]
        counts = shown[kind].group_by("key").agg(members=pl.col("buyer").n_unique())
        held = part.join(counts, on="key", maintain_order="left")
        anchor = (
            held["token"].cast(pl.String)
            if token.anchor in UNNAMED
            else scope.market.decode(token.anchor, token.codes(held["token"]))
        )
        parts.append(
            _described(held.with_columns(what=_day(held) if token.anchor == "day" else anchor.cast(pl.String)), token)
        )
    return pl.concat(parts, how="diagonal_relaxed") if parts else pl.DataFrame()


def _day(held: pl.DataFrame) -> pl.Series:
    return held.select(pl.from_epoch(pl.col("token").cast(pl.Int64) * 86_400).dt.strftime("%Y-%m-%d"))["token"]


def _described(held: pl.DataFrame, token: TokenKind) -> pl.DataFrame:
    """Numbers, sentence and names of one kind's evidence."""
    listing = pl.col("what") if token.name in LISTINGS else pl.lit(None, pl.String)
    timed = pl.lit(token.timed)
    described = held.select(
        "ring_id",
        "test",
        "what",
        "key",
        family=pl.lit(token.family),
        statement=value_sentence(token.name),
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


def _rows(
    scope: Scope, shown: dict[str, pl.DataFrame], whole: dict[str, pl.DataFrame], hub: int, tests: Sequence[Test]
) -> pl.DataFrame:
    """key, rows of all evidence: each input table is gone through once."""
    added = {test.name: test for test in tests}
    lines = [pl.DataFrame(schema={"key": pl.UInt32, "table": pl.String, "row": pl.UInt32})]
    seen = [pl.DataFrame(schema={"key": pl.UInt32, "buyer": pl.UInt32, "kind": pl.String, "token": pl.UInt32})]
    for kind, part in shown.items():
        if kind in IDENTITY:
            seen.append(part)
        else:
            lines.append(part.select("key", "row", table=pl.lit(scope.linked.tokens[kind].table)))
    for test, group in whole.items():
        if test == "f3_shared_attributes":
            seen.append(resting.shared(scope, group.select("key", "candidate"), hub))
        elif test == "f11_dear_goods":
            lines.append(dear.rows(scope, group.select("key", "candidate"), hub))
        elif test in added:
            keys = group.select(pl.col("key").cast(pl.String), "candidate")  # text, as plug-ins are promised
            lines.append(added[test].rows(scope, keys).with_columns(pl.col("key").cast(pl.UInt32)))
        else:
            lines.append(resting.rows(scope, group, test))
    attributes = pl.concat([frame.select("key", "buyer", "kind", "token") for frame in seen])
    lines.append(citations.first_orders(scope.market, attributes))
    wanted = pl.concat([frame.select("key", "table", pl.col("row").cast(pl.UInt32)) for frame in lines])
    named = [citations.lines(scope.market, wanted), citations.link_rows(scope.market, attributes)]
    return citations.gathered(pl.concat(named))


def _shown(scope: Scope, kind: str, held: pl.DataFrame) -> pl.DataFrame:
    """The members that each value is evidence of: key, buyer, and `row` inside its window, or `kind` and `token`."""
    if kind in IDENTITY:
        return _with_attribute(scope, kind, held)
    acts = first_acts if kind in LISTINGS else holdings
    return acts(scope, scope.linked.tokens[kind], held.select("key", "candidate", "token", "start", "end"))


def _with_attribute(scope: Scope, kind: str, held: pl.DataFrame) -> pl.DataFrame:
    """key, buyer, kind, token: the members that hold each value of a kind of attribute."""
    frame = of_tokens(scope.linked.tokens[kind], held["token"]).select("token", "buyer")
    there = held.select("key", "candidate", "token").join(frame, on="token")
    members = scope.candidates.members.select(held=numbered(pl.col("buyer")))["held"]
    ours = there.filter(numbered(pl.col("buyer")).is_in(members.implode()))
    return ours.with_columns(kind=pl.lit(kind))


def _of_whole(whole: dict[str, pl.DataFrame], tests: Sequence[Test]) -> pl.DataFrame:
    """Evidence of tests of whole rings; it rests on the orders and reviews in the ring's scope."""
    if not whole:
        return pl.DataFrame()
    added = {test.name: test for test in tests}
    parts = [group.with_columns(statement=whole_sentence(test, added.get(test))) for test, group in whole.items()]
    described = pl.concat(parts).with_columns(
        p_value=(10.0 ** -pl.col("raw")).clip(1e-300, 1.0), q_value=(10.0 ** -pl.col("surprise")).clip(1e-300, 1.0)
    )
    return _identified(described, pl.col("token").cast(pl.String)).select(
        "evidence_id", "ring_id", "family", "test", "statement", "observed", "expected", "p_value", "q_value", "key"
    )
