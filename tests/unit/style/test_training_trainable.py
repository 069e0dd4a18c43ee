"""Base models as training sees them: the same calls of the denoiser as the pipeline's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from style.errors import BadModelError
from style.training import denoiser, encoder
from style.training.lora import style_loss
from style.training.process import Flow
from style.training.trainable import open_trainable, trainable_of, usual_rate

pytestmark = [
    # diffusers' schedulers give tensors to numpy in a way that numpy 2 tells of.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The configuration file of this scheduler:FutureWarning"),
]

CPU = torch.device("cpu")
SHAPES = ("epsilon", "v_prediction", "xl", "flux", "distilled")


@pytest.mark.parametrize("shape", SHAPES)
def test_denoiser_is_called_as_the_pipeline_calls_it(shape: str, shaped_pipeline: Callable[[str], Any]) -> None:
    """Latents, time and prompt of the pipeline's first step give the same prediction through the trainable."""
    pipeline = shaped_pipeline(shape)
    model = trainable_of(pipeline, CPU, 64)
    seen = _first_call(pipeline, model.denoiser, "red circle")
    noisy, time = seen["latents"], seen["time"]
    is_packed = shape in ("flux", "distilled")
    times = time if is_packed else (time + 0.5) / 1000
    if is_packed:
        noisy = pipeline._unpack_latents(noisy, 64, 64, pipeline.vae_scale_factor)
    with torch.no_grad():
        made = model.predict(noisy, times.reshape(1).float(), model.embed(["red circle"]))
    expected = pipeline._unpack_latents(seen["made"], 64, 64, pipeline.vae_scale_factor) if is_packed else seen["made"]
    assert made.shape == noisy.shape
    assert torch.allclose(made, expected, atol=2e-5)


@pytest.mark.parametrize("shape", ["epsilon", "xl", "flux"])
def test_latents_decode_to_the_autoencoders_own_picture(shape: str, shaped_pipeline: Callable[[str], Any]) -> None:
    """Undone as the pipelines do before they decode, the latents are the middle of the autoencoder's distribution."""
    pipeline = shaped_pipeline(shape)
    pictures = np.random.default_rng(0).integers(0, 255, (3, 64, 64, 3), dtype=np.uint8)
    latents = trainable_of(pipeline, CPU, 64).encode_pictures(pictures)
    config = pipeline.vae.config
    undone = latents / config.scaling_factor + (config.shift_factor or 0.0)
    pixels = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 127.5 - 1
    with torch.no_grad():
        assert torch.allclose(undone, pipeline.vae.encode(pixels).latent_dist.mode(), atol=1e-5)
    assert torch.equal(latents, trainable_of(pipeline, CPU, 64).encode_pictures(pictures))


def test_bundled_form_keeps_its_own_numbers(
    small_pipeline: Callable[[], Any], drawn_pictures: NDArray[np.uint8]
) -> None:
    """On the bundled model's form, latents, embeddings and loss are those that the base model is trained with."""
    pipeline = small_pipeline()
    model = trainable_of(pipeline, CPU, 128)
    assert isinstance(model.process, Flow)
    latents, words = model.encode_pictures(drawn_pictures[:4]), ["red circle", "", "blue, kandinsky", "dark"]
    assert torch.allclose(latents, encoder.project(pipeline.vae, drawn_pictures[:4]), atol=2e-4)
    torch.manual_seed(0)
    noise, times = torch.randn(latents.shape), torch.rand(4)
    with torch.no_grad():
        text = denoiser.embed(pipeline.tokenizer, pipeline.text_encoder, words)
        assert torch.allclose(model.embed(words)["encoder_hidden_states"], text, atol=1e-6)
        expected = denoiser.flow_loss(pipeline.unet, latents, text, noise, times)
        assert style_loss(model, latents, noise, times, model.embed(words)).item() == pytest.approx(expected.item())


def test_opened_model_is_frozen(tiny_model: Any) -> None:
    """A folder opens by its path, in float32 on a CPU; nothing in it learns by itself."""
    model = open_trainable(str(tiny_model), "cpu")
    assert model.size_px == 64
    assert model.denoiser.dtype == torch.float32
    assert not any(parameter.requires_grad for parameter in model.denoiser.parameters())
    assert usual_rate(model, 1.0, 2.0) == 1.0


def test_unknown_kind_is_refused(shaped_pipeline: Callable[[str], Any]) -> None:
    """A pipeline of a kind that is not trained here is named, and those that are."""
    pipeline = shaped_pipeline("epsilon")
    other = type("OddPipeline", (), {"components": {}, "scheduler": pipeline.scheduler})()
    with pytest.raises(BadModelError, match="odd/one: a OddPipeline cannot be trained here; use one of StableDiff"):
        trainable_of(other, CPU, 64, "odd/one")


def test_model_with_an_odd_prediction_is_named(shaped_pipeline: Callable[[str], Any]) -> None:
    """Which model it was stands before what its scheduler says."""
    pipeline = shaped_pipeline("epsilon")
    pipeline.scheduler.register_to_config(prediction_type="sample")
    with pytest.raises(BadModelError, match="some/model: DDIMScheduler with prediction_type 'sample'"):
        trainable_of(pipeline, CPU, 64, "some/model")


def _first_call(pipeline: Any, denoiser: torch.nn.Module, prompt: str) -> dict[str, torch.Tensor]:
    """Paint, and note what the denoiser is first called with, and what it says."""
    calls: list[dict[str, torch.Tensor]] = []

    def note(_module: Any, args: tuple[Any, ...], kwargs: dict[str, Any], made: Any) -> None:
        latents, time = (args[0], args[1]) if args else (kwargs["hidden_states"], kwargs["timestep"])
        calls.append({"latents": latents.clone(), "time": torch.as_tensor(time), "made": made[0].clone()})

    hook = denoiser.register_forward_hook(note, with_kwargs=True)
    size: dict[str, Any] = {"width": 64, "height": 64, "output_type": "latent"}
    guidance = 3.5 if denoiser.config.get("guidance_embeds") else 1.0  # type: ignore[operator, union-attr]  # a diffusers model's
    pipeline(prompt, num_inference_steps=2, guidance_scale=guidance, generator=torch.Generator().manual_seed(0), **size)
    hook.remove()
    return calls[0]
