"""What the pages know of decisions: the one in the case, and what a decision made in the browser rests on."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from toolkit.dossier import fingerprint

if TYPE_CHECKING:
    from toolkit.contracts.report import Dossier


def basis(ring: Dossier) -> str:
    """Digest of the ring's evidence: a browser that kept another one decided on other evidence."""
    marks = "".join(sorted(map(fingerprint, ring.evidence)))
    return hashlib.sha256(marks.encode()).hexdigest()[:12]


def decided(ring: Dossier) -> dict[str, Any] | None:
    """The decision in the case: verdict, time, and how many pieces of evidence are new since."""
    made = ring.decision
    return None if made is None else {"as": made.verdict, "at": made.decided_at, "new": len(ring.new_evidence)}
