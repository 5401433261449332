"""Cases and rings as objects: their tables are the result tables, and what is wrong is said in words."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import networkx as nx
import polars as pl
import pytest

import toolkit as rs
from tests.made_case import HOSTILE, hostile, make_case
from toolkit.api.case import Case
from toolkit.case import Case as Folder
from toolkit.contracts.results import ALERT_TIERS, RESULTS

if TYPE_CHECKING:
    from pathlib import Path

TABLES = [name for name in RESULTS if name != "rings"]


def test_importing_loads_nothing_heavy() -> None:
    heavy = ("polars", "numpy", "scipy", "numba", "networkx", "neo4j", "kglite", "pyvis", "click", "matplotlib")
    code = f"import sys, toolkit; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_public_names_are_there() -> None:
    assert {name for name in rs.__all__ if not hasattr(rs, name)} == set()
    assert set(rs.__all__) <= set(dir(rs))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        rs.nonsense  # noqa: B018


@pytest.mark.parametrize("name", TABLES)
def test_a_case_has_its_result_tables(case: rs.Case, name: str) -> None:
    assert getattr(case, name).equals(pl.read_parquet(case.path / "results" / f"{name}.parquet"))


def test_alerts_come_first(case: rs.Case) -> None:
    tiers = case.rings["tier"].to_list()
    alerts = [tier in ALERT_TIERS for tier in tiers]
    assert alerts == sorted(alerts, reverse=True)
    assert case.alerts.height == sum(alerts) > 0
    assert case.manifest["seed"] == 0


@pytest.mark.parametrize("name", ["members", "targets", "evidence", "explanations", "money"])
def test_a_ring_has_its_own_rows(case: rs.Case, name: str) -> None:
    for ring_id in case.rings["ring_id"]:
        own = getattr(case, name).filter(pl.col("ring_id") == ring_id)
        assert getattr(case.ring(ring_id), name).height == own.height


def test_a_ring_as_a_graph(case: rs.Case) -> None:
    ring = case.ring(case.alerts["ring_id"][0])
    made = ring.graph()
    assert isinstance(made, nx.MultiDiGraph)
    buyers = {data["id"] for _, data in made.nodes(data=True) if data["label"] == "Buyer"}
    assert buyers == set(ring.members["buyer_id"])
    assert all(isinstance(data["weight"], float) for *_, data in made.edges(data=True) if data["kind"] == "LINKED")


def test_cited_rows_are_input_rows(case: rs.Case) -> None:
    ring = case.ring(case.alerts["ring_id"][0])
    cited = {row["id"] for rows in ring.evidence["rows"] for row in rows if row["table"] == "orders"}
    assert set(ring.rows("orders")["order_id"]) == cited
    assert ring.rows("transfers").height == 0


def test_a_decision_is_kept(case_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(case_folder, tmp_path / "case")
    copy = rs.open_case(tmp_path / "case")
    ring = copy.ring(copy.alerts["ring_id"][0])
    ring.decide("dismissed", "a book club")
    assert ring.decision is not None
    assert rs.open_case(copy.path).ring(ring.ring_id).decision == ring.decision
    with pytest.raises(rs.UsageError, match="no such verdict"):
        ring.decide("guilty")


@pytest.mark.parametrize("ring_id", ["r_nope", "", HOSTILE[0], "../../etc/passwd", "\x00", "r" * 10_000])
def test_unknown_rings_are_named_with_the_nearest(case: rs.Case, ring_id: str) -> None:
    with pytest.raises(rs.UsageError, match="no ring of that id") as caught:
        case.ring(ring_id)
    assert "nearest: r_" in str(caught.value)
    assert len(str(caught.value)) < 1000


def test_what_is_no_case_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere", tmp_path / "\x01"):
        with pytest.raises(rs.InputError, match="not a case"):
            rs.open_case(folder)


def test_a_case_that_is_being_written_is_refused(case_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(case_folder, tmp_path / "case")
    with Folder(tmp_path / "case").lock(), pytest.raises(rs.UsageError, match="another run is writing"):
        rs.open_case(tmp_path / "case")
    assert rs.open_case(tmp_path / "case").rings.height > 0


def test_a_case_without_results_says_why(tmp_path: Path) -> None:
    case = Folder(tmp_path)
    case.update_manifest(version="x")
    with pytest.raises(rs.InputError, match="no results yet"):
        rs.open_case(tmp_path)
    case.update_manifest(purged_at="2025-01-01")
    with pytest.raises(rs.InputError, match="purged at 2025-01-01"):
        rs.open_case(tmp_path)


def test_settings_can_be_given_in_three_ways(market: Path, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("[score]\nstrong = 1000.0\n")
    given = [rs.Settings(), {"score": {"strong": 1000.0}}, tmp_path / "s.toml"]
    kept = [rs.investigate(market, out=tmp_path / "case", config=one, quiet=True).manifest["settings"] for one in given]
    assert [settings["score"]["strong"] for settings in kept] == [20.0, 1000.0, 1000.0]
    with pytest.raises(rs.UsageError, match=r"no setting score\.storng"):
        rs.investigate(market, out=tmp_path / "case", config={"score": {"storng": 1.0}}, quiet=True)


def test_queries_take_python_values(case: rs.Case) -> None:
    ring = case.ring(case.alerts["ring_id"][0])
    asked = case.query("ring_members", ring=ring.ring_id)
    assert set(asked["buyer"]) == set(ring.members["buyer_id"])
    text = "MATCH (b:Buyer) WHERE b.id IN $ids RETURN b.id AS id ORDER BY id"
    two = sorted(ring.members["buyer_id"].head(2))
    assert case.cypher(text, ids=two)["id"].to_list() == two
    for name, given, words in (
        ("ring_membres", {}, "did you mean ring_members"),
        ("ring_members", {"rings": "x"}, "did you mean ring"),
        ("ring_members", {}, "needs ring"),
        ("ring_list", {"limit": "many"}, "is no integer"),
    ):
        with pytest.raises(rs.UsageError, match=words):
            case.query(name, **given)
    with pytest.raises(rs.UsageError, match="may not use LOAD CSV"):
        case.cypher("LOAD CSV FROM 'file:///etc/passwd' AS x RETURN x")
    with pytest.raises(rs.UsageError, match="no store 'spark'"):
        case.query("ring_list", store="spark")


def test_hostile_ids_are_text_everywhere(tmp_path: Path) -> None:
    made = make_case(
        tmp_path / "case <b>x", rings=2, members=6, name=hostile, text=lambda number: HOSTILE[number % len(HOSTILE)]
    )
    case = Case(made)
    ring = case.ring(case.rings["ring_id"][0])
    for shown in (case, ring, ring.explain()):
        page = shown._repr_html_()
        assert "<b>x" not in page
        assert not any(f"<{tag}" in page for tag in ("script", "img", "svg", "iframe", "a ", "b>"))
    frame = ring.show()._repr_html_()
    assert frame.count("<iframe") == 1
    assert frame.count("'") == 2, "nothing inside the attribute ends it"
    assert "allow-same-origin" not in frame
    assert "../index.html" not in frame
    assert json.loads(json.dumps(repr(ring.show()))) == repr(ring.show())


def test_statements_name_the_sellers_of_the_ring_alone(case: rs.Case) -> None:
    ring = case.ring(case.alerts["ring_id"][0])
    told = ring.statements()
    assert {one.seller_id for one in told} == set(ring.sellers)
    assert not any(buyer in one.markdown for one in told for buyer in ring.members["buyer_id"])
    with pytest.raises(rs.UsageError, match="a text or a page"):
        told[0].save("statement.exe")
