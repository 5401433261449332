"""When too much is rejected: what the message shows, and what it never shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.ingest.exports import GOOD, HEADER, lines, quarantined, read, write
from toolkit.errors import InputError
from toolkit.ingest import ingest
from toolkit.ingest.rejects import PERSONAL, shown

if TYPE_CHECKING:
    from pathlib import Path


def stopped(data: Path, case: Path) -> str:
    with pytest.raises(InputError) as caught:
        ingest(data, case)
    assert caught.value.exit_code == 3
    assert len(str(caught.value).splitlines()) <= 5
    return str(caught.value)


def test_the_message_names_rule_column_and_three_values(tmp_path: Path) -> None:
    rows = [row.replace("2024-01-02T", f"{n}/1/2024 ") for n, row in enumerate(GOOD)]
    text = stopped(write(tmp_path / "data", "orders.csv", rows), tmp_path / "case")
    for words in ("20 of 20 rows of 'orders'", "'ordered_at_unparsable'", "column 'ordered_at'", "20%", "mapping"):
        assert words in text
    assert "'0/1/2024 03:04:00Z', '1/1/2024 03:04:01Z', '2/1/2024 03:04:02Z'" in text
    assert len(quarantined(tmp_path / "case")) == 20


def test_the_limit_itself_is_no_reason_to_stop(tmp_path: Path) -> None:
    bad = [row.replace("10.50", "-1").replace("o", "x", 1) for row in GOOD[:5]]
    assert read(write(tmp_path / "data", "orders.csv", GOOD + bad), tmp_path / "case")[0].rows_quarantined == 5
    one_more = [*GOOD, *bad, GOOD[5].replace("10.50", "-1").replace("o", "y", 1)]
    assert "6 of 26" in stopped(write(tmp_path / "data", "orders.csv", one_more), tmp_path / "case")


def test_a_mapped_column_is_named_by_both_names(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", lines(GOOD, HEADER.replace("ordered_at", "kunde")))
    (tmp_path / "mapping.toml").write_text(
        '[orders]\ntime_format = "epoch_s"\n[orders.columns]\nordered_at = "kunde"\n'
    )
    with pytest.raises(InputError, match="column 'ordered_at' \\(source column 'kunde'\\)"):
        ingest(data, None, mapping=tmp_path / "mapping.toml")


def test_lost_references_and_duplicates_are_named(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    write(data, "buyers.csv", "buyer_id\nsomebody\n")
    assert "'buyer_id_not_in_buyers'" in stopped(data, tmp_path / "case")
    same = write(tmp_path / "same", "orders.csv", [row.replace(row.split(",")[0], "o") for row in GOOD])
    assert "19 by the rule 'duplicate_order_id'" in stopped(same, tmp_path / "case")


@pytest.mark.parametrize("column", sorted(PERSONAL))
def test_values_about_people_are_shown_by_their_shape(column: str) -> None:
    assert shown("Ana Müller, Rua 12", column) == "xxx xxxxxx, xxx 99"


@pytest.mark.parametrize("value", ["ana@example.org", "4111111111111111", "Rua das Flores"])
def test_values_that_tell_are_shown_by_their_shape_in_any_column(value: str) -> None:
    assert not set(shown(value, "buyer_id")) & set("anRuaFlores41") - set("x")


def test_ids_are_shown_and_long_ones_cut() -> None:
    assert shown("B-17", "buyer_id") == "B-17"
    assert shown("a" * 50, "buyer_id") == "a" * 39 + "…"


def test_a_card_number_in_a_rejected_table_stays_out_of_the_message(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "orders.csv", GOOD)
    cards = "card_id,face_value,currency\n" + "4111-1111,15,USD\n" * 9
    assert "4111" not in stopped(write(data, "gift_cards.csv", cards), tmp_path / "case")
