"""An accelerator: a LoRA beside a base model that lets it paint in few steps, with no guidance pass.

Two files in the model's folder: the LoRA, and how to sample with it. Read here without torch; the engine merges the
LoRA into the weights when it loads the model. A third file says how to sample the model where there is no accelerator:
diffusers' own defaults are made for models of another size. diffusers' `from_pretrained` passes over all three.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from style.adapter import check_adapter_file
from style.errors import BadModelError, BadPackError

WEIGHTS_FILE = "accelerator.safetensors"
SAMPLING_FILE = "accelerator.json"
BASE_SAMPLING_FILE = "sampling.json"
_CURE = "train it anew with `python -m style.training distil`, or take both files out of the folder"


class _SamplingTable(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    steps: Annotated[int, Field(ge=1, le=200)]
    guidance: Annotated[float, Field(ge=0, le=50)]


@dataclass(frozen=True, slots=True)
class Accelerator:
    """A checked accelerator: its two files, how many layers it changes, and the sampling that it was trained for.

    Guidance of 1 or less means that no guidance pass is made.
    """

    weights: Path
    sampling: Path
    layers: int
    steps: int
    guidance: float


def read_accelerator(folder: Path) -> Accelerator | None:
    """Check the accelerator in a model's folder; None where there is none.

    Raises:
        BadModelError: a file that is broken, or one without the other; the message names the cure.
    """
    weights, sampling = folder / WEIGHTS_FILE, folder / SAMPLING_FILE
    if not weights.exists() and not sampling.exists():
        return None
    for file in (weights, sampling):
        if not file.is_file():
            raise BadModelError(f"{file}: not there, but the other half of the accelerator is; {_CURE}")
    table = _read_table(sampling, _CURE)
    try:
        layers = check_adapter_file(weights)
    except OSError as error:
        raise BadModelError(f"{weights}: cannot be read: {error.strerror}; check its permissions") from error
    except BadPackError as error:
        raise BadModelError(f"the accelerator cannot be used: {error}; {_CURE}") from error
    return Accelerator(weights, sampling, layers, table.steps, table.guidance)


def read_base_sampling(folder: Path) -> tuple[int, float] | None:
    """Read the steps and the guidance that a model without its accelerator wants; None where it does not say.

    Raises:
        BadModelError: the file is broken; the message names the cure.
    """
    file = folder / BASE_SAMPLING_FILE
    if not file.exists():
        return None
    table = _read_table(file, 'write {"steps": 12, "guidance": 2.5} into it, or take it out of the folder')
    return table.steps, table.guidance


def write_sampling(folder: Path, steps: int, guidance: float, name: str = SAMPLING_FILE) -> None:
    """Write the sampling file of an accelerator whose weights lie in `folder`, or with another name the base's own."""
    table = _SamplingTable(steps=steps, guidance=guidance)
    (folder / name).write_text(json.dumps(table.model_dump()) + "\n", encoding="utf-8")


def _read_table(file: Path, cure: str) -> _SamplingTable:
    try:
        return _SamplingTable.model_validate_json(file.read_bytes())
    except OSError as error:
        raise BadModelError(f"{file}: cannot be read: {error.strerror}; check its permissions") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise BadModelError(f"{file}: {faults}; {cure}") from error
