"""Whether a port can be listened on, asked before anything slow is started. Does not know who will listen."""

from __future__ import annotations

import socket

from bot.errors import BadInputError


def check_port(host: str, port: int, cure: str) -> None:
    """Check that a port is free to listen on; 0, which is any free one, always is.

    Raises:
        BadInputError: it is taken, not allowed or not of this machine; the message ends with the cure.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise BadInputError(f"cannot listen on {host}:{port}: {why}; {cure}") from None
