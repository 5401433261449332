"""The tables and results of a case under one roof, each without rows where the case has none."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from toolkit.contracts.results import RESULTS
from toolkit.contracts.tables import TABLES, dtypes

if TYPE_CHECKING:
    from toolkit.case import Case


class Source:
    """Reads each table of a case once; choices become plain text.

    Args:
        case: The case.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self.frame = lru_cache(maxsize=None)(self._read)

    def _read(self, name: str) -> pl.DataFrame:
        if name in RESULTS:
            return self._case.result(name)
        there = self._case.table(name).collect() if self._case.has_table(name) else pl.DataFrame()
        missing = [
            pl.lit(None, dtype=kind).alias(column) for column, kind in dtypes(name).items() if column not in there
        ]
        whole = there.with_columns(missing) if there.width else pl.DataFrame(schema=dtypes(name))
        return whole.select(TABLES[name].column_names()).with_columns(pl.col(pl.Enum).cast(pl.String))
