"""The gate: which verdicts make an alert, and which never do, however loud."""

from __future__ import annotations

import polars as pl
import pytest

from toolkit.config import ScoreSettings, Settings
from toolkit.contracts.candidates import AT_STAR, CORE, WHOLE, Candidates
from toolkit.contracts.judged import JUDGED
from toolkit.contracts.plugins import NO_EXTRA
from toolkit.score.model import VOICE, judged
from toolkit.score.run import kept_readings

LOUD = 300.0


def _tier(
    *tests: tuple[str, str], surprise: float = LOUD, origin: str = "listings", size: int = 20, home: int = 1
) -> str:
    """Tier of one candidate of which each (family, test) speaks that loud, and `home` accounts live together."""
    rows = [{"candidate": 0, "family": family, "test": test, "surprise": surprise} for family, test in tests]
    verdicts = pl.DataFrame([dict.fromkeys(JUDGED) | row for row in rows], schema=JUDGED)
    sizes = pl.DataFrame(
        {"candidate": [0], "size": [size], "actors": [size - home + 1], "origin": [origin]},
        schema_overrides={"candidate": pl.UInt32},
    )
    return str(judged(verdicts, sizes, ScoreSettings())["tier"][0])


def test_links_alone_never_alert() -> None:
    families = {"f3_shared_attributes": "identity", "f4_funding_source": "funding", "f7_refunded_elsewhere": "refund"}
    assert _tier(*((family, test) for test, family in families.items())) == "lead"


def test_behaviour_alone_never_alerts() -> None:
    tests = [test for test, voice in VOICE.items() if voice == "behaviour"]
    assert _tier(*(("target", test) for test in tests)) == "lead"


@pytest.mark.parametrize(
    ("family", "test"),
    [("conversion", "f6_review_conversion"), ("logistics", "f7_light_parcel"), ("identity", "f3_shared_attributes")],
)
def test_two_voices_alert(family: str, test: str) -> None:
    assert _tier((family, test)) == "lead"
    assert _tier((family, test), ("target", "f4_listing_ordered")) == "strong"


def test_a_gift_card_finding_alerts_alone() -> None:
    assert _tier(("gift_card", "f1_gift_card_after_review")) == "strong"


def test_what_does_not_speak_is_not_heard() -> None:
    quiet = ScoreSettings().family_surprise - 0.1
    assert _tier(("conversion", "f6_review_conversion"), ("target", "f4_listing_ordered"), surprise=quiet) == "lead"


def test_a_shop_does_not_vouch_for_its_own_buyers() -> None:
    given = (("logistics", "f7_light_parcel"), ("target", "f4_seller_ordered"))
    assert _tier(*given, origin="star") == "lead"
    assert _tier(*given, origin="listings") == "strong"


def test_births_that_a_code_asks_for_are_no_second_voice() -> None:
    born, code, shared = ("identity", "f4_created_on"), ("subsidy", "f4_voucher"), ("identity", "f3_shared_attributes")
    assert _tier(born, code) == "lead"
    assert _tier(born, code, ("target", "f4_listing_ordered")) == "strong"
    assert _tier(born, code, shared) == "strong"


def test_births_of_what_births_and_attributes_proposed_must_be_loud() -> None:
    both = (("identity", "f3_shared_attributes"), ("identity", "f4_created_on"), ("target", "f4_listing_ordered"))
    assert _tier(*both[:2], ("funding", "f4_funding_source"), origin="attributes", surprise=9.0) == "moderate"
    quiet = ScoreSettings().built_of - 0.5
    assert _tier(*both[:2], ("funding", "f4_funding_source"), origin="attributes", surprise=quiet) == "lead"
    assert _tier(*both, origin="listings", surprise=quiet) == "moderate"


def test_homes_that_use_a_code_are_no_second_voice() -> None:
    shared, code = ("identity", "f3_shared_attributes"), ("subsidy", "f4_voucher")
    assert _tier(shared, code, origin="attributes") == "lead"
    assert _tier(shared, code, ("target", "f4_listing_ordered"), origin="attributes") == "strong"
    assert _tier(shared, code, ("identity", "f4_created_on"), origin="attributes") == "strong"
    assert _tier(shared, code, origin="together") == "strong"


