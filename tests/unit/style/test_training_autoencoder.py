"""The autoencoder: an encoder that is solved exactly, and a decoder that learns."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny
from numpy.typing import NDArray

from style.training.autoencoder import DecoderRun, build_autoencoder, grow_decoder, psnr, train_decoder
from style.training.encoder import (
    SCALING,
    averaging,
    channel_weights,
    principal_components,
    project,
    read_encoder,
    to_tensor,
    write_encoder,
)
from style.training.loop import RunFiles
from style.training.texture import texture_loss

Pictures = NDArray[np.uint8]


@pytest.fixture
def vae(drawn_pictures: Pictures) -> AutoencoderTiny:
    """A narrow autoencoder whose encoder is solved on the drawn pictures."""
    return _solved(drawn_pictures)


@torch.no_grad()
def _encode(vae: AutoencoderTiny, pictures: Pictures) -> torch.Tensor:
    """Run the encoder's convolutions, and scale as a pipeline does."""
    latents: torch.Tensor = vae.encode(to_tensor(pictures)).latents * vae.config.scaling_factor
    return latents


def _solved(pictures: Pictures) -> AutoencoderTiny:
    torch.manual_seed(0)
    vae = build_autoencoder(width=8)
    write_encoder(vae, *principal_components(pictures))
    return vae


def test_encoder_is_the_projection_exactly(vae: AutoencoderTiny, drawn_pictures: Pictures) -> None:
    """Five convolutions give what one projection of 8×8 blocks gives, at the border as inside, for any picture."""
    weights, offsets = principal_components(drawn_pictures)
    noise = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3)).astype(np.uint8)
    for pictures in (drawn_pictures[:8], noise):
        expected = F.conv2d(to_tensor(pictures), weights, offsets, stride=8)
        assert torch.allclose(_encode(vae, pictures), expected, atol=2e-4)


def test_product_is_what_the_convolutions_compute(drawn_pictures: Pictures) -> None:
    """The short way gives the latents of the long one, for an encoder that averages as for one that does not."""
    for averages in (1, 2):
        vae = build_autoencoder(width=8, averages=averages)
        write_encoder(vae, *principal_components(drawn_pictures))
        assert averaging(vae) == averages
        assert torch.allclose(project(vae, drawn_pictures[:4]), _encode(vae, drawn_pictures[:4]), atol=2e-4)


def test_larger_pictures_have_the_latents_of_their_halves(vae: AutoencoderTiny) -> None:
    """A 16-fold encoder sees in a picture what the 8-fold one sees in the same picture at half the size."""
    finer = build_autoencoder(width=8, averages=2)
    write_encoder(finer, *read_encoder(vae))
    small = np.random.default_rng(1).integers(0, 256, (2, 64, 64, 3)).astype(np.uint8)
    large = small.repeat(2, axis=1).repeat(2, axis=2)
    assert torch.allclose(_encode(finer, large), _encode(vae, small), atol=2e-4)


def test_projection_is_read_back_as_it_was_written(vae: AutoencoderTiny, drawn_pictures: Pictures) -> None:
    """A saved encoder still knows the weights and offsets that it was solved to."""
    weights, offsets = principal_components(drawn_pictures)
    read_weights, read_offsets = read_encoder(vae)
    assert torch.allclose(read_weights, weights, atol=1e-6)
    assert torch.allclose(read_offsets, offsets, atol=1e-6)


def test_grown_decoder_begins_where_the_smaller_one_ended(vae: AutoencoderTiny, drawn_pictures: Pictures) -> None:
    """Before any training, it paints the smaller one's picture at twice the size, but for the seams between pixels."""
    finer = build_autoencoder(width=8, averages=2)
    grow_decoder(finer, vae)
    latents = _encode(vae, drawn_pictures[:4]) / SCALING
    with torch.no_grad():
        small, large = vae.decode(latents).sample, finer.decode(latents).sample
    assert large.shape == (4, 3, 128, 128)
    near = (F.avg_pool2d(large, 2) - small).abs().mean()
    assert near < 0.25 * (small - small.mean()).abs().mean()


def test_other_averages_are_refused() -> None:
    """An autoencoder that would average by another number is refused by name."""
    with pytest.raises(ValueError, match="averages is 3; expected 1 or 2"):
        build_autoencoder(averages=3)


def test_latents_have_mean_zero_and_variance_one(vae: AutoencoderTiny, drawn_pictures: Pictures) -> None:
    """Over the pictures that it was solved on, latents are as the denoiser's noise: mean 0, variance 1 together."""
    latents = _encode(vae, drawn_pictures)
    assert latents.shape == (100, 16, 8, 8)
    assert latents.mean(dim=(0, 2, 3)).abs().max() < 1e-3
    assert latents.var(dim=(0, 2, 3)).mean().item() == pytest.approx(1.0, abs=0.03)


