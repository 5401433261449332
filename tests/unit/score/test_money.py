"""Money of a ring: what its orders in scope add up to, exactly, at any size that is let in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.unit.link.market import market, order
from toolkit.contracts.results import RESULTS
from toolkit.score.money import of_rings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("amounts", "currency", "total"),
    [((17.08, 17.08), "BRL", 34.16), ((9.99e14,) * 20, "IDR", 1.998e16), ((0.1, 0.2, 0.0), "USD", 0.3)],
)
def test_what_the_orders_add_up_to(tmp_path: Path, amounts: tuple[float, ...], currency: str, total: float) -> None:
    orders = [order(n, f"B{n}", amount=amount, currency=currency) for n, amount in enumerate(amounts)]
    made = market(tmp_path, orders=orders)
    scope: Any = SimpleNamespace(
        market=made,
        linked=SimpleNamespace(star_members=pl.DataFrame(schema={"table": pl.String})),
        candidates=SimpleNamespace(
            values=pl.DataFrame(schema={"candidate": pl.UInt32, "kind": pl.String, "token": pl.Int64})
        ),
        orders=made.table("orders").with_columns(candidate=pl.lit(0)),
    )
    money = RESULTS["money"].validate(of_rings(scope, pl.DataFrame({"candidate": [0], "ring_id": ["r"]})))
    rows = sum(amount > 0 for amount in amounts)
    assert money.select("kind", "currency", "amount", "rows").rows() == [("order_value", currency, total, rows)]
