"""`ringscope query` and `ringscope queries`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cases import tiny_case
from toolkit.cli.app import run
from toolkit.queries import library

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_case(tmp_path_factory.mktemp("case")).path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_lists_the_library_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "queries", "--json")
    listed = json.loads(out)
    assert code == 0
    assert [item["name"] for item in listed] == list(library())
    assert all({"name", "about", "params", "returns"} <= set(item) for item in listed)


def test_lists_the_library_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "queries")
    assert code == 0
    assert all(query.about in out for query in library().values())


def test_answers_as_json_csv_and_text(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ("query", str(case), "ring_members", "--param", "ring=ring-1")
    rows = json.loads(said(capsys, *ask, "--json")[1])
    assert [row["buyer"] for row in rows] == ["B1", "B2", "B3"]
    assert said(capsys, *ask, "--csv")[1].splitlines()[1] == "B1,core,3.0,shares a card,1"
    assert "shares a card" in said(capsys, *ask)[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("ring_members",),
        ("ring_members", "--param", "ring"),
        ("ring_members", "--param", "rnig=x"),
        ("ring_list", "--param", "limit=many"),
        ("ring_list", "--param", "limit=99999999999999999999"),
        ("ring_list", "--timeout", "nan"),
        ("ring_list", "--timeout", "0"),
        ("ring_membres",),
        (),
        ("--cypher", "LOAD CSV FROM 'file:///etc/hostname' AS l RETURN l"),
        ("--cypher", "CREATE (n:Buyer) RETURN n.id AS id"),
        ("ring_list", "--store", "neo4j", "--uri", "http://localhost:7474"),
    ],
)
def test_wrong_usage_is_exit_code_2(case: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "query", str(case), *arguments)
    assert code == 2
    assert not out
    assert len(err.strip().splitlines()) <= 5


def test_a_server_that_is_not_there_is_exit_code_4(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ("--store", "neo4j", "--uri", "bolt://127.0.0.1:1", "--password", "secret-word")
    code, _, err = said(capsys, "query", str(case), "ring_list", *flags)
    assert code == 4
    assert "secret-word" not in err


def test_cypher_of_ones_own_comes_with_a_warning(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "MATCH (b:Buyer {id: $b}) RETURN b.id AS id, b.created_at AS at, [1, 2] AS list"
    code, out, err = said(capsys, "query", str(case), "--cypher", text, "--param", "b=B1", "--json")
    assert code == 0
    assert json.loads(out)[0]["id"] == "B1"
    assert "library's queries only" in err


def test_the_cache_is_built_anew_when_old_or_damaged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tiny_case(tmp_path)
    ask = ("query", str(case.path), "ring_list", "--json")
    assert len(json.loads(said(capsys, *ask)[1])) == 2
    case.write_result("rings", case.result("rings").head(1))
    case.write_result("members", case.result("members").filter(ring_id="ring-1"))
    assert len(json.loads(said(capsys, *ask)[1])) == 1
    (tmp_path / "graph" / "case.kgl").write_bytes(b"damaged")
    assert len(json.loads(said(capsys, *ask)[1])) == 1
    (tmp_path / "graph" / "case.json").write_text("{", encoding="utf-8")
    assert len(json.loads(said(capsys, *ask)[1])) == 1
    (tmp_path / "graph" / "case.kgl").unlink()
    assert len(json.loads(said(capsys, *ask)[1])) == 1


def test_a_kept_cache_is_not_built_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tiny_case(tmp_path)
    said(capsys, "query", str(case.path), "ring_list")
    before = (tmp_path / "graph" / "case.kgl").stat().st_mtime_ns
    said(capsys, "query", str(case.path), "ring_list")
    assert (tmp_path / "graph" / "case.kgl").stat().st_mtime_ns == before
