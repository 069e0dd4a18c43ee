"""One batch on several cores: each process takes a share of it through the network and back.

The network's parameters lie in memory that all processes see; each adds its gradients to those of the first, which
steps the optimiser. Threads of one process wait for one another at the interpreter's lock: two processes were measured
at 1.08 times the pictures a second of two threads (docs/LOG.md, 2026-11-26).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from style.errors import StyleError

_ENDED = "a process of the training ended; start it again: it goes on from its checkpoint"
_ENDS_IN_S = 10.0
Rows = Sequence[Any] | Tensor  # one row for each picture of a batch


class Task(Protocol):
    """What is trained; it travels to other processes by pickle, and its parameters are shared, not copied."""

    def parameters(self) -> list[nn.Parameter]:
        """List what is trained, always in the same order."""
        ...

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        """Give the mean loss over the rows of a batch, given as `backward` gets them."""
        ...


class Shards:
    """Parts batches among `count` processes on the CPU, this one among them; 1 works here alone, on any device."""

    def __init__(self, task: Task, count: int = 1) -> None:
        self._task, self._parameters = task, task.parameters()
        self._others: list[tuple[Connection, list[Tensor]]] = []
        if count > 1:
            torch.set_num_threads(1)
            for parameter in self._parameters:
                parameter.share_memory_()  # type: ignore[no-untyped-call]  # torch ships it untyped
        self._processes: list[BaseProcess] = []
        context = torch.multiprocessing.get_context("spawn")
        for _ in range(1, count):
            here, there = context.Pipe()
            gradients = [torch.zeros_like(parameter.data) for parameter in self._parameters]
            for gradient in gradients:
                gradient.share_memory_()  # type: ignore[no-untyped-call]
            process = context.Process(target=_serve, args=(task, there, gradients), daemon=True)
            process.start()
            there.close()
            self._processes.append(process)
            self._others.append((here, gradients))

    def backward(self, *batch: Rows) -> float:
        """Set each parameter's gradient to that of the mean loss over the whole batch, and return that loss.

        Raises:
            StyleError: another process failed or ended.
        """
        rows, count = len(batch[0]), 1 + len(self._others)
        edges = [round(k * rows / count) for k in range(count + 1)]
        own, *parts = [slice(start, end) for start, end in pairwise(edges)]
        for (connection, _), part in zip(self._others, parts, strict=True):
            if part.stop > part.start:
                shared = [values[part].numpy() if isinstance(values, Tensor) else values[part] for values in batch]
                _send(connection, ((part.stop - part.start) / rows, shared))
        whole = 0.0
        if own.stop > own.start:
            share = self._task(*(values[own] for values in batch)) * ((own.stop - own.start) / rows)
            whole = share.item()
            for parameter, gradient in zip(self._parameters, torch.autograd.grad(share, self._parameters), strict=True):
                parameter.grad = gradient
        for (connection, gradients), part in zip(self._others, parts, strict=True):
            if part.stop > part.start:
                whole += _answer(connection)
                # In the order of the shards, so that a seed gives the same sums.
                for parameter, gradient in zip(self._parameters, gradients, strict=True):
                    assert parameter.grad is not None, "the first shard has set it"  # noqa: S101 - our own bug
                    parameter.grad.add_(gradient)
        return whole

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Give this process the cores of the others, which wait: for what is done between two batches."""
        if not self._others:
            yield
            return
        torch.set_num_threads(1 + len(self._others))
        try:
            yield
        finally:
            torch.set_num_threads(1)

    def close(self) -> None:
        """Let the other processes end, and wait for it."""
        for connection, _ in self._others:
            connection.close()
        for process in self._processes:
            process.join(_ENDS_IN_S)
        self._others, self._processes = [], []


def _send(connection: Connection, shard: tuple[float, list[Any]]) -> None:
    try:
        connection.send(shard)
    except OSError as error:
        raise StyleError(_ENDED) from error


def _answer(connection: Connection) -> float:
    try:
        answer = connection.recv()
    except (EOFError, OSError) as error:
        raise StyleError(_ENDED) from error
    if isinstance(answer, str):
        raise StyleError(f"a process of the training failed: {answer}")
    return float(answer)


def _serve(task: Task, connection: Connection, gradients: list[Tensor]) -> None:
    """Answer shards with their loss, gradients left in `gradients`, until the first process is gone."""
    torch.set_num_threads(1)
    parameters = task.parameters()
    while True:
        try:
            weight, batch = connection.recv()
        except EOFError:
            return
        try:
            share = task(*(values if isinstance(values, list) else torch.from_numpy(values) for values in batch))
            share = share * weight
            torch._foreach_copy_(gradients, list(torch.autograd.grad(share, parameters)))
            connection.send(share.item())
        except Exception as error:
            connection.send(repr(error))
