"""The embedded store: one read-only file a case in a folder, built anew whenever it does not fit the case."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import kglite

from toolkit.backends.embedded.errors import translated
from toolkit.backends.embedded.load import build
from toolkit.contracts.graph import FORMAT, node_schema, relationship_schema
from toolkit.contracts.statements import decode, node_columns, relationship_columns
from toolkit.errors import BackendError
from toolkit.queries import refuse_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

    from toolkit.contracts.kinds import Graph, Route

_ENGINE: Final = f"kglite {kglite.__version__} format {FORMAT}"


class EmbeddedStore:
    """Cases as files that a Cypher engine reads in this process.

    Args:
        folder: Where the files lie; it is made when the first case is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, Any] = {}

    def write(self, graph: Graph, *, key: str, progress: Callable[[str, int, int], None] | None = None) -> bool:
        """Build the case's file, unless one of this key is there; the old file stays until the new one is whole."""
        if self.cases().get(graph.case_id) == key:
            return False
        self._close(graph.case_id)
        with translated(str(self.folder)):
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".build-", dir=self.folder) as folder:
                fresh = Path(folder) / "graph.kgl"
                build(fresh, graph, progress)
                self._meta(graph.case_id).unlink(missing_ok=True)
                fresh.replace(self._file(graph.case_id))
                note = {"case_id": graph.case_id, "key": key, "engine": _ENGINE, "nodes": graph.counts()[0]}
                (Path(folder) / "meta.json").write_text(json.dumps(note), encoding="utf-8")
                (Path(folder) / "meta.json").replace(self._meta(graph.case_id))
        return True

    def cases(self) -> dict[str, str]:
        """Case id -> key of every file that this version of the engine wrote."""
        found: dict[str, str] = {}
        for path in sorted(self.folder.glob("*.json")):
            note = _read_note(path)
            if note.get("engine") == _ENGINE and self._file(note["case_id"]).is_file():
                found[note["case_id"]] = note["key"]
        return found

    def readable(self, case_id: str) -> bool:
        """Whether the case's file opens; a damaged one is removed, because it can be built again."""
        try:
            self._engine(case_id)
        except BackendError:
            self.purge(case_id)
            return False
        return True

    def run(
        self, text: str, parameters: Mapping[str, Any], *, case_id: str, seconds: float = 60.0
    ) -> dict[str, list[Any]]:
        """Run a reading query on one case's file."""
        refuse_files(text)
        engine = self._engine(case_id)
        with translated(case_id):
            given = {**parameters, "case": case_id}
            result = engine.cypher(text, params=given, timeout_ms=max(1, int(seconds * 1000)))
            return {name: result.column(name) for name in result.columns}

    def nodes(self, label: str, *, case_id: str) -> pl.DataFrame:
        """All nodes of a label, sorted by id."""
        columns = node_columns(label)
        text = f"MATCH (n:{label} {{case_id: $case}}) RETURN {_returned(columns)} ORDER BY id"
        return decode(self.run(text, {}, case_id=case_id), node_schema(label)).sort("id")

    def relationships(self, route: Route, *, case_id: str) -> pl.DataFrame:
        """All relationships of a kind between two labels, sorted by their ends."""
        columns = relationship_columns(route.name)
        match = f"MATCH (a:{route.start})-[r:{route.name}]->(b:{route.end}) WHERE a.case_id = $case"
        rows = self.run(f"{match} RETURN {_returned(columns)}", {}, case_id=case_id)
        return decode(rows, relationship_schema(route.name)).sort("start", "end", maintain_order=True)

    def purge(self, case_id: str) -> int:
        """Remove the case's file; gives how many nodes went."""
        nodes = int(_read_note(self._meta(case_id)).get("nodes", 0))
        self._close(case_id)
        with translated(str(self.folder)):
            self._meta(case_id).unlink(missing_ok=True)
            self._file(case_id).unlink(missing_ok=True)
            if self.folder.is_dir() and not any(self.folder.iterdir()):
                shutil.rmtree(self.folder)
        return nodes

    def close(self) -> None:
        """Let go of the files."""
        for case_id in list(self._open):
            self._close(case_id)

    def _engine(self, case_id: str) -> Any:
        if case_id not in self._open:
            path = self._file(case_id)
            if not path.is_file():
                raise BackendError("this case is not in the store", where=case_id, todo="write it first")
            with translated(str(path)):
                kglite.set_query_warning_policy("silent")
                engine = kglite.load(str(path))
                engine.read_only(True)
            self._open[case_id] = engine
        return self._open[case_id]

    def _close(self, case_id: str) -> None:
        # The engine's own close() would write the file anew; letting go of it is enough for a reader.
        self._open.pop(case_id, None)

    def _file(self, case_id: str) -> Path:
        return self.folder / f"{quote(case_id, safe='')}.kgl"

    def _meta(self, case_id: str) -> Path:
        return self.folder / f"{quote(case_id, safe='')}.json"


def _returned(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{expression} AS {name}" for name, expression in columns.items())


def _read_note(path: Path) -> dict[str, Any]:
    """What stands beside a file; nothing where the note is missing or damaged, so that the file is built anew."""
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, FileNotFoundError):
        return {}
    return note if isinstance(note, dict) and {"engine", "case_id", "key"} <= note.keys() else {}
