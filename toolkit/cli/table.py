"""Prints a table to stdout: aligned text, CSV or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
import polars as pl

from toolkit.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDEST = 60


def show(frame: pl.DataFrame, style: str) -> None:
    """Print a table in one style: text, csv or json."""
    plain = frame.with_columns(pl.col(pl.Datetime).dt.to_string("%Y-%m-%dT%H:%M:%S%.fZ"))
    if style == "json":
        click.echo(json.dumps(plain.to_dicts(), indent=2, ensure_ascii=False))
    elif style == "csv":
        flat = plain.with_columns(pl.col(pl.List(pl.String)).list.join("|"))
        texts = [name for name, kind in flat.schema.items() if kind == pl.String]
        click.echo(flat.with_columns(_harmless(pl.col(name)).alias(name) for name in texts).write_csv(), nl=False)
    else:
        click.echo(_aligned(plain.columns, [[_word(value) for value in row] for row in plain.rows()]))


def _harmless(text: pl.Expr) -> pl.Expr:
    """Text that a spreadsheet would take for a formula after an apostrophe, as in the CSV of reports."""
    from toolkit.report.tables import FORMULA

    formula = pl.any_horizontal(text.str.starts_with(mark) for mark in FORMULA)
    return pl.when(formula).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)


def _word(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        value = ", ".join(str(item) for item in value)
    text = f"{value:.6g}" if isinstance(value, float) else printable(" ".join(str(value).split()))
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _aligned(names: Sequence[str], rows: list[list[str]]) -> str:
    widths = [max(len(name), *(len(row[place]) for row in rows), 0) for place, name in enumerate(names)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    head = "  ".join(name.ljust(width) for name, width in zip(names, widths, strict=True)).rstrip()
    return "\n".join([head, "  ".join("-" * width for width in widths), *lines])
