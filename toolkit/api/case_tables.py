"""The tables of a case: results, settings, clean input; each read anew when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from toolkit.config import filled
from toolkit.contracts.results import ALERT_TIERS, TIERS
from toolkit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.case import Case as Folder
    from toolkit.config import Settings


class CaseTables:
    """What lies in a case folder, as Polars frames with the columns of its files.

    Args:
        folder: The case folder.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    @property
    def path(self) -> Path:
        """The case folder."""
        return self._folder.path

    @property
    def manifest(self) -> dict[str, Any]:
        """How the case was made: version, settings, input, what was switched off, time and memory per stage."""
        return self._folder.manifest()

    @property
    def rings(self) -> pl.DataFrame:
        """Every ring, alerts first, the highest score first."""
        rank = pl.col("tier").replace_strict({tier: place for place, tier in enumerate(TIERS)}, return_dtype=pl.Int8)
        return self._folder.result("rings").sort(rank, pl.col("score"), "ring_id", descending=[False, True, False])

    @property
    def alerts(self) -> pl.DataFrame:
        """The rings that a person should look at: tier strong or moderate."""
        return self.rings.filter(pl.col("tier").is_in(ALERT_TIERS))

    @property
    def members(self) -> pl.DataFrame:
        """Ring and buyer, with role, reason and score."""
        return self._folder.result("members")

    @property
    def targets(self) -> pl.DataFrame:
        """Ring and listing that its members act on more than chance would have it."""
        return self._folder.result("targets")

    @property
    def evidence(self) -> pl.DataFrame:
        """Every statement of every ring and finding, with the input rows that it rests on."""
        return self._folder.result("evidence")

    @property
    def explanations(self) -> pl.DataFrame:
        """Innocent explanations of every ring and finding, with their results."""
        return self._folder.result("explanations")

    @property
    def findings(self) -> pl.DataFrame:
        """What stands out about sellers and listings and is no ring."""
        return self._folder.result("findings")

    @property
    def money(self) -> pl.DataFrame:
        """Amounts by ring or finding, kind and currency; currencies are never added."""
        return self._folder.result("money")

    @property
    def virtual_orders(self) -> pl.DataFrame:
        """Orders that two independent reasons mark as not meant to be purchases."""
        return self._folder.result("virtual_orders")

    @property
    def links(self) -> pl.DataFrame:
        """Links of the evidence graph between two members of one ring, by view."""
        return self._folder.result("links")

    @property
    def brushing_windows(self) -> pl.DataFrame:
        """Runs of brushed orders under the public rule."""
        return self._folder.result("brushing_windows")

    @property
    def brushing_buyers(self) -> pl.DataFrame:
        """Suspicious buyers under the public rule, by seller."""
        return self._folder.result("brushing_buyers")

    @property
    def seller_links(self) -> pl.DataFrame:
        """Rare attributes that two sellers were both seen with."""
        return self._folder.result("seller_links")

    @property
    def seller_void(self) -> pl.DataFrame:
        """How many orders each seller has to void after review, and their subsidy, by currency."""
        return self._folder.result("seller_void")

    @property
    def candidates(self) -> pl.DataFrame:
        """Every group of accounts that was judged, ring or not, by the digest of its members."""
        return self._folder.result("candidates")

    @property
    def tests(self) -> pl.DataFrame:
        """Every test of every judged group; `what_if` judges them anew."""
        return self._folder.result("tests")

    @property
    def settings(self) -> Settings:
        """The settings that the case was made with."""
        return filled(self.manifest.get("settings", {}), where=str(self.path))

    @property
    def switched_off(self) -> pl.DataFrame:
        """Tests that the input could not feed, and why."""
        off = [(one["test"], one["reason"]) for one in self.manifest.get("switched_off", [])]
        return pl.DataFrame(off, schema={"test": pl.String, "reason": pl.String}, orient="row")

    @property
    def tables(self) -> list[str]:
        """Names of the clean input tables; `table(name)` reads one."""
        return self._folder.tables()

    def table(self, name: str) -> pl.LazyFrame:
        """A clean input table, read lazily.

        Raises:
            UsageError: The case has no table of that name.

        Example:
            >>> case.table("orders").select("order_id", "buyer_id").collect().columns
            ['order_id', 'buyer_id']
        """
        if name not in self.tables:
            raise UsageError(f"no table {name[:40]!r} in this case", todo=f"there are: {', '.join(self.tables)}")
        return self._folder.table(name)
