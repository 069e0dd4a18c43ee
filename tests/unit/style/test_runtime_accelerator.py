"""An accelerator beside a model: merged once, exactly, and then as if the model had always been so fast."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from style.accelerator import BASE_SAMPLING_FILE, SAMPLING_FILE, WEIGHTS_FILE, read_accelerator, write_sampling
from style.digest import file_digest
from style.engine.batches import Easel
from style.engine.model import load_model
from style.errors import BadModelError
from style.recipe import AdapterUse, Recipe

# diffusers' schedulers give tensors to numpy in a way that numpy 2 tells of.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Already found a `peft_config`:UserWarning"),
]

WriteLora = Callable[..., Path]


@pytest.fixture
def fast_model(tiny_model: Path, write_lora: WriteLora, tmp_path: Path) -> Path:
    """The tiny model with a random accelerator of two steps beside it."""
    folder = Path(shutil.copytree(tiny_model, tmp_path / "fast" / "tiny-model"))
    targets = ["to_q", "to_out.0", "ff.net.2", "proj_in", "conv1", "conv2"]
    write_lora(folder / WEIGHTS_FILE, seed=21, targets=targets, strength=2.0)
    write_sampling(folder, steps=2, guidance=1.0)
    return folder


def test_merged_accelerator_is_the_adapter_at_weight_one(
    tiny_model: Path, fast_model: Path, write_lora: WriteLora, tmp_path: Path
) -> None:
    """Merged or not, alone or under a pack's adapter: the same picture; and no adapter is left in the network."""
    fast, plain = Easel(load_model(str(fast_model), "cpu")), Easel(load_model(str(tiny_model), "cpu"))
    assert not any("lora" in name for name, _ in fast.model.denoiser.named_modules())
    style = write_lora(tmp_path / "style.safetensors", seed=22)
    for easel in (fast, plain):
        easel.adapters.load(file_digest(style), style)
    plain.adapters.load(file_digest(fast_model / WEIGHTS_FILE), fast_model / WEIGHTS_FILE)
    for mix in ({}, {file_digest(style): -0.7}):
        merged = _paint(fast, mix)
        unmerged = _paint(plain, {file_digest(fast_model / WEIGHTS_FILE): 1.0, **mix})
        assert torch.allclose(merged, unmerged, atol=1e-4)
        assert not torch.allclose(merged, _paint(plain, mix), atol=3e-3)


def test_accelerated_model_says_how_to_sample_it(tiny_model: Path, fast_model: Path) -> None:
    """Its steps and guidance are the accelerator's, whatever the pipeline's class has as its own."""
    plain, fast = (load_model(str(folder), "cpu").info for folder in (tiny_model, fast_model))
    assert (fast.steps, fast.guidance) == (2, 1.0)
    assert (plain.steps, plain.guidance) == (50, 7.5)
    assert (fast.id, fast.width) == (plain.id, plain.width)


def test_accelerator_counts_in_the_model_digest(
    tiny_model: Path, fast_model: Path, write_lora: WriteLora, tmp_path: Path
) -> None:
    """Another accelerator, or another way to sample with it, is another model."""
    digests = [load_model(str(folder), "cpu").info.digest for folder in (tiny_model, fast_model)]
    write_sampling(fast_model, steps=3, guidance=1.0)
    digests.append(load_model(str(fast_model), "cpu").info.digest)
    write_lora(fast_model / WEIGHTS_FILE, seed=23)
    digests.append(load_model(str(fast_model), "cpu").info.digest)
    assert len(set(digests)) == 4


@pytest.mark.parametrize(("guidance", "rows"), [(0.0, 3), (1.0, 3), (1.5, 6)])
def test_no_guidance_is_one_pass_a_step(fast_model: Path, guidance: float, rows: int) -> None:
    """At a guidance of 1 or less the network sees each picture once a step, and twice above."""
    easel = Easel(load_model(str(fast_model), "cpu"))
    seen: list[int] = []

    def see(_module: torch.nn.Module, args: tuple[Any, ...], _kwargs: dict[str, Any]) -> None:
        seen.append(len(args[0]))

    easel.model.denoiser.register_forward_pre_hook(see, with_kwargs=True)
    info = easel.model.info
    recipes = [Recipe("", "a", seed, 64, 64, info.steps, guidance, (), info.id, info.digest) for seed in range(3)]
    list(easel.paint(recipes, 16, lambda done, total: None))
    assert seen == [rows] * info.steps


