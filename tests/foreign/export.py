"""Writes a market as the contract's tables, with only what the style's platform hands over, and the truth beside it."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tests.foreign.promos import KINDS, Promos
from tests.foreign.settle import REASONS, STATUS, Rows
from tests.foreign.words import ids, opinions, titles
from tests.foreign.world import DAY, NONE, Ints, World

SOURCES = np.array(["retail", "platform", "employer", "seller", "unknown"])
PAYMENTS = np.array(["card", "wallet", "bank", "prepaid", "corporate"])
PLACES = np.array(["home", "locker", "forwarder", "dormitory", "office"])
ATTRIBUTES = np.array(["phone", "email", "ip", "bank", "address", "device"])
THINGS = ("phone", "email", "ip", "bank", "addr", "dev")


class Export:
    """One market on its way to disk."""

    def __init__(self, w: World, p: Promos, orders: Rows, reviews: Rows, out: Path) -> None:
        self.w, self.p, self.o, self.r, self.out = w, p, orders, reviews, out
        self.rng = np.random.default_rng([w.seed, 77])

    def id(self, kind: str, numbers: Any) -> pl.Series:
        """Ids of things by number."""
        return ids(kind, np.asarray(numbers, np.int64), self.w.style.ids, self.w.seed)

    def time(self, seconds: Any) -> pl.Series:
        """Times as the platform writes them; null where negative."""
        s = pl.Series("t", np.asarray(seconds, np.int64))
        zone = self.w.countries[0].offset
        shift = (int(zone[1:3]) * 3600 + int(zone[4:]) * 60) * (1 if zone[0] == "+" else -1)
        moment = pl.when(pl.col("t") > NONE).then(pl.col("t"))
        if self.w.style.zone == "Z":
            expr = pl.from_epoch(moment, "s").dt.replace_time_zone("UTC")
        else:
            expr = pl.from_epoch(moment + shift, "s").dt.strftime("%Y-%m-%dT%H:%M:%S") + zone
        return s.to_frame().select(expr)["t"]

    def currency(self, country: Any) -> np.ndarray:
        """Currency of a country."""
        return np.array([c.currency for c in self.w.countries])[np.asarray(country, np.int64)]

    def lossy(self, kind: str, numbers: Ints) -> pl.Series:
        """Ids of which some were not recorded."""
        gone = self.rng.random(len(numbers)) < self.w.style.missing
        return self.id(kind, np.where(gone, NONE, numbers))

    def save(self, name: str, columns: dict[str, Any]) -> None:
        """Write one table, if the style has it, rows in no order."""
        wanted = self.w.style.tables.get(name, ())
        if name not in self.w.style.tables:
            return
        frame = pl.DataFrame(columns)
        if wanted is not None:
            frame = frame.select(wanted)
        if frame.height:
            frame = frame[self.rng.permutation(frame.height)]
        if self.w.style.file_format == "csv":
            frame.write_csv(self.out / f"{name}.csv")
        else:
            frame.write_parquet(self.out / f"{name}.parquet")

    def write(self) -> None:
        """All tables and the truth."""
        self.out.mkdir(parents=True, exist_ok=True)
        self._orders()
        self._reviews()
        self._catalogue()
        self._promotions()
        self._cards()
        self._attributes()
        self._talk()

    def _orders(self) -> None:
        w, o = self.w, self.o
        n = len(o["t"])
        category = np.where(o["category"] >= 0, o["category"], w.cat[o["listing"]])
        amount = pl.Series(o["amount"])
        self.save("orders", {
            "order_id": self.id("order", np.arange(n)), "buyer_id": self.id("buyer", o["buyer"]), "listing_id": self.id("listing", o["listing"]),
            "ordered_at": self.time(o["t"]), "seller_id": self.id("seller", w.seller[o["listing"]]), "amount": amount,
            "currency": self.currency(w.l_country[o["listing"]]), "discount": o["discount"], "subsidy": o["subsidy"],
            "voucher_id": self.id("voucher", o["voucher"]), "campaign_id": self.id("campaign", o["campaign"]), "payment_id": self.lossy("pay", o["pay"]),
            "address_id": self.lossy("addr", o["addr"]), "device_id": self.lossy("dev", o["dev"]), "status": STATUS[o["status"]],
            "delivered_at": self.time(o["delivered"]), "cancelled_at": self.time(o["cancelled"]), "refunded_at": self.time(o["refunded"]),
            "refund_amount": pl.Series(o["refund"]).fill_nan(None), "refund_payment_id": self.id("pay", o["refund_pay"]),
            "refund_reason": np.array([*REASONS, None], object)[o["reason"]].tolist(), "parcel_weight_g": pl.Series(o["weight"]).fill_nan(None),
            "tracking_id": self.id("parcel", np.unique(o["parcel"], return_inverse=True)[1]), "category_id": [f"c{x:02d}" for x in category],
        })  # fmt: skip

    def _reviews(self) -> None:
        r = self.r
        text = opinions(self.rng, len(r["t"]))
        own = np.array([*self.w.texts, ""])
        text = np.where(r["text"] >= 0, own[r["text"]], text)
        self.save("reviews", {
            "review_id": self.id("review", np.arange(len(r["t"]))), "buyer_id": self.id("buyer", r["buyer"]), "listing_id": self.id("listing", r["listing"]),
            "reviewed_at": self.time(r["t"]), "rating": r["rating"], "order_id": self.id("order", r["order"]), "verified": r["verified"],
            "text": pl.Series(text).replace("", None),
        })  # fmt: skip

    def _catalogue(self) -> None:
        w = self.w
        countries = np.array([c.code for c in w.countries])
        self.save(
            "buyers",
            {
                "buyer_id": self.id("buyer", np.arange(w.n)),
                "created_at": self.time(w.born),
                "country": countries[w.country],
            },
        )
        self.save(
            "sellers",
            {
                "seller_id": self.id("seller", np.arange(w.k)),
                "created_at": self.time(w.s_born),
                "country": countries[w.s_country],
            },
        )
        self.save("listings", {
            "listing_id": self.id("listing", np.arange(w.m)), "seller_id": self.id("seller", w.seller), "category_id": [f"c{x:02d}" for x in w.cat],
            "title": titles(self.rng, w.cat), "price": w.price, "currency": self.currency(w.l_country),
            "catalogue_weight_g": pl.Series(w.catalogue).fill_nan(None), "created_at": self.time(w.l_born),
        })  # fmt: skip
        there = [(i, t, w.cat[i], c) for i, t, _, c, _ in w.switches]
        back = [(i, u, c, w.cat[i]) for i, _, u, c, _ in w.switches if u]
        rows = np.array(there + back + w.hops, np.int64).reshape(-1, 4)
        self.save("category_changes", {
            "listing_id": self.id("listing", rows[:, 0]), "changed_at": self.time(rows[:, 1]),
            "from_category": [f"c{x:02d}" for x in rows[:, 2]], "to_category": [f"c{x:02d}" for x in rows[:, 3]],
        })  # fmt: skip

    def _promotions(self) -> None:
        v, c = {k: np.array(x) for k, x in self.p.v.items()}, {k: np.array(x) for k, x in self.p.c.items()}
        code = c["voucher"].astype(np.int64)
        self.save("campaigns", {
            "campaign_id": self.id("campaign", np.arange(len(code))), "starts_at": self.time(c["start"]), "ends_at": self.time(c["end"]),
            "category_id": [f"c{int(x):02d}" for x in c["category"]], "min_spend": v["least"][code], "max_discount": v["most"][code],
            "currency": self.currency(c["country"]),
        })  # fmt: skip
        self.save("vouchers", {
            "voucher_id": self.id("voucher", np.arange(len(v["kind"]))), "campaign_id": self.id("campaign", v["campaign"]),
            "kind": np.array(KINDS)[v["kind"].astype(np.int64)], "funded_by": np.where(v["platform"] > 0, "platform", "seller"),
            "min_spend": v["least"], "max_discount": v["most"], "currency": self.currency(v["country"]),
        })  # fmt: skip

    def _cards(self) -> None:
        w = self.w
        k, x = w.cards.all(), w.redeemed.all()
        n = len(k["t"])
        self.save("gift_cards", {
            "card_id": self.id("card", np.arange(n)), "face_value": k["face"], "currency": self.currency(k["country"]), "source": SOURCES[k["source"].astype(np.int64)],
            "purchaser_id": self.id("buyer", k["purchaser"]), "purchase_payment_id": self.id("pay", k["pay"]), "batch_id": self.id("batch", k["batch"]),
            "issued_at": self.time(k["t"]),
        })  # fmt: skip
        card = x["card"].astype(np.int64)
        self.save("redemptions", {
            "redemption_id": self.id("redemption", np.arange(len(card))), "card_id": self.id("card", card), "buyer_id": self.id("buyer", x["buyer"]),
            "redeemed_at": self.time(x["t"]), "amount": np.round(k["face"][card] * x["share"], 2) if len(card) else x["share"],
        })  # fmt: skip

    def _attributes(self) -> None:
        w = self.w
        everything = np.arange(w.counts["addr"])
        countries = np.array([c.code for c in w.countries])
        land, city = np.concatenate(w.addr_country), np.concatenate(w.addr_city)
        kind = PLACES[np.concatenate(w.kinds["addr"])]
        unsure = np.where(self.rng.random(len(kind)) < 0.3, "unknown", kind)  # the platform does not know every place
        self.save("addresses", {
            "address_id": self.id("addr", everything), "kind": unsure, "country": countries[land], "city": [f"town{x}" for x in city],
            "postcode": [f"{x:02d}{y:03d}" for x, y in zip(city, everything * 37 % 400, strict=True)],
        })  # fmt: skip
        kinds = np.concatenate(w.kinds["pay"])
        self.save(
            "payment_instruments",
            {
                "payment_id": self.id("pay", np.arange(len(kinds))),
                "kind": PAYMENTS[kinds],
                "issuer": [f"bank{x % 23}" for x in range(len(kinds))],
            },
        )
        x = {k: v.astype(np.int64) for k, v in w.links.all().items()}
        parts = []
        for a, thing in enumerate(THINGS):
            here = x["attribute"] == a
            account = np.where(x["kind"][here] == 0, x["account"][here], NONE)
            shop = np.where(x["kind"][here] == 1, x["account"][here], NONE)
            parts.append(pl.DataFrame({
                "account_id": self.id("buyer", account).fill_null(self.id("seller", shop)), "account_kind": np.where(account >= 0, "buyer", "seller"),
                "attribute_kind": np.full(len(account), ATTRIBUTES[a]), "attribute_id": self.id(thing, x["value"][here]),
                "first_seen": self.time(np.minimum(x["t"], x["t2"])[here]), "last_seen": self.time(x["t2"][here]),
            }))  # fmt: skip
        links = pl.concat(parts).unique(
            ["account_id", "attribute_kind", "attribute_id"], keep="first", maintain_order=True
        )
        self.save("account_links", links.to_dict())

    def _talk(self) -> None:
        w = self.w
        t = {k: v if k == "amount" else v.astype(np.int64) for k, v in w.transfers.all().items()}
        source = self.id("bank", t["source"]).fill_null(self.id("seller", t["seller"]))
        land = w.country[t["buyer"]]
        scale = np.array([c.decimals for c in w.countries])[land]
        self.save("transfers", {
            "transfer_id": self.id("transfer", np.arange(len(land))), "buyer_id": self.id("buyer", t["buyer"]), "at": self.time(t["t"]),
            "amount": np.where(scale == 0, np.round(t["amount"]), np.round(t["amount"], 2)), "currency": self.currency(land), "source_id": source,
            "payment_id": self.id("pay", t["pay"]),
        })  # fmt: skip
        m = {k: v.astype(np.int64) for k, v in w.messages.all().items()}
        self.save("messages", {
            "message_id": self.id("message", np.arange(len(m["t"]))), "seller_id": self.id("seller", m["seller"]), "buyer_id": self.id("buyer", m["buyer"]),
            "sent_at": self.time(m["t"]), "order_id": pl.Series([None] * len(m["t"]), dtype=pl.String), "text": np.array([*w.texts, ""])[m["text"]],
        })  # fmt: skip
        c = {k: v.astype(np.int64) for k, v in w.clicks.all().items()}
        once = np.unique(np.stack([c["buyer"], c["listing"], c["t"]]), axis=1, return_index=True)[1]
        c = {k: v[once] for k, v in c.items()}
        self.save("clicks", {
            "buyer_id": self.id("buyer", c["buyer"]), "listing_id": self.id("listing", c["listing"]), "clicked_at": self.time(c["t"]),
            "session_id": self.id("session", c["buyer"] * 1000 + (c["t"] - w.start) // DAY % 1000) if len(c["t"]) < 1 else self.id("session", np.unique(c["buyer"] * 1000 + (c["t"] - w.start) // DAY, return_inverse=True)[1]),
        })  # fmt: skip


def truth(e: Export) -> None:
    """What was planted, in the contract's files, and the innocent groups."""
    w, o, out = e.w, e.o, e.out / "truth"
    out.mkdir(exist_ok=True)
    rings = np.arange(len(w.rings))
    pl.DataFrame(
        {
            "ring_id": [f"R{i:03d}" for i in rings],
            "scheme": [r.scheme for r in w.rings],
            "level": [r.level for r in w.rings],
        }
    ).write_csv(out / "rings.csv")
    for name, column in (("members", "buyer"), ("targets", "listing")):
        sets = [getattr(r, name) for r in w.rings]
        number = np.repeat(rings, [len(s) for s in sets])
        what = np.concatenate(sets) if sets else np.empty(0, np.int64)
        pl.DataFrame({"ring_id": [f"R{i:03d}" for i in number], f"{column}_id": e.id(column, what)}).write_csv(
            out / f"{name}.csv"
        )
    mine = np.flatnonzero((o["ring"] >= 0) & ("orders" in w.style.tables))
    pl.DataFrame({"order_id": e.id("order", mine), "ring_id": [f"R{i:03d}" for i in o["ring"][mine]]}).write_csv(
        out / "orders.csv"
    )
    switched = [(i, t, u) for i, t, u, _, own in w.switches if own]
    planted = np.array(switched + w.moved, np.int64).reshape(-1, 3)
    pl.DataFrame(
        {
            "listing_id": e.id("listing", planted[:, 0]),
            "starts_at": e.time(planted[:, 1]),
            "ends_at": e.time(planted[:, 2]),
        }
    ).write_csv(out / "category_switches.csv")
    parts = [
        pl.DataFrame(
            {"trap_id": f"T{i:03d}", "kind": t.kind, "entity_kind": t.entity, "entity_id": e.id(t.entity, t.members)}
        )
        for i, t in enumerate(w.traps)
    ]
    pl.concat(parts).write_csv(out / "traps.csv")
    if "account_links" in w.style.tables:
        pairs = np.array(w.pairs, np.int64).reshape(-1, 2)
        pl.DataFrame({"seller_a": e.id("seller", pairs[:, 0]), "seller_b": e.id("seller", pairs[:, 1])}).write_csv(
            out / "linked_sellers.csv"
        )
    if "messages" in w.style.tables:
        label = w.messages.all()["label"].astype(np.int64)
        pl.DataFrame({"message_id": e.id("message", np.arange(len(label))), "solicitation": label > 0}).write_csv(
            out / "messages.csv"
        )
