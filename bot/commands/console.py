"""What commands say to whoever typed them."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Write a line that was asked for to stdout, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Write a line about what went wrong to stderr."""
    sys.stderr.write(f"vernissage: {text}\n")
    sys.stderr.flush()
