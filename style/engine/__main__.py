"""The engine's process: reads commands from standard input, from the first moment, and works until that ends.

Standard output carries frames alone; what libraries print there goes to standard error, which the client logs.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from typing import BinaryIO

from style.engine.frames import Message, read_frame, to_frame
from style.engine.mailbox import Mailbox

NICENESS = 10


def main() -> None:
    """Run the engine."""
    os.nice(NICENESS)
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    mailbox = Mailbox()
    threading.Thread(target=_read, args=(sys.stdin.buffer, mailbox), daemon=True).start()

    # torch takes seconds to import: the reader must already be there to see that the parent has gone.
    from style.engine.worker import work

    def send(message: Message, blob: bytes = b"") -> None:
        output.write(to_frame(message, blob))
        output.flush()

    work(mailbox, send)


def _read(source: BinaryIO, mailbox: Mailbox) -> None:
    try:
        while True:
            mailbox.put(read_frame(source)[0])
    except EOFError:
        pass
    finally:
        # The parent has closed the pipe or died: nobody waits for what is being painted.
        os._exit(0)


if __name__ == "__main__":
    main()
