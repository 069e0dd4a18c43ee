"""An accelerator: a LoRA beside a base model that lets it paint in few steps, with no guidance pass.

Two files in the model's folder: the LoRA, and how to sample with it. Read here without torch; the engine merges the
LoRA into the weights when it loads the model. diffusers' `from_pretrained` passes over both files.
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
    try:
        table = _SamplingTable.model_validate_json(sampling.read_bytes())
        layers = check_adapter_file(weights)
    except OSError as error:
        raise BadModelError(f"{sampling}: cannot be read: {error.strerror}; check its permissions") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise BadModelError(f"{sampling}: {faults}; {_CURE}") from error
    except BadPackError as error:
        raise BadModelError(f"the accelerator cannot be used: {error}; {_CURE}") from error
    return Accelerator(weights, sampling, layers, table.steps, table.guidance)


def write_sampling(folder: Path, steps: int, guidance: float) -> None:
    """Write the sampling file of an accelerator whose weights lie in `folder`."""
    table = _SamplingTable(steps=steps, guidance=guidance)
    (folder / SAMPLING_FILE).write_text(json.dumps(table.model_dump()) + "\n", encoding="utf-8")
