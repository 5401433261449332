"""What groups have in common, and whose odds reach the bar: the kernels against the definitions, one by one."""

from __future__ import annotations

from math import ceil, log
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from toolkit.backends import local
from toolkit.backends.local import in_common, membership
from toolkit.ports import Bars, Holders

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Who = list[tuple[NDArray[np.uint32], NDArray[np.float64] | None]]

ACTORS, GROUPS = 50, 6


def _pairs(rng: np.random.Generator, size: int) -> pl.DataFrame:
    columns = {"group": np.repeat(np.arange(GROUPS) * 3, size), "actor": rng.integers(0, ACTORS, GROUPS * size)}
    return pl.DataFrame(columns).cast(pl.UInt32).unique().sort("group", "actor")


def _one_window(times: list[int], core: float, margin: int) -> tuple[int, int]:
    """The shortest stretch from one act to another that holds enough of them, widened."""
    need = max(1, ceil(core * len(times)))
    stretches = [(b - a, a) for a in times for b in times if a <= b and sum(a <= t <= b for t in times) >= need]
    width, first = min(stretches)
    slack = max(width // 4, margin)
    return first - slack, first + width + slack


def _acts(rng: np.random.Generator) -> pl.DataFrame:
    columns = {"thing": rng.integers(0, 30, 900) * 2, "at": rng.integers(0, 300, 900)}
    return pl.DataFrame({**columns, "actor": rng.integers(0, ACTORS, 900)}).sort("thing", "at", "actor")


@pytest.mark.parametrize("kind", ["timed", "untimed"])
def test_what_a_group_has_in_common_is_what_counting_finds(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Also where there is room for one group at a time."""
    monkeypatch.setattr(in_common, "ROOM", 1)
    rng, timed = np.random.default_rng(3), kind == "timed"
    members, acts = _pairs(rng, 12).with_columns(home=pl.col("actor") // 3), _acts(rng)
    at = acts["at"].to_numpy() if timed else None
    held = local.acts(acts["actor"].to_numpy().astype(np.uint32), acts["thing"].to_numpy(), at, ACTORS)
    found, tests = local.common(members, held, 3, core=0.6, margin=5)
    things = acts["thing"].unique().sort().to_list()
    wanted, pairs = set(), {}
    for (number,), part in members.partition_by("group", as_dict=True).items():
        inside = acts.filter(pl.col("actor").is_in(part["actor"].implode()))
        pairs[number] = inside["thing"].n_unique()
        for (thing,), of_thing in inside.partition_by("thing", as_dict=True).items():
            rows = of_thing.with_columns(home=pl.col("actor") // 3)
            if rows["home"].n_unique() < 3:
                continue
            start, end = _one_window(rows["at"].to_list(), 0.6, 5) if timed else (0, 0)
            everybody = acts.filter(pl.col("thing") == thing)
            if timed:
                rows, everybody = (frame.filter(pl.col("at").is_between(start, end)) for frame in (rows, everybody))
            if rows["home"].n_unique() >= 3:
                key = (number, things.index(thing))
                wanted.add((*key, rows["home"].n_unique(), everybody.height, start, end))
    assert set(found.rows()) == wanted
    assert found.height == len(wanted) > 20
    assert dict(tests.iter_rows()) == pairs


def test_nobody_and_nothing_have_nothing_in_common() -> None:
    none, nobody = np.zeros(0, np.uint32), pl.DataFrame(schema=dict.fromkeys(("group", "actor", "home"), pl.UInt32))
    held = local.acts(none, none, none.astype(np.int64), ACTORS)
    found, tests = local.common(nobody, held, 3, core=0.8, margin=1)
    assert found.height == tests.height == 0
    found, tests = local.common(nobody.clear(1).fill_null(0), held, 3, core=0.8, margin=1)
    assert found.height == 0
    assert tests.rows() == [(0, 0)]


def _kinds(rng: np.random.Generator) -> tuple[Who, list[Holders]]:
    """Two kinds that add up, two of one family of which the better counts; holders may hold a value twice.

    One more of which no group holds a value stands among them.
    """
    who: Who = []
    made = []
    for family, timed in (("", False), ("none", True), ("", False), ("acts", True), ("acts", True)):
        values = 4 * GROUPS
        low = rng.integers(0, 180, values)
        group = np.sort(rng.integers(0, GROUPS, values) * 3).astype(np.uint32)
        active = rng.uniform(0.3, 3.0, ACTORS) if timed else None
        who.append((rng.integers(0, ACTORS, 200).astype(np.uint32), active))
        if family == "none":
            continue
        made.append(
            Holders(
                number=len(who) - 1,
                group=group,
                low=low,
                high=low + rng.integers(1, 20, values),
                hits=rng.integers(3, 9, values),
                homes=rng.integers(9, 12, values),
                chance=rng.integers(3, 40, values) / 900.0,
                missed=-1.0 - group / 10.0 if timed else np.zeros(values),
                timed=timed,
                family=family,
                again=0.7 if timed else 0.0,
            )
        )
    return who, made


def _one_by_one(who: Who, kinds: list[Holders], bars: Bars, cap: float) -> dict[tuple[int, int, int], float]:
    inside, founders = set(bars.inside.rows()), set(bars.founders.rows())
    sums: dict[tuple[int, int], dict[int, float]] = {}
    for number, kind in enumerate(kinds):
        holder, active = who[kind.number]
        for v in range(kind.group.size):
            for actor in {int(b) for b in holder[kind.low[v] : kind.high[v]]}:
                key = (int(kind.group[v]), actor)
                own = key in inside
                q = (kind.hits[v] - own + 0.25) / (kind.homes[v] - own + 0.5)
                lean = 1.0 if active is None else active[actor]
                term = log(min(max(q, 1e-6), 0.95) / min(max(lean * kind.chance[v], 1e-9), 0.5))
                term -= log(1 - min(q, 0.95)) if kind.timed else 0.0
                held = sums.setdefault(key, {})
                again = kind.again if number in held and key not in founders else 0.0
                held[number] = held.get(number, kind.missed[v]) + term - again
    found: dict[tuple[int, int, int], float] = {}
    for (group, actor), held in sums.items():
        added = [value for number, value in held.items() if kinds[number].family == ""]
        acts = [value for number, value in held.items() if kinds[number].family == "acts"]
        score = max(min(sum(added), cap), -5.0) if added else 0.0
        score += max(*acts, -5.0) if acts else 0.0
        bar = bars.bar[np.searchsorted(bars.group, group)] * (bars.founder_share if (group, actor) in founders else 1.0)
        if score >= bar:
            found |= {(group, actor, number): value for number, value in held.items()}
    return found


@pytest.mark.parametrize("room", [1, 1 << 20])
@pytest.mark.parametrize(("threads", "seed"), [(1, 8), (2, 9), (8, 10), (2, 11)])
def test_odds_are_what_is_defined(room: int, threads: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(membership, "ROOM", room)
    monkeypatch.setattr(pl, "thread_pool_size", lambda: threads)
    rng = np.random.default_rng(seed)
    who, kinds = _kinds(rng)
    bars = Bars(
        group=(np.arange(GROUPS) * 3).astype(np.uint32),
        bar=rng.uniform(3.0, 7.0, GROUPS),
        founder_share=0.6,
        inside=_pairs(rng, 9),
        founders=pl.concat([_pairs(rng, 9), pl.DataFrame({"group": [1], "actor": [2]}).cast(pl.UInt32)]),
        n_actors=ACTORS,
    )
    rows = local.odds(local.holding(who), kinds, bars, cap=4.0).rows()
    found = {(group, actor, kind): value for group, actor, kind, value in rows}
    wanted = _one_by_one(who, kinds, bars, 4.0)
    assert len(rows) == len(found) > 50
    assert found == {key: pytest.approx(value) for key, value in wanted.items()}
    assert len({key[:2] for key in found}) < GROUPS * ACTORS * 0.8, "nobody missed a bar"


def test_no_values_give_nobody() -> None:
    none = pl.DataFrame(schema={"group": pl.UInt32, "actor": pl.UInt32})
    bars = Bars(np.zeros(0, np.uint32), np.zeros(0), 0.6, none, none, 3)
    assert local.odds(local.holding([]), [], bars, cap=1.0).height == 0
