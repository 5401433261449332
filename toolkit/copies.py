"""Near-copies: which texts are one text but for small changes, in any script.

Two texts are alike by the Jaccard similarity of their shingles, estimated by MinHash (Broder 1997) and looked for in
bands (Leskovec, Rajaraman and Ullman 2014, chapter 3): 16 bands of 4 of 64 values find a pair of similarity 0.65 in 95
of 100 cases, one of 0.8 nearly always. Shingles are bytes of UTF-8, so that one has about as much in it in Chinese (two
signs) as in Latin letters (six), and no words need be known. Cost: about 40 microseconds a distinct text; the library
for it that is written in Rust, ten times as fast, can't be loaded beside the embedded store's engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHINGLE: Final = 6
"""Bytes in a shingle."""
BANDS: Final = 16
BAND: Final = 4
"""Values in a band."""
LENGTH: Final = 1_000
"""Signs of a text that are looked at: who copies that much copies."""
BATCH: Final = 2_000_000
"""Bytes of text that are read at a time; each takes some fifty in memory."""
PAIRS: Final = 5_000
"""Pairs of texts whose values are compared at a time."""


def folded(text: pl.Expr) -> pl.Expr:
    """A text as it is compared: compatible forms, lower case, no accents, no zero-width signs.

    Long numbers are order numbers, codes and prices; they become alike, so that one template is one text.
    """
    bare = text.str.normalize("NFKC").str.to_lowercase().str.normalize("NFD")
    plain = bare.str.replace_all(r"[\p{Mn}\p{Cf}]", "").str.replace_all("đ", "d").str.normalize("NFC")
    return plain.str.replace_all(r"\d{3,}", "000")


def bare(text: pl.Expr) -> pl.Expr:
    """A folded text without what is changed in passing: its marks, symbols and blanks; its numbers are alike."""
    return text.str.replace_all(r"\d+", "0").str.replace_all(r"[\p{P}\p{S}\s]+", " ").str.strip_chars()


def alike(texts: pl.Series, similarity: float, *, writers: pl.Series | None = None) -> NDArray[np.int64]:
    """For each text the first place of a text that it is a near-copy of, its own where there is none before it.

    Copies of copies are one group. Equal texts are looked at once; a text of fewer bytes than a shingle is like equal
    ones only.

    Args:
        texts: Without nulls; as they are to be compared.
        similarity: Estimated Jaccard similarity from which two texts are one.
        writers: Codes; where given, texts of different writers are never one.
    """
    whose = pl.lit(0, pl.UInt32) if writers is None else writers.cast(pl.UInt32)
    every = pl.DataFrame({"text": texts}).with_columns(writer=whose)
    first = every.with_row_index("place").group_by("writer", "text").agg(pl.col("place").min()).sort("writer", "text")
    distinct = first.select(pl.col("text").unique().sort())
    row = first.join(distinct.with_row_index("row"), on="text", how="left", maintain_order="left")["row"]
    values = _signatures(distinct["text"])[row.to_numpy()]
    group = _grouped(values, first["writer"].to_numpy().astype(np.uint64), similarity)
    lowest = first.with_columns(group=pl.Series(group)).with_columns(pl.col("place").min().over("group"))
    own = every.join(lowest, on=["writer", "text"], how="left", maintain_order="left")
    return own["place"].cast(pl.Int64).to_numpy()


def _signatures(texts: pl.Series) -> NDArray[np.uint64]:
    """MinHash values, one row a text; all zeros for one that is too short to have any."""
    from datasketch import MinHash

    found = np.zeros((len(texts), BANDS * BAND), np.uint64)
    texts = texts.str.slice(0, LENGTH)
    batch = texts.str.len_bytes().cum_sum() // BATCH
    for start in batch.arg_unique():
        hashes, bounds = _shingles(texts.filter(batch == batch[start]))
        sets = (hashes[bounds[n] : bounds[n + 1]] for n in range(len(bounds) - 1))
        sketches = MinHash.generator(sets, num_perm=BANDS * BAND, seed=1, hashfunc=int)
        for place, sketch in enumerate(sketches, start):
            found[place] = sketch.hashvalues
    found[(texts.str.len_bytes() < SHINGLE).to_numpy()] = 0
    return found


def _shingles(texts: pl.Series) -> tuple[list[int], list[int]]:
    """The shingles of all texts, mixed to 32 bits as SplitMix64 does, and where each text's begin and end."""
    size = texts.str.len_bytes().to_numpy().astype(np.int64)
    letters = np.frombuffer("".join(texts).encode() + bytes(SHINGLE), np.uint8).astype(np.uint64)
    value = np.zeros(letters.size - SHINGLE + 1, np.uint64)
    for place in range(SHINGLE):
        value = (value << np.uint64(8)) | letters[place : place + value.size]
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) >> np.uint64(32)
    count = np.maximum(size - SHINGLE + 1, 0)
    bounds = np.concatenate(([0], np.cumsum(count)))
    start = np.cumsum(size) - size
    return value[np.repeat(start - bounds[:-1], count) + np.arange(bounds[-1])].tolist(), bounds.tolist()


def _grouped(values: NDArray[np.uint64], writer: NDArray[np.uint64], similarity: float) -> NDArray[np.int64]:
    """A number for each row; rows of one writer that are alike, by way of others too, have the same."""
    left, right = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    some = np.flatnonzero(values.any(axis=1))
    for band in range(BANDS):
        key = writer[some]
        for place in range(BAND):
            key = key * np.uint64(0x9E3779B97F4A7C15) + values[some, band * BAND + place]
        order = np.argsort(key, kind="stable")
        same = np.flatnonzero(key[order][1:] == key[order][:-1])
        left.append(some[order[same]])
        right.append(some[order[same + 1]])
    pairs = pl.Series(np.concatenate(left) * len(values) + np.concatenate(right)).sort()
    one, other = np.divmod(pairs.filter(pairs.ne_missing(pairs.shift())).to_numpy(), max(len(values), 1))
    shared = np.zeros(one.size)
    for low in range(0, one.size, PAIRS):
        part = slice(low, low + PAIRS)
        shared[part] = (values[one[part]] == values[other[part]]).mean(axis=1)
    near = (shared >= similarity) & (writer[one] == writer[other])
    joined = coo_array((np.ones(int(near.sum()), np.int8), (one[near], other[near])), shape=(len(values),) * 2)
    _, label = connected_components(joined, directed=False)
    return np.asarray(label, np.int64)