def test_from_pretrained_gives_the_plain_base(tiny_model: Path, fast_model: Path) -> None:
    """Whoever opens the folder to train on it gets the base, without the accelerator."""
    from diffusers import StableDiffusionPipeline

    plain, beside = (
        StableDiffusionPipeline.from_pretrained(folder, local_files_only=True, use_safetensors=True).unet.state_dict()
        for folder in (tiny_model, fast_model)
    )
    assert all(torch.equal(plain[name], beside[name]) for name in plain.keys() | beside.keys())


def test_stock_diffusers_loads_an_accelerator(tiny_model: Path, fast_model: Path) -> None:
    """`load_lora_weights` of the plain library takes the file: at weight 1 it paints as the engine does."""
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(tiny_model, local_files_only=True, use_safetensors=True)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.load_lora_weights(str(fast_model), weight_name=WEIGHTS_FILE, local_files_only=True)
    image = pipeline(
        prompt="a", width=64, height=64, num_inference_steps=2, guidance_scale=1.0,
        generator=torch.Generator().manual_seed(0), output_type="pt",
    ).images  # fmt: skip
    assert torch.allclose(image, _paint(Easel(load_model(str(fast_model), "cpu")), {}), atol=1e-4)


def test_model_without_accelerator_says_how_to_sample_it_too(fast_model: Path) -> None:
    """Its own file is asked where no accelerator speaks, and a broken one is refused with its cure."""
    write_sampling(fast_model, 12, 2.5, BASE_SAMPLING_FILE)
    assert load_model(str(fast_model), "cpu").info.steps == 2
    plain = load_model(str(fast_model), "cpu", plain=True).info
    assert (plain.steps, plain.guidance) == (12, 2.5)
    (fast_model / BASE_SAMPLING_FILE).write_text('{"steps": 0}')
    with pytest.raises(BadModelError, match=r"take it out of the folder"):
        load_model(str(fast_model), "cpu", plain=True)


def test_model_without_accelerator_has_none(tiny_model: Path) -> None:
    """A folder without the two files is simply not accelerated."""
    assert read_accelerator(tiny_model) is None


def _cut(folder: Path) -> None:
    (folder / WEIGHTS_FILE).write_bytes((folder / WEIGHTS_FILE).read_bytes()[:-8])


def _rename_layers(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / WEIGHTS_FILE)
    save_file({name.replace("mid_block", "middle"): tensor for name, tensor in tensors.items()}, folder / WEIGHTS_FILE)


def _zero(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / WEIGHTS_FILE)
    save_file({name: torch.zeros_like(tensor) for name, tensor in tensors.items()}, folder / WEIGHTS_FILE)


def _widen(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / WEIGHTS_FILE)
    save_file({name: torch.cat([tensor] * 2, dim=1 - ("lora_B" in name)) for name, tensor in tensors.items()},
              folder / WEIGHTS_FILE)  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_cut, WEIGHTS_FILE),
        (_rename_layers, "does not fit"),
        (_zero, "all zero"),
        (_widen, "does not fit"),
        (lambda folder: (folder / WEIGHTS_FILE).unlink(), WEIGHTS_FILE),
        (lambda folder: (folder / SAMPLING_FILE).unlink(), SAMPLING_FILE),
        (lambda folder: (folder / SAMPLING_FILE).write_text("{"), SAMPLING_FILE),
        (lambda folder: (folder / SAMPLING_FILE).write_text('{"steps": 0, "guidance": 1.0}'), "steps"),
        (lambda folder: (folder / SAMPLING_FILE).write_text('{"steps": 4, "guidance": 1.0, "size": 2}'), "size"),
    ],
)
def test_broken_accelerator_is_refused_with_its_cure(fast_model: Path, spoil: Callable[[Path], Any], told: str) -> None:
    """Half an accelerator, a cut one, one of another model: the file is named, and what to do about it."""
    spoil(fast_model)
    with pytest.raises(BadModelError, match=told) as caught:
        load_model(str(fast_model), "cpu")
    assert "style.training distil" in str(caught.value)


def _paint(easel: Easel, weights: dict[str, float]) -> torch.Tensor:
    uses = tuple(AdapterUse(digest[:8], digest, weight) for digest, weight in weights.items())
    recipe = Recipe("tiny", "a", 0, 64, 64, 2, 1.0, uses, easel.model.info.id, easel.model.info.digest)
    [(_, images)] = list(easel.paint([recipe], 16, lambda done, total: None))
    return images
