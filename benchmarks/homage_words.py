"""Measure whether the words of the homages are followed, which nothing else here can see.

For each homage a probe is fitted to pictures that its own painter draws, passed through the bundled autoencoder; then
it scores pictures of other seeds drawn the same way (what can be seen at all), and what the model paints with and
without the style when it is asked as the bot asks. The number of a word is how often a picture that was asked for it
scores higher than one that was not: 0.5 by chance.

    python -m benchmarks.homage_words --seeds 200 --json docs/figures
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evolution import Continuous, Gene
from style.measures.probe import Pictures, Probe, Shown, describe, fit, separation
from style.measures.reader_training import decoded
from style.measures.studio import open_studios
from style.measures.tables import table
from style.procedural.homages import STYLES, Homage
from style.shelf import bundled_pack
from style.training.model import SIZE_PX

_DRAWN_SEED = 2_000_000  # far from what the styles were trained on
_NOISE = 0.2
_BOOTSTRAP = 500

Words = Sequence[tuple[str, str]]


def shown_in(values: Sequence[Mapping[str, Gene]], words: Words) -> Shown:
    """Say which words each picture was asked for: (n, k)."""
    return np.array([[word in _spoken(one[attribute]) for attribute, word in words] for one in values])


def _spoken(gene: Gene) -> tuple[str, ...]:
    return gene if isinstance(gene, tuple) else (str(gene),)


def draw_set(style: Homage, count: int, seed: int) -> tuple[list[dict[str, Gene]], Pictures]:
    """Draw pictures with values drawn by chance, as the autoencoder gives them back."""
    values = [style.random_values(seed + k) for k in range(count)]
    drawn = np.stack([style.draw(one, seed + k, SIZE_PX, 2) for k, one in enumerate(values)])
    return values, decoded(drawn, _NOISE, seed)


def interval(scores: np.ndarray, asked: Shown) -> tuple[np.ndarray, np.ndarray]:
    """Give the 95 % interval of the separation over redrawn pictures: two of (k,)."""
    rng = np.random.default_rng(0)
    rows = [rng.integers(len(scores), size=len(scores)) for _ in range(_BOOTSTRAP)]
    found = np.stack([separation(scores[row], asked[row]) for row in rows])
    low, high = np.nanpercentile(found, [2.5, 97.5], axis=0)
    return low, high


async def measure(style: Homage, probe: Probe, words: Words, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Paint with and without the style, and score."""
    async with open_studios([bundled_pack(style.name)], arguments.threads) as (studio,):
        rng = np.random.default_rng(17)
        wishes = [studio.request(rng) for _ in range(arguments.seeds)]
        sets = [
            await studio.paint([studio.recipe(wish, 7000 + k, styled=on) for k, wish in enumerate(wishes)])
            for on in (True, False)
        ]
    asked = shown_in(wishes, words)
    styled, base = (probe.score(describe(pictures)) for pictures in sets)
    low, high = interval(styled, asked)
    columns = {"with the style": separation(styled, asked), "low": low, "high": high, "base": separation(base, asked)}
    return [
        {"attribute": attribute, "word": word, **{name: float(column[k]) for name, column in columns.items()}}
        for k, (attribute, word) in enumerate(words)
    ]


def run(name: str, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Fit, score and paint one homage; returns a row for each word."""
    style = STYLES[name]
    spoken = (attribute for attribute in style.attributes if not isinstance(attribute, Continuous))
    words = [(attribute.name, value) for attribute in spoken for value in attribute.values]
    values, pictures = draw_set(style, arguments.drawn, _DRAWN_SEED)
    probe = fit(describe(pictures), shown_in(values, words))
    others, held = draw_set(style, arguments.held, _DRAWN_SEED + arguments.drawn)
    ceiling = separation(probe.score(describe(held)), shown_in(others, words))
    rows = asyncio.run(measure(style, probe, words, arguments))
    return [{**row, "drawn": float(best)} for row, best in zip(rows, ceiling, strict=True)]


def main() -> None:
    """Measure each homage; print a table, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", nargs="+", choices=tuple(STYLES), default=list(STYLES))
    parser.add_argument("--seeds", type=int, default=200, help="requests painted with and without the style")
    parser.add_argument("--drawn", type=int, default=400, help="drawn pictures that the probe is fitted to")
    parser.add_argument("--held", type=int, default=200, help="drawn pictures that it is judged on")
    parser.add_argument("--threads", type=int, default=1, help="of torch, where pictures are painted")
    parser.add_argument("--json", type=Path, help="also write NAME-words.json into this folder")
    arguments = parser.parse_args()
    found = {}
    for name in arguments.pack:
        found[name] = run(name, arguments)
        print(f"{name}\n{table(found[name])}\n", flush=True)
        if arguments.json:
            arguments.json.mkdir(parents=True, exist_ok=True)
            (arguments.json / f"{name}-words.json").write_text(json.dumps(found[name]) + "\n", encoding="utf-8")
    print(json.dumps({"benchmark": "homage_words", "seeds": arguments.seeds, "styles": found}))


if __name__ == "__main__":
    main()
