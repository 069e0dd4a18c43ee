"""The process that reads an upload: `python -m style.uploads FILE NAME FOLDER`, a line of JSON for each picture.

A line has "kind" (kept or refused) beside the fields of `style.uploads.intake`. It bounds itself before it looks.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from style.uploads.intake import Kept, take_in
from style.uploads.limits import bound_process

_NICENESS = 5


def main() -> int:
    """Take in one file; returns the exit code."""
    os.nice(_NICENESS)
    bound_process()
    path, name, folder = sys.argv[1:4]
    Path(folder).mkdir(parents=True, exist_ok=True)
    for found in take_in(Path(path), name, Path(folder)):
        kind = "kept" if isinstance(found, Kept) else "refused"
        sys.stdout.write(json.dumps({"kind": kind, **asdict(found)}) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
