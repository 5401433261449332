"""The comparison on real ratings runs, and its page says what it prints about the data."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "bitcoin-otc"
DATA = ROOT.parent / "shared" / "data" / "bitcoin-otc"


@pytest.fixture(scope="module")
def compare() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compare_bitcoin_otc", EXAMPLE / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_area_of_orders_that_are_known(compare: ModuleType) -> None:
    fraud = np.array([True, True, False, False])
    assert compare.auc(np.array([4.0, 3.0, 2.0, 1.0]), fraud) == 1.0
    assert compare.auc(np.array([1.0, 2.0, 3.0, 4.0]), fraud) == 0.0
    assert compare.auc(np.array([1.0, 1.0, 1.0, 1.0]), fraud) == 0.5
    assert compare.auc(np.array([4.0, 2.0, 3.0, 1.0]), fraud) == 0.75


def test_the_page_holds_what_is_printed_about_the_data(compare: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    if not DATA.is_dir():
        pytest.skip("the Bitcoin OTC ratings are not on this machine")
    printed = compare.main([str(DATA)])
    assert capsys.readouterr().out == printed + "\n"
    page = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    facts = ("| everybody labelled", "| number of ratings given", "| number of ratings received")
    lines = [line for line in printed.splitlines() if line.startswith(facts)]
    assert len(lines) == 4
    for line in lines:
        assert line in page
    assert "316 people labelled, 180 as fraud" in printed
    found = printed.splitlines()[0]
    assert found in page, "what is found has changed: write the page anew with compare.py --write, and read it"
