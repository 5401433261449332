"""Every p-value that `findings`, and the stars of shops, reckon of a market: one row a test and shop or value."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

import numpy as np
import polars as pl

from toolkit.config import Settings
from toolkit.contracts.results import empty
from toolkit.findings import (
    brushing,
    category_switch,
    find,
    funding,
    self_purchase,
    signal,
    solicitation,
    virtual_orders,
    vouchers,
)
from toolkit.link import shops

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from numpy.random import Generator

    from tests.statistics.worlds import World
    from toolkit.findings.sales import Sales
    from toolkit.market import Market

NAMED: Final[dict[ModuleType, str]] = {
    brushing: "order_brushing",
    category_switch: "category_switch",
    funding: "funding_source",
    self_purchase: "self_purchase",
    solicitation: "message_copies",
    vouchers: "voucher_abuse",
}
"""Module of findings -> the test whose p-values it hands to `benjamini_hochberg`, all that it asked."""
ROWS: Final = pl.Schema({"test": pl.String, "p": pl.Float64})


def p_values(world: World, rng: Generator, *, by_nature: bool = False) -> pl.DataFrame:
    """test, p of all that a run asks of the shops of a market in which no ring was found (schema ROWS).

    Args:
        world: The market.
        rng: By which lot marks are dealt out.
        by_nature: Whether orders keep their marks. Otherwise they are dealt out anew among the orders that can show
            them: goods differ by nature (codes are delivered at once), which is no chance.
    """
    told: list[pl.DataFrame] = []
    marks = world.linked.marks
    with ExitStack() as stack:
        if not by_nature:
            stack.enter_context(mock.patch.object(virtual_orders, "reasoned", _dealt(rng)))
            marks = _dealt_marks(marks, rng)
        for module, name in NAMED.items():
            stack.enter_context(mock.patch.object(module, "benjamini_hochberg", _telling(module, name, told)))
        stack.enter_context(mock.patch.object(signal, "_excess_of", _of_signal(told)))
        stack.enter_context(mock.patch.object(shops, "_tested", _of_shops(told)))
        market = world.market
        find(market.case, empty("members"), empty("rings"), settings=Settings().findings, market=market)
        told.append(_linked(shops.shops(market, marks, Settings().link, 0), market))
    return pl.concat(told)


def _rows(name: str, p: Any) -> pl.DataFrame:
    return pl.DataFrame({"test": pl.repeat(name, len(p), eager=True), "p": np.asarray(p, float)}, schema=ROWS)


def _linked(found: shops.Shops, market: Market) -> pl.DataFrame:
    """Shops that share something with some account; those of which too few such accounts bought stand with p of 1."""
    asked = shops._shared(market, Settings().link.hub)["seller"].n_unique()
    spoken = found.marks.filter(pl.col("mark") == "shares_with_shop")["surprise"].to_numpy() + np.log10(max(asked, 1))
    return _rows("f7_shop_shares_with_shop", np.append(np.minimum(10.0**-spoken, 1.0), np.ones(asked - spoken.size)))


def _dealt(rng: Generator) -> Callable[..., Any]:
    reasoned = virtual_orders.reasoned

    def deal(sales: Sales, signals: list[signal.Signal], *more: Any) -> Any:
        rows = [pl.Series(np.arange(sales.orders.height)) if one.known is None else one.known for one in signals]
        dealt = [
            replace(one, marked=known.sample(len(one.marked), seed=int(rng.integers(1 << 31))).sort())
            for one, known in zip(signals, rows, strict=True)
        ]
        return reasoned(sales, dealt, *more)

    return deal


def _dealt_marks(marks: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """The marks of orders, each with other orders that can show it."""
    dealt = []
    for name in [name for name in shops.STARRED if name in marks.columns]:
        known = marks[name].is_not_null().arg_true()
        shown = marks[name].gather(known).sample(fraction=1.0, shuffle=True, seed=int(rng.integers(1 << 31)))
        dealt.append(marks[name].clone().scatter(known, shown))
    return marks.with_columns(dealt)


def _telling(module: ModuleType, name: str, told: list[pl.DataFrame]) -> Callable[..., Any]:
    corrected = module.benjamini_hochberg

    def tell(p: Any, *, tested: int | None = None) -> Any:
        told.append(_rows(name, np.append(p, np.ones(max((tested or 0) - len(p), 0)))))
        return corrected(p, tested=tested)

    return tell


def _of_signal(told: list[pl.DataFrame]) -> Callable[..., Any]:
    measured, corrected = signal._excess_of, signal.benjamini_hochberg

    def tell(counts: Any, one: signal.Signal, height: int, by: tuple[str, ...], *more: Any) -> Any:
        with mock.patch.object(signal, "benjamini_hochberg", _telling_as(f"{one.reason} by {', '.join(by)}")):
            return measured(counts, one, height, by, *more)

    def _telling_as(name: str) -> Callable[..., Any]:
        def keep(p: Any) -> Any:
            told.append(_rows(name, p))
            return corrected(p)

        return keep

    return tell


def _of_shops(told: list[pl.DataFrame]) -> Callable[..., Any]:
    measured = shops._tested

    def tell(*asked: Any) -> Any:
        tested = measured(*asked)
        for (mark,), part in sorted(tested.group_by("mark")):
            told.append(_rows(f"f7_shop_{mark}", np.minimum(10.0 ** -part["surprise"].to_numpy(), 1.0)))
        return tested

    return tell
