"""Text of the input as a terminal may show it: titles, file names and heads of columns can hold what commands it."""

from __future__ import annotations

import re
from typing import Final

_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What would move the cursor, colour the terminal or turn the direction of reading."""


def printable(text: str) -> str:
    """The text on one line, with a sign for each letter that would command a terminal."""
    return _CONTROLS.sub("\ufffd", text)
