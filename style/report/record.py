"""What a training left behind, read from its folder: its order, its log, its sample grids, what was measured of it.

Tolerates a log that a kill cut short; knows neither charts nor pages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from style.order import LOG_FILE, read_fields

EVALUATION_FILE = "evaluation.json"
TAGS_FILE = "tags.json"


@dataclass(frozen=True, slots=True)
class Record:
    """One training; `losses` and `validations` are (step, loss) in order, `samples` (step, file).

    `seconds` None: it is not done. `evaluation` is what the measures wrote, empty where nothing was measured.
    """

    folder: Path
    order: Mapping[str, Any]
    steps: int
    pictures: int
    held_out: int
    losses: tuple[tuple[int, float], ...]
    validations: tuple[tuple[int, float], ...]
    samples: tuple[tuple[int, Path], ...]
    warnings: tuple[str, ...]
    best_step: int | None
    seconds: float | None
    tags: tuple[tuple[str, int], ...]
    evaluation: Mapping[str, Any]


def read_record(folder: Path) -> Record:
    """Read a training's folder.

    Raises:
        TrainingError: its job.json cannot be read.
    """
    order = read_fields(folder) or {}
    events = _read_events(folder / LOG_FILE)
    started = _last(events, "started")
    done = _last(events, "done")
    validations = _course(events, "validation")
    best = min(validations, key=lambda point: point[1])[0] if validations else None
    return Record(
        folder=folder,
        order=order,
        steps=int(started.get("steps", order.get("steps", 0))),
        pictures=int(started.get("pictures", 0)),
        held_out=int(started.get("held_out", 0)),
        losses=_course(events, "step"),
        validations=validations,
        samples=_samples(folder, events),
        warnings=tuple(dict.fromkeys(str(event["text"]) for event in events if event["event"] == "warning")),
        best_step=int(done["best_step"]) if "best_step" in done else best,
        seconds=float(done["seconds"]) if "seconds" in done else None,
        tags=tuple((str(tag), int(count)) for tag, count in _read_json(folder / TAGS_FILE).items()),
        evaluation=_read_json(folder / EVALUATION_FILE),
    )


def _read_events(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text("utf-8", errors="replace").split("\n")
    except OSError:
        return []
    events = []
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and isinstance(event.get("event"), str):
            events.append(event)
    return events


def _last(events: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next((event for event in reversed(events) if event["event"] == kind), {})


def _course(events: list[dict[str, Any]], kind: str) -> tuple[tuple[int, float], ...]:
    """Take the last word on each step: after a kill some steps are taken, and told, a second time."""
    points = {int(event["step"]): float(event["loss"]) for event in events if event["event"] == kind}
    return tuple(sorted(points.items()))


def _samples(folder: Path, events: list[dict[str, Any]]) -> tuple[tuple[int, Path], ...]:
    files = {int(event["step"]): folder / str(event["file"]) for event in events if event["event"] == "samples"}
    return tuple((step, path) for step, path in sorted(files.items()) if path.is_file())


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
