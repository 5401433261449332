"""How well everything beside the rings matches the truth: virtual orders, category switches, messages, look-alikes."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from toolkit.contracts.currency import major, units
from toolkit.evaluate.metrics import ALERT_TIERS, f1, ratio


@dataclass(frozen=True)
class Hits:
    """Things listed against things planted.

    Args:
        listed: Things in the results.
        right: Of these, how many were planted.
        planted: Planted things.
        found: Of these, how many were listed.
    """

    listed: int
    right: int
    planted: int
    found: int

    @property
    def precision(self) -> float | None:
        """Share of listed things that were planted."""
        return ratio(self.right, self.listed)

    @property
    def recall(self) -> float | None:
        """Share of planted things that were listed."""
        return ratio(self.found, self.planted)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of the two."""
        return f1(self.precision, self.recall)


@dataclass(frozen=True)
class Trap:
    """Look-alikes of one kind: how many were planted, and how many of these raised something.

    Args:
        kind: What they are.
        planted: Occurrences.
        raised: Of these, how many raised an alert or a finding.
        alerts: How many raised an alert.
        findings: How many raised a finding.
    """

    kind: str
    planted: int
    raised: int
    alerts: int = 0
    findings: int = 0


def match(listed: pl.Series, planted: pl.Series) -> Hits:
    """Compare two sets of ids."""
    results, truth = listed.drop_nulls().unique(), planted.unique()
    both = int(results.is_in(truth.implode()).sum())
    return Hits(listed=len(results), right=both, planted=len(truth), found=both)


def match_orders(virtual: pl.DataFrame, planted: pl.DataFrame, rings: pl.DataFrame) -> dict[str, Hits]:
    """Virtual orders: all together under the key `all`, and each scheme's recall under its name.

    Args:
        virtual: `order_id` of the results.
        planted: `order_id`, `ring_id` of the truth.
        rings: `ring_id`, `scheme` of the truth.
    """
    by_scheme = planted.join(rings.select("ring_id", "scheme"), on="ring_id")
    parts = {str(scheme): part for (scheme,), part in by_scheme.group_by("scheme", maintain_order=True)}
    hits = {"all": match(virtual["order_id"], planted["order_id"])}
    for scheme, part in sorted(parts.items()):
        own = virtual.join(part, on="order_id", how="semi")["order_id"]
        hits[scheme] = match(own, part["order_id"])
    return hits


def match_money(virtual: pl.DataFrame, planted: pl.DataFrame, orders: pl.DataFrame) -> dict[str, tuple[float, float]]:
    """Per currency, the order value of planted orders, and the part of it that was listed; none where none is named."""
    value = planted.select("order_id").unique().join(orders.select("order_id", "amount", "currency"), on="order_id")
    value = value.drop_nulls("currency")
    amount = units(pl.col("amount"))
    listed = amount.filter(pl.col("order_id").is_in(virtual["order_id"].implode())).sum()
    sums = value.group_by("currency").agg(planted=amount.sum(), found=listed).sort("currency")
    both = zip(*(major(sums[name], sums["currency"]) for name in ("planted", "found")), strict=True)
    return dict(zip(sums["currency"], both, strict=True))


def match_switches(findings: pl.DataFrame, planted: pl.DataFrame) -> Hits:
    """Category switches: a finding is right if it names a planted listing and its time touches the planted one.

    Args:
        findings: `kind`, `listing_id`, `first_at`, `last_at`.
        planted: `listing_id`, `starts_at`, `ends_at`.
    """
    listed = findings.filter(pl.col("kind") == "category_switch").with_row_index("finding")
    truth = planted.with_row_index("switch")
    pairs = listed.join(truth, on="listing_id").filter(
        (pl.col("first_at") <= pl.col("ends_at")).fill_null(value=True)
        & (pl.col("last_at") >= pl.col("starts_at")).fill_null(value=True)
    )
    return Hits(len(listed), pairs["finding"].n_unique(), len(truth), pairs["switch"].n_unique())


def match_seller_links(links: pl.DataFrame, planted: pl.DataFrame) -> Hits:
    """Pairs of shops in one hand: listed (`left`, `right`) against planted ones (`seller_a`, `seller_b`)."""
    listed, truth = (
        frame.select(pair=pl.concat_str(pl.min_horizontal(a, b), pl.max_horizontal(a, b), separator="|"))["pair"]
        for frame, a, b in ((links, "left", "right"), (planted, "seller_a", "seller_b"))
    )
    return match(listed, truth)


