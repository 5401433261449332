"""Gift cards after reviews as findings: what is said, what it rests on, what else could explain it, how much it is."""

from toolkit.score.gift_card.results import GiftCardResults, judge

__all__ = ["GiftCardResults", "judge"]
