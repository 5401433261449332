"""A case as an object: its result tables, its rings, and the questions that it answers."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from toolkit import dossier
from toolkit.api import asking, html
from toolkit.api.case_tables import CaseTables
from toolkit.api.page import Page
from toolkit.api.ring import Ring

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import polars as pl

    from toolkit.api.comparing import Comparison
    from toolkit.api.what_if import WhatIf
    from toolkit.api.why import Why
    from toolkit.case import Case as Folder
    from toolkit.contracts.kinds import Graph
    from toolkit.evaluate.scorecard import Scorecard
    from toolkit.market import Market
    from toolkit.visualise.pictures import Picture

_MOST_LISTED: Final = 10


class Case(CaseTables):
    """An investigated case. Made by `investigate` or `open_case`.

    Every table is a Polars frame with the columns of the file in CASE/results; read anew each time it is asked for.

    Example:
        >>> case.alerts["tier"].unique().to_list()
        ['strong']
        >>> ring = case.ring(case.alerts["ring_id"][0])
        >>> ring.members.columns
        ['buyer_id', 'role', 'reason', 'score']
        >>> case.query("ring_members", ring=ring.ring_id).columns[:2]
        ['buyer', 'role']
    """

    def __init__(self, folder: Folder, place: asking.Place | None = None) -> None:
        super().__init__(folder)
        self._place = place or asking.Place()

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

    def picture(self) -> Picture:
        """Money by seller, as a static picture (needs matplotlib).

        Example:
            >>> case.picture().save(scratch / "money.svg").name
            'money.svg'
        """
        from toolkit.visualise.pictures import money

        return money(dossier.read(self._folder))

    def evaluate(self, truth: str | os.PathLike[str]) -> Scorecard:
        """The case against planted or known truth: what was found, what was missed, which alerts were wrong.

        Args:
            truth: The folder with rings.csv and members.csv, as `make_market` writes it under `truth`.

        Example:
            >>> case.evaluate(market / "truth").rings.planted
            3
        """
        from toolkit.evaluate.load import read_results, read_truth
        from toolkit.evaluate.scorecard import evaluate

        return evaluate(read_results(self.path), read_truth(Path(truth)))

    def baselines(self, truth: str | os.PathLike[str], *, seed: int = 0) -> pl.DataFrame:
        """The case and ten published engines against the same truth; every engine at the cut that suits it best.

        Args:
            truth: The folder with rings.csv and members.csv.
            seed: Of the engines.

        Returns:
            engine, groups, alerts, right, found, planted.

        Example:
            >>> case.baselines(market / "truth")["engine"][0]
            'this case, its own cut'
        """
        from toolkit.api.baselines import baselines

        return baselines(self.path, Path(truth), seed)

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
            >>> there = case.publish(uri="bolt://example.org:7687", user="neo4j", password="...")  # doctest: +SKIP
            >>> there.query("ring_list", limit=1)  # doctest: +SKIP
        """
        from toolkit import pipeline

        pipeline.publish(self._folder, server)
        return self.on("neo4j", **server)

    def communities(self, algorithm: str = "leiden", *, gamma: float = 1.0, seed: int = 0) -> pl.DataFrame:
        """Communities of the linked accounts by Graph Data Science, on the Neo4j server that the case is asked on.

        Args:
            algorithm: leiden, louvain, wcc or label_propagation.
            gamma: Resolution of Leiden.
            seed: Of Leiden.

        Returns:
            One row a ring: the community that holds most of it, and how much of each the other holds.

        Raises:
            BackendError: The case is not asked on a server, or the server has no Graph Data Science.

        Example:
            >>> case.publish(uri="bolt://example.org:7687").communities("leiden")  # doctest: +SKIP
        """
        return asking.communities(self._folder, self._place, algorithm, gamma=gamma, seed=seed)

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

    def neighbours(self, node: str, *, label: str | None = None, hops: int = 1, most: int = 200) -> pl.DataFrame:
        """What one thing of the case touches, step by step: accounts, listings, cards, addresses, rings, ...

        Args:
            node: Its id: a buyer, a listing, a ring, ...
            label: Its label in the graph, where two things have that id.
            hops: Steps outwards.
            most: Neighbours beyond which a thing is a shared place, and the walk ends there.

        Raises:
            UsageError: Nothing has that id, or several things have it.

        Example:
            >>> buyer = case.members["buyer_id"][0]
            >>> touched = case.neighbours(buyer, label="Buyer")["relationship"]
            >>> sorted(set(touched) & {"MEMBER_OF", "ORDERED"})
            ['MEMBER_OF', 'ORDERED']
        """
        from toolkit.api.walk import neighbours

        return neighbours(self._graph, node, label, hops, most)

    def why(self, left: str, right: str) -> Why:
        """Everything that links two buyers: shared values, third accounts, links, rings; and how surprising each is.

        Args:
            left: A buyer's id.
            right: Another buyer's id.

        Raises:
            UsageError: There is no such buyer, or both are one.

        Example:
            >>> two = case.ring(case.alerts["ring_id"][0]).members["buyer_id"].head(2)
            >>> told = case.why(two[0], two[1])
            >>> told.rings["ring_id"][0] in case.alerts["ring_id"]
            True
        """
        from toolkit.api.why import linked

        return linked(self, self._market, left, right)

    def compare(self, other: Case) -> Comparison:
        """This case beside another one, taken as the later: which rings are in both, by members; what differs.

        Args:
            other: Another case.

        Example:
            >>> case.compare(case).rings["change"].unique().to_list()
            ['same']
        """
        from toolkit.api.comparing import compared

        return compared(self, other)

    @cached_property
    def _market(self) -> Market:
        from toolkit.market import Market

        return Market(self._folder)

    @cached_property
    def _graph(self) -> Graph:
        from toolkit.graph.build import project

        return project(self._folder, "case")

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
