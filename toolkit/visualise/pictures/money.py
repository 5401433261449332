"""Money by seller: an area a currency, a bar a seller and kind. Nothing is converted, and no two kinds are added."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from toolkit.contracts.currency import spoken
from toolkit.contracts.results import ALERT_TIERS
from toolkit.visualise.pictures.canvas import Picture, beside, colour, label, legend, nothing, sheet, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from toolkit.contracts.report import Book

MOST: Final = 8
"""Sellers drawn in one currency, those with most money first."""
_KINDS: Final = {
    "order_value": ("order value", colour("buyer"), ""),
    "discount": ("discount granted", colour("listing"), "////"),
    "subsidy": ("subsidy paid by the platform", colour("address"), "...."),
    "refund": ("refunded", colour("payment"), "xxxx"),
    "gift_card_redeemed": ("gift cards redeemed", colour("gift_card_value"), "\\\\\\\\"),
}
"""Kind -> name, colour and hatch: a kind is told by more than its colour."""
_OTHER: Final = ("", colour("other"), "oo")


@dataclass
class _Sum:
    """Exact amount and number of input rows."""

    amount: Decimal = field(default_factory=Decimal)
    rows: int = 0


Sums = dict[tuple[str, ...], dict[str, _Sum]]
"""Sellers of a ring -> kind -> sum, in one currency."""


def money(book: Book, *, tiers: Sequence[str] = ALERT_TIERS) -> Picture:
    """What the rings of a case moved, by the sellers of their targets.

    A ring that works for several sellers is drawn once, under all of them together.

    Args:
        book: The case, or a part of it.
        tiers: Rings of these tiers; the alerts, unless said otherwise.
    """
    title = "Money of the rings, by seller of their targets"
    by_currency = _sums(book, tiers)
    if not by_currency:
        return nothing(title, f"no ring of tier {' or '.join(tiers)} has an amount.")
    words = " ".join(_told(currency, sums) for currency, sums in by_currency.items())
    note = (
        "Each currency has its own scale. Kinds overlap (a subsidy is part of a discount, a discount of an order), so "
        f"they are not added. A row that two rings share counts in both. At most {MOST} sellers a currency are drawn."
    )
    shown = {currency: _largest(sums) for currency, sums in by_currency.items()}
    bars = [sum(len(kinds) for kinds in sums.values()) for sums in shown.values()]
    with style():
        high = 1.8 + sum(0.75 + 0.24 * count for count in bars)
        figure, areas = sheet(title, note, wide=10.0, high=high, shares=[0.75 + 0.24 * count for count in bars])
        for axes, (currency, sums) in zip(areas, shown.items(), strict=True):
            _area(axes, currency, sums)
        _key(areas[0], shown)
    return Picture(figure, title, words)


def _sums(book: Book, tiers: Sequence[str]) -> dict[str, Sums]:
    """Currency -> sums, by the set of sellers that a ring works for."""
    found: defaultdict[str, Sums] = defaultdict(dict)
    for ring in book.rings:
        for one in ring.money if ring.tier in tiers else ():
            kept = found[one.currency].setdefault(ring.sellers, {}).setdefault(one.kind, _Sum())
            kept.amount += one.amount
            kept.rows += one.rows
    return dict(sorted(found.items()))


def _largest(sums: Sums) -> Sums:
    most = {sellers: max(one.amount for one in kinds.values()) for sellers, kinds in sums.items()}
    chosen = sorted(sums, key=lambda sellers: (-most[sellers], sellers))[:MOST]
    return {sellers: sums[sellers] for sellers in chosen}


def _told(currency: str, sums: Sums) -> str:
    """The largest sums of a currency in words, for whoever can't see the picture."""
    lines = [
        f"{_named(sellers)}: "
        + ", ".join(f"{_look(kind)[0]} {spoken(one.amount, currency)}" for kind, one in kinds.items())
        for sellers, kinds in _largest(sums).items()
    ]
    return "; ".join(lines) + "."


def _named(sellers: tuple[str, ...]) -> str:
    if not sellers:
        return "no seller known"
    shown = " + ".join(label(one, 14) for one in sellers[:2])
    return shown if len(sellers) < 3 else f"{shown} + {len(sellers) - 2} more"


def _look(kind: str) -> tuple[str, str, str]:
    return _KINDS.get(kind, (label(kind.replace("_", " ")), *_OTHER[1:]))


def _ordered(kinds: dict[str, _Sum]) -> list[str]:
    places = list(_KINDS)
    return sorted(kinds, key=lambda kind: (places.index(kind) if kind in places else len(places), kind))


def _area(axes: Axes, currency: str, sums: Sums) -> None:
    lines = [(sellers, kind, sums[sellers][kind]) for sellers in sums for kind in _ordered(sums[sellers])]
    for row, (_, kind, one) in enumerate(lines):
        _, ink, hatch = _look(kind)
        axes.barh(row, float(one.amount), 0.7, color=ink, edgecolor="white", linewidth=0.0, hatch=hatch)
        rows = "1 row" if one.rows == 1 else f"{one.rows:,} rows"
        beside(axes, float(one.amount), row, f"{spoken(one.amount, label(currency, 12))}, {rows}")
    firsts = [row for row, line in enumerate(lines) if row == 0 or line[0] != lines[row - 1][0]]
    axes.set_yticks(firsts, [_named(lines[row][0]) for row in firsts], fontsize=8)
    axes.hlines(
        [row - 0.5 for row in firsts[1:]], 0, 1, transform=axes.get_yaxis_transform(), colors="#d5dae0", linewidth=0.6
    )
    axes.set_ylim(len(lines) - 0.4, -0.6)
    axes.set_xlim(0.0, max(float(one.amount) for *_, one in lines) * 1.36 or 1.0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.locator_params(axis="x", nbins=6)
    axes.set_xlabel(label(currency, 12))
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)


def _key(axes: Axes, shown: dict[str, Sums]) -> None:
    """Every kind that is drawn in some area, named once."""
    there = {kind: _Sum() for sums in shown.values() for kinds in sums.values() for kind in kinds}
    for kind in _ordered(there):
        name, ink, hatch = _look(kind)
        axes.barh([0], [0.0], color=ink, edgecolor="white", linewidth=0.0, hatch=hatch, label=name)
    legend(axes, columns=5)
