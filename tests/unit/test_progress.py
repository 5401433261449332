"""What is said of the time left."""

from __future__ import annotations

import pytest

from toolkit.progress import SHARES, Progress


class Clock:
    """A clock that stands until it is set forward."""

    now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_the_shares_are_a_whole_run() -> None:
    assert sum(SHARES.values()) == pytest.approx(1.0)


def test_the_time_left_follows_from_what_the_steps_before_took() -> None:
    told: list[str] = []
    clock = Clock()
    progress = Progress(told.append, clock)
    progress.begin("reading", "reading 2 tables")
    clock.now += 100 * SHARES["reading"]
    progress.begin("linking", "linking 7 buyers")
    clock.now += 100 * SHARES["linking"]
    progress.begin("communities", "looking")
    assert told == ["reading 2 tables", "linking 7 buyers; about 87 s left", "looking; about 64 s left"]


def test_a_slower_step_makes_the_rest_longer_and_minutes_are_said_as_minutes() -> None:
    told: list[str] = []
    clock = Clock()
    progress = Progress(told.append, clock)
    progress.begin("reading", "reading")
    clock.now += 1000 * SHARES["reading"]
    progress.begin("linking", "linking")
    assert told[-1] == "linking; about 14 min left"


def test_what_was_kept_is_neither_spent_nor_left() -> None:
    told: list[str] = []
    clock = Clock()
    progress = Progress(told.append, clock)
    progress.kept("reading", what="input: unchanged, kept")
    clock.now += 5
    progress.begin("linking", "linking")
    clock.now += 10 * SHARES["linking"]
    progress.begin("communities", "looking")
    assert told[1] == "linking"
    left = 10 * (1 - SHARES["reading"] - SHARES["linking"])
    assert told[2] == f"looking; about {left:.0f} s left"
