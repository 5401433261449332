"""All views in turn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from toolkit.contracts.candidates import Linked
from toolkit.contracts.links import LINKS
from toolkit.contracts.tokens import TOKENS
from toolkit.link import attributes, co_behaviour, gift_cards, marks, shops, together, tokens
from toolkit.link.in_order import by_buyer, packed
from toolkit.link.innocent import arranged
from toolkit.link.regions import of_listings, regions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from toolkit.config import LinkSettings
    from toolkit.contracts.gift_card_settings import GiftCardSettings
    from toolkit.contracts.gift_cards import GiftCardView
    from toolkit.contracts.plugins import View
    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market
    from toolkit.ports import Compute

VIEWS: Final = {
    "co_purchase": ("listing_ordered", "order_window_days"),
    "co_review": ("listing_reviewed", "review_window_days"),
    "co_click": ("listing_clicked", "click_window_days"),
}
"""View -> kind of token whose holders it pairs, setting of the window."""


COMPARED: Final = (
    (("co_purchase", "co_review"), 1, False),
    (("co_purchase", "co_review"), 3, True),
    (("co_click",), 1, True),
)
"""Views, length of the seasons in which listings are compared by them, over the usual one, whether they stand alone.

Of a ring that works its listings for three months, each usual season shows a part, and none that the parts are one.
Looks are a task of days: who looked at two listings that others bought is no customer of both."""

ASSOCIATE: Final = 0.6
"""Posterior from which a reviewer without a visible card stands beside those with one: likelier than not, and by more
than a coin's throw, since an associate costs a person a look."""


def link(
    market: Market,
    compute: Compute,
    settings: LinkSettings,
    gifts: GiftCardSettings,
    views: Sequence[View] = (),
) -> Linked:
    """Every link, star and token that the data can feed; `views` are those of plug-ins."""
    n = market.size("buyer")
    innocent = arranged(market)
    region = regions(market)
    paid = marks.topped_up(market)
    kinds = tokens.kinds(market, innocent, region, settings, paid)
    home = attributes.households(kinds, n, settings)
    with ThreadPoolExecutor() as beside:  # each of these keeps all processors busy for a part of its time only
        carded = beside.submit(gift_cards.find, market, gifts, household=home)
        orders = beside.submit(marks.marked, market, innocent, paid) if market.has("orders") else None
        met = together.pairs(kinds, home, region, compute, settings)
        cards, marked = carded.result(), orders.result() if orders else pl.DataFrame()
    listings, places = _listing_pairs(_acts(kinds), region, market, compute, settings)  # holds too much for beside
    around = shops.shops(market, marked, settings, cards.stars.height) if marked.height else shops.NONE
    kinds |= _carded(cards)
    kinds["shop_star"] = tokens.starred("shop_star", "shop", "orders", around.members)
    plugged = [(view.name, view.find(market)) for view in views]
    return Linked(
        buyers=_buyer_links(kinds, home, region, compute, settings, plugged),  # last, since they are what is largest
        met=met,
        listings=listings,
        seasons=places,
        stars=pl.concat([cards.stars, around.stars]),
        star_members=pl.concat([cards.star_members, around.members]),
        shop_marks=around.marks,
        marks=marked,
        gift_cards=cards,
        tokens={name: kind for name, kind in kinds.items() if kind.frame.height},
        household=home,
        region=region,
        n_buyers=n,
    )


def _acts(kinds: Mapping[str, TokenKind]) -> dict[str, pl.DataFrame]:
    """View -> buyer, listing, at, row of the acts that it pairs."""
    return {v: kinds[k].frame.rename({"token": "listing"}) for v, (k, _) in VIEWS.items() if k in kinds}


def _buyer_links(
    kinds: Mapping[str, TokenKind],
    home: NDArray[np.uint32],
    region: NDArray[np.uint32],
    compute: Compute,
    settings: LinkSettings,
    plugged: Sequence[tuple[str, pl.DataFrame]],
) -> pl.DataFrame:
    """Links between accounts of different households, by every view, sorted; those of plug-ins are given by name."""

    def found() -> Iterator[pl.DataFrame]:
        for view, acts in _acts(kinds).items():
            days = getattr(settings, VIEWS[view][1])
            yield co_behaviour.buyer_side(acts, region, compute, settings, view=view, window_days=days)
        if "voucher" in kinds:
            yield co_behaviour.co_voucher(kinds["voucher"], region, compute, settings)
        yield from attributes.shared(kinds, home.size, settings)
        yield from (frame.with_columns(view=pl.lit(name)) for name, frame in plugged)

    parts = [_apart(part, home) for part in found()]
    parts.sort(key=lambda part: str(part["view"].first()))
    links = pl.concat(parts, how="vertical_relaxed") if parts else LINKS.to_frame()
    parts.clear()
    return links.sort(packed("left", "right"), maintain_order=True)


