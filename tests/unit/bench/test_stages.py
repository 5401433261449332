"""Each step of a run is measured once, in order, and the run is one that can be opened."""

from pathlib import Path

from tests.bench.runs import market
from tests.bench.stages import STEPS, stages
from toolkit.case import Case


def test_every_step_of_a_run_has_its_row(tmp_path: Path) -> None:
    data = market(tmp_path, 2000, 1, 1, "parquet")
    rows = stages(data, tmp_path / "case")
    assert [name for name, *_ in rows] == [name.strip("_") for name in STEPS]
    assert all(seconds >= 0 and worked >= 0 and peak > 10 for _, seconds, worked, peak in rows)
    assert set(Case.open(tmp_path / "case").manifest()["stages"]) == {"ingest", "results", "reports"}
