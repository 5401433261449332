"""What is kept does not hang on the order of the rows, on the format, or on how the rows are spread over parts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from toolkit.contracts.tables import TABLES
from toolkit.ingest import ingest

NAMES = ["order_id", "buyer_id", "listing_id", "ordered_at", "delivered_at", "amount", "currency", "status"]
TIMES = ["2024-01-02T03:04:05Z", "2024-01-02 03:04:05+02:00", "2024-01-05", "soon", "", "1970-01-01", "2150-01-01"]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", " ", "=cmd()", "o\x00"]) | st.integers(0, 10**6).map(str),
        st.sampled_from(["b1", "b2", "nobody", ""]),
        st.sampled_from(["l1", "../../x", "<script>", ""]),
        st.sampled_from(TIMES),
        st.sampled_from(TIMES),
        st.sampled_from(["1", "-1", "NaN", "1e400", "x", "", "3.50"]),
        st.sampled_from(["usd", "XYZ", ""]),
        st.sampled_from(["Paid", "lost", ""]),
    ).filter(any),  # a line of a CSV file with nothing but delimiters is no row
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[0].strip(),
)


def kept(rows: list[tuple[str, ...]], form: str) -> pl.DataFrame | None:
    """The clean orders in the order of their ids, or None where nothing is left."""
    with tempfile.TemporaryDirectory() as folder:
        data, case = Path(folder) / "data", Path(folder) / "case"
        data.mkdir()
        pl.DataFrame({"buyer_id": ["b1", "b2"]}).write_csv(data / "buyers.csv")
        pl.DataFrame({"review_id": "r", "buyer_id": "b1", "listing_id": "l", "reviewed_at": "2024-01-01"}).write_csv(
            data / "reviews.csv"
        )
        frame = pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String), orient="row")
        if form == "parts":
            (data / "orders").mkdir()
            frame.head(len(frame) // 2).write_parquet(data / "orders/1.parquet")
            frame.tail(len(frame) - len(frame) // 2).write_parquet(data / "orders/2.parquet")
        else:
            {"csv": frame.write_csv, "parquet": frame.write_parquet, "jsonl": frame.write_ndjson}[form](
                data / f"orders.{form}"
            )
        report = ingest(data, case, reject_limit=1.0).table("orders")
        clean = pl.read_parquet(case / "tables/orders.parquet")
        assert report is not None
        assert report.rows_read == report.rows_kept + report.rows_quarantined == len(rows)
        assert len(pl.read_parquet(case / "quarantine/orders.parquet")) == report.rows_quarantined
        TABLES["orders"].validate(clean)
        return clean.sort("order_id")


@settings(max_examples=25, deadline=None)
@given(
    rows=ROWS, shuffled=st.randoms(use_true_random=False), form=st.sampled_from(["csv", "parquet", "jsonl", "parts"])
)
def test_the_order_of_rows_and_the_format_change_nothing(
    rows: list[tuple[str, ...]], shuffled: object, form: str
) -> None:
    again = list(rows)
    shuffled.shuffle(again)  # type: ignore[attr-defined]
    assert_frame_equal(kept(rows, "csv"), kept(again, form))
