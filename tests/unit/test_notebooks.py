"""The notebooks run from first to last cell, and what is committed can be read without running them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from notebooks import run

if TYPE_CHECKING:
    from tests.conftest import Neo4jAddress

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 600_000
MACHINE = re.compile(r"/(?:tmp|home|root|work|Users|var)/")


def _read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def _code(book: Any) -> list[Any]:
    return [cell for cell in book.cells if cell.cell_type == "code"]


def _run(name: str, into: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "notebooks.run", name, "--into", str(into)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    made = _read(into / f"{name}.ipynb")
    assert [cell.source for cell in made.cells] == [cell.source for cell in _read(run.HERE / f"{name}.ipynb").cells]
    assert all(cell.execution_count for cell in _code(made))


def test_there_are_six() -> None:
    assert [name[0] for name in run.names()] == list("123456")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in run.names() if name != run.SERVER])
def test_a_notebook_runs(name: str, tmp_path: Path) -> None:
    _run(name, tmp_path, dict(os.environ))


@pytest.mark.neo4j
@pytest.mark.slow
def test_the_notebook_on_neo4j_runs(neo4j_address: Neo4jAddress, tmp_path: Path) -> None:
    given = {"NEO4J_URI": neo4j_address.uri, "NEO4J_USER": neo4j_address.user, "NEO4J_PASSWORD": neo4j_address.password}
    _run(run.SERVER, tmp_path, {**os.environ, **given})


@pytest.mark.parametrize("name", run.names())
def test_what_is_committed_has_its_outputs(name: str) -> None:
    path = run.HERE / f"{name}.ipynb"
    assert path.stat().st_size < LARGEST
    book = _read(path)
    assert all(cell.execution_count for cell in _code(book)), "run `make notebooks`"
    outputs = [output for cell in _code(book) for output in cell.outputs]
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert not MACHINE.search(str(outputs))
    shown = [kind for output in outputs for kind in output.get("data", {})]
    assert "text/html" in shown
    assert "image/png" in shown or name == run.SERVER
    words = sum(len(cell.source.split()) for cell in book.cells if cell.cell_type == "markdown")
    assert words > 120, "a notebook explains what it does"
