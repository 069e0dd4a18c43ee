"""A reward for forms: readers of lines and planes in latents, which a student of few steps is trained to please too.

A word that covers little of a picture weighs little in any loss on pixels or latents. A reader weighs it in full: its
verdict on what the student paints goes back through all of the student's steps. It reads latents, and is fitted to
the painter's studies alone, in which forms are large and whole; what comes of it is judged by another instrument,
`style.measures.reader`, on pictures.

Source: direct reward fine-tuning, DRaFT (Clark et al., arXiv 2309.17400).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from style.procedural import LINES, PLANES, Spec

Reward = Callable[[Tensor, Sequence[str], torch.Generator], Tensor]  # latents (n, c, h, w), captions, dice -> a loss

_WIDTHS = (64, 128, 192)  # channels at a side of 16 blocks, 8 and 4
_MOST_NOISE = (
    0.35  # share of noise in what a reader is fitted to: a student's pictures are never as clean as drawn ones
)
_MOST_BLUR = 0.7  # share of a picture whose every block is the mean of its neighbourhood
_MOST_SHIFT = 3  # blocks
_UNSAID = 0.25  # what a plane counts that is seen but was not asked for: captions leave some out


@dataclass(frozen=True, slots=True)
class ReaderRun:
    """Settings: steps and batch of a reader's fit, and how many readers, of other seeds, judge together."""

    readers: int = 2
    steps: int = 1500
    batch: int = 96
    peak_rate: float = 2e-3
    seed: int = 0
    bfloat16: bool = False


class FormReader(nn.Module):
    """Reads latents: (n, c, h, w) to (n, 7) logits, `LINES` (one of them) and then `PLANES` (any of them)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = channels
        for level, width in enumerate(_WIDTHS):
            layers += [nn.AvgPool2d(2)] if level else []
            layers += [*_layer(before, width), *_layer(width, width)]
            before = width
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(2 * before, len(LINES) + len(PLANES))

    def forward(self, latents: Tensor) -> Tensor:
        """Give the logits."""
        seen = self.body(latents)
        logits: Tensor = self.head(torch.cat([seen.mean(dim=(2, 3)), seen.amax(dim=(2, 3))], dim=1))
        return logits


def _layer(channels: int, width: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(channels, width, 3, padding=1), nn.GroupNorm(8, width), nn.SiLU()


def fit_readers(run: ReaderRun, latents: Tensor, specs: Sequence[Spec]) -> list[FormReader]:
    """Fit readers to the latents (n, c, h, w) of drawn `specs`, in any float type, shifted, blurred and noised."""
    line = torch.tensor([LINES.index(spec.line) for spec in specs])
    planes = torch.tensor([[float(plane in spec.planes) for plane in PLANES] for spec in specs])
    readers = []
    for seed in range(run.seed, run.seed + run.readers):
        torch.manual_seed(seed)
        reader, dice = FormReader(latents.shape[1]), torch.Generator().manual_seed(seed)
        reader.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch knows it for tensors alone
        optimiser = torch.optim.AdamW(reader.parameters(), lr=run.peak_rate, weight_decay=0.02)
        course = torch.optim.lr_scheduler.OneCycleLR(optimiser, run.peak_rate, total_steps=run.steps)
        for _ in range(run.steps):
            rows = torch.randint(len(latents), (run.batch,), generator=dice)
            rough = roughened(latents[rows].float(), dice).contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=run.bfloat16):
                logits = reader(rough).float()
            loss = functional.cross_entropy(logits[:, : len(LINES)], line[rows])
            loss = loss + functional.binary_cross_entropy_with_logits(logits[:, len(LINES) :], planes[rows])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]  # torch ships it untyped
            optimiser.step()
            course.step()
        readers.append(reader.eval().requires_grad_(False))
    return readers


def read_readers(states: Sequence[dict[str, Tensor]]) -> list[FormReader]:
    """Build readers from their `state_dict`s, to judge and not to learn."""
    readers = []
    for state in states:
        reader = FormReader(state["body.0.weight"].shape[1])
        reader.load_state_dict(state)
        readers.append(reader.eval().requires_grad_(False))
    return readers


@torch.no_grad()
def accuracy(readers: Sequence[FormReader], latents: Tensor, specs: Sequence[Spec]) -> dict[str, float]:
    """Measure the readers together: the share of lines named rightly, and balanced rates of each plane."""
    logits = torch.stack([reader(latents.float()) for reader in readers]).mean(dim=0)
    named = logits[:, : len(LINES)].argmax(dim=1).tolist()
    found = {"line": float(np.mean([LINES[k] == spec.line for k, spec in zip(named, specs, strict=True)]))}
    for k, plane in enumerate(PLANES):
        seen = (logits[:, len(LINES) + k] > 0).numpy()
        there = np.array([plane in spec.planes for spec in specs])
        found[plane] = float((seen[there].mean() + (~seen[~there]).mean()) / 2)
    return found


def roughened(latents: Tensor, dice: torch.Generator) -> Tensor:
    """Shift each picture by up to three blocks, blur and noise it by chance: a reader shall see forms, not details.

    Chance is drawn on the CPU, whatever the device of the latents (n, c, h, w).
    """
    n, side, device = len(latents), latents.shape[-1], latents.device
    padded = functional.pad(latents, (_MOST_SHIFT,) * 4, mode="replicate")
    places = torch.randint(2 * _MOST_SHIFT + 1, (n, 2), generator=dice).tolist()
    moved = torch.stack([one[:, y : y + side, x : x + side] for one, (y, x) in zip(padded, places, strict=True)])
    blurred = functional.avg_pool2d(functional.pad(moved, (1,) * 4, mode="replicate"), 3, stride=1)
    softness, chosen, roughness = torch.rand((3, n, 1, 1, 1), generator=dice).to(device)
    softness = _MOST_BLUR * softness * (chosen < 0.5)
    noise = torch.randn(moved.shape, generator=dice).to(device)
    rough: Tensor = (1 - softness) * moved + softness * blurred + _MOST_NOISE * roughness * noise
    return rough


def form_loss(logits: Tensor, captions: Sequence[str]) -> Tensor:
    """Judge pictures by their captions, `logits` (n, 7): high where a named line or plane is not seen.

    A line is one of three, so that naming one denies the others; a plane that a caption does not name may be there, and
    counts little. What names no form is not judged.
    """
    total, judged = logits.new_zeros(()), 0
    for row, caption in zip(logits, captions, strict=True):
        phrases = caption.split(", ")
        for k, line in enumerate(LINES):
            if line in phrases:
                total, judged = (
                    total + functional.cross_entropy(row[: len(LINES)], row.new_tensor(k).long()),
                    judged + 1,
                )
        named = torch.tensor([plane in phrases for plane in PLANES], device=row.device)
        if named.any():
            losses = functional.binary_cross_entropy_with_logits(row[len(LINES) :], named.float(), reduction="none")
            total, judged = total + losses[named].mean() + _UNSAID * losses[~named].mean(), judged + 1
    return total / max(1, judged)


def reward_of(readers: Sequence[FormReader]) -> Reward:
    """Make the readers' common verdict a loss on latents, each time roughened anew."""

    def reward(latents: Tensor, captions: Sequence[str], dice: torch.Generator) -> Tensor:
        rough = roughened(latents, dice)
        return torch.stack([form_loss(reader(rough), captions) for reader in readers]).mean()

    return reward
