"""The case folder: atomic writes, one writer, resume, and errors that a person can act on."""

from __future__ import annotations

import errno
import json
import multiprocessing
from typing import TYPE_CHECKING

import polars as pl
import pytest

from toolkit.case import RINGS, Case, os_errors, stage_key, write_atomically, write_frame, write_text
from toolkit.contracts.results import empty
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


def test_a_full_disk_is_said_to_be_one_where_the_engine_tells_it_in_its_text_alone(tmp_path: Path) -> None:
    text = "parquet: underlying IO error: No space left on device (os error 28)"
    with pytest.raises(RingscopeError, match="the disk is full"), os_errors(tmp_path):
        raise pl.exceptions.ComputeError(text)
    with pytest.raises(pl.exceptions.ComputeError, match="another fault"), os_errors(tmp_path):
        raise pl.exceptions.ComputeError("another fault")


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
    for text in (b"{", b"[1]", b"\xff\xfe"):
        (tmp_path / "manifest.json").write_bytes(text)
        with pytest.raises(InputError, match="damaged"):
            Case.open(tmp_path)


@pytest.fixture
def whole(tmp_path: Path) -> Case:
    """A case with orders and rings, as finished stages left it."""
    case = Case(tmp_path / "case")
    for stage, name in (("ingest", "tables/orders.parquet"), ("results", RINGS)):
        with case.stage(stage, "key") as files:
            write_frame(case.path / name, empty("rings"))
            files.append(case.path / name)
    return Case.investigated(case.path)


@pytest.mark.parametrize("name", ["tables/orders.parquet", RINGS])
def test_a_table_that_was_lost_or_cut_off_is_no_table_without_rows(whole: Case, name: str) -> None:
    half = (whole.path / name).read_bytes()[:40]
    (whole.path / name).write_bytes(half)
    with pytest.raises(InputError, match=f"(?s)not as it was written.*{name}.*investigate.*decisions stay"):
        Case.investigated(whole.path)
    (whole.path / name).unlink()
    with pytest.raises(InputError, match=f"(?s)is gone.*{name}"):
        Case.investigated(whole.path)
    with whole.lock(), pytest.raises(UsageError, match="another run is writing"):
        Case.investigated(whole.path)


def test_no_results_are_not_no_rings(tmp_path: Path) -> None:
    case = Case(tmp_path)
    case.update_manifest(version="1")
    with pytest.raises(InputError, match="no results yet"):
        Case.investigated(tmp_path)
    case.update_manifest(stages={}, purged_at="2026-01-01")
    with pytest.raises(InputError, match="purged at 2026-01-01"):
        Case.investigated(tmp_path)


def test_a_result_of_another_version_and_a_damaged_one_are_named(whole: Case) -> None:
    write_frame(whole.path / RINGS, pl.DataFrame({"ring_id": ["r"]}))
    with pytest.raises(InputError, match=r"(?s)lacks the column 'tier'.*rings\.parquet"):
        whole.result("rings")
    (whole.path / RINGS).write_bytes(b"PAR1junk")
    with pytest.raises(InputError, match=r"(?s)is damaged.*rings\.parquet"):
        whole.result("rings")


def test_keys_depend_on_every_part() -> None:
    assert stage_key("a", {"x": 1}) == stage_key("a", {"x": 1})
    assert len({stage_key("a", {"x": 1}), stage_key("a", {"x": 2}), stage_key("b", {"x": 1})}) == 3
