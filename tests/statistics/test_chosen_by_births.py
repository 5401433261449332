"""Groups that detection chose because attributes join accounts of the same days: what the same facts say of them.

Nobody acts together in these worlds, but people live together, share an address and devices, and sign up together: some
homes by themselves, some as the intake of a term. The plain tests then tell what chose the group; links beyond homes
don't.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
import pytest

from tests.statistics.flats import Living, settle, without_addresses
from tests.statistics.uniform import uniformity
from tests.statistics.worlds import World, read
from toolkit.backends import local
from toolkit.config import Settings
from toolkit.contracts.candidates import BY_ATTRIBUTES
from toolkit.contracts.plugins import NO_EXTRA
from toolkit.detect import detect
from toolkit.score import identity, run
from toolkit.score.run import kept_readings, verdict
from toolkit.score.scope import scope
from toolkit.simulate.market import simulate
from toolkit.simulate.settings import Market as Order
from toolkit.simulate.writer import write

if TYPE_CHECKING:
    from pathlib import Path

SEED: Final = 5
ORDERS: Final = 40_000
WAYS: Final = {
    "homes one by one": Living(120),
    "homes in a week": Living(120, days=7),
    "intakes": Living(120, intake=6, days=2),
    "intakes, a device for two": Living(120, intake=6, days=2, machines=2),
    "intakes who visit": Living(120, intake=6, days=2, visits=0.1),
    "intakes at a stand": Living(120, intake=5, days=2, stand=True),
    "intakes with a code": Living(120, intake=6, days=3, machines=2, code=True),
}


@dataclass(frozen=True)
class Judged:
    """What a run says of one way to live: joining and origin of its candidates, every verdict, and the alerts."""

    joining: identity.Joining
    members: pl.DataFrame
    verdicts: pl.DataFrame
    alerts: pl.DataFrame

    @property
    def linked(self) -> pl.Series:
        """Candidates that nothing but links proposed."""
        return self.members.filter(pl.col("origin") == BY_ATTRIBUTES)["candidate"].unique()

    def loud(self, test: str) -> int:
        """Of how many of them the test is far beyond chance, before the tests are paid for."""
        far = pl.col("candidate").is_in(self.linked.implode()) & (pl.col("raw") >= 6.0)
        return self.verdicts.filter(far & (pl.col("test") == test))["candidate"].n_unique()


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("calm") / "data"
    write(simulate(Order(orders=ORDERS, rings=0, seed=SEED)), place, form="parquet")
    return place


def _judged(export: Path, place: Path, living: Living, *, addresses: bool = True) -> Judged:
    settle(export, place / "data", living, SEED)
    if not addresses:
        without_addresses(place / "data")
    world, settings = World.of("lived in", read(place / "data", place / "case")), Settings()
    found = detect(world.linked, local, settings.detect, settings.seed)
    ours = scope(world.market, world.linked, found)
    joining = identity.Joining.of(ours, settings.link.hub)
    verdicts = verdict(ours, joining, settings)
    kept, told = kept_readings(found, identity.actors(ours), verdicts, settings, NO_EXTRA)
    return Judged(joining, found.among(kept).members, verdicts, told.filter(pl.col("tier") != "lead"))


@pytest.mark.parametrize("living", WAYS.values(), ids=WAYS)
def test_who_lives_and_signs_up_together_is_no_alert(export: Path, tmp_path: Path, living: Living) -> None:
    told = _judged(export, tmp_path, living)
    assert told.alerts.height == 0
    homes = identity.judge(told.joining.of_homes()).filter(pl.col("candidate").is_in(told.linked.implode()))
    p = np.append(10.0 ** -homes["surprise"].to_numpy(), np.ones(len(told.linked) - homes.height))
    assert uniformity(p, p).says(len(WAYS)) != "TOO SMALL"


def test_what_chose_a_group_would_accuse_it(export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test above is good for: asked plainly, attributes and births speak of intakes as loudly as of farms."""
    monkeypatch.setattr(run, "_born_beyond_homes", lambda paid, *_: paid)
    told = _judged(export, tmp_path, WAYS["intakes"])
    assert told.loud("f3_shared_attributes") > 10
    assert told.loud("f4_created_on") > 10
    assert told.alerts.height > 5


def test_no_alert_where_no_household_can_be_seen(export: Path, tmp_path: Path) -> None:
    assert _judged(export, tmp_path, WAYS["intakes"], addresses=False).alerts.height == 0
