"""Measure the measures: how well each says what the procedural painter drew, and which fault each distance sees.

Draws, paints nothing with a model. `--paintings` adds the table of faults on a folder of real paintings.

    python -m benchmarks.artist --seeds 200 --paintings FOLDER
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy.stats import spearmanr

from style.measures.colour import mean_lightness
from style.measures.distance import Features, apart, features, mean_of, overall, scaled, unit_of
from style.measures.order import SIDE_PX, parallel, structure
from style.measures.reader import Reading, read
from style.measures.reader_training import HELD_OUT_SEED, decoded
from style.measures.tables import table
from style.procedural import LINES, PLANES, Spec, draw, random_spec
from style.training.model import SIZE_PX

Pictures = NDArray[np.uint8]
_WEIGHTS = (-1.0, -0.5, 0.0, 0.5, 1.0)


def measure_order(seeds: int) -> list[dict[str, float | str]]:
    """Draw strips of one seed at five values: does each measure put them in order?"""
    measures: dict[str, Callable[[Pictures], list[float]]] = {
        "brightness": lambda strip: [mean_lightness(picture) for picture in strip],
        "structure": lambda strip: [structure(picture) for picture in strip],
        "parallel": lambda strip: [parallel(picture) for picture in strip],
    }
    specs = [random_spec(HELD_OUT_SEED + k) for k in range(seeds)]
    found: dict[str, list[list[float]]] = {name: [] for name in measures}
    for spec in specs:
        strips = {name: _strip(spec, name) for name in ("brightness", "structure", "parallel")}
        for name, measure in measures.items():
            found[name].append(measure(strips[name]))
    return [_order_row(name, np.array(values)) for name, values in found.items()]


def _strip(spec: Spec, name: str) -> Pictures:
    ends = {"brightness": spec.brightness, "structure": spec.structure, "parallel": spec.parallel}
    specs = [replace(spec, brightness=e["brightness"], structure=e["structure"], parallel=e["parallel"])
             for e in ({**ends, name: weight} for weight in _WEIGHTS)]  # fmt: skip
    return np.stack([draw(one, SIDE_PX) for one in specs])


def _order_row(name: str, values: NDArray[np.float64]) -> dict[str, float | str]:
    pooled = spearmanr(np.tile(_WEIGHTS, len(values)), values.ravel()).statistic
    return {
        "measure": name,
        "Spearman in a strip": float(np.mean([spearmanr(_WEIGHTS, row).statistic for row in values])),
        "over all": float(pooled),
        "-1 < +1": float((values[:, 0] < values[:, -1]).mean()),
        **{f"mean at {weight:+g}": float(mean) for weight, mean in zip(_WEIGHTS, values.mean(axis=0), strict=True)},
    }


def measure_reader(seeds: int) -> dict[str, list[dict[str, float | str]]]:
    """Read drawings that the reader never saw, as drawn and decoded: accuracy and confusion."""
    specs = [random_spec(HELD_OUT_SEED + k) for k in range(seeds)]
    drawn, large = (np.stack([draw(spec, size) for spec in specs]) for size in (SIDE_PX, SIZE_PX))
    tables = {}
    for name, pictures in (("as drawn", drawn), ("decoded", decoded(large, 0.0, 0))):
        found = read(pictures)
        tables[f"lines, {name}: rows drawn, columns read"] = _confusion(specs, found)
        tables[f"planes, {name} (balanced: 0.5 by chance)"] = _planes(specs, found)
    return tables


def _confusion(specs: list[Spec], found: Reading) -> list[dict[str, float | str]]:
    rows: list[dict[str, float | str]] = []
    for line in LINES:
        own = [found.line_of(k) for k, spec in enumerate(specs) if spec.line == line]
        rows.append({"drawn": line, **{other: own.count(other) / max(1, len(own)) for other in LINES}})
    return rows


def _planes(specs: list[Spec], found: Reading) -> list[dict[str, float | str]]:
    rows: list[dict[str, float | str]] = []
    for column, plane in enumerate(PLANES):
        there = np.array([plane in spec.planes for spec in specs])
        seen = found.planes[:, column] > 0.5
        hit, miss = float(seen[there].mean()), float(seen[~there].mean())
        rows.append({"plane": plane, "seen if there": hit, "if not": miss, "balanced": (hit + 1 - miss) / 2})
    return rows


def measure_faults(paintings: Pictures, draws: int = 10) -> list[dict[str, float | str]]:
    """Spoil one half of the paintings: how far from the other half does each part put it?"""
    rng, count = np.random.default_rng(13), len(paintings)
    own, unit = features(paintings), unit_of(features(paintings), draws=draws)
    halves = [rng.permutation(count) for _ in range(draws)]

    def half(rows: Features, chosen: NDArray[np.int64]) -> Features:
        return {part: values[chosen % len(values)] for part, values in rows.items()}

    table_rows: list[dict[str, float | str]] = []
    for name, spoil in _FAULTS.items():
        rows = features(spoil(paintings))
        found = [apart(half(own, h[: count // 2]), half(rows, h[count // 2 :])) for h in halves]
        parts = scaled(mean_of(found), unit)
        table_rows.append({"fault": name, **asdict(parts), "overall": overall(parts)})
    return table_rows


def _each(pictures: Pictures, change: Callable[[Image.Image], Image.Image]) -> Pictures:
    return np.stack([np.asarray(change(Image.fromarray(picture)).convert("RGB")) for picture in pictures])


def _turned_hue(picture: Image.Image) -> Image.Image:
    hsv = np.array(picture.convert("HSV"))
    hsv[..., 0] += 43  # 60 degrees of 256, modulo 256
    return Image.fromarray(hsv, "HSV")


def _desaturated(pictures: Pictures) -> Pictures:
    grey = pictures.mean(axis=-1, keepdims=True)
    return np.asarray(np.clip(grey + (pictures - grey) * 0.4, 0, 255), dtype=np.uint8)


def _shuffled(pictures: Pictures, across: int = 4) -> Pictures:
    rng, (height, width) = np.random.default_rng(1), pictures.shape[1:3]
    h, w, found = height // across, width // across, pictures.copy()
    for k, picture in enumerate(pictures):
        for place, source in enumerate(rng.permutation(across * across)):
            (y, x), (v, u) = divmod(place, across), divmod(int(source), across)
            found[k, y * h : (y + 1) * h, x * w : (x + 1) * w] = picture[v * h : (v + 1) * h, u * w : (u + 1) * w]
    return found


def _noisy(pictures: Pictures) -> Pictures:
    noise = np.random.default_rng(0).normal(0, 16, pictures.shape)
    return np.clip(pictures + noise, 0, 255).astype(np.uint8)


def _drawn(pictures: Pictures) -> Pictures:
    return np.stack([draw(random_spec(HELD_OUT_SEED + k), pictures.shape[1]) for k in range(len(pictures))])


_FAULTS: dict[str, Callable[[Pictures], Pictures]] = {
    "none: half against half": lambda pictures: pictures,
    "hue + 60 degrees": lambda pictures: _each(pictures, _turned_hue),
    "darker by 0.6": lambda pictures: (pictures * 0.6).astype(np.uint8),
    "desaturated to 0.4": _desaturated,
    "blurred by 1.2 px": lambda pictures: _each(pictures, lambda p: p.filter(ImageFilter.GaussianBlur(1.2))),
    "noise of 16 levels": _noisy,
    "16 tiles shuffled": _shuffled,
    "drawn by the procedural painter": _drawn,
}


def main() -> None:
    """Run the benchmark and print its tables, then one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=200, help="strips, and pictures to read")
    parser.add_argument("--paintings", type=Path, help="folder of paintings for the table of faults")
    arguments = parser.parse_args()
    tables = {"order of strips": measure_order(arguments.seeds), **measure_reader(arguments.seeds)}
    if arguments.paintings:
        from style.measures.paintings import read_paintings

        tables["faults"] = measure_faults(read_paintings(arguments.paintings, SIDE_PX).all)
    for title, rows in tables.items():
        print(f"{title}\n{table(rows)}\n")
    print(json.dumps({"seeds": arguments.seeds, **tables}, ensure_ascii=False))


if __name__ == "__main__":
    main()
