"""The recipe: everything that a picture needs, as one frozen value that survives JSON.

Knows nothing of how pictures are made (`style.engine`) nor of what a gene means (`style.decode`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from style.errors import BadRecipeError


@dataclass(frozen=True, slots=True)
class AdapterUse:
    """One adapter in a picture: its name within the pack, the sha256 of its file, its signed weight."""

    name: str
    digest: str
    weight: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that paints one picture again: same recipe, same device, same picture up to rounding.

    `width` and `height` are what the model paints, in pixels. `model` is the id of the base model and `model_digest`
    the sha256 that the engine computed over its weights when the recipe was made.
    """

    style: str
    prompt: str
    seed: int
    width: int
    height: int
    steps: int
    guidance: float
    adapters: tuple[AdapterUse, ...]
    model: str
    model_digest: str

    def to_json(self) -> str:
        """Write the recipe as one line of JSON with sorted keys."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Read what `to_json` wrote.

        Raises:
            BadRecipeError: the text is not JSON or lacks a field.
        """
        try:
            fields: dict[str, Any] = json.loads(text)
            adapters = tuple(AdapterUse(**use) for use in fields.pop("adapters"))
            return cls(adapters=adapters, **fields)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadRecipeError(
                f"not a recipe: {error}; expected the JSON object that Recipe.to_json writes"
            ) from error
