"""The standing words of a report: one entry a scheme, one sentence a kind of finding.

They say what the pattern is consistent with, what the data can't show, the least intrusive step first, and what the
person concerned can bring. The seller rumour about gift cards is quoted as reported, never as a platform's method.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.contracts.report import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping


def counted(number: int, noun: str) -> str:
    """A number and what it counts: `1 ring`, `2,000 rings`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


_REVIEW_STEPS: Final = (
    "Hold the cited reviews back from the listing's rating while a person looks at them; nothing is deleted.",
    "Ask the seller for records: campaigns, inserts, agents and messages in the window of the evidence.",
    "Warn the seller with the statement of reasons, and give time to answer.",
    "Only then, and signed by a person: remove the reviews or restrict the seller. Act on reviews, not on buyers.",
)
_ORDER_STEPS: Final = (
    "Leave the cited orders out of sales counts and rankings while a person looks at them.",
    "Ask the seller for proof of shipment and payment of the cited orders.",
    "Hold back only the disputed subsidy of the cited orders, in its currency, with the statement of reasons.",
    "Only then, and signed by a person: void the orders or apply the platform's penalty.",
)
_ACCOUNT_STEPS: Final = (
    "Let no new voucher or refund go to the core accounts without a look; leave their other purchases alone.",
    "Ask for an ordinary identity check on the core accounts only; associates are left alone.",
    "Hold back only the disputed amount, in its currency, with the statement of reasons.",
    "Only then, and signed by a person: restrict the core accounts.",
)
CONTEST: Final = (
    "Name the rows that are wrong: each is cited by table and id and can be checked against the exports.",
    "Show an innocent link that the data do not hold: a household, an employer, a club, a campaign of the platform.",
    "Ask for the rows behind any figure, and for a second person to decide; no decision here is made by the program.",
)
"""What can be brought against any ring or finding."""

