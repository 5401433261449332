"""Two cases side by side: which rings are in both, by their members; which settings and input differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit.api import html
from toolkit.contracts.results import ALERT_TIERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from toolkit.api.case import Case

SAME: Final = 0.5
"""Share of all members of two rings that are in both (Jaccard), from which on the two are one, as for decisions."""
_COLUMNS: Final = ("ring_id", "tier", "scheme", "score", "n_members")


@dataclass(frozen=True, repr=False)
class Comparison:
    """What differs between a case and another one, taken as the later.

    Attributes:
        rings: One row a ring of either: `change` is same, changed, appeared or gone; `overlap` of the members of both;
            the columns with `_other` are the other case's.
        settings: Settings that differ: name, here, there.
        inputs: Tables whose rows differ: table, here, there (rows kept).
    """

    rings: pl.DataFrame
    settings: pl.DataFrame
    inputs: pl.DataFrame

    @property
    def alerts(self) -> pl.DataFrame:
        """Rings that are an alert in one of the two and not in the other."""
        here, there = (pl.col(name).is_in(ALERT_TIERS).fill_null(value=False) for name in ("tier", "tier_other"))
        return self.rings.filter(here != there)

    @property
    def _said(self) -> str:
        counts = ", ".join(
            f"{count} {name}" for name, count in self.rings.group_by("change").len().sort("change").rows()
        )
        return f"rings: {counts or 'none'}; {self.settings.height} settings and {self.inputs.height} tables differ"

    def __repr__(self) -> str:
        return f"<comparison {self._said}>"

    def _repr_html_(self) -> str:
        differing = self.rings.filter(pl.col("change") != "same")
        parts = [html.heading(self._said)]
        told = [frame for frame in (differing, self.settings, self.inputs) if frame.height]
        parts.extend(html.table(frame.columns, frame.head(20).iter_rows()) for frame in told)
        return html.card(*parts)


def compared(here: Case, there: Case) -> Comparison:
    """The comparison of two cases."""
    settings = [dict(_flat(case.manifest.get("settings", {}))) for case in (here, there)]
    rows = [{one["table"]: one["rows_kept"] for one in _tables(case)} for case in (here, there)]
    return Comparison(_rings(here, there), _different("setting", *settings), _different("table", *rows))


def _rings(here: Case, there: Case) -> pl.DataFrame:
    pairs = _pairs(here.members, there.members)
    mine, theirs = here.rings.select(_COLUMNS), there.rings.select(_COLUMNS).rename({c: f"{c}_other" for c in _COLUMNS})
    both = mine.join(pairs, on="ring_id").join(theirs, on="ring_id_other")
    same = (
        (pl.col("tier") == pl.col("tier_other"))
        & (pl.col("overlap") == 1)
        & (pl.col("scheme") == pl.col("scheme_other"))
    )
    both = both.with_columns(change=pl.when(same).then(pl.lit("same")).otherwise(pl.lit("changed")))
    gone = mine.join(pairs, on="ring_id", how="anti").with_columns(change=pl.lit("gone"))
    new = theirs.join(pairs, on="ring_id_other", how="anti").with_columns(change=pl.lit("appeared"))
    every = pl.concat([both, gone, new], how="diagonal")
    first = ("change", "ring_id", "ring_id_other", "overlap")
    return every.select(*first, pl.all().exclude(first)).sort("change", "ring_id", "ring_id_other", nulls_last=True)


def _pairs(here: pl.DataFrame, there: pl.DataFrame) -> pl.DataFrame:
    """ring_id, ring_id_other, overlap: each ring with the other case's ring that it shares most members with."""
    sides = [frame.select("ring_id", "buyer_id").with_columns(size=pl.len().over("ring_id")) for frame in (here, there)]
    common = sides[0].join(sides[1], on="buyer_id", suffix="_other").group_by("ring_id", "ring_id_other").agg(
        both=pl.len(), size=pl.col("size").first(), size_other=pl.col("size_other").first()
    )  # fmt: skip
    jaccard = pl.col("both") / (pl.col("size").cast(pl.Int64) + pl.col("size_other") - pl.col("both"))
    close = common.with_columns(overlap=jaccard).filter(pl.col("overlap") >= SAME)
    ranked = close.sort("overlap", "ring_id", "ring_id_other", descending=[True, False, False])
    once = ranked.unique("ring_id", keep="first", maintain_order=True)
    return once.unique("ring_id_other", keep="first", maintain_order=True).select("ring_id", "ring_id_other", "overlap")


def _tables(case: Case) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = case.manifest.get("inputs", {}).get("tables", [])
    return listed


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _different(what: str, here: Mapping[str, Any], there: Mapping[str, Any]) -> pl.DataFrame:
    names = sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))
    rows = [(name, str(here.get(name, "")), str(there.get(name, ""))) for name in names]
    return pl.DataFrame(rows, schema={what: pl.String, "here": pl.String, "there": pl.String}, orient="row")
