"""Reads a case as a stranger would: does each output keep the contract, and does each cited row exist."""

from pathlib import Path

import polars as pl

TIERS = {"strong", "moderate", "lead"}
SCHEMES = {
    "gift_card_cashback",
    "review_ring",
    "brushing",
    "virtual_orders",
    "voucher_farm",
    "refund_ring",
    "account_farm",
    "coattail",
    "unclassified",
}
FAMILIES = {
    "gift_card",
    "co_behaviour",
    "target",
    "synchrony",
    "identity",
    "conversion",
    "subsidy",
    "refund",
    "funding",
    "logistics",
    "message",
}
FINDINGS = {
    "gift_card_cashback",
    "category_switch",
    "voucher_abuse",
    "brushing_window",
    "min_spend_bunching",
    "empty_parcels",
    "solicitation",
    "self_purchase",
    "seller_funded",
}
MONEY = {"gift_card_redeemed", "subsidy", "discount", "refund", "order_value"}
KEYS = {"orders": "order_id", "reviews": "review_id", "redemptions": "redemption_id", "gift_cards": "card_id", "messages": "message_id", "transfers": "transfer_id",
        "buyers": "buyer_id", "sellers": "seller_id", "listings": "listing_id", "campaigns": "campaign_id", "vouchers": "voucher_id", "addresses": "address_id",
        "payment_instruments": "payment_id"}  # fmt: skip
JOINED = {
    "account_links": ["account_id", "attribute_kind", "attribute_id"],
    "category_changes": ["listing_id", "changed_at"],
    "clicks": ["buyer_id", "listing_id", "clicked_at"],
}


def complaints(case: Path) -> list[str]:
    """Everything that is not as the contract says; empty where all is well."""
    out: list[str] = []
    read = {p.stem: pl.read_parquet(p) for p in (case / "results").glob("*.parquet")}
    rings, members, evidence, findings = (read[k] for k in ("rings", "members", "evidence", "findings"))
    for frame, column, allowed in ((rings, "tier", TIERS), (rings, "scheme", SCHEMES), (members, "role", {"core", "associate"}), (evidence, "family", FAMILIES),
                                   (findings, "kind", FINDINGS), (read["money"], "kind", MONEY)):  # fmt: skip
        odd = set(frame[column].unique()) - allowed
        if odd:
            out.append(f"{column} holds {odd}")
    families = rings.explode("families")["families"].drop_nulls()
    if set(families.unique()) - FAMILIES:
        out.append(f"families hold {set(families.unique()) - FAMILIES}")
    out += _rings(read) + _rows(case, read) + _money(case, read)
    return out


def _rings(read: dict[str, pl.DataFrame]) -> list[str]:
    rings, members, targets = read["rings"], read["members"], read["targets"]
    out = []
    for name in ("members", "targets", "evidence", "virtual_orders", "money"):
        lost = read[name].filter(pl.col("ring_id").is_not_null()).join(rings, on="ring_id", how="anti")
        if lost.height:
            out.append(f"{name}: {lost.height} rows with unknown rings")
    counted = members.group_by("ring_id").agg(
        n=pl.len(), core=(pl.col("role") == "core").sum(), once=pl.col("buyer_id").n_unique()
    )
    wrong = rings.join(counted, on="ring_id", how="left").filter(
        (pl.col("n") != pl.col("n_members")) | (pl.col("core") != pl.col("n_core")) | (pl.col("once") != pl.col("n"))
    )
    t = rings.join(targets.group_by("ring_id").len("t"), on="ring_id", how="left").filter(
        pl.col("t").fill_null(0) != pl.col("n_targets")
    )
    alerts = rings.filter(pl.col("tier") != "lead")
    thin = alerts.filter((pl.col("families").list.len() < 2) & ~pl.col("families").list.contains("gift_card"))
    silent = alerts.join(read["evidence"], on="ring_id", how="anti")
    late = rings.filter(pl.col("first_at") > pl.col("last_at"))
    for what, bad in (("n_members or n_core differ from members", wrong), ("n_targets differ from targets", t), ("alerts of one family", thin),
                      ("alerts without evidence", silent), ("rings that end before they begin", late)):  # fmt: skip
        if bad.height:
            out.append(f"{bad.height} {what}: {bad['ring_id'].to_list()[:3]}")
    if rings["q_value"].null_count() != rings.height:
        out.append(
            f"q_value of {rings.height - rings['q_value'].null_count()} rings is not null, though nothing was calibrated"
        )
    empty = rings.filter(pl.col("summary").str.strip_chars() == "")
    return out + ([f"{empty.height} empty summaries"] if empty.height else [])


