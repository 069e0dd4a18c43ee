"""Compare the ways of training a slider on the bundled model: same pairs, same steps, same rate, same seeds.

For each attribute and each kind of pairs (`drawn`: 32 pairs of the procedural painter; `paper`: the one pair of the
paper's authors, from --pairs FOLDER, cut 32 times) each method trains a slider on the kandinsky style, as jobs in
--work, which resume; then strips of each are painted and measured as `style evaluate` does. The paper's pair of
brightness goes from the picture to its darkened copy and is therefore turned round; its two pairs of `parallel` are
different ends, of which `inner` is taken.

    python -m benchmarks.slider_methods --pairs ../kandinsky/sliders --seeds 40
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from style.measures.sliders import SliderEffect, slider_effect
from style.measures.studio import open_studios
from style.measures.tables import table
from style.pack import load_pack
from style.pack_writer import add_slider
from style.places import BUNDLED_PACKS
from style.training.job import Drawn, Method, SliderJob, save_job
from style.training.runner import DONE, adapter_file, run_job

PACK = "kandinsky"
_PAIRS = 32
_PAPER = {
    "brightness": ("brightness/dark.jpg", "brightness/base.jpg"),
    "structure": ("structure/base.png", "structure/centric.png"),
    "parallel": ("parallel_inner/base.png", "parallel_inner/inner.png"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One slider to be trained: what it is to change, on which pairs, in which way."""

    attribute: Drawn
    pairs: str
    method: Method

    def job(self, arguments: argparse.Namespace) -> SliderJob:
        """Describe the training; all cases differ in nothing but what the case says."""
        is_drawn = self.pairs == "drawn"
        low, high = _PAPER[self.attribute]
        return SliderJob(
            name=self.attribute,
            drawn=self.attribute if is_drawn else None,
            base=None if is_drawn else str(arguments.pairs / low),
            changed=None if is_drawn else str(arguments.pairs / high),
            caption="" if is_drawn else PACK,
            method=self.method,
            pairs=_PAIRS,
            style=str(BUNDLED_PACKS / PACK / f"{PACK}.safetensors"),
            steps=arguments.steps,
            samples_every=arguments.steps,
            seed=arguments.seed,
        )


def cases(arguments: argparse.Namespace) -> Iterator[Case]:
    """List what is compared; the paper's pairs only where their folder is given."""
    kinds = ("drawn", "paper") if arguments.pairs else ("drawn",)
    for attribute in arguments.attribute:
        for pairs in kinds:
            for method in arguments.method:
                yield Case(attribute, pairs, method)


def train(case: Case, arguments: argparse.Namespace) -> Path:
    """Train a case, or find it done; returns its adapter."""
    folder, job = arguments.work / f"{case.attribute}-{case.pairs}-{case.method}", case.job(arguments)
    save_job(folder, job)
    if run_job(folder) != DONE:
        raise SystemExit(f"{folder}: the training did not end well; its log.jsonl says why")
    return adapter_file(folder, job)


async def measure(case: Case, adapter: Path, arguments: argparse.Namespace) -> SliderEffect:
    """Paint strips of one slider on the style, and measure them."""
    with tempfile.TemporaryDirectory() as folder:
        packs = Path(folder, "packs")
        copied = load_pack(Path(shutil.copytree(BUNDLED_PACKS / PACK, packs / PACK)))
        pack = add_slider(copied, case.attribute, adapter)
        async with open_studios([pack], arguments.threads) as (studio,):
            rng = np.random.default_rng(arguments.seed)
            slider = next(one for one in studio.sliders() if one.name == case.attribute)
            weights = [float(weight) for weight in np.linspace(-1.0, 1.0, 5)]
            wishes = [studio.request(rng) for _ in range(arguments.seeds)]
            recipes = [
                studio.recipe({**wish, slider.name: weight}, 5000 + k)
                for k, wish in enumerate(wishes) for weight in weights
            ]  # fmt: skip
            painted = await studio.paint(recipes)
    return slider_effect(case.attribute, weights, painted.reshape(len(wishes), len(weights), *painted.shape[1:]))


def row_of(case: Case, effect: SliderEffect) -> dict[str, Any]:
    """Say what counts of an effect: order, slope, and how much all that it should leave alone has changed."""
    others = [change for name, change in effect.changes.items() if name != case.attribute]
    return {
        "attribute": case.attribute,
        "pairs": case.pairs,
        "method": case.method,
        "rank": effect.rank,
        "ordered": effect.ordered,
        "slope": effect.slope,
        "own change": effect.changes[case.attribute],
        "others' change": math.sqrt(sum(change**2 for change in others) / len(others)),
        "layout kept": effect.layout,
    }


def main() -> None:
    """Train, measure, and print a table, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attribute", nargs="+", choices=get_args(Drawn), default=list(get_args(Drawn)))
    parser.add_argument("--method", nargs="+", choices=get_args(Method), default=list(get_args(Method)))
    parser.add_argument("--pairs", type=Path, help="folder of the paper's pairs")
    parser.add_argument("--steps", type=int, default=200, help="of each training; two_pass takes half for each pass")
    parser.add_argument("--seeds", type=int, default=40, help="strips of five pictures painted of each slider")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1, help="of torch, where pictures are painted")
    parser.add_argument("--work", type=Path, default=Path(".work/slider-methods"), help="folder of the jobs")
    arguments = parser.parse_args()
    rows = []
    for case in cases(arguments):
        rows.append(row_of(case, asyncio.run(measure(case, train(case, arguments), arguments))))
        print(json.dumps(rows[-1]), flush=True)
    print(f"\n{table(rows)}\n")
    print(json.dumps({"benchmark": "slider_methods", "steps": arguments.steps, "seeds": arguments.seeds, "rows": rows}))


if __name__ == "__main__":
    main()
