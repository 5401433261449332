"""The JSON Schema of the export, made from the frozen data itself, so that the two can't drift apart.

`python -m toolkit.report.schema` writes the committed files; a test compares them with what the data say now.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from toolkit.contracts import report
from toolkit.contracts.policy import Clause
from toolkit.contracts.report import REPORT_VERSION

FOLDER: Final = Path(__file__).parent / "schema"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SCALARS: Final[dict[Any, dict[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    type(None): {"type": "null"},
    Any: {},
}
_NAMES: Final = {"datetime": datetime, "Decimal": Decimal, "Mapping": Mapping, "Any": Any, "Clause": Clause}


def ring_schema() -> dict[str, Any]:
    """The schema of `rings/<id>.json` and of `ringscope ring --json`."""
    return _document("One ring", {"run": report.Run, "ring": report.Dossier})


def case_schema() -> dict[str, Any]:
    """The schema of `case.json`."""
    made = _document("A case without its rings", {"run": report.Run})
    listed = {"ring_id": {"type": "string"}, "file": {"type": "string"}}
    made["properties"]["rings"] = {"type": "array", "items": _object(listed)}
    for name, kind in (("findings", report.Finding), ("brushing", report.BrushingWindow)):
        made["properties"][name] = {"type": "array", "items": _of(kind, made["$defs"])}
    made["required"] = list(made["properties"])
    return made


def _document(title: str, parts: dict[str, Any]) -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    properties = {"report_version": {"const": REPORT_VERSION}}
    properties |= {name: _of(kind, definitions) for name, kind in parts.items()}
    return {"$schema": _DIALECT, "title": title, **_object(properties), "$defs": definitions}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type; dataclasses go to the definitions, once each."""
    if kind in _SCALARS:
        return _SCALARS[kind]
    if dataclasses.is_dataclass(kind):
        return _defined(kind, definitions)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(one, definitions) for one in inner]}
    if origin is tuple and inner[-1] is Ellipsis:
        return {"type": "array", "items": _of(inner[0], definitions)}
    if origin is tuple:
        items = [_of(one, definitions) for one in inner]
        return {"type": "array", "prefixItems": items, "minItems": len(inner), "maxItems": len(inner)}
    return {"type": "object", "additionalProperties": _of(inner[1], definitions)}


def _defined(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}  # its place in the order, before what it refers to
        hints = get_type_hints(kind, localns=_NAMES)
        properties = {field.name: _of(hints[field.name], definitions) for field in dataclasses.fields(kind)}
        about = (kind.__doc__ or "").split("\n", maxsplit=1)[0]
        definitions[kind.__name__] = {"description": about, **_object(properties)}
    return {"$ref": f"#/$defs/{kind.__name__}"}


def texts() -> dict[str, str]:
    """File name -> schema as text."""
    made = {f"ring-{REPORT_VERSION}.schema.json": ring_schema(), f"case-{REPORT_VERSION}.schema.json": case_schema()}
    return {name: json.dumps(schema, indent=2) + "\n" for name, schema in made.items()}


def main() -> None:
    """Write the committed files."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