def test_when_members_acted_is_no_voice_of_its_own() -> None:
    acted = ("synchrony", "f5_synchrony")
    assert _tier(acted, ("identity", "f3_shared_attributes")) == "lead"
    assert _tier(acted, ("conversion", "f6_rating")) == "lead"
    assert _tier(acted, ("conversion", "f6_rating"), ("target", "f4_listing_ordered")) == "strong"


def test_common_purchases_of_a_linked_community_must_be_loud() -> None:
    both = (("identity", "f3_shared_attributes"), ("target", "f4_listing_ordered"))
    assert _tier(*both, surprise=4.9, origin="together") == "lead"
    assert _tier(*both, surprise=5.1, origin="together") == "moderate"


def test_what_a_community_met_on_does_not_vouch_for_it() -> None:
    refunds = (("identity", "f4_refund_instrument"), ("refund", "f7_refunded"))
    assert _tier(*refunds, origin="together") == "lead"
    assert _tier(*refunds, ("refund", "f7_refund_habit"), origin="together") == "strong"


def test_a_large_family_shops_together_and_is_no_ring() -> None:
    both = (("identity", "f3_shared_attributes"), ("target", "f4_listing_ordered"))
    assert _tier(*both, size=7) == "lead"
    assert _tier(*both, size=8) == "strong"
    assert _tier(*both, ("logistics", "f7_light_parcel"), size=7) == "strong"


def test_a_home_of_more_accounts_is_one_family_too() -> None:
    both = (("identity", "f3_shared_attributes"), ("target", "f4_listing_ordered"))
    assert _tier(*both, size=11, home=9) == "lead"
    assert _tier(*both, size=11, home=3) == "strong"
    assert _tier(*both, ("subsidy", "f7_cancelled_after_subsidy"), size=11, home=9) == "strong"


def _stays(*read: tuple[int, int, float]) -> list[int]:
    """The candidates that stay of readings of one proposal: which reading, size, what a second voice says."""
    rows = [
        {"candidate": n, "family": family, "test": test, "surprise": surprise}
        for n, _, second in read
        for family, test, surprise in (("target", "f4_listing_ordered", 9.0), ("conversion", "f6_rating", second))
    ]
    verdicts = pl.DataFrame([dict.fromkeys(JUDGED) | row for row in rows], schema=JUDGED)
    columns = {"candidate": pl.UInt32, "proposal": pl.UInt32, "reading": pl.UInt8, "origin": pl.String}
    each = [(n, 0, n, "listings") for n, size, _ in read for _ in range(size)]
    members = pl.DataFrame(each, schema=columns, orient="row")
    actors = members.group_by("candidate").agg(actors=pl.len())
    kept, told = kept_readings(Candidates(members, pl.DataFrame()), actors, verdicts, Settings(), NO_EXTRA)
    assert told["candidate"].equals(kept)
    return kept.to_list()


def test_a_reading_that_is_an_alert_stays_before_a_larger_that_is_none() -> None:
    assert _stays((WHOLE, 20, 1.0), (CORE, 12, 3.0)) == [CORE]
    assert _stays((WHOLE, 20, 4.0), (CORE, 12, 3.0)) == [WHOLE]


def test_of_readings_of_which_as_much_speaks_the_larger_stays() -> None:
    assert _stays((WHOLE, 20, 3.0), (CORE, 12, 3.0)) == [WHOLE]


def test_what_is_left_at_a_star_stays_where_nothing_else_is_an_alert() -> None:
    assert _stays((WHOLE, 20, 3.0), (AT_STAR, 9, 9.0)) == [WHOLE]
    assert _stays((WHOLE, 20, 1.0), (CORE, 15, 1.0), (AT_STAR, 9, 3.0)) == [AT_STAR]
