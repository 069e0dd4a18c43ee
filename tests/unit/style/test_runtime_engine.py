"""The engine's inside: each picture of a batch with its own adapter weights, as if it were painted alone."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from style.decode import ModelInfo
from style.digest import file_digest
from style.engine.batches import Easel, to_picture
from style.engine.model import LoadedModel, load_model
from style.engine.plan import plan_batches
from style.errors import BadModelError, BadPackError, PainterError
from style.recipe import AdapterUse, Recipe

# diffusers' schedulers give tensors to numpy in a way that numpy 2 tells of.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Already found a `peft_config`:UserWarning"),
]

TOLERANCE = 1e-4

MIXES = ({"a": 1.0, "b": -1.0}, {"a": 1.0, "b": 0.7}, {"a": -0.4}, {"c": 1.3, "b": 0.2})


@pytest.fixture(scope="module")
def loras(tmp_path_factory: pytest.TempPathFactory, write_lora: Callable[..., Path]) -> dict[str, Path]:
    """Three random adapters of different ranks; the last on attention alone."""
    folder = tmp_path_factory.mktemp("loras")
    return {
        "a": write_lora(folder / "a.safetensors", seed=11, rank=4),
        "b": write_lora(folder / "b.safetensors", seed=12, rank=2),
        "c": write_lora(folder / "c.safetensors", seed=13, rank=3, targets=["to_q", "to_v", "ff.net.2", "proj_in"]),
    }


@pytest.fixture(scope="module")
def easel(tiny_model: Path, loras: dict[str, Path]) -> Easel:
    """The tiny model with all three adapters."""
    easel = Easel(load_model(str(tiny_model), "cpu"))
    for path in loras.values():
        easel.adapters.load(file_digest(path), path)
    assert easel.probe() == {}
    return easel


@pytest.fixture
def fresh_easel(tiny_model: Path) -> Easel:
    """The tiny model without adapters."""
    return Easel(load_model(str(tiny_model), "cpu"))


@pytest.mark.parametrize("guidance", [1.0, 3.0])
def test_mixed_batch_equals_each_picture_alone(easel: Easel, loras: dict[str, Path], guidance: float) -> None:
    """Four pictures with four settings out of one batch are those painted one by one."""
    recipes = [_recipe(easel, seed, loras, mix, guidance=guidance) for seed, mix in enumerate(MIXES)]
    together = _paint(easel, recipes)
    alone = torch.cat([_paint(easel, [recipe]) for recipe in recipes])
    assert _distance(together, alone) < TOLERANCE
    unmixed = _paint(easel, [_recipe(easel, seed, loras, MIXES[0], guidance=guidance) for seed in range(4)])
    assert min(_distance(together[index], unmixed[index]) for index in (1, 2, 3)) > 30 * TOLERANCE


def test_weights_mean_what_diffusers_means_by_them(easel: Easel, loras: dict[str, Path], fresh_easel: Easel) -> None:
    """A picture's mix is the one that the library's own `set_adapters` gives to a whole batch."""
    for name, path in loras.items():
        fresh_easel.model.pipeline.load_lora_weights(
            str(path.parent), weight_name=path.name, adapter_name=name, local_files_only=True
        )
    fresh_easel.model.pipeline.set_adapters(["a", "b"], [1.0, -0.7])
    expected = fresh_easel.model.pipeline(
        prompt="straight line",
        width=64,
        height=64,
        num_inference_steps=3,
        guidance_scale=2.0,
        generator=torch.Generator().manual_seed(4),
        output_type="pt",
    ).images
    mixed = [_recipe(easel, seed, loras, mix) for seed, mix in ((4, {"a": 1.0, "b": -0.7}), (5, {"c": 1.0}))]
    assert _distance(_paint(easel, mixed)[0], expected[0]) < TOLERANCE


def test_weight_zero_is_the_base(easel: Easel, fresh_easel: Easel, loras: dict[str, Path]) -> None:
    """A picture without adapters is the bare model's, beside whatever neighbours."""
    plain = _recipe(easel, 3, loras, {})
    zero = _recipe(easel, 3, loras, {"a": 0.0})
    painted = _paint(easel, [plain, _recipe(easel, 4, loras, {"a": 1.0, "b": 1.0}), zero])
    bare = _paint(fresh_easel, [plain])[0]
    assert max(_distance(painted[0], bare), _distance(painted[2], bare)) < TOLERANCE
    assert _distance(_paint(easel, [plain])[0], bare) == 0.0


