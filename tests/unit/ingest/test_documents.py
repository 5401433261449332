"""The page on bringing one's own data holds: its example runs, its rules are all rules, its keys are all keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from toolkit.cli.app import run
from toolkit.contracts.tables import TABLES
from toolkit.ingest import ingest
from toolkit.ingest.mapping import TableMapping

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/bring-your-data.md").read_text(encoding="utf-8")
OTC = ROOT.parent / "shared/data/bitcoin-otc"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_says_what_the_page_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "verkauf.csv").write_text(block("csv"), encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(block("toml"), encoding="utf-8")
    assert run(["check", str(tmp_path), "--mapping", str(tmp_path / "mapping.toml"), "--quiet"]) == 0
    assert capsys.readouterr().out.startswith(block("text"))


def test_every_rule_between_columns_is_on_the_page() -> None:
    rules = {name for schema in TABLES.values() for name in schema._schema_validation_rules()}
    assert not {rule for rule in rules if f"`{rule}`" not in PAGE}


def test_every_key_of_a_mapping_is_on_the_page() -> None:
    assert not {key for key in TableMapping.__dataclass_fields__ if f"| `{key}` |" not in PAGE}


@pytest.mark.skipif(not OTC.is_dir(), reason="shared/data/bitcoin-otc is not beside this checkout")
def test_the_bitcoin_otc_ratings_are_read_whole() -> None:
    report = ingest(OTC, None, mapping=ROOT / "examples/bitcoin-otc/mapping.toml")
    [reviews] = report.tables
    assert (reviews.table, reviews.rows_read, reviews.rows_kept) == ("reviews", 35_592, 35_592)
    assert reviews.unknown_columns == ()
    assert reviews.unparsable == {}
