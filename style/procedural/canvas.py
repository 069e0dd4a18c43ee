"""A canvas with antialiased, translucent fills: supersampled by a factor, composited shape by shape.

Coordinates are fractions of the side in [0, 1], origin at the top left; angles are radians, anticlockwise on screen
when y points down is read as usual (positive turns from x towards y). Knows nothing of compositions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

from style.procedural.palette import Colour

Point = tuple[float, float]


class Canvas:
    """An RGB canvas of `size_px`, drawn `scale` times larger and reduced at the end."""

    def __init__(self, ground: NDArray[np.uint8], size_px: int, scale: int = 3) -> None:
        """Open a canvas on `ground`, an (n, n, 3) picture of any size that is stretched over it."""
        self._size_px = size_px
        self._side = size_px * scale
        self._image = Image.fromarray(ground, "RGB").resize((self._side, self._side), Image.Resampling.BICUBIC)

    def polygon(self, points: Sequence[Point], colour: Colour, alpha: float = 1.0, shade: Colour | None = None) -> None:
        """Fill a polygon; `shade` lets the colour run into a second one across it; `alpha` in [0, 1]."""
        pixels = [(x * self._side, y * self._side) for x, y in points]
        self._stamp(pixels, lambda d, p: d.polygon(p, fill=255), colour, alpha, shade)

    def disc(
        self, centre: Point, radius: float, colour: Colour, alpha: float = 1.0, shade: Colour | None = None
    ) -> None:
        """Fill a disc."""
        self._stamp(self._box(centre, radius), lambda d, p: d.ellipse((p[0], p[1]), fill=255), colour, alpha, shade)

    def ring(self, centre: Point, radius: float, width: float, colour: Colour, alpha: float = 1.0) -> None:
        """Draw a ring of `width`, its outer edge at `radius`."""
        width_px = max(1, round(width * self._side))
        self._stamp(
            self._box(centre, radius),
            lambda d, p: d.ellipse((p[0], p[1]), outline=255, width=width_px),
            colour,
            alpha,
        )

    def slice(self, centre: Point, radius: float, start: float, end: float, colour: Colour, alpha: float = 1.0) -> None:
        """Fill a slice of a disc from angle `start` to `end`."""
        degrees = (math.degrees(start), math.degrees(end))
        self._stamp(
            self._box(centre, radius),
            lambda d, p: d.pieslice((p[0], p[1]), degrees[0], degrees[1], fill=255),
            colour,
            alpha,
        )

    def wedge(self, centre: Point, radius: float, start: float, end: float, colour: Colour) -> None:
        """Fill an opaque slice of a disc from angle `start` to `end`: as `slice`, and much quicker."""
        first, last = self._box(centre, radius)
        ImageDraw.Draw(self._image).pieslice((first, last), math.degrees(start), math.degrees(end), fill=colour)

    def stroke(self, points: Sequence[Point], width: float, colour: Colour, alpha: float = 1.0) -> None:
        """Draw a line through `points` with round joints and ends."""
        pixels = [(x * self._side, y * self._side) for x, y in points]
        width_px = max(2, round(width * self._side))

        def brush(d: ImageDraw.ImageDraw, p: list[Point]) -> None:
            d.line(p, fill=255, width=width_px, joint="curve")
            half = width_px / 2.0
            for x, y in (p[0], p[-1]):
                d.ellipse((x - half, y - half, x + half, y + half), fill=255)

        self._stamp(pixels, brush, colour, alpha, margin_px=width_px)

    def tapered(self, points: Sequence[Point], width: float, colour: Colour, alpha: float = 1.0) -> None:
        """Draw a line that swells to `width` in its middle and thins out towards its ends, as a brush leaves it."""
        path = np.asarray(points, dtype=float)
        if len(path) < 3:
            path = np.linspace(path[0], path[-1], 12)
        along = np.gradient(path, axis=0)
        normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
        half = (0.12 + 0.88 * np.sin(np.linspace(0.0, math.pi, len(path)))) * width / 2.0
        outline = np.concatenate([path + normal * half[:, None], (path - normal * half[:, None])[::-1]])
        self.polygon([(float(x), float(y)) for x, y in outline], colour, alpha)

    def dots(self, centres: NDArray[np.float64], radii: NDArray[np.float64], colours: NDArray[np.uint8]) -> None:
        """Fill many small opaque ellipses in order: centres and radii (n, 2) along x and y, colours (n, 3)."""
        drawing = ImageDraw.Draw(self._image)
        corners = np.concatenate([centres - radii, centres + radii], axis=1) * self._side
        for corner, colour in zip(corners.tolist(), colours.tolist(), strict=True):
            drawing.ellipse(corner, fill=tuple(colour))

    def finish(self, grain: NDArray[np.float64] | None = None) -> NDArray[np.uint8]:
        """Reduce to (size, size, 3) uint8; `grain` (size, size) is added to all channels, in levels of 255."""
        reduced = np.asarray(self._image.resize((self._size_px, self._size_px), Image.Resampling.BOX), dtype=np.float64)
        if grain is not None:
            reduced = reduced + grain[:, :, None]
        return np.clip(np.rint(reduced), 0, 255).astype(np.uint8)

    def _box(self, centre: Point, radius: float) -> list[Point]:
        (x, y), side = centre, self._side
        return [((x - radius) * side, (y - radius) * side), ((x + radius) * side, (y + radius) * side)]

    def _stamp(
        self,
        pixels: list[Point],
        brush: Callable[[ImageDraw.ImageDraw, list[Point]], object],
        colour: Colour,
        alpha: float,
        shade: Colour | None = None,
        margin_px: float = 1.0,
    ) -> None:
        left = max(0, math.floor(min(x for x, _ in pixels) - margin_px))
        top = max(0, math.floor(min(y for _, y in pixels) - margin_px))
        right = min(self._side, math.ceil(max(x for x, _ in pixels) + margin_px))
        bottom = min(self._side, math.ceil(max(y for _, y in pixels) + margin_px))
        if right - left < 1 or bottom - top < 1:
            return
        mask = Image.new("L", (right - left, bottom - top))
        brush(ImageDraw.Draw(mask), [(x - left, y - top) for x, y in pixels])
        if alpha < 1.0:
            mask = ImageChops.multiply(mask, Image.new("L", mask.size, round(255 * alpha)))
        if shade is None:
            self._image.paste(colour, (left, top), mask)
            return
        run = Image.linear_gradient("L").resize(mask.size)
        filled = Image.composite(Image.new("RGB", mask.size, shade), Image.new("RGB", mask.size, colour), run)
        self._image.paste(filled, (left, top), mask)
