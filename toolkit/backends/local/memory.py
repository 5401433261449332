"""Memory that was freed goes back to the system: glibc keeps what each thread freed until it is asked."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Give freed memory back, where the C library knows how; takes milliseconds and changes no result."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
        if trim is not None:
            trim(0)
