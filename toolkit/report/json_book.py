"""The book as JSON: plain objects of the frozen data, under a version, described by a committed JSON Schema.

Amounts of money are decimal text, so that no reader's floating point can change them; times are ISO 8601 with offset.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from toolkit.case import write_text
from toolkit.contracts.naming import file_stem
from toolkit.contracts.report import REPORT_VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.contracts.report import Book, Dossier


@cache
def _fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def plain(value: Any) -> Any:
    """A value of the frozen data that JSON does not know, as one that it knows."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, name) for name in _fields(type(value))}
    raise TypeError(f"no JSON for {type(value).__name__}")


def ring_json(book: Book, ring: Dossier) -> str:
    """One ring as JSON text."""
    return _text({"report_version": REPORT_VERSION, "run": book.run, "ring": ring})


def write(book: Book, out: Path) -> list[Path]:
    """Write `case.json` (run, findings, brushing windows, the list of rings) and `rings/<id>.json`."""
    rings = [{"ring_id": ring.ring_id, "file": f"rings/{file_stem(ring.ring_id)}.json"} for ring in book.rings]
    whole = {
        "report_version": REPORT_VERSION,
        "run": book.run,
        "rings": rings,
        "findings": book.findings,
        "brushing": book.brushing,
    }
    written = [out / "case.json"]
    write_text(written[0], _text(whole), durable=False)
    for ring in book.rings:
        written.append(out / "rings" / f"{file_stem(ring.ring_id)}.json")
        write_text(written[-1], ring_json(book, ring), durable=False)
    return written


def _text(value: Any) -> str:
    """Compact: the writer with line breaks is several times slower."""
    return json.dumps(value, default=plain, ensure_ascii=True, allow_nan=False, separators=(",", ":")) + "\n"
