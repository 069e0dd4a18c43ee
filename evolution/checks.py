"""Checks on what comes in: whole numbers, real numbers, words.

Knows nothing of what they stand for; the caller names the thing and the error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from evolution.errors import EvolutionError


def whole(name: str, value: object, low: int, high: int | None, error: type[EvolutionError]) -> int:
    """Return `value` as a plain int in [low, high]; truth values are no numbers here.

    Raises:
        EvolutionError: of the type `error`, when it is something else.
    """
    expected = f"{name} must be a whole number" + (f" in {low} … {high}" if high is not None else f" of at least {low}")
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise error(f"{expected}, got {value!r}")
    number = int(value)
    if number < low or (high is not None and number > high):
        raise error(f"{expected}, got {number}")
    return number


def real(name: str, value: object, low: float, high: float, error: type[EvolutionError]) -> float:
    """Return `value` as a float in [low, high]; truth values and nan are no numbers here.

    Raises:
        EvolutionError: of the type `error`, when it is something else.
    """
    expected = f"{name} must be a number in {low} … {high}"
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise error(f"{expected}, got {value!r}")
    try:
        number = float(value)
    except OverflowError as cause:
        raise error(f"{expected}, got {value!r}") from cause
    if math.isnan(number) or not low <= number <= high:
        raise error(f"{expected}, got {number!r}")
    return number


def word(name: str, value: object, error: type[EvolutionError]) -> str:
    """Return `value` as a string that is not empty.

    Raises:
        EvolutionError: of the type `error`, when it is something else.
    """
    if not isinstance(value, str) or not value:
        raise error(f"{name} must be a string that is not empty, got {value!r}")
    return value


def words(name: str, values: object, error: type[EvolutionError]) -> tuple[str, ...]:
    """Return `values` as a tuple of at least one string, none empty, none twice.

    Raises:
        EvolutionError: of the type `error`, when it is something else.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise error(f"{name} must be several strings, got {values!r}")
    found = tuple(word(f"each of {name}", value, error) for value in values)
    if not found:
        raise error(f"{name} must hold at least one string, got none")
    if len(set(found)) < len(found):
        raise error(f"{name} must all differ, got {found!r}")
    return found


def flag(name: str, value: object, error: type[EvolutionError]) -> bool:
    """Return `value`, True or False.

    Raises:
        EvolutionError: of the type `error`, when it is something else.
    """
    if not isinstance(value, bool):
        raise error(f"{name} must be true or false, got {value!r}")
    return value
