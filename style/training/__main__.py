"""Train what ships: `python -m style.training base | decoder | denoiser | join | distil | kandinsky | homages`.

`refine STYLE` teaches a bundled style's adapter the accelerated model's few steps; `shrink FILE` brings an adapter down
to `--rank`. `spelling` has the bundled text encoder tell words apart that the base was not trained on.

Makefile has the targets. Every part resumes from its checkpoint under `--work`. `python -m style.training job FOLDER`
runs the job of a folder, as `style.training.job` says.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from style.engine.model import load_model
from style.errors import BadJobError, StyleError
from style.places import BUNDLED, BUNDLED_MODEL, BUNDLED_PACKS
from style.procedural.homages import STYLES
from style.shelf import bundled_pack
from style.training.acceleration import train_accelerator
from style.training.base import BaseRun, save_base, solved_autoencoder, train_decoder_part, train_denoiser_part
from style.training.distil import DistilRun
from style.training.homages import HomageRun, train_homage
from style.training.kandinsky import SYNONYMS, KandinskyRun, train_kandinsky
from style.training.parts import join, split
from style.training.refine import RefineRun, refine_style
from style.training.runner import run_job
from style.training.shrink import shrink
from style.training.spelling import SpellingRun, kept_captions, teach_spelling


def main(argv: list[str] | None = None) -> int:
    """Run one part of the training; returns the exit code."""
    arguments = _parser().parse_args(argv)
    os.nice(arguments.nice)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    try:
        return PARTS[arguments.part](arguments)
    except StyleError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command line answers on its terminal
        return 2


def _parser() -> argparse.ArgumentParser:
    defaults, style = BaseRun(work=Path(".work")), KandinskyRun(work=Path(".work"), paintings=Path())
    homage = HomageRun(Path(".work"), "")
    student = DistilRun(Path(".work"))
    parser = argparse.ArgumentParser(prog="python -m style.training", description=__doc__)
    parser.add_argument("part", choices=tuple(PARTS))
    parser.add_argument(
        "folder", type=Path, nargs="?", help="job: its job.json; homages, refine: the style; shrink: the file"
    )
    parser.add_argument("--nice", type=int, default=0, help="give way to other processes, 0 to 19")
    parser.add_argument("--work", type=Path, default=defaults.work, help="folder of pictures and checkpoints")
    parser.add_argument("--threads", type=int, default=0, help="torch threads; 0: as many as cores")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--pictures", type=int, default=defaults.pictures, help="pictures to draw")
    parser.add_argument("--large-pictures", type=int, default=defaults.large_pictures, help="pictures of full size")
    parser.add_argument("--surfaces", type=int, default=defaults.surfaces, help="pictures of paint for the decoder")
    parser.add_argument("--texture", type=float, default=defaults.texture, help="weight of the decoder's texture loss")
    parser.add_argument("--decoder-steps", type=int, default=defaults.decoder_steps)
    parser.add_argument("--decoder-seconds", type=float, help="end the decoder's training after so much work")
    parser.add_argument("--denoiser-steps", type=int, default=defaults.denoiser_steps)
    parser.add_argument("--denoiser-seconds", type=float, help="end the denoiser's training after so much work")
    parser.add_argument("--batch", type=int, default=defaults.batch, help="pictures of one step of the denoiser")
    parser.add_argument("--shards", type=int, default=os.cpu_count() or 1, help="processes that share a batch on a CPU")
    parser.add_argument("--widths", type=int, nargs=3, default=defaults.widths, help="channels of the U-Net's levels")
    parser.add_argument("--seed", type=int, default=defaults.seed, help="another one when going on with --start")
    parser.add_argument("--start", type=Path, help="a saved model to begin with (default: from nothing)")
    parser.add_argument(
        "--parts", type=Path, help="base: also write the saved model here, in parts of 15 MiB; join: read"
    )
    parser.add_argument("--paintings", type=Path, help="folder of the Kandinsky paintings with metadata.jsonl")
    parser.add_argument("--style-steps", type=int, default=style.style_steps, help="kandinsky: of its style")
    parser.add_argument("--homage-steps", type=int, default=homage.style_steps, help="homages: of each one's style")
    parser.add_argument("--slider-steps", type=int, default=style.slider_steps)
    parser.add_argument("--distil-steps", type=int, default=student.steps)
    parser.add_argument("--refine-steps", type=int, default=260)
    parser.add_argument("--refine-rate", type=float, default=5e-4, help="refine: higher for a lower weight")
    parser.add_argument("--paint-steps", type=int, default=student.paint_steps, help="distil: steps of the student")
    parser.add_argument("--sub-steps", type=int, default=student.sub_steps, help="of its teacher for each of these")
    parser.add_argument("--guidance", type=float, default=student.guidance, help="distil, refine: of the teacher")
    parser.add_argument("--emphasis", type=float, default=student.emphasis, help="distil: guidance for forms alone")
    parser.add_argument("--worse", type=Path, help="distil, refine: an earlier state of the model, to lead away from")
    parser.add_argument("--teacher", type=Path, help="refine: a larger adapter of the style, for the teacher alone")
    parser.add_argument("--teacher-weight", type=float, default=1.2, help="refine: of the style in its teacher")
    parser.add_argument("--away", type=float, default=student.away, help="distil, refine: how far to lead away from it")
    parser.add_argument("--method", choices=("progressive", "consistency", "reflow"), default=student.method)
    parser.add_argument("--rank", type=int, default=8, help="shrink: the rank to keep")
    parser.add_argument("--spelling-steps", type=int, default=SpellingRun(Path(".work")).steps)
    parser.add_argument("--keep", nargs="*", default=[], help="spelling: bundled styles whose words stay as they are")
    parser.add_argument("--out", type=Path, help="where to save; default: where the program looks for it")
    return parser


def _base_run(arguments: argparse.Namespace) -> BaseRun:
    return BaseRun(
        work=arguments.work,
        start=arguments.start,
        pictures=arguments.pictures,
        large_pictures=arguments.large_pictures,
        surfaces=arguments.surfaces,
        texture=arguments.texture,
        decoder_steps=arguments.decoder_steps,
        decoder_seconds=arguments.decoder_seconds,
        denoiser_steps=arguments.denoiser_steps,
        denoiser_seconds=arguments.denoiser_seconds,
        widths=tuple(arguments.widths),
        batch=arguments.batch,
        shards=arguments.shards if arguments.device == "cpu" else 1,
        seed=arguments.seed,
        device=arguments.device,
    )


def _decoder(arguments: argparse.Namespace) -> int:
    train_decoder_part(_base_run(arguments))
    return 0


def _denoiser(arguments: argparse.Namespace) -> int:
    run = _base_run(arguments)
    train_denoiser_part(run, solved_autoencoder(run))
    return 0


def _base(arguments: argparse.Namespace) -> int:
    run, out = _base_run(arguments), arguments.out or BUNDLED_MODEL
    save_base(train_denoiser_part(run, train_decoder_part(run)), out)
    if arguments.parts is not None:
        split(out, arguments.parts)
    return 0


def _join(arguments: argparse.Namespace) -> int:
    if arguments.parts is None:
        raise BadJobError("join puts the parts of a model together; name their folder with --parts FOLDER")
    join(arguments.parts, arguments.out or BUNDLED_MODEL)
    return 0


def _spelling(arguments: argparse.Namespace) -> int:
    loaded = load_model(BUNDLED, "cpu", torch.float32, plain=True)
    pipeline, kept = loaded.pipeline, kept_captions(map(bundled_pack, arguments.keep), loaded.info, seed=arguments.seed)
    run = SpellingRun(arguments.work / "spelling", steps=arguments.spelling_steps, seed=arguments.seed)
    teach_spelling(run, pipeline.text_encoder, pipeline.tokenizer, kept)
    place = (arguments.out or BUNDLED_MODEL) / "text_encoder"
    pipeline.text_encoder.half().save_pretrained(place, safe_serialization=True)
    return 0


def _kandinsky(arguments: argparse.Namespace) -> int:
    if arguments.paintings is None:
        raise BadJobError("kandinsky learns from paintings; name their folder with --paintings FOLDER")
    run = KandinskyRun(
        work=arguments.work,
        paintings=arguments.paintings,
        base=BUNDLED,
        style_steps=arguments.style_steps,
        slider_steps=arguments.slider_steps,
        device=arguments.device,
    )
    return train_kandinsky(run, arguments.out or BUNDLED_PACKS / "kandinsky")


def _distil(arguments: argparse.Namespace) -> int:
    base = _base_run(arguments)
    run = DistilRun(
        arguments.work,
        arguments.method,
        paint_steps=arguments.paint_steps,
        sub_steps=arguments.sub_steps,
        guidance=arguments.guidance,
        emphasis=arguments.emphasis,
        away=arguments.away,
        steps=arguments.distil_steps,
        seed=arguments.seed,
        device=base.device,
        bfloat16=base.bfloat16,
    )
    train_accelerator(run, base, BUNDLED_MODEL, arguments.out or BUNDLED_MODEL, arguments.worse)
    return 0


def _refine(arguments: argparse.Namespace) -> int:
    if arguments.folder is None:
        raise BadJobError("refine makes a bundled style better; name the style")
    pack = bundled_pack(arguments.folder.name)
    run = DistilRun(
        arguments.work / f"refine-{pack.name}",
        sub_steps=arguments.sub_steps,
        guidance=arguments.guidance,
        emphasis=0.0,
        away=arguments.away,
        steps=arguments.refine_steps,
        peak_rate=arguments.refine_rate,
        seed=arguments.seed,
        device=arguments.device,
        bfloat16=_base_run(arguments).bfloat16,
    )
    refinement = RefineRun(
        run,
        arguments.teacher_weight,
        worse=arguments.worse,
        teacher=arguments.teacher,
        paintings=arguments.paintings,
        synonyms=SYNONYMS,
    )
    refine_style(refinement, pack)
    return 0


def _homages(arguments: argparse.Namespace) -> int:
    for name in [arguments.folder.name] if arguments.folder else STYLES:
        run = HomageRun(
            work=arguments.work / "homages",
            name=name,
            style_steps=arguments.homage_steps,
            slider_steps=arguments.slider_steps,
            device=arguments.device,
        )
        if (code := train_homage(run, (arguments.out or BUNDLED_PACKS) / name)) != 0:
            return code
    return 0


def _job(arguments: argparse.Namespace) -> int:
    if arguments.folder is None:
        raise BadJobError("job runs the job.json of a folder; name the folder")
    return run_job(arguments.folder)


def _shrink(arguments: argparse.Namespace) -> int:
    if arguments.folder is None:
        raise BadJobError("shrink makes an adapter smaller; name its file")
    found = shrink(arguments.folder, arguments.rank)
    told = f"{found.before} to {found.after} bytes, {found.kept:.4f} of the squared weights kept"
    print(f"{arguments.folder}: {told}")  # noqa: T201 - a command line answers on its terminal
    return 0


PARTS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "base": _base,
    "decoder": _decoder,
    "denoiser": _denoiser,
    "join": _join,
    "distil": _distil,
    "kandinsky": _kandinsky,
    "homages": _homages,
    "refine": _refine,
    "job": _job,
    "shrink": _shrink,
    "spelling": _spelling,
}


if __name__ == "__main__":
    sys.exit(main())
