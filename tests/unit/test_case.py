"""The case folder: atomic writes, one writer, resume, and errors that a person can act on."""

from __future__ import annotations

import errno
import json
import multiprocessing
from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.case import Case, stage_key, write_atomically, write_frame, write_text
from toolkit.errors import InputError, RingscopeError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    write_text(target, "old")

    def fails(path: Path) -> None:
        path.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(RingscopeError, match="the disk is full"):
        write_atomically(target, fails)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def _hold(path: Path, ready: multiprocessing.Event, done: multiprocessing.Event) -> None:  # type: ignore[valid-type]
    with Case(path).lock():
        ready.set()  # type: ignore[attr-defined]
        done.wait(30)  # type: ignore[attr-defined]


def test_a_second_writer_is_told_to_wait_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "case", ready, done))
    other.start()
    assert ready.wait(30)
    with pytest.raises(UsageError, match="another run is writing this case"), Case(tmp_path / "case").lock():
        pass
    other.kill()
    other.join(30)
    with Case(tmp_path / "case").lock():
        assert (tmp_path / "case").is_dir()


def test_a_stage_is_finished_only_with_its_key_and_its_files(tmp_path: Path) -> None:
    case, frame = Case(tmp_path), pl.DataFrame({"a": [1, 2]})
    with case.stage("one", "key") as files:
        write_frame(tmp_path / "results" / "x.parquet", frame)
        files.append(tmp_path / "results" / "x.parquet")
    assert case.finished("one", "key")
    assert not case.finished("one", "another key")
    assert not case.finished("two", "key")
    (tmp_path / "results" / "x.parquet").unlink()
    assert not case.finished("one", "key")


def test_a_stage_that_fails_is_not_finished(tmp_path: Path) -> None:
    case = Case(tmp_path)
    with pytest.raises(ValueError, match="broken"), case.stage("one", "key"):
        raise ValueError("broken")
    assert not case.finished("one", "key")


def test_what_is_no_case_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a case"):
        Case.open(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(InputError, match="newer ringscope"):
        Case.open(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="damaged"):
        Case.open(tmp_path)


def test_keys_depend_on_every_part() -> None:
    assert stage_key("a", {"x": 1}) == stage_key("a", {"x": 1})
    assert len({stage_key("a", {"x": 1}), stage_key("a", {"x": 2}), stage_key("b", {"x": 1})}) == 3
