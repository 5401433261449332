"""The case folder: what lies where, atomic writes, one writer at a time, the manifest, resume.

A file is written beside its place and moved there in one step, so a killed run leaves the old file or the new one.
A stage is finished when its name, its key and the files that it wrote stand in the manifest; a run that starts again
skips a stage whose key is the same and whose files are still as they were written.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import resource
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

import polars as pl

from toolkit.contracts.results import RESULTS, empty
from toolkit.errors import InputError, RingscopeError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

FORMAT: Final = 1
"""Version of the case folder's layout."""

RINGS: Final = "results/rings.parquet"
"""The file without which a case has no results."""


def os_number(error: BaseException) -> int | None:
    """The operating system's number of an error; Polars often tells it in its text alone."""
    found = re.search(r"os error (\d+)", str(error))
    number: int | None = getattr(error, "errno", None)
    return number or (int(found[1]) if found else None)


@contextlib.contextmanager
def os_errors(path: Path) -> Iterator[None]:
    """Say in words what the file system refused."""
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        number = os_number(error)
        if number is None:
            raise
        known = {
            errno.ENOSPC: ("the disk is full", "free space and run the same command again; finished stages are kept"),
            errno.EACCES: ("no permission to write", "choose another --out, or change the folder's rights"),
            errno.EROFS: ("the file system is read-only", "choose another --out"),
        }
        other = (f"the file system refused: {os.strerror(number)}", "see the cause and try again")
        what, todo = known.get(number, other)
        raise RingscopeError(what, where=str(path), todo=todo) from error


def write_atomically(path: Path, write: Callable[[Path], Any], *, durable: bool = True) -> None:
    """Let `write` fill a temporary file beside `path`, flush it to disk where `durable`, and move it into place."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with os_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(temporary)
            if durable:
                with temporary.open("rb") as written:
                    os.fsync(written.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def write_frame(path: Path, frame: pl.DataFrame) -> None:
    """Write a table as Parquet, atomically."""
    write_atomically(path, lambda target: frame.write_parquet(target, compression="zstd", statistics=True))


def read_frame(path: Path, columns: Sequence[str] = ()) -> pl.DataFrame:
    """A table of a case, from Parquet.

    Args:
        path: The file.
        columns: What it must hold.

    Raises:
        InputError: The file is damaged, or lacks one of the columns.
    """
    todo = "run `ringscope investigate DATA --out CASE` again: it makes the table anew, and decisions stay"
    try:
        frame = pl.read_parquet(path, glob=False)
    except PermissionError as error:
        raise InputError(
            "no permission to read the case", where=str(path), todo="change the folder's rights"
        ) from error
    except pl.exceptions.PolarsError as error:
        raise InputError("a table of the case is damaged", where=str(path), todo=todo) from error
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        what = f"a table of the case lacks the column {absent[0]!r}: another version wrote it, or it is another table"
        raise InputError(what, where=str(path), todo=todo)
    return frame


def write_text(path: Path, text: str, *, durable: bool = True) -> None:
    """Write text as UTF-8, atomically; lone surrogates, which UTF-8 can't hold, become question marks."""
    write_atomically(path, lambda target: target.write_bytes(text.encode("utf-8", "replace")), durable=durable)


