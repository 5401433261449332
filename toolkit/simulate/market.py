"""Makes a market: people and shops, planted rings and look-alikes, then everything ordinary around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.errors import UsageError
from toolkit.simulate.attributes import ordinary_links
from toolkit.simulate.fulfil import fulfil
from toolkit.simulate.gifts import ordinary_cards
from toolkit.simulate.letters import ordinary_messages, solicit
from toolkit.simulate.looks import ordinary_clicks
from toolkit.simulate.money import ordinary_transfers
from toolkit.simulate.names import Names
from toolkit.simulate.opinions import drop_impossible, ordinary_reviews
from toolkit.simulate.plan import plan_rings
from toolkit.simulate.remarks import hand_out
from toolkit.simulate.schemes import plant_rings
from toolkit.simulate.schemes.switching import plant_linked_shops, plant_switches
from toolkit.simulate.tables import Marketplace, Tables
from toolkit.simulate.traffic import ordinary
from toolkit.simulate.traps import plant_traps
from toolkit.simulate.truths import truth_tables
from toolkit.simulate.world import create

if TYPE_CHECKING:
    from toolkit.simulate.settings import Market
    from toolkit.simulate.world import World


def simulate(market: Market) -> Marketplace:
    """The market that was asked for; the same for the same arguments, byte for byte."""
    world = create(market)
    rings = plan_rings(world)
    if market.traps:
        plant_traps(world)
    plant_rings(world, rings)
    if market.rings:
        plant_switches(world)
        plant_linked_shops(world)
    _ordinary_life(world)
    orders = fulfil(world)
    ordinary_reviews(world, orders)
    drop_impossible(world, orders)
    ordinary_cards(world)
    ordinary_links(world)
    ordinary_transfers(world, orders)
    ordinary_messages(world, orders)
    ordinary_clicks(world, orders)
    if market.rings:
        solicit(world, orders)
    if market.traps:
        hand_out(world)
    names = Names(world)
    tables = Tables(world, orders, names)
    return Marketplace(tables=tables, truth=truth_tables(world, names), orders=len(orders["buyer"]))


def _ordinary_life(world: World) -> None:
    """Fill up with ordinary orders to exactly the number asked for."""
    left = world.market.orders - len(world.ledger.orders)
    if left < (world.market.orders * 0.4 if world.market.rings else 0):
        raise UsageError(
            "the rings alone would make up most of the market",
            where=f"--orders {world.market.orders} --rings {world.market.rings}",
            todo="ask for more orders or fewer rings: 3,000 orders a ring are comfortable",
        )
    ordinary(world, left)
