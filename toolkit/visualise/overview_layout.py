"""The overview's layout in two levels: each ring by itself, then the rings among each other.

Inside a ring, listings and sellers lie in the middle and buyers around them on a sunflower spiral, which fills a disc
evenly at any count. Rings that share things are drawn together by a seeded
spring layout of the ring graph and pushed apart until their discs do not overlap; the groups are then packed in rows,
the strongest first, so that the picture reads like the table.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import networkx as nx
import numpy as np
import rustworkx as rx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SEED: Final = 20_260_101
STEP: Final = 7.0
"""Distance of neighbours on the spiral."""
_MARGIN: Final = 16.0
GAP: Final = 7.0
"""What the outline of a disc leaves free of its margin, so that the outlines of neighbours do not touch."""
_TURN: Final = math.pi * (3 - math.sqrt(5))
_LARGEST: Final = 800
"""Rings in one group up to which springs are used; a larger group is packed in rows like separate rings."""


def spiral(count: int, hubs: int = 0) -> NDArray[np.float64]:
    """Points of a sunflower spiral around the origin, from the middle outwards; shape (count, 2).

    Args:
        count: How many points.
        hubs: How many of the first take the room of four.
    """
    rank = np.arange(count)
    room = rank + 3 * np.minimum(rank, hubs)
    radius, angle = STEP * np.sqrt(room), _TURN * rank
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def disc(count: int, hubs: int = 0) -> float:
    """Radius of the disc that a ring of that many nodes takes, with its margin."""
    return STEP * math.sqrt(max(1, count + 3 * hubs)) + _MARGIN


def centres(radii: Sequence[float], ties: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """Where the rings lie; shape (rings, 2).

    Args:
        radii: The radius of each ring's disc, strongest ring first.
        ties: Pairs of rings that share something.
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(radii)))
    graph.add_edges_from(ties)
    groups = sorted((sorted(group) for group in nx.connected_components(graph)), key=lambda group: group[0])
    split = [part for group in groups for part in ([group] if len(group) <= _LARGEST else [[ring] for ring in group])]
    wide = np.asarray(radii, dtype=np.float64)
    inner = [_group(group, wide[group], graph) for group in split]
    middles = _rows([_reach(points, wide[group]) for group, points in zip(split, inner, strict=True)])
    found = np.zeros((len(radii), 2))
    for group, points, middle in zip(split, inner, middles, strict=True):
        found[group] = points + middle
    return found


def _group(group: list[int], radii: NDArray[np.float64], graph: nx.Graph[int]) -> NDArray[np.float64]:
    """Positions of the rings of one group around its middle."""
    if len(group) == 1:
        return np.zeros((1, 2))
    place = {ring: row for row, ring in enumerate(group)}
    springs = rx.PyGraph()
    springs.add_nodes_from(group)
    springs.add_edges_from_no_data([(place[left], place[right]) for left, right in sorted(graph.subgraph(group).edges)])
    drawn = rx.spring_layout(springs, seed=SEED, num_iter=80)
    points = np.array([list(drawn[row]) for row in range(len(group))])
    points *= 1.2 * radii.mean() * math.sqrt(len(group)) / max(1e-9, float(np.abs(points).max()))
    apart = _pushed_apart(points, radii)
    middle: NDArray[np.float64] = ((apart - radii[:, None]).min(axis=0) + (apart + radii[:, None]).max(axis=0)) / 2
    return apart - middle


def _pushed_apart(points: NDArray[np.float64], radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move overlapping discs away from each other, a part of the overlap at a time."""
    points = points + spiral(len(points)) * 1e-3  # no two at the same place
    need = radii[:, None] + radii[None, :]
    np.fill_diagonal(need, 0.0)
    for _ in range(200):
        away = points[:, None, :] - points[None, :, :]
        far = np.sqrt((away**2).sum(axis=2)) + 1e-9
        overlap = np.clip(need - far, 0.0, None)
        if not overlap.any():
            break
        points = points + (away / far[:, :, None] * overlap[:, :, None]).sum(axis=1) * 0.35
    return points


def _reach(points: NDArray[np.float64], radii: NDArray[np.float64]) -> float:
    """Half the side of the square that holds a group."""
    return float((np.abs(points) + radii[:, None]).max())


def _rows(reaches: Sequence[float]) -> NDArray[np.float64]:
    """Middles of squares packed in rows from the top left, in their order."""
    wide = math.sqrt(sum((2 * reach) ** 2 for reach in reaches)) * 1.6
    found, x, y, tall = [], 0.0, 0.0, 0.0
    for reach in reaches:
        if x and x + 2 * reach > wide:
            x, y, tall = 0.0, y + tall, 0.0
        found.append((x + reach, -(y + reach)))
        x, tall = x + 2 * reach, max(tall, 2 * reach)
    return np.array(found).reshape(-1, 2)
