"""What every query of the library answers on the case made by hand, byte for byte.

`UPDATE_GOLDEN=1 pytest tests/golden/test_queries.py` writes the file anew. The answers are those of the embedded store;
tests/conformance compares it with a server row by row.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.cases import tiny_case
from toolkit.backends.embedded.store import EmbeddedStore
from toolkit.graph.build import project
from toolkit.queries import Query, ask, bind, library

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN: Final = Path(__file__).parent / "queries.json"
USUAL: Final = {
    "buyer": "B1",
    "left": "B1",
    "right": "B2",
    "ring": "ring-1",
    "listing": "L1",
    "seller": "S1",
    "purchaser": "S1",
    "card": "G1",
    "batch": "T1",
    "payment": "P1",
    "address": "A2",
    "campaign": "K1",
    "voucher": "V1",
    "finding": "f1",
    "kind": "phone",
    "id": "T1",
    "min_buyers": "1",
    "min_users": "1",
    "min_members": "1",
    "min_weight": "0",
    "since": "2024-03-01T00:00:00Z",
    "until": "2024-12-31T00:00:00Z",
}
OTHER: Final[dict[str, dict[str, str]]] = {
    "cards_paid_by": {"payment": "P9"},
    "category_history": {"listing": "L1"},
    "seller_to_buyer": {"seller": "S1", "buyer": "B1"},
    "shortest_links": {"left": "B1", "right": "B3"},
    "linked_to_both": {"left": "B1", "right": "B3"},
    "refunded_orders_of_listing": {"listing": "L2"},
    "reviews_without_order": {"listing": "L2"},
}
"""Parameters of queries whose usual ones would find nothing."""
NOTHING: Final = {
    "account_ring_neighbours",
    "address_devices",
    "cards_paid_by",
    "category_switches_in_campaign",
    "ring_outsiders",
    "rings_sharing_members",
    "rings_sharing_targets",
    "sellers_with_shared_crowd",
    "sharing_via_third",
    "silent_listings",
}
"""Queries that the case by hand has nothing for; tests/conformance asks a simulated one."""


def given(query: Query) -> dict[str, str]:
    """The parameters as a person would type them; optional ones only where the usual answer would be empty."""
    chosen = {**USUAL, **OTHER.get(query.name, {})}
    wanted = [item.name for item in query.params if item.required or item.name.startswith("min_")]
    return {name: chosen[name] for name in wanted}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """The case made by hand, in the embedded store."""
    folder = tmp_path_factory.mktemp("golden")
    opened = EmbeddedStore(folder / "graph")
    opened.write(project(tiny_case(folder / "case"), "case"), key="k")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    """The answers as they were."""
    read: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.is_file() else {}
    return read


def answer(store: EmbeddedStore, query: Query) -> dict[str, Any]:
    """Parameters and rows, as JSON holds them."""
    frame = ask(store, query, bind(query, given(query)), case_id="case")
    return {
        "given": given(query),
        "rows": [json.loads(json.dumps(row, default=str)) for row in frame.iter_rows(named=True)],
    }


def test_the_file_knows_every_query(store: EmbeddedStore) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        made = {name: answer(store, query) for name, query in sorted(library().items())}
        GOLDEN.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert sorted(json.loads(GOLDEN.read_text(encoding="utf-8"))) == sorted(library())


@pytest.mark.parametrize("name", sorted(library()))
def test_the_answer_is_as_it_was(name: str, store: EmbeddedStore, golden: dict[str, Any]) -> None:
    assert answer(store, library()[name]) == golden[name]


def test_nearly_every_answer_has_rows(golden: dict[str, Any]) -> None:
    assert {name for name, made in golden.items() if not made["rows"]} == NOTHING
