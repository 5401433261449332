"""Laws of how many cells a pair has in common by chance."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy import stats

from tests.bench.nulls.bicm import Bicm
from toolkit.backends.local.coincidence import _Groups
from toolkit.ports import Incidences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tests.bench.nulls.views import View

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Law(Protocol):
    """What a pair has in common by chance."""

    name: str

    def mean(self, left: Ints, right: Ints) -> Floats:
        """Expected count of each pair."""
        ...

    def more(self, left: Ints, right: Ints, k: Ints | int) -> Floats:
        """P(K > k) of each pair."""
        ...


class _Poisson:
    """A law that is Poisson about some mean."""

    name = "Poisson"

    def mean(self, left: Ints, right: Ints) -> Floats:
        raise NotImplementedError

    def more(self, left: Ints, right: Ints, k: Ints | int) -> Floats:
        return np.asarray(stats.poisson.sf(k, self.mean(left, right)))


class Product(_Poisson):
    """Mean d_i d_j 2C / m^2: C pairs of acts in one cell among m acts."""

    name = "Poisson, product of degrees"

    def __init__(self, view: View) -> None:
        self.degree = view.degree
        self.scale = float((view.crowd * (view.crowd - 1.0)).sum()) / view.actor.size**2

    def mean(self, left: Ints, right: Ints) -> Floats:
        return np.asarray(self.degree[left] * self.degree[right] * self.scale)


class Hypergeometric:
    """d_j draws of N cells of which i is in d_i (Tumminello et al. 2011): all cells are as likely."""

    name = "hypergeometric"

    def __init__(self, view: View) -> None:
        self.degree, self.cells = view.degree, view.crowd.size

    def mean(self, left: Ints, right: Ints) -> Floats:
        return np.asarray(self.degree[left] * self.degree[right] / self.cells)

    def more(self, left: Ints, right: Ints, k: Ints | int) -> Floats:
        asked = np.stack([np.broadcast_to(k, left.shape), self.degree[left], self.degree[right]])
        alike, place = np.unique(asked, axis=1, return_inverse=True)
        tail = stats.hypergeom.sf(alike[0], self.cells, alike[1], alike[2])
        return np.asarray(tail[place.ravel()])


class Configured(_Poisson):
    """The bipartite configuration model, its sum of unlike draws taken as Poisson."""

    name = "BiCM"

    def __init__(self, view: View) -> None:
        model = Bicm.of(view.degree, view.crowd)
        self.means, self.place = model.means(), np.searchsorted(model.degrees, view.degree)
        self.error = model.error()

    def mean(self, left: Ints, right: Ints) -> Floats:
        return np.asarray(self.means[self.place[left], self.place[right]])


class Reach(_Poisson):
    """Mean (d_i S_j + d_j S_i) / 2, S being the share of acts in an actor's own cells; times the lift of groups."""

    def __init__(self, name: str, degree: Floats, share: Floats, group: Ints, lift: Floats) -> None:
        self.name, self.degree, self.share, self.group, self.lift = name, degree, share, group, lift

    def mean(self, left: Ints, right: Ints) -> Floats:
        both = self.degree[left] * self.share[right] + self.degree[right] * self.share[left]
        return np.asarray(0.5 * both * self.lift[self.group[left], self.group[right]])


def reaches(
    name: str, every: list[View], *, group: str | None = None, place: str | None = None, seasons: bool = True
) -> list[Reach]:
    """The law of each view; lifts are learnt from all of them together, as the program does.

    Args:
        name: Of the law.
        every: The views, one a season.
        group: Name of the views' groups whose lift counts.
        place: Name of the groups near which that lift is held.
        seasons: Whether chance is reckoned within a season, or over all acts of all of them.
    """
    sizes = [view.n for view in every]
    block = np.repeat(np.arange(len(every)), sizes) if seasons else None
    kinds = [None if name is None else np.concatenate([view.groups[name] for view in every]) for name in (group, place)]
    none = np.zeros(0, np.uint32)
    groups = _Groups.given(Incidences(none, none, none.astype(np.int64), sum(sizes), *kinds, block))
    near = np.concatenate(
        [np.bincount(view.actor, weights=view.crowd[view.cell] - 1.0, minlength=view.n) for view in every]
    )
    degree = np.concatenate([view.degree for view in every]).astype(np.float64)
    acts = np.bincount(groups.block, weights=degree)
    share = near / acts[groups.block]
    ends = np.cumsum([0, *sizes])
    met = np.zeros((groups.place.size,) * 2)
    for view, first in zip(every, ends, strict=False):
        left, right, k = view.met
        np.add.at(met, (groups.of[left + first], groups.of[right + first]), k)
    lift = groups.lift(met, groups.expected(share, degree))
    spans = itertools.starmap(slice, itertools.pairwise(ends))
    return [Reach(name, degree[span], share[span], groups.of[span], lift) for span in spans]


def laws(every: list[View]) -> Iterator[tuple[View, Law]]:
    """Every law of every view."""
    for view in every:
        yield from ((view, law(view)) for law in (Product, Hypergeometric, Configured))
    ways: list[list[Reach]] = [reaches("reach", every)]
    if every[0].name == "buyers":
        ways.append(reaches("reach, regions (kept)", every, group="regions"))
    else:
        ways.append(reaches("reach over all seasons, categories (before)", every, group="categories", seasons=False))
        ways.append(reaches("reach, categories", every, group="categories"))
        ways.append(reaches("reach, categories within regions (kept)", every, group="categories", place="regions"))
    for way in ways:
        yield from zip(every, way, strict=True)
