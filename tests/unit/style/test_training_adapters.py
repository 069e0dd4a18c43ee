"""Adapters out of training, on U-Nets and transformers: stock diffusers and the engine load them in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from style.adapter import check_adapter_file
from style.decode import ModelInfo
from style.digest import file_digest
from style.engine.batches import Easel
from style.engine.model import LoadedModel
from style.errors import BadPackError
from style.procedural import draw, random_spec
from style.recipe import AdapterUse, Recipe
from style.training import adapters
from style.training.job import StyleJob
from style.training.lora import train_style
from style.training.paintings import Painting
from style.training.trainable import Trainable, trainable_of

pytestmark = [
    # diffusers' schedulers give tensors to numpy in a way that numpy 2 tells of.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Already found a `peft_config`:UserWarning"),
]

CPU = torch.device("cpu")
SHAPES = ("epsilon", "v_prediction", "xl", "distilled")
JOB = StyleJob(
    name="tiny", trigger="tiny", pictures="-", steps=3, batch=2, rank=4, rate=3e-2, crops_each=2,
    validate_every=3, samples_every=3, prompts=("red",), sample_steps=1,
)  # fmt: skip


@pytest.fixture(scope="module", params=SHAPES)
def shape(request: pytest.FixtureRequest) -> str:
    """One shape of pipeline."""
    return str(request.param)


@pytest.fixture(scope="module")
def trained(
    shape: str, shaped_pipeline: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Trainable, Path]:
    """A pipeline of this shape with an adapter of three steps in it, and the adapter's file."""
    folder = tmp_path_factory.mktemp(shape)
    model = trainable_of(shaped_pipeline(shape), CPU, 64)
    paintings = [Painting(str(k), ("red",), draw(random_spec(k), 96, 1)) for k in range(4)]
    train_style(JOB, folder, model, paintings)
    adapters.save(model.pipeline, "tiny", folder / "tiny.safetensors")
    return model, folder / "tiny.safetensors"


def test_stock_pipeline_loads_all_layers(
    shape: str, trained: tuple[Trainable, Path], shaped_pipeline: Callable[[str], Any]
) -> None:
    """`load_lora_weights` of a fresh pipeline takes every layer of the file, and the denoiser says what was trained."""
    (model, path), fresh = trained, trainable_of(shaped_pipeline(shape), CPU, 64)
    before = _prediction(fresh)
    fresh.pipeline.load_lora_weights(str(path.parent), weight_name=path.name, adapter_name="loaded")
    fresh.denoiser.eval()
    loaded, expected = _names(fresh, "loaded"), _names(model, "tiny")
    assert loaded == expected
    assert len(loaded) == check_adapter_file(path) > 10
    assert _distance(_prediction(fresh), _prediction(model)) < 0.02 * _distance(before, _prediction(model))


def test_engine_weighs_it_for_each_picture(
    shape: str, trained: tuple[Trainable, Path], shaped_pipeline: Callable[[str], Any]
) -> None:
    """The engine loads it, finds no flat layer in it, and paints other pictures with it than without."""
    pipeline, path = shaped_pipeline(shape), trained[1]
    info = ModelInfo(id="tiny", digest="-", width=64, height=64, steps=2, guidance=1.0)
    easel = Easel(LoadedModel(pipeline, trainable_of(pipeline, CPU, 64).denoiser, CPU, info))
    digest = file_digest(path)
    easel.adapters.load(digest, path)
    assert easel.probe() == {}
    recipes = [
        Recipe("tiny", "red", 0, 64, 64, 2, 1.0, (AdapterUse("tiny", digest, weight),), "tiny", "-")
        for weight in (0.0, 1.0, -1.0)
    ]
    painted: Iterator[tuple[list[int], torch.Tensor]] = easel.paint(recipes, 4, lambda _done, _total: None)
    [(_, images)] = list(painted)
    assert min(_distance(images[i], images[j]) for i, j in ((0, 1), (0, 2), (1, 2))) > 1e-3


def test_parameters_learn_in_float32(shaped_pipeline: Callable[[str], Any]) -> None:
    """Whatever the base is kept in, the adapter's numbers are float32, and nothing else learns."""
    denoiser = shaped_pipeline("epsilon").unet.to(torch.bfloat16)
    parameters = adapters.add(denoiser, "fine", rank=2, seed=0)
    assert {parameter.dtype for parameter in parameters} == {torch.float32}
    assert {id(p) for p in denoiser.parameters() if p.requires_grad} == {id(p) for p in parameters}


@pytest.mark.parametrize("shape", ["epsilon"], indirect=True)
def test_first_adapter_stays_on_under_a_second(shape: str, trained: tuple[Trainable, Path]) -> None:
    """A second adapter, still empty, changes nothing; the first keeps its weight and learns no more."""
    model, _ = trained
    before = _prediction(model)
    second = adapters.add(model.denoiser, "second", rank=2, seed=1)
    try:
        assert torch.allclose(_prediction(model), before, atol=1e-5)
        assert {id(p) for p in model.denoiser.parameters() if p.requires_grad} == {id(p) for p in second}
        adapters.weigh(model.denoiser, "tiny", 0.0)
        assert _distance(_prediction(model), before) > 1e-3
    finally:
        adapters.weigh(model.denoiser, "tiny", 1.0)
        model.denoiser.delete_adapters("second")  # type: ignore[operator]  # a diffusers model has it


@pytest.mark.parametrize("shape", ["epsilon", "distilled"], indirect=True)
def test_loaded_file_is_the_trained_adapter(
    shape: str, trained: tuple[Trainable, Path], shaped_pipeline: Callable[[str], Any]
) -> None:
    """`load` puts a file on at weight 1, and a weight means the same for it as for a trained one."""
    (model, path), fresh = trained, trainable_of(shaped_pipeline(shape), CPU, 64)
    adapters.load(fresh.pipeline, fresh.denoiser, "style", path)
    scale = _distance(_prediction(model), torch.zeros(1))
    for weight in (1.0, -0.5):
        adapters.weigh(fresh.denoiser, "style", weight)
        adapters.weigh(model.denoiser, "tiny", weight)
        assert _distance(_prediction(fresh), _prediction(model)) < 0.01 * scale
    adapters.weigh(model.denoiser, "tiny", 1.0)
    assert not any(parameter.requires_grad for parameter in fresh.denoiser.parameters())


@pytest.mark.parametrize("shape", ["epsilon", "distilled"], indirect=True)
def test_file_of_another_model_is_refused(
    shape: str, trained: tuple[Trainable, Path], shaped_pipeline: Callable[[str], Any]
) -> None:
    """An adapter that was trained on another base is told by its file, with the cure."""
    other = shaped_pipeline("distilled" if shape == "epsilon" else "epsilon")
    with pytest.raises(BadPackError, match=r"tiny\.safetensors: .*give one that was trained on it"):
        adapters.load(other, getattr(other, "unet", None) or other.transformer, "style", trained[1])


def _names(model: Trainable, name: str) -> set[str]:
    return {path for path, part in model.denoiser.named_modules() if name in getattr(part, "scaling", {})}


@torch.no_grad()
def _prediction(model: Trainable) -> torch.Tensor:
    noisy = torch.from_numpy(np.random.default_rng(0).normal(size=(2, 4, 32, 32))).float()
    return model.predict(noisy, torch.tensor([0.4, 0.8]), model.embed(["red", "circle"]))


def _distance(left: torch.Tensor, right: torch.Tensor) -> float:
    return float((left - right).abs().max())
