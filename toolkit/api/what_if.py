"""What if: the stored tests of a case, judged anew under other thresholds or without some of the evidence.

The groups are those that the run found. A full run under the same change could find other groups or other members,
and would ask fewer tests where evidence is left out; both are said with the answer.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit import plugins
from toolkit.api import html
from toolkit.config import ScoreSettings, Settings, filled
from toolkit.contracts.results import ALERT_TIERS, FAMILIES
from toolkit.errors import UsageError
from toolkit.score.identity import KINDS
from toolkit.score.model import judged, worth_keeping

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from toolkit.api.case import Case
    from toolkit.contracts.plugins import Extra

SOURCES: Final = ("retail", "employer", "seller", "unknown")
"""Sources of gift cards that can be left out; the platform's own credit never counts."""
FINDERS: Final = ("co_purchase", "co_review", "co_click", "co_voucher")
"""Views that find groups and judge none: without one, other groups would have been found."""
IDENTITY: Final = "f3_shared_attributes"


@dataclass(frozen=True, repr=False)
class WhatIf:
    """The answer.

    Attributes:
        asked: What was changed, in words.
        rings: Every ring under the change, with tier and score; `scheme` as it would be named.
        changes: What differs: `change` is appears, gone, alert, lead, tier, scheme, evidence or score.
        notes: What the answer does not cover.
    """

    asked: str
    rings: pl.DataFrame
    changes: pl.DataFrame
    notes: tuple[str, ...]

    @property
    def alerts(self) -> pl.DataFrame:
        """Rings that would be alerts."""
        return self.rings.filter(pl.col("tier").is_in(ALERT_TIERS))

    @property
    def _said(self) -> str:
        counts = self.changes.group_by("change").len().sort("change")
        told = ", ".join(f"{count} {change}" for change, count in counts.iter_rows()) or "nothing changes"
        return f"what if {self.asked}: {self.alerts.height} alerts; {told}"

    def __repr__(self) -> str:
        return "\n".join((f"<{html.plain(self._said)}>", *self.notes))

    def _repr_html_(self) -> str:
        parts = [html.heading(self._said), html.table(self.changes.columns, self.changes.iter_rows())]
        return html.card(*parts, *(html.paragraph(note) for note in self.notes))


def asked(case: Case, config: Mapping[str, Any], score: Mapping[str, float], without: Sequence[str]) -> WhatIf:
    """The answer to a change of settings, evidence left out, or both."""
    if case.candidates.height == 0 and case.rings.height > 0:
        todo = "investigate the same input again into this folder"
        raise UsageError("this case was made before its tests were kept", where=str(case.path), todo=todo)
    before, extra = case.settings, _extra(case)
    after = _changed(before, config, score)
    tests = _without(case.tests, without)
    rings = _judged(tests, case.candidates, after.score, extra)
    now = _judged(_without(case.tests, ()), case.candidates, before.score, extra)
    words = [
        f"{name} = {value}" for name, value in after.score.__dict__.items() if value != getattr(before.score, name)
    ]
    words += [f"without {name}" for name in without]
    notes: tuple[str, ...] = (
        ("The groups are those that the run found; a full run could find others.",) if words else ()
    )
    if without:
        notes += ("Tests that are left out stay paid for, so the others speak no louder than they did.",)
    return WhatIf(", ".join(words) or "nothing is changed", rings, _differences(now, rings), notes)


def _extra(case: Case) -> Extra:
    """Tests and schemes of the plug-ins that the case was made with."""
    extra, told = plugins.extra()
    if told != case.manifest.get("plugins", told):
        todo = "install the plug-ins that manifest.json names, or investigate again"
        raise UsageError("this case was made with other plug-ins", where=str(case.path), todo=todo)
    return extra


def _changed(before: Settings, config: Mapping[str, Any], score: Mapping[str, float]) -> Settings:
    """The settings after the change; only those of the judgement may differ."""
    known = [item.name for item in fields(ScoreSettings)]
    for name in score:
        if name not in known:
            _refuse_setting(name, known)
    given = {**before.as_dict(), **{name: value for name, value in config.items() if not isinstance(value, dict)}}
    for section, values in config.items():
        if isinstance(values, dict):
            given[section] = {**given.get(section, {}), **values}
    given["score"] = {**given["score"], **score}
    after = filled(given, where="what_if")
    differing = [item.name for item in fields(Settings) if getattr(after, item.name) != getattr(before, item.name)]
    for section in differing:
        if section != "score":
            _refuse_section(section, config[section])
    return after


def _refuse_setting(name: str, known: list[str]) -> None:
    sections = {item.name: getattr(Settings(), item.name) for item in fields(Settings)}
    home = next((section for section, values in sections.items() if hasattr(values, name)), None)
    if home is not None:
        _refuse_section(home, {name: "..."})
    near = difflib.get_close_matches(name, known, 1)
    todo = f"did you mean {near[0]}?" if near else f"it takes: {', '.join(known)}"
    raise UsageError(f"there is no threshold {name[:40]!r}", where="what_if", todo=todo)


