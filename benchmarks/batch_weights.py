"""Measure what a weight of each picture's own costs: a mixed batch against an equal one, and against one by one.

The three ways are taken in turn within each round, so that whatever else the machine does hits all alike; the ratios
are medians over rounds. Adapters are random, of the rank and on the layers that the project trains.

    python -m benchmarks.batch_weights --model bundled --pictures 6
"""

from __future__ import annotations

import argparse
import copy
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict

from style.digest import file_digest
from style.engine.batches import Easel
from style.engine.model import load_model
from style.recipe import AdapterUse, Recipe

TARGETS = ["to_q", "to_k", "to_v", "to_out.0", "conv1", "conv2"]
RANK = 16


def main() -> None:
    """Run the benchmark and print its table, then one line of JSON."""
    arguments = _parse_arguments()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    easel = Easel(load_model(arguments.model, arguments.device))
    with tempfile.TemporaryDirectory() as folder:
        digests = [_add_adapter(easel, Path(folder), number) for number in range(arguments.adapters)]
    easel.probe()
    ways = _ways(easel, digests, arguments)
    clock = time.process_time if arguments.cpu_time else time.perf_counter
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()  # the first time is always slower
    for _ in range(arguments.rounds):
        for name, way in ways.items():
            times[name].append(_seconds(way, easel, clock))
    _report(times, easel, arguments)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=0, help="of torch; 0: its own choice")
    parser.add_argument("--pictures", type=int, default=6)
    parser.add_argument("--adapters", type=int, default=3)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--cpu-time", action="store_true", help="count the process's own seconds, on a machine that does other work"
    )
    return parser.parse_args()


def _add_adapter(easel: Easel, folder: Path, number: int) -> str:
    """Load a random adapter into the model; returns its digest."""
    torch.manual_seed(number)
    pipeline = easel.model.pipeline
    kind = "unet" if getattr(pipeline, "unet", None) is not None else "transformer"
    denoiser: Any = copy.deepcopy(easel.model.denoiser)
    if getattr(denoiser, "peft_config", None):
        denoiser.delete_adapters(list(denoiser.peft_config))
    denoiser.add_adapter(
        LoraConfig(r=RANK, lora_alpha=RANK, target_modules=TARGETS, init_lora_weights=False), adapter_name="random"
    )
    layers = {name: tensor * 0.1 for name, tensor in get_peft_model_state_dict(denoiser, adapter_name="random").items()}
    path = folder / f"{number}.safetensors"
    type(pipeline).save_lora_weights(str(folder), **{f"{kind}_lora_layers": layers}, weight_name=path.name)
    digest = file_digest(path)
    easel.adapters.load(digest, path)
    return digest


def _ways(easel: Easel, digests: Sequence[str], arguments: argparse.Namespace) -> dict[str, Callable[[], None]]:
    random = torch.Generator().manual_seed(0)
    info = easel.model.info
    recipes = []
    for seed in range(arguments.pictures):
        weights = (torch.rand(len(digests), generator=random) * 2 - 1).tolist()
        uses = tuple(AdapterUse(digest[:8], digest, weight) for digest, weight in zip(digests, weights, strict=True))
        steps, guidance = arguments.steps, arguments.guidance
        recipes.append(Recipe("", "a picture", seed, info.width, info.height, steps, guidance, uses, "", ""))
    return {
        "mixed": lambda: _paint(easel, recipes),
        "equal": lambda: _paint_equal(easel, recipes),
        "one by one": lambda: _paint_one_by_one(easel, recipes),
    }


def _paint(easel: Easel, recipes: Sequence[Recipe]) -> None:
    for _ in easel.paint(recipes, len(recipes), lambda done, total: None):
        pass


def _paint_one_by_one(easel: Easel, recipes: Sequence[Recipe]) -> None:
    for recipe in recipes:
        _paint(easel, [recipe])


def _paint_equal(easel: Easel, recipes: Sequence[Recipe]) -> None:
    """Paint the same batch by the library's own way: one set of weights, plain numbers, for all pictures."""
    first = recipes[0]
    pipeline = easel.model.pipeline
    pipeline.enable_lora()
    names = [f"sha_{use.digest}" for use in first.adapters]
    pipeline.set_adapters(names, [use.weight for use in first.adapters])
    pipeline(
        prompt=[recipe.prompt for recipe in recipes],
        width=first.width,
        height=first.height,
        num_inference_steps=first.steps,
        guidance_scale=first.guidance,
        generator=[torch.Generator().manual_seed(recipe.seed) for recipe in recipes],
        output_type="pt",
    )


def _seconds(way: Callable[[], None], easel: Easel, clock: Callable[[], float]) -> float:
    start = clock()
    way()
    if easel.model.device.type == "cuda":
        torch.cuda.synchronize()
    return clock() - start


def _report(times: dict[str, list[float]], easel: Easel, arguments: argparse.Namespace) -> None:
    pictures = arguments.pictures
    print(f"{'way':<12}{'seconds':>9}{'pictures/s':>12}")
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"{name:<12}{median:>9.3f}{pictures / median:>12.2f}")

    def ratio(over: str) -> float:
        return round(statistics.median(b / a for a, b in zip(times["mixed"], times[over], strict=True)), 3)

    print(f"speed of the mixed batch: {ratio('equal'):.0%} of the equal one, {ratio('one by one'):.2f} x one by one")
    numbers = {
        "benchmark": "batch_weights",
        "model": easel.model.info.id,
        "device": torch.cuda.get_device_name() if easel.model.device.type == "cuda" else "cpu",
        "threads": torch.get_num_threads(),
        "parameters": sum(parameter.numel() for parameter in easel.model.denoiser.parameters()),
        "size_px": [easel.model.info.width, easel.model.info.height],
        **{
            name: getattr(arguments, name)
            for name in ("pictures", "adapters", "steps", "guidance", "rounds", "cpu_time")
        },
        "mixed_speed_of_equal": ratio("equal"),
        "mixed_speed_of_one_by_one": ratio("one by one"),
        "median_s": {name: round(statistics.median(seconds), 4) for name, seconds in times.items()},
    }
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
