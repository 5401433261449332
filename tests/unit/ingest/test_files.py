"""Files that are not there, are two, are not what they say, vanish, or can't be written."""

from __future__ import annotations

import errno
import gzip
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.unit.ingest.exports import GOOD, HEADER, REVIEW_HEADER, lines, read, refused, write
from toolkit.errors import InputError, RingscopeError
from toolkit.ingest import ingest, sources


def test_an_empty_file(tmp_path: Path) -> None:
    refused(write(tmp_path / "data", "orders.csv", ""), "empty", "orders.csv")


def test_an_empty_json_file(tmp_path: Path) -> None:
    refused(write(tmp_path / "data", "orders.jsonl", "\n"), "empty")


def test_a_header_without_rows_is_a_table_without_rows(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    write(data, "reviews.csv", REVIEW_HEADER)
    report, frame = read(data, tmp_path / "case", "reviews")
    assert (report.rows_read, len(frame)) == (0, 0)


@pytest.mark.parametrize("header", [HEADER, HEADER.strip()])
def test_orders_without_rows_and_no_reviews(tmp_path: Path, header: str) -> None:
    refused(write(tmp_path / "data", "orders.csv", header), "nothing to investigate")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere", "not there")


def test_neither_orders_nor_reviews(tmp_path: Path) -> None:
    refused(write(tmp_path / "data", "Orders.txt", "x"), "neither orders nor reviews", "Orders.txt")


def test_two_files_for_one_table(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    pl.DataFrame({"order_id": ["a"]}).write_parquet(data / "orders.parquet")
    refused(data, "orders.csv", "orders.parquet")


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", "real.csv", GOOD)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/orders.csv").symlink_to(tmp_path / "elsewhere/real.csv")
    assert read(tmp_path / "data", tmp_path / "case")[0].rows_kept == 20


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/orders.csv").symlink_to(tmp_path / "gone.csv")
    refused(tmp_path / "data", "leads nowhere")


def test_a_folder_with_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "data/orders.csv").mkdir(parents=True)
    refused(tmp_path / "data", "without Parquet parts")


def test_a_file_that_vanishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    found = sources.find_source(data, "orders", None)
    assert found is not None
    monkeypatch.setattr("toolkit.ingest.folder.find_source", lambda *given: found if given[1] == "orders" else None)
    (data / "orders.csv").unlink()
    refused(data, "vanished")


def test_a_file_that_vanishes_after_its_header_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    from toolkit.ingest import table

    whole = table.make_plan

    def plan_then_delete(*given: object) -> object:
        plan = whole(*given)  # type: ignore[arg-type]
        (data / "orders.csv").unlink()
        return plan

    monkeypatch.setattr(table, "make_plan", plan_then_delete)
    with pytest.raises(InputError, match="vanished"):
        ingest(data, tmp_path / "case")
    assert not list((tmp_path / "case").rglob("*.parquet"))


def test_a_file_that_grows_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    from toolkit.ingest import table

    whole = table.make_plan

    def plan_then_grow(*given: object) -> object:
        with (data / "orders.csv").open("a") as stream:
            stream.write(GOOD[0].replace("o0", "late") + "\n")
        return whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(table, "make_plan", plan_then_grow)
    refused(data, "changed while it was read")


def test_no_permission_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)

    def denied(*_given: object, **_more: object) -> object:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "open", denied)
    refused(data, "no permission to read")


def test_no_permission_to_write(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    (tmp_path / "case").write_text("a file where the folder should be")
    with pytest.raises(RingscopeError, match="refused") as caught:
        ingest(data, tmp_path / "case")
    assert caught.value.exit_code == 1


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)

    def full(*_given: object, **_more: object) -> pl.LazyFrame:
        # As the engine raises it: the number stands in the text alone.
        raise OSError("No space left on device (os error 28)")

    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", full)
    with pytest.raises(RingscopeError, match="disk is full") as caught:
        ingest(data, tmp_path / "case")
    assert caught.value.exit_code == 1
    assert not list((tmp_path / "case").rglob("*.parquet"))


def test_a_real_limit_on_the_size_of_files_leaves_no_half_table(tmp_path: Path) -> None:
    rows = [f"o{n},b{n * 7919},l{n * 104729},2024-01-02T03:04:05Z,10.50,,paid,usd" for n in range(20_000)]
    data = write(tmp_path / "data", "orders.csv", rows)
    program = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));"
        "from pathlib import Path; from toolkit.errors import RingscopeError; from toolkit.ingest import ingest\n"
        "try: ingest(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "except RingscopeError as error: print(type(error).__name__, error)"
    )
    command = [sys.executable, "-c", program, str(data), str(tmp_path / "case")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("RingscopeError")
    assert not [path for path in (tmp_path / "case").rglob("*") if path.is_file()]


def test_packed_files_of_several_members_are_read_whole(tmp_path: Path) -> None:
    packed = gzip.compress(lines(GOOD[:10]).encode()) + gzip.compress(lines(GOOD[10:], "").encode())
    assert read(write(tmp_path / "data", "orders.csv.gz", packed), tmp_path / "case")[0].rows_kept == 20


def test_tables_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    write(data, "buyers.csv", "buyer_id\nb0\nb1\nb2\n")
    ingest(data, tmp_path / "case")
    (data / "buyers.csv").unlink()
    ingest(data, tmp_path / "case")
    assert [path.name for path in sorted((tmp_path / "case").rglob("*.parquet"))] == ["orders.parquet"] * 2