def _refuse_section(section: str, value: Any) -> None:
    """Say which run answers a change of how groups are found, or of what is found about sellers."""
    lines = f"[{section}] " + "; ".join(f"{k} = {v}" for k, v in value.items()) if isinstance(value, dict) else section
    raise UsageError(
        f"what {section} changes can't be answered from what the run kept: other groups would be found",
        where=lines,
        todo="put it into other.toml, ringscope investigate DATA --out OTHER --config other.toml, then case.compare",
    )


def _without(tests: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The tests that remain when these names are not believed."""
    attributes = [name for name in names if name in KINDS]
    kept = tests.filter(pl.col("without").is_null())
    if attributes:
        kept = _less_attributes(tests, kept, attributes)
    for name in names:
        if name not in attributes:
            kept = kept.filter(~_named(kept, tests, name))
    return kept


def _less_attributes(tests: pl.DataFrame, kept: pl.DataFrame, attributes: Sequence[str]) -> pl.DataFrame:
    """The test of shared attributes without one kind; it was kept without each alone, and not without two."""
    if len(attributes) > 1:
        todo = f"leave out one kind, or the whole test: without={IDENTITY!r}"
        raise UsageError("shared attributes were kept without one kind at a time", where="what_if", todo=todo)
    return pl.concat([kept.filter(pl.col("test") != IDENTITY), tests.filter(pl.col("without") == attributes[0])])


def _named(kept: pl.DataFrame, tests: pl.DataFrame, name: str) -> pl.Expr:
    """Which tests a name means."""
    kinds = tests["kind"].drop_nulls().unique().to_list()
    if name in FAMILIES:
        return pl.col("family") == name
    if name in SOURCES:
        return _of_source(kept, name)
    if name in tests["test"]:
        return pl.col("test") == name
    if name in kinds:
        return pl.col("kind") == name
    if name in FINDERS:
        todo = "without= takes families, tests, kinds of tokens, attributes and sources of gift cards"
        raise UsageError(f"{name} finds groups and judges none: without it, others would be found", todo=todo)
    known = sorted({*FAMILIES, *SOURCES, *KINDS, *kinds, *tests["test"].unique()})
    near = difflib.get_close_matches(name, known, 3)
    todo = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(known)}"
    raise UsageError(f"nothing is called {name[:40]!r} in this case", where="what_if(without=...)", todo=todo)


def _of_source(kept: pl.DataFrame, name: str) -> pl.Expr:
    """Gift-card tests that rest on cards of one source alone; those on several sources can't be taken apart."""
    mixed = kept.filter(pl.col("sources").list.contains(name) & (pl.col("sources").list.len() > 1))
    if mixed.height:
        todo = "take those cards out of the input, investigate into another folder, then case.compare"
        where = f"rings {', '.join(mixed['ring_id'].unique().sort().head(3))}"
        raise UsageError(f"some counts rest on {name} cards and others together", where=where, todo=todo)
    return pl.col("sources").list.contains(name).fill_null(value=False)


def _judged(tests: pl.DataFrame, candidates: pl.DataFrame, settings: ScoreSettings, extra: Extra) -> pl.DataFrame:
    """ring_id, tier, score, scheme, families, n_members of every ring: the judgement of the run, on what it kept."""
    sizes = candidates.select("size", "actors", "origin", candidate="ring_id")
    rings = worth_keeping(judged(tests.rename({"ring_id": "candidate"}), sizes, settings, extra), settings)
    told = rings.rename({"candidate": "ring_id", "size": "n_members"})
    score = pl.col("score").round_sig_figs(9)
    return told.select("ring_id", "tier", score, "scheme", "families", "n_members").sort("ring_id")


def _differences(now: pl.DataFrame, then: pl.DataFrame) -> pl.DataFrame:
    both = now.join(then, on="ring_id", how="full", coalesce=True, suffix="_after")
    was, becomes = (pl.col(name).is_in(ALERT_TIERS).fill_null(value=False) for name in ("tier", "tier_after"))
    change = (
        pl.when(pl.col("tier").is_null()).then(pl.lit("appears"))
        .when(pl.col("tier_after").is_null()).then(pl.lit("gone"))
        .when(~was & becomes).then(pl.lit("alert"))
        .when(was & ~becomes).then(pl.lit("lead"))
        .when(pl.col("tier") != pl.col("tier_after")).then(pl.lit("tier"))
        .when(pl.col("scheme") != pl.col("scheme_after")).then(pl.lit("scheme"))
        .when(pl.col("families") != pl.col("families_after")).then(pl.lit("evidence"))
        .when(pl.col("score") != pl.col("score_after")).then(pl.lit("score"))
    )  # fmt: skip
    told = both.select(
        "ring_id",
        change=change,
        n_members=pl.coalesce("n_members", "n_members_after"),
        tier_before="tier",
        tier_after="tier_after",
        score_before="score",
        score_after="score_after",
        scheme_before="scheme",
        scheme_after="scheme_after",
        families_lost=pl.col("families").list.set_difference(pl.col("families_after").fill_null([])),
    )
    return told.drop_nulls("change").sort("change", "ring_id")
