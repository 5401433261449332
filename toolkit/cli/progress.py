"""What a long run says on stderr while it works."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from toolkit.case import Case


class Talk:
    """Says what is going on, with the seconds since the start; nothing where it is to be quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.begun = time.monotonic()

    def say(self, text: str) -> None:
        """One line on stderr."""
        if not self.quiet:
            click.echo(f"{time.monotonic() - self.begun:6.1f} s  {text}", err=True)

    def done(self, case: Case) -> None:
        """How many alerts there are, and where to look."""
        tiers = case.result("rings")["tier"]
        alerts = int(tiers.is_in(["strong", "moderate"]).sum())
        self.say(f"{alerts} alerts, {len(tiers) - alerts} leads in {case.path}")
