"""Put real output below the commands of docs/tutorial.md.

    python docs/tutorial.py FOLDER

FOLDER holds `demo/data` and `demo/case`, as `ringscope demo --out demo` makes them. Below a command whose output is
wanted stands `<!-- output, N lines -->`; what follows it, up to the next blank line after a fence, is written anew.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

import polars as pl

PAGE: Final = Path(__file__).with_name("tutorial.md")
RING: Final = "FIRST_GIFT_CARD_RING"
BLOCK: Final = re.compile(
    r"^```sh\n(?P<line>ringscope [^\n]+)\n```\n\n<!-- output, (?P<most>\d+) lines -->\n(?:\n```text\n.*?^```\n)?",
    re.MULTILINE | re.DOTALL,
)
WIDEST: Final = 118


def first_gift_card_ring(case: Path) -> str:
    """Id of the strongest ring of the scheme that the tutorial follows."""
    rings = pl.read_parquet(case / "results" / "rings.parquet")
    found = rings.filter(pl.col("scheme") == "gift_card_cashback").sort("score", "ring_id", descending=[True, False])
    return str(found["ring_id"][0])


def filled(text: str, folder: Path) -> str:
    """The page with the output of its commands."""
    ring = first_gift_card_ring(folder / "demo" / "case")
    return BLOCK.sub(lambda block: _block(block, ring, folder), text)


def _block(block: re.Match[str], ring: str, folder: Path) -> str:
    line, most = block["line"], int(block["most"])
    command = [sys.executable, "-m", "toolkit.cli", *shlex.split(line.replace(RING, ring))[1:]]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603 - our own commands
    lines = [row.rstrip() for row in done.stdout.splitlines() if row.strip()]
    shown = [row if len(row) <= WIDEST else f"{row[: WIDEST - 1]}…" for row in lines[:most]]
    if len(lines) > most:
        shown.append(f"[… {len(lines) - most} more lines]")
    return f"```sh\n{line}\n```\n\n<!-- output, {most} lines -->\n\n```text\n" + "\n".join(shown) + "\n```\n"


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), Path(sys.argv[1]).resolve()), encoding="utf-8")


if __name__ == "__main__":
    main()
