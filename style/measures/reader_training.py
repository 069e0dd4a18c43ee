"""How the reader's weights were made: fitted to drawn pictures, as they are and as the autoencoder gives them back.

    python -m style.measures.reader_training --pictures 1000

Takes a few minutes on one CPU core. Knows nothing of how the reader is used.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from scipy.optimize import minimize

from style.measures.contours import contours
from style.measures.reader import WEIGHTS, read_contours
from style.places import BUNDLED_MODEL
from style.procedural import LINES, PLANES, Spec, draw, random_spec

DRAWN_SEED = 50_000
DECODED_SEED = 51_500
HELD_OUT_SEED = 90_000
SIZE_PX = 128
LATENT_NOISE = 0.3
PENALTY = 0.1

Pictures = NDArray[np.uint8]
Numbers = NDArray[np.float64]


def fit(rows: Numbers, specs: Sequence[Spec], penalty: float = PENALTY) -> dict[str, NDArray[np.float32]]:
    """Fit the reader to contours (n, d) of drawn specs: one multinomial and four logistic regressions in one.

    `penalty` weighs the squared weights against the mean loss of a picture.
    """
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    inputs, wanted = (rows - mean) / deviation, targets(specs)
    shape = (inputs.shape[1] + 1, wanted.shape[1])

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        weights = flat.reshape(shape)
        plain = {"mean": np.zeros(1), "deviation": np.ones(1), "weight": weights[1:], "bias": weights[0]}
        reading = read_contours(inputs, plain)
        seen = np.concatenate([reading.lines, reading.planes], axis=1)
        likelihood = np.where(wanted > 0, seen, np.where(np.arange(shape[1]) < len(LINES), 1.0, 1.0 - seen))
        error = (seen - wanted) / len(inputs)
        slope = np.concatenate([error.sum(axis=0)[None], inputs.T @ error + penalty * weights[1:]])
        value = -np.log(likelihood + 1e-12).sum() / len(inputs) + 0.5 * penalty * (weights[1:] ** 2).sum()
        return float(value), slope.ravel()

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    weights = found.reshape(shape)
    parts = {"mean": mean, "deviation": deviation, "weight": weights[1:], "bias": weights[0]}
    return {name: np.ascontiguousarray(part, dtype=np.float32) for name, part in parts.items()}


def targets(specs: Sequence[Spec]) -> Numbers:
    """Write what is to be seen: (n, 7), one line and the planes."""
    rows = [[*(line == s.line for line in LINES), *(plane in s.planes for plane in PLANES)] for s in specs]
    return np.array(rows, dtype=np.float64)


def decoded(pictures: Pictures, noise: float, seed: int) -> Pictures:
    """Pass (n, h, w, 3) pictures through the bundled autoencoder, with up to `noise` of a deviation in the latents.

    The autoencoder is made for pictures of the size that the model paints: smaller ones come out coarser than those.
    """
    import torch  # here alone: all else about the reader works without it
    from diffusers import AutoencoderTiny

    from style.training.encoder import project

    vae = AutoencoderTiny.from_pretrained(BUNDLED_MODEL / "vae", local_files_only=True).float().eval()
    vae, dice, parts = vae.to(memory_format=torch.channels_last), torch.Generator().manual_seed(seed), []
    with torch.no_grad():
        for k in range(0, len(pictures), 50):
            latents = project(vae, pictures[k : k + 50])
            amount = noise * torch.rand((len(latents), 1, 1, 1), generator=dice)
            latents = latents + amount * torch.randn(latents.shape, generator=dice)
            with torch.autocast("cpu", torch.bfloat16):
                made = vae.decode(latents / vae.config.scaling_factor).sample.float().clamp(-1, 1)
            parts.append(((made + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy())
    return np.concatenate(parts)


def train(pictures: int) -> dict[str, NDArray[np.float32]]:
    """Draw `pictures` to be read as they are and as many to be decoded first, and fit the reader to all."""
    from style.training.model import SIZE_PX as PAINTED_PX  # brings torch along

    plain, through = ([random_spec(seed + k) for k in range(pictures)] for seed in (DRAWN_SEED, DECODED_SEED))
    drawn = [draw(spec, SIZE_PX) for spec in plain]
    made = decoded(np.stack([draw(spec, PAINTED_PX) for spec in through]), LATENT_NOISE, 0)
    return fit(np.stack([contours(picture) for picture in (*drawn, *made)]), [*plain, *through])


def main() -> None:
    """Fit the reader and write its weights where the package reads them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=1000, help="pictures as drawn, and as many decoded")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="file to write the weights to")
    args = parser.parse_args()
    save_file(train(args.pictures), args.out, metadata={"format": "np"})


if __name__ == "__main__":
    main()
