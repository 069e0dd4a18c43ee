"""Colours: several pigments for each hue, toned by brightness.

Knows nothing of shapes. Colours are sRGB triples in 0–255.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from style.procedural.spec import Spec

Colour = tuple[int, int, int]

PIGMENTS: dict[str, tuple[Colour, ...]] = {
    "white": ((246, 242, 232), (236, 238, 240), (250, 248, 244)),
    "orange": ((232, 128, 36), (216, 102, 28), (240, 156, 72)),
    "yellow": ((244, 206, 56), (232, 190, 32), (250, 224, 110)),
    "grey": ((148, 148, 150), (118, 120, 124), (178, 177, 174)),
    "red": ((204, 40, 40), (170, 28, 44), (222, 66, 58)),
    "green": ((46, 132, 78), (92, 150, 88), (28, 104, 84)),
    "black": ((22, 20, 24), (38, 34, 36), (16, 18, 26)),
    "blue": ((38, 84, 178), (76, 134, 206), (28, 50, 124)),
    "violet": ((112, 58, 146), (144, 92, 174), (88, 46, 112)),
}
_NEUTRALS: tuple[Colour, ...] = ((240, 230, 208), (228, 216, 192), (222, 220, 212), (206, 200, 190))
_INK: Colour = (20, 18, 22)
_CHALK: Colour = (248, 244, 234)
_TRIES = 4


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Blend `a` towards `b` by `share` in [0, 1]."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def tone(colour: Colour, brightness: float) -> Colour:
    """Lighten (`brightness` > 0) towards paper white or darken towards ink, keeping the hue to be seen."""
    if brightness >= 0:
        return mix(colour, (255, 252, 244), 0.34 * brightness)
    return mix(colour, (6, 5, 8), 0.52 * -brightness)


def luminance(colour: Colour) -> float:
    """Approximate perceived lightness in [0, 1] (Rec. 709 weights on the sRGB values)."""
    return (0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]) / 255.0


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one picture: its ground, the pigments of the hues asked for, and an ink that stands out on it.

    What is picked differs from the ground by more than `seen_from` (summed over the channels, in levels of 255), or
    has been mixed with ink by the share `inked`.
    """

    ground: Colour
    hues: tuple[tuple[Colour, ...], ...]
    ink: Colour
    brightness: float
    seen_from: int = 70
    inked: float = 0.35

    def pick(self, rng: np.random.Generator) -> Colour:
        """Draw a colour of the hues asked for, slightly varied, that can be seen on the ground."""
        # The same number of draws whatever the colours are: a lighter picture of the same seed keeps its forms.
        hues, pigments = rng.random(_TRIES), rng.random(_TRIES)
        jitters = rng.normal(0.0, 5.0, (_TRIES, 3))
        picked = self.ground
        for hue, pigment, jitter in zip(hues, pigments, jitters, strict=True):
            choice = self.hues[int(hue * len(self.hues))]
            colour = choice[int(pigment * len(choice))]
            red, green, blue = (int(np.clip(c + j, 0, 255)) for c, j in zip(colour, jitter, strict=True))
            picked = (red, green, blue)
            if sum(abs(p - g) for p, g in zip(picked, self.ground, strict=True)) > self.seen_from:
                return picked
        return mix(picked, self.ink, self.inked)


def palette_of(spec: Spec, rng: np.random.Generator) -> Palette:
    """Choose a picture's colours: the ground is most often a tint or shade of one of its hues."""
    toned = tuple(tuple(tone(pigment, spec.brightness) for pigment in PIGMENTS[hue]) for hue in spec.hues)
    if len(spec.hues) == 1 or rng.random() < 0.72:
        base = PIGMENTS[spec.hues[int(rng.integers(len(spec.hues)))]]
        ground = base[int(rng.integers(len(base)))]
        softened = mix(ground, (250, 244, 230), 0.3 * float(rng.random())) if spec.brightness > 0 else ground
    else:
        softened = _NEUTRALS[int(rng.integers(len(_NEUTRALS)))]
    ground = tone(tone(softened, spec.brightness), 0.3 * spec.brightness)
    dark = luminance(ground) < 0.42
    ink = mix(_CHALK, ground, 0.15) if dark else mix(_INK, ground, 0.08)
    return Palette(ground=ground, hues=toned, ink=ink, brightness=spec.brightness)
