"""Prompts as the model reads them: encoded one by one, and remembered.

A prompt's embedding does not depend on the batch it comes in, and adapters never touch text encoders, so that one
encoding serves every picture with these words. Runs in the engine's process only.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

REMEMBERED = 512

_EMBEDDINGS = ("prompt_embeds", "negative_prompt_embeds", "pooled_prompt_embeds", "negative_pooled_prompt_embeds")


@dataclass(frozen=True, slots=True)
class _Encoder:
    """How a pipeline's `encode_prompt` is spoken to.

    `returns` are the names under which the pipeline's call takes back what it returns (None: not taken); `guided`
    says whether it wants to know about guidance; `others` are arguments without a default.
    """

    returns: tuple[str | None, ...]
    guided: bool
    others: tuple[str, ...] = ()


_ENCODERS = {
    "StableDiffusionPipeline": _Encoder(_EMBEDDINGS[:2], guided=True),
    "StableDiffusionXLPipeline": _Encoder(_EMBEDDINGS, guided=True),
    "StableDiffusion3Pipeline": _Encoder(_EMBEDDINGS, guided=True, others=("prompt_2", "prompt_3")),
    "FluxPipeline": _Encoder(("prompt_embeds", "pooled_prompt_embeds", None), guided=False),
    "Flux2KleinPipeline": _Encoder(("prompt_embeds", None), guided=False),
}

Embeddings = dict[str, torch.Tensor]


class Prompts:
    """Encodes prompts of one pipeline; the last `REMEMBERED` distinct ones are kept."""

    def __init__(self, pipeline: Any, device: torch.device) -> None:
        self._pipeline = pipeline
        self._device = device
        self._kept: OrderedDict[tuple[str, bool], Embeddings] = OrderedDict()

    def arguments(self, prompts: Sequence[str], *, guided: bool) -> dict[str, Any]:
        """Say these prompts as keyword arguments of the pipeline's call.

        A pipeline whose encoder is not known here gets the words and encodes them itself.
        """
        if type(self._pipeline).__name__ not in _ENCODERS:
            return {"prompt": list(prompts)}
        encoded = [self._encode(prompt, guided) for prompt in prompts]
        return {name: torch.cat([embeddings[name] for embeddings in encoded]) for name in encoded[0]}

    def _encode(self, prompt: str, guided: bool) -> Embeddings:
        key = (prompt, guided)
        if key not in self._kept:
            self._kept[key] = self._encode_anew(prompt, guided)
            if len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    @torch.no_grad()
    def _encode_anew(self, prompt: str, guided: bool) -> Embeddings:
        encoder = _ENCODERS[type(self._pipeline).__name__]
        options: dict[str, Any] = dict.fromkeys(encoder.others)
        if encoder.guided:
            options["do_classifier_free_guidance"] = guided
        returned = self._pipeline.encode_prompt(prompt=prompt, device=self._device, num_images_per_prompt=1, **options)
        named = zip(encoder.returns, returned, strict=True)
        return {name: tensor for name, tensor in named if name is not None and tensor is not None}
