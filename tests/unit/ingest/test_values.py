"""Values as careless exports hold them: ids, times, amounts, currencies, other types."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.unit.ingest.exports import GOOD, HEADER, REVIEW_HEADER, lines, quarantined, read, write
from toolkit.contracts.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path


def test_a_field_of_100_megabytes(tmp_path: Path) -> None:
    rows = [f"r{n},b,l,2024-01-01,5,fine" for n in range(9)]
    text = lines([*rows, "big,b,l,2024-01-01,5," + "x" * 100_000_000], REVIEW_HEADER)
    report, frame = read(write(tmp_path / "data", "reviews.csv", text), tmp_path / "case", "reviews")
    assert report.unparsable == {"text": 1}
    assert frame.filter(pl.col("review_id") == "big")["text"].to_list() == [None]


def test_ids_of_10000_characters(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", [*GOOD, GOOD[0].replace("o0", "x" * 10_000)])
    read(data, tmp_path / "case")
    assert quarantined(tmp_path / "case") == {21: "order_id_unparsable"}


@pytest.mark.parametrize(
    "name", ["=cmd()", "<script>alert(1)</script>", "../../x", "买家-1", "a;b", "' OR 1=1", "+1", "@x", "💥"]
)
def test_odd_ids_are_kept_as_they_are(tmp_path: Path, name: str) -> None:
    data = write(tmp_path / "data", "orders.csv", [*GOOD, GOOD[0].replace("o0", name)])
    assert name in read(data, tmp_path / "case")[1]["order_id"].to_list()


def test_ids_are_stripped_and_empty_ones_are_missing(tmp_path: Path) -> None:
    data = write(
        tmp_path / "data", "orders.csv", [*GOOD, GOOD[0].replace("o0", "  x 1\u00a0"), GOOD[0].replace("o0", "   ")]
    )
    assert "x 1" in read(data, tmp_path / "case")[1]["order_id"].to_list()
    assert quarantined(tmp_path / "case") == {22: "order_id_missing"}


def test_nul_bytes(tmp_path: Path) -> None:
    rows = [f"r{n},b,l,2024-01-01,5,fi\x00ne" for n in range(9)]
    data = write(tmp_path / "data", "reviews.csv", lines([*rows, "a\x00b,b,l,2024-01-01,5,x"], REVIEW_HEADER))
    _, frame = read(data, tmp_path / "case", "reviews")
    assert frame["text"].unique().to_list() == ["fine"]
    assert quarantined(tmp_path / "case", "reviews") == {10: "review_id_unparsable"}


def test_duplicate_ids_keep_the_first_good_row(tmp_path: Path) -> None:
    rows = [GOOD[0].replace("10.50", "-1"), GOOD[0].replace("10.50", "2"), GOOD[0].replace("10.50", "3"), *GOOD[1:]]
    _, frame = read(write(tmp_path / "data", "orders.csv", rows), tmp_path / "case")
    assert quarantined(tmp_path / "case") == {1: "amount_negative", 3: "duplicate_order_id"}
    assert frame.filter(pl.col("order_id") == "o0")["amount"].to_list() == [2.0]


def test_offsets_may_be_mixed(tmp_path: Path) -> None:
    times = {
        "2024-01-02T03:04:05+02:00": datetime(2024, 1, 2, 1, 4, 5, tzinfo=UTC),
        "2024-01-02T03:04:05-0800": datetime(2024, 1, 2, 11, 4, 5, tzinfo=UTC),
        "2024-01-02T03:04:05Z": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        "2024-01-02T03:04:05": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        "2024-01-02 03:04:05": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        "2024-01-02 03:04:05.250 +0530": datetime(2024, 1, 1, 21, 34, 5, 250_000, tzinfo=UTC),
        "2024-01-02 03:04+01": datetime(2024, 1, 2, 2, 4, tzinfo=UTC),
        "2024-01-02T03:04": datetime(2024, 1, 2, 3, 4, tzinfo=UTC),
        "2024-01-02": datetime(2024, 1, 2, tzinfo=UTC),
        "2024-01-02T03:04:05.123456Z": datetime(2024, 1, 2, 3, 4, 5, 123_456, tzinfo=UTC),
        "1970-01-01T00:00:00Z": datetime(1970, 1, 1, tzinfo=UTC),
        "2099-12-31T23:59:59Z": datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC),
    }
    rows = [f"t{n},b,l,{text},1,,paid,USD" for n, text in enumerate(times)]
    _, frame = read(write(tmp_path / "data", "orders.csv", rows), tmp_path / "case")
    assert frame["ordered_at"].to_list() == list(times.values())


@pytest.mark.parametrize(
    "text",
    [
        "1969-12-31T23:59:59Z",
        "2100-01-01",
        "9999-12-31",
        "0001-01-01",
        "2024-02-30",
        "2024-13-01",
        "02/01/2024",
        "1704164645",
        "now",
        "24:00",
    ],
)
def test_times_that_are_none(tmp_path: Path, text: str) -> None:
    data = write(tmp_path / "data", "orders.csv", [*GOOD, f"x,b,l,{text},1,,paid,USD"])
    read(data, tmp_path / "case")
    assert quarantined(tmp_path / "case") == {21: "ordered_at_unparsable"}


def test_amounts_at_the_edges(tmp_path: Path) -> None:
    amounts = {
        "0": 0.0,
        "-0": 0.0,
        "1e3": 1000.0,
        "412000000": 412e6,
        "NaN": None,
        "inf": None,
        "1e400": None,
        "1e300": None,
        "1,5": None,
        "ten": None,
    }
    rows = [f'x{n},b,l,2024-01-02,"{text}",,paid,VND' for n, text in enumerate(amounts)]
    report, frame = read(write(tmp_path / "data", "orders.csv", rows), tmp_path / "case")
    assert frame["amount"].to_list() == list(amounts.values())
    assert report.unparsable == {"amount": 6}


@pytest.mark.parametrize("text", ["-0.01", "-5", "-1e14"])
def test_negative_amounts(tmp_path: Path, text: str) -> None:
    data = write(tmp_path / "data", "orders.csv", [*GOOD, f"x,b,l,2024-01-02,{text},,paid,USD"])
    read(data, tmp_path / "case")
    assert quarantined(tmp_path / "case") == {21: "amount_negative"}


def test_unknown_currencies(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", [*GOOD, GOOD[0].replace("o0", "x").replace("usd", "DOGE")])
    cards = "card_id,face_value,currency\n" + "".join(f"c{n},15,{'XXX' if n == 9 else 'brl'}\n" for n in range(10))
    write(data, "gift_cards.csv", cards)
    report, _ = read(data, tmp_path / "case")
    assert report.unparsable == {"currency": 1}
    assert quarantined(tmp_path / "case", "gift_cards") == {10: "currency_unparsable"}
    assert pl.read_parquet(tmp_path / "case/tables/gift_cards.parquet")["currency"].unique().to_list() == ["BRL"]


def test_parquet_with_other_types(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    frame = pl.DataFrame(
        {
            "order_id": [1, 2, 3],
            "buyer_id": [10.0, 11.0, 12.0],
            "listing_id": pl.Series(["a", "b", "a"], dtype=pl.Categorical),
            "ordered_at": [datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC).replace(tzinfo=None)] * 3,
            "amount": pl.Series([Decimal("1.10"), Decimal("2.20"), None]),
            "delivered_at": [date(2024, 1, 9)] * 3,
            "status": pl.Series(["PAID", "paid", "gone"], dtype=pl.Enum(["PAID", "paid", "gone"])),
            "discount": ["0.5", None, "x"],
            "voucher_id": [b"v1", None, b"\xff"],
            "campaign_id": [[1], [2], None],
            "cancelled_at": [1, None, 3],
            "seller_id": pl.Series([None, None, None], dtype=pl.Null),
            "subsidy": [True, False, None],
        }
    )
    frame.write_parquet(data / "orders.parquet")
    report, clean = read(data, tmp_path / "case")
    assert clean.select("order_id", "buyer_id", "listing_id").rows() == [
        ("1", "10", "a"),
        ("2", "11", "b"),
        ("3", "12", "a"),
    ]
    assert clean["ordered_at"].to_list() == [datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)] * 3
    assert clean["delivered_at"][0] == datetime(2024, 1, 9, tzinfo=UTC)
    assert clean["amount"].to_list() == [1.1, 2.2, None]
    assert clean["status"].to_list() == ["paid", "paid", None]
    assert clean["discount"].to_list() == [0.5, None, None]
    assert clean["voucher_id"].to_list() == ["v1", None, None]
    assert report.unparsable == {
        "status": 1,
        "discount": 1,
        "voucher_id": 1,
        "campaign_id": 2,
        "cancelled_at": 2,
        "subsidy": 2,
    }


DAY = datetime(2024, 1, 2, tzinfo=UTC)
TYPES = {
    "Int8": pl.Series([1, 2], dtype=pl.Int8),
    "UInt64": pl.Series([1, 2**64 - 1], dtype=pl.UInt64),
    "Float32": pl.Series([1.5, float("nan")], dtype=pl.Float32),
    "Float64": pl.Series([1e300, float("-inf")]),
    "Boolean": pl.Series([True, None]),
    "Decimal": pl.Series([Decimal("1.50"), None]),
    "Date": pl.Series([date(2024, 1, 1), None]),
    "Time": pl.Series([time(1, 2), None]),
    "Duration": pl.Series([timedelta(1), None]),
    "nanoseconds": pl.Series([DAY, None]).cast(pl.Datetime("ns")),
    "zoned": pl.Series([DAY, None]).dt.convert_time_zone("Asia/Tokyo"),
    "Categorical": pl.Series(["a", None], dtype=pl.Categorical),
    "Binary": pl.Series([b"a", b"\xff"]),
    "List": pl.Series([[1], None]),
    "Struct": pl.Series([{"a": 1}, {"a": 2}]),
    "Null": pl.Series([None, None]),
}


@pytest.mark.parametrize("table", ["orders", "reviews", "account_links"])
@pytest.mark.parametrize("kind", TYPES)
def test_a_parquet_column_may_be_of_any_type(tmp_path: Path, table: str, kind: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    other = {"orders": "reviews", "reviews": "orders"}.get(table, "orders")
    times = {"orders": "ordered_at", "reviews": "reviewed_at"}[other]
    (data / f"{other}.csv").write_text(f"{other[:-1]}_id,buyer_id,listing_id,{times}\n1.5,b,l,2024-01-01\n")
    pl.DataFrame({name: TYPES[kind].alias(name) for name in TABLES[table].column_names()}).write_parquet(
        data / f"{table}.parquet"
    )
    report, frame = read(data, tmp_path / "case", table, reject_limit=1.0)
    assert report.rows_read == report.rows_kept + report.rows_quarantined == 2
    TABLES[table].validate(frame)


def test_parquet_parts_with_different_types_and_columns(tmp_path: Path) -> None:
    folder = tmp_path / "data/orders/2024"
    folder.mkdir(parents=True)
    day = datetime(2024, 1, 2, tzinfo=UTC)
    pl.DataFrame(
        {"order_id": [1], "buyer_id": ["b"], "listing_id": ["l"], "ordered_at": [day], "amount": [1]}
    ).write_parquet(folder / "a.parquet")
    pl.DataFrame(
        {"order_id": ["2"], "buyer_id": ["b"], "listing_id": ["l"], "ordered_at": [day], "discount": [2.5]}
    ).write_parquet(folder / "b.parquet")
    (folder / "_SUCCESS").write_text("")
    report, frame = read(tmp_path / "data", tmp_path / "case")
    assert frame.select("order_id", "ordered_at", "amount", "discount").rows() == [
        ("1", day, 1.0, None),
        ("2", day, None, 2.5),
    ]
    assert [source.name for source in report.sources] == ["orders/2024/a.parquet", "orders/2024/b.parquet"]


def test_column_names_that_the_reader_uses_itself(tmp_path: Path) -> None:
    header = HEADER.strip() + ",#row,#extra,rule,row_number,text:order_id,src:order_id\n"
    data = write(tmp_path / "data", "orders.csv", lines([f"{row},1,2,3,4,5,6" for row in GOOD], header))
    report, frame = read(data, tmp_path / "case")
    assert report.rows_kept == 20
    assert set(report.unknown_columns) == {"#row", "#extra", "rule", "row_number", "text:order_id", "src:order_id"}
    assert frame["order_id"][0] == "o0"