def test_pipeline_scales_latents_as_the_encoder_does(vae: AutoencoderTiny) -> None:
    """The factor that the saved configuration tells a pipeline is the one that the latents were made with."""
    assert vae.config.scaling_factor == SCALING


def test_first_components_count_most(vae: AutoencoderTiny, drawn_pictures: Pictures) -> None:
    """An error counts by its effect in pixels: mean 1, and less from component to component."""
    counted = channel_weights(vae)
    assert counted.mean().item() == pytest.approx(1.0)
    assert counted.tolist() == sorted(counted.tolist(), reverse=True)
    weights, _ = principal_components(drawn_pictures)
    assert torch.allclose(counted[0] / counted[5], weights[5].norm() / weights[0].norm(), rtol=1e-4)


def test_decoder_learns_and_leaves_the_encoder(vae: AutoencoderTiny, drawn_pictures: Pictures, tmp_path: Path) -> None:
    """A few steps bring held-out pictures nearer to themselves; the solved encoder stays as it is."""
    before, encoder = psnr(vae, drawn_pictures[-64:]), _copy(vae.encoder)
    train_decoder(_run(tmp_path, steps=60), vae, drawn_pictures)
    assert psnr(vae, drawn_pictures[-64:]) > before + 3.0
    assert _equal(encoder, vae.encoder.state_dict())


def test_texture_loss_leaves_more_paint(vae: AutoencoderTiny, drawn_pictures: Pictures, tmp_path: Path) -> None:
    """With the texture loss a decoder ends nearer to the roughness of what it was shown, and still learns pictures."""
    rough = np.clip(drawn_pictures + np.random.default_rng(0).normal(0, 12, drawn_pictures.shape), 0, 255)
    pictures, apart = rough.astype(np.uint8), []
    for weight in (0.0, 20.0):
        run = replace(_run(tmp_path / str(weight), steps=80), crop=8, texture=weight)
        trained = train_decoder(run, _solved(pictures), pictures)
        with torch.no_grad():
            made = trained.decode(project(trained, pictures[:4]) / trained.config.scaling_factor).sample
        torch.manual_seed(0)
        apart.append(texture_loss(made, to_tensor(pictures[:4])).item())
    assert apart[1] < 0.8 * apart[0]


def test_same_seed_gives_the_same_decoder(drawn_pictures: Pictures, tmp_path: Path) -> None:
    """Two runs of one seed end in the same weights, bit for bit; another seed in others."""
    ends = [
        _copy(train_decoder(replace(_run(tmp_path / str(k)), seed=seed), _solved(drawn_pictures), drawn_pictures))
        for k, seed in enumerate((3, 3, 4))
    ]
    assert _equal(ends[0], ends[1])
    assert not _equal(ends[0], ends[2])


def test_killed_decoder_goes_on_where_it_was(
    drawn_pictures: Pictures,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kill_after: Callable[[pytest.MonkeyPatch, int], None],
) -> None:
    """After a kill, a run does only the steps that are missing, from the weights that were saved."""
    run = replace(_run(tmp_path, steps=5), save_every_s=0.0)
    kill_after(monkeypatch, 3)
    with pytest.raises(KeyboardInterrupt):
        train_decoder(run, _solved(drawn_pictures), drawn_pictures)
    monkeypatch.undo()
    saved = RunFiles(tmp_path).load()
    assert saved is not None
    assert saved["step"] == 3
    # A run that is to end where the checkpoint is does nothing but give back the average.
    idle = train_decoder(replace(run, steps=3), _solved(drawn_pictures), drawn_pictures)
    means = [parameter.detach() for parameter in idle.decoder.parameters()]
    assert all(torch.equal(mean, kept) for mean, kept in zip(means, saved["average"], strict=True))
    train_decoder(run, _solved(drawn_pictures), drawn_pictures)
    assert logged_steps(tmp_path) == [1, 2, 3, 4, 5]


def _run(folder: Path, steps: int = 4) -> DecoderRun:
    return DecoderRun(folder, steps=steps, batch=6, crop=2, peak_rate=4e-3)


def _copy(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


def _equal(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(first[name], second[name]) for name in first.keys() | second.keys())


def logged_steps(folder: Path) -> list[int]:
    """The steps in the log of a run."""
    return [json.loads(line)["step"] for line in (folder / "log.jsonl").read_text("utf-8").splitlines()]
