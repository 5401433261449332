"""Text in other encodings, with marks and line ends of other systems."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.unit.ingest.exports import GOOD, lines, read, refused, write
from toolkit.errors import InputError
from toolkit.ingest import ingest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_named(tmp_path: Path, encoding: str) -> None:
    refused(write(tmp_path / "data", "orders.csv", lines(GOOD).encode(encoding)), encoding[:6].upper(), "encoding =")


def test_latin_1_is_named_with_its_line(tmp_path: Path) -> None:
    rows = [*GOOD[:3], GOOD[3].replace("l1", "café")]
    refused(write(tmp_path / "data", "orders.csv", lines(rows).encode("latin-1")), "not UTF-8", "line 5", "encoding =")


def test_latin_1_far_down_in_the_file(tmp_path: Path) -> None:
    rows = [f"o{n},b,l,2024-01-02T03:04:05Z,1,,paid,usd" for n in range(20_000)]
    text = lines([*rows, "x,b,café,2024-01-02T03:04:05Z,1,,paid,usd"]).encode("latin-1")
    refused(write(tmp_path / "data", "orders.csv", text), "not UTF-8", "encoding =")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "cp1252"])
def test_a_mapping_may_name_the_encoding(tmp_path: Path, encoding: str) -> None:
    rows = [row.replace("l1", "café") for row in GOOD]
    data = write(tmp_path / "data", "orders.csv", lines(rows).encode(encoding))
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(f'[orders]\nencoding = "{encoding}"\n')
    _, frame = read(data, tmp_path / "case", mapping=mapping)
    assert frame["listing_id"].unique().to_list() == ["café"]


def test_a_wrong_encoding_in_the_mapping(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", lines([*GOOD, "é"]).encode("latin-1"))
    (tmp_path / "mapping.toml").write_text('[orders]\nencoding = "utf-16"\n')
    with pytest.raises(InputError, match="not encoded as utf-16"):
        ingest(data, None, mapping=tmp_path / "mapping.toml")


@pytest.mark.parametrize("name", ["orders.csv", "orders.csv.gz"])
def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path, name: str) -> None:
    raw = lines(GOOD).encode("utf-8-sig")
    data = write(tmp_path / "data", name, gzip.compress(raw) if name.endswith("gz") else raw)
    assert read(data, tmp_path / "case")[0].rows_kept == 20


def test_a_byte_order_mark_in_json_lines(tmp_path: Path) -> None:
    line = '{"order_id":"a","buyer_id":"b","listing_id":"c","ordered_at":"2024-01-01"}\n'
    assert read(write(tmp_path / "data", "orders.jsonl", line.encode("utf-8-sig")), tmp_path / "case")[0].rows_kept == 1


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems(tmp_path: Path, end: str) -> None:
    data = write(tmp_path / "data", "orders.csv", lines(GOOD).replace("\n", end))
    report, frame = read(data, tmp_path / "case")
    assert report.rows_kept == 20
    assert frame["currency"].unique().to_list() == ["USD"]
