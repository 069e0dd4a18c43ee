"""Words for a drawn composition: shuffled phrases, some left out, so that a model also learns partial prompts.

A few meaningless words are mixed in, so that a model learns to pass over words that it does not know.
"""

from __future__ import annotations

import numpy as np

from style.procedural.spec import Spec

FILLERS = ("painting", "composition", "abstract", "picture", "kandinsky", "art", "style", "study", "homage")
NAMED_FROM = 0.4  # a continuous attribute is named only beyond this absolute value


def phrases_of(spec: Spec) -> tuple[str, ...]:
    """Name all that a caption may say of `spec`: line, planes, hues, and the extremes of the continuous attributes."""
    phrases = [spec.line, *spec.planes, *spec.hues]
    for value, low, high in (
        (spec.brightness, "dark", "light"),
        (spec.structure, "acentric", "centric"),
        (spec.parallel, "external parallel", "inner parallel"),
    ):
        if abs(value) >= NAMED_FROM:
            phrases.append(high if value > 0 else low)
    return tuple(phrases)


def caption_of(spec: Spec, seed: int, drop: float = 0.2) -> str:
    """Write a caption: phrases in random order, each left out with probability `drop`, at times a filler word.

    Different seeds give different captions of the same picture.
    """
    rng = np.random.default_rng((seed, 2))
    phrases = [phrase for phrase in phrases_of(spec) if rng.random() >= drop]
    rng.shuffle(phrases)
    if rng.random() < 0.5:
        phrases.insert(0 if rng.random() < 0.7 else int(rng.integers(len(phrases) + 1)), _filler(rng))
    return ", ".join(phrases)


def _filler(rng: np.random.Generator) -> str:
    if rng.random() < 0.7:
        return str(rng.choice(FILLERS))
    letters = rng.choice(list("abcdefghijklmnopqrstuvwxyz"), size=int(rng.integers(3, 8)))
    return "".join(str(letter) for letter in letters)
