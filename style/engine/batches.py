"""Painting: recipes through the model, batch by batch, each picture with its own seed, prompt and adapter weights.

Runs in the engine's process only, on the one thread that owns the device. Knows nothing of requests or pipes.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image

from style.engine.adapters import Adapters
from style.engine.model import LoadedModel
from style.engine.plan import plan_batches
from style.engine.prompts import Prompts
from style.errors import PainterError
from style.painter import Picture
from style.recipe import Recipe

_log = logging.getLogger(__name__)

_PROBE_PX = 256
_PROBE_STEPS = 2

OnStep = Callable[[int, int], None]


class Easel:
    """A loaded model with its adapters: turns recipes into pictures."""

    def __init__(self, model: LoadedModel) -> None:
        self.model = model
        self.adapters = Adapters(model)
        self._prompts = Prompts(model.pipeline, model.device)
        self._scheduler = model.pipeline.scheduler

    def probe(self) -> dict[str, str]:
        """Run the model once with all adapters, as a warm-up, and name those that change a flat layer."""
        width, height = (min(side, _PROBE_PX) for side in (self.model.info.width, self.model.info.height))
        recipe = Recipe("", "", 0, width, height, _PROBE_STEPS, 2.0, (), self.model.info.id, self.model.info.digest)
        # Two pictures, so that a batch is told from a single sample.
        return self.adapters.flat_layers(lambda: self._sample([recipe, recipe], lambda: None))

    def paint(
        self, recipes: Sequence[Recipe], max_batch: int, on_step: OnStep
    ) -> Iterator[tuple[list[int], torch.Tensor]]:
        """Paint in as few batches as fit the device; yields indices and (n, 3, height, width) in [0, 1], on the CPU.

        `on_step(done, total)` is called after each step, over all batches; what it raises ends the painting. A batch
        for which the memory does not reach is parted in two.

        Raises:
            PainterError: one picture alone does not fit the memory, or the model gave numbers that are no picture.
        """
        waiting = plan_batches(recipes, max_batch)
        total = sum(recipes[batch[0]].steps for batch in waiting)
        done = 0
        while waiting:
            batch = waiting.pop(0)
            steps = recipes[batch[0]].steps
            taken = 0

            def step() -> None:
                nonlocal taken
                # Some schedulers call the model more than once a step.
                taken = min(taken + 1, steps)  # noqa: B023 - called within this turn of the loop only
                on_step(done + taken, total)  # noqa: B023 - the same

            try:
                images = self._batch([recipes[index] for index in batch], step)
            except RuntimeError as error:
                waiting[:0] = _halves(batch, error)
                total += steps
                continue
            done += steps
            yield batch, images

    def _batch(self, recipes: Sequence[Recipe], step: Callable[[], None]) -> torch.Tensor:
        weights = []
        for recipe in recipes:
            sums: dict[str, float] = {}
            for use in recipe.adapters:
                sums[use.digest] = sums.get(use.digest, 0.0) + use.weight
            weights.append(sums)
        with self.adapters.mixed(weights):
            images = self._sample(recipes, step)
        if not bool(torch.isfinite(images).all()):
            raise PainterError("the model gave numbers that are no picture; smaller adapter weights may help")
        return images

    def _sample(self, recipes: Sequence[Recipe], step: Callable[[], None]) -> torch.Tensor:
        first = recipes[0]
        pipeline = self.model.pipeline
        # A scheduler holds the state of its run: each run gets its own.
        pipeline.scheduler = type(self._scheduler).from_config(self._scheduler.config)

        def on_step_end(_pipeline: Any, _index: int, _time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            step()
            return tensors

        images = pipeline(
            **self._prompts.arguments([recipe.prompt for recipe in recipes], guided=first.guidance > 1.0),
            width=first.width,
            height=first.height,
            num_inference_steps=first.steps,
            guidance_scale=first.guidance,
            # On the CPU, whatever the device: a seed means the same noise everywhere.
            generator=[torch.Generator().manual_seed(recipe.seed) for recipe in recipes],
            callback_on_step_end=on_step_end,
            output_type="pt",
        ).images
        on_cpu: torch.Tensor = images.float().cpu()
        return on_cpu


def to_picture(image: torch.Tensor) -> Picture:
    """Quantise one image, (3, height, width) in [0, 1], and write it as PNG."""
    pixels = (image.clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, format="PNG")
    return Picture(png=buffer.getvalue(), width=pixels.shape[1], height=pixels.shape[0])


def _halves(batch: list[int], error: RuntimeError) -> list[list[int]]:
    """Part a batch that the memory could not hold; any other error goes on."""
    if not (isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)):
        raise error
    if len(batch) == 1:
        raise PainterError("one picture alone does not fit the device's memory; paint a smaller size") from error
    _log.warning("a batch of %d does not fit the memory: parted in two", len(batch))
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    middle = len(batch) // 2
    return [batch[:middle], batch[middle:]]
