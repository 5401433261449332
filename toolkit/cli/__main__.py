"""`python -m toolkit.cli` is the command `ringscope`."""

from __future__ import annotations

from toolkit.cli.app import main

main()
