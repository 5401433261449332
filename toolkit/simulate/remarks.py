"""What reviews say: phrases that everybody writes, own words, words of the platform or a shop, and scripts of rings.

A ring's paid reviews follow scripts: two at level 0, word by word; five at level 1 and ten at level 2, with more and
more left out and added; none at level 3. Honest people copy too: one in twenty-five copies her own words from thing to
thing, a few shops hand their customers a text, and the platform offers one.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from toolkit.simulate.chance import distinct, hits
from toolkit.simulate.letters import LANGUAGES
from toolkit.simulate.names import words
from toolkit.simulate.phrases import SOLICITING
from toolkit.simulate.places import COUNTRIES

if TYPE_CHECKING:
    from toolkit.simulate.chance import Bools, Floats, Generator, Ints
    from toolkit.simulate.world import World

POOLS: Final = ("good", "fair", "bad", "says_good", "says_fair", "says_bad", "bought", "keen", "platform")
GOOD, SAYS, BOUGHT, KEEN, PLATFORM = 0, 3, 6, 7, 8
"""Numbers of pools; those of fair and bad words follow those of good ones."""
SPOKEN: Final = 0.6
"""Share of reviews with a text."""
SCRIPTS: Final = (2, 5, 10, 0, 1)
"""Scripts of a ring, by level, and of a shop that hands out a text."""
LEFT_OUT: Final = (0.0, 0.4, 0.7, 0.0, 0.2)
"""How often a sentence of a script is left out: by level, and for what a shop hands out."""
ADDED: Final = (0.0, 0.5, 0.9, 0.0, 0.2)
"""How often own words are added to it."""
HANDED: Final = 4
"""The place of what a shop hands out in these."""


@cache
def _pieces() -> tuple[list[str], Ints, Ints, list[str]]:
    """All pieces of text; where each pool of each language begins, and its size; the languages."""
    read = tomllib.loads(resources.files("toolkit.simulate").joinpath("remarks.toml").read_text(encoding="utf-8"))
    pools = [pool for one in read.values() for pool in _of_language(one)]
    size = np.array([len(pool) for pool in pools], dtype=np.int64).reshape(len(read), len(POOLS))
    start = (np.cumsum(size) - size.ravel()).reshape(size.shape)
    return [piece for pool in pools for piece in pool], start, size, list(read)


def _of_language(one: dict[str, Any]) -> list[list[str]]:
    said = [
        [
            one["says"].format(aspect=aspect, verdict=verdict)
            for aspect in one["aspects"]
            for verdict in one[f"verdict_{t}"]
        ]
        for t in ("good", "fair", "bad")
    ]
    bought = [one["bought"].format(whom=whom, when=when) for whom in one["whom"] for when in one["when"]]
    return [one["good"], one["fair"], one["bad"], *said, bought, one["keen"], one["platform"]]


def hand_out(world: World) -> None:
    """Some shops hand their customers a text for the review; four in ten of the pleased ones use it."""
    rng, reviews = world.rng("remarks.handed"), world.ledger.reviews.arrays()
    seller = world.shops.seller[reviews["listing"]]
    free = (reviews["script"] < 0) & (reviews["tone"] < 0) & (reviews["rating"] >= 4)
    size = np.bincount(seller[free], minlength=world.market.sellers)
    shops = distinct(rng, np.setdiff1d(np.flatnonzero(size >= 12), _guilty(world)), world.market.some(20))
    rows = np.flatnonzero(free & np.isin(seller, shops))
    rows = rows[hits(rng, 0.4, len(rows))]
    number = np.argsort(shops)[np.searchsorted(np.sort(shops), seller[rows])]
    script = reviews["script"]
    script[rows] = world.market.rings + number
    for place, shop in enumerate(shops):
        world.ledger.trap("handed_text", seller=np.array([shop]), buyer=reviews["buyer"][rows[number == place]])
    world.ledger.reviews.put("script", script)


def _guilty(world: World) -> Ints:
    """Shops that rings work for, that move listings or are linked, or that ask for reviews against a reward."""
    truth, letters = world.ledger.truth, world.ledger.messages.arrays()
    listings = [*truth.targets.values(), np.array([switch[0] for switch in truth.switches], dtype=np.int64)]
    asking = letters["seller"][np.isin(letters["label"], SOLICITING)]
    linked = np.array(truth.linked, dtype=np.int64).ravel()
    return np.unique(np.concatenate([world.shops.seller[np.concatenate(listings)], asking, linked]))


def remarks(world: World, rows: dict[str, Any]) -> pl.Series:
    """The text of each review; none for four in ten."""
    rng = world.rng("tables.remarks")
    tongue = _tongue(world, rng, rows["buyer"])
    usual = np.where(rows["rating"] >= 4, 0, np.where(rows["rating"] == 3, 1, 2))
    keen = (rows["tone"] >= 0) | ((usual == 0) & hits(rng, 0.08, len(usual)))
    own = _own(world, rng, rows["buyer"], tongue, usual, keen)
    scripted = (rows["script"] >= 0) & hits(rng, 0.9, len(usual))
    slots = np.where(scripted, _scripted(world, rng, rows["script"], tongue), own)
    slots[:, ~hits(rng, SPOKEN, len(usual))] = -1
    pieces = _pieces()[0]
    frame = pl.DataFrame({str(n): words(pieces, slot) for n, slot in enumerate(slots)})
    text = frame.select(pl.concat_str(pl.all(), ignore_nulls=True).str.strip_chars(" ，")).to_series()
    return text.set(text == "", None)


def _tongue(world: World, rng: Generator, buyer: Ints) -> Ints:
    """The language of each review, by its buyer: number in the order of the file."""
    names = _pieces()[3]
    draw = rng.random(world.people.size)
    tongue = np.zeros(world.people.size, dtype=np.int64)
    for number, country in enumerate(COUNTRIES):
        spoken = {"ms" if name == "id" else name: share for name, share in LANGUAGES[country.code].items()}
        here = world.people.country == number
        place = np.searchsorted(np.cumsum(list(spoken.values())), draw[here] * 0.999999)
        tongue[here] = np.array([names.index(name) for name in spoken])[np.minimum(place, len(spoken) - 1)]
    return tongue[buyer]


def _piece(tongue: Ints, pool: Ints | int, draw: Floats) -> Ints:
    """The piece that a draw between 0 and 1 takes from a pool of a language."""
    _, start, size, _ = _pieces()
    return np.asarray(start[tongue, pool] + (draw * size[tongue, pool]).astype(np.int64))


def _own(world: World, rng: Generator, buyer: Ints, tongue: Ints, usual: Ints, keen: Bools) -> Ints:
    """Slots of pieces of what people write themselves: a phrase, the platform's words, or a few sentences."""
    draw = rng.random((9, len(buyer)))
    mine, copies = rng.random((9, world.people.size)), hits(rng, 0.04, world.people.size)
    draw = np.where(copies[buyer], mine[:, buyer], draw)
    phrase = draw[0] < np.where(keen, 0.25, 0.5)
    offered = ~phrase & (usual == 0) & (draw[0] > 0.88)
    words_ = ~phrase & ~offered
    slots = np.full((6, len(buyer)), -1, dtype=np.int64)
    slots[0] = np.where(
        phrase, _piece(tongue, GOOD + usual, draw[1]), np.where(offered, _piece(tongue, PLATFORM, draw[1]), -1)
    )
    slots[1] = np.where(
        words_ & (keen | (draw[2] < 0.6)), _piece(tongue, np.where(keen, KEEN, SAYS + usual), draw[3]), -1
    )
    slots[2] = np.where(words_, _piece(tongue, SAYS + usual, draw[4]), -1)
    slots[3] = np.where(words_ & (draw[5] < 0.5), _piece(tongue, BOUGHT, draw[6]), -1)
    slots[4] = np.where(words_ & (draw[7] < 0.3), _piece(tongue, np.where(keen, KEEN, SAYS + usual), draw[8]), -1)
    return slots


