"""What may stand in a pack's style.toml: every key, its type and its limits; unknown keys are refused.

Knows the text only; files beside it and what they hold are for `style.pack`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Word = Annotated[str, StringConstraints(pattern=r"^[^,{}\s](?:[^,{}\n\r\t]{0,78}[^,{}\s])?$")]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=255)]
SizePx = Annotated[int, Field(ge=32, le=2048, multiple_of=8)]
Words = Annotated[list[Word], Field(min_length=2, max_length=64)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class BaseTable(_Table):
    """The base model that the adapters were trained on."""

    model: Text
    revision: Text | None = None


class SingleTable(_Table):
    """An attribute with one value of several."""

    name: Name
    kind: Literal["single"]
    values: Words


class MultipleTable(_Table):
    """An attribute with `count` of several values."""

    name: Name
    kind: Literal["multiple"]
    values: Words
    count: Annotated[int, Field(ge=1)]


class SliderTable(_Table):
    """How a continuous attribute drives one adapter: at which side of zero, and times what."""

    adapter: Name
    side: Literal["both", "positive", "negative"] = "both"
    scale: Annotated[float, Field(ge=-10, le=10)] = 1.0


class ContinuousTable(_Table):
    """An attribute with a number in a range, and the sliders that it drives."""

    name: Name
    kind: Literal["continuous"]
    low: Annotated[float, Field(ge=-10, le=10)]
    high: Annotated[float, Field(ge=-10, le=10)]
    sliders: Annotated[list[SliderTable], Field(min_length=1, max_length=4)]

    @model_validator(mode="after")
    def _has_a_range(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low {self.low} must be below high {self.high}")
        return self


AttributeTable = Annotated[SingleTable | MultipleTable | ContinuousTable, Field(discriminator="kind")]


class AdapterTable(_Table):
    """An adapter's file; a style is on at `weight` in every picture, a slider only as attributes drive it."""

    name: Name
    file: FileName
    kind: Literal["style", "slider"]
    weight: Annotated[float, Field(ge=-10, le=10)] | None = None

    @model_validator(mode="after")
    def _has_the_weight_of_its_kind(self) -> Self:
        if self.kind == "slider" and self.weight is not None:
            raise ValueError("a slider has no weight of its own; give its attribute a scale instead")
        return self


class SamplingTable(_Table):
    """How to sample; what is left out is the base model's default."""

    steps: Annotated[int, Field(ge=1, le=150)] | None = None
    guidance: Annotated[float, Field(ge=0, le=50)] | None = None
    size_px: SizePx | Annotated[list[SizePx], Field(min_length=2, max_length=2)] | None = None


class PackTable(_Table):
    """The whole of style.toml."""

    name: Name
    title: Text
    trigger: Text
    prompt: Text
    licence: Text
    credits: Text
    base: BaseTable
    attributes: Annotated[list[AttributeTable], Field(min_length=1, max_length=32)]
    adapters: Annotated[list[AdapterTable], Field(max_length=32)] = []
    sampling: SamplingTable = SamplingTable()
    samples: Annotated[list[FileName], Field(max_length=32)] = []
