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


def _inputs(told: Mapping[str, Any]) -> list[TableCount]:
    """Row counts by table, as `ringscope check` reports them."""
    return [_count(str(entry.get("table", "")), entry) for entry in told.get("tables") or [] if isinstance(entry, dict)]


def _count(table: str, entry: Mapping[str, Any]) -> TableCount:
    return TableCount(
        table=table,
        read=int(entry.get("rows_read", 0)),
        kept=int(entry.get("rows_kept", 0)),
        quarantined={str(rule): int(count) for rule, count in (entry.get("rules") or {}).items()},
        unparsable={str(column): int(count) for column, count in (entry.get("unparsable") or {}).items()},
        unknown_columns=tuple(map(str, entry.get("unknown_columns") or ())),
    )


def _off(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for one in manifest.get("switched_off") or [] if isinstance(one, dict)]


def _stages(stages: Mapping[str, Any]) -> list[tuple[str, float]]:
    timed = sorted(stages.items(), key=lambda item: str(item[1].get("started_at", "")))
    return [(name, float(entry.get("seconds", 0.0))) for name, entry in timed]


def _digest(manifest: Mapping[str, Any]) -> str:
    """What the result depends on, in 16 hex digits: version, settings, input; not times or places."""
    parts = [manifest.get(name) for name in ("version", "settings", "seed", "inputs")]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]
