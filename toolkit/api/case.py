"""A case as an object: its result tables, its rings, and the questions that it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import polars as pl

from toolkit import dossier
from toolkit.api import asking, html
from toolkit.api.page import Page
from toolkit.api.ring import Ring
from toolkit.config import filled
from toolkit.contracts.results import ALERT_TIERS, TIERS
from toolkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from toolkit.api.what_if import WhatIf
    from toolkit.case import Case as Folder
    from toolkit.config import Settings

_MOST_LISTED: Final = 10


class Case:
    """An investigated case. Made by `investigate` or `open_case`.

    Every table is a Polars frame with the columns of the file in CASE/results; read anew each time it is asked for.

    Example:
        >>> case.alerts["tier"].to_list()
        ['strong', 'strong', 'strong']
        >>> ring = case.ring(case.alerts["ring_id"][0])
        >>> ring.members.columns
        ['buyer_id', 'role', 'reason', 'score']
        >>> case.query("ring_members", ring=ring.ring_id).columns[:2]
        ['buyer', 'role']
    """

    def __init__(self, folder: Folder, place: asking.Place | None = None) -> None:
        self._folder = folder
        self._place = place or asking.Place()

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

    def ring(self, ring_id: str) -> Ring:
        """One ring.

        Raises:
            UsageError: No ring has that id; the nearest ids are named.

        Example:
            >>> case.ring(case.alerts["ring_id"][0])  # doctest: +ELLIPSIS
            <ring r_...: strong ..., ... members, ... targets, score ...>
        """
        return Ring(self._folder, str(ring_id))

    def show(self, height: int = 720) -> Page:
        """The overview in a frame: every ring as a disc, a timeline, a table; sandboxed and offline.

        Args:
            height: Of the frame, in pixels.

        Example:
            >>> case.show()  # doctest: +ELLIPSIS
            <page 'Case case': ... kB of HTML; shown in a notebook, or .save('page.html')>
        """
        from toolkit.visualise.overview_page import overview_page

        return Page(f"Case {self.path.name}", overview_page(dossier.read(self._folder), frozenset()), height)

    def queries(self, folder: str | None = None) -> pl.DataFrame:
        """The named queries of the library: name, folder, what each answers, its parameters.

        Args:
            folder: Only those of one folder, for example `rings` or `paths`.

        Example:
            >>> case.queries("paths")["name"].to_list()[:2]
            ['common_listings', 'direct_sharing']
        """
        return asking.queries(folder)

    def query(
        self, name: str, /, *, store: str | None = None, seconds: float = 60.0, **parameters: Any
    ) -> pl.DataFrame:
        """The answer of a named query.

        The embedded store is built under CASE/graph when it is first asked.

        Args:
            name: A name from `queries()`.
            store: `embedded` or `neo4j`, where it is to be another one than that of the case.
            seconds: The most that the query may take.
            **parameters: Parameters of the query, as Python values.

        Raises:
            UsageError: There is no such query; a parameter is missing, unknown or not of its type.
            BackendError: The store can't be reached, or refuses.

        Example:
            >>> case.query("ring_list", limit=2).height
            2
        """
        return asking.named(self._folder, self._at(store), name, parameters, seconds)

    def cypher(
        self, text: str, /, *, store: str | None = None, seconds: float = 60.0, **parameters: Any
    ) -> pl.DataFrame:
        """The answer of Cypher of your own; it may only read, and values go in as parameters.

        Nodes and relationships are those of docs/graph.md; `$case` is filled in. The embedded store is tested for the
        library's queries; check others on Neo4j.

        Args:
            text: The query.
            store: `embedded` or `neo4j`, where it is to be another one than that of the case.
            seconds: The most that the query may take.
            **parameters: Values for `$name` in the text.

        Raises:
            UsageError: The text would read files or call procedures.
            BackendError: The store can't be reached, or refuses.

        Example:
            >>> text = "MATCH (b:Buyer {id: $buyer})-[:MEMBER_OF]->(r:Ring) RETURN count(r) AS rings"
            >>> case.cypher(text, buyer=case.members["buyer_id"][0])["rings"].to_list()
            [1]
        """
        return asking.free(self._folder, self._at(store), text, parameters, seconds)

    def on(self, store: str, **server: str | None) -> Self:
        """The same case, asked on another store.

        Args:
            store: `embedded` or `neo4j`; a server must hold the case already: see `publish`.
            **server: uri, user, password, database; what is not named comes from NEO4J_URI and its like, or `.env`.

        Example:
            >>> case.on("embedded").query("ring_list", limit=1).height
            1
        """
        return type(self)(self._folder, asking.Place(store, server))

    def publish(self, **server: str | None) -> Self:
        """Write the case to a Neo4j server, as `ringscope neo4j push` does; gives the case as asked there.

        Args:
            **server: uri, user, password, database; what is not named comes from NEO4J_URI and its like, or `.env`.

        Raises:
            BackendError: The server can't be reached, or refuses.

        Example:
            >>> there = case.publish(uri="bolt://localhost:7687", user="neo4j", password="...")  # doctest: +SKIP
            >>> there.query("ring_list", limit=1)  # doctest: +SKIP
        """
        from toolkit import pipeline

        pipeline.publish(self._folder, server)
        return self.on("neo4j", **server)

    def _at(self, store: str | None) -> asking.Place:
        return self._place if store in (None, self._place.store) else asking.Place(str(store), self._place.server)

    def what_if(
        self, config: Mapping[str, Any] | None = None, *, without: str | Sequence[str] = (), **score: float
    ) -> WhatIf:
        """Which alerts change when a threshold, a kind of evidence or a source of gift cards changes; in seconds.

        The groups stay as the run found them, and their stored tests are judged anew. What would change the groups
        themselves (how accounts are linked, how groups are found) is refused, with the run that answers it.

        Args:
            config: Settings that differ, as `investigate` takes them: `{"score": {"strong": 25.0}}`.
            without: What is not believed: families (`gift_card`), tests (`f6_review_conversion`), views
                (`listing_ordered`, `device`), sources of gift cards (`retail`, `unknown`).
            **score: Thresholds of the judgement by their names: `strong=25.0`, `family_surprise=3.0`.

        Raises:
            UsageError: A name does not exist, or the question can't be answered from what the run kept.

        Example:
            >>> case.what_if().changes.height
            0
            >>> case.what_if(strong=10_000.0).changes["tier_after"].unique().to_list()
            ['moderate']
        """
        from toolkit.api.what_if import asked

        names = (without,) if isinstance(without, str) else tuple(without)
        return asked(self, {**(config or {})}, score, names)

    def __repr__(self) -> str:
        rings, alerts = self.rings.height, self.alerts.height
        counts = f"{alerts} alerts, {rings - alerts} leads, {self.findings.height} findings"
        return f"<case {html.plain(self.path.name)!r}: {counts}>"

    def _repr_html_(self) -> str:
        columns = ("ring_id", "tier", "score", "scheme", "n_members", "n_targets", "first_at", "last_at", "summary")
        listed = self.alerts.select(columns)
        more = max(0, listed.height - _MOST_LISTED)
        off = self.switched_off.height
        return html.card(
            html.heading(f"Case {self.path.name}"),
            html.paragraph(repr(self).strip("<>")),
            html.table(columns, listed.head(_MOST_LISTED).iter_rows()),
            html.paragraph(f"{more} more alerts: .alerts") if more else "",
            html.paragraph(f"{off} tests were switched off for lack of data: .switched_off") if off else "",
        )
