"""Run the notebooks in place, so that they can be read without running them: `make notebooks`.

Each runs in its own folder `work`, which is not committed. Interactive pages weigh most of a megabyte each and are left
out of the saved file; the words and pictures stay. The fifth needs a Neo4j server: the one in NEO4J_URI, or one that is
started where Java and Maven are there; else it is skipped by name.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbclient import NotebookClient

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
SERVER = "5_neo4j"
SECONDS = 600
"""The most that one cell may take; nothing is timed, this ends what hangs."""


def names() -> list[str]:
    """Every notebook, in order."""
    return sorted(path.stem for path in HERE.glob("[0-9]_*.ipynb"))


def run(name: str, folder: Path) -> Path:
    """Run a notebook in a folder, and write it there with its outputs."""
    book = nbformat.read(HERE / f"{name}.ipynb", as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(book, timeout=SECONDS, kernel_name="python3", resources=resources)
    client.extra_arguments = ["--log-level=ERROR"]  # else it warns that it listens on this machine's own port
    client.execute()
    nbformat.write(slim(book), folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"


def slim(book: Any) -> Any:
    """The notebook without what differs from run to run, and without interactive pages."""
    book.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for place, cell in enumerate(book.cells):
        cell["id"] = f"cell-{place}"
        cell.metadata = {}
        for output in cell.get("outputs", ()):
            shown = output.get("data", {})
            if "<iframe" in shown.get("text/html", ""):
                del shown["text/html"]
            output.pop("metadata", None)
            if output["output_type"] in ("display_data", "execute_result"):
                output["metadata"] = {}
    return book


@contextmanager
def server(folder: Path) -> Iterator[None]:
    """A Neo4j server in the environment: the reader's own, or one of the tests."""
    if os.environ.get("NEO4J_URI"):
        yield
        return
    from tests.neo4j_server import PASSWORD, USER, Server

    started = Server(folder / "neo4j")
    started.start()
    given = {"NEO4J_URI": started.uri, "NEO4J_USER": USER, "NEO4J_PASSWORD": PASSWORD}
    os.environ.update(given)
    try:
        yield
    finally:
        for key in given:
            del os.environ[key]
        started.stop()


def lacking() -> str:
    """What is missing for a Neo4j server; nothing where it is all there."""
    if os.environ.get("NEO4J_URI"):
        return ""
    return ", ".join(program for program in ("java", "mvn") if shutil.which(program) is None)


def main() -> int:
    """Run those that are named, or all."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("names", nargs="*", help="for example 1_first_look; all where none is given")
    reader.add_argument("--into", type=Path, default=HERE, help="write the run notebooks there, not in place")
    given = reader.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    for name in given.names or names():
        if name == SERVER and lacking():
            sys.stderr.write(f"{name}: skipped, {lacking()} is missing and NEO4J_URI is not set\n")
            continue
        if name == SERVER:
            with server(given.into.resolve() / "server"):
                path = run(name, given.into.resolve())
        else:
            path = run(name, given.into.resolve())
        sys.stderr.write(f"{name}: {path.stat().st_size / 1000:,.0f} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
