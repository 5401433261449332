"""Why two accounts are linked: everything that both hold or did, how rare each is, and who stands between them.

Null: two accounts as active as these, whose values are drawn as the market holds them. They share on average
k_a k_b sum(h (h - 1)) / (M (M - 1)) values of a kind, over the values with h holders, M holdings in all; a value is as
surprising as sharing any value that is held by as few. Neighbours of one region share more than that: what stands under
`links` are the run's own statistics, which allow for regions, seasons and crowds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
from scipy import stats

from toolkit.api import html
from toolkit.config import DAY
from toolkit.contracts.wording import counted
from toolkit.errors import UsageError
from toolkit.link.innocent import arranged
from toolkit.link.marks import topped_up
from toolkit.link.regions import regions
from toolkit.link.tokens import ATTRIBUTES, kinds

if TYPE_CHECKING:
    from toolkit.api.case import Case
    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market

PATHS: Final = pl.Schema(
    {
        "kind": pl.String(),
        "value": pl.String(),
        "holders": pl.Int64(),
        "expected": pl.Float64(),
        "p_value": pl.Float64(),
        "surprise": pl.Float64(),
        "left_at": pl.Datetime("us", "UTC"),
        "right_at": pl.Datetime("us", "UTC"),
        "days_apart": pl.Float64(),
    }
)
STATISTICS: Final = pl.Schema(
    {
        "kind": pl.String(),
        "observed": pl.Int64(),
        "expected": pl.Float64(),
        "p_value": pl.Float64(),
        "surprise": pl.Float64(),
    }
)
_VIA: Final = pl.Schema(
    {
        "first_kind": pl.String(),
        "first_value": pl.String(),
        "third": pl.String(),
        "second_kind": pl.String(),
        "second_value": pl.String(),
    }
)


@dataclass(frozen=True, repr=False)
class Why:
    """What links two accounts.

    Attributes:
        left: One account.
        right: The other.
        paths: Every value that both hold: its holders, how many as rare ones two such accounts share by chance
            (`expected`), the chance of any (`p_value`, and `surprise`, its -log10), and when each was first seen on it.
        statistics: By kind, how many values both hold and how many chance would give; `third accounts` counts accounts
            that share a rare attribute with each of the two.
        via: The paths over a third account.
        links: What the run measured of the pair, by view; it keeps links between members of one ring.
        rings: Rings that both are members of.
    """

    left: str
    right: str
    paths: pl.DataFrame
    statistics: pl.DataFrame
    via: pl.DataFrame
    links: pl.DataFrame
    rings: pl.DataFrame

    @property
    def _said(self) -> str:
        least = "" if self.paths.height == 0 else f", the rarest: {self.paths['kind'][0]} {self.paths['value'][0]}"
        found = (
            f"{counted(self.paths.height, 'shared value')}{least}",
            f"{counted(self.via.height, 'path')} over a third account",
            f"{counted(self.links.height, 'link')} of the run",
            counted(self.rings.height, "common ring"),
        )
        return f"{self.left} and {self.right}: {'; '.join(found)}"

    def __repr__(self) -> str:
        return f"<why {html.plain(self._said)}>"

    def _repr_html_(self) -> str:
        parts = [html.heading(self._said)]
        for name in ("statistics", "paths", "links", "rings", "via"):
            frame: pl.DataFrame = getattr(self, name)
            if frame.height:
                more = f" (the first 15 of {frame.height})" if frame.height > 15 else ""
                parts.append(html.heading(name + more))
                parts.append(html.table(frame.columns, frame.head(15).iter_rows()))
        caution = (
            "A p-value is that of its line alone, and no probability of guilt; people who live together share much."
        )
        return html.card(*parts, html.paragraph(caution))


def linked(case: Case, market: Market, left: str, right: str) -> Why:
    """Everything that links two accounts of a case."""
    a, b = _codes(market, left, right)
    tokens = kinds(market, arranged(market), regions(market), case.settings.link, topped_up(market))
    found = [_of_kind(kind, market, a, b) for kind in tokens.values()]
    paths = pl.concat([pl.DataFrame(schema=PATHS), *(shared for shared, _ in found)])
    third, via = _third(tokens, market, (a, b), case.settings.link.hub)
    told = pl.DataFrame([*(line for _, line in found if line), third], schema=STATISTICS, orient="row")
    ends = sorted((left, right))
    both = case.members.filter(pl.col("buyer_id").is_in(ends)).join(case.rings, on="ring_id", suffix="_ring")
    common = both.filter(pl.len().over("ring_id") == 2).select("ring_id", "tier", "scheme", "summary").unique()
    return Why(
        left,
        right,
        paths.sort("surprise", "kind", "value", descending=[True, False, False]),
        told.sort("surprise", "kind", descending=[True, False]),
        via,
        case.links.filter((pl.col("left") == ends[0]) & (pl.col("right") == ends[1])),
        common.sort("ring_id"),
    )


def _codes(market: Market, left: str, right: str) -> tuple[int, int]:
    if left == right:
        raise UsageError("these are one account", where=str(left)[:80], todo="name two accounts")
    codes = market.encode("buyer", pl.Series([left, right], dtype=pl.String))
    for name, code in zip((left, right), codes, strict=True):
        if code is None:
            known = market.ids("buyer")
            near = known[max(0, int(known.search_sorted(name)) - 1) :].head(3)
            todo = f"nearest by name: {', '.join(near)[:120]}"
            raise UsageError(f"no buyer of that id: {html.plain(name)[:80]}", todo=todo)
    return int(codes[0]), int(codes[1])


def _of_kind(kind: TokenKind, market: Market, a: int, b: int) -> tuple[pl.DataFrame, tuple[Any, ...] | None]:
    """Values of one kind that both hold, and the count of them; nothing where one of them holds none."""
    held = kind.frame.select("token", "buyer", "at").sort("token", "buyer", "at")
    held = held.unique(["token", "buyer"], keep="first", maintain_order=True)
    ours = held.filter(pl.col("buyer").is_in([a, b]))
    k = ours.group_by("buyer").len()["len"].to_list()
    if len(k) < 2:
        return pl.DataFrame(schema=PATHS), None
    sizes = held.group_by("token").agg(holders=pl.len().cast(pl.Int64)).sort("holders")
    total = float(held.height)
    h = sizes["holders"].to_numpy().astype(np.float64)
    upto = np.cumsum(k[0] * k[1] * h * (h - 1) / max(total * (total - 1), 1.0))
    last = np.searchsorted(h, h, "right") - 1  # all values that are held by as few
    sizes = sizes.with_columns(expected=pl.Series(upto[last]))
    sides = [ours.filter(pl.col("buyer") == code).select("token", "at") for code in (a, b)]
    shared = sides[0].join(sides[1], on="token", suffix="_right").join(sizes, on="token")
    return _paths(kind, market, shared), _line(kind.name, shared.height, float(upto[-1]))


def _named(kind: TokenKind, market: Market, tokens: pl.Series) -> pl.Series:
    """What a token is called: a day, the number of a text (its words stay in the input), or an id."""
    if kind.anchor == "day":
        return tokens.cast(pl.Int32).cast(pl.Date).cast(pl.String)
    return tokens.cast(pl.String) if kind.anchor == "text" else market.decode(kind.anchor, kind.codes(tokens))


def _paths(kind: TokenKind, market: Market, shared: pl.DataFrame) -> pl.DataFrame:
    p = -np.expm1(-shared["expected"].to_numpy())
    told = shared.with_columns(
        kind=pl.lit(kind.name),
        value=_named(kind, market, shared["token"]),
        p_value=pl.Series(p),
        surprise=pl.Series(-np.log10(np.maximum(p, 1e-300))),
        days_apart=pl.when(pl.lit(kind.timed)).then((pl.col("at") - pl.col("at_right")).abs() / DAY),
        left_at=_instant("at", timed=kind.timed),
        right_at=_instant("at_right", timed=kind.timed),
    )
    return told.select(list(PATHS)).cast(PATHS)


def _instant(column: str, *, timed: bool) -> pl.Expr:
    at = pl.from_epoch(column, time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return pl.when(pl.lit(timed)).then(at)


def _line(name: str, observed: int, expected: float) -> tuple[Any, ...]:
    """Kind, count, expected count, Poisson tail."""
    tail = float(stats.poisson.logsf(observed - 1, expected)) if observed else 0.0
    return name, observed, expected, max(float(np.exp(tail)), 1e-300), max(-tail / float(np.log(10)), 0.0) + 0.0


def _third(
    tokens: dict[str, TokenKind], market: Market, pair: tuple[int, int], hub: int
) -> tuple[tuple[Any, ...], pl.DataFrame]:
    """Accounts that share a rare attribute with each of the two: their count against chance, and the paths."""
    held = [tokens[name].frame.select("token", "buyer", kind=pl.lit(name)) for name in ATTRIBUTES if name in tokens]
    every = pl.concat([pl.DataFrame(schema={"token": pl.UInt32, "buyer": pl.UInt32, "kind": pl.String}), *held])
    rare = every.unique().filter(pl.len().over("kind", "token") <= hub)
    near = [_around(rare, code, pair) for code in pair]
    paths = near[0].join(near[1], on="buyer", suffix="_second")
    paths = paths.filter((pl.col("kind") != pl.col("kind_second")) | (pl.col("token") != pl.col("token_second")))
    around = [frame["buyer"].n_unique() for frame in near]
    expected = around[0] * around[1] / max(market.size("buyer") - 2, 1)
    rows = [
        (kind, market.decode(kind, [token])[0], market.decode("buyer", [buyer])[0], two, market.decode(two, [other])[0])
        for kind, token, buyer, two, other in paths.select(
            "kind", "token", "buyer", "kind_second", "token_second"
        ).iter_rows()
    ]
    via = pl.DataFrame(rows, schema=_VIA, orient="row").sort(list(_VIA))
    return _line("third accounts", paths["buyer"].n_unique(), expected), via


def _around(rare: pl.DataFrame, code: int, pair: tuple[int, int]) -> pl.DataFrame:
    """kind, token, buyer: who else holds a rare attribute of this account."""
    own = rare.filter(pl.col("buyer") == code).select("kind", "token")
    return rare.join(own, on=["kind", "token"], how="semi").filter(~pl.col("buyer").is_in(list(pair)))
