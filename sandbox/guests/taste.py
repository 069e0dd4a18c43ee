"""A person's hidden taste: a few strong preferences over what is measured in pictures.

Owns which tastes there are, how they feel about a picture, and how they are said in words. Knows measures by name
alone: nothing of prompts, recipes or styles, and nothing of how a vote is cast.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

Measures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Facet:
    """How a measure is spoken of, more and less of it, and how far pictures usually spread in it, as felt."""

    more: str
    less: str
    spread: float


# The spreads are standard deviations, as felt, over 300 random abstract compositions of 128 px. They only say how much
# of a change is a large one; where the middle lies, each person learns from the first album.
_FACETS: Mapping[str, _Facet] = {
    "lightness": _Facet("light pictures", "dark pictures", 18.9),
    "chroma": _Facet("strong colours", "quiet colours", 15.2),
    "contrast": _Facet("strong contrasts of light and dark", "soft contrasts", 4.5),
    "white": _Facet("much white", "little white", 0.29),
    "grey": _Facet("much grey", "little grey", 0.32),
    "black": _Facet("much black", "little black", 0.22),
    "red": _Facet("much red", "little red", 0.26),
    "orange": _Facet("much orange", "little orange", 0.27),
    "yellow": _Facet("much yellow", "little yellow", 0.25),
    "green": _Facet("much green", "little green", 0.25),
    "blue": _Facet("much blue", "little blue", 0.28),
    "violet": _Facet("much violet", "little violet", 0.28),
    "edges": _Facet("many lines and edges", "few lines and edges", 0.061),
    "straightness": _Facet("straight edges", "curled edges", 0.135),
    "diagonals": _Facet("slanting edges", "upright and level edges", 0.158),
    "imbalance": _Facet("lopsided pictures", "balanced pictures", 6.2),
}
_TONES = ("lightness", "chroma", "contrast")
_HUES = ("white", "grey", "black", "red", "orange", "yellow", "green", "blue", "violet")
_FORMS = ("edges", "straightness", "diagonals", "imbalance")
_STRENGTHS = {"first hue": 1.0, "tone": 0.8, "second hue": 0.6, "form": 0.4}
_FARTHEST = 3.0
_PRIOR_WEIGHT = 6.0


@dataclass(frozen=True, slots=True)
class Taste:
    """Weights of measures, in order of their strength, with a Euclidean length of 1; positive: more is liked."""

    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a person takes for usual: the measures' middle, and the middle and spread of the raw feeling."""

    middle: Measures
    feeling: float
    spread: float


def draw_taste(seed: int, person: int = 0) -> Taste:
    """Draw the taste of the `person`-th of a run with `seed`: a liked hue, a tone, a second hue, and a form.

    Nobody gets wishes that exclude each other (dark pictures with much white).
    """
    generator = np.random.default_rng((seed, person))
    tone = str(generator.choice(_TONES))
    wishes = {tone: _STRENGTHS["tone"] * float(generator.choice((-1.0, 1.0)))}
    hues = [str(hue) for hue in generator.permutation(_HUES)]
    liked = next(hue for hue in hues if not _excludes(tone, wishes[tone], hue))
    second = next(hue for hue in hues if hue != liked)
    sign = float(generator.choice((-1.0, 1.0))) if not _excludes(tone, wishes[tone], second) else -1.0
    wishes[liked] = _STRENGTHS["first hue"]
    wishes[second] = _STRENGTHS["second hue"] * sign
    wishes[str(generator.choice(_FORMS))] = _STRENGTHS["form"] * float(generator.choice((-1.0, 1.0)))
    length = math.hypot(*wishes.values())
    ordered = sorted(wishes.items(), key=lambda item: -abs(item[1]))
    return Taste(MappingProxyType({name: weight / length for name, weight in ordered}))


def take_reference(taste: Taste, album: Sequence[Measures]) -> Reference:
    """Take the first album as what is usual.

    A handful of pictures says little about spread, so the spread is drawn towards 1, with the weight of six pictures:
    the posterior mean of a variance under a scaled inverse chi-square prior.
    Source: Gelman et al., Bayesian Data Analysis, 3rd ed., 3.3 (up to the prior's degrees of freedom less two).

    Raises:
        ValueError: the album is empty.
    """
    if not album:
        raise ValueError("expected an album with pictures, came an empty one")
    middle = {name: float(np.mean([_felt(name, picture[name]) for picture in album])) for name in taste.weights}
    raw = np.array([_raw(taste, middle, picture) for picture in album])
    off = float(np.sum((raw - raw.mean()) ** 2))
    variance = (_PRIOR_WEIGHT + off) / (_PRIOR_WEIGHT + len(album) - 1)
    return Reference(MappingProxyType(middle), float(raw.mean()), math.sqrt(variance))


def utility(taste: Taste, reference: Reference, picture: Measures) -> float:
    """Say how much a picture is liked: 0 as usual in the first album, in units of the usual spread."""
    return (_raw(taste, reference.middle, picture) - reference.feeling) / reference.spread


def percentile(feeling: float) -> float:
    """Say how many of a hundred pictures like the first album's are liked less than one of utility `feeling`.

    The first album is taken for normally distributed: its few pictures allow no finer count.
    """
    return 50.0 * (1.0 + math.erf(feeling / math.sqrt(2.0)))


def describe(taste: Taste) -> str:
    """Say the taste in words, strongest wish first: "much blue, dark pictures, little red, and curled edges"."""
    words = [_FACETS[name].more if weight > 0 else _FACETS[name].less for name, weight in taste.weights.items()]
    return f"{', '.join(words[:-1])}, and {words[-1]}" if len(words) > 1 else words[0]


def describe_wish(name: str, weight: float) -> str:
    """Say one wish of a taste in words."""
    return _FACETS[name].more if weight > 0 else _FACETS[name].less


def _excludes(tone: str, weight: float, hue: str) -> bool:
    if tone == "lightness":
        return hue in (("black",) if weight > 0 else ("white", "yellow"))
    if tone == "chroma":
        return hue in (("white", "grey", "black") if weight > 0 else ("red", "orange", "yellow"))
    return False


def _felt(name: str, value: float) -> float:
    # A colour is noticed long before it fills half of a picture: its share is felt as the root of the area.
    return math.sqrt(max(0.0, value)) if name in _HUES else value


def _raw(taste: Taste, middle: Measures, picture: Measures) -> float:
    total = 0.0
    for name, weight in taste.weights.items():
        away = (_felt(name, picture[name]) - middle[name]) / _FACETS[name].spread
        total += weight * max(-_FARTHEST, min(_FARTHEST, away))
    return total
