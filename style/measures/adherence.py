"""Whether pictures show the words that they were asked for, per word: against chance and the painter's own rate.

Hues are read off the pixels, lines and planes by `style.measures.reader`. Knows pictures and words, no models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution import Gene
from style.measures.colour import hue_shares
from style.measures.reader import read
from style.procedural import HUES, LINES, PLANES, Spec, draw, random_spec

Pictures = NDArray[np.uint8]
Strengths = dict[str, NDArray[np.float64]]
Asked = Mapping[str, Gene]
"""What one picture was asked for: attribute to value, as in a chromosome; may leave attributes out."""

_KINDS = {"line": LINES, "plane": PLANES, "hue": HUES}
_SIZE_PX = 128


@dataclass(frozen=True, slots=True)
class WordAdherence:
    """How a word is followed; rates are shares of pictures in [0, 1], NaN where there are no pictures to count.

    A word is seen if it is among the k strongest of its kind, k being how many of that kind the picture was asked for
    (1 where it was asked for none). `share` is its mean strength where asked: the area of a hue, the probability of a
    form. `chance` is the rate of a picture that knows nothing; `ceiling` the painter's own rate when asked the same;
    `balanced` the mean of the rates of seeing it when asked and of not seeing it when not (0.5 by chance).
    """

    attribute: str
    word: str
    pictures: int
    asked: float
    unasked: float
    share: float
    chance: float
    ceiling: float
    balanced: float


def adherence(
    pictures: Pictures, asked: Sequence[Asked], ceiling: Strengths | None = None
) -> tuple[WordAdherence, ...]:
    """Count how (n, h, w, 3) pictures follow what they were `asked`, n of them, against `ceiling_of` the same requests.

    Only words that the painter knows are judged; `unjudged` names the others.
    """
    if not (names := judged(asked)):
        return ()
    own, ceiling = strengths(pictures), ceiling_of(asked) if ceiling is None else ceiling
    return tuple(_row(name, word, asked, own, ceiling) for name, word in names)


def ceiling_of(asked: Sequence[Asked], first_seed: int = 70_000) -> Strengths:
    """Let the procedural painter draw each request, and say how strongly its pictures show each kind of word."""
    return strengths(np.stack([draw(spec_of(wish, first_seed + k), _SIZE_PX, 2) for k, wish in enumerate(asked)]))


def judged(asked: Sequence[Asked]) -> tuple[tuple[str, str], ...]:
    """Name the words that can be seen, as (attribute, word); none in a style whose words the painter does not know."""
    names = {(name, word) for wish in asked for name, value in wish.items() for word in _words(value)}
    return tuple(sorted((name, word) for name, word in names if _kind(word) is not None))


def unjudged(asked: Sequence[Asked]) -> tuple[str, ...]:
    """Name the words that no measure here can see."""
    words = {word for wish in asked for value in wish.values() for word in _words(value)}
    return tuple(sorted(word for word in words if _kind(word) is None))


def strengths(pictures: Pictures) -> Strengths:
    """Say how strongly each picture shows each kind of word: (n, words) for "line", "plane" and "hue"."""
    reading = read(pictures)
    shares = [hue_shares(picture) for picture in pictures]
    hues = np.array([[share[hue] for hue in HUES] for share in shares]).reshape(-1, len(HUES))
    return {"line": reading.lines, "plane": reading.planes, "hue": hues}


def spec_of(asked: Asked, seed: int) -> Spec:
    """Write what the procedural painter draws for a request; what it leaves open is drawn from the seed."""
    words = dict.fromkeys(word for value in asked.values() for word in _words(value))
    lines, planes, hues = (tuple(word for word in words if word in known) for known in (LINES, PLANES, HUES))
    spec = random_spec(seed)
    brightness, structure, parallel = (
        float(np.clip(value, -1.0, 1.0)) if isinstance(value := asked.get(name), float) else drawn
        for name, drawn in (
            ("brightness", spec.brightness),
            ("structure", spec.structure),
            ("parallel", spec.parallel),
        )
    )
    return Spec(
        line=(lines or (spec.line,))[0],
        planes=planes[:2] or spec.planes,
        hues=hues[:3] or spec.hues,
        brightness=brightness,
        structure=structure,
        parallel=parallel,
        seed=seed,
    )


def _row(
    name: str,
    word: str,
    asked: Sequence[Asked],
    own: Strengths,
    ceiling: Strengths,
) -> WordAdherence:
    kind = _kind(word)
    assert kind is not None  # noqa: S101 - only judged words come here
    known = _KINDS[kind]
    column = known.index(word)
    wished = np.array([word in [w for value in wish.values() for w in _words(value)] for wish in asked])
    counts = np.array([_count(wish, kind) for wish in asked])
    seen, drawn = (_seen(found[kind], column, counts) for found in (own, ceiling))
    rate, unasked = _mean(seen[wished]), _mean(seen[~wished])
    return WordAdherence(
        attribute=name,
        word=word,
        pictures=int(wished.sum()),
        asked=rate,
        unasked=unasked,
        share=_mean(own[kind][wished, column]),
        chance=_mean(counts[wished]) / len(known),
        ceiling=_mean(drawn[wished]),
        balanced=(rate + 1.0 - unasked) / 2.0,
    )


def _seen(strength: NDArray[np.float64], column: int, counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    stronger = (strength > strength[:, [column]]).sum(axis=1)
    return np.asarray((stronger < counts) & (strength[:, column] > 0.0))


def _count(asked: Asked, kind: str) -> int:
    return max(1, sum(word in _KINDS[kind] for value in asked.values() for word in _words(value)))


def _kind(word: str) -> str | None:
    return next((kind for kind, known in _KINDS.items() if word in known), None)


def _words(value: Gene) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()


def _mean(values: NDArray[np.bool_] | NDArray[np.int64] | NDArray[np.float64]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
