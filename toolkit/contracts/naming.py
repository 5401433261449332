"""File names that come from ids, without letting an id choose a path."""

from __future__ import annotations

import hashlib
import re
from typing import Final

_OURS: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def file_stem(own_id: str) -> str:
    """A file name without ending for an id of our own; a digest of it where it does not look like one."""
    return own_id if _OURS.fullmatch(own_id) else digest_stem(own_id)


def digest_stem(foreign_id: str) -> str:
    """A file name without ending for an id from the input: 20 hex digits of its digest."""
    return hashlib.sha256(foreign_id.encode("utf-8", "surrogatepass")).hexdigest()[:20]
