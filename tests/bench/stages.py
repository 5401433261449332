"""`python -m tests.bench.stages DATA CASE`: clock, processor seconds and peak memory of each step of one run.

The steps of the results are one stage in the manifest; here each is measured by itself, inside the one process that a
run is. Memory is sampled fifty times a second, so a shorter peak is missed. Linux alone tells it (`/proc`).
"""

from __future__ import annotations

import argparse
import functools
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from unittest import mock

from toolkit import pipeline
from toolkit.config import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS: Final = ("ingest", "link", "propose", "settle", "score", "find", "_tables", "_reports")
"""What `toolkit.pipeline` calls, in order; `_tables` is followed by writing the results."""
HEADS: Final = ("step", "s", "processor, s", "peak memory, MB")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Meter:
    """What each step took, and the memory watched meanwhile."""

    def __init__(self) -> None:
        """Nothing is watched yet."""
        self.rows: list[tuple[str, float, float, int]] = []
        self.peak = 0
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching: nothing of this is left in the process."""
        self._over.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            self.peak = max(self.peak, held())

    def measured(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        """The step, which enters a row when it is done."""

        @functools.wraps(step)
        def run(*given: Any, **named: Any) -> Any:
            self.peak = held()
            begun, spent = time.monotonic(), time.process_time()
            made = step(*given, **named)
            taken = time.monotonic() - begun, time.process_time() - spent
            self.rows.append((name.strip("_"), *taken, max(self.peak, held()) // 1_000_000))
            return made

        return run


def held() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def stages(data: Path, case: Path) -> list[tuple[str, float, float, int]]:
    """Name, clock, processor seconds and peak of each step of a run, in order."""
    with Meter() as meter:
        steps = {name: meter.measured(name, getattr(pipeline, name)) for name in STEPS}
        with mock.patch.multiple(pipeline, **steps):
            pipeline.investigate(data, case, Settings(), say=lambda _: None)
    return meter.rows


def main() -> None:
    """Measure one run and print its steps."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stages", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("case", type=Path, help="a folder that is not there yet")
    asked = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f}\n")
    lines = [HEADS, ["---"] * len(HEADS)]
    lines += [
        (name, f"{s:.1f}", f"{worked:.1f}", f"{peak:,}") for name, s, worked, peak in stages(asked.data, asked.case)
    ]
    print("\n".join(f"| {' | '.join(line)} |" for line in lines))


if __name__ == "__main__":
    main()