@dataclass(frozen=True)
class Case:
    """A case folder.

    Attributes:
        path: The folder.
    """

    path: Path

    @classmethod
    def open(cls, path: Path) -> Self:
        """An existing case.

        Raises:
            InputError: The folder is no case, or one of a newer layout.
        """
        case = cls(path)
        if not case.manifest_path.is_file():
            raise InputError(
                "this folder is not a case", where=str(path), todo="make one: ringscope investigate DATA --out CASE"
            )
        if case.manifest().get("format", FORMAT) > FORMAT:
            raise InputError("this case was written by a newer ringscope", where=str(path), todo="upgrade ringscope")
        return case

    @classmethod
    def investigated(cls, path: Path) -> Self:
        """An existing case with results, whose tables all are as they were written.

        Raises:
            InputError: It is no case, its run was stopped before there were results, they were purged, or a table was
                lost, cut off or put in another's place since.
            UsageError: Another run is writing its tables at this moment.
        """
        case = cls.open(path)
        case.require_results()
        return case

    def require_results(self) -> None:
        """Make sure that there are results, and that all tables are as they were written.

        Raises:
            InputError: See `investigated`.
            UsageError: Another run is writing them at this moment.
        """
        again = "run the same `ringscope investigate DATA --out CASE` again"
        manifest = self.manifest()
        stages = manifest.get("stages", {}).values()
        files = {name: size for stage in stages for name, size in stage["files"].items()}
        if not (self.path / RINGS).is_file() and RINGS not in files:
            if purged := manifest.get("purged_at"):
                what, todo = f"the results were purged at {purged}", "investigate the input again, if you still may"
                raise InputError(what, where=str(self.path), todo=todo)
            todo = f"{again}: it goes on after the last finished stage"
            raise InputError("this case has no results yet", where=str(self.path), todo=todo)
        now = self._sizes(files)
        changed = [name for name in files if name.startswith(("tables/", "results/")) and now[name] != files[name]]
        if changed and self.being_written():
            todo = "wait for it to end; it says how far it is"
            raise UsageError("another run is writing this case", where=str(self.path), todo=todo)
        for name in changed:
            what = "a table of the case is gone" if now[name] < 0 else "a table of the case is not as it was written"
            todo = f"{again}: it makes the table anew; decisions stay"
            raise InputError(what, where=str(self.path / name), todo=todo)

    def being_written(self) -> bool:
        """Whether a process holds the case for writing; looks without leaving a trace."""
        path = self.path / ".lock"
        if not path.is_file():
            return False
        with path.open("rb") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @property
    def manifest_path(self) -> Path:
        """Where the manifest lies."""
        return self.path / "manifest.json"

    @property
    def reports(self) -> Path:
        """Where the human-readable reports lie."""
        return self.path / "reports"

    @property
    def work(self) -> Path:
        """What stages hand to each other; can be rebuilt."""
        return self.path / "work"

    def has_table(self, name: str) -> bool:
        """Whether the clean input has that table."""
        return (self.path / "tables" / f"{name}.parquet").is_file()

    def table(self, name: str) -> pl.LazyFrame:
        """A clean input table, scanned lazily."""
        return pl.scan_parquet(self.path / "tables" / f"{name}.parquet")

    def tables(self) -> list[str]:
        """Names of the clean input tables that are there."""
        return sorted(path.stem for path in (self.path / "tables").glob("*.parquet"))

    def result(self, name: str) -> pl.DataFrame:
        """A result table; one without rows where the case was made before that table existed.

        Raises:
            InputError: The file is damaged, or lacks a column.
        """
        path = self.path / "results" / f"{name}.parquet"
        return read_frame(path, empty(name).columns) if path.is_file() else empty(name)

    def write_result(self, name: str, frame: pl.DataFrame) -> Path:
        """Write a result table after checking it against its schema."""
        path = self.path / "results" / f"{name}.parquet"
        write_frame(path, RESULTS[name].validate(frame.select(RESULTS[name].column_names()), cast=True))
        return path

    def manifest(self) -> dict[str, Any]:
        """The manifest; empty where there is none yet.

        Raises:
            InputError: The file can't be read as a JSON object.
        """
        if not self.manifest_path.is_file():
            return {}
        todo = "remove this file and investigate again; decisions and the audit log stay"
        damaged = InputError("the manifest is damaged", where=str(self.manifest_path), todo=todo)
        try:
            read = json.loads(self.manifest_path.read_bytes())
        except ValueError as error:
            raise damaged from error
        if not isinstance(read, dict):
            raise damaged
        return read

    def update_manifest(self, **parts: Any) -> None:
        """Put parts into the manifest, atomically."""
        manifest = {**self.manifest(), "format": FORMAT, **parts}
        write_text(self.manifest_path, json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n")

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the case for writing; the lock goes with the process, so a killed run leaves none behind.

        Raises:
            UsageError: Another process is writing this case.
        """
        with os_errors(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            handle = (self.path / ".lock").open("a+b")
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                todo = "wait for the other run to end, or choose another --out"
                raise UsageError("another run is writing this case", where=str(self.path), todo=todo) from error
            yield

    def finished(self, stage: str, key: str) -> bool:
        """Whether a stage with this key is done and all that it wrote is still as it was written."""
        entry = self.manifest().get("stages", {}).get(stage)
        return bool(entry) and entry["key"] == key and entry["files"] == self._sizes(entry["files"])

    @contextlib.contextmanager
    def stage(self, stage: str, key: str) -> Iterator[list[Path]]:
        """Run a stage; the body appends the files that it wrote, and they are entered when it ends well."""
        files: list[Path] = []
        begun, started = time.monotonic(), datetime.now(UTC)
        yield files
        names = dict.fromkeys(sorted(str(file.relative_to(self.path)) for file in files), 0)
        entry = {
            "key": key,
            "files": self._sizes(names),
            "started_at": started.isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - begun, 3),
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        self.update_manifest(stages={**self.manifest().get("stages", {}), stage: entry})

    def _sizes(self, files: dict[str, int]) -> dict[str, int]:
        paths = {name: self.path / name for name in files}
        return {name: path.stat().st_size if path.is_file() else -1 for name, path in paths.items()}


def stage_key(*parts: object) -> str:
    """A short digest of what a stage depends on: versions, settings, the key of the stage before."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
