"""Sentences of the findings about sellers: what was counted, what chance would bring, and the innocent readings."""

from __future__ import annotations

from typing import Final

from toolkit.findings.draft import Explanation, count_text

SENTENCES: Final[dict[str, str]] = {
    "at_minimum_spend": (
        "{marked} of {known} orders with a minimum spend lie just at it; {expected} expected from other sellers"
    ),
    "undone_after_subsidy": (
        "{marked} of {known} subsidised orders were cancelled or refunded; {expected} expected from other sellers"
    ),
    "voucher_reused": (
        "{marked} of {known} orders with a voucher used it again after the same buyer had cancelled an order with it; "
        "{expected} expected from other sellers"
    ),
    "at_voucher_cap": (
        "{marked} of {known} orders with a voucher took the most that it pays; {expected} expected from other sellers"
    ),
    "same_odd_amount": (
        "{marked} of {known} orders share an amount with other buyers' orders that is no whole number of pieces; "
        "{expected} expected from other sellers"
    ),
    "delivered_within_minutes": (
        "{marked} of {known} orders are marked as delivered within minutes; {expected} expected from other sellers"
    ),
    "light_parcel": (
        "{marked} of {known} weighed parcels are far lighter than the goods; {expected} expected from other sellers"
    ),
    "tracking_reused": (
        "{marked} of {known} orders share a tracking number with orders of strangers to other addresses; "
        "{expected} expected from other sellers"
    ),
}
"""Reason -> its sentence about a seller."""


def sentence(reason: str, marked: int, known: int, expected: float, q: float) -> str:
    """The sentence with its numbers."""
    filled = SENTENCES[reason].format(marked=marked, known=known, expected=count_text(expected))
    return f"{filled} (q={q:.2g})"


def about_minimum_spend(priced: int, marked: int, top: int) -> tuple[Explanation, ...]:
    """Readings of orders at a minimum spend.

    Args:
        priced: Marked orders of listings whose own price lies there.
        marked: Marked orders.
        top: Most marked orders of one buyer.
    """
    price = "possible" if priced * 2 >= marked else "excluded"
    bulk = "possible" if top * 2 >= marked else "excluded"
    return (
        Explanation(
            "price at the threshold",
            price,
            f"{priced} of {marked} orders are of listings whose own price lies at the minimum spend.",
        ),
        Explanation("bulk buyer", bulk, f"The buyer with most of these orders has {top} of {marked}."),
        Explanation(
            "livestream or flash sale",
            "excluded",
            "A rush brings orders to the threshold too; these orders carry a second, independent mark.",
        ),
    )


ABOUT_PARCELS: Final = (
    Explanation("sampling programme", "excluded", "Orders with sampling vouchers were left out."),
    Explanation(
        "wrong catalogue weight",
        "excluded",
        "Listings whose parcels are light but weigh alike, as goods do, were left out.",
    ),
    Explanation(
        "consolidated shipping",
        "excluded",
        "Orders that share a tracking number with others to the same address, locker or forwarder were left out.",
    ),
    Explanation(
        "recipient is a victim",
        "possible",
        "A recipient's address may have been used without the recipient's knowledge.",
    ),
)
ABOUT_FUNDING: Final = (
    Explanation(
        "own money", "excluded", "Payments of buyers to themselves were left out; the source paid several buyers."
    ),
    Explanation(
        "busy cash counter",
        "excluded",
        "The seller's share of all payments by this source was compared with its share of all fitting payments.",
    ),
    Explanation("employer or family", "possible", "Who stands behind the source is not in the data."),
)
ABOUT_UNDONE: Final = (
    Explanation("bad batch", "possible", "A fault brings refunds too; the goods were not inspected."),
    Explanation(
        "second mark", "excluded", "Each cited order carries another, independent mark; a bad batch would not."
    ),
)


NOBODY_NAMED: Final = (
    " No mark on them needs the shop's hand, and a competitor can place such orders too: the shop is not named."
)


def about_hand(hand: int, orders: int, *, named: bool) -> Explanation:
    """Whether a competitor may have placed the orders.

    Args:
        hand: Orders with a mark that needs the seller's hand.
        orders: Orders of the finding.
        named: Whether these are enough to name the seller.
    """
    return Explanation(
        "orders by a competitor",
        "excluded" if named else "possible",
        f"{hand} of {orders} orders carry a mark that needs the shop's hand: payment, shipment or a shared account.",
    )


