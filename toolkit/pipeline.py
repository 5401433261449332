"""The main job: which stage comes after which. The only module that knows the order."""

from __future__ import annotations

import secrets
from contextlib import closing
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Final

import polars as pl

from toolkit import __version__, audit, dossier, plugins, visualise
from toolkit import report as reports
from toolkit.backends import local
from toolkit.calibrate import calibrated, swapped
from toolkit.case import Case, stage_key
from toolkit.contracts.needs import switched_off
from toolkit.contracts.results import ALERT_TIERS, RESULTS, empty
from toolkit.detect import detect, propose, settle
from toolkit.errors import UsageError
from toolkit.findings import find
from toolkit.graph.build import case_key, case_name, project
from toolkit.ingest import ingest
from toolkit.link import link
from toolkit.market import Market
from toolkit.progress import Progress
from toolkit.registry import neo4j, neo4j_settings
from toolkit.score import gift_card, score, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from toolkit.config import Settings
    from toolkit.contracts.plugins import Extra
    from toolkit.findings import FindingSet
    from toolkit.score import Scored
    from toolkit.score.gift_card import GiftCardResults

    Say = Callable[[str], None]


TOLD_LEADS: Final = 1000
"""Leads that the main job tells of, the strongest first, in overview and reports; the others are in its tables alone.

A case of ten million orders has fifty thousand leads: a page that lists them opens in no browser."""
LEAD_PAGES: Final = 200
"""Leads that get a page of their own in the main job; `ringscope report` writes the others on request."""


def investigate(data: Path, out: Path, settings: Settings, *, mapping: Path | None = None, say: Say = print) -> Case:
    """Read a folder of tables and write a case; a run that was killed goes on after its last finished stage.

    Raises:
        UsageError: The case would lie among the tables that it is made from.
    """
    if out.resolve() == data.resolve():
        raise UsageError("the case would lie among the input", where=str(out), todo="name another folder with --out")
    case = Case(out)
    with case.lock():
        audit.check(case.path)
        case.update_manifest(version=__version__, settings=settings.as_dict(), seed=settings.seed)
        progress = Progress(say)
        key = _ingest(case, data, settings, mapping, progress)
        key = _results(case, settings, key, progress)
        _reports(case, key, progress)
        rings = case.result("rings")
        alerts = int(rings["tier"].is_in(ALERT_TIERS).sum())
        audit.record(case.path, "investigated", alerts=alerts, leads=rings.height - alerts, version=__version__)
    return case


def reach(flags: Mapping[str, str | None]) -> None:
    """Make sure that the Neo4j server can be reached, before hours are spent on what it is to hold.

    Raises:
        BackendError: It can't, or it refuses.
    """
    with closing(neo4j(neo4j_settings(flags))) as store:
        store.entries()


def named(case: Case) -> str:
    """The case's name on servers; made once and kept in its manifest, so that two folders of one name don't mix."""
    if "case_id" not in case.manifest():
        with case.lock():
            case.update_manifest(case_id=f"{case_name(case)}-{secrets.token_hex(4)}")
    return case_name(case)


def publish(
    case: Case, flags: Mapping[str, str | None], progress: Callable[[str, int, int], None] | None = None
) -> tuple[str, int, int, bool]:
    """Write a case to a Neo4j server: its name there, its nodes and relationships, and whether anything changed."""
    audit.check(case.path)
    graph = project(case, named(case))
    with closing(neo4j(neo4j_settings(flags))) as store:
        changed = store.write(graph, key=case_key(case), progress=progress)
    audit.record(case.path, "published", name=case_name(case), changed=changed)
    return case_name(case), *graph.counts(), changed


def _ingest(case: Case, data: Path, settings: Settings, mapping: Path | None, progress: Progress) -> str:
    """Clean tables and quarantine; the key names the input by its files' sizes and times, and the mapping."""
    input_files = _fingerprint(data, case.path)
    key = stage_key(__version__, settings.reject_limit, input_files, mapping and mapping.read_bytes().hex())
    if case.finished("ingest", key):
        progress.kept("reading", what="input: unchanged, kept")
        return key
    with case.stage("ingest", key) as files:
        progress.begin("reading", f"reading {sum(size for _, size, _ in input_files) / 1e6:,.1f} MB")
        report = ingest(data, case.path, mapping=mapping, reject_limit=settings.reject_limit)
        off = [{"test": test, "reason": reason} for test, reason in switched_off(report).items()]
        case.update_manifest(inputs=report.to_json(), switched_off=off)
        for folder in ("tables", "quarantine"):
            files.extend(sorted((case.path / folder).glob("*.parquet")))
    return key


