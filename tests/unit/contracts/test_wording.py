"""The standing words of a report."""

from toolkit.contracts.results import SCHEMES
from toolkit.contracts.wording import CONTEST, FINDING_TITLES, finding_wording, not_observed, wording


def test_few_tests_that_were_off_are_named_with_the_reason():
    said = not_observed(wording("brushing"), (), (("co_click", "needs clicks"),))
    assert said[-1] == "Not tested on this input: co_click (needs clicks)."


def test_many_tests_that_were_off_take_one_sentence():
    off = tuple((f"test_{number}", "needs a table") for number in range(9))
    said = not_observed(wording("brushing"), (), off)
    assert said[-1].startswith("Not tested, for want of data (9 tests): test 0, test 1, ")
    assert sum("Not tested" in one for one in said) == 1


def test_every_kind_of_finding_says_how_to_contest_it_in_particular():
    for kind in FINDING_TITLES:
        words = finding_wording(kind)
        assert words.contest[1:] == CONTEST
        assert len(words.next_steps) == 4
        assert words.not_observed


def test_no_wording_gives_a_verdict():
    texts = [wording(scheme) for scheme in SCHEMES] + [finding_wording(kind) for kind in FINDING_TITLES]
    said = " ".join(str(one) for one in texts).lower()
    for word in ("fraudster", "guilty", "proved", "culprit", "cheat"):
        assert word not in said


def test_no_page_says_whom_vouchers_are_meant_for():
    """A ring's evidence rests on no voucher's kind, and a market may have no table of vouchers."""
    told = wording("voucher_farm")
    assert "meant for" not in told.about
    assert any("meant for is not in this evidence" in line for line in told.not_observed)
