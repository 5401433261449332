"""Repeat visits: who bought is held against others who bought, who only looked against others who only looked."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl

from tests.unit.link.market import day, market, order
from toolkit.score import clicks

if TYPE_CHECKING:
    from pathlib import Path

MEMBERS, CUSTOMERS, PASSERS = range(10), range(10, 40), range(40, 90)


def _surprise(path: Path, *, members: int, customers: int, bought: bool = True) -> float:
    """-log10 p of ten members of whom all opened a listing so often; most customers did as the second number says."""
    visits = {**dict.fromkeys(MEMBERS, members), **dict.fromkeys(CUSTOMERS, customers), **dict.fromkeys(PASSERS, 1)}
    opened = [
        {"buyer_id": f"B{b:02}", "listing_id": "L0", "clicked_at": day(k + b / 100)}
        for b, n in visits.items()
        for k in range(n)
    ]
    buyers = [*MEMBERS, *CUSTOMERS] if bought else [*CUSTOMERS]
    made = market(path, orders=[order(9, f"B{b:02}", "L0", order_id=f"O{b}") for b in buyers], clicks=opened)
    code = dict(zip(made.decode("buyer", pl.Series(range(90), dtype=pl.UInt32)), range(90), strict=True))
    ring = pl.DataFrame({"candidate": [0] * 10, "buyer": [code[f"B{b:02}"] for b in MEMBERS]})
    values = pl.DataFrame({"candidate": [0], "kind": ["listing_ordered"], "token": [0]})
    columns = dict.fromkeys(("candidate", "buyer", "token"), pl.UInt32)
    candidates: Any = SimpleNamespace(members=ring.cast({k: columns[k] for k in ("candidate", "buyer")}))
    candidates.values = values.cast({k: columns[k] for k in ("candidate", "token")})
    return float(clicks.judge(SimpleNamespace(market=made, candidates=candidates))["surprise"].item())  # type: ignore[arg-type]


def test_buyers_who_look_several_times_are_as_other_buyers(tmp_path: Path) -> None:
    assert _surprise(tmp_path, members=4, customers=4) < 1.0


def test_who_opens_it_again_and_again_as_no_other_buyer_does_is_seen(tmp_path: Path) -> None:
    assert _surprise(tmp_path, members=4, customers=1) > 3.0


def test_who_does_not_buy_is_held_against_those_who_do_not(tmp_path: Path) -> None:
    assert _surprise(tmp_path, members=4, customers=4, bought=False) > 3.0
