"""An odd value is read the same whatever else is in its batch: alone, among others as odd, among plain ones.

Cleaning takes short cuts for batches that hold nothing to clean, and for values that all are spelt the same way. No
short cut may show in what is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from toolkit.ingest import ingest
from toolkit.ingest.clean import ID_BYTES, TEXT, columns_of
from toolkit.ingest.mapping import TableMapping
from toolkit.ingest.readers import PREFIX, ROW

if TYPE_CHECKING:
    from pathlib import Path

BLANK: Final = ["", " ", "\t", "\u00a0", "\u3000", "\x85", "  x ", "\u00a0y\u00a0", "a b", "x\n", "q\u2028", "\ufeffx"]
CONTROL: Final = ["a\x00b", "\x00", "a\x7f", "\x7f", "\x1f", "\x1cq", "\u200bx", "\u202ex"]
LONG: Final = ["x" * ID_BYTES, "x" * (ID_BYTES + 1), " " + "x" * ID_BYTES, "é" * (ID_BYTES // 2), "é" * ID_BYTES]
LETTERS: Final = ["é", " é", "~", "!", "İ", "ß", "ﬁ", "nan", "=1+1", "买家", "💥"]
WORDS: Final = ["usd", "EUR", "eur ", "ｕｓｄ", "uſd", " Paid", "PAID", "paid", "ſhipped", "Card", "carD", "DEVİCE"]
TRUTHS: Final = ["YES", "tRue", "1", "1.0", "0", "01", "TRUE", "ＴＲＵＥ", "n"]
NUMBERS: Final = [
    "NaN",
    "inf",
    "1e400",
    "-3",
    "-0",
    "+1",
    "1_000",
    "1,5",
    "1.234,5",
    " 5",
    "٣",
    "0x10",
    "1e3",
    ".5",
    "5.",
]
DAYS: Final = ["2024-01-02", "2024-1-2", "24-01-02", "2024-02-30", "02/01/2024", "2024-01-02junk", "20240102", "soon"]
CLOCKS: Final = [
    *("2024-01-02T03:04:05", "2024-01-02 03:04:05", "2024-01-02T03:04", "2024-01-02  03:04:05", "2024-01-02\n03:04:05"),
    *("2024-01-02T24:00:00", "2024-06-30T23:59:60", "2024-03-31T02:30:00", "2024-10-27T02:30:00", "2024-1-2T3:4:5"),
]
ZONED: Final = [
    *("2024-01-02T03:04:05Z", "2024-01-02t03:04:05z", "2024-01-02T03:04:05 Z", "2024-01-02 03:04:05.250 +0530"),
    *("2024-01-02T03:04:05-0800", "2024-01-02 03:04+01", "2024-01-02T03:04:05−02:00", "2024-01-02T03:04:05+25:00"),
    *("2024-06-30T23:59:60Z", "2024-01-02T03:04:05.123456789Z", "2024-01-02T03:04:05,5"),
]
EDGES: Final = [
    *("1969-12-31T23:59:59Z", "1970-01-01T00:30:00", "1970-01-01T00:30:00+01:00", "0001-01-01", "1704164645"),
    *("2099-12-31T23:30:00", "2099-12-31T23:30:00-01:00", "2100-01-01", "9999-12-31", "1704164645000", "1704164645.5"),
]
ODD: Final = [
    *(None, *BLANK, *CONTROL, *LONG, *LETTERS, *WORDS, *TRUTHS, *NUMBERS, *DAYS, *CLOCKS, *ZONED, *EDGES),
]

BERLIN: Final = {"time_zone": "Europe/Berlin"}
KINDS: Final[list[tuple[str, str, str, dict[str, Any]]]] = [
    ("orders", "order_id", "O1", {}),
    ("orders", "order_id", "O1", {"missing": ("nan", "~")}),
    ("orders", "seller_id", "S1", {"values": {"seller_id": {"é": " x\x00", "1": "S 2"}}}),
    ("orders", "currency", "USD", {}),
    ("orders", "status", "paid", {}),
    ("orders", "status", "Paid", {"values": {"status": {"1": "paid", "nan": " Lost"}}}),
    ("orders", "amount", "12.5", {}),
    ("orders", "amount", "12,5", {"decimal_comma": True}),
    ("orders", "parcel_weight_g", "250", {}),
    ("orders", "ordered_at", "2024-05-05T05:05:05Z", {}),
    ("orders", "ordered_at", "2024-05-05 05:05:05", BERLIN),
    ("orders", "ordered_at", "2024-05-05", BERLIN),
    ("orders", "ordered_at", "05/05/2024", {"time_format": {"*": "%d/%m/%Y"}}),
    ("orders", "ordered_at", "2024-05-05T05:05:05+0200", {"time_format": {"*": "%Y-%m-%dT%H:%M:%S%z"}}),
    ("orders", "ordered_at", "1704164645", {"time_format": {"*": "epoch_s"}}),
    ("reviews", "rating", "5", {}),
    ("reviews", "verified", "true", {}),
    ("reviews", "text", "plain-words", {}),
    ("listings", "title", "plain words", {}),
    ("buyers", "country", "DE", {}),
    ("account_links", "attribute_kind", "device", {}),
    ("payment_instruments", "kind", "CARD", {}),
]


def clean(table: str, name: str, values: list[str | None], mapping: TableMapping, dtype: pl.DataType) -> pl.DataFrame:
    """The values of one batch as text, and what is made of them."""
    column = next(entry for entry in columns_of(table, {name: dtype}, mapping) if entry.name == name)
    raw = pl.Series(values, dtype=pl.String).cast(dtype)
    batch = pl.DataFrame({PREFIX + name: raw, ROW: range(len(values))}).lazy()
    batch = batch.with_columns(column.prepared.alias(TEXT + name)).with_columns(column.value.alias(name))
    return batch.select(TEXT + name, name, unread=column.unread()).collect()


@pytest.mark.parametrize(("table", "name", "plain", "mapped"), KINDS)
def test_the_rest_of_its_batch_changes_nothing(table: str, name: str, plain: str, mapped: dict[str, Any]) -> None:
    check(table, name, plain, TableMapping(**mapped), pl.String())


def test_nor_where_text_comes_as_bytes() -> None:
    check("orders", "order_id", "O1", TableMapping(), pl.Binary())


def check(table: str, name: str, plain: str, mapping: TableMapping, dtype: pl.DataType) -> None:
    alone = pl.concat(clean(table, name, [value], mapping, dtype) for value in ODD)
    among = pl.concat(clean(table, name, [plain, value, plain], mapping, dtype)[1:2] for value in ODD)
    assert_frame_equal(alone, clean(table, name, ODD, mapping, dtype))
    assert_frame_equal(alone, among)


PLAIN: Final[dict[str, dict[str, str]]] = {
    "orders": {"order_id": "O", "buyer_id": "B", "listing_id": "L", "ordered_at": "2024-05-05T05:05:05Z"}
    | {"amount": "5", "currency": "USD", "status": "paid", "delivered_at": "2024-05-06", "refund_reason": "late"},
    "reviews": {"review_id": "R", "buyer_id": "B", "listing_id": "L", "reviewed_at": "2024-05-05 05:05:05"}
    | {"rating": "5", "verified": "true", "text": "fine"},
}
"""A plain row of a table."""

TAG: Final = {"orders": "tracking_id", "reviews": "order_id"}
"""The column that says which odd row a row is."""


def odd_rows(table: str) -> pl.DataFrame:
    """Rows that each hold one odd value, in one of the columns, and are plain besides."""
    plain, tag = PLAIN[table], TAG[table]
    key = next(iter(plain))
    places = [(name, place) for name in plain for place in range(len(ODD))]
    rows = [{**plain, key: f"{key}-{name}-{place}", name: ODD[place], tag: f"{name}-{place}"} for name, place in places]
    return pl.DataFrame(rows, schema=dict.fromkeys([*plain, tag], pl.String))


def plain_rows(table: str, part: int) -> pl.DataFrame:
    key = next(iter(PLAIN[table]))
    rows = [{**PLAIN[table], key: f"plain-{part}-{row}", TAG[table]: None} for row in range(50)]
    return pl.DataFrame(rows, schema=dict.fromkeys([*PLAIN[table], TAG[table]], pl.String))


def read(folder: Path, table: str) -> list[pl.DataFrame]:
    """What is kept of the odd rows, and which rules the others of them break."""
    ingest(folder, folder / "case", reject_limit=1.0)
    kept, rejected = (pl.read_parquet(folder / f"case/{part}/{table}.parquet") for part in ("tables", "quarantine"))
    odd = pl.col(TAG[table]).is_not_null()
    return [frame.filter(odd).sort(TAG[table]) for frame in (kept, rejected.select("rule", TAG[table]))]


@pytest.mark.parametrize("table", PLAIN)
def test_nor_does_the_rest_of_its_file_or_of_its_table(tmp_path: Path, table: str) -> None:
    odd = odd_rows(table)
    alone, text, spread = (tmp_path / name for name in ("alone", "text", "spread"))
    for folder in (alone, text, spread / table):
        folder.mkdir(parents=True)
    odd.write_parquet(alone / f"{table}.parquet")
    odd.write_csv(text / f"{table}.csv")
    for part in range(0, len(odd), 40):
        rows = [plain_rows(table, part), odd[part : part + 40], plain_rows(table, part + 1)]
        pl.concat(rows).write_parquet(spread / table / f"{part:05}.parquet", row_group_size=30)
    kept, rejected = read(alone, table)
    assert len(kept) > len(odd) // 2
    assert {"buyer_id_missing", "buyer_id_unparsable"} < set(rejected["rule"])
    for folder in (text, spread):
        for expected, found in zip((kept, rejected), read(folder, table), strict=True):
            assert_frame_equal(expected, found)
