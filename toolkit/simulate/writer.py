"""Writes a market to a folder: the tables, and the truth in a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.case import os_errors
from toolkit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from toolkit.simulate.tables import Marketplace

FORMATS: Final = ("csv", "parquet")
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


def write(marketplace: Marketplace, folder: Path, *, form: str = "csv") -> None:
    """Write every table as `folder/<table>.<form>` and the truth as `folder/truth/<name>.csv`.

    Each file is written under another name first, so that a killed run leaves no half table behind.
    """
    try:
        (folder / "truth").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        todo = "choose a folder that you may write to"
        raise UsageError(f"the market can't be written: {error.strerror}", where=str(folder), todo=todo) from error
    with os_errors(folder):
        for name in marketplace.tables:
            _other(folder, name, form)
            _one(marketplace.tables[name], folder / f"{name}.{form}", form)
        for name, frame in marketplace.truth.items():
            _one(frame, folder / "truth" / f"{name}.csv", "csv")


def _one(frame: pl.DataFrame, path: Path, form: str) -> None:
    unfinished = path.with_name(path.name + ".part")
    if form == "parquet":
        frame.write_parquet(unfinished)
    else:
        frame.write_csv(unfinished, datetime_format=_TIME)
    unfinished.replace(path)


def _other(folder: Path, name: str, form: str) -> None:
    """Take away the table of an earlier market in the other format: a reader must not find both."""
    for other in FORMATS:
        if other != form:
            (folder / f"{name}.{other}").unlink(missing_ok=True)
