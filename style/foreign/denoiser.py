"""The layers of a model's denoiser, read from its files' headers.

Needs no torch for a model that is a folder. Knows no adapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from style.errors import BadModelError
from style.foreign.families import guess_family
from style.foreign.spellings import spell
from style.places import model_folder
from style.tensors import FaultError, read_header

Shape = tuple[int, ...]

# Fed with (batch, channels), where a weight of each picture's own would not reach: times, pooled texts, and the
# modulations that are made of them.
_FLAT = re.compile(
    r"(.*\.)?(time_emb_proj|time_embedding|add_embedding|class_embedding|time_text_embed|time_guidance_embed"
    r"|timestep_embedder|text_embedder|guidance_embedder|norm\w*\.linear|\w*modulation\w*)(\..+)?"
)


@dataclass(frozen=True, slots=True)
class Denoiser:
    """A model's U-Net or transformer: `shapes` of its linear and convolution layers' weights, by name.

    `spellings` maps what trainers call a layer to the layers that it means (`style.foreign.spellings`).
    """

    component: str
    family: str
    shapes: dict[str, Shape]
    spellings: dict[str, tuple[str, ...]]


def is_flat(layer: str) -> bool:
    """Say whether a layer is fed with one vector a picture, where the engine cannot weigh an adapter."""
    return _FLAT.fullmatch(layer) is not None


def read_denoiser(model: str) -> Denoiser:
    """Read which layers the model of a setting has (`bundled`, a folder, or a hub id).

    Raises:
        BadModelError: not there, or not a model with a U-Net or a transformer in safetensors form.
    """
    folder = model_folder(model)
    if folder is None:
        # Only the engine's side knows hubs, and it brings torch with it.
        from style.engine.model import find_folder

        folder = find_folder(model)
    for component in ("unet", "transformer"):
        files = sorted((folder / component).glob("*.safetensors"))
        if files:
            shapes = _read_shapes(files)
            widths = {name.replace(".", "_"): shape[1] for name, shape in shapes.items()}
            return Denoiser(component, guess_family(widths, {}), shapes, spell(shapes))
    raise BadModelError(
        f"{folder}: holds no unet/ or transformer/ with .safetensors files; "
        "name `bundled`, or a folder that `save_pretrained` wrote"
    )


def _read_shapes(files: Iterable[Path]) -> dict[str, Shape]:
    shapes = {}
    for path in files:
        try:
            header = read_header(path)
        except (OSError, FaultError) as error:
            raise BadModelError(f"{path}: cannot be read: {error}; fetch the model anew") from error
        for tensor in header.tensors:
            if tensor.name.endswith(".weight") and len(tensor.shape) in (2, 4):
                shapes[tensor.name.removesuffix(".weight")] = tensor.shape
    return shapes
