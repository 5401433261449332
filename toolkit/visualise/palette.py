"""Kinds of nodes and edges as people see them: a name, a colour for each theme, and a shape of its own.

Colours are from Okabe and Ito's set for colour-blind readers (2008), lightened or darkened to keep a contrast of 3 to 1
on both backgrounds; no kind is told by its colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Look:
    """How a kind of node is drawn.

    Attributes:
        title: What a reader calls it.
        light: Colour on the light page.
        dark: Colour on the dark page.
        path: The shape as an SVG path in a box from -10 to 10; the canvas and the legend draw the same path.
    """

    title: str
    light: str
    dark: str
    path: str


_CIRCLE: Final = "M-9 0A9 9 0 1 0 9 0A9 9 0 1 0 -9 0Z"

LOOKS: Final[dict[str, Look]] = {
    "buyer": Look("buyer", "#0072b2", "#56b4e9", _CIRCLE),
    "listing": Look("listing", "#b85400", "#ff9a3c", "M-8 -8H8V8H-8Z"),
    "seller": Look("seller", "#4d4d4d", "#c8c8c8", "M0 -10L9.5 -3L6 8.5H-6L-9.5 -3Z"),
    "gift_card_value": Look("gift cards of one value", "#a0468a", "#e39ac8", "M0 -11L11 0L0 11L-11 0Z"),
    "purchaser": Look("purchaser of cards", "#7a3d6c", "#f0b9dd", "M0 -10L10 8H-10Z"),
    "payment": Look("payment instrument", "#007a5a", "#2fd0a3", "M-10 0L-5 -9H5L10 0L5 9H-5Z"),
    "address": Look("address", "#806600", "#f0e442", "M0 10L10 -8H-10Z"),
    "device": Look(
        "device",
        "#a33000",
        "#ff7f50",
        "M0 -11L2.6 -3.6L10.5 -3.4L4.2 1.4L6.5 8.9L0 4.4L-6.5 8.9L-4.2 1.4L-10.5 -3.4L-2.6 -3.6Z",
    ),
    "other": Look("phone, e-mail, network or bank", "#5b4fa8", "#b3a9ff", "M-3 -10H3V-3H10V3H3V10H-3V3H-10V-3H-3Z"),
}
"""Kind of node -> how it looks, in the order of the legend."""

EDGES: Final[dict[str, tuple[str, tuple[int, ...]]]] = {
    "acts": ("orders, reviews and other acts", ()),
    "redeems": ("redeems a gift card", (8, 4)),
    "holds": ("holds the attribute", (2, 4)),
    "sells": ("sells", (10, 3, 2, 3)),
    "linked": ("linked by evidence", (1, 3)),
}
"""Kind of edge -> its name and dashes; edges are grey, and only selection colours them."""


def kind_of(attribute: str) -> str:
    """The kind of node for an attribute, also where evidence names it by what was done: `seller_ordered`."""
    if attribute in LOOKS:
        return attribute
    named = (kind for kind in ("purchaser", "seller", "listing") if kind in attribute)
    return next(named, "other")
