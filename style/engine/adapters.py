"""Adapters in the model: loaded once, then mixed for each picture of a batch with its own signed weights.

peft computes `lora_B(lora_A(x)) * scaling[name]`: with a tensor of one number per sample as `scaling`, each picture of
a batch has its own weight, in one forward pass, exact, of any sign. Runs in the engine's process only.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from peft.tuners.lora import LoraLayer

from style.adapter import check_adapter_file
from style.digest import file_digest
from style.engine.model import LoadedModel
from style.errors import BadPackError

Weights = Mapping[str, float]


class Adapters:
    """All adapters of one model, by the sha256 of their files; none is on outside of `mixed`."""

    def __init__(self, model: LoadedModel) -> None:
        self._model = model
        # each adapter's layers, with the scale (alpha / rank) that its file gives to each
        self._layers: dict[str, list[tuple[Any, float]]] = {}
        self._lora_layers: list[Any] = []
        self._weights: dict[str, torch.Tensor] = {}
        self._fitted_batch = 0
        model.denoiser.register_forward_pre_hook(self._fit, with_kwargs=True)

    def __contains__(self, digest: object) -> bool:
        return digest in self._layers

    def load(self, digest: str, path: Path) -> None:
        """Load a file; it stays resident, and off.

        Raises:
            BadPackError: the file is not the one that the pack was read with, or does not fit the model.
        """
        if digest in self._layers:
            return
        expected = check_adapter_file(path)
        if file_digest(path) != digest:
            raise BadPackError(f"{path}: changed since its pack was read; start again")
        name = _slot(digest)
        try:
            with warnings.catch_warnings():
                # Several adapters in one model are what this class is for.
                warnings.filterwarnings("ignore", message="Already found a `peft_config`", category=UserWarning)
                self._model.pipeline.load_lora_weights(
                    str(path.parent),
                    weight_name=path.name,
                    adapter_name=name,
                    local_files_only=True,
                    use_safetensors=True,
                )
            layers = self._find_layers(name)
            self._check_layers(path, name, layers, expected)
        except Exception as error:
            self._forget(name)
            if isinstance(error, BadPackError):
                raise
            raise BadPackError(f"{path}: does not fit the model: {error}; train it on this base model") from error
        self._layers[digest] = [(layer, float(layer.scaling[name])) for layer in layers]
        self._lora_layers = [module for module in self._model.denoiser.modules() if isinstance(module, LoraLayer)]
        self._switch_off()

    def unload(self, digest: str) -> None:
        """Take an adapter out again."""
        del self._layers[digest]
        self._forget(_slot(digest))

    @contextmanager
    def mixed(self, pictures: Sequence[Weights]) -> Iterator[None]:
        """Switch on what a batch needs: `pictures[i]` maps an adapter's digest to its weight in picture i.

        Only adapters that some picture uses are on; in pictures that do not name one its weight is zero, which is
        exactly the base.
        """
        used = sorted({digest for weights in pictures for digest, weight in weights.items() if weight != 0.0})
        self._weights = {
            digest: torch.tensor([weights.get(digest, 0.0) for weights in pictures], device=self._model.device)
            for digest in used
        }
        self._fitted_batch = 0
        self._switch_on([_slot(digest) for digest in used])
        try:
            yield
        finally:
            self._weights = {}
            self._switch_off()

    def flat_layers(self, paint: Any) -> dict[str, str]:
        """Run `paint` with all adapters on at their files' own scale, and name those that change a flat layer.

        A flat layer is fed with other than (batch, tokens, channels) or (batch, channels, height, width), such as a
        time embedding's (batch, channels): a weight of each picture's own would not reach it. Returns digest to layer.
        """
        flat: dict[int, tuple[int, ...]] = {}
        batch = 0

        def see_batch(_module: torch.nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            nonlocal batch
            batch = _batch_of(args, kwargs)

        def see_layer(layer: Any, args: tuple[Any, ...]) -> None:
            if args[0].ndim != _ndim(layer) or args[0].shape[0] != batch:
                flat[id(layer)] = tuple(args[0].shape)

        hooks = [self._model.denoiser.register_forward_pre_hook(see_batch, with_kwargs=True)]
        hooks += [layer.register_forward_pre_hook(see_layer) for layer in self._lora_layers]
        self._switch_on([_slot(digest) for digest in self._layers])
        try:
            paint()
        finally:
            self._switch_off()
            for hook in hooks:
                hook.remove()
        names = {id(module): name for name, module in self._model.denoiser.named_modules()}
        return {
            digest: names[id(layer)]
            for digest, layers in self._layers.items()
            for layer, _ in layers
            if id(layer) in flat
        }

    def _fit(self, _module: torch.nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Repeat the weights to the batch that comes: guidance feeds it twice, the unguided half first."""
        batch = _batch_of(args, kwargs)
        if not self._weights or batch == self._fitted_batch:
            return
        for digest, weights in self._weights.items():
            repeated = weights.repeat(batch // len(weights))
            assert len(repeated) == batch, f"{batch} for {len(weights)} pictures"  # noqa: S101 - guards our own counting
            for layer, scale in self._layers[digest]:
                name = _slot(digest)
                shape = (batch, *(1 for _ in range(_ndim(layer) - 1)))
                layer.scaling[name] = (repeated * scale).to(layer.lora_A[name].weight.dtype).reshape(shape)
        self._fitted_batch = batch

    def _switch_on(self, names: list[str]) -> None:
        for layer in self._lora_layers:
            layer.enable_adapters(enabled=bool(names))
            layer.set_adapter(names, inference_mode=True)

    def _switch_off(self) -> None:
        for digest, layers in self._layers.items():
            for layer, scale in layers:
                layer.scaling[_slot(digest)] = scale
        self._switch_on([])

    def _find_layers(self, name: str) -> list[Any]:
        return [
            module
            for module in self._model.denoiser.modules()
            if isinstance(module, LoraLayer) and name in module.lora_A
        ]

    def _check_layers(self, path: Path, name: str, layers: list[Any], expected: int) -> None:
        if len(layers) != expected:
            raise BadPackError(
                f"{path}: changes {expected} layers, of which this model has {len(layers)}; train it on this base model"
            )
        if not any(bool(layer.lora_B[name].weight.any()) for layer in layers):
            raise BadPackError(f"{path}: all zero once loaded: its keys were not taken; save it with save_lora_weights")
        for layer in layers:
            if not isinstance(layer.get_base_layer(), torch.nn.Linear | torch.nn.Conv2d):
                raise BadPackError(
                    f"{path}: changes a {type(layer.get_base_layer()).__name__}; leave it out in training"
                )
            layer.lora_A[name].to(device=self._model.device, dtype=layer.get_base_layer().weight.dtype)
            layer.lora_B[name].to(device=self._model.device, dtype=layer.get_base_layer().weight.dtype)

    def _forget(self, name: str) -> None:
        if name in getattr(self._model.denoiser, "peft_config", {}):
            self._model.pipeline.delete_adapters([name])
        self._lora_layers = [module for module in self._model.denoiser.modules() if isinstance(module, LoraLayer)]


def _slot(digest: str) -> str:
    """Name an adapter for peft, whose names are parts of dotted paths."""
    return f"sha_{digest}"


def _ndim(layer: Any) -> int:
    return 4 if isinstance(layer.get_base_layer(), torch.nn.Conv2d) else 3


def _batch_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
    """Say how many samples a denoiser is called with."""
    first = args[0] if args else kwargs.get("sample", kwargs.get("hidden_states"))
    assert isinstance(first, torch.Tensor), "latents come first"  # noqa: S101 - guards our own reading of a pipeline
    return int(first.shape[0])
