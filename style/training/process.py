"""The two ways in which a picture becomes noise, and what a denoiser's answer means in each.

Times lie in (0, 1), 0 being the picture; latents are (n, c, h, w), times (n,). Knows nothing of networks or prompts.
Sources: rectified flow, Liu et al. (arXiv 2209.03003); v prediction, Salimans and Ho (arXiv 2202.00512); min-SNR
weights, Hang et al. (arXiv 2303.09556).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

import torch
from torch import Tensor

from style.errors import BadModelError
from style.training.denoiser import draw_times

_MOST_SNR = 5.0
_LEAST_NOISE = 0.2  # below this share of noise, an answer that moves the picture would be a division by almost nothing


class Process(Protocol):
    """How latents are made noisy, and how a denoiser's answer, its prediction, stands for a picture."""

    def add_noise(self, latents: Tensor, noise: Tensor, times: Tensor) -> Tensor:
        """Give the noisy latents at `times`."""

    def target(self, latents: Tensor, noise: Tensor, times: Tensor) -> Tensor:
        """Give the prediction that would be right."""

    def picture(self, noisy: Tensor, prediction: Tensor, times: Tensor) -> Tensor:
        """Give the latents that a prediction on `noisy` stands for."""

    def moved(self, prediction: Tensor, change: Tensor, times: Tensor) -> Tensor:
        """Give the prediction that, on the same noisy latents, stands for a picture moved by `change`.

        Near the picture (little noise) it moves by less, so that no prediction grows beyond bounds.
        """

    def weights(self, times: Tensor) -> Tensor:
        """Say how much an error of the prediction counts when pictures are learned, (n, 1, 1, 1)."""

    def picture_weights(self, times: Tensor) -> Tensor:
        """Say how much an error of the prediction counts as one of the picture, (n, 1, 1, 1)."""

    def draw_times(self, count: int, generator: torch.Generator) -> Tensor:
        """Draw times to train at, (count,)."""

    def network_times(self, times: Tensor) -> Tensor:
        """Say `times` as the network counts them, in [0, 1000]."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Rectified flow: `x_t = (1 - t) x_0 + t noise`; the prediction is the velocity `noise - x_0`."""

    def add_noise(self, latents: Tensor, noise: Tensor, times: Tensor) -> Tensor:
        """Go the straight way from the picture to the noise."""
        t = _shaped(times)
        return (1 - t) * latents + t * noise

    def target(self, latents: Tensor, noise: Tensor, times: Tensor) -> Tensor:
        """Give the velocity, the same at all times."""
        return noise - latents

    def picture(self, noisy: Tensor, prediction: Tensor, times: Tensor) -> Tensor:
        """Go back along the velocity."""
        return noisy - _shaped(times) * prediction

    def moved(self, prediction: Tensor, change: Tensor, times: Tensor) -> Tensor:
        """Change the velocity by the change over the time."""
        return prediction - change / _shaped(times).clamp(min=_LEAST_NOISE)

    def weights(self, times: Tensor) -> Tensor:
        """Count all times alike: they are drawn by their importance."""
        return torch.ones_like(_shaped(times))

    def picture_weights(self, times: Tensor) -> Tensor:
        """Count by t²."""
        return _shaped(times) ** 2

    def draw_times(self, count: int, generator: torch.Generator) -> Tensor:
        """Draw logit-normal times."""
        return draw_times(count, generator)

    def network_times(self, times: Tensor) -> Tensor:
        """Count to a thousand."""
        return times * 1000.0


@dataclass(frozen=True, slots=True)
class Diffusion:
    """Variance-preserving noise: `x_t = alpha x_0 + sigma noise`; the prediction is the noise, or v.

    `alphas_cumprod` (steps,) is alpha² at each of the scheduler's steps.
    """

    alphas_cumprod: Tensor
    prediction: Literal["epsilon", "v_prediction"]

    def add_noise(self, latents: Tensor, noise: Tensor, times: Tensor) -> Tensor:
        """Mix picture and noise as the scheduler's step says."""
        alpha, sigma = self._shares(times)
        return alpha * latents + sigma * noise

    def target(self, latents: Tensor, noise: Tensor, times: Tensor) -> Tensor:
        """Give the noise, or v = alpha noise - sigma x_0."""
        if self.prediction == "epsilon":
            return noise
        alpha, sigma = self._shares(times)
        return alpha * noise - sigma * latents

    def picture(self, noisy: Tensor, prediction: Tensor, times: Tensor) -> Tensor:
        """Take the noise away."""
        alpha, sigma = self._shares(times)
        if self.prediction == "epsilon":
            return (noisy - sigma * prediction) / alpha
        return alpha * noisy - sigma * prediction

    def moved(self, prediction: Tensor, change: Tensor, times: Tensor) -> Tensor:
        """Change the noise by -alpha / sigma of the change, and v by -1 / sigma of it."""
        alpha, sigma = self._shares(times)
        slope = alpha if self.prediction == "epsilon" else 1.0
        return prediction - slope * change / sigma.clamp(min=_LEAST_NOISE)

    def weights(self, times: Tensor) -> Tensor:
        """Count by min-SNR: min(SNR, 5) as an error of the picture."""
        alpha, sigma = self._shares(times)
        snr = (alpha / sigma) ** 2
        return snr.clamp(max=_MOST_SNR) / (snr if self.prediction == "epsilon" else snr + 1.0)

    def picture_weights(self, times: Tensor) -> Tensor:
        """Count by sigma² for v, and by 1 / SNR for the noise, bounded where hardly any picture is left."""
        alpha, sigma = self._shares(times)
        if self.prediction == "epsilon":
            return ((sigma / alpha) ** 2).clamp(max=_MOST_SNR)
        return sigma**2

    def draw_times(self, count: int, generator: torch.Generator) -> Tensor:
        """Draw times uniformly."""
        return torch.rand(count, generator=generator) * 0.98 + 0.01

    def network_times(self, times: Tensor) -> Tensor:
        """Count in whole steps."""
        steps = len(self.alphas_cumprod)
        return (times * steps).long().clamp(0, steps - 1)

    def _shares(self, times: Tensor) -> tuple[Tensor, Tensor]:
        squared = self.alphas_cumprod.to(times.device)[self.network_times(times)].view(-1, 1, 1, 1)
        # The last step of some schedules is noise alone; nothing may be divided by its zero.
        alpha = squared.sqrt().clamp(min=1e-3)
        return alpha, (1 - squared).sqrt()


def process_of(scheduler: Any) -> Process:
    """Read off a pipeline's scheduler which process its denoiser was trained on.

    Raises:
        BadModelError: the scheduler names another prediction than flow, epsilon or v.
    """
    config, name = scheduler.config, type(scheduler).__name__
    prediction = config.get("prediction_type", "epsilon")
    if name.startswith("FlowMatch") or prediction == "flow_prediction":
        return Flow()
    if prediction not in ("epsilon", "v_prediction") or not hasattr(scheduler, "alphas_cumprod"):
        raise BadModelError(
            f"{name} with prediction_type {prediction!r} cannot be trained on; "
            "expected flow_prediction, epsilon or v_prediction: use another base model"
        )
    return Diffusion(scheduler.alphas_cumprod.float().cpu(), prediction)


def _shaped(times: Tensor) -> Tensor:
    return times.view(-1, 1, 1, 1)
