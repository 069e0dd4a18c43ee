"""Train what ships: `python -m style.training base | decoder | kandinsky | distil`. Makefile has the targets.

Every part resumes from its checkpoint under `--work`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from style.errors import StyleError
from style.places import BUNDLED_MODEL, BUNDLED_PACKS
from style.training.acceleration import train_accelerator
from style.training.base import BaseRun, save_base, train_decoder_part, train_denoiser_part
from style.training.distil import DistilRun
from style.training.kandinsky import KandinskyRun, train_kandinsky


def main(argv: list[str] | None = None) -> int:
    """Run one part of the training; returns the exit code."""
    defaults = BaseRun(work=Path(".work"))
    parser = argparse.ArgumentParser(prog="python -m style.training", description=__doc__)
    parser.add_argument("part", choices=("decoder", "base", "kandinsky", "distil"))
    parser.add_argument("--work", type=Path, default=defaults.work, help="folder of pictures and checkpoints")
    parser.add_argument("--threads", type=int, default=0, help="torch threads; 0: as many as cores")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--pictures", type=int, default=defaults.pictures, help="pictures to draw")
    parser.add_argument("--decoder-steps", type=int, default=defaults.decoder_steps)
    parser.add_argument("--denoiser-steps", type=int, default=defaults.denoiser_steps)
    parser.add_argument("--distil-steps", type=int, default=DistilRun(Path()).steps)
    parser.add_argument("--method", choices=("progressive", "consistency", "reflow"), default=DistilRun(Path()).method)
    parser.add_argument("--paintings", type=Path, help="folder of the Kandinsky paintings with metadata.jsonl")
    parser.add_argument("--out", type=Path, help="where to save; default: where the program looks for it")
    args = parser.parse_args(argv)
    if args.threads:
        torch.set_num_threads(args.threads)
    base = BaseRun(
        work=args.work,
        pictures=args.pictures,
        decoder_steps=args.decoder_steps,
        denoiser_steps=args.denoiser_steps,
        device=args.device,
    )
    try:
        if args.part == "kandinsky":
            if args.paintings is None:
                parser.error("kandinsky needs --paintings FOLDER")
            run = KandinskyRun(work=args.work, paintings=args.paintings, base=BUNDLED_MODEL, device=args.device)
            train_kandinsky(run, args.out or BUNDLED_PACKS / "kandinsky")
        elif args.part == "distil":
            student = DistilRun(
                args.work, args.method, steps=args.distil_steps, device=args.device, bfloat16=base.bfloat16
            )
            train_accelerator(student, base, BUNDLED_MODEL, args.out or BUNDLED_MODEL)
        else:
            vae = train_decoder_part(base)
            if args.part == "base":
                save_base(train_denoiser_part(base, vae), args.out or BUNDLED_MODEL)
    except StyleError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command line answers on its terminal
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