_WORDING: Final[dict[str, Wording]] = {
    "gift_card_cashback": Wording(
        title="Gift card after review",
        about=(
            "Buyers who reviewed the same listings redeemed gift cards of one value soon after, "
            "more often than chance would have it. That is consistent with cashback for reviews, a pattern that "
            "sellers have reported to the trade press; it is not known to be any platform's own rule."
        ),
        not_observed=(
            "No promise, insert, postcard or message that offered the cards was seen, unless a message is cited below.",
            "Nobody was seen to hand a card over: the purchaser is what the card table says, and may be empty.",
            "Why a buyer wrote the review, and whether it was honest, is not in the data.",
        ),
        next_steps=_REVIEW_STEPS,
        contest=("Say who bought the cards and for whom: an employer, a loyalty programme, the platform.", *CONTEST),
    ),
    "review_ring": Wording(
        title="Review ring",
        about=(
            "The same buyers review the same listings within short windows, more often than independent buyers "
            "would. That is consistent with reviewing to order."
        ),
        not_observed=(
            "Payment for the reviews was not observed; the finding rests on who reviewed what, and when.",
            "No agreement between the buyers was seen.",
            "Whether a review's text is honest was not judged.",
        ),
        next_steps=_REVIEW_STEPS,
        contest=("Name the club, forum, sampling programme or newsletter that led to the same listings.", *CONTEST),
    ),
    "brushing": Wording(
        title="Brushing",
        about=(
            "Orders that look made to raise sales counts: few buyers, short windows, parcels or tracking that "
            "do not fit the goods."
        ),
        not_observed=(
            "The content of no parcel was seen; weights and tracking are as recorded.",
            "A recipient may be a victim whose address was used, and need not know of the orders.",
            "Who placed the orders on an account's behalf is not in the data.",
        ),
        next_steps=_ORDER_STEPS,
        contest=(
            "Show carrier records, the scale's error, or the sampling campaign that explains the parcels.",
            *CONTEST,
        ),
    ),
    "virtual_orders": Wording(
        title="Virtual orders by paid buyers",
        about=(
            "Orders of linked buyers at one seller that gather around campaigns and minimum spends. That is "
            "consistent with orders placed for pay, not for the goods."
        ),
        not_observed=(
            "No payment from seller to buyer was observed unless a transfer is cited below.",
            "Whether the goods were used was not observed.",
            "Who steered the accounts is not in the data.",
        ),
        next_steps=_ORDER_STEPS,
        contest=("Show the livestream, flash sale or office order that brought the buyers together.", *CONTEST),
    ),
    "voucher_farm": Wording(
        title="Voucher farm",
        about=(
            "Linked accounts use up vouchers or subsidies more than others do. That is consistent with one hand"
            " behind several accounts."
        ),
        not_observed=(
            "Whom a voucher is meant for is not in this evidence; it may be open to every customer.",
            "Who sat at the device was not observed; an attribute that is shared is a link, not proof of control.",
            "Families, students and colleagues share addresses, devices and cards too.",
        ),
        next_steps=_ACCOUNT_STEPS,
        contest=("Show that the accounts belong to different people: a household, a dormitory, an office.", *CONTEST),
    ),
    "refund_ring": Wording(
        title="Refund ring",
        about=(
            "Linked accounts are refunded for the same reasons, to the same instruments or in the same days, "
            "more often than buyers of like tenure."
        ),
        not_observed=(
            "Whether goods came back was not observed unless a parcel is cited below.",
            "A faulty batch brings many true refunds at once; the goods were not inspected.",
        ),
        next_steps=_ACCOUNT_STEPS,
        contest=("Show the fault of the batch, or the return receipts of the cited orders.", *CONTEST),
    ),
    "account_farm": Wording(
        title="Account farm",
        about=(
            "Accounts made close together share several kinds of rare attributes. That is consistent with "
            "accounts kept by one hand."
        ),
        not_observed=(
            "Who controls the accounts was not observed.",
            "No harm by these accounts is shown unless orders or reviews are cited below.",
        ),
        next_steps=_ACCOUNT_STEPS,
        contest=("Show that the accounts belong to different people behind one shared device or address.", *CONTEST),
    ),
    "coattail": Wording(
        title="Riding on a hot item",
        about=(
            "A few accounts look at or buy a target together with popular items far more than others do. That "
            "is consistent with making the target appear beside the popular item."
        ),
        not_observed=(
            "The recommendation that may have followed was not observed.",
            "Accessories and bundles are looked at together for good reason.",
        ),
        next_steps=_ORDER_STEPS,
        contest=("Show that the listings belong together: an accessory, a bundle, a campaign.", *CONTEST),
    ),
    "unclassified": Wording(
        title="Unclassified group",
        about="Accounts that act together more than chance would have it; no scheme of the catalogue fits well.",
        not_observed=("No purpose of the group was observed.", "No payment or agreement was seen."),
        next_steps=(
            "Look at the evidence rows; take no step on the accounts before a person names a scheme.",
            *_ORDER_STEPS[1:2],
        ),
        contest=CONTEST,
    ),
}

FINDING_TITLES: Final[dict[str, str]] = {
    "gift_card_cashback": "Gift cards redeemed after reviews",
    "category_switch": "Category switched around a campaign",
    "voucher_abuse": "Vouchers used beyond their purpose",
    "brushing_window": "Many orders of few buyers within an hour",
    "min_spend_bunching": "Orders gathered at the minimum spend",
    "empty_parcels": "Parcels far lighter than the goods",
    "solicitation": "Messages that ask for reviews or lead off the platform",
    "self_purchase": "Buyers linked with the seller",
    "seller_funded": "Purchases paid by the seller",
}

_FINDING_STEPS: Final[dict[str, tuple[str, ...]]] = {
    "gift_card_cashback": _REVIEW_STEPS,
    "solicitation": _REVIEW_STEPS,
    "voucher_abuse": _ACCOUNT_STEPS,
}
"""Kind of finding -> its steps; those about orders for any other."""

