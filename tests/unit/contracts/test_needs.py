"""Which tests an input can feed."""

from __future__ import annotations

from toolkit.contracts.input_report import InputReport, TableReport
from toolkit.contracts.needs import NEEDS, fed, switched_off
from toolkit.contracts.tables import TABLES


def report(**columns: tuple[str, ...]) -> InputReport:
    tables = tuple(TableReport(name, (), 1, 1, 0, filled=dict.fromkeys(names, 1)) for name, names in columns.items())
    return InputReport(tables, tuple(name for name in TABLES if name not in columns))


def test_each_need_speaks_of_tables_and_columns_that_exist() -> None:
    for need in NEEDS:
        for part in (part for way in need.ways for part in way):
            table, _, column = part.partition(".")
            assert not column or column in TABLES[table].column_names(), part
            assert table in TABLES, part


def test_names_are_unique_and_sentences_end() -> None:
    assert len({need.test for need in NEEDS}) == len(NEEDS)
    assert all(need.sentence.endswith(".") for need in NEEDS)


def test_the_whole_contract_feeds_every_test() -> None:
    whole = report(**{name: tuple(schema.column_names()) for name, schema in TABLES.items()})
    assert not switched_off(whole)
    assert fed(whole) == tuple(need.test for need in NEEDS)


def test_orders_alone_switch_off_what_needs_more() -> None:
    off = switched_off(report(orders=("order_id", "buyer_id", "listing_id", "ordered_at")))
    assert "co_purchase" not in off
    assert off["co_review"] == "needs reviews"
    assert off["order_brushing"] == "needs orders.seller_id"
    assert off["shared_attributes"].startswith("needs account_links, or orders.payment_id")


def test_a_way_that_lacks_more_than_another_is_not_named() -> None:
    off = switched_off(report(orders=("order_id", "seller_id")))
    assert off["self_purchase"] == "needs account_links"


def test_a_table_without_rows_feeds_nothing() -> None:
    empty = InputReport((TableReport("orders", (), 3, 0, 3),), ())
    assert "co_purchase" in switched_off(empty)
