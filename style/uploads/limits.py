"""What an upload may cost, and the bounds of the process that reads it."""

from __future__ import annotations

import resource

MOST_FILES = 200
MOST_FILE_BYTES = 20 * 1024 * 1024
MOST_BYTES = 500 * 1024 * 1024
MOST_RATIO = 100
MOST_WORDS_BYTES = 1024 * 1024
"""Of a text file with the words of pictures."""
STORED_PX = 2048
"""The longest side that is kept: training looks at 640 px, and larger base models at 2048."""

_MEMORY_BYTES = 2 * 1024**3
_CPU_S = 300
_WRITTEN_BYTES = 64 * 1024 * 1024


def bound_process() -> None:
    """Bound this process for good: memory, processor time, the size of a file it writes, and no core dump.

    Source: getrlimit(2). RLIMIT_AS counts reserved addresses, of which numpy alone takes some hundred megabytes.
    """
    for kind, most in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _CPU_S),
        (resource.RLIMIT_FSIZE, _WRITTEN_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))
