"""The clean tables with every id coded to an integer: the one place where text ids become numbers and come back.

A code is the rank of its id among all ids of its kind, sorted as text, so codes do not depend on the order of rows.
Times are whole seconds since 1970 in UTC. Whoever wants to pseudonymise ids has to change this module only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from threading import RLock
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import polars as pl

from toolkit.parallel import at_once

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from toolkit.case import Case

KINDS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "buyer": (
        ("buyers", "buyer_id"),
        ("orders", "buyer_id"),
        ("reviews", "buyer_id"),
        ("redemptions", "buyer_id"),
        ("transfers", "buyer_id"),
        ("clicks", "buyer_id"),
    ),
    "seller": (("sellers", "seller_id"), ("orders", "seller_id"), ("listings", "seller_id")),
    "listing": (
        ("listings", "listing_id"),
        ("orders", "listing_id"),
        ("reviews", "listing_id"),
        ("clicks", "listing_id"),
    ),
    "campaign": (("campaigns", "campaign_id"), ("orders", "campaign_id"), ("vouchers", "campaign_id")),
    "voucher": (("vouchers", "voucher_id"), ("orders", "voucher_id")),
    "category": (("listings", "category_id"), ("orders", "category_id")),
    "payment": (("orders", "payment_id"), ("orders", "refund_payment_id"), ("gift_cards", "purchase_payment_id")),
    "address": (("addresses", "address_id"), ("orders", "address_id")),
    "device": (("orders", "device_id"),),
    "currency": (
        ("orders", "currency"),
        ("listings", "currency"),
        ("gift_cards", "currency"),
        ("transfers", "currency"),
    ),
    "reason": (("orders", "refund_reason"),),
    "tracking": (("orders", "tracking_id"),),
    "card": (("gift_cards", "card_id"),),
    "source": (("transfers", "source_id"),),
    "purchaser": (("gift_cards", "purchaser_id"),),
    "batch": (("gift_cards", "batch_id"),),
}
"""Kind of id -> the columns that hold it, besides `account_links`."""

OWN: Final = {"buyers": "buyer_id", "sellers": "seller_id", "listings": "listing_id", "addresses": "address_id"}
"""Tables of which each row is one id -> its column."""

SINGLE_KINDS: Final = ("tracking",)
"""Kinds whose ids hardly ever stand on two rows. Of these only ids that do have a place among `Market.ids`: each other
one has a code of its own beyond them, which tells it apart and can't be read back."""

SPARE: Final = 2
"""Bits more in a table of ids than number them: the more, the fewer are looked for elsewhere, and the more memory."""
PART: Final = 1 << 18
"""Ids that are looked up at a time, so that what is made on the way stays small."""

ACCOUNTS: Final = ("buyer", "seller")
LINKED_KINDS: Final = ("payment", "address", "device", "phone", "email", "ip", "bank")
ORDERED_KINDS: Final = ("payment", "address", "device")

CODED: Final[dict[str, dict[str, str]]] = {
    "orders": {
        "buyer_id": "buyer",
        "listing_id": "listing",
        "seller_id": "seller",
        "campaign_id": "campaign",
        "voucher_id": "voucher",
        "category_id": "category",
        "payment_id": "payment",
        "address_id": "address",
        "device_id": "device",
        "refund_payment_id": "payment",
        "refund_reason": "reason",
        "tracking_id": "tracking",
        "currency": "currency",
    },
    "reviews": {"buyer_id": "buyer", "listing_id": "listing"},
    "clicks": {"buyer_id": "buyer", "listing_id": "listing"},
    "messages": {"buyer_id": "buyer", "seller_id": "seller"},
    "listings": {"listing_id": "listing", "seller_id": "seller", "category_id": "category"},
    "buyers": {"buyer_id": "buyer"},
    "gift_cards": {
        "card_id": "card",
        "currency": "currency",
        "purchaser_id": "purchaser",
        "purchase_payment_id": "payment",
        "batch_id": "batch",
    },
    "redemptions": {"card_id": "card", "buyer_id": "buyer"},
    "transfers": {"buyer_id": "buyer", "source_id": "source", "currency": "currency"},
    "vouchers": {"voucher_id": "voucher", "campaign_id": "campaign"},
    "campaigns": {"campaign_id": "campaign", "category_id": "category"},
    "addresses": {"address_id": "address"},
}
"""Table -> column -> kind of id that it holds."""


def _renamed(column: str) -> str:
    return column.removesuffix("_id").removesuffix("_at") if column.endswith("_id") else column