def _apart(links: pl.DataFrame, home: NDArray[np.uint32]) -> pl.DataFrame:
    """Those between two households, in the schema of links."""
    apart = home[links["left"].to_numpy()] != home[links["right"].to_numpy()]
    lacking = [pl.lit(None, dtype).alias(name) for name, dtype in LINKS.items() if name not in links.columns]
    kept = links.filter(pl.Series(apart, dtype=pl.Boolean))
    return kept.with_columns(lacking).select(LINKS.names()).cast(LINKS)


def _carded(cards: GiftCardView) -> dict[str, TokenKind]:
    """Who redeems, and who reviews, at the same gift-card star."""
    beside = cards.associates.filter(pl.col("posterior") >= ASSOCIATE).select("star", "buyer", row="review_row")
    reviewers = cards.star_members.filter(pl.col("table") == "reviews").select("star", "buyer", "row")
    every = pl.concat([reviewers, beside]).with_columns(table=pl.lit("reviews"))
    return {
        "gift_card_star": tokens.starred("gift_card_star", "gift_card", "redemptions", cards.star_members),
        "gift_card_reviewer": tokens.starred("gift_card_reviewer", "gift_card", "reviews", every),
    }


def _listing_pairs(
    acts_of: Mapping[str, pl.DataFrame],
    region: NDArray[np.uint32],
    market: Market,
    compute: Compute,
    settings: LinkSettings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs of listings, each by the view that is more surprised, and who acts on them in that season."""
    none = {"co_purchase": TOKENS.to_frame().rename({"token": "listing"})}
    acts = {view: acts_of[view] for views, *_ in COMPARED for view in views if view in acts_of} or none
    there = of_listings(list(acts.values()), region, market.size("listing"))

    def compared(meant: list[pl.DataFrame], times: int, *, alone: bool) -> tuple[pl.DataFrame, pl.DataFrame, int]:
        seasons = co_behaviour.Seasons.of(meant, settings, times=times)
        nodes = market.size("listing") * seasons.count
        least = settings.alone_surprise if alone else settings.listing_surprise
        held = [seasons.spread(frame) for frame in meant]
        told = [co_behaviour.listing_side(frame, seasons, there, market, compute, settings) for frame in held]
        every = pl.concat(told).filter(pl.col("surprise") >= least)
        every = every.sort("left", "right", "surprise", "observed", "expected")
        found = every.unique(["left", "right"], keep="last", maintain_order=True)
        acting = seasons.named(_acting(held, found, nodes))
        return found, acting.with_columns(alone=pl.lit(alone)), nodes

    pairs, places, before = [], [], 0
    for views, several in groupby(COMPARED, lambda one: one[0]):
        meant = [by_buyer(acts[view]) for view in views if view in acts]
        for _, times, alone in several if meant else ():  # in turn: each takes all processors, and most of the memory
            found, acting, nodes = compared(meant, times, alone=alone)
            pairs.append(found.with_columns(pl.col("left", "right") + before))
            places.append(acting.with_columns(pl.col("node") + before))
            before += nodes
    return pl.concat(pairs), pl.concat(places)


def _acting(held: Sequence[pl.DataFrame], pairs: pl.DataFrame, nodes: int) -> pl.DataFrame:
    """node, thing of the acts on the listings of some pairs, once where several frames have it."""
    asked = np.zeros(nodes, np.bool_)
    asked[pairs["left"].to_numpy()] = asked[pairs["right"].to_numpy()] = True
    both = (pl.col("thing").cast(pl.UInt64) * nodes + pl.col("node")).alias("both")
    parts: list[pl.DataFrame] = []
    for frame in held:
        part = frame.select("node", "thing").filter(pl.Series(asked[frame["node"].to_numpy()], dtype=pl.Boolean))
        for before in parts:  # a frame has each once: the few that two have are looked for in the smaller one
            known = before.select(both).filter(pl.col("both").is_in(part.select(both)["both"].implode()))["both"]
            part = part.filter(~both.is_in(known.implode()))
        parts.append(part)
    return pl.concat(parts)
