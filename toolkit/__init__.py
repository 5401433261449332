"""Find groups of marketplace accounts that act together, and show the evidence row by row.

In a notebook: `import toolkit as rs`, then `rs.investigate(...)` or `rs.open_case(...)`. Importing the package loads
nothing heavy; what is named below is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from toolkit.api.case import Case
    from toolkit.api.opening import investigate, make_market, open_case
    from toolkit.api.ring import Ring
    from toolkit.config import Settings
    from toolkit.errors import BackendError, InputError, RingscopeError, UsageError

__version__ = "0.1.0"

_HOMES: Final = {
    "investigate": "toolkit.api.opening",
    "open_case": "toolkit.api.opening",
    "make_market": "toolkit.api.opening",
    "Case": "toolkit.api.case",
    "Ring": "toolkit.api.ring",
    "Settings": "toolkit.config",
    "RingscopeError": "toolkit.errors",
    "UsageError": "toolkit.errors",
    "InputError": "toolkit.errors",
    "BackendError": "toolkit.errors",
}
"""Public name -> the module that it lives in."""

__all__ = [
    "BackendError",
    "Case",
    "InputError",
    "Ring",
    "RingscopeError",
    "Settings",
    "UsageError",
    "__version__",
    "investigate",
    "make_market",
    "open_case",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