def pair() -> pl.Expr:
    """Buyer and listing as one number: tables meet on one number in half the time that two columns take."""
    return pl.col("buyer").cast(pl.UInt64) * (1 << 32) + pl.col("listing")


@dataclass(frozen=True)
class _Index:
    """Where each id stands among all of its kind, found by a hash of its text.

    To look a number up costs a fraction of looking a text up, and a table by its first bits half of what a join does.
    No two ids have one hash, and none that of a missing one: the seed is chosen so.

    Attributes:
        ids: All ids, in the order of their codes.
        seed: Of the hash.
        hashes: Of each id, and of a missing one.
        table: First bits of a hash, code of the id that they lead to, of several the last; -1 where there is none.
        rest: Hashes of the ids that the table doesn't lead to, sorted, and of a missing one.
        rest_codes: Codes of these; -1 for a missing one.
    """

    ids: pl.Series
    seed: int
    hashes: NDArray[np.uint64]
    table: NDArray[np.int32]
    rest: NDArray[np.uint64]
    rest_codes: NDArray[np.int32]

    @classmethod
    def of(cls, ids: pl.Series) -> Self:
        """The index of distinct ids."""
        every = ids.extend_constant(None, 1)
        seed = next(seed for seed in count() if every.hash(seed).n_unique() == len(every))
        hashes, codes = every.hash(seed).to_numpy(), np.arange(len(ids), dtype=np.int32)
        table = np.full(1 << (len(ids).bit_length() + SPARE), -1, np.int32)
        places = _places(hashes[:-1], table)
        table[places] = codes
        left = codes[table[places] != codes]
        left = left[np.argsort(hashes[left])]
        return cls(ids, seed, hashes, table, hashes[np.append(left, -1)], np.append(left, np.int32(-1)))

    def codes(self, texts: pl.Series) -> pl.Series:
        """Codes of texts; null where a text is no id, whatever its hash."""
        found = self.known(texts)
        return pl.select(pl.when(self.ids.gather(found) == texts).then(found)).to_series().alias(texts.name)

    def known(self, ids: pl.Series) -> pl.Series:
        """Codes of texts that are all ids, or null: what has the hash of one is that one."""
        hashes = ids.hash(self.seed).to_numpy()
        codes = np.empty(hashes.size, np.int32)
        for low in range(0, hashes.size, PART):
            part = hashes[low : low + PART]
            found = self.table[_places(part, self.table)]
            other = np.flatnonzero((self.hashes[found] != part) & (found >= 0))
            place = np.searchsorted(self.rest[:-1], part[other])
            found[other] = np.where(self.rest[place] == part[other], self.rest_codes[place], -1)
            codes[low : low + PART] = found
        return pl.Series(ids.name, codes).cast(pl.UInt32, strict=False)


def _places(hashes: NDArray[np.uint64], table: NDArray[np.int32]) -> NDArray[np.int64]:
    """The first bits of hashes, as many as lead to all places of a table."""
    return (hashes >> np.uint64(65 - table.size.bit_length())).view(np.int64)


