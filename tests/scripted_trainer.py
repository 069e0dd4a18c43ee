"""A trainer without a model: speaks the lines of `python -m style.training job`, and learns nothing.

Its steps, checkpoints, sample grids and adapter are files as a real training's; a job goes on from its checkpoint.
Words in the job's trigger make it misbehave: `die` ends the process at step 5, `diverge` fails, `picky` finds the
pictures bad, `chatty` prints what is none of the protocol, `slow` takes its time, `deaf` does not stop when asked.
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

EVERY = 10


class ScriptedTrainer:
    """One job in its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._job: dict[str, Any] = json.loads((folder / "job.json").read_text("utf-8"))
        self._steps = int(self._job.get("steps", 40))
        self._checkpoint = folder / "checkpoint"
        self._stopped = False
        signal.signal(signal.SIGTERM, self._stop)
        (folder / "pid").write_text(str(os.getpid()))

    def run(self) -> int:
        """Train from the checkpoint to the end; returns the exit code."""
        trigger = str(self._job.get("trigger", ""))
        if "picky" in trigger:
            return self._fail("two pictures are broken", "BadPicturesError")
        step = int(self._checkpoint.read_text()) if self._checkpoint.exists() else 0
        self._tell(event="started", steps=self._steps, step=step, pictures=8, held_out=2)
        if "chatty" in trigger:
            sys.stdout.write("Loading pipeline components...: 100%\n")
            self._tell(event="warning", text="the pictures are small")
        while step < self._steps:
            if self._stopped:
                self._checkpoint.write_text(str(step))
                self._tell(event="cancelled", step=step)
                return 130
            if step % EVERY == 0:
                self._check(step)
            if "slow" in trigger:
                time.sleep(0.02)
            step += 1
            self._tell(event="step", step=step, steps=self._steps, loss=1 / step, seconds_left=self._steps - step)
            if "die" in trigger and step == 5:
                sys.stderr.write("out of memory\n")
                sys.stderr.flush()
                os._exit(9)
            if "diverge" in trigger and step == 5:
                return self._fail("the loss is nan", "TrainingError")
        self._check(step)
        self._save_adapter()
        self._tell(event="done", adapter=f"{self._job['name']}.safetensors", best_step=step - EVERY, seconds=12.5)
        return 0

    def _stop(self, _number: int, _frame: object) -> None:
        self._stopped = "deaf" not in str(self._job.get("trigger", ""))

    def _check(self, step: int) -> None:
        self._checkpoint.write_text(str(step))
        loss = 0.5 + (step / self._steps - 0.75) ** 2
        self._tell(event="validation", step=step, loss=loss, best=True)
        file = self._folder / "samples" / f"step-{step:06d}.png"
        file.parent.mkdir(exist_ok=True)
        shade = round(255 * step / self._steps)
        Image.fromarray(np.full((96, 128, 3), (shade, 90, 160), np.uint8)).save(file)
        self._tell(event="samples", step=step, file=f"samples/{file.name}")

    def _save_adapter(self) -> None:
        layer = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"
        down = np.full((2, 8), math.pi + self._steps, np.float16)
        tensors = {f"{layer}.lora_A.weight": down, f"{layer}.lora_B.weight": np.ones((8, 2), np.float16)}
        save_file(tensors, self._folder / f"{self._job['name']}.safetensors")

    def _fail(self, error: str, kind: str) -> int:
        self._tell(event="failed", error=error, kind=kind)
        return 2

    def _tell(self, **event: object) -> None:
        line = json.dumps({**event, "at": time.time()})
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(ScriptedTrainer(Path(sys.argv[-1])).run())
