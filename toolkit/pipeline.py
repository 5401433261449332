"""The main job: which stage comes after which. The only module that knows the order."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit import __version__, dossier, visualise
from toolkit import report as reports
from toolkit.backends import local
from toolkit.case import Case, stage_key
from toolkit.contracts.needs import switched_off
from toolkit.contracts.results import RESULTS
from toolkit.detect import detect
from toolkit.findings import find
from toolkit.ingest import ingest
from toolkit.link import link
from toolkit.market import Market
from toolkit.score import score

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from toolkit.config import Settings

    Say = Callable[[str], None]


LEAD_PAGES: Final = 200
"""Leads that get a page of their own in the main job; `ringscope report` writes the others on request."""


def investigate(data: Path, out: Path, settings: Settings, *, mapping: Path | None = None, say: Say = print) -> Case:
    """Read a folder of tables and write a case; a run that was killed goes on after its last finished stage."""
    case = Case(out)
    with case.lock():
        case.update_manifest(version=__version__, settings=settings.as_dict(), seed=settings.seed)
        key = _ingest(case, data, settings, mapping, say)
        key = _rings(case, settings, key, say)
        _reports(case, key, say)
    return case


def _ingest(case: Case, data: Path, settings: Settings, mapping: Path | None, say: Say) -> str:
    """Clean tables and quarantine; the key names the input by its files' sizes and times, and the mapping."""
    key = stage_key(__version__, settings.reject_limit, _fingerprint(data), mapping and mapping.read_bytes().hex())
    if case.finished("ingest", key):
        say("input: unchanged, kept")
        return key
    with case.stage("ingest", key) as files:
        report = ingest(data, case.path, mapping=mapping, reject_limit=settings.reject_limit)
        off = [{"test": test, "reason": reason} for test, reason in switched_off(report).items()]
        case.update_manifest(inputs=report.to_json(), switched_off=off)
        for folder in ("tables", "quarantine"):
            files.extend(sorted((case.path / folder).glob("*.parquet")))
    return key


def _fingerprint(data: Path) -> list[tuple[str, int, int]]:
    files = sorted(path for path in data.rglob("*") if path.is_file())
    stats = [(str(path.relative_to(data)), path.stat()) for path in files]
    return [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]


def _rings(case: Case, settings: Settings, before: str, say: Say) -> str:
    """Link, detect, score, and write the result tables."""
    key = stage_key(before, settings.as_dict())
    if case.finished("rings", key):
        say("rings: unchanged, kept")
        return key
    with case.stage("rings", key) as files:
        market = Market(case)
        say(f"linking {market.size('buyer'):,} buyers")
        linked = link(market, local, settings.link)
        say(f"looking for communities among {linked.buyers.height:,} links")
        candidates = detect(linked, local, settings.detect, settings.seed)
        say(f"judging {candidates.members['candidate'].n_unique():,} candidates")
        scored = score(market, linked, candidates, settings)
        say(f"looking at {market.size('seller'):,} sellers")
        found = find(case, scored.members, scored.rings, settings=settings.findings, market=market)
        files.extend(case.write_result(name, frame) for name, frame in _together(scored, found).items())
    return key


def _together(*sets: Any) -> dict[str, pl.DataFrame]:
    """Result tables by name; what several stages say goes into one table."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for one in sets:
        for item in dataclasses.fields(one):
            columns = RESULTS[item.name].column_names()
            parts.setdefault(item.name, []).append(getattr(one, item.name).select(columns))
    return {name: pl.concat(frames, how="vertical_relaxed") for name, frames in parts.items()}


def _reports(case: Case, before: str, say: Say) -> str:
    """Pages and tables for people in CASE/reports; pages of rings that are no more are removed."""
    decided = case.path / dossier.DECISIONS
    key = stage_key(before, decided.read_bytes().hex() if decided.is_file() else "")
    if case.finished("reports", key):
        say("reports: unchanged, kept")
        return key
    with case.stage("reports", key) as files:
        book = dossier.read(case)
        say(f"writing pages of {len(book.rings):,} rings")
        files.extend(visualise.write(case, case.reports, book=book, most_leads=LEAD_PAGES))
        files.extend(reports.write(case, case.reports, formats=("csv", "md"), book=book))
        for old in set((case.reports / "rings").glob("*.*")) - set(files):
            old.unlink()
    return key