def about_links(n_address: int, n_buyers: int, *, offices: bool, scheme: int, orders: int) -> tuple[Explanation, ...]:
    """Readings of buyers who are linked with a seller.

    Args:
        n_address: Buyers linked by an address only.
        n_buyers: Linked buyers.
        offices: Whether the kinds of addresses are known.
        scheme: Orders paid with a voucher of the seller.
        orders: Orders of linked buyers.
    """
    return (
        Explanation(
            "employee purchase scheme",
            "possible" if scheme * 2 >= orders else "excluded",
            f"{scheme} of {orders} orders used a voucher that the seller pays for.",
        ),
        Explanation(
            "shared office or warehouse",
            "excluded" if offices else "not_tested",
            "Office, locker, forwarder and dormitory addresses, corporate cards and network addresses were left out."
            if offices
            else "Kinds of addresses are not in the data.",
        ),
        Explanation(
            "family of the owner",
            "possible" if n_address == n_buyers else "excluded",
            f"{n_address} of {n_buyers} buyers are linked by an address only.",
        ),
    )


LOOKS: Final[dict[str, str]] = {
    "brushing_window": "Orders of few buyers within an hour, three or more a buyer: the public rule marks them.",
    "seller_funded": "Buyers received a fitting amount from one source shortly before they ordered.",
    "linked_with_seller": "Buyers share a device, telephone, e-mail, bank account or instrument with the shop.",
    "at_minimum_spend": "In some months unusually many orders lie just at the minimum spend of a subsidy.",
    "delivered_within_minutes": "Orders are marked as delivered before a parcel could have been carried.",
    "undone_after_subsidy": "In some months unusually many subsidised orders were cancelled or refunded.",
    "voucher_reused": "In some months buyers often cancelled an order and used its voucher again.",
    "same_odd_amount": (
        "In some months unusually many buyers paid exactly the same amount, and it is no whole number of pieces."
    ),
    "at_voucher_cap": "In some months unusually many orders took the most that their voucher pays.",
    "gift_card_cashback": (
        "Reviewers redeemed gift cards of one value within 45 days of their reviews. The trade press reported that "
        "platforms look at this; none has confirmed it."
    ),
    "light_parcel": "Parcels weigh far less than the goods should.",
    "tracking_reused": "Orders of strangers to other addresses share a tracking number.",
    "category_switch": "Listings took subsidised orders while they stood in a campaign's category, and went back.",
    "solicitation": "Messages ask for praise, offer something for a review, or lead off the platform.",
}
"""Check -> what it looks like to a platform."""
KEEP: Final[dict[str, tuple[str, ...]]] = {
    "brushing_window": (
        "Invoices and delivery notes of the bulk orders.",
        "The flash sale's or campaign's announcement.",
    ),
    "seller_funded": ("Statements of the account that paid, and what the payments were for.",),
    "linked_with_seller": (
        "The list of staff and family who may order, and the shop's purchase rules.",
        "Who had access to the shared device or account, and when.",
    ),
    "at_minimum_spend": ("Price lists of the months, and bundles priced at the minimum spend.",),
    "delivered_within_minutes": ("Carrier scans or pick-up receipts.", "Logs of digital deliveries."),
    "undone_after_subsidy": ("Complaints, photographs and batch numbers behind the refunds.",),
    "voucher_reused": ("Why the orders were cancelled, and who cancelled them: the buyer, the shop or the carrier.",),
    "same_odd_amount": ("Price lists of the months, with sale prices, bundles and variants.",),
    "at_voucher_cap": ("Price lists of the months, and bundles priced for the voucher.",),
    "gift_card_cashback": (
        "Receipts of all gift cards that the shop, its staff or its agents bought, and who received them.",
        "Contracts with marketing, review and warranty-card agencies, and what is put into the parcels.",
        "Draws, refunds and service gestures that were paid with cards, with their dates and rules.",
    ),
    "light_parcel": ("Carrier weight slips and packing photographs.", "The corrected catalogue weight."),
    "tracking_reused": ("Manifests of consolidated parcels.", "The contract with the shipping agent."),
    "category_switch": ("Tickets with support about the category, and who changed it and why.",),
    "solicitation": (
        "The message templates in use and who wrote them.",
        "Contracts with marketing or review agencies.",
    ),
}
"""Check -> what to keep as proof."""
