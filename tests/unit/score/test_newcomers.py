"""A newcomers' code, or having just come, explains when accounts were made, where others are as young."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from toolkit.config import DAY
from toolkit.contracts.tokens import TOKENS, TokenKind
from toolkit.detect.enrich import VALUES
from toolkit.score.newcomers import given_uses

N, USED = 12, 100


def _surprise(lag_of_others: int, *, code: bool = True, second: bool = False) -> float:
    """Surprise of twelve accounts made the day before they used a code, where others had it at another age."""
    made = dict.fromkeys(range(N), USED - 1) | {n: 90 + n % 40 - lag_of_others for n in range(N, 200)}
    used = dict.fromkeys(range(N), USED) | {n: 90 + n % 40 for n in range(N, 200)}
    old = range(200, 2000) if second else range(0)
    made |= {n: n % 80 for n in old}
    births = pl.DataFrame([(day, b, 0, 0) for b, day in made.items()], schema=TOKENS, orient="row")
    every = [(0, b, day * DAY, 0) for b, day in used.items()]
    every += [(1, b, USED * DAY, 0) for b in (*range(N), *old) if second]
    uses = pl.DataFrame(every, schema=TOKENS, orient="row")
    tokens = {
        "created_on": TokenKind("created_on", "identity", "buyers", False, 4, "day", births),
        "voucher": TokenKind("voucher", "subsidy", "orders", True, 3, "voucher", uses),
    }
    rows = [{"candidate": 0, "kind": "created_on", "token": USED - 1, "k": N, "n": N, "expected": 0.1}]
    rows += [{"candidate": 0, "kind": "voucher", "token": 0, "k": N, "n": N, "expected": 0.1}] if code else []
    rows += [rows[-1] | {"token": 1}] if second else []
    values = pl.DataFrame(rows, schema=VALUES).with_columns(surprise=pl.lit(15.0), raw=pl.lit(20.0))
    members = pl.DataFrame({"candidate": [0] * N, "buyer": range(N)}).cast(pl.UInt32)
    linked = SimpleNamespace(tokens=tokens)
    scope: Any = SimpleNamespace(linked=linked, candidates=SimpleNamespace(members=members), orders=pl.DataFrame())
    told = given_uses(scope, values).filter(pl.col("kind") == "created_on")
    return float(told["surprise"].item())


def test_newcomers_as_old_as_others_with_the_code_say_nothing() -> None:
    assert _surprise(lag_of_others=1) < 0.0


def test_accounts_younger_than_others_with_the_code_still_speak() -> None:
    assert _surprise(lag_of_others=60) == 15.0


def test_without_a_code_births_are_as_they_were() -> None:
    assert _surprise(lag_of_others=1, code=False) == 15.0


def test_a_code_for_everybody_does_not_hide_that_of_newcomers() -> None:
    assert _surprise(lag_of_others=1, second=True) < 0.0


@pytest.mark.parametrize(("newcomers", "speaks"), [(400, False), (0, True)])
def test_who_comes_and_orders_as_all_others_do_says_nothing(newcomers: int, speaks: bool) -> None:  # noqa: FBT001
    """Twelve accounts of one day order within the week, beside 400 others, all of that day or of any."""
    others = range(N, 412)
    made = {n: USED - 1 if n < N or n - N < newcomers else n % 90 for n in range(412)}
    acts = [{"buyer": n, "ordered_at": (USED + n % 5) * DAY} for n in (*range(N), *others)]
    acts += [{"buyer": n, "ordered_at": n % 60 * DAY} for n in range(500, 4500)]
    orders = pl.DataFrame(acts, schema={"buyer": pl.UInt32, "ordered_at": pl.Int64})
    births = pl.DataFrame([(day, b, 0, 0) for b, day in made.items()], schema=TOKENS, orient="row")
    tokens = {"created_on": TokenKind("created_on", "identity", "buyers", False, 4, "day", births)}
    members = pl.DataFrame({"candidate": [0] * N, "buyer": range(N)}).cast(pl.UInt32)
    scope: Any = SimpleNamespace(
        linked=SimpleNamespace(tokens=tokens, region=np.zeros(4500, np.uint32)),
        candidates=SimpleNamespace(members=members),
        market=SimpleNamespace(table=lambda _: orders),
        orders=members.join(orders, on="buyer"),
    )
    row = {"candidate": 0, "kind": "created_on", "token": USED - 1, "k": N, "n": N, "expected": 0.1}
    values = pl.DataFrame([row], schema=VALUES).with_columns(surprise=pl.lit(15.0), raw=pl.lit(20.0))
    assert (given_uses(scope, values)["surprise"].item() > 10.0) == speaks
