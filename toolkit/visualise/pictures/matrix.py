"""Buyers by listings: who of a ring ordered and reviewed which of its targets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from toolkit.visualise.pictures.canvas import LINE, Picture, colour, label, legend, nothing, sheet, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toolkit.contracts.report import Dossier

MOST_BUYERS: Final = 60
MOST_LISTINGS: Final = 30
"""Rows and columns that stay readable on one page."""
_HALVES: Final = {"orders": ("ordered", colour("buyer"), -0.44), "reviews": ("reviewed", colour("listing"), 0.0)}
"""Table -> name, colour, left edge in a cell that is 1 wide: orders fill its left half, reviews its right one."""
_HALF: Final = 0.42


def matrix(ring: Dossier) -> Picture:
    """A cell a member and target: its left half is filled where the member ordered, its right one where it reviewed.

    Without targets, the listings on which most members acted are drawn.
    """
    title = f"Which members of ring {label(ring.ring_id)} acted on which listings"
    counts = _counts(ring)
    listings = _listings(ring, counts)
    if not counts or not listings:
        return nothing(title, "no order or review of a member is known.")
    reach = Counter(dict.fromkeys((one.buyer_id for one in ring.members), 0))
    reach.update(buyer for buyer, _ in {(buyer, listing) for _, buyer, listing in counts if listing in listings})
    buyers = sorted(reach, key=lambda buyer: (-reach[buyer], buyer))
    shown, columns = buyers[:MOST_BUYERS], listings[:MOST_LISTINGS]
    filled = sum(reach.values())
    words = f"{filled} of the {len(buyers)} by {len(listings)} pairs of member and listing have an act."
    note = f"{words} A number is how many times, where it is more than once." + _left(buyers, listings)
    with style():
        wide = max(6.5, 2.4 + 0.42 * len(columns))
        figure, (axes,) = sheet(title, note, wide=wide, high=2.3 + 0.19 * len(shown))
        _cells(
            axes, counts, {name: row for row, name in enumerate(shown)}, {name: at for at, name in enumerate(columns)}
        )
        _frame(axes, ring, shown, columns)
        legend(axes)
    return Picture(figure, title, words)


def _counts(ring: Dossier) -> Counter[tuple[str, str, str]]:
    """Table, member, listing -> how many acts."""
    members = {one.buyer_id for one in ring.members}
    return Counter(
        (event.table, event.buyer_id, event.thing_id)
        for event in ring.events
        if event.table in _HALVES
        and event.buyer_id in members
        and event.thing_id is not None
        and event.buyer_id is not None
    )


def _listings(ring: Dossier, counts: Counter[tuple[str, str, str]]) -> list[str]:
    """Targets, those of most members first; where there are none, the listings of two members or more."""
    if ring.targets:
        return [one.listing_id for one in sorted(ring.targets, key=lambda one: (-one.members, one.listing_id))]
    fans = Counter(listing for _, listing in {(buyer, listing) for _, buyer, listing in counts})
    return sorted((one for one, members in fans.items() if members > 1), key=lambda one: (-fans[one], one))


def _left(buyers: list[str], listings: list[str]) -> str:
    """What had no room, in words."""
    left = [(len(buyers) - MOST_BUYERS, "members"), (len(listings) - MOST_LISTINGS, "listings")]
    told = [f"{count} {name}" for count, name in left if count > 0]
    return f" Not drawn: {' and '.join(told)}." if told else ""


def _cells(axes: Axes, counts: Counter[tuple[str, str, str]], rows: dict[str, int], columns: dict[str, int]) -> None:
    for table, (name, ink, left) in _HALVES.items():
        cells = [
            (rows[buyer], columns[listing] + left, count)
            for (of, buyer, listing), count in sorted(counts.items())
            if of == table and buyer in rows and listing in columns
        ]
        if not cells:
            continue
        heights, edges, times = zip(*cells, strict=True)
        axes.barh(heights, _HALF, 0.84, left=edges, color=ink, label=name)
        for row, edge, count in zip(heights, edges, times, strict=True):
            if count > 1:
                axes.text(edge + _HALF / 2, row, str(count), ha="center", va="center", fontsize=6, color="white")


def _frame(axes: Axes, ring: Dossier, rows: list[str], columns: list[str]) -> None:
    helpers = {one.buyer_id for one in ring.members if one.role == "associate"}
    names = [f"{label(buyer)} (associate)" if buyer in helpers else label(buyer) for buyer in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=7.5)
    axes.set_xticks(range(len(columns)), [label(one) for one in columns], fontsize=7.5, rotation=60, ha="right",
                    rotation_mode="anchor")  # fmt: skip
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks([edge + 0.5 for edge in range(len(columns) - 1)], minor=True)
    axes.set_yticks([edge + 0.5 for edge in range(len(rows) - 1)], minor=True)
    axes.grid(which="minor", color=LINE, linewidth=0.5)
    axes.tick_params(which="both", length=0)
