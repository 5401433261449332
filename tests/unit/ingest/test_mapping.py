"""Mapping files: what they can say, and how they are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.unit.ingest.exports import quarantined, read, write
from toolkit.errors import InputError, UsageError
from toolkit.ingest import ingest
from toolkit.ingest.mapping import TableMapping, load_mapping

if TYPE_CHECKING:
    from pathlib import Path

RATINGS = "who,whom,stars,when\n" + "".join(f"{n},{n % 4},{n % 5 + 1},{1_704_164_645 + n}.5\n" for n in range(20))
COLUMNS = '[reviews.columns]\nbuyer_id = "who"\nlisting_id = "whom"\nrating = "stars"\nreviewed_at = "when"\n'
REVIEWS = '[reviews]\nfile = "ratings.csv"\ntime_format = "epoch_s"\nrow_id = "review_id"\n'


def mapped(folder: Path, text: str) -> Path:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_times_and_row_ids(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "ratings.csv", RATINGS)
    report, frame = read(data, tmp_path / "case", "reviews", mapping=mapped(tmp_path, REVIEWS + COLUMNS))
    assert frame["review_id"].to_list()[:2] == ["reviews-1", "reviews-2"]
    assert frame["reviewed_at"][0] == datetime(2024, 1, 2, 3, 4, 5, 500_000, tzinfo=UTC)
    assert report.unknown_columns == ()


def test_one_file_feeds_two_tables_and_one_column_two_columns(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "ratings.csv", RATINGS)
    text = (
        REVIEWS
        + COLUMNS
        + """
[buyers]
file = "ratings.csv"
[buyers.columns]
buyer_id = "who"
[listings]
file = "ratings.csv"
joined = { listing_id = ["who"], seller_id = ["whom", "who"] }
[orders]
file = "ratings.csv"
time_format = "epoch_s"
[orders.columns]
order_id = "when"
ordered_at = "when"
buyer_id = "who"
listing_id = "whom"
"""
    )
    report = ingest(data, tmp_path / "case", mapping=mapped(tmp_path, text))
    kept = {entry.table: entry.rows_kept for entry in report.tables}
    assert kept == {"reviews": 20, "buyers": 20, "listings": 20, "orders": 20}
    listings = pl.read_parquet(tmp_path / "case/tables/listings.parquet")
    assert listings.select("listing_id", "seller_id").row(5) == ("5", "1|5")


@pytest.mark.parametrize(
    ("form", "raw", "read_as"),
    [
        ("epoch_s", "1704164645", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("epoch_s", "1289241911.72836", datetime(2010, 11, 8, 18, 45, 11, 728_360, tzinfo=UTC)),
        ("epoch_ms", "1704164645123", datetime(2024, 1, 2, 3, 4, 5, 123_000, tzinfo=UTC)),
        ("%d/%m/%Y %H:%M", "02/01/2024 03:04", datetime(2024, 1, 2, 3, 4, tzinfo=UTC)),
        ("%d.%m.%Y", "02.01.2024", datetime(2024, 1, 2, tzinfo=UTC)),
        ("%d/%m/%Y %H:%M %z", "02/01/2024 03:04 +0700", datetime(2024, 1, 1, 20, 4, tzinfo=UTC)),
        ("epoch_s", "1704164645123", None),
        ("epoch_ms", "NaN", None),
        ("epoch_s", "-1", None),
    ],
)
def test_time_formats(tmp_path: Path, form: str, raw: str, read_as: datetime | None) -> None:
    data = write(tmp_path / "data", "buyers.csv", f"buyer_id,created_at\nb,{raw}\n")
    write(data, "reviews.csv", "review_id,buyer_id,listing_id,reviewed_at\nr,b,l,2024-01-01\n")
    mapping = mapped(tmp_path, f'[buyers]\ntime_format = "{form}"\n')
    assert read(data, tmp_path / "case", "buyers", mapping=mapping)[1]["created_at"].to_list() == [read_as]


def test_a_time_format_for_one_column_alone(tmp_path: Path) -> None:
    rows = "order_id,buyer_id,listing_id,ordered_at,delivered_at\no,b,l,1704164645,2024-01-09\n"
    mapping = mapped(tmp_path, '[orders.time_format]\nordered_at = "epoch_s"\n')
    _, frame = read(write(tmp_path / "data", "orders.csv", rows), tmp_path / "case", mapping=mapping)
    assert frame.select("ordered_at", "delivered_at").row(0) == (
        datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        datetime(2024, 1, 9, tzinfo=UTC),
    )


def test_a_time_zone_holds_for_times_without_an_offset(tmp_path: Path) -> None:
    times = ["2024-07-01T12:00:00", "2024-07-01T12:00:00Z", "2024-10-27T02:30:00", "2024-03-31T02:30:00", "2024-07-01"]
    rows = "".join(f"o{n},b,l,{time}\n" for n, time in enumerate(times))
    data = write(tmp_path / "data", "orders.csv", "order_id,buyer_id,listing_id,ordered_at\n" + rows)
    _, frame = read(data, tmp_path / "case", mapping=mapped(tmp_path, '[orders]\ntime_zone = "Europe/Berlin"\n'))
    hours = [time.isoformat()[:16] for time in frame["ordered_at"]]
    assert hours == ["2024-07-01T10:00", "2024-07-01T12:00", "2024-10-27T00:30", "2024-06-30T22:00"]
    assert quarantined(tmp_path / "case") == {4: "ordered_at_unparsable"}


def test_constants_value_maps_and_decimal_commas(tmp_path: Path) -> None:
    header = "order_id;buyer_id;listing_id;ordered_at;amount;state\n"
    rows = header + "o1;b;l;2024-01-01;1.234,56;bezahlt\no2;b;l;2024-01-01;-7,5;PAID\n"
    text = """
