"""What a training is asked to do: its job placed in its folder, once, and read back for reports.

Knows `job.json` and whether a step was ever taken; `style.training.job` knows what the fields mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from style.errors import TrainingError
from style.training.job import JOB_FILE, Job, from_json, save_job, to_json

LOG_FILE = "log.jsonl"


def make_job(kind: Literal["style", "slider"], fields: Mapping[str, object]) -> Job:
    """Make a job of the fields that are not None; for the others the trainer's own defaults hold.

    Raises:
        BadJobError: impossible values; the message names each.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    return from_json(json.dumps({"kind": kind, **given}))


def read_fields(folder: Path) -> dict[str, Any] | None:
    """Read the fields of a folder's job as they stand there; None where there is none.

    Raises:
        TrainingError: it cannot be read.
    """
    path = folder / JOB_FILE
    try:
        fields = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path}: cannot be read ({error}); remove {folder} to begin anew") from error
    if not isinstance(fields, dict):
        raise TrainingError(f"{path}: not the fields of a training; remove {folder} to begin anew")
    return fields


def place_job(folder: Path, job: Job) -> bool:
    """Write a job into `folder`, or find the same one there; says whether a training under way goes on.

    Raises:
        TrainingError: another training is under way there; the message names what differs.
    """
    there = read_fields(folder)
    if there is None or not _is_begun(folder):
        try:
            save_job(folder, job)
        except OSError as error:
            raise TrainingError(f"{folder}: cannot be written to ({error.strerror}); name another folder") from error
        return False
    fields = json.loads(to_json(job))
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


def _said(fields: Mapping[str, Any], name: str) -> str:
    return json.dumps(fields.get(name), ensure_ascii=False)