def _scripted(world: World, rng: Generator, script: Ints, tongue: Ints) -> Ints:
    """Slots of pieces of reviews that follow a script of their ring or shop, with what each leaves out and adds."""
    slots = np.full((6, len(script)), -1, dtype=np.int64)
    follows = np.flatnonzero(script >= 0)
    if len(follows) == 0:
        return slots
    script, tongue = script[follows], tongue[follows]
    level = np.full(int(script.max()) + 1, HANDED)
    for number, _, rung, _ in world.ledger.truth.rings:
        level[number : number + 1] = rung
    count = np.array(SCRIPTS)[level]
    home = np.zeros(len(level), dtype=np.int64)
    home[script[::-1]] = tongue[::-1]  # a script is in one language, that of the first who uses it
    lines = _scripts(rng, np.repeat(home, count))
    pick = (np.cumsum(count) - count)[script] + (rng.random(len(script)) * count[script]).astype(np.int64)
    theirs, rank, size = lines[:, pick], level[script], len(script)
    gone = hits(rng, np.array(LEFT_OUT)[rank], size)
    theirs[rng.integers(0, 5, size=size)[gone], np.flatnonzero(gone)] = -1
    added = hits(rng, np.array(ADDED)[rank], size)
    slots[:5, follows] = theirs
    slots[5, follows] = np.where(added, _piece(tongue, SAYS, rng.random(size)), -1)
    return slots


def _scripts(rng: Generator, home: Ints) -> Ints:
    """Five pieces of each script, in its language: three keen ones, what is good about it, and for whom it was."""
    keen = (np.argsort(rng.random((len(home), 10)), axis=1)[:, :3].T + 0.5) / 10
    fixed = [_piece(home, KEEN, row) for row in keen]
    fixed += [_piece(home, pool, rng.random(len(home))) for pool in (SAYS, BOUGHT)]
    return np.stack(fixed)
