"""One training run of some LoRA parameters: optimiser, step, learning rate, dice, and a checkpoint a minute.

A run that was killed and goes on from its checkpoint ends with the same weights as one that was not: all that is
random in a step is drawn from the run's seed and the step's number. Knows no objective.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from style.errors import BadJobError, TrainingError
from style.training.events import OnEvent, Pace
from style.training.loop import RunFiles

SAVE_EVERY_S = 45.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: the steps done, the step whose weights are in the network, whether it was asked to stop."""

    step: int
    best_step: int
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Dice:
    """What is random in one step. Both draw on the CPU, whatever the device: a seed means the same run everywhere."""

    choices: np.random.Generator
    noise: torch.Generator


class Course:
    """The parameters of a run under way, and their optimiser's state."""

    def __init__(
        self,
        files: RunFiles,
        parameters: Sequence[nn.Parameter],
        rate: Callable[[int], float],
        weight_decay: float,
        settings: Mapping[str, Any],
        seed: int,
    ) -> None:
        """Begin, or go on from the checkpoint in `files`; `rate` gives the learning rate of a step.

        Raises:
            BadJobError: the checkpoint is of a run with other `settings`.
        """
        self.step = 0
        self.kept: dict[str, Any] = {}
        self._files, self._parameters, self._rate, self._seed = files, list(parameters), rate, seed
        self._settings = json.dumps(settings, sort_keys=True)
        self._optimiser = torch.optim.AdamW(self._parameters, lr=rate(0), weight_decay=weight_decay)
        if (state := files.load()) is not None:
            self._restore(state)
        self._saved_at = time.monotonic()

    def dice(self) -> Dice:
        """Give this step's dice."""
        noise = torch.Generator().manual_seed(self._seed * 1_000_003 + self.step)
        return Dice(np.random.default_rng((self._seed, 5, self.step)), noise)

    def advance(self, loss: Tensor, pace: Pace) -> None:
        """Take one step down the gradient of `loss`.

        Raises:
            TrainingError: the loss is no number.
        """
        value = loss.item()
        if not math.isfinite(value):
            raise TrainingError(f"the loss at step {self.step} is {value}; lower the rate, and begin in a new folder")
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate(self.step)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch ships it untyped
        nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self._optimiser.step()
        self.step += 1
        pace.note(self.step, value)

    def pace(self, on_event: OnEvent, steps: int) -> Pace:
        """Begin to tell steps from here."""
        return Pace(on_event, self.step, steps)

    def is_save_due(self) -> bool:
        """Say whether the last checkpoint is so old that a kill would lose too much."""
        return time.monotonic() - self._saved_at > SAVE_EVERY_S

    def save(self, kept: Mapping[str, Any]) -> None:
        """Write the checkpoint; `kept` (tensors and plain values) comes back in `self.kept`."""
        self.kept = dict(kept)
        self._files.save(
            {
                "settings": self._settings,
                "step": self.step,
                "parameters": [parameter.detach() for parameter in self._parameters],
                "optimiser": self._optimiser.state_dict(),
                "kept": self.kept,
            }
        )
        self._saved_at = time.monotonic()

    @torch.no_grad()
    def _restore(self, state: dict[str, Any]) -> None:
        check_settings(self._files.folder, state["settings"], self._settings)
        self.step, self.kept = state["step"], state["kept"]
        self._optimiser.load_state_dict(state["optimiser"])
        for parameter, value in zip(self._parameters, state["parameters"], strict=True):
            parameter.copy_(value)


def check_settings(folder: Path, old: str, new: str) -> None:
    """Compare the settings, as JSON, of the checkpoint in `folder` and of the run that wants to go on from it.

    Raises:
        BadJobError: they are not the same; the message names what differs.
    """
    if old != new:
        raise BadJobError(
            f"{folder}: its checkpoint is of a run with other settings ({_difference(old, new)}); "
            "set them back, or begin in a new folder"
        )


def _difference(old: str, new: str) -> str:
    before, after = json.loads(old), json.loads(new)
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return ", ".join(f"{name} {before.get(name)!r}, now {after.get(name)!r}" for name in names)
