"""Markets and runs for measurements: each in a process of its own, whose memory is free again afterwards."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

RINGS_PER_ORDERS = 28 / 200_000


def market(folder: Path, orders: int, rings: int, seed: int, form: str) -> Path:
    """A market's folder; made where it is not there yet."""
    data = folder / f"market-{orders}-{rings}-{seed}-{form}"
    if not data.exists():
        command = [sys.executable, "-m", "toolkit.cli", "simulate", str(data), "--quiet", "--format", form]
        command += ["--orders", str(orders), "--rings", str(rings), "--seed", str(seed)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return data


def investigate(data: Path, case: Path) -> tuple[float, float, dict[str, Any]]:
    """Seconds of the whole process by the clock and of processors, and the manifest that it wrote."""
    shutil.rmtree(case, ignore_errors=True)
    begun, spent = time.monotonic(), worked()
    command = [sys.executable, "-m", "toolkit.cli", "investigate", str(data), "--out", str(case), "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - begun
    return seconds, worked() - spent, json.loads((case / "manifest.json").read_text(encoding="utf-8"))


def worked() -> float:
    """Processor seconds of the processes that were started and have ended: load stretches them less than the clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
