"""Command: python -m tests.foreign OUT --orders 200000 --seed S --style NAME."""

import argparse
from pathlib import Path

from tests.foreign.make import make
from tests.foreign.styles import STYLES


def main() -> None:
    """Parse and make."""
    parser = argparse.ArgumentParser(
        prog="tests.foreign", description="Write a market that the detector's authors did not design."
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--style", choices=sorted(STYLES), default="usa")
    parser.add_argument("--rings", type=int, help="planted rings; as many as the size asks for where not given")
    args = parser.parse_args()
    w = make(args.out, args.style, args.orders, args.seed, rings=args.rings)
    print(f"{args.out}: {w.orders.size} orders, {len(w.rings)} rings, {len(w.traps)} innocent groups")


if __name__ == "__main__":
    main()
