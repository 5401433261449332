"""What accounts were seen with: instruments, addresses, devices, telephones, e-mail, networks, banks.

Claims: members hold a value that few hold. Null: holders of the value over the people of the region; values have no
time. Whether attributes join a ring as a whole is tested in `score.identity`. Misses: values above the hub cap, which
`score` never counts. Cost: one pass over the links and orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.link.tokens.made import kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.contracts.tokens import TokenKind
    from toolkit.market import Market


KINDS: Final = ("payment", "address", "device", "phone", "email", "ip", "bank")


def attributes(market: Market) -> Iterator[TokenKind]:
    """Instruments, addresses, devices, phones, ..., whoever was seen with them."""
    for name in KINDS:
        frame = market.held("buyer", name).select(token="value", buyer="account", at=0, row=0)
        yield kind(name, "identity", "account_links", name, frame, timed=False, least=2, once=True)
