"""What was proposed is read in several ways, and who shows by what is a member of the whole, the core, or neither."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl

from toolkit.backends import local
from toolkit.config import DAY, DetectSettings
from toolkit.contracts.tokens import TOKENS, TokenKind
from toolkit.detect.asking import Asking
from toolkit.detect.refine import Reading, refine
from toolkit.detect.shelves import holding, shelved

N = 3_000
RING = range(12)
FOUNDERS = 10

Acts = list[tuple[int, int, int]]


def _kind(name: str, family: str, acts: Acts, *, timed: bool, least: int) -> TokenKind:
    """Of (token, buyer, day)."""
    rows = sorted((token, day * DAY if timed else 0, buyer) for token, buyer, day in acts)
    frame = pl.DataFrame([(t, b, at, 0) for t, at, b in rows], schema=TOKENS, orient="row")
    return TokenKind(name, family, "orders", timed, least, "listing", frame)


def _readings(kinds: list[TokenKind], proposed: list[int], origin: str) -> list[Reading]:
    tokens = {kind.name: kind for kind in kinds}
    nobody = {"household": np.arange(N, dtype=np.uint32), "region": np.zeros(N, np.uint32), "n_buyers": N}
    linked: Any = SimpleNamespace(tokens=tokens, **nobody)
    shelves = shelved(tokens, local, N)
    columns = {"candidate": pl.UInt32, "buyer": pl.UInt32}
    frame = pl.DataFrame({"candidate": [0] * len(proposed), "buyer": proposed}, schema=columns)
    ask = Asking(linked, local, shelves, holding(shelves, local), DetectSettings())
    return refine(frame.with_columns(origin=pl.lit(origin)), ask)


def _who(reading: Reading) -> set[int]:
    return set(reading.members["buyer"].to_list())


def _orders() -> Acts:
    """Honest orders all year, and a ring of which each orders four listings within a month."""
    rng = np.random.default_rng(4)
    honest = zip(rng.integers(100, 400, 9_000), rng.integers(50, N, 9_000), rng.integers(0, 360, 9_000), strict=True)
    ring = [(listing, buyer, 200 + (buyer * 7 + listing) % 20) for buyer in RING for listing in range(4)]
    return [*((int(t), int(b), int(d)) for t, b, d in honest), *ring]


def test_what_a_star_proposed_is_read_without_whoever_was_not_there() -> None:
    orders = _kind("listing_ordered", "target", _orders(), timed=True, least=3)
    at_star = list(RING)[:FOUNDERS]
    whole, core, star = _readings([orders], at_star, "star")
    assert _who(whole) >= set(RING)
    assert _who(core) == set(RING)
    assert _who(star) == set(at_star)
    assert _who(_readings([orders], at_star, "listings")[2]) == set(RING)
    assert star.values["k"].to_list() == core.values["k"].to_list()  # whoever was not proposed speaks for none of them


def _things(name: str, holders: list[int]) -> TokenKind:
    return _kind(name, "identity", [(0, buyer, 0) for buyer in holders], timed=False, least=2)


def test_a_refund_to_the_agents_other_instrument_is_an_act_and_borrowed_things_are_none() -> None:
    """Two accounts share two things with members: one of them was paid back there, the other only lives with them."""
    paid, lent = 40, 41
    orders = _kind("listing_ordered", "target", _orders(), timed=True, least=3)
    back = [(buyer % 2, buyer, 215) for buyer in (*RING, paid)]
    refunds = _kind("refund_instrument", "identity", back, timed=True, least=2)
    phones = _things("phone", [0, 2, 4, 6, paid, lent])
    mails = _things("email", [1, 3, 5, lent])
    core = _who(_readings([orders, refunds, phones, mails], list(RING), "together")[1])
    assert core == {*RING, paid}


def test_a_birth_counts_with_what_accounts_do_but_is_no_act() -> None:
    """Accounts came on the day of the ring, and one has its phone, but did nothing of what the ring does."""
    born = 41
    orders = _kind("listing_ordered", "target", _orders(), timed=True, least=3)
    births = _kind(
        "created_on", "identity", [(0, buyer, 0) for buyer in (*RING, born, 42, 43, 44)], timed=False, least=4
    )
    phones = _things("phone", [0, 2, born])
    core = _who(_readings([orders, births, phones], list(RING), "together")[1])
    assert core == set(RING)
