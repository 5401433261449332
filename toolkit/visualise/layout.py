"""Where nodes go: two ways for one ring, placed by hand and without chance.

*radial*: listings and sellers on an inner circle, buyers around them, shared attributes outside, each near the buyers
that hold it. *columns*: attributes, buyers, listings, sellers from left to right. Both keep neighbours close by sorting
on the mean place of what a node is joined to, so a picture does not depend on a random start.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.visualise.scene import Scene

Place = tuple[int, int]

GAP: Final = 46.0
"""Least distance of two neighbours on a circle or in a column, in the canvas's units."""

_COLUMN: Final = {"buyer": 1, "listing": 2, "seller": 3}


def radial(made: Scene) -> list[Place]:
    """Positions on circles, in the order of the nodes."""
    near = _neighbours(made)
    inner, middle, outer = _sorted_out(made)
    angles: dict[int, float] = dict(_spread(inner))
    radius = [max(90.0, len(inner) * GAP * 2.2 / math.tau) if len(inner) > 1 else 0.0]
    order = sorted(middle, key=lambda node: (_groups(near[node], outer), _mean_angle(near[node], angles), node))
    places = {node: _polar(angle, radius[0]) for node, angle in angles.items()}
    rings = _shells(order, radius[0] + 110.0)
    for shell, wide in rings:
        for node, angle in _spread(shell):
            angles[node] = angle
            places[node] = _polar(angle, wide)
    edge = max((wide for _, wide in rings), default=radius[0]) + 110.0
    hubs = sorted(outer, key=lambda node: (_mean_angle(near[node], angles), node))
    edge = max(edge, len(hubs) * GAP * 2 / math.tau)
    for node, angle in _apart(hubs, [_mean_angle(near[node], angles) for node in hubs], GAP * 2 / edge):
        places[node] = _polar(angle, edge)
    return [places[node] for node in range(len(made.nodes))]


def columns(made: Scene) -> list[Place]:
    """Positions in columns, in the order of the nodes."""
    near = _neighbours(made)
    rows: dict[int, list[int]] = {}
    for node, one in enumerate(made.nodes):
        rows.setdefault(_COLUMN.get(one.kind, 0), []).append(node)
    height = {node: float(rank) for listed in rows.values() for rank, node in enumerate(listed)}
    for column in (1, 0, 2, 3, 1, 0):  # a few sweeps: each column sorts by the mean height of its neighbours
        ordered = sorted(rows.get(column, []), key=lambda node: (_mean([height[other] for other in near[node]]), node))
        height.update((node, rank / max(1, len(ordered) - 1)) for rank, node in enumerate(ordered))
        rows[column] = ordered
    tall = max((len(listed) for listed in rows.values()), default=1) * GAP
    return [
        (
            round(260.0 * _COLUMN.get(one.kind, 0)),
            round((height[node] if len(rows[_COLUMN.get(one.kind, 0)]) > 1 else 0.5) * tall),
        )
        for node, one in enumerate(made.nodes)
    ]


def _neighbours(made: Scene) -> list[list[int]]:
    near: list[list[int]] = [[] for _ in made.nodes]
    for edge in made.edges:
        if edge.kind != "linked":
            near[edge.source].append(edge.target)
            near[edge.target].append(edge.source)
    return near


def _sorted_out(made: Scene) -> tuple[list[int], list[int], list[int]]:
    """Listings and sellers, buyers, everything else."""
    inner = [node for node, one in enumerate(made.nodes) if one.kind in ("listing", "seller")]
    middle = [node for node, one in enumerate(made.nodes) if one.kind == "buyer"]
    taken = {*inner, *middle}
    return inner, middle, [node for node in range(len(made.nodes)) if node not in taken]


def _groups(near: Sequence[int], outer: Sequence[int]) -> tuple[int, ...]:
    """The attributes that a buyer holds: buyers with the same ones sit side by side."""
    hubs = set(outer)
    return tuple(sorted(other for other in near if other in hubs))


def _spread(nodes: Sequence[int]) -> list[tuple[int, float]]:
    return [(node, math.tau * rank / len(nodes) - math.pi / 2) for rank, node in enumerate(nodes)]


def _shells(order: Sequence[int], first: float) -> list[tuple[list[int], float]]:
    """Cut an order of nodes into circles that have room for them."""
    shells, rest, wide = [], list(order), first
    while rest:
        room = max(6, int(math.tau * wide / GAP))
        if len(rest) > room:
            # Every so many-th node goes on this circle, so that neighbours stay near on the next one.
            step = math.ceil(len(rest) / room)
            shell, rest = rest[::step], [node for rank, node in enumerate(rest) if rank % step]
        else:
            shell, rest = rest, []
        shells.append((shell, wide))
        wide += GAP * 1.3
    return shells


def _apart(nodes: Sequence[int], wanted: Sequence[float], gap: float) -> list[tuple[int, float]]:
    """Angles near the wanted ones (ascending), each a gap after the one before; evenly where there is no room."""
    if len(nodes) * gap >= math.tau:
        return _spread(nodes)
    angles: list[float] = []
    for angle in wanted:
        angles.append(max(angle, angles[-1] + gap) if angles else angle)
    over = angles[-1] - angles[0] + gap - math.tau if angles else 0.0
    if over > 0:  # the last one ran into the first: squeeze the whole row
        squeeze = (math.tau - gap) / (angles[-1] - angles[0])
        angles = [angles[0] + (angle - angles[0]) * squeeze for angle in angles]
    return list(zip(nodes, angles, strict=True))


def _mean_angle(near: Sequence[int], angles: dict[int, float]) -> float:
    """Circular mean of the neighbours' angles, in [0, tau); 0 for a node without placed neighbours."""
    known = [angles[node] for node in near if node in angles]
    across, up = sum(map(math.cos, known)), sum(map(math.sin, known))
    return math.atan2(round(up, 9), round(across, 9)) % math.tau if known else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _polar(angle: float, radius: float) -> Place:
    return round(radius * math.cos(angle)), round(radius * math.sin(angle))
