"""Learned measures, for machines that have their weights: CLIP score, PickScore, and the kernel distance (KID).

Optional: no other measure needs them. Weights are read from this machine alone unless `download` is set.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from style.errors import BadModelError

CLIP = "openai/clip-vit-base-patch32"
PICKSCORE = "yuvalkirstain/PickScore_v1"

Pictures = NDArray[np.uint8]
Numbers = NDArray[np.float64]

_MEAN = (0.48145466, 0.4578275, 0.40821073)
_DEVIATION = (0.26862954, 0.26130258, 0.27577711)
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Judge:
    """A loaded CLIP model (PickScore is one too) with its tokenizer."""

    model: Any
    tokenizer: Any

    @torch.no_grad()
    def see(self, pictures: Pictures) -> Tensor:
        """Embed (n, h, w, 3) pictures: (n, d) of unit length. The middle square is brought to the model's size."""
        return embedded(pictures, int(self.model.config.vision_config.image_size), self._project_pictures)

    @torch.no_grad()
    def hear(self, texts: Sequence[str]) -> Tensor:
        """Embed texts: (n, d) of unit length; what is too long is cut."""
        most = int(self.model.config.text_config.max_position_embeddings)
        words = self.tokenizer(list(texts), padding=True, truncation=True, max_length=most, return_tensors="pt")
        hidden = self.model.text_model(input_ids=words.input_ids, attention_mask=words.attention_mask).pooler_output
        return F.normalize(self.model.text_projection(hidden), dim=1)

    def _project_pictures(self, pixels: Tensor) -> Tensor:
        projected: Tensor = self.model.visual_projection(self.model.vision_model(pixel_values=pixels).pooler_output)
        return projected


def load_judge(model: str = CLIP, *, download: bool = False) -> Judge:
    """Load a CLIP model by hub id or folder.

    Raises:
        BadModelError: its weights are not on this machine, or are not a CLIP model's; the message names the cure.
    """
    from transformers import AutoTokenizer, CLIPModel

    try:
        options = {"local_files_only": not download}
        loaded = CLIPModel.from_pretrained(model, use_safetensors=True, **options).eval()
        return Judge(loaded, AutoTokenizer.from_pretrained(model, **options))
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise BadModelError(
            f"{model}: no CLIP model of this name can be loaded here ({str(error).splitlines()[0]}); name a folder "
            "that holds one as safetensors, or allow the download"
        ) from error


def clip_scores(judge: Judge, pictures: Pictures, texts: Sequence[str]) -> Numbers:
    """Score how well each picture fits its own text: (n,) in [0, 100].

    Source: Hessel et al. 2021 (CLIPScore), without its factor of 2.5.
    """
    cosine = (judge.see(pictures) * judge.hear(texts)).sum(dim=1)
    return np.asarray(100.0 * cosine.clamp(min=0.0).double().numpy())


def pick_scores(judge: Judge, pictures: Pictures, text: str) -> Numbers:
    """Say how likely each of (n, h, w, 3) pictures is to be picked among them for `text`: (n,), they sum to 1.

    Source: Kirstain et al. 2023 (Pick-a-Pic), with a judge loaded from `PICKSCORE`.
    """
    scores = judge.model.logit_scale.exp() * (judge.see(pictures) @ judge.hear([text])[0])
    return np.asarray(torch.softmax(scores.double(), dim=0).detach().numpy())


def kernel_distance(first: Numbers, second: Numbers) -> float:
    """Estimate, without bias, the kernel distance of two sets of embeddings, (n, d) and (m, d); near 0 if alike.

    Source: Binkowski et al. 2018 (KID): squared MMD with the kernel (x·y / d + 1)³. May be a little below 0.

    Raises:
        ValueError: fewer than two rows in a set.
    """
    n, m, width = len(first), len(second), first.shape[1]
    if min(n, m) < 2:
        raise ValueError(f"a kernel distance needs 2 rows in each set, got {n} and {m}")
    own, other, between = ((a @ b.T / width + 1.0) ** 3 for a, b in ((first, first), (second, second), (first, second)))
    within = (own.sum() - np.trace(own)) / (n * (n - 1)) + (other.sum() - np.trace(other)) / (m * (m - 1))
    return float(within - 2.0 * between.mean())


def embeddings(judge: Judge, pictures: Pictures) -> Numbers:
    """Embed pictures for `kernel_distance`, scaled so that an average number is about 1 in size."""
    seen = judge.see(pictures).double().numpy()
    return np.asarray(seen * np.sqrt(seen.shape[1]))


def embedded(pictures: Pictures, side: int, project: Callable[[Tensor], Tensor]) -> Tensor:
    """Embed the middle squares of (n, h, w, 3) pictures by `project`, (b, 3, side, side) -> (b, d): unit length."""
    parts = (pictures[k : k + _BATCH] for k in range(0, len(pictures), _BATCH))
    return F.normalize(torch.cat([project(to_pixels(part, side)) for part in parts]), dim=1)


def to_pixels(pictures: Pictures, side: int) -> Tensor:
    """Cut the middle squares of (n, h, w, 3) uint8 and bring them to what CLIP reads: (n, 3, side, side)."""
    short = min(pictures.shape[1:3])
    top, left = (pictures.shape[1] - short) // 2, (pictures.shape[2] - short) // 2
    cut = np.ascontiguousarray(pictures[:, top : top + short, left : left + short].transpose(0, 3, 1, 2))
    pixels = torch.from_numpy(cut).float() / 255.0
    pixels = F.interpolate(pixels, (side, side), mode="bicubic", antialias=True).clamp(0.0, 1.0)
    mean, deviation = (torch.tensor(values).view(3, 1, 1) for values in (_MEAN, _DEVIATION))
    return (pixels - mean) / deviation
