"""The optimiser of the base model: Muon for the matrices of the network, AdamW for all the rest.

Muon makes each update of a matrix orthogonal, so that all its directions learn at one pace: far fewer pictures to the
same loss than AdamW alone. A convolution counts as the matrix from its inputs and taps to its outputs.

Source: Jordan et al., Muon (2024); the scale that lets it share AdamW's rate: Liu et al., Muon is Scalable for LLM
Training (arXiv 2502.16982).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

_ENDS = ("conv_in", "conv_out", "time_embedding")  # first and last layers are AdamW's, as Muon's authors advise
_DECAY = 0.01


class MuonAdamW:
    """Steps the parameters of several modules; `state_dict` and `load_state_dict` carry it through a checkpoint."""

    def __init__(self, modules: Iterable[nn.Module], rate: float) -> None:
        matrices: list[nn.Parameter] = []
        rest: list[nn.Parameter] = []
        for name, parameter in (named for module in modules for named in module.named_parameters()):
            hidden = parameter.ndim in (2, 4) and not name.startswith(_ENDS) and "embeddings" not in name
            (matrices if hidden else rest).append(parameter)
        self._matrices = matrices
        self._views = [nn.Parameter(_as_matrix(parameter.data)) for parameter in matrices]
        self._optimisers: tuple[torch.optim.Optimizer, ...] = (
            torch.optim.Muon(self._views, lr=rate, weight_decay=_DECAY, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(rest, lr=rate, weight_decay=_DECAY, betas=(0.9, 0.99), fused=True),
        )

    def set_rate(self, rate: float) -> None:
        """Set the learning rate of the steps to come."""
        for optimiser in self._optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate

    def step(self) -> None:
        """Change the parameters by their gradients."""
        for view, parameter in zip(self._views, self._matrices, strict=True):
            view.grad = None if parameter.grad is None else _flattened(parameter.grad)
        for optimiser in self._optimisers:
            optimiser.step()

    def state_dict(self) -> dict[str, Any]:
        """Give all that a checkpoint needs."""
        return {"muon": self._optimisers[0].state_dict(), "adamw": self._optimisers[1].state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take what `state_dict` gave."""
        self._optimisers[0].load_state_dict(state["muon"])
        self._optimisers[1].load_state_dict(state["adamw"])


def _as_matrix(values: Tensor) -> Tensor:
    """See a parameter, (out, in) or channels-last (out, in, h, w), as (out, …) in the same memory.

    Raises:
        ValueError: the memory is in another order, and the view would be a copy.
    """
    matrix = _flattened(values)
    if matrix.data_ptr() != values.data_ptr():
        raise ValueError("a convolution's weights are not channels_last; bring the network into that memory format")
    return matrix


def _flattened(values: Tensor) -> Tensor:
    return values if values.ndim == 2 else values.permute(0, 2, 3, 1).reshape(values.shape[0], -1)
