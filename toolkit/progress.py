"""What the main job says while it works: the step, how many rows it is about, and about how long the rest will take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

SHARES: Final = {
    "reading": 0.13,
    "linking": 0.23,
    "communities": 0.19,
    "judging": 0.11,
    "findings": 0.13,
    "pages": 0.21,
}
"""Step -> its usual share of the whole run; seen at 1 M orders, all tables there. Other data differ."""

MINUTE: Final = 60.0


@dataclass
class Progress:
    """The steps of one run. What this run's finished steps took tells how long the others will, by their usual shares.

    Attributes:
        say: Takes one line.
        clock: Seconds that only grow.
    """

    say: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _todo: dict[str, float] = field(default_factory=lambda: dict(SHARES))
    _spent: float = 0.0
    _share: float = 0.0
    _current: str | None = None
    _begun: float = 0.0

    def begin(self, step: str, what: str) -> None:
        """Say what begins, and about how long it and the steps after it will take; nothing of that in the first one."""
        self._end()
        self._current, self._begun = step, self.clock()
        self.say(what + self._left())

    def kept(self, *steps: str, what: str) -> None:
        """Say that steps need not be done: what an earlier run made of the same input is still there."""
        self._end()
        for step in steps:
            self._todo.pop(step, None)
        self.say(what)

    def _end(self) -> None:
        """Note what the step that runs has taken."""
        if self._current is not None:
            self._spent += self.clock() - self._begun
            self._share += self._todo.pop(self._current, 0.0)
            self._current = None

    def _left(self) -> str:
        if self._share == 0.0:
            return ""
        seconds = self._spent / self._share * sum(self._todo.values())
        unit = f"{seconds / MINUTE:.0f} min" if seconds > 2 * MINUTE else f"{max(seconds, 1.0):.0f} s"
        return f"; about {unit} left"
