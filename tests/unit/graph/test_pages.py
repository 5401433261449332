"""The generated pages are as the model and the library have them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from toolkit.contracts.graph import NODES, RELATIONSHIPS
from toolkit.graph.pages import graph_page, queries_page
from toolkit.queries import library

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(("name", "made"), [("graph.md", graph_page), ("queries.md", queries_page)])
def test_is_up_to_date(name: str, made) -> None:
    said = "run: python -m toolkit.graph.pages docs"
    assert (DOCS / name).read_text(encoding="utf-8") == made(), said


def test_every_kind_and_query_has_its_place() -> None:
    page = graph_page() + queries_page()
    names = [*(kind.label for kind in NODES), *(kind.name for kind in RELATIONSHIPS), *library()]
    assert all(f"### {name}\n" in page for name in names)


def test_the_style_file_colours_every_kind_of_node() -> None:
    style = (DOCS.parent / "examples" / "neo4j" / "ringscope.grass").read_text(encoding="utf-8")
    assert set(re.findall(r"^node\.(\w+) ", style, re.MULTILINE)) == {kind.label for kind in NODES}
    assert set(re.findall(r"^relationship\.(\w+) ", style, re.MULTILINE)) <= {kind.name for kind in RELATIONSHIPS}
    assert "Bloom" in style
