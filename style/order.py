"""What a training is asked to do, as the `job.json` that `python -m style.training job` reads.

The one place that knows the file's fields. A field that is None is left out, and the trainer's own default holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from style.errors import TrainingError

JOB_FILE = "job.json"
LOG_FILE = "log.jsonl"
Method = Literal["x0_shift", "concept", "addift", "two_pass"]


@dataclass(frozen=True, slots=True)
class StyleOrder:
    """Learn a style from a folder of pictures; `synonyms` replaces tags, `held_out` is a share of the pictures."""

    name: str
    trigger: str
    model: str
    device: str
    pictures: str
    seed: int = 0
    steps: int | None = None
    batch: int | None = None
    rank: int | None = None
    rate: float | None = None
    held_out: float | None = None
    synonyms: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["style"] = "style"


@dataclass(frozen=True, slots=True)
class SliderOrder:
    """Learn a slider whose weight +1 leads to the changed end of pairs of pictures.

    They are `drawn` by the procedural painter (brightness, structure, parallel), or `base` and `changed` name two files
    or two folders of pictures of the same names; all show `caption`. `style` is the adapter's file of the style that
    the slider is for, on during half of the training.
    """

    name: str
    model: str
    device: str
    drawn: str | None = None
    base: str | None = None
    changed: str | None = None
    caption: str | None = None
    style: str | None = None
    seed: int = 0
    steps: int | None = None
    batch: int | None = None
    rank: int | None = None
    rate: float | None = None
    method: Method | None = None
    kind: Literal["slider"] = "slider"


Order = StyleOrder | SliderOrder


def to_fields(order: Order) -> dict[str, Any]:
    """Say an order as the fields of job.json."""
    return {name: value for name, value in asdict(order).items() if value is not None}


def read_fields(folder: Path) -> dict[str, Any] | None:
    """Read the fields of a folder's job.json; None where there is none.

    Raises:
        TrainingError: it cannot be read.
    """
    path = folder / JOB_FILE
    if not path.exists():
        return None
    try:
        fields = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path}: cannot be read ({error}); remove {folder} to begin anew") from error
    if not isinstance(fields, dict):
        raise TrainingError(f"{path}: not the fields of a training; remove {folder} to begin anew")
    return fields


def place_order(folder: Path, order: Order) -> bool:
    """Write job.json into `folder`, or find the same one there; says whether a training under way goes on.

    Raises:
        TrainingError: another training is under way there; the message names what differs.
    """
    fields, there = to_fields(order), read_fields(folder)
    begun = there is not None and _is_begun(folder)
    if not begun or there is None:
        _write(folder, fields)
        return False
    differing = [name for name in {**there, **fields} if name != "device" and there.get(name) != fields.get(name)]
    if differing:
        changes = ", ".join(f"{name} {_said(there, name)} → {_said(fields, name)}" for name in sorted(differing))
        raise TrainingError(
            f"a training with other settings is under way in {folder}: {changes}; "
            "give the same settings to go on, or remove that folder to begin anew"
        )
    return True


def _is_begun(folder: Path) -> bool:
    """Tell whether a step was ever taken: before that, nothing is lost by other settings."""
    try:
        return re.search(r'"event":\s*"step"', (folder / LOG_FILE).read_text("utf-8", errors="replace")) is not None
    except FileNotFoundError:
        return False
    except OSError as error:
        raise TrainingError(f"{folder / LOG_FILE}: cannot be read ({error.strerror}); check the folder") from error


def _write(folder: Path, fields: Mapping[str, Any]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{JOB_FILE}.new"
        fresh.write_text(json.dumps(fields, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        fresh.replace(folder / JOB_FILE)
    except OSError as error:
        raise TrainingError(f"{folder}: cannot be written to ({error.strerror}); name another folder") from error


def _said(fields: Mapping[str, Any], name: str) -> str:
    return json.dumps(fields[name], ensure_ascii=False) if name in fields else "(default)"
