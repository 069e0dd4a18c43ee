"""Which weight a style's adapter should have: style distance to the pictures that it was trained on, and held out.

The weight is chosen by the training pictures alone; the held-out ones tell what it is worth. All weights paint the same
requests and seeds.

    python -m benchmarks.style_weights --pack kandinsky --paintings FOLDER --weights 1 1.25 1.5
"""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from style.measures.distance import Features, apart, overall, scaled, unit_of
from style.measures.features import features
from style.measures.paintings import HELD_OUT_SHARE, SPLIT_SEED, cut_paintings
from style.measures.studio import open_studios
from style.recipe import Recipe
from style.shelf import bundled_pack
from style.training.kandinsky import SYNONYMS
from style.training.paintings import read_folder, split


def weighed(recipe: Recipe, name: str, weight: float) -> Recipe:
    """Give the recipe with another weight of one adapter; 0 leaves it out."""
    others = tuple(use for use in recipe.adapters if use.name != name)
    own = tuple(replace(use, weight=weight) for use in recipe.adapters if use.name == name and weight)
    return replace(recipe, adapters=own + others)


def read_sets(folder: Path, size_px: int) -> tuple[Features, Features]:
    """Read the features of the pictures that training sees and of those that it holds out.

    Raises:
        BadPicturesError: the folder cannot be used; the message names file and cure.
    """
    trained, held = split(read_folder(folder, SYNONYMS), HELD_OUT_SHARE, SPLIT_SEED)
    return features(cut_paintings(trained, (), size_px).all), features(cut_paintings(held, (), size_px).all)


def joined(first: Features, second: Features) -> Features:
    """Put two sets of features together."""
    return {part: np.concatenate([first[part], second[part]]) for part in first}


async def _run(arguments: argparse.Namespace) -> None:
    pack = bundled_pack(arguments.pack)
    if pack.style is None:
        raise SystemExit(f"{pack.name} has no adapter of kind style, and so no weight to choose")
    adapter = pack.style.name
    async with open_studios([pack], arguments.threads) as (studio,):
        rng = np.random.default_rng(arguments.seed)
        recipes = [studio.recipe(studio.request(rng), 7000 + k) for k in range(arguments.seeds)]
        trained, held = read_sets(arguments.paintings, studio.model.width)
        everything, found = joined(trained, held), []
        print(f"{'weight':>7}  {'to training':>11}  {'to held out':>11}")
        for weight in (0.0, *arguments.weights):
            rows = features(await studio.paint([weighed(recipe, adapter, weight) for recipe in recipes]))
            distances = [
                overall(scaled(apart(rows, own), unit_of(everything, (len(recipes), len(own["colour"])))))
                for own in (trained, held)
            ]
            found.append({"weight": weight, "training": distances[0], "held_out": distances[1]})
            print(f"{weight:7.2f}  {distances[0]:11.3f}  {distances[1]:11.3f}", flush=True)
    best = min(found, key=lambda row: row["training"])
    print(json.dumps({"pack": arguments.pack, "seeds": arguments.seeds, "best": best["weight"], "weights": found}))


def main() -> None:
    """Run the benchmark and print its table, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", default="kandinsky", help="the bundled style to measure")
    parser.add_argument("--paintings", type=Path, required=True, help="folder of the style's pictures")
    parser.add_argument("--weights", type=float, nargs="+", default=[0.75, 1.0, 1.25, 1.5], help="weights to compare")
    parser.add_argument("--seeds", type=int, default=100, help="requests painted at each weight")
    parser.add_argument("--seed", type=int, default=23, help="of the requests")
    parser.add_argument("--threads", type=int, help="of torch, where pictures are painted (default: as many as cores)")
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
