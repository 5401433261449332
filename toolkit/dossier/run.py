"""How a case was made, from its manifest; an older manifest that lacks a part gives an empty one."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from toolkit import __version__
from toolkit.contracts.report import Run, TableCount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toolkit.case import Case


def run(case: Case) -> Run:
    """The run behind the case."""
    manifest = case.manifest()
    settings = manifest.get("settings") or {}
    return Run(
        version=str(manifest.get("version", __version__)),
        case_name=case.path.resolve().name,
        inputs=tuple(_inputs(manifest.get("inputs") or {})),
        switched_off=tuple((str(one.get("test", "")), str(one.get("reason", ""))) for one in _off(manifest)),
        settings=settings,
        stages=tuple(_stages(manifest.get("stages") or {})),
        digest=_digest(manifest),
    )


def _inputs(told: Any) -> list[TableCount]:
    """Row counts by table, whether the manifest holds them as a mapping or as a list."""
    named = told.get("tables", told) if isinstance(told, dict) else told
    listed = [(entry.get("table", ""), entry) for entry in named] if isinstance(named, list) else sorted(named.items())
    return [_count(str(table), entry) for table, entry in listed if isinstance(entry, dict)]


def _count(table: str, entry: Mapping[str, Any]) -> TableCount:
    rejected = entry.get("quarantined") or entry.get("rules") or {}
    by_rule = dict(rejected) if isinstance(rejected, dict) else {"any rule": int(rejected)}
    return TableCount(table, int(entry.get("read", 0)), int(entry.get("kept", 0)), by_rule)


def _off(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for one in manifest.get("switched_off") or [] if isinstance(one, dict)]


def _stages(stages: Mapping[str, Any]) -> list[tuple[str, float]]:
    timed = sorted(stages.items(), key=lambda item: str(item[1].get("started_at", "")))
    return [(name, float(entry.get("seconds", 0.0))) for name, entry in timed]


def _digest(manifest: Mapping[str, Any]) -> str:
    """What the result depends on, in 16 hex digits: version, settings, input; not times or places."""
    parts = [manifest.get(name) for name in ("version", "settings", "seed", "inputs")]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]
