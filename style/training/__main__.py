"""Train what ships: `python -m style.training base | decoder | kandinsky`. Makefile has the targets.

Every part resumes from its checkpoint under `--work`. `python -m style.training job FOLDER` runs the job of a folder,
as `style.training.job` says.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from style.errors import StyleError
from style.places import BUNDLED, BUNDLED_MODEL, BUNDLED_PACKS
from style.training.base import BaseRun, save_base, train_decoder_part, train_denoiser_part
from style.training.kandinsky import KandinskyRun, train_kandinsky
from style.training.runner import run_job


def main(argv: list[str] | None = None) -> int:
    """Run one part of the training; returns the exit code."""
    defaults = BaseRun(work=Path(".work"))
    parser = argparse.ArgumentParser(prog="python -m style.training", description=__doc__)
    parser.add_argument("part", choices=("decoder", "base", "kandinsky", "job"))
    parser.add_argument("folder", type=Path, nargs="?", help="of the job: its job.json and all that comes of it")
    parser.add_argument("--work", type=Path, default=defaults.work, help="folder of pictures and checkpoints")
    parser.add_argument("--threads", type=int, default=0, help="torch threads; 0: as many as cores")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--pictures", type=int, default=defaults.pictures, help="pictures to draw")
    parser.add_argument("--decoder-steps", type=int, default=defaults.decoder_steps)
    parser.add_argument("--denoiser-steps", type=int, default=defaults.denoiser_steps)
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
    if args.part == "job":
        if args.folder is None:
            parser.error("job needs its FOLDER")
        return run_job(args.folder)
    if args.part == "kandinsky":
        if args.paintings is None:
            parser.error("kandinsky needs --paintings FOLDER")
        run = KandinskyRun(work=args.work, paintings=args.paintings, base=BUNDLED, device=args.device)
        return train_kandinsky(run, args.out or BUNDLED_PACKS / "kandinsky")
    try:
        vae = train_decoder_part(base)
        if args.part == "base":
            save_base(train_denoiser_part(base, vae), args.out or BUNDLED_MODEL)
    except StyleError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command line answers on its terminal
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
