"""The book as JSON: plain objects of the frozen data, under a version, described by a committed JSON Schema.

Amounts of money are decimal text, so that no reader's floating point can change them; times are ISO 8601 with offset.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.case import write_text
from toolkit.contracts.naming import file_stem
from toolkit.contracts.report import REPORT_VERSION

if TYPE_CHECKING:
    from toolkit.contracts.report import Book, Dossier


def plain(value: Any) -> Any:
    """A value of the frozen data as JSON knows it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, Path) else value


def ring_json(book: Book, ring: Dossier) -> str:
    """One ring as JSON text."""
    return _text({"report_version": REPORT_VERSION, "run": plain(book.run), "ring": plain(ring)})


def write(book: Book, out: Path) -> list[Path]:
    """Write `case.json` (run, findings, brushing windows, the list of rings) and `rings/<id>.json`."""
    rings = [{"ring_id": ring.ring_id, "file": f"rings/{file_stem(ring.ring_id)}.json"} for ring in book.rings]
    whole = {
        "report_version": REPORT_VERSION,
        "run": plain(book.run),
        "rings": rings,
        "findings": plain(book.findings),
        "brushing": plain(book.brushing),
    }
    written = [out / "case.json"]
    write_text(written[0], _text(whole), durable=False)
    for ring in book.rings:
        written.append(out / "rings" / f"{file_stem(ring.ring_id)}.json")
        write_text(written[-1], ring_json(book, ring), durable=False)
    return written


def _text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=True, allow_nan=False, sort_keys=False) + "\n"