_FINDING_CONTEST: Final[dict[str, str]] = {
    "gift_card_cashback": "Say who bought the cards and for whom: an employer, a loyalty programme, the platform.",
    "category_switch": "Show why the listing changed its category: a correction, a request of support, a new taxonomy.",
    "voucher_abuse": "Show that different people used the vouchers, within their terms.",
    "brushing_window": "Show the flash sale, livestream or bulk order behind the hour.",
    "min_spend_bunching": "Show what leads to that amount: the price, a bundle, free shipping.",
    "empty_parcels": "Show carrier records, the scale's error, or the catalogue weight that is wrong.",
    "solicitation": "Show the whole conversation, and who sent the message in the shop's name.",
    "self_purchase": "Show who used the accounts: an employee scheme, a shared office, home or warehouse.",
    "seller_funded": "Show what the transfers were for: a refund, wages, a debt.",
}

FAMILY_TITLES: Final[dict[str, str]] = {
    "gift_card": "gift cards",
    "co_behaviour": "acting on the same things",
    "target": "concentration on targets",
    "synchrony": "acting at the same time",
    "identity": "shared attributes",
    "conversion": "reviews per order",
    "subsidy": "subsidies and vouchers",
    "refund": "refunds",
    "funding": "who paid",
    "logistics": "parcels and tracking",
    "message": "messages",
}

MONEY_TITLES: Final[dict[str, str]] = {
    "gift_card_redeemed": "Gift cards redeemed",
    "subsidy": "Subsidy paid by the platform",
    "discount": "Discount granted",
    "refund": "Refunded",
    "order_value": "Order value",
}

MONEY_SHORT: Final[dict[str, str]] = {
    "gift_card_redeemed": "cards",
    "subsidy": "subsidy",
    "discount": "discount",
    "refund": "refunds",
    "order_value": "orders",
}

RESULT_TITLES: Final[dict[str, str]] = {
    "excluded": "tested: does not explain it",
    "possible": "tested: still possible",
    "not_tested": "could not be tested here",
}


def wording(scheme: str, added: Mapping[str, Wording] | None = None) -> Wording:
    """The words of a scheme; those of an unclassified group for a scheme that is new to this version.

    Args:
        scheme: One of `contracts.results.SCHEMES`, or a plug-in's.
        added: The words of plug-ins' schemes, as the case keeps them.
    """
    return _WORDING.get(scheme) or (added or {}).get(scheme) or _WORDING["unclassified"]


_FEW: Final = 3
"""Tests that were off, up to which each is named with its reason; more of them are only named."""


def finding_wording(kind: str) -> Wording:
    """The words of a finding of that kind; what it is about stands in the finding itself."""
    first = _FINDING_CONTEST.get(kind)
    return Wording(
        title=FINDING_TITLES.get(kind, kind),
        about="",
        not_observed=("Nobody's intent was observed: the finding rests on the rows cited and on nothing else.",),
        next_steps=_FINDING_STEPS.get(kind, _ORDER_STEPS),
        contest=(first, *CONTEST) if first else CONTEST,
    )


def not_observed(
    words: Wording, families: tuple[str, ...], switched_off: tuple[tuple[str, str], ...]
) -> tuple[str, ...]:
    """What was not observed: the scheme's own sentences, families without evidence, tests that were off."""
    silent = [title for family, title in FAMILY_TITLES.items() if family not in families]
    said = [*words.not_observed]
    if silent:
        said.append(f"No evidence of these kinds was found: {', '.join(silent)}.")
    if len(switched_off) <= _FEW:
        said.extend(f"Not tested on this input: {test} ({reason})." for test, reason in switched_off)
    else:
        tests = ", ".join(test.replace("_", " ") for test, _ in switched_off)
        said.append(f"Not tested, for want of data ({len(switched_off)} tests): {tests}.")
    return tuple(said)
