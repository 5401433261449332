"""Files whose rows have not the shape of rows: delimiters, ragged rows, quotes, JSON that is none."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.unit.ingest.exports import GOOD, HEADER, REVIEW_HEADER, lines, quarantined, read, refused, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")])
def test_another_delimiter_is_named(tmp_path: Path, mark: str, word: str) -> None:
    data = write(tmp_path / "data", "orders.csv", lines(GOOD).replace(",", mark))
    refused(data, word, "delimiter =")
    (tmp_path / "mapping.toml").write_text(f"[orders]\ndelimiter = '{mark}'\n")
    assert read(data, tmp_path / "case", mapping=tmp_path / "mapping.toml")[0].rows_kept == 20


def test_ragged_rows(tmp_path: Path) -> None:
    long, empty_end, short = (
        f"{GOOD[0]},more,still more".replace("o0", "x"),
        f"{GOOD[1]},".replace("o1", "y"),
        "o99,b1,l1,2024-01-02",
    )
    data = write(tmp_path / "data", "orders.csv", [*GOOD, long, short, empty_end])
    report, _ = read(data, tmp_path / "case")
    assert quarantined(tmp_path / "case") == {21: "too_many_fields", 22: "too_few_fields"}
    assert report.rows_kept == 21


def test_short_rows_beside_fields_of_several_lines(tmp_path: Path) -> None:
    rows = [f'r{n},b,l,2024-01-01,5,"one\ntwo, three\nfour"' for n in range(9)]
    text = REVIEW_HEADER + "\n".join([*rows[:4], "r98,b,l,2024-01-01", *rows[4:]]) + "\n"
    report, frame = read(write(tmp_path / "data", "reviews.csv", text), tmp_path / "case", "reviews")
    assert quarantined(tmp_path / "case", "reviews") == {5: "too_few_fields"}
    assert frame["text"].to_list() == ["one\ntwo, three\nfour"] * 9
    assert report.rows_read == 10


def test_a_file_cut_off_within_a_row(tmp_path: Path) -> None:
    whole = lines(GOOD)
    data = write(tmp_path / "data", "orders.csv", whole[: whole.rindex("10.50") + 2])
    read(data, tmp_path / "case")
    assert quarantined(tmp_path / "case") == {20: "too_few_fields"}


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    text = HEADER + "\n\n".join(GOOD) + "\n\n\n"
    report, _ = read(write(tmp_path / "data", "orders.csv", text), tmp_path / "case")
    assert (report.rows_read, report.rows_quarantined) == (20, 0)


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    rows = [
        *GOOD[:4],
        'x,"b1,l1,2024-01-02T03:04:05Z,10.50,,paid,usd',
        *GOOD[4:],
        'y,b1,l1,"2024-01-02T03:04:05Z,1,,paid,usd',
    ]
    report, _ = read(write(tmp_path / "data", "orders.csv", rows), tmp_path / "case")
    assert quarantined(tmp_path / "case") == {5: "quote_out_of_place", 22: "quote_out_of_place"}
    assert report.rows_kept == 20
    frame = pl.read_parquet(tmp_path / "case/quarantine/orders.parquet")
    assert frame["#extra"].to_list() == [rows[4], rows[21]]


def test_quotes_within_fields(tmp_path: Path) -> None:
    texts = ['5" screen', '"6"" screen"', '"a\nb, c"', '"7" screen', '8"" x', '"9"', ""]
    rows = [f"r{n},b,l,2024-01-01,5,{text}" for n, text in enumerate(texts)]
    _, frame = read(write(tmp_path / "data", "reviews.csv", lines(rows, REVIEW_HEADER)), tmp_path / "case", "reviews")
    assert frame["text"].to_list() == ['5" screen', '6" screen', "a\nb, c", '8"" x', "9", None]
    assert quarantined(tmp_path / "case", "reviews") == {4: "quote_out_of_place"}


def test_a_broken_quote_in_text_that_is_not_utf8(tmp_path: Path) -> None:
    rows = [f"o{n},b,l,2024-01-02T03:04:05Z,1,,paid,usd" for n in range(20_000)]
    text = lines(['x,"b" c,l,2024-01-02,1,,paid,usd', *rows, "y,b,café,2024-01-02,1,,paid,usd"]).encode("latin-1")
    refused(write(tmp_path / "data", "orders.csv", text), "not UTF-8", "line 20003")


def test_columns_without_a_name_and_blank_lines_before_the_header(tmp_path: Path) -> None:
    rows = [f"{n},{row},," for n, row in enumerate(GOOD)] + ["20,x,b1"]
    data = write(tmp_path / "data", "orders.csv", "\n\n" + lines(rows, f",{HEADER.strip()},,\n"))
    report, _ = read(data, tmp_path / "case")
    assert report.unknown_columns == ("column 1", "column 10", "column 11")
    assert quarantined(tmp_path / "case") == {21: "too_few_fields"}


def test_a_header_of_several_lines_and_names_with_blanks(tmp_path: Path) -> None:
    header = '"a\nnote",' + HEADER.replace("buyer_id", " buyer_id ")
    data = write(tmp_path / "data", "orders.csv", lines([f"n,{row}" for row in GOOD], header))
    assert read(data, tmp_path / "case")[0].rows_kept == 20


def test_a_column_twice(tmp_path: Path) -> None:
    text = lines([f"{row},x" for row in GOOD], HEADER.strip() + ",amount\n")
    refused(write(tmp_path / "data", "orders.csv", text), "'amount'", "twice")


def test_a_missing_required_column_names_the_nearest(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", lines(GOOD, HEADER.replace("buyer_id", "buyer-id")))
    refused(data, "'buyer_id'", "did you mean 'buyer-id'", "listing_id")


def test_lines_that_are_not_json(tmp_path: Path) -> None:
    good = '{"order_id":"o%d","buyer_id":7,"listing_id":"l","ordered_at":"2024-01-01T00:00:00Z","amount":1.5}'
    rows = [good % n for n in range(20)]
    rows[4:4] = ["not json", "[1, 2]", ""]
    rows.append('{"order_id":"cut o')
    data = write(tmp_path / "data", "orders.jsonl", "\n".join(rows))
    report, frame = read(data, tmp_path / "case")
    fault = "line_is_no_json_object"
    assert quarantined(tmp_path / "case") == {5: fault, 6: fault, 23: fault}
    assert (report.rows_kept, frame["buyer_id"][0], frame["amount"][0]) == (20, "7", 1.5)


@pytest.mark.parametrize("name", ["orders.parquet", "orders.csv.gz"])
def test_a_file_that_is_cut_off(tmp_path: Path, name: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    if name.endswith("gz"):
        packed = gzip.compress(lines([f"o{n},{hash(str(n))},l,2024-01-01,1,,," for n in range(9000)]).encode())
    else:
        pl.DataFrame({"order_id": ["a"] * 9000}).write_parquet(data / name)
        packed = (data / name).read_bytes()
    (data / name).write_bytes(packed[: len(packed) // 2])
    refused(data, "cut off")


@pytest.mark.parametrize("name", ["orders.csv", "orders.jsonl", "orders.csv.gz"])
def test_a_file_of_another_format_than_its_name(tmp_path: Path, name: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    pl.DataFrame({"order_id": ["a"]}).write_parquet(data / name)
    refused(data, "Parquet")


def test_text_with_the_name_of_a_parquet_file(tmp_path: Path) -> None:
    refused(write(tmp_path / "data", "orders.parquet", GOOD), "not Parquet")
