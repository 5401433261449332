"""Ids, titles and review texts, made in columns."""

from zlib import crc32

import numpy as np
import polars as pl

from tests.foreign.world import Ints

_WIDE = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "S1")
_MASK = (1 << 40) - 1


def scramble(numbers: Ints, salt: str) -> Ints:
    """One to one, and without any order: what is close before is far apart after."""
    x = numbers.astype(np.uint64) + np.uint64(crc32(salt.encode()))
    for factor in (0x9E3779B1, 0x85EBCA6B):
        x = (x * np.uint64(factor | 1)) & np.uint64(_MASK)
        x ^= x >> np.uint64(19)
    return x.astype(np.int64)


def spell(numbers: Ints, alphabet: int, length: int) -> np.ndarray:
    """Numbers in another base, always so many signs."""
    digits = (
        numbers[:, None] // np.power(np.int64(alphabet), np.arange(length - 1, -1, -1), dtype=np.int64)
    ) % alphabet
    return np.ascontiguousarray(_WIDE[digits]).view(f"S{length}").ravel().astype(str)


def _shuffled(n: int, seed: list[int]) -> Ints:
    """The numbers below n in another order, each block of powers of two by itself.

    So a number's place does not depend on n: an account is named alike in every table, whatever the largest there is.
    """
    blocks, low = [np.zeros(1, np.int64)], 1
    while low < n:
        blocks.append(low + np.random.default_rng([*seed, low]).permutation(low))
        low *= 2
    return np.concatenate(blocks)[:n].astype(np.int64)


def ids(kind: str, numbers: Ints, style: str, seed: int) -> pl.Series:
    """Ids in the style's spelling; null where the number is negative."""
    full = np.arange(max(0, int(numbers.max(initial=0))) + 1)
    mixed = scramble(full, f"{kind}{seed}")
    if style == "letters":
        names = pl.Series(np.char.add(kind[0].upper(), spell(mixed, 36, 9)))
    elif style == "digits":
        names = pl.Series(mixed + 10**12).cast(pl.String)
    elif style == "short":
        names = pl.Series(_shuffled(len(full), [seed, crc32(kind.encode())]) + 1).cast(pl.String)
    else:
        tail = np.char.lower(spell(scramble(full, f"{kind}-tail{seed}"), 16, 12))
        head = np.char.lower(spell(mixed, 16, 12))
        names = (
            pl.Series([f"{a[:8]}-{a[8:]}-4{b[:3]}-{b}" for a, b in zip(head, tail, strict=True)])
            if style == "uuid"
            else pl.Series(head)
        )
    index = pl.Series(np.where(numbers < 0, 0, numbers))
    return pl.DataFrame({"x": names.gather(index), "ok": numbers >= 0}).select(pl.when("ok").then("x").alias("x"))["x"]


_OPEN = (
    "Great",
    "Nice",
    "Okay",
    "Bad",
    "Lovely",
    "Decent",
    "Works",
    "Poor",
    "Good value",
    "Cheap",
    "Solid",
    "As described",
    "Meh",
    "Perfect",
    "Fast",
)
_WHAT = (
    "fit",
    "colour",
    "quality",
    "delivery",
    "packaging",
    "material",
    "price",
    "taste",
    "size",
    "sound",
    "finish",
    "battery",
    "seller",
    "smell",
)
_END = ("would buy again", "for my mother", "used it for two weeks", "as a present", "not sure yet", "kids like it", "returned the first one",
        "second purchase", "better than my old one", "a bit small", "arrived late", "no complaints")  # fmt: skip


_STORY = (
    "my sister borrowed it at once", "fits under the sink", "I had hoped for a manual", "it survived the dishwasher", "the dog is afraid of it",
    "goes well with the curtains", "took a while to get used to it", "left it in the rain by mistake", "the button sits on the wrong side",
    "neighbours asked about it", "had to file off an edge", "replaced one that lasted nine years", "too loud for the evening", "holds more than it looks",
)  # fmt: skip


def opinions(rng: np.random.Generator, n: int) -> np.ndarray:
    """Texts of ordinary people: a third write nothing, half a few words, the others what happened to them."""
    a, b, c, d, e = (np.array(x)[rng.integers(0, len(x), n)] for x in (_OPEN, _WHAT, _END, _STORY, _STORY))
    short = np.char.add(np.char.add(a, " "), np.char.add(b, np.char.add(", ", c)))
    long = np.char.add(np.char.add(short, np.char.add(". ", d)), np.char.add("; ", e))
    few = np.where(rng.random(n) < 0.5, a, short)
    return np.select([(x := rng.random(n)) < 0.33, x < 0.67], ["", few], long)


_NOUN = (
    "lamp",
    "mug",
    "cable",
    "notebook",
    "shirt",
    "bottle",
    "toy",
    "pan",
    "cream",
    "feed",
    "drill",
    "poster",
    "bag",
    "clock",
    "mat",
    "ring",
)
_KIND = ("steel", "cotton", "mini", "pro", "eco", "classic", "kids", "XL", "vintage", "soft", "smart", "travel")


def titles(rng: np.random.Generator, category: Ints) -> np.ndarray:
    """What is sold, by shelf."""
    noun = np.array(_NOUN)[category % len(_NOUN)]
    kind = np.array(_KIND)[rng.integers(0, len(_KIND), len(category))]
    return np.char.add(
        np.char.add(kind, " "), np.char.add(noun, np.char.mod(" %d", rng.integers(1, 900, len(category))))
    )
