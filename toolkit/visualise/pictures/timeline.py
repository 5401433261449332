"""A ring over time: a row a member, a mark an act; each kind of act has its own shape, colour and height in the row."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Final

from toolkit.visualise.pictures.canvas import FAINT, Picture, colour, label, legend, nothing, sheet, style

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from matplotlib.axes import Axes

    from toolkit.contracts.report import Dossier, Event

BEFORE: Final = 30
AFTER: Final = 45
"""Days around a ring's own time that are drawn: one lone act a year earlier would press all others into a line."""
MOST: Final = 60
"""Members with a row of their own; a longer picture fits no page."""
_MARKS: Final = {
    "orders": ("order", "o", colour("buyer"), -0.22, 18.0),
    "reviews": ("review", "s", colour("listing"), 0.0, 15.0),
    "redemptions": ("gift card redeemed", "D", colour("gift_card_value"), 0.22, 14.0),
    "transfers": ("money received", "^", colour("payment"), 0.22, 20.0),
    "messages": ("message", "x", colour("other"), 0.0, 16.0),
    "clicks": ("click", "|", FAINT, -0.38, 9.0),
}
"""Table -> name, mark, colour, height in the row (down is plus), size in square points."""


def timeline(ring: Dossier) -> Picture:
    """What each member did and when: those who began first are above."""
    title = f"What the members of ring {label(ring.ring_id)} did, and when"
    acts, outside = _by_member(ring)
    if not acts:
        return nothing(title, "no dated act of a member is known.")
    shown = dict(list(acts.items())[:MOST])
    count = sum(len(events) for events in acts.values())
    words = f"{count} acts of {len(acts)} of {len(ring.members)} members."
    if outside:
        words += f" {outside} acts lie more than {BEFORE} days before or {AFTER} days after the ring's own time."
    if len(acts) > len(shown):
        words += f" Rows are drawn for the first {len(shown)} of them."
    note = f"{words} Acts on targets, gift cards, and whatever the evidence cites. Times are UTC."
    with style():
        figure, (axes,) = sheet(title, note, wide=10.0, high=2.1 + 0.2 * len(shown))
        _marks(axes, list(shown.values()))
        _changes(axes, ring)
        _rows(axes, [label(buyer) for buyer in shown])
        _days(axes)
        legend(axes)
    return Picture(figure, title, words)


def _by_member(ring: Dossier) -> tuple[dict[str, list[Event]], int]:
    """Member -> acts in the time that is drawn, in order of the first one; and how many acts lie outside of it."""
    members = {one.buyer_id for one in ring.members}
    acts: defaultdict[str, list[Event]] = defaultdict(list)
    outside = 0
    for event in ring.events:
        if event.buyer_id is None or event.buyer_id not in members or event.table not in _MARKS:
            continue
        if _near(ring, event.at):
            acts[event.buyer_id].append(event)
        else:
            outside += 1
    return dict(sorted(acts.items(), key=lambda item: (min(event.at for event in item[1]), item[0]))), outside


def _near(ring: Dossier, at: datetime) -> bool:
    """Whether a time is the ring's own or close to it; a ring without dates is near to everything."""
    early = ring.first_at is not None and at < ring.first_at - timedelta(days=BEFORE)
    late = ring.last_at is not None and at > ring.last_at + timedelta(days=AFTER)
    return not early and not late


def _marks(axes: Axes, rows: list[list[Event]]) -> None:
    for table, (name, mark, ink, height, size) in _MARKS.items():
        places = [
            (event.at, row + height) for row, events in enumerate(rows) for event in events if event.table == table
        ]
        if places:
            times, heights = zip(*places, strict=True)
            # Numbers, not datetimes: a scatter of one instant twice would ask the dates for a range of their own.
            axes.scatter(_numbers(times), heights, s=size, marker=mark, color=ink, linewidths=1.0, label=name)


def _numbers(times: Iterable[datetime]) -> list[float]:
    """Days since 1970, which is how the library counts dates."""
    return [at.timestamp() / 86_400.0 for at in times]


def _changes(axes: Axes, ring: Dossier) -> None:
    """Category changes of targets as lines through all rows."""
    changes = [event.at for event in ring.events if event.table == "category_changes" and _near(ring, event.at)]
    for number, at in enumerate(_numbers(changes)):
        name = "a target changes its category" if number == 0 else None
        axes.axvline(at, color=colour("device"), linestyle=(0, (4, 2)), linewidth=1.0, label=name, zorder=0.5)


def _rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names, fontsize=7.5)
    axes.set_ylim(len(names) - 0.4, -0.6)
    edges = [row + 0.5 for row in range(len(names) - 1)]
    axes.hlines(edges, 0, 1, transform=axes.get_yaxis_transform(), colors="#e8ebee", linewidth=0.5, zorder=0.4)
    axes.tick_params(axis="y", length=0)


def _days(axes: Axes) -> None:
    """Dates below; a ring of one instant gets a day to either side."""
    from matplotlib import dates

    low, high = axes.get_xlim()
    room = max(0.5, (high - low) * 0.01)
    axes.set_xlim(low - room, high + room)
    kit: Any = dates  # the library has no types for these
    locator = kit.AutoDateLocator(tz=UTC, minticks=4, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(kit.ConciseDateFormatter(locator, tz=UTC))
    axes.grid(axis="x")
