"""Marks: what one order shows by itself that orders meant as purchases seldom show."""

from __future__ import annotations

from typing import Final

MARKS: Final = {
    "cancelled_after_subsidy": "subsidy",
    "at_minimum_spend": "subsidy",
    "subsidised": "subsidy",
    "far_below_price": "subsidy",
    "refunded": "refund",
    "refunded_elsewhere": "refund",
    "light_parcel": "logistics",
    "delivered_at_once": "logistics",
    "reused_tracking": "logistics",
    "paid_by_top_up": "funding",
}
"""Mark -> evidence family. A mark is true, false, or null where the order can't tell."""
