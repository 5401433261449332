"""A small made-up market, investigated once: what every test of the API looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import toolkit as rs

if TYPE_CHECKING:
    from pathlib import Path

SCHEMES = ("gift_card_cashback", "virtual_orders", "review_ring")


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of a market with three bare rings."""
    return rs.make_market(
        tmp_path_factory.mktemp("market") / "data", orders=6_000, rings=3, seed=3, levels=[0], schemes=SCHEMES
    )


@pytest.fixture(scope="session")
def case_folder(market: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case of that market."""
    folder = tmp_path_factory.mktemp("case") / "case"
    rs.investigate(market, out=folder, quiet=True)
    return folder


@pytest.fixture
def case(case_folder: Path) -> rs.Case:
    return rs.open_case(case_folder)
