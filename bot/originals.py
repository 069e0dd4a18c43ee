"""Originals: a picture's PNG with its whole recipe in the text fields that other programs read.

`parameters` is the field of AUTOMATIC1111's web UI, which Forge, ComfyUI's loaders and galleries read too; `vernissage`
is the recipe as JSON. Pure functions over bytes: the pixels' data is copied as it is. Knows nothing of chats.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from style.recipe import Recipe

RECIPE_KEY = "vernissage"
"""The PNG text field that holds the recipe as JSON."""
PARAMETERS_KEY = "parameters"
"""The PNG text field that holds it as other programs write it."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HASH_DIGITS = 10
# The names under which the web UI lists what diffusers calls schedulers.
_SAMPLERS = {
    "DDIMScheduler": "DDIM",
    "DPMSolverMultistepScheduler": "DPM++ 2M",
    "DPMSolverSinglestepScheduler": "DPM++ 2S a",
    "EulerAncestralDiscreteScheduler": "Euler a",
    "EulerDiscreteScheduler": "Euler",
    "FlowMatchEulerDiscreteScheduler": "Euler",
    "HeunDiscreteScheduler": "Heun",
    "LCMScheduler": "LCM",
    "LMSDiscreteScheduler": "LMS",
    "PNDMScheduler": "PLMS",
    "UniPCMultistepScheduler": "UniPC",
}


class NotAPngError(ValueError):
    """The bytes are not a PNG."""


def with_recipe(png: bytes, recipe: Recipe, scheduler: str = "") -> bytes:
    """Write the recipe into a PNG, before its pixels; fields of the same names give way, all else stays bit for bit.

    `scheduler` is the class that sampled it, as diffusers names it; empty: not known.

    Raises:
        NotAPngError: the bytes are something else.
    """
    texts = {PARAMETERS_KEY: parameters(recipe, scheduler), RECIPE_KEY: recipe.to_json()}
    written = [_SIGNATURE]
    for kind, body in _chunks(png):
        if kind in (b"tEXt", b"zTXt", b"iTXt") and body.partition(b"\0")[0].decode("latin-1") in texts:
            continue
        written.append(_chunk(kind, body))
        if kind == b"IHDR":
            written += [_text(key, text) for key, text in texts.items()]
    return b"".join(written)


def parameters(recipe: Recipe, scheduler: str = "") -> str:
    """Write the recipe as the web UI does: the prompt with its LoRAs' weights, then the settings in one line.

    Source: the web UI's `create_infotext` in modules/processing.py, whose form galleries have settled on.
    """
    loras = "".join(f" <lora:{use.name}:{use.weight:g}>" for use in recipe.adapters)
    settings = {
        "Steps": str(recipe.steps),
        "Sampler": _SAMPLERS.get(scheduler, scheduler),
        "CFG scale": f"{recipe.guidance:g}",
        "Seed": str(recipe.seed),
        "Size": f"{recipe.width}x{recipe.height}",
        "Model hash": recipe.model_digest[:_HASH_DIGITS],
        "Model": _quoted(recipe.model),
        "Lora hashes": _quoted(", ".join(f"{use.name}: {use.digest[:_HASH_DIGITS]}" for use in recipe.adapters)),
        "Version": "vernissage",
    }
    line = ", ".join(f"{name}: {value}" for name, value in settings.items() if value)
    return f"{recipe.prompt}{loras}\n{line}"


def _quoted(value: str) -> str:
    """Quote a value that would be taken apart, as the web UI does; nothing stays nothing."""
    if not any(mark in value for mark in ',:\n"'):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and the body of each chunk."""
    if not png.startswith(_SIGNATURE):
        raise NotAPngError(f"expected a PNG, got {len(png)} bytes that begin with {png[:8]!r}")
    at = len(_SIGNATURE)
    while at < len(png):
        if at + 12 > len(png):
            raise NotAPngError("a PNG that breaks off")
        (size,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += 12 + size


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _text(key: str, text: str) -> bytes:
    """Write a text field: in Latin-1 where that can say it, which every program reads; else in UTF-8."""
    name = key.encode("latin-1")
    try:
        return _chunk(b"tEXt", name + b"\0" + text.encode("latin-1"))
    except UnicodeEncodeError:
        return _chunk(b"iTXt", name + b"\0\0\0\0\0" + text.encode())