def match_messages(findings: pl.DataFrame, labels: pl.DataFrame) -> Hits:
    """Solicitation: the messages that findings rest on, against the planted labels.

    Args:
        findings: `kind`, `rows` (list of {table, id}).
        labels: `message_id`, `solicitation`.
    """
    rows = findings.filter(pl.col("kind") == "solicitation").select(pl.col("rows").explode()).unnest("rows")
    cited = rows.filter(pl.col("table") == "messages")["id"]
    return match(cited, labels.filter(pl.col("solicitation"))["message_id"])


def raised_traps(
    traps: pl.DataFrame,
    rings: pl.DataFrame,
    members: pl.DataFrame,
    targets: pl.DataFrame,
    findings: pl.DataFrame | None,
    false_alerts: tuple[str, ...],
    orders: pl.DataFrame | None = None,
) -> tuple[Trap, ...]:
    """Which innocent look-alikes raised something.

    A look-alike of buyers raised an alert if they make up at least half of a false one; one of listings or sellers if a
    false alert has most of its targets there, or a finding names it. Where the look-alike has buyers too, half of the
    finding's orders must be theirs, because the same shop may be named for what others did there.
    """
    wrong = members.join(rings.filter(pl.col("tier").is_in(ALERT_TIERS)), on="ring_id", how="semi")
    wrong = wrong.filter(pl.col("ring_id").is_in(list(false_alerts)))
    aims = targets.filter(pl.col("ring_id").is_in(list(false_alerts)))
    of = (("buyer", wrong), ("listing", aims), ("seller", aims))
    alerts = pl.concat([_blamed(traps, entity, groups, f"{entity}_id") for entity, groups in of])
    named = alerts.clear()
    if findings is not None:
        theirs = _of_their_buyers(traps, findings, orders)
        named = pl.concat([_named(traps, findings, entity, theirs) for entity in ("listing", "seller")])
    counted = (
        traps.select("trap_id", "kind")
        .unique()
        .with_columns(
            alerts=pl.col("trap_id").is_in(alerts["trap_id"].implode()),
            findings=pl.col("trap_id").is_in(named["trap_id"].implode()),
        )
    )
    sums = (pl.col("alerts") | pl.col("findings")).sum().alias("raised"), pl.col("alerts", "findings").sum()
    totals = counted.group_by("kind").agg(pl.len().alias("planted"), *sums).sort("kind")
    return tuple(Trap(**row) for row in totals.iter_rows(named=True))


def _blamed(traps: pl.DataFrame, entity: str, groups: pl.DataFrame, column: str) -> pl.DataFrame:
    """Look-alikes that make up at least half of a group."""
    own = traps.filter(pl.col("entity_kind") == entity).select("trap_id", pl.col("entity_id").alias(column))
    parts = groups.select("ring_id", column).with_columns(size=pl.len().over("ring_id"))
    counted = parts.join(own, on=column).group_by("trap_id", "ring_id").agg(n=pl.len(), size=pl.col("size").first())
    return counted.filter(pl.col("n") * 2 >= pl.col("size")).select("trap_id")


def _named(traps: pl.DataFrame, findings: pl.DataFrame, entity: str, theirs: pl.DataFrame) -> pl.DataFrame:
    """Look-alikes whose listing or seller a finding names, about orders of theirs where they have buyers."""
    named = findings.select("finding_id", pl.col(f"{entity}_id").alias("entity_id")).drop_nulls().unique()
    own = traps.filter(pl.col("entity_kind") == entity).join(named, on="entity_id")
    with_buyers = traps.filter(pl.col("entity_kind") == "buyer").select("trap_id").unique()
    alone = own.join(with_buyers, on="trap_id", how="anti")
    both = own.join(theirs, on=["trap_id", "finding_id"], how="semi")
    return pl.concat([alone, both]).select("trap_id")


def _of_their_buyers(traps: pl.DataFrame, findings: pl.DataFrame, orders: pl.DataFrame | None) -> pl.DataFrame:
    """trap_id, finding_id: findings at least half of whose orders the look-alike's buyers placed."""
    none = pl.DataFrame(schema={"trap_id": pl.String, "finding_id": pl.String})
    if orders is None or "rows" not in findings.columns:
        return none
    cited = findings.select("finding_id", "rows").explode("rows").drop_nulls("rows").unnest("rows")
    of_orders = cited.filter(pl.col("table") == "orders").select("finding_id", order_id="id")
    placed = of_orders.join(orders.select("order_id", "buyer_id"), on="order_id")
    sized = placed.with_columns(size=pl.len().over("finding_id"))
    buyers = traps.filter(pl.col("entity_kind") == "buyer").select("trap_id", buyer_id="entity_id")
    counted = sized.join(buyers, on="buyer_id").group_by("trap_id", "finding_id").agg(pl.len(), pl.col("size").first())
    return counted.filter(pl.col("len") * 2 >= pl.col("size")).select("trap_id", "finding_id")
