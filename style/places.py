"""Where the shipped model and packs lie, and how a model is named.

Knows folders and ids only: nothing is opened beyond a model's own index, and torch is not needed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

BUNDLED = "bundled"
BUNDLED_MODEL = Path(__file__).parent / "bundled"
BUNDLED_PACKS = Path(__file__).parent / "packs"

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def model_id(model: str) -> str:
    """Say the id under which packs name the model of this setting (`bundled`, a folder, or a hub id with `@revision`).

    A folder is called by the hub id that its own model_index.json remembers, so that a local copy serves the same
    packs as the original; without one, by the folder's name.
    """
    if model == BUNDLED:
        return BUNDLED
    folder = model_folder(model)
    if folder is None:
        return model.partition("@")[0]
    if folder.resolve() == BUNDLED_MODEL.resolve():
        return BUNDLED
    try:
        remembered = json.loads((folder / "model_index.json").read_text(encoding="utf-8")).get("_name_or_path")
    except (OSError, ValueError, AttributeError):
        remembered = None
    if isinstance(remembered, str) and _HUB_ID.fullmatch(remembered):
        return remembered
    return folder.resolve().name


def model_folder(model: str) -> Path | None:
    """Find the folder that a model setting names; None means that it is a hub id."""
    if model == BUNDLED:
        return BUNDLED_MODEL
    folder = Path(model).expanduser()
    looks_like_path = folder.is_absolute() or model.startswith((".", "~"))
    return folder if looks_like_path or folder.is_dir() else None
