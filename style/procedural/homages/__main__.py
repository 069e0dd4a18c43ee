"""Draw pictures of one style with captions, to train a pack on.

`python -m style.procedural.homages NAME --count 64 --size 256 --out FOLDER`
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evolution.chromosome import MAX_SEED
from style.errors import StyleError
from style.procedural.homages import STYLES, write_folder
from style.procedural.homages.homage import LEAST_PX, MOST_PX


def main(argv: list[str] | None = None) -> int:
    """Draw a folder of pictures; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m style.procedural.homages", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("name", choices=tuple(STYLES), help="the style")
    parser.add_argument("--count", type=int, default=64, help="pictures to draw (64)")
    parser.add_argument("--size", type=int, default=256, help="their side in pixels (256)")
    parser.add_argument("--seed", type=int, default=0, help="the first picture's seed (0)")
    parser.add_argument("--out", type=Path, required=True, help="a new or empty folder to write them to")
    args = parser.parse_args(argv)
    if args.count < 1:
        parser.error(f"--count must be 1 or more, got {args.count}")
    if not LEAST_PX <= args.size <= MOST_PX:
        parser.error(f"--size must be {LEAST_PX} to {MOST_PX} pixels, got {args.size}")
    if not 0 <= args.seed <= MAX_SEED + 1 - args.count:
        parser.error(f"--seed must be 0 to {MAX_SEED + 1 - args.count} for {args.count} pictures, got {args.seed}")
    try:
        write_folder(STYLES[args.name], args.count, args.out, args.seed, args.size)
    except StyleError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command line answers on its terminal
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
