"""What a case says about its rings, read once into frozen data (`toolkit.contracts.report`).

It lies between the case folder and the stages that write for people, so that `report` and `visualise` say the same
thing without importing each other.
"""

from __future__ import annotations

from toolkit.dossier.book import read
from toolkit.dossier.decisions import FILE as DECISIONS
from toolkit.dossier.decisions import decide, fingerprint

__all__ = ["DECISIONS", "decide", "fingerprint", "read"]
