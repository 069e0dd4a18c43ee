"""What all training runs share: the learning rate's course, the moving average, atomic checkpoints, the log.

Knows nothing of models or data.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch


def learning_rate(step: int, steps: int, peak: float, warm_up: int, decay_share: float = 0.3) -> float:
    """Give the rate at `step` of `steps`: linear warm-up, constant, then linear decay over the last share to 2 %.

    Unlike a cosine, a run may be lengthened or cut short at any time before the decay begins.
    """
    rise = min(1.0, (step + 1) / max(1, warm_up))
    left = (steps - step) / max(1.0, steps * decay_share)
    return peak * min(rise, max(0.02, min(1.0, left)))


@dataclass(slots=True)
class Clock:
    """The course of a run that may end by steps or by seconds of work, whichever comes first; no seconds: by steps.

    `spent_s` is what earlier sittings took, from the checkpoint.
    """

    steps: int
    seconds: float | None = None
    spent_s: float = 0.0
    _began: float = field(default_factory=lambda: time.monotonic())

    def worked_s(self) -> float:
        """Say how long the run has worked, earlier sittings included."""
        return self.spent_s + time.monotonic() - self._began

    def place(self, step: int) -> int:
        """Say at which step of `steps` the run stands for its rate: by steps, or by time if that is more."""
        if self.seconds is None:
            return step
        return max(step, int(self.steps * self.worked_s() / self.seconds))

    def is_over(self, step: int) -> bool:
        """Tell whether the run has come to its end."""
        return self.place(step) >= self.steps


class MovingAverage:
    """An exponential moving average of parameters, in float32 on their device; its early steps average quickly."""

    def __init__(self, parameters: Iterable[torch.nn.Parameter], decay: float = 0.9995) -> None:
        """Start the average at the parameters' present values."""
        self._parameters = list(parameters)
        self._decay = decay
        self.shadow = [parameter.detach().clone() for parameter in self._parameters]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take the parameters' present values into the average."""
        keep = min(self._decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self.shadow, [parameter.detach() for parameter in self._parameters], 1 - keep)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange the parameters with their average; call it again to undo."""
        for parameter, mean in zip(self._parameters, self.shadow, strict=True):
            kept = parameter.detach().clone()
            parameter.copy_(mean)
            mean.copy_(kept)


@dataclass(frozen=True, slots=True)
class RunFiles:
    """The files of one run in its folder: `checkpoint.pt` and `log.jsonl`."""

    folder: Path

    def save(self, state: dict[str, Any]) -> None:
        """Write the checkpoint so that a kill at any moment leaves the old or the new one, whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / "checkpoint.new"
        torch.save(state, fresh)
        fresh.replace(self.folder / "checkpoint.pt")

    def load(self) -> dict[str, Any] | None:
        """Read the checkpoint, or None where the run is new. Tensors and plain values only: no code is run."""
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return None
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        return state

    def log(self, **figures: float | int | str) -> None:
        """Append one line of figures to log.jsonl and print it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        rounded = {key: round(value, 5) if isinstance(value, float) else value for key, value in figures.items()}
        line = json.dumps({"at": round(time.time(), 1), **rounded})
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        print(line, flush=True)  # noqa: T201 - a training run reports on its terminal
