"""The embedded store is a cache that anybody may lose: rebuilt, read-only, shared, and never needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from tests.cases import tiny_case
from toolkit import registry
from toolkit.backends.embedded import store as stores
from toolkit.errors import BackendError, UsageError
from toolkit.graph.build import case_key

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.case import Case

LIST = "MATCH (r:Ring {case_id: $case}) RETURN r.id AS ring ORDER BY ring"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """The case made by hand, its cache not built yet."""
    return tiny_case(tmp_path / "case")


def rings(case: Case) -> list[str]:
    """What the store says, built anew if need be."""
    store = registry.embedded(case)
    found: list[str] = store.run(LIST, {}, case_id=registry.EMBEDDED_NAME)["ring"]
    store.close()
    return found


def ask(case: Case, *more: str, before: str = "") -> subprocess.Popen[str]:
    """A process of its own that asks the case."""
    text = f"{before}\nimport sys; from toolkit.cli.app import run; sys.exit(run(sys.argv[1:]))"
    command = [sys.executable, "-c", text, "query", str(case.path), "ring_list", "--json", "--quiet", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    "note", ["[]", "{}", "null", '{"engine": "kglite 0.0.1 format 0", "case_id": "case", "key": "k"}']
)
def test_a_note_of_another_kind_or_engine_builds_it_anew(case: Case, note: str) -> None:
    before = rings(case)
    (case.path / "graph" / "case.json").write_text(note, encoding="utf-8")
    assert rings(case) == before
    assert json.loads((case.path / "graph" / "case.json").read_text("utf-8"))["key"] == case_key(case)


@pytest.mark.parametrize("content", [b"", b"damaged", None])
def test_a_file_that_does_not_open_is_built_anew(case: Case, content: bytes | None) -> None:
    before = rings(case)
    path = case.path / "graph" / "case.kgl"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if content is None else content)
    assert rings(case) == before


def test_it_is_opened_read_only(case: Case) -> None:
    store = registry.embedded(case)
    before = (case.path / "graph" / "case.kgl").read_bytes()
    with pytest.raises(UsageError, match="only read"):
        store.run("CREATE (n:Ring {id: 'x'}) RETURN n.id AS id", {}, case_id=registry.EMBEDDED_NAME)
    store.close()
    assert (case.path / "graph" / "case.kgl").read_bytes() == before


def test_several_processes_at_once_build_and_ask(case: Case) -> None:
    asked = [ask(case) for _ in range(3)]
    answers = [process.communicate(timeout=120) for process in asked]
    assert [process.returncode for process in asked] == [0, 0, 0], answers
    assert len({out for out, _ in answers}) == 1
    assert sorted(path.name for path in (case.path / "graph").iterdir()) == ["case.json", "case.kgl"]


def test_a_folder_that_can_not_be_written_is_said(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(stores.tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(BackendError, match="can't be written: Permission denied") as caught:
        registry.embedded(case)
    assert caught.value.exit_code == 4
    assert "write rights" in caught.value.todo


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to become another user to lack a right")
def test_another_user_reads_a_built_cache_and_can_not_build_one(case: Case) -> None:
    def as_nobody(folder: Path) -> tuple[int, str, str]:
        text = (
            "import os, sys, toolkit.registry as r; from toolkit.cli.app import run\n"
            "import toolkit.backends.embedded.store, toolkit.cli.query, toolkit.queries\n"
            "toolkit.queries.library()\nos.setgid(65534); os.setuid(65534)\n"
            "sys.exit(run(['query', sys.argv[1], 'ring_list', '--json', '--quiet']))"
        )
        done = subprocess.run([sys.executable, "-c", text, str(folder)], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    made = [folder for folder in case.path.parents if folder.is_relative_to(tempfile.gettempdir())]
    for folder in (case.path, *made[:-1]):  # the last is the machine's own
        folder.chmod(0o755)
    code, _, err = as_nobody(case.path)
    assert (code, "can't be written" in err) == (4, True), err
    rings(case)
    code, out, err = as_nobody(case.path)
    assert code == 0, err
    assert [row["ring"] for row in json.loads(out)] == rings(case)
    (case.path / "graph" / "case.kgl").write_bytes(b"damaged")
    code, _, err = as_nobody(case.path)
    assert (code, "Traceback" in err) == (4, False), err


@pytest.mark.parametrize(
    "before",
    [
        "import sys; sys.modules['kglite'] = None",
        "import sys, types; sys.modules['kglite'] = types.ModuleType('kglite')",
    ],
    ids=["missing", "another"],
)
def test_an_engine_that_fails_is_said_and_nothing_else_needs_it(case: Case, before: str, tmp_path: Path) -> None:
    process = ask(case, before=before)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (4, "")
    assert "--store neo4j" in err
    assert len(err.strip().splitlines()) <= 5
    for words in (
        ["rings", str(case.path)],
        ["queries"],
        ["neo4j", "export", str(case.path), "--out", str(tmp_path / "x")],
    ):
        text = f"{before}\nimport sys; from toolkit.cli.app import run; sys.exit(run(sys.argv[1:]))"
        done = subprocess.run([sys.executable, "-c", text, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_an_engine_that_loses_rows_is_not_used(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    from toolkit.backends.embedded import load

    monkeypatch.setattr(
        load, "create_relationships", lambda _, **__: "UNWIND $rows AS r MATCH (n:Nothing) RETURN n.id AS id"
    )
    with pytest.raises(BackendError, match="took") as caught:
        registry.embedded(case)
    assert "neo4j" in caught.value.todo
    assert not (case.path / "graph" / "case.kgl").exists()