def _fingerprint(data: Path, case: Path) -> list[tuple[str, int, int]]:
    """Name, size and time of each file of the input; a case in a folder of it is no part of it."""
    data, case = data.resolve(), case.resolve()
    files = sorted(path for path in data.rglob("*") if path.is_file() and not path.is_relative_to(case))
    stats = [(str(path.relative_to(data)), path.stat()) for path in files]
    return [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]


def _results(case: Case, settings: Settings, before: str, progress: Progress) -> str:
    """Link, detect, score, look at sellers and listings, and write every result table."""
    extra, told = plugins.extra()
    key = stage_key(before, settings.as_dict(), told)
    if case.finished("results", key):
        progress.kept("linking", "communities", "judging", "findings", what="results: unchanged, kept")
        return key
    with case.stage("results", key) as files:
        case.update_manifest(plugins=told, wordings={one.name: asdict(one.wording) for one in extra.schemes})
        market = Market(case)
        rows = sum(case.table(name).select(pl.len()).collect().item() for name in case.tables())
        progress.begin("linking", f"linking {market.size('buyer'):,} buyers in {rows:,} rows")
        linked = link(market, local, settings.link, settings.gift_cards, extra.views)
        progress.begin("communities", f"looking for communities among {linked.buyers.height:,} links")
        proposed = propose(linked, local, settings.detect, settings.seed)
        linked = linked.without_pairs()  # before members are looked for, which takes as much memory again
        local.give_back()
        candidates = settle(linked, proposed, local, settings.detect)
        progress.begin("judging", f"judging {candidates.members['candidate'].n_unique():,} candidates")
        scored = score(market, linked, candidates, settings, extra)
        gifts = gift_card.judge(linked.gift_cards, market)
        del linked, candidates
        worlds = _null_worlds(market, settings, extra, progress)
        if worlds:
            scored = replace(scored, rings=calibrated(scored.rings, worlds))
        progress.begin("findings", f"looking at {market.size('seller'):,} sellers and their listings")
        found = find(case, scored.members, scored.rings, settings=settings.findings, market=market)
        files.extend(case.write_result(name, frame) for name, frame in _tables(scored, gifts, found).items())
    return key


def _null_worlds(market: Market, settings: Settings, extra: Extra, progress: Progress) -> list[pl.DataFrame]:
    """tier, score of the rings of as many null worlds as are asked for."""
    worlds = []
    for number in range(1, settings.calibrate + 1):
        progress.say(f"null world {number} of {settings.calibrate}")
        world = swapped(market, settings.seed + number)
        linked = link(world, local, settings.link, settings.gift_cards, extra.views)
        worlds.append(standing(world, linked, detect(linked, local, settings.detect, settings.seed), settings, extra))
    return worlds


def _tables(*parts: Scored | GiftCardResults | FindingSet) -> dict[str, pl.DataFrame]:
    """Result table -> its rows from every part, sorted by their keys, so that no order of work shows."""
    tables = {}
    for name, schema in RESULTS.items():
        frames = [getattr(part, name).select(schema.column_names()) for part in parts if hasattr(part, name)]
        keys = schema.primary_key() or [c for c, t in empty(name).schema.items() if t == pl.String]
        tables[name] = pl.concat([empty(name), *frames], how="vertical_relaxed").sort(keys)
    return tables


def _reports(case: Case, before: str, progress: Progress) -> str:
    """Pages and tables for people in CASE/reports; pages of rings that are no more are removed."""
    decided = case.path / dossier.DECISIONS
    key = stage_key(before, decided.read_bytes().hex() if decided.is_file() else "")
    if case.finished("reports", key):
        progress.kept("pages", what="reports: unchanged, kept")
        return key
    with case.stage("reports", key) as files:
        book = dossier.read(case, most_leads=TOLD_LEADS)
        progress.begin("pages", f"writing pages of {len(book.rings):,} rings")
        files.extend(visualise.write(case, case.reports, book=book, most_leads=LEAD_PAGES))
        files.extend(reports.write(case, case.reports, formats=("csv", "md"), book=book))
        for old in set((case.reports / "rings").glob("*.*")) - set(files):
            old.unlink()
    return key
