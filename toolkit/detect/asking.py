"""What every question about candidates is asked with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toolkit.detect.attach import FACTS
from toolkit.detect.enrich import Tally, tallied, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from toolkit.config import DetectSettings
    from toolkit.contracts.candidates import Linked
    from toolkit.detect.shelves import Shelf
    from toolkit.ports import Compute, Holding


@dataclass(frozen=True)
class Asking:
    """What every question is asked with.

    Attributes:
        linked: What the link stage found.
        compute: The engine.
        shelves: Every kind of token.
        holding: Who holds the values of every kind.
        settings: Those of the stage.
        error_share: Share of the chance of a false alarm that the candidates may use up.
    """

    linked: Linked
    compute: Compute
    shelves: Mapping[str, Shelf]
    holding: Holding
    settings: DetectSettings
    error_share: float = 1.0

    def tally(self, members: pl.DataFrame, before: Tally | None, *, facts: bool = False) -> Tally:
        """What the members hold of every kind, or of those that are facts."""
        shelves = {name: one for name, one in self.shelves.items() if name in FACTS or not facts}
        floor = self.settings.token_surprise
        home, region = self.linked.household, self.linked.region
        return tallied(members, self.compute, shelves, home, region, least_surprise=floor, before=before)

    def values(self, tally: Tally, *, alone: bool = False) -> pl.DataFrame:
        """What of it is beyond chance."""
        least, share = self.settings.token_surprise, self.settings.least_share
        return values(tally, least_surprise=least, least_share=share, error_share=self.error_share, alone=alone)
