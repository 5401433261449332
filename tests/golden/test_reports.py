"""Reports as bytes: a change of wording is a change that somebody has to look at.

`UPDATE_GOLDEN=1 pytest tests/golden/test_reports.py` writes the files anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.made_case import make_case, ring_id
from toolkit import report
from toolkit.contracts.naming import digest_stem

GOLDEN = Path(__file__).parent / "reports"
FILES = {
    "rings.md": "rings.md",
    "ring.md": f"rings/{ring_id(0)}.md",
    "ring.json": f"rings/{ring_id(0)}.json",
    "case.json": "case.json",
    "rings.csv": "rings.csv",
    "members.csv": "members.csv",
    "evidence.csv": "evidence.csv",
    "money.csv": "money.csv",
    "findings.csv": "findings.csv",
    "reasons.md": f"sellers/{digest_stem('s00000')}.md",
    "reasons.html": f"sellers/{digest_stem('s00000')}.html",
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("golden")
    report.write(make_case(folder / "case", rings=3, members=6), folder / "out", formats=tuple(report.FORMATS))
    return folder / "out"


@pytest.mark.parametrize("name", FILES)
def test_report_is_as_it_was(written, name):
    made = (written / FILES[name]).read_bytes()
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / name).write_bytes(made)
    assert made == (GOLDEN / name).read_bytes()
