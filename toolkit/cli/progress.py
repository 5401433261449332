"""What a long run says on stderr while it works, and at its end."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import click

from toolkit.contracts.wording import counted

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

    def done(self, case: Case, *, as_json: bool = False) -> None:
        """How many alerts there are, and where to look; the page to open goes to stdout."""
        rings = case.result("rings")
        alerts = rings.filter(rings["tier"] != "lead")
        page = case.reports / "index.html"
        found = {
            "alert": alerts.height,
            "lead": rings.height - alerts.height,
            "finding": case.result("findings").height,
        }
        self.say(", ".join(counted(number, noun) for noun, number in found.items()))
        if as_json:
            listed = alerts.select("ring_id", "tier", "scheme", "score", "n_members", "summary").to_dicts()
            click.echo(json.dumps({"case": str(case.path), "report": str(page), "alerts": listed}, indent=2))
        else:
            click.echo(page)