[orders]
delimiter = ";"
decimal_comma = true
constants = { currency = "brl", campaign_id = 11, subsidy = "0,5" }
columns = { status = "state" }
values = { status = { bezahlt = "paid" } }
"""
    data = write(tmp_path / "data", "orders.csv", rows)
    _, frame = read(data, tmp_path / "case", mapping=mapped(tmp_path, text), reject_limit=0.5)
    columns = ("amount", "status", "currency", "campaign_id", "subsidy")
    assert frame.select(columns).rows() == [(1234.56, "paid", "BRL", "11", 0.5)]
    assert quarantined(tmp_path / "case") == {2: "amount_negative"}


def test_texts_that_stand_for_nothing(tmp_path: Path) -> None:
    rows = "order_id,buyer_id,listing_id,ordered_at,device_id,amount\n" + "".join(
        f"o{n},b,l,2024-01-01,{device},{amount}\n"
        for n, (device, amount) in enumerate([("NULL", "N/A"), ("d", " NULL "), ("x", "1")])
    )
    data = write(tmp_path / "data", "orders.csv", rows)
    assert read(data, tmp_path / "plain")[1]["device_id"].to_list() == ["NULL", "d", "x"]
    mapping = mapped(tmp_path, '[orders]\nmissing = ["NULL", "N/A"]\n')
    report, frame = read(data, tmp_path / "case", mapping=mapping)
    assert frame.select("device_id", "amount").rows() == [(None, None), ("d", None), ("x", 1.0)]
    assert report.unparsable == {}


def test_rows_that_are_none_of_the_table_are_left_out_and_counted(tmp_path: Path) -> None:
    header = "review_id,buyer_id,listing_id,reviewed_at,rating\n"
    rows = header + "r,b,l,2024-01-01,\nr,b,l,2024-01-02, 5\n,,,,\nr2,b,l,2024-01-02,4\n"
    data = write(tmp_path / "data", "reviews.csv", rows)
    mapping = mapped(tmp_path, '[reviews]\nonly_where = ["rating"]\n')
    report, frame = read(data, tmp_path / "case", "reviews", mapping=mapping)
    assert (report.rows_read, report.rows_left_out, report.rules) == (2, 1, {})
    assert frame["rating"].to_list() == [5.0, 4.0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[order]\n", "did you mean 'orders'"),
        ("[orders]\ncolums = {}\n", "did you mean 'columns'"),
        ('[orders.columns]\nbuyer = "x"\n', "did you mean 'buyer_id'"),
        ("[orders.constants]\ncurrancy = 1\n", "did you mean 'currency'"),
        ('[orders]\nrow_id = "orderid"\n', "did you mean 'order_id'"),
        ('[orders.time_format]\nordered = "epoch_s"\n', "did you mean 'ordered_at'"),
        ('[orders]\ntime_zone = "Berlin/Europe"\n', "no time zone"),
        ('[orders]\nencoding = "utf-9"\n', "no encoding"),
        ('[orders]\ndelimiter = ", "\n', "one plain character"),
        ('[orders]\ndecimal_comma = "yes"\n', "true or false"),
        ('[orders]\ncolumns = "x"\n', "must be a table"),
        ("orders = 3\n", "must be a table"),
        ('[orders]\njoined = { order_id = "x" }\n', "list of texts"),
        ('[orders]\ncolumns = { currency = "x" }\nconstants = { currency = "EUR" }\n', "given twice"),
        ("[orders\n", "not TOML"),
    ],
)
def test_a_wrong_mapping_is_refused_with_what_was_meant(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_mapping(mapped(tmp_path, text))
    assert words in str(caught.value)
    assert "bring-your-data.md" in str(caught.value) or "next:" in str(caught.value)


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        load_mapping(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[orders]\nfile = "none.csv"\n', "mapped file"),
        ('[orders.columns]\nbuyer_id = "Buyer"\n', "'Buyer' for 'buyer_id'; did you mean 'buyer'"),
        ('[orders.joined]\norder_id = ["x"]\n', "'x' for 'order_id'"),
        ('[orders]\nonly_where = ["y"]\n', "'y' for 'only_where'"),
    ],
)
def test_a_mapping_that_does_not_fit_the_data(tmp_path: Path, text: str, words: str) -> None:
    data = write(tmp_path / "data", "orders.csv", "order_id,buyer_id,buyer,listing_id,ordered_at\no,b,b,l,2024-01-01\n")
    with pytest.raises(InputError) as caught:
        ingest(data, None, mapping=mapped(tmp_path, text))
    assert words in str(caught.value)


def test_a_table_without_a_mapping_is_read_as_it_is() -> None:
    assert TableMapping().format_of("ordered_at") is None


LOOKUP = (
    '[orders]\nfile = "items.csv"\njoined = { order_id = ["order", "line"] }\n'
    'columns = { buyer_id = "person", listing_id = "product", ordered_at = "bought" }\n'
    '[[orders.lookup]]\nfile = "heads.csv"\non = "order"\ncolumns = ["customer", "bought"]\n'
    '[[orders.lookup]]\nfile = "people.jsonl"\non = "customer"\ncolumns = ["person"]\n'
)


def shop(folder: Path, heads: str, people: str) -> Path:
    items = "order,line,product\n" + "".join(f"o{n},1,p{n % 3}\n" for n in range(10)) + "o0,2,p9\n"
    write(folder, "items.csv", items)
    write(folder, "heads.csv", "order,customer,bought\n" + heads)
    return write(folder, "people.jsonl", people)


def heads(count: int = 10) -> str:
    return "".join(f"o{n},c{n},2026-01-0{n % 9 + 1}\n" for n in range(count))


def people(count: int = 10) -> str:
    return "".join(f'{{"customer": "c{n}", "person": "b{n % 4}", "name": "never read"}}\n' for n in range(count))


def test_columns_are_looked_up_through_two_files(tmp_path: Path) -> None:
    data = shop(tmp_path / "data", heads(), people())
    report, frame = read(data, tmp_path / "case", mapping=mapped(tmp_path, LOOKUP))
    assert frame["order_id"].to_list() == [f"o{n}|1" for n in range(10)] + ["o0|2"]
    assert frame["buyer_id"].to_list() == [f"b{n % 4}" for n in range(10)] + ["b0"]
    assert frame["ordered_at"][1] == datetime(2026, 1, 2, tzinfo=UTC)
    assert [entry.name for entry in report.sources] == ["items.csv", "heads.csv", "people.jsonl"]


def test_what_is_not_found_or_not_clear_is_missing_and_doubles_no_row(tmp_path: Path) -> None:
    unclear = heads() + "o1,c1,2026-01-02\n" + "o2,c3,2026-01-03\n"  # o1 twice alike, o2 twice and not alike
    data = shop(tmp_path / "data", unclear, people(9))  # c9 is nobody
    report, frame = read(data, tmp_path / "case", mapping=mapped(tmp_path, LOOKUP), reject_limit=0.5)
    assert report.rows_read == 11
    assert frame["order_id"].to_list() == ["o0|1", "o1|1", *(f"o{n}|1" for n in range(3, 9)), "o0|2"]
    assert quarantined(tmp_path / "case") == {3: "buyer_id_missing; ordered_at_missing", 10: "buyer_id_missing"}


@pytest.mark.parametrize(
    ("old", "new", "error", "said"),
    [
        ("heads.csv", "haeds.csv", InputError, "the file of a lookup is not there"),
        ('on = "order"', 'on = "odrer"', InputError, "'odrer', which is not there; did you mean 'order'"),
        ('"bought"]', '"buoght"]', InputError, "'buoght', which is not there; did you mean 'bought'"),
        ('["person"]', '["product", "person"]', InputError, "'product', which is not there"),
        ('["customer", "bought"]', '["order", "bought"]', InputError, "'order' is in items.csv too"),
        ('on = "order"\n', "", UsageError, "a lookup lacks 'on'"),
        ('on = "order"', 'an = "order"', UsageError, "no key 'an' in a mapping file"),
        ('columns = ["person"]', 'columns = "person"', UsageError, "'columns' must be a list of texts"),
    ],
)
def test_a_wrong_lookup_is_refused(tmp_path: Path, old: str, new: str, error: type[Exception], said: str) -> None:
    assert old in LOOKUP
    data = shop(tmp_path / "data", heads(), people())
    with pytest.raises(error) as caught:
        ingest(data, None, mapping=mapped(tmp_path, LOOKUP.replace(old, new)))
    assert said in str(caught.value)
