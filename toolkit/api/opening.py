"""Where an investigator begins: investigate a folder of tables, or open a case that is there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit import config as settings
from toolkit.api.case import Case
from toolkit.case import Case as Folder
from toolkit.errors import UsageError

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    Place = str | os.PathLike[str]


def investigate(
    data: Place,
    out: Place,
    *,
    mapping: Place | None = None,
    config: settings.Settings | Mapping[str, Any] | Place | None = None,
    quiet: bool = False,
) -> Case:
    """Find the rings in a folder of tables, with their evidence; the same as `ringscope investigate DATA --out CASE`.

    A second call with the same input and settings does nothing again; a call that was stopped goes on where it was.

    Args:
        data: The folder of tables: `orders.csv`, `reviews.parquet`, ...
        out: The case folder to write.
        mapping: A TOML file that says how foreign exports are read.
        config: Settings that differ: a `Settings`, nested names such as `{"score": {"strong": 25.0}}`, or a TOML file.
        quiet: No talk on stderr.

    Returns:
        The case, open.

    Raises:
        InputError: The input can't be read, or too much of it breaks the contract.
        UsageError: A setting does not exist, or another run is writing the case.

    Example:
        >>> import toolkit as rs
        >>> case = rs.investigate(market, out=case_folder, quiet=True)
        >>> case  # doctest: +ELLIPSIS
        <case 'case': ... alerts, ... leads, ... findings>
    """
    from toolkit import pipeline

    say = _silent if quiet else _told
    table = None if mapping is None else Path(mapping)
    return Case(pipeline.investigate(Path(data), Path(out), _settings(config), mapping=table, say=say))


def open_case(path: Place) -> Case:
    """A case folder that `investigate` wrote.

    Args:
        path: The folder.

    Raises:
        InputError: The folder is no case, its run was stopped before there were results, they were purged, or a table
            was lost or changed since.
        UsageError: Another run is writing the case at this moment.

    Example:
        >>> import toolkit as rs
        >>> case = rs.open_case(case_folder)
        >>> case.rings.columns[:4]
        ['ring_id', 'tier', 'score', 'scheme']
    """
    folder = Folder.investigated(Path(path))
    if folder.being_written():
        todo = "wait for it to end; `ringscope investigate` says how far it is"
        raise UsageError("another run is writing this case", where=str(path), todo=todo)
    return Case(folder)


def make_market(
    path: Place,
    *,
    orders: int = 20_000,
    rings: int = 6,
    seed: int = 0,
    schemes: Sequence[str] | None = None,
    levels: Sequence[int] | None = None,
) -> Path:
    """A made-up marketplace with planted rings, to learn on: tables in `path`, the truth in `path/truth`.

    Args:
        path: The folder to write.
        orders: Rows of the orders.
        rings: Planted rings; with 0, every alert is a false one.
        seed: Another seed makes another marketplace.
        schemes: Schemes that the rings go round; all where it is None.
        levels: Camouflage of the rings, from 0 (bare) to 3; all where it is None.

    Returns:
        The folder, as `investigate` takes it.

    Raises:
        UsageError: Such a market can't be made.

    Example:
        >>> import toolkit as rs
        >>> folder = rs.make_market(scratch / "market", orders=1_000, rings=0)
        >>> (folder / "orders.parquet").is_file()
        True
    """
    from toolkit.simulate.market import simulate
    from toolkit.simulate.settings import LEVELS, SCHEMES, Market
    from toolkit.simulate.writer import write

    asked = Market(
        orders=orders,
        rings=rings,
        seed=seed,
        schemes=SCHEMES if schemes is None else tuple(schemes),
        levels=LEVELS if levels is None else tuple(levels),
    )
    write(simulate(asked), Path(path), form="parquet")
    return Path(path)


def _settings(given: settings.Settings | Mapping[str, Any] | Place | None) -> settings.Settings:
    if given is None or isinstance(given, settings.Settings):
        return given or settings.Settings()
    if isinstance(given, str) or hasattr(given, "__fspath__"):
        return settings.load(Path(given))
    return settings.filled(dict(given), where="config")


def _told(said: str) -> None:
    sys.stderr.write(f"{said}\n")


def _silent(said: str) -> None:
    """Say nothing."""
