"""Gift cards that are redeemed soon after reviews, listing by listing."""

from toolkit.contracts.gift_card_settings import GiftCardSettings
from toolkit.link.gift_cards.view import find

__all__ = ["GiftCardSettings", "find"]