def test_only_adapters_in_use_are_active(easel: Easel, loras: dict[str, Path]) -> None:
    """An adapter that no picture of a batch uses costs nothing, and none is left on afterwards."""
    digest = file_digest(loras["b"])
    layer = next(module for module in easel.model.denoiser.modules() if hasattr(module, "lora_A"))
    with easel.adapters.mixed([{digest: 1.0, file_digest(loras["a"]): 0.0}, {}]):
        assert layer.active_adapters == [f"sha_{digest}"]
    assert layer.active_adapters == []


def test_sizes_and_steps_go_in_batches_of_their_own(easel: Easel, loras: dict[str, Path]) -> None:
    """A mixed request is parted by size, steps and guidance, and painted whole."""
    recipes = [_recipe(easel, seed, loras, {}, width=64 if seed % 2 else 32) for seed in range(4)]
    batches = list(easel.paint(recipes, 16, lambda done, total: None))
    assert [(indices, tuple(images.shape)) for indices, images in batches] == [
        ([0, 2], (2, 3, 64, 32)),
        ([1, 3], (2, 3, 64, 64)),
    ]


def test_large_group_is_cut_evenly() -> None:
    """Ten pictures where eight fit become five and five."""
    recipe = Recipe("s", "p", 0, 64, 64, 3, 2.0, (), "m", "d")
    assert [len(batch) for batch in plan_batches([recipe] * 10, 8)] == [5, 5]
    assert sorted(index for batch in plan_batches([recipe] * 10, 8) for index in batch) == list(range(10))


