"""What a drawn composition is asked to be: the attribute table of Bauhaus-years abstraction, as one frozen value.

Source: arXiv 2402.06389, the table of the semantic descriptive guideline (colour, form, composition).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

PAINTER = 3  # raised with every change of what is drawn, so that pictures drawn before are not taken for these
HUES = ("white", "orange", "yellow", "grey", "red", "green", "black", "blue", "violet")
LINES = ("curve line", "angular line", "straight line")
PLANES = ("point", "triangle", "square", "circle")


@dataclass(frozen=True, slots=True)
class Spec:
    """One composition.

    `planes` has 1–2 and `hues` 1–3 distinct values. `brightness` (−1 dark … +1 light), `structure` (−1 acentric … +1
    centric) and `parallel` (−1 parallel to the picture's edges, "external" … +1 parallel to one another at an angle to
    the edges, "inner") lie in [-1, 1]. `seed` decides all that the attributes leave open.
    """

    line: str
    planes: tuple[str, ...]
    hues: tuple[str, ...]
    brightness: float
    structure: float
    parallel: float
    seed: int

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn.

        Raises:
            ValueError: an unknown word, a repeated one, a wrong count, or a number outside [-1, 1].
        """
        if self.line not in LINES:
            raise ValueError(f"line is {self.line!r}; expected one of {LINES}")
        for name, values, known, most in (("planes", self.planes, PLANES, 2), ("hues", self.hues, HUES, 3)):
            if not 1 <= len(values) <= most or len(set(values)) != len(values) or not set(values) <= set(known):
                raise ValueError(f"{name} is {values!r}; expected 1 to {most} distinct values of {known}")
        for name in ("brightness", "structure", "parallel"):
            if not -1.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} is {getattr(self, name)}; expected a number in [-1, 1]")


def random_spec(seed: int) -> Spec:
    """Draw a composition's attributes uniformly; the same seed gives the same ones."""
    rng = np.random.default_rng((seed, 1))
    planes = rng.choice(PLANES, size=int(rng.choice((1, 2), p=(0.25, 0.75))), replace=False)
    hues = rng.choice(HUES, size=int(rng.choice((1, 2, 3), p=(0.25, 0.25, 0.5))), replace=False)
    brightness, structure, parallel = rng.uniform(-1.0, 1.0, 3)
    return Spec(
        line=str(rng.choice(LINES)),
        planes=tuple(str(plane) for plane in planes),
        hues=tuple(str(hue) for hue in hues),
        brightness=float(brightness),
        structure=float(structure),
        parallel=float(parallel),
        seed=seed,
    )