def _distinct(pairs: list[pl.DataFrame]) -> pl.DataFrame:
    """Distinct account, value, sorted by value and account: as one number each, which sorts several times faster."""
    empty = pl.DataFrame(schema={"account": pl.UInt32, "value": pl.UInt32})
    both = pl.col("value").cast(pl.UInt64) * 2**32 + pl.col("account")
    packed = pl.concat([part.select(both.alias("both")).drop_nulls() for part in [empty, *pairs]]).sort("both")
    new = packed.filter(pl.col("both").ne_missing(pl.col("both").shift()))
    return new.select(account=(pl.col("both") % 2**32).cast(pl.UInt32), value=(pl.col("both") // 2**32).cast(pl.UInt32))


@dataclass
class Market:
    """A case's clean tables, coded.

    Attributes:
        case: Where the tables lie.
    """

    case: Case
    _vocabularies: dict[str, pl.Series] = field(default_factory=dict, repr=False)
    _tables: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False)
    _indexes: dict[str, _Index] = field(default_factory=dict, repr=False)
    # Codes of columns that were read on the way to the ids, until their table is asked for.
    _early: dict[tuple[str, str], pl.Series] = field(default_factory=dict, repr=False)
    _held: dict[tuple[str, str], pl.DataFrame] = field(default_factory=dict, repr=False)
    _full: dict[tuple[str, str | None], bool] = field(default_factory=dict, repr=False)
    _locks: defaultdict[tuple[str, str], RLock] = field(default_factory=lambda: defaultdict(RLock), repr=False)

    def with_tables(self, tables: dict[str, pl.DataFrame]) -> Market:
        """The same market, with other rows in some of its coded tables; codes mean the same ids."""
        return Market(self.case, self._vocabularies, {**self._tables, **tables}, self._indexes, _full=self._full)

    def ids(self, kind: str) -> pl.Series:
        """All ids of a kind, sorted: the id of code i stands at place i. See also `SINGLE_KINDS`."""
        with self._locks["ids", kind]:
            if kind not in self._vocabularies:
                self._vocabularies[kind] = self._collect_ids(kind)
            return self._vocabularies[kind]

    def size(self, kind: str) -> int:
        """How many ids of that kind there are."""
        return len(self.ids(kind))

    def decode(self, kind: str, codes: Iterable[int] | pl.Series) -> pl.Series:
        """Ids of codes; null stays null."""
        series = codes if isinstance(codes, pl.Series) else pl.Series(list(codes), dtype=pl.UInt32)
        return self.ids(kind).gather(series.cast(pl.UInt32))

    def encode(self, kind: str, ids: pl.Series) -> pl.Series:
        """Codes of ids; null where an id is unknown."""
        return self._index(kind).codes(ids.cast(pl.String))

    def _index(self, kind: str) -> _Index:
        with self._locks["index", kind]:
            if kind not in self._indexes:
                self._indexes[kind] = _Index.of(self.ids(kind))
            return self._indexes[kind]

    def has(self, table: str, *columns: str) -> bool:
        """Whether the table is there, has rows, and each column holds at least one value."""
        return all(self._filled(table, column) for column in columns or (None,))

    def _filled(self, table: str, column: str | None) -> bool:
        """Whether a table has rows, or one of its columns a value; asked of the file once."""
        asked = (table, column)
        if asked not in self._full:
            there = self.case.has_table(table)
            count = pl.len() if column is None else pl.col(column).count()
            self._full[asked] = there and self.case.table(table).select(count).collect().item() > 0
        return self._full[asked]

    def table(self, name: str) -> pl.DataFrame:
        """A clean table, coded: ids as UInt32, times as Int64 seconds, `row` its place in the clean table.

        A column `x_id` is called `x`. Free text and keys of single rows stay in the Parquet file; `row` leads there.
        """
        with self._locks["table", name]:
            if name not in self._tables:
                self._tables[name] = self._code(name)
            return self._tables[name]

    def sent_back(self) -> pl.DataFrame:
        """The coded orders that were refunded and not cancelled: what was cancelled is always paid back."""
        cancelled = (pl.col("status").cast(pl.String) == "cancelled").fill_null(value=False)
        back = self.table("orders").filter(pl.col("refunded_at").is_not_null())
        return back.filter(~cancelled & pl.col("cancelled_at").is_null())

    def held(self, account: str, kind: str) -> pl.DataFrame:
        """Who was seen with what of one kind: account, value (code within its kind), sorted by value and account.

        One row an account and attribute. Addresses, instruments and devices of orders count as their buyer's.
        """
        with self._locks["held", ""]:
            if not self._held:
                links = {key: part for account in ACCOUNTS for key, part in self._linked(account).items()}
                frames = at_once(lambda name: self._of_kind(name, links), LINKED_KINDS)
                self._held |= {key: frame for found in frames for key, frame in found.items()}
            return self._held[account, kind]

    def _of_kind(self, kind: str, links: dict[tuple[str, str], pl.DataFrame]) -> dict[tuple[str, str], pl.DataFrame]:
        """Who holds attributes of one kind, by kind of account; takes their rows out of `links`."""
        held = {}
        for account in ACCOUNTS:
            found = [self._valued(kind, links.pop(key)) for key in [(account, kind)] if key in links]
            held[account, kind] = _distinct([*self._ordered(account, kind), *found])
        self._indexes.pop(kind, None)  # large, and hardly asked again
        return held

    def _ordered(self, account: str, kind: str) -> list[pl.DataFrame]:
        """account, value of the orders that name such an attribute."""
        if account != "buyer" or kind not in ORDERED_KINDS or not self.case.has_table("orders"):
            return []
        return [self.table("orders").select(account="buyer", value=kind)]

    def _linked(self, account: str) -> dict[tuple[str, str], pl.DataFrame]:
        """Kind of account and of attribute -> account (code), attribute_id of the rows of `account_links`."""
        if not self.case.has_table("account_links"):
            return {}
        rows = self.case.table("account_links").filter(pl.col("account_kind") == account)
        links = rows.select("attribute_kind", "account_id", "attribute_id").collect()
        index = self._index(account)
        codes = self._early.pop(("account_links", account), None)
        if codes is None:
            codes = index.known(links["account_id"])
        coded = links.select("attribute_kind", "attribute_id", account=codes)
        parts = coded.partition_by("attribute_kind", as_dict=True)
        return {(account, str(kind)): part for (kind,), part in parts.items()}

    def _valued(self, kind: str, part: pl.DataFrame) -> pl.DataFrame:
        return part.select("account", value=self._index(kind).known(part["attribute_id"]))

    def _collect_ids(self, kind: str) -> pl.Series:
        scans = self._naming(kind)
        listed = self._listed(kind, scans)
        if listed is not None:
            return listed
        twice = pl.col("id").hash().is_duplicated() if kind in SINGLE_KINDS else pl.lit(value=True)
        uniques = pl.collect_all([scan.drop_nulls().filter(twice).unique() for scan in scans.values()])
        if not uniques:
            return pl.Series("id", [], dtype=pl.String)
        return pl.concat(uniques)["id"].unique().sort()

    def _naming(self, kind: str) -> dict[tuple[str, str], pl.LazyFrame]:
        """Table and column, or kind of account or attribute -> the ids of a kind that they name, `id`."""
        scans = {
            (table, column): self.case.table(table).select(pl.col(column).cast(pl.String).alias("id"))
            for table, column in KINDS.get(kind, ())
            if self.case.has_table(table)
        }
        if self.case.has_table("account_links"):
            links = self.case.table("account_links")
            if kind in LINKED_KINDS:
                scans["account_links", kind] = links.filter(pl.col("attribute_kind") == kind).select(id="attribute_id")
            elif kind in ACCOUNTS:
                scans["account_links", kind] = links.filter(pl.col("account_kind") == kind).select(id="account_id")
        return scans

    def _listed(self, kind: str, scans: dict[tuple[str, str], pl.LazyFrame]) -> pl.Series | None:
        """The ids of a kind with a table of its own, where all others name no other; their codes are kept then.

        To code a column and see that no id is left over takes half of what it takes to find its ids first.
        """
        (table, column), *others = scans or [("", "")]
        if (table, column) not in OWN.items():
            return None
        ids = scans[table, column].drop_nulls().collect()["id"].unique().sort()
        index = _Index.of(ids)

        def coded(name: tuple[str, str]) -> pl.Series | None:
            texts = scans[name].collect()["id"]
            codes = index.codes(texts)
            return codes if codes.null_count() == texts.null_count() else None

        early = dict(zip(others, at_once(coded, others), strict=True))
        if any(codes is None for codes in early.values()):
            return None
        self._early |= {
            name: codes for name, codes in early.items() if codes is not None and name[1] not in LINKED_KINDS
        }
        self._indexes[kind] = index
        return ids

    def _coded(self, table: str, column: str) -> pl.Series:
        """Codes of a column of text; of ids that stand on one row only, see `SINGLE_KINDS`."""
        kind = CODED[table][column]
        index = self._index(kind)
        if (table, column) in self._early:
            return self._early.pop((table, column)).alias(column)
        texts = self.case.table(table).select(pl.col(column).cast(pl.String)).collect()[column]
        if kind not in SINGLE_KINDS:
            all_ids = (table, column) in KINDS[kind]
            return index.known(texts) if all_ids else self.encode(kind, texts)
        codes = self.encode(kind, texts)
        own = pl.int_range(self.size(kind), self.size(kind) + len(texts), dtype=pl.UInt32)
        return pl.select(pl.when(texts.is_not_null()).then(pl.coalesce(codes, own))).to_series()

    def _code(self, name: str) -> pl.DataFrame:
        """Read a column at a time on each processor, so that few columns of text are in memory."""
        scan, kinds = self.case.table(name), CODED[name]
        schema = scan.collect_schema()
        at_once(self._index, dict.fromkeys(kinds[column] for column in schema if column in kinds))

        def read(column: str) -> pl.Series:
            if column in kinds:
                return self._coded(name, column).alias(_renamed(column))
            times = isinstance(schema[column], pl.Datetime)
            return scan.select(pl.col(column).dt.epoch("s") if times else column).collect()[column]

        asked = [column for column, dtype in schema.items() if column in kinds or dtype != pl.String]
        return pl.DataFrame(at_once(read, asked)).with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"))