def _rows(case: Path, read: dict[str, pl.DataFrame]) -> list[str]:
    out = []
    for name in ("evidence", "findings"):
        frame = read[name]
        bare = frame.filter(pl.col("rows").list.len().fill_null(0) == 0)
        if bare.height:
            out.append(f"{name}: {bare.height} rows cite nothing")
        cited = frame.select(pl.col("rows").explode()).drop_nulls().unnest("rows").unique()
        for (table,), rows in cited.group_by("table"):
            path = case / f"tables/{table}.parquet"
            if not path.exists():
                out.append(f"{name}: cites table {table}, which is not there")
                continue
            lost = rows.join(_keys(path, str(table)), on="id", how="anti")
            if lost.height:
                out.append(
                    f"{name}: {lost.height} of {rows.height} cited rows of {table} are not in the input, as {lost['id'][0]}"
                )
    for p in ("p_value",):
        odd = read["evidence"].filter((pl.col(p) < 0) | (pl.col(p) > 1) | pl.col(p).is_nan())
        if odd.height:
            out.append(f"evidence: {odd.height} impossible {p}")
    return out


def _keys(path: Path, table: str) -> pl.DataFrame:
    if table in KEYS:
        return pl.read_parquet(path, columns=[KEYS[table]]).rename({KEYS[table]: "id"}).unique()
    frame = pl.read_parquet(path, columns=JOINED[table])
    parts = [
        pl.col(c).dt.strftime("%Y-%m-%dT%H:%M:%S") + "Z" if frame.schema[c].is_temporal() else pl.col(c)
        for c in JOINED[table]
    ]
    return frame.select(id=pl.concat_str(parts, separator="|")).unique()


def _money(case: Path, read: dict[str, pl.DataFrame]) -> list[str]:
    """Subsidies of a ring's virtual orders, added up again from the input; and the shape of every amount."""
    out = []
    money = read["money"]
    decimals = {"VND": 0, "CLP": 0}
    for currency, amount in money.select("currency", pl.col("amount").cast(pl.Float64)).iter_rows():
        if (
            currency is None
            or amount is None
            or amount < 0
            or abs(round(amount, decimals.get(currency, 2)) - amount) > 1e-6
        ):
            out.append(f"money: {amount!r} {currency!r} is no amount of that currency")
    if money.select(pl.struct("ring_id", "finding_id", "kind", "currency").is_duplicated().any()).item():
        out.append("money: a ring has two sums of one kind and currency")
    path = case / "tables/orders.parquet"
    virtual = read["virtual_orders"]
    if path.exists() and virtual.height:
        orders = pl.read_parquet(path)
        lost = virtual.join(orders, on="order_id", how="anti")
        if lost.height:
            out.append(f"virtual_orders: {lost.height} are not in the input")
        twice = virtual.height - virtual["order_id"].n_unique()
        if twice:
            out.append(f"virtual_orders: {twice} orders stand there twice")
        if "subsidy" in orders.columns:
            both = virtual.join(orders.select("order_id", own="subsidy"), on="order_id")
            off = both.filter(
                (pl.col("subsidy").cast(pl.Float64).fill_null(0) - pl.col("own").cast(pl.Float64).fill_null(0)).abs()
                > 1e-6
            )
            if off.height:
                out.append(f"virtual_orders: subsidy of {off.height} orders differs from the input")
    return out
