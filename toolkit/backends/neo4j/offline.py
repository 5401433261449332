"""Files for Neo4j's offline import, for a first load of tens of millions of relationships, and the command to run.

The entries that a push keeps are among the files, so a push after the import finds the case there and unchanged.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit.backends.neo4j.load import pieces
from toolkit.case import os_errors, write_text
from toolkit.contracts.graph import FORMAT, NODE, RELATIONSHIP
from toolkit.contracts.statements import encode

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.contracts.kinds import Graph, Property

_TYPES: Final = {
    "text": "string",
    "integer": "long",
    "number": "double",
    "boolean": "boolean",
    "time": "datetime",
    "texts": "string[]",
}
_SEPARATOR: Final = "\x1f"


def write_files(graph: Graph, key: str, folder: Path) -> str:
    """Write the files into a folder; gives the command that imports them."""
    with os_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    options: list[str] = []
    for label, frame in graph.nodes.items():
        if frame.height:
            options.append(f"--nodes={label}={_nodes(graph, label, frame, folder)}")
    options += [f"--nodes={name}={path}" for name, path in _ledger(graph, key, folder).items()]
    for route, frame in graph.relationships.items():
        if frame.height:
            name = f"{route.name}.{route.start}.{route.end}.csv"
            heads = {"start": f":START_ID({route.start})", "end": f":END_ID({route.end})"}
            heads |= _heads(RELATIONSHIP[route.name].properties)
            options.append(f"--relationships={route.name}={_write(frame.rename(heads), folder / name)}")
    return _command(folder, options)


def _heads(properties: tuple[Property, ...]) -> dict[str, str]:
    return {item.name: f"{item.name}:{_TYPES[item.type]}" for item in properties}


def _nodes(graph: Graph, label: str, frame: pl.DataFrame, folder: Path) -> Path:
    heads = {"id": f"id:ID({label}){{label:{label}}}", **_heads(NODE[label].properties)}
    named = frame.rename(heads).with_columns(pl.lit(graph.case_id).alias("case_id:string"))
    return _write(named, folder / f"{label}.csv")


def _ledger(graph: Graph, key: str, folder: Path) -> dict[str, Path]:
    """The nodes that say that the case is there, and of what it is made."""
    nodes, relationships = graph.counts()
    case = pl.DataFrame(
        {
            "id:ID(Case){label:Case}": [graph.case_id],
            "case_id:string": [graph.case_id],
            "key:string": [key],
            "state:string": ["complete"],
            "format:long": [FORMAT],
            "nodes:long": [nodes],
            "relationships:long": [relationships],
        }
    )
    parts = [piece for piece in pieces(graph) if piece.frame.height]
    rows = [piece.frame.height for piece in parts]
    ledger = pl.DataFrame(
        {
            "id:ID(CasePart){label:CasePart}": [piece.name for piece in parts],
            "case_id:string": pl.Series([graph.case_id] * len(parts), dtype=pl.String),
            "digest:string": pl.Series([piece.digest for piece in parts], dtype=pl.String),
            "rows:long": pl.Series(rows, dtype=pl.Int64),
            "done:long": pl.Series(rows, dtype=pl.Int64),
        }
    )
    return {"Case": _write(case, folder / "Case.csv"), "CasePart": _write(ledger, folder / "CasePart.csv")}


def _write(frame: pl.DataFrame, path: Path) -> Path:
    """Empty text is quoted and an absent value is not, which is how the import tells them apart."""
    flat = encode(frame).with_columns(pl.col(pl.List(pl.String)).list.join(_SEPARATOR))
    with os_errors(path):
        flat.write_csv(path, quote_style="necessary")
    return path


def _command(folder: Path, options: list[str]) -> str:
    usual = [
        "--overwrite-destination=true",
        "--multiline-fields=true",
        "--array-delimiter=U+001F",
        f"--report-file={folder / 'import.report'}",
    ]
    lines = [shlex.quote(option) for option in (*usual, *options)]
    text = " \\\n  ".join(["neo4j-admin database import full neo4j", *lines])
    script = (
        "#!/bin/sh\n"
        "# Run on the server's machine while the server is stopped; it REPLACES the database `neo4j`.\n"
        "# Afterwards start the server and run `ringscope neo4j push CASE`: it makes the constraints.\n"
        f'set -e\n{text} "$@"\n'
    )
    write_text(folder / "import.sh", script)
    return f"sh {shlex.quote(str(folder / 'import.sh'))}"
