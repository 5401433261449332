"""One ring as an object: its tables, its text, its graph, its page, and the decision about it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from toolkit import audit, dossier
from toolkit.api import html
from toolkit.api.page import Page
from toolkit.api.telling import explained
from toolkit.contracts.results import FAMILIES
from toolkit.contracts.row_ids import row_id
from toolkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import networkx as nx

    from toolkit.api.prose import Prose
    from toolkit.api.statement import Statement
    from toolkit.case import Case as Folder
    from toolkit.contracts.report import Book, Decision, Dossier
    from toolkit.visualise.pictures import Picture

_TIMELINE: Final[dict[str, Any]] = {
    "at": pl.Datetime("us", "UTC"),
    "table": pl.String,
    "id": pl.String,
    "buyer_id": pl.String,
    "thing_kind": pl.String,
    "thing_id": pl.String,
    "amount": pl.Float64,
    "currency": pl.String,
}
_SHARED: Final[dict[str, Any]] = {
    "kind": pl.String,
    "id": pl.String,
    "accounts": pl.List(pl.String),
    "holders": pl.Int64,
}


class Ring:
    """One ring of a case. Made by `case.ring(ring_id)`.

    Tables are Polars frames with the columns of the files in CASE/results, the ring's rows only.

    Example:
        >>> ring = case.ring(case.alerts["ring_id"][0])
        >>> ring.tier, ring.members.height == ring.n_members
        ('strong', True)
        >>> ring.timeline["at"].is_sorted()
        True
    """

    def __init__(self, folder: Folder, ring_id: str) -> None:
        self._folder = folder
        self._book: Book = dossier.read(folder, [ring_id])

    @property
    def dossier(self) -> Dossier:
        """All that is said about the ring, as frozen data."""
        return self._book.rings[0]

    @property
    def ring_id(self) -> str:
        """Its id."""
        return self.dossier.ring_id

    @property
    def tier(self) -> str:
        """`strong` or `moderate`: alerts for a person to look at; `lead`: kept for whoever goes looking."""
        return self.dossier.tier

    @property
    def score(self) -> float:
        """An ordering, higher is worse; no probability."""
        return self.dossier.score

    @property
    def scheme(self) -> str:
        """What the pattern is consistent with."""
        return self.dossier.scheme

    @property
    def families(self) -> tuple[str, ...]:
        """The kinds of evidence that speak."""
        return self.dossier.families

    @property
    def summary(self) -> str:
        """One sentence."""
        return self.dossier.summary

    @property
    def n_members(self) -> int:
        """How many accounts."""
        return self.dossier.n_members

    @property
    def first_at(self) -> datetime | None:
        """The first act in scope, UTC."""
        return self.dossier.first_at

    @property
    def last_at(self) -> datetime | None:
        """The last act in scope, UTC."""
        return self.dossier.last_at

    @property
    def sellers(self) -> tuple[str, ...]:
        """Sellers of the targets."""
        return self.dossier.sellers

    @property
    def decision(self) -> Decision | None:
        """What a person decided about it last, if anything."""
        return self.dossier.decision

    @cached_property
    def members(self) -> pl.DataFrame:
        """Its accounts, the best supported first: role, what joins each, and the log odds of its own evidence."""
        return self._of("members").sort("score", "buyer_id", descending=[True, False])

    @cached_property
    def targets(self) -> pl.DataFrame:
        """Listings that its members act on more than chance would have it."""
        return self._of("targets").sort("p_value", "listing_id")

    @cached_property
    def evidence(self) -> pl.DataFrame:
        """Every statement with its numbers and the input rows that it rests on, the least expected first."""
        return self._of("evidence").drop("finding_id").sort("p_value", "evidence_id", nulls_last=True)

    @cached_property
    def explanations(self) -> pl.DataFrame:
        """Innocent explanations: excluded, possible, or not tested and why."""
        return self._of("explanations").drop("finding_id")

    @cached_property
    def money(self) -> pl.DataFrame:
        """Amounts by kind and currency; currencies are never added."""
        return self._of("money").drop("finding_id")

    @cached_property
    def virtual_orders(self) -> pl.DataFrame:
        """Orders that two independent reasons mark as not meant to be purchases."""
        return self._of("virtual_orders").sort("score", "order_id", descending=[True, False])

    @cached_property
    def links(self) -> pl.DataFrame:
        """Links between two of its members, by view."""
        inside = self.members["buyer_id"].implode()
        links = self._folder.result("links")
        return links.filter(pl.col("left").is_in(inside) & pl.col("right").is_in(inside))

    @cached_property
    def shared(self) -> pl.DataFrame:
        """Attributes that two or more members hold, and how many buyers hold them anywhere."""
        held = [(one.kind, one.id, list(one.accounts), one.holders) for one in self.dossier.shared]
        return pl.DataFrame(held, schema=_SHARED, orient="row").sort("holders", "kind", "id")

    @cached_property
    def timeline(self) -> pl.DataFrame:
        """What its members did, oldest first: orders, reviews, redemptions, and every row that the evidence cites.

        Amounts are numbers here, for pictures; exact ones are in `.money` and in the input tables.
        """
        events = [
            (one.at, one.table, one.id, one.buyer_id, one.thing_kind, one.thing_id, one.amount, one.currency)
            for one in self.dossier.events
        ]
        return pl.DataFrame(events, schema=_TIMELINE, orient="row", strict=False)

    def rows(self, table: str) -> pl.DataFrame:
        """The input rows of one table that the evidence cites, as they stand in the clean input.

        Args:
            table: For example `orders` or `redemptions`.

        Example:
            >>> ring = case.ring(case.alerts["ring_id"][0])
            >>> ring.rows("orders").height > 0
            True
        """
        wanted = {row.id for one in self.dossier.evidence for row in one.rows if row.table == table}
        if not wanted or not self._folder.has_table(table):
            return pl.DataFrame()
        every = self._folder.table(table).with_columns(row_id(table).alias("cited"))
        return every.filter(pl.col("cited").is_in(list(wanted))).drop("cited").collect()

    def explain(self) -> Prose:
        """The ring in words: claim, what was not observed, evidence, innocent explanations, money, next steps.

        Example:
            >>> told = case.ring(case.alerts["ring_id"][0]).explain()
            >>> [section.heading for section in told.sections][:3]
            ['', 'What this pattern is', 'What was not observed']
        """
        return explained(self.dossier)

    def graph(self) -> nx.MultiDiGraph[str]:
        """The ring as a networkx graph: nodes carry `label` and `id`, edges `kind`, by the names of docs/graph.md.

        Example:
            >>> made = case.ring(case.alerts["ring_id"][0]).graph()
            >>> sorted({data["label"] for _, data in made.nodes(data=True)} & {"Buyer", "Listing", "Ring"})
            ['Buyer', 'Listing', 'Ring']
        """
        from toolkit.report.graphml import graph

        return graph(self._book)

    def show(self, height: int = 720) -> Page:
        """The ring's page in a frame: sandboxed, offline; the network, the evidence, the rows.

        Args:
            height: Of the frame, in pixels.

        Example:
            >>> page = case.ring(case.alerts["ring_id"][0]).show()
            >>> page.save(scratch / "ring.html").name
            'ring.html'
        """
        from toolkit.visualise.ring_page import ring_page

        source = ring_page(self.dossier, self._book.run).replace('<a href="../index.html">All rings</a>', "")
        return Page(f"{self.dossier.wording.title}: ring {self.ring_id}", source, height)

    def picture(self, what: str = "timeline") -> Picture:
        """The ring as a static picture (needs matplotlib).

        Args:
            what: `timeline`, `matrix` (members by listings), `lags` (days from review to gift card, beside the placebo
                window) or `evidence` (how it adds up, a step a kind).

        Raises:
            UsageError: There is no such picture.

        Example:
            >>> case.ring(case.alerts["ring_id"][0]).picture("evidence").save(scratch / "evidence.svg").name
            'evidence.svg'
        """
        from toolkit.visualise.pictures import OF_RING

        if what not in OF_RING:
            raise UsageError(f"no picture is called {what[:40]!r}", todo=f"there are: {', '.join(OF_RING)}")
        return OF_RING[what](self.dossier)

    def statements(self) -> tuple[Statement, ...]:
        """A statement of reasons for each seller concerned; it names no buyer and no other seller.

        Example:
            >>> told = case.ring(case.alerts["ring_id"][0]).statements()
            >>> told[0].save(scratch / "statement.md").name
            'statement.md'
        """
        from toolkit.api.statement import statements

        return statements(self._book)

    def decide(self, verdict: str, note: str = "") -> Decision:
        """Keep a person's decision in the case; decisions are only added, and the last one counts.

        Args:
            verdict: `confirmed`, `dismissed` or `watched`.
            note: Why, in your words.

        Raises:
            UsageError: There is no such verdict, or another run is writing the case.
            InputError: The audit log is damaged, so that the decision could not be logged.

        Example:
            >>> ring = case.ring(case.alerts["ring_id"][-1])
            >>> ring.decide("watched", "ask the seller first").verdict
            'watched'
        """
        members = (one.buyer_id for one in self.dossier.members)
        proof = map(dossier.fingerprint, self.dossier.evidence)
        audit.check(self._folder.path)
        made = dossier.decide(self._folder, self.ring_id, verdict, note, members=members, evidence=proof)
        audit.record(self._folder.path, "decided", ring=self.ring_id, verdict=verdict)
        self._book = dossier.read(self._folder, [self.ring_id])
        return made

    def _of(self, name: str) -> pl.DataFrame:
        frame = self._folder.result(name)
        return frame.filter(pl.col("ring_id") == self.ring_id).drop("ring_id")

    def __repr__(self) -> str:
        said = f"{self.tier} {self.scheme}, {self.n_members} members, {self.dossier.n_targets} targets"
        return f"<ring {html.plain(self.ring_id)}: {said}, score {self.score:.1f}>"

    def _repr_html_(self) -> str:
        ring = self.dossier
        facts = [
            ("tier, score", f"{ring.tier}, {ring.score:.1f} (an order, not a probability)"),
            ("members", f"{ring.n_members}, {ring.n_core} of them core"),
            ("targets, sellers", f"{ring.n_targets}, {len(ring.sellers)}"),
            ("from, to (UTC)", f"{html.plain(ring.first_at)} to {html.plain(ring.last_at)}"),
            ("decision", "none" if ring.decision is None else ring.decision.verdict),
        ]
        least: list[Any] = [
            self.evidence.filter(pl.col("family") == family).select("family", "statement", "p_value").row(0)
            for family in FAMILIES
            if family in self.evidence["family"]
        ]
        return html.card(
            html.heading(f"{ring.wording.title}: ring {ring.ring_id}"),
            html.paragraph(ring.summary),
            html.table(("", ""), facts),
            html.table(("family", "least expected statement", "p"), sorted(least, key=_by_p)),
        )


def _by_p(row: Sequence[Any]) -> float:
    return 1.0 if row[2] is None else float(row[2])
