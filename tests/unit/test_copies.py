"""Near-copies in several scripts, and what is no copy."""

from __future__ import annotations

import polars as pl
import pytest

from toolkit import copies
from toolkit.copies import alike, bare, folded

LONG = {
    "en": ("The colour is better than in the pictures and it came in two days, I am very happy with it", "very", "so"),
    "th": ("ของจริงสวยกว่าในรูปมาก จัดส่งไวมาก ร้านบริการดีสุด ๆ แนะนำเลยสำหรับคนที่ยังลังเล", "ไว", "เร็ว"),
    "zh": ("质量非常好，实物比图片还要漂亮，发货超级快，客服态度也特别好，还在犹豫的朋友可以放心下单", "超级", "特别"),
    "vi": (
        "Chất lượng tuyệt vời, nhìn ngoài còn đẹp hơn trong ảnh, giao hàng siêu nhanh, shop rất nhiệt tình",
        "siêu",
        "rất",
    ),
    "ar": ("الجودة ممتازة والتوصيل سريع جدا والبائع متعاون وأنصح به كل من يفكر في الشراء", "جدا", "حقا"),
}


def of(*texts: str) -> pl.Series:
    return pl.DataFrame({"text": texts}).select(bare(folded(pl.col("text")))).to_series()


@pytest.mark.parametrize("language", sorted(LONG))
def test_one_word_changed_is_a_copy_in_any_script(language: str) -> None:
    text, before, after = LONG[language]
    others = [one for name, (one, _, _) in LONG.items() if name != language]
    assert text != text.replace(before, after)
    assert alike(of(text, *others, text.replace(before, after)), 0.65).tolist() == [0, 1, 2, 3, 4, 0]


def test_marks_case_accents_and_numbers_make_no_other_text() -> None:
    texts = of("Très bien!!! Livré en 2 jours 😀", "tres bien, livre en 3 jours", "trop petit")
    assert texts[0] == texts[1]
    assert alike(texts, 0.65).tolist() == [0, 0, 2]


def test_what_is_shorter_than_a_shingle_is_like_its_equal_alone() -> None:
    assert alike(of("ok", "good", "ok", "goof"), 0.1).tolist() == [0, 1, 0, 3]


def test_copies_of_copies_are_one_group() -> None:
    words = [f"word{'abcdefghijklmnopqrstuvwxyz'[n]}x" for n in range(26)]
    chain = [" ".join(words[n : n + 16]) for n in range(0, 10, 2)]
    assert alike(of(*chain), 0.6).tolist() == [0] * 5
    assert alike(of(chain[0], chain[-1]), 0.6).tolist() == [0, 1]


def test_texts_of_two_writers_are_never_one() -> None:
    text, before, after = LONG["en"]
    texts = of(text, text, text.replace(before, after), text.replace(before, after))
    assert alike(texts, 0.65).tolist() == [0, 0, 0, 0]
    assert alike(texts, 0.65, writers=pl.Series([1, 2, 2, 1])).tolist() == [0, 1, 1, 0]


def test_the_order_of_texts_does_not_matter() -> None:
    text, before, after = LONG["en"]
    mixed = of("something else entirely, and nothing more", text.replace(before, after), text)
    assert alike(mixed, 0.65).tolist() == [0, 1, 1]
    assert alike(mixed.reverse(), 0.65).tolist() == [0, 0, 2]


def test_hostile_texts_are_texts() -> None:
    long = "abcdefgh" * 500_000
    odd = [
        "\x00\x01\x02 nothing to see here",
        "\U0001f600" * 50,
        "\u200d\u202e" * 30,
        "   ",
        long,
        long + "x",
        "\ud7ff" * 9,
    ]
    assert alike(of(*odd), 0.65).tolist() == [0, 1, 1, 1, 4, 4, 6]


def test_batches_of_bytes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [
        f"{one}{other} and what comes after {other}{one} in every one of these" for one in "abcdefgh" for other in "xyz"
    ]
    at_once = alike(of(*words, *LONG["en"]), 0.65)
    monkeypatch.setattr(copies, "BATCH", 150)
    assert alike(of(*words, *LONG["en"]), 0.65).tolist() == at_once.tolist()
    assert len(set(at_once)) > 1


def test_no_text_has_no_copies() -> None:
    assert alike(pl.Series([], dtype=pl.String), 0.65).tolist() == []


def test_the_estimate_is_near_the_similarity() -> None:
    """Of pairs whose shingles have a Jaccard similarity well over or under the bar, all are judged right."""
    import numpy as np

    rng = np.random.default_rng(5)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    right, asked = 0, 0
    for _ in range(200):
        text = "".join(rng.choice(letters, 120))
        cut = int(rng.integers(0, 100))
        other = text[: 120 - cut] + "".join(rng.choice(letters, cut))
        ours, theirs = ({one[i : i + 6] for i in range(115)} for one in (text, other))
        similarity = len(ours & theirs) / len(ours | theirs)
        if abs(similarity - 0.65) > 0.2:
            asked += 1
            right += (alike(of(text, other), 0.65)[1] == 0) == (similarity > 0.65)
    assert asked > 100
    assert right == asked
