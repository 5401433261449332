"""Templates of the pages, with every value escaped."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from toolkit.contracts.currency import spoken
from toolkit.contracts.naming import file_stem
from toolkit.contracts.wording import FAMILY_TITLES, MONEY_TITLES, RESULT_TITLES


def environment() -> Environment:
    """Templates that escape every value for HTML."""
    made = Environment(
        loader=PackageLoader("toolkit.visualise"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters.update(number=_number, money=lambda one: spoken(one.amount, one.currency), day=_day)
    made.globals.update(families=FAMILY_TITLES, kinds=MONEY_TITLES, results=RESULT_TITLES, file_stem=file_stem)
    return made


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _day(value: Any) -> str:
    return "" if value is None else f"{value:%Y-%m-%d %H:%M}"
