"""What trainers write beside the numbers: of themselves, of the captions, and of how peft scales its layers.

All of it is somebody else's text: kept short and printable, read as data, never as a pattern.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from style.tensors import FaultError, shown

MAX_TAGS = 20
MAX_TRIGGERS = 5
MAX_CONFIG_BYTES = 1024**2

_KEPT = (
    "ss_base_model_version", "ss_network_module", "ss_network_dim", "ss_network_alpha", "ss_output_name",
    "ss_sd_model_name", "ss_num_train_images", "modelspec.architecture", "modelspec.title", "modelspec.author",
    "modelspec.license", "modelspec.trigger_phrase",
)  # fmt: skip
# A tag of at least this share of all pictures names what was to be learned.
_TRIGGER_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class PeftScales:
    """How peft scales layers: alpha by their name (`_` for `.`) or for all; by the rank's root if `by_root`."""

    alpha: float
    alphas: dict[str, float] = field(default_factory=dict)
    by_root: bool = False

    def of(self, layer: str, rank: int) -> float:
        """Say the alpha that divided by the rank gives peft's scale of a layer."""
        # peft takes the first key that the layer's name is or ends in
        keys = (key for key in self.alphas if layer == key or layer.endswith(f"_{key}"))
        key = next(keys, None)
        alpha = self.alpha if key is None else self.alphas[key]
        return alpha * math.sqrt(rank) if self.by_root else alpha


def keep_metadata(metadata: Mapping[str, str]) -> dict[str, str]:
    """Keep what says where an adapter comes from, each text short and in one line."""
    return {key: shown(metadata[key].strip()) for key in _KEPT if metadata.get(key, "").strip()}


def top_tags(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """List the tags that most of the training's captions had, the commonest first."""
    return tuple(tag for tag, _ in _count_tags(metadata).most_common(MAX_TAGS))


def trigger_words(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """Suggest words that call up what was learned: the phrase that was given, then tags of nearly all pictures."""
    phrase = shown(metadata.get("modelspec.trigger_phrase", "").strip())
    counts = _count_tags(metadata)
    try:
        pictures = int(metadata.get("ss_num_train_images", ""))
    except ValueError:
        pictures = 0
    most = max([pictures, *counts.values()], default=0)
    common = [tag for tag, count in counts.most_common(MAX_TAGS) if count >= _TRIGGER_SHARE * most]
    return tuple(dict.fromkeys(word for word in (phrase, *common) if word))[:MAX_TRIGGERS]


def _count_tags(metadata: Mapping[str, str]) -> Counter[str]:
    """Add up the tags over the folders that were trained on."""
    counts: Counter[str] = Counter()
    folders = _read_object(metadata.get("ss_tag_frequency", "{}"))
    for tags in folders.values():
        for tag, count in tags.items() if isinstance(tags, dict) else ():
            if type(count) is int and 0 < count < 2**31 and tag.strip():
                counts[shown(tag.strip())] += count
    return counts


def read_peft_scales(path: Path, metadata: Mapping[str, str], component: str) -> PeftScales | None:
    """Read how peft scaled, from the file's own metadata or from the adapter_config.json beside it; None: not said.

    Raises:
        FaultError: it is said in a way that cannot be followed.
        OSError: the file beside cannot be read.
    """
    beside = path.with_name("adapter_config.json")
    if text := metadata.get("lora_adapter_metadata"):
        said = _read_object(text)
        own = {key.removeprefix(f"{component}."): value for key, value in said.items()}
        # with several components, each of its keys begins with its component's name
        table = own if any(key.startswith(f"{component}.") for key in said) else said
    elif beside.is_file():
        with beside.open("rb") as file:
            table = _read_object(file.read(MAX_CONFIG_BYTES + 1).decode("utf-8", errors="replace"))
    else:
        return None
    if "lora_alpha" not in table:
        return None
    if table.get("use_dora"):
        raise FaultError("a DoRA's change depends on the base model's weights; expected a LoRA without DoRA")
    patterns = table.get("alpha_pattern") or {}
    if not isinstance(patterns, dict):
        raise FaultError("its alpha_pattern is no table")
    alphas = {key.lstrip("^").replace(".", "_"): _number(value) for key, value in patterns.items()}
    return PeftScales(_number(table["lora_alpha"]), alphas, bool(table.get("use_rslora")))


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e6:
        raise FaultError(f"its alpha is {shown(repr(value))}, expected a number")
    return float(value)


def _read_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
