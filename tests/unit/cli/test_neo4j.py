"""`ringscope neo4j` on the real server."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cases import tiny_case
from toolkit.cli.app import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Neo4jAddress
    from toolkit.case import Case

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


@pytest.fixture
def reach(neo4j_address: Neo4jAddress, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The session's server by the environment, away from any `.env`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEO4J_URI", neo4j_address.uri)
    monkeypatch.setenv("NEO4J_USER", neo4j_address.user)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_address.password)


@pytest.fixture
def pushed(reach: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Case]:
    """A case that is on the server."""
    case = tiny_case(tmp_path / "case")
    assert run(["neo4j", "push", str(case.path)]) == 0
    assert "44 nodes and 75 relationships pushed" in capsys.readouterr().out
    yield case
    run(["neo4j", "purge", str(case.path)])


def test_a_second_push_is_unchanged(pushed: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["neo4j", "push", str(pushed.path)]) == 0
    assert "unchanged" in capsys.readouterr().out


def test_a_query_gives_the_same_on_both_stores(pushed: Case, capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for store in ("embedded", "neo4j"):
        assert (
            run(["query", str(pushed.path), "ring_evidence", "--param", "ring=ring-1", "--json", "--store", store]) == 0
        )
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1]
    assert len(answers[0]) == 2


def test_pulls_input_tables(pushed: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(pushed.manifest()["case_id"])
    assert run(["neo4j", "pull", "--out", str(tmp_path / "data"), "--case", name]) == 0
    out, err = capsys.readouterr()
    assert "orders: 9 rows" in out
    assert "what people wrote is in no graph" in err
    assert run(["check", str(tmp_path / "data"), "--json", "--quiet"]) == 0
    tables = json.loads(capsys.readouterr().out)["tables"]
    assert all(table["rows_quarantined"] == 0 for table in tables)
    assert run(["neo4j", "pull", "--out", str(tmp_path / "data"), "--case", name]) == 2


def test_pulling_a_case_that_is_not_there(pushed: Case, tmp_path: Path) -> None:
    assert run(["neo4j", "pull", "--out", str(tmp_path / "none"), "--case", "nowhere"]) == 4


def test_lists_and_purges(pushed: Case, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(pushed.manifest()["case_id"])
    run(["neo4j", "cases"])
    assert f"{name}  complete" in capsys.readouterr().out
    assert run(["neo4j", "purge", name]) == 0
    assert "44 nodes removed" in capsys.readouterr().out
    assert run(["neo4j", "purge", name]) == 2
    assert run(["query", str(pushed.path), "ring_list", "--store", "neo4j"]) == 4


def test_groups_accounts_and_compares(pushed: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["neo4j", "communities", str(pushed.path), "--algorithm", "wcc", "--json"]) == 0
    out, err = capsys.readouterr()
    assert [row["found"] for row in json.loads(out)] == [True, True]
    assert "adjusted Rand index over ring members 1.000" in err


def test_all_works_without_the_embedded_engine(
    pushed: Case, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """As where a later version of it does not import: the server is enough."""
    for name in [name for name in sys.modules if name.startswith("toolkit.backends.embedded")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "kglite", None)
    path = str(pushed.path)
    assert run(["neo4j", "push", path]) == 0
    assert run(["neo4j", "pull", "--out", str(tmp_path / "out"), "--case", str(pushed.manifest()["case_id"])]) == 0
    capsys.readouterr()
    assert run(["query", path, "ring_list", "--json", "--store", "neo4j"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
    assert run(["query", path, "ring_list"]) == 4
    assert "--store neo4j" in capsys.readouterr().err


def test_a_wrong_password_shows_none(reach: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tiny_case(tmp_path / "case")
    assert run(["neo4j", "push", str(case.path), "--password", "wrong-secret"]) == 4
    assert "wrong-secret" not in "".join(capsys.readouterr())
