"""The part of JSON Schema that our schemas use, as a check of our own exports."""

from __future__ import annotations

import re
from typing import Any

_TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
    "object": dict,
    "array": list,
}


def errors(value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, at: str = "$") -> list[str]:
    """Where a value breaks a schema; empty where it does not."""
    root = schema if root is None else root
    if "$ref" in schema:
        return errors(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    if "anyOf" in schema:
        return [] if any(not errors(value, one, root, at) for one in schema["anyOf"]) else [f"{at}: fits no choice"]
    found = []
    if "const" in schema and value != schema["const"]:
        found.append(f"{at}: not {schema['const']}")
    kind = schema.get("type")
    if kind and (not isinstance(value, _TYPES[kind]) or (kind in ("integer", "number") and isinstance(value, bool))):
        return [*found, f"{at}: not {kind}"]
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{at}: breaks {schema['pattern']}")
    if isinstance(value, dict):
        found += _object(value, schema, root, at)
    if isinstance(value, list):
        found += _array(value, schema, root, at)
    return found


def _object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    found = [f"{at}: lacks {name}" for name in schema.get("required", ()) if name not in value]
    for name, part in value.items():
        inner = schema.get("properties", {}).get(name, schema.get("additionalProperties", {}))
        found += [f"{at}: does not know {name}"] if inner is False else errors(part, inner, root, f"{at}.{name}")
    return found


def _array(value: list[Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    places = schema.get("prefixItems", [])
    found = [f"{at}: too long"] if len(value) > schema.get("maxItems", len(value)) else []
    for place, part in enumerate(value):
        inner = places[place] if place < len(places) else schema.get("items", {})
        found += errors(part, inner, root, f"{at}[{place}]")
    return found
