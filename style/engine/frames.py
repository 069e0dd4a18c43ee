"""Frames: one message on a pipe, a JSON object and raw bytes behind it, each with its length in front.

Knows nothing of what messages mean. No pickle: a broken engine can send nonsense, but never code.
"""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any, BinaryIO

Message = dict[str, Any]

MAX_TEXT_BYTES = 16 * 1024**2
MAX_BLOB_BYTES = 256 * 1024**2

_LENGTHS = struct.Struct("!II")


def to_frame(message: Message, blob: bytes = b"") -> bytes:
    """Write one frame.

    Raises:
        ValueError: larger than a reader would take.
    """
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    _check_lengths(len(text), len(blob))
    return b"".join((_LENGTHS.pack(len(text), len(blob)), text, blob))


async def receive_frame(reader: asyncio.StreamReader) -> tuple[Message, bytes]:
    """Read one frame from a pipe on the event loop.

    Raises:
        EOFError: the pipe ended.
        ValueError: what came is not a frame.
    """
    text_length, blob_length = _lengths(await reader.readexactly(_LENGTHS.size))
    text = await reader.readexactly(text_length)
    return _message(text), await reader.readexactly(blob_length)


def read_frame(file: BinaryIO) -> tuple[Message, bytes]:
    """Read one frame from a blocking pipe.

    Raises:
        EOFError: the pipe ended.
        ValueError: what came is not a frame.
    """
    text_length, blob_length = _lengths(_read_exactly(file, _LENGTHS.size))
    text = _read_exactly(file, text_length)
    return _message(text), _read_exactly(file, blob_length)


def _read_exactly(file: BinaryIO, length: int) -> bytes:
    data = file.read(length)
    if len(data) < length:
        raise EOFError("the pipe ended")
    return data


def _lengths(head: bytes) -> tuple[int, int]:
    text_length, blob_length = _LENGTHS.unpack(head)
    _check_lengths(text_length, blob_length)
    return text_length, blob_length


def _check_lengths(text_length: int, blob_length: int) -> None:
    if text_length > MAX_TEXT_BYTES or blob_length > MAX_BLOB_BYTES:
        raise ValueError(
            f"a frame of {text_length} + {blob_length} bytes, expected at most {MAX_TEXT_BYTES} + {MAX_BLOB_BYTES}"
        )


def _message(text: bytes) -> Message:
    message = json.loads(text)
    if not isinstance(message, dict):
        raise ValueError(f"a frame holds {type(message).__name__}, expected an object")
    return message
