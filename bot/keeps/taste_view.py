"""The learned taste in the form in which it is shown: attribute by attribute, zero being what is neither liked nor not.

Knows nothing of words or of drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

from evolution import AttributeWorth, ChoiceTaste, Continuous, SliderTaste, Space, Taste


@dataclass(frozen=True, slots=True)
class Mark:
    """What a value is worth: `middle` is believed, it lies in [low, high] with the certainty that was asked for."""

    label: str
    middle: float
    low: float
    high: float

    @property
    def is_liked(self) -> bool:
        """Whether it is liked for sure."""
        return self.low > 0

    @property
    def is_disliked(self) -> bool:
        """Whether it is disliked for sure."""
        return self.high < 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A discrete attribute: its values, the best first."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Slid:
    """A slider: what its places from the low end to the high are worth, evenly spaced."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A slider of which only the liked place is known: `mark` is a place in [-1, 1], None without likes."""

    name: str
    mark: Mark | None


Panel = Ranked | Slid | Found


def panels(taste: Taste, space: Space) -> tuple[Panel, ...]:
    """Return the attributes in the order of the space, by what the strategy has made of the votes, else by counts."""
    sliders = {attribute.name: attribute for attribute in space.attributes if isinstance(attribute, Continuous)}
    if taste.insight is not None:
        return tuple(_valued(attribute, attribute.name in sliders) for attribute in taste.insight.attributes)
    told = taste.likes + taste.dislikes + taste.neither
    usual = taste.likes / told if told else 0.0
    return tuple(
        _found(attribute, sliders[attribute.name]) if isinstance(attribute, SliderTaste) else _counted(attribute, usual)
        for attribute in taste.attributes
    )


def _valued(attribute: AttributeWorth, is_slider: bool) -> Panel:
    marks = tuple(Mark(_label(one.value), one.worth, one.low, one.high) for one in attribute.values)
    return Slid(attribute.name, marks) if is_slider else Ranked(attribute.name, marks)


def _counted(attribute: ChoiceTaste, usual: float) -> Ranked:
    """Compare the share of likes of each value with the usual one."""
    marks = [
        Mark(one.value, (usual if one.share is None else one.share) - usual, one.low - usual, one.high - usual)
        for one in attribute.values
    ]
    return Ranked(attribute.name, tuple(sorted(marks, key=lambda mark: -mark.middle)))


def _found(attribute: SliderTaste, slider: Continuous) -> Found:
    if attribute.mean is None:
        return Found(attribute.name, None)
    places = [2 * (at - slider.low) / (slider.high - slider.low) - 1 for at in (attribute.low, attribute.high)]
    middle = 2 * (attribute.mean - slider.low) / (slider.high - slider.low) - 1
    return Found(attribute.name, Mark(attribute.name, middle, *places))


def _label(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"