def test_batch_that_memory_cannot_hold_is_halved(
    easel: Easel, loras: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of memory costs time, never a picture."""
    recipes = [_recipe(easel, seed, loras, {"a": 1.0}) for seed in range(4)]
    expected = _paint(easel, recipes)
    monkeypatch.setattr(Easel, "_sample", _short_of_memory(Easel._sample, largest=1))
    batches = list(easel.paint(recipes, 16, lambda done, total: None))
    assert [indices for indices, _ in batches] == [[0], [1], [2], [3]]
    assert _distance(torch.cat([images for _, images in batches]), expected) < TOLERANCE
    monkeypatch.setattr(Easel, "_sample", _short_of_memory(Easel._sample, largest=0))
    with pytest.raises(PainterError, match="memory"):
        _paint(easel, recipes)


def test_progress_runs_over_all_batches(easel: Easel, loras: dict[str, Path]) -> None:
    """Steps are counted on from batch to batch."""
    heard: list[tuple[int, int]] = []
    recipes = [_recipe(easel, 0, loras, {}, width=width) for width in (32, 64)]
    list(easel.paint(recipes, 16, lambda done, total: heard.append((done, total))))
    assert heard == [(done, 6) for done in range(1, 7)]


def test_prompt_is_encoded_once(easel: Easel, loras: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words come out of memory, in any later batch."""
    seen: list[str] = []
    encode = easel.model.pipeline.encode_prompt

    def count(prompt: str | None, *others: Any, **more: Any) -> Any:
        if prompt is not None:  # the pipeline asks again, with the embeddings it was given
            seen.append(prompt)
        return encode(prompt, *others, **more)

    monkeypatch.setattr(easel.model.pipeline, "encode_prompt", count)
    recipe = _recipe(easel, 0, loras, {}, prompt="a new prompt")
    _paint(easel, [recipe, recipe])
    _paint(easel, [recipe])
    assert seen == ["a new prompt"]


def test_picture_is_a_png_of_rounded_pixels() -> None:
    """Quantising rounds to the nearest level and keeps what lies outside at the edge."""
    image = torch.tensor([0.0, 0.5, 1.2]).reshape(3, 1, 1).expand(3, 4, 6)
    picture = to_picture(image)
    assert (picture.width, picture.height) == (6, 4)
    assert _pixel(picture.png) == (0, 128, 255)


def test_adapter_on_flat_layers_is_named(fresh_easel: Easel, write_lora: Callable[..., Path], tmp_path: Path) -> None:
    """An adapter of time embeddings, which no weight of each picture's own can reach, is found at load."""
    path = write_lora(tmp_path / "times.safetensors", seed=3, targets=["time_emb_proj", "to_q"])
    fresh_easel.adapters.load(file_digest(path), path)
    flat = fresh_easel.probe()
    assert list(flat) == [file_digest(path)]
    assert flat[file_digest(path)].endswith("time_emb_proj")


def test_adapter_of_another_model_is_refused(fresh_easel: Easel, loras: dict[str, Path], tmp_path: Path) -> None:
    """Layers that this model does not have are told, not dropped in silence, and leave no trace."""
    from safetensors.torch import load_file, save_file

    tensors = load_file(loras["a"])
    foreign = tmp_path / "foreign.safetensors"
    save_file({name.replace("mid_block", "middle"): tensor for name, tensor in tensors.items()}, foreign)
    with pytest.raises(BadPackError, match=r"foreign\.safetensors"):
        fresh_easel.adapters.load(file_digest(foreign), foreign)
    assert file_digest(foreign) not in fresh_easel.adapters
    path = loras["a"]
    fresh_easel.adapters.load(file_digest(path), path)
    assert torch.isfinite(_paint(fresh_easel, [_recipe(fresh_easel, 0, loras, {"a": 1.0})])).all()


def test_adapter_that_does_nothing_is_refused(fresh_easel: Easel, loras: dict[str, Path], tmp_path: Path) -> None:
    """All zeros in one half mean that training or saving went wrong."""
    from safetensors.torch import load_file, save_file

    zero = tmp_path / "zero.safetensors"
    save_file({name: torch.zeros_like(tensor) for name, tensor in load_file(loras["a"]).items()}, zero)
    with pytest.raises(BadPackError, match="zero"):
        fresh_easel.adapters.load(file_digest(zero), zero)


def test_adapter_changed_since_its_check_is_refused(fresh_easel: Easel, loras: dict[str, Path], tmp_path: Path) -> None:
    """What is loaded is what was checked."""
    path = shutil.copy(loras["a"], tmp_path / "a.safetensors")
    with pytest.raises(BadPackError, match="changed"):
        fresh_easel.adapters.load(file_digest(loras["b"]), Path(path))


def test_transformer_pipeline_mixes_as_exactly(tiny_model: Path, tmp_path: Path) -> None:
    """What holds for a U-Net holds for a diffusion transformer."""
    pipeline, paths = _build_transformer(tmp_path, tiny_model / "tokenizer")
    info = ModelInfo(id="sd3", digest="3" * 64, width=64, height=64, steps=3, guidance=2.0)
    easel = Easel(LoadedModel(pipeline, pipeline.transformer, torch.device("cpu"), info))
    for path in paths.values():
        easel.adapters.load(file_digest(path), path)
    assert easel.probe() == {}
    mixes: tuple[dict[str, float], ...] = ({"a": 1.0, "b": -1.0}, {"b": 0.5}, {})
    recipes = [_recipe(easel, 7, paths, mix, prompt=f"picture {index}") for index, mix in enumerate(mixes)]
    together = _paint(easel, recipes)
    assert _distance(together, torch.cat([_paint(easel, [recipe]) for recipe in recipes])) < TOLERANCE
    assert _distance(together[0], together[2]) > 30 * TOLERANCE


@pytest.mark.parametrize("spoil", ["model_index.json", "unet/config.json", "unet/diffusion_pytorch_model.safetensors"])
def test_incomplete_model_is_refused_by_name(tiny_model: Path, tmp_path: Path, spoil: str) -> None:
    """A folder that lacks a part is a bad model with a cure, not a traceback."""
    folder = Path(shutil.copytree(tiny_model, tmp_path / "broken-model"))
    (folder / spoil).unlink()
    with pytest.raises(BadModelError, match="VERNISSAGE_MODEL"):
        load_model(str(folder), "cpu")


def test_missing_device_is_told(tiny_model: Path) -> None:
    """Asking for a GPU that is not there names the setting."""
    if torch.cuda.is_available():
        pytest.skip("this machine has one")
    with pytest.raises(BadModelError, match="VERNISSAGE_DEVICE"):
        load_model(str(tiny_model), "cuda")


def test_model_digest_follows_its_files(tiny_model: Path, tmp_path: Path) -> None:
    """The same files anywhere are the same model; another configuration is another."""
    before = load_model(str(tiny_model), "cpu").info
    copy = Path(shutil.copytree(tiny_model, tmp_path / "copy"))
    assert load_model(str(copy), "cpu").info.digest == before.digest
    config = copy / "scheduler" / "scheduler_config.json"
    config.write_text(config.read_text().replace('"solver_order": 1', '"solver_order": 2'))
    assert load_model(str(copy), "cpu").info.digest != before.digest
    assert (before.id, before.width, before.height) == ("tiny-model", 64, 64)


def _build_transformer(folder: Path, words: Path) -> tuple[Any, dict[str, Path]]:
    """Build a tiny random Stable Diffusion 3, without its third text encoder; write two adapters of its attention."""
    from diffusers import (
        AutoencoderKL,
        FlowMatchEulerDiscreteScheduler,
        SD3Transformer2DModel,
        StableDiffusion3Pipeline,
    )
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict
    from transformers import CLIPTextConfig, CLIPTextModelWithProjection, CLIPTokenizer

    torch.manual_seed(0)
    tokenizer = CLIPTokenizer.from_pretrained(str(words), local_files_only=True)
    sizes = {"hidden_size": 32, "intermediate_size": 37, "num_hidden_layers": 2, "num_attention_heads": 4}
    encoders = [
        CLIPTextModelWithProjection(
            CLIPTextConfig(**sizes, projection_dim=32, vocab_size=1000, bos_token_id=0, eos_token_id=1)
        )
        for _ in range(2)
    ]
    transformer = SD3Transformer2DModel(
        sample_size=32, patch_size=1, in_channels=4, out_channels=4, num_layers=1, attention_head_dim=8,
        num_attention_heads=4, caption_projection_dim=32, joint_attention_dim=64, pooled_projection_dim=64,
    )  # fmt: skip
    vae = AutoencoderKL(
        sample_size=32, in_channels=3, out_channels=3, block_out_channels=(4,), layers_per_block=1, latent_channels=4,
        norm_num_groups=1, use_quant_conv=False, use_post_quant_conv=False, shift_factor=0.06, scaling_factor=1.5,
    )  # fmt: skip
    pipeline = StableDiffusion3Pipeline(
        transformer=transformer, scheduler=FlowMatchEulerDiscreteScheduler(), vae=vae,
        text_encoder=encoders[0], tokenizer=tokenizer, text_encoder_2=encoders[1],
        tokenizer_2=tokenizer, text_encoder_3=None, tokenizer_3=None,
    )  # fmt: skip
    pipeline.set_progress_bar_config(disable=True)
    trained = copy.deepcopy(transformer)
    paths = {}
    for name in ("a", "b"):
        trained.add_adapter(
            LoraConfig(r=4, lora_alpha=4, target_modules=["to_q", "to_k", "to_v", "to_out.0"], init_lora_weights=False),
            adapter_name=name,
        )
        layers = get_peft_model_state_dict(trained, adapter_name=name)
        StableDiffusion3Pipeline.save_lora_weights(
            str(folder), transformer_lora_layers=layers, weight_name=f"{name}.safetensors"
        )
        paths[name] = folder / f"{name}.safetensors"
    return pipeline, paths


def _recipe(
    easel: Easel,
    seed: int,
    loras: dict[str, Path],
    mix: dict[str, float],
    *,
    prompt: str = "straight line",
    width: int = 64,
    guidance: float = 2.0,
) -> Recipe:
    uses = tuple(AdapterUse(name, file_digest(loras[name]), weight) for name, weight in mix.items())
    info = easel.model.info
    return Recipe("tiny", prompt, seed, width, 64, 3, guidance, uses, info.id, info.digest)


def _paint(easel: Easel, recipes: Sequence[Recipe]) -> torch.Tensor:
    """Paint recipes of one size; (n, 3, height, width) in their order."""
    batches: Iterator[tuple[list[int], torch.Tensor]] = easel.paint(recipes, 16, lambda done, total: None)
    [(indices, images)] = list(batches)
    assert indices == list(range(len(recipes)))
    return images


def _distance(left: torch.Tensor, right: torch.Tensor) -> float:
    return float((left - right).abs().max())


def _short_of_memory(sample: Callable[..., torch.Tensor], largest: int) -> Callable[..., torch.Tensor]:
    def limited(self: Easel, recipes: Sequence[Recipe], step: Callable[[], None]) -> torch.Tensor:
        if len(recipes) > largest:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return sample(self, recipes, step)

    return limited


def _pixel(png: bytes) -> tuple[int, ...]:
    import io

    from PIL import Image

    pixel = Image.open(io.BytesIO(png)).getpixel((2, 2))
    assert isinstance(pixel, tuple)
    return tuple(int(level) for level in pixel)
