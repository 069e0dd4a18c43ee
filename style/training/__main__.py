"""Train what ships: `python -m style.training base | decoder | denoiser | join | kandinsky`. Makefile has the targets.

Every part resumes from its checkpoint under `--work`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from style.errors import StyleError
from style.places import BUNDLED_MODEL, BUNDLED_PACKS
from style.training.base import BaseRun, save_base, solved_autoencoder, train_decoder_part, train_denoiser_part
from style.training.kandinsky import KandinskyRun, train_kandinsky
from style.training.parts import join, split


def main(argv: list[str] | None = None) -> int:
    """Run one part of the training; returns the exit code."""
    defaults = BaseRun(work=Path(".work"))
    parser = argparse.ArgumentParser(prog="python -m style.training", description=__doc__)
    parser.add_argument("part", choices=("decoder", "denoiser", "base", "join", "kandinsky"))
    parser.add_argument("--work", type=Path, default=defaults.work, help="folder of pictures and checkpoints")
    parser.add_argument("--threads", type=int, default=0, help="torch threads; 0: as many as cores")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--pictures", type=int, default=defaults.pictures, help="pictures to draw")
    parser.add_argument("--large-pictures", type=int, default=defaults.large_pictures, help="pictures of full size")
    parser.add_argument("--decoder-steps", type=int, default=defaults.decoder_steps)
    parser.add_argument("--decoder-seconds", type=float, help="end the decoder's training after so much work")
    parser.add_argument("--denoiser-steps", type=int, default=defaults.denoiser_steps)
    parser.add_argument("--denoiser-seconds", type=float, help="end the denoiser's training after so much work")
    parser.add_argument("--batch", type=int, default=defaults.batch, help="pictures of one step of the denoiser")
    parser.add_argument("--widths", type=int, nargs=3, default=defaults.widths, help="channels of the U-Net's levels")
    parser.add_argument(
        "--parts", type=Path, help="base: also write the saved model here, in parts of 15 MiB; join: read"
    )
    parser.add_argument("--start", type=Path, help="a saved model to begin with (default: from nothing)")
    parser.add_argument("--paintings", type=Path, help="folder of the Kandinsky paintings with metadata.jsonl")
    parser.add_argument("--out", type=Path, help="where to save; default: where the program looks for it")
    args = parser.parse_args(argv)
    if args.threads:
        torch.set_num_threads(args.threads)
    base = BaseRun(
        work=args.work,
        start=args.start,
        pictures=args.pictures,
        large_pictures=args.large_pictures,
        decoder_steps=args.decoder_steps,
        decoder_seconds=args.decoder_seconds,
        denoiser_steps=args.denoiser_steps,
        denoiser_seconds=args.denoiser_seconds,
        widths=tuple(args.widths),
        batch=args.batch,
        device=args.device,
    )
    try:
        if args.part == "kandinsky":
            if args.paintings is None:
                parser.error("kandinsky needs --paintings FOLDER")
            run = KandinskyRun(work=args.work, paintings=args.paintings, base=BUNDLED_MODEL, device=args.device)
            train_kandinsky(run, args.out or BUNDLED_PACKS / "kandinsky")
        elif args.part == "join":
            if args.parts is None:
                parser.error("join needs --parts FOLDER")
            join(args.parts, args.out or BUNDLED_MODEL)
        elif args.part == "denoiser":
            train_denoiser_part(base, solved_autoencoder(base))
        else:
            vae = train_decoder_part(base)
            if args.part == "base":
                save_base(train_denoiser_part(base, vae), args.out or BUNDLED_MODEL)
                if args.parts is not None:
                    split(args.out or BUNDLED_MODEL, args.parts)
    except StyleError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command line answers on its terminal
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
