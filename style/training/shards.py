"""One batch on several cores: each thread takes a share of it through the network and back.

Two threads with half a batch each were measured at 80 pictures/s where two threads within each operation came to 62 and
one thread to 44: small operations gain little from more threads, and wait for one another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import torch
from torch import Tensor, nn

ShardLoss = Callable[[slice], Tensor]  # the mean loss over these rows of the batch


class Shards:
    """Parts a batch of `batch` rows among `count` threads, and sums up their gradients in `parameters`."""

    def __init__(self, parameters: Sequence[nn.Parameter], batch: int, count: int) -> None:
        self._parameters = list(parameters)
        edges = [round(k * batch / count) for k in range(count + 1)]
        self._parts = [slice(start, end) for start, end in pairwise(edges) if end > start]
        self._batch = batch
        self._pool = ThreadPoolExecutor(count, initializer=lambda: torch.set_num_threads(1)) if count > 1 else None

    def backward(self, loss: ShardLoss) -> float:
        """Set each parameter's gradient to that of the mean loss over the whole batch, and return that loss."""
        calls = (self._gradients(loss, part) for part in self._parts)
        if self._pool is not None:
            calls = self._pool.map(lambda part: self._gradients(loss, part), self._parts)  # type: ignore[assignment]
        whole = 0.0
        for number, (value, gradients) in enumerate(calls):
            whole += value
            for parameter, gradient in zip(self._parameters, gradients, strict=True):
                # In the order of the shards, so that a seed gives the same sums.
                parameter.grad = gradient if number == 0 else _sum(parameter.grad, gradient)
        return whole

    def _gradients(self, loss: ShardLoss, part: slice) -> tuple[float, Sequence[Tensor]]:
        share = loss(part) * ((part.stop - part.start) / self._batch)
        return share.item(), torch.autograd.grad(share, self._parameters)


def _sum(first: Tensor | None, second: Tensor) -> Tensor:
    assert first is not None, "the first shard has set it"  # noqa: S101 - our own bug
    return first.add_(second)
