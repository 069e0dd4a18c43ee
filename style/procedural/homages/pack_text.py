"""The style.toml of an homage's pack, written from its attributes, so that the two cannot part.

Knows the text only; adapters and samples are added to the folder by whoever trained them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from evolution import Attribute, Continuous, Multiple
from style.procedural.homages.homage import Homage

_HEAD = """\
name = {name}
title = {title}
trigger = {trigger}
prompt = {prompt}
licence = "MIT"
credits = {credits}
samples = {samples}

[base]
model = "bundled"
revision = {revision}
"""
_ADAPTER = """
[[adapters]]
name = {name}
file = {file}
kind = "{kind}"
"""


def pack_toml(
    style: Homage,
    sliders: Collection[str],
    samples: Sequence[str] = ("sample.png",),
    weight: float = 1.0,
    revision: str = "6",
) -> str:
    """Write style.toml for a pack with the adapter NAME.safetensors at `weight`, and a slider for each of `sliders`.

    A slider is named like the continuous attribute that drives it and lies in ATTRIBUTE.safetensors. A continuous
    attribute without a trained slider is left out of the pack. `revision` is the bundled model's, which knows itself
    how it samples.

    Raises:
        ValueError: a slider is not named like a continuous attribute of the style.
    """
    known = [attribute.name for attribute in style.attributes if isinstance(attribute, Continuous)]
    if unknown := sorted(set(sliders) - set(known)):
        raise ValueError(f"no continuous attribute of {style.name} is named {', '.join(unknown)}; it has {known}")
    kept = [a for a in style.attributes if not isinstance(a, Continuous) or a.name in sliders]
    spoken = [f"{{{attribute.name}}}" for attribute in kept if not isinstance(attribute, Continuous)]
    credit = (
        f"Trained by this project on pictures that its own painter drew after the published principles of"
        f" {style.title.removesuffix(' (homage)')}. An homage to a movement: no artist's works were used."
    )
    head = _HEAD.format(
        name=_text(style.name),
        title=_text(style.title),
        trigger=_text(style.trigger),
        prompt=_text(", ".join(["{trigger}", *spoken])),
        credits=_text(credit),
        samples=_text(list(samples)),
        revision=_text(revision),
    )
    adapter = _ADAPTER.format(name=_text(style.name), file=_text(f"{style.name}.safetensors"), kind="style")
    driven = [
        _ADAPTER.format(name=_text(a), file=_text(f"{a}.safetensors"), kind="slider") for a in known if a in sliders
    ]
    tables = [_attribute(attribute) for attribute in kept]
    return "".join([head, *tables, adapter, f"weight = {float(weight)}\n", *driven])


def _attribute(attribute: Attribute) -> str:
    lines = ["", "[[attributes]]", f"name = {_text(attribute.name)}"]
    if isinstance(attribute, Continuous):
        lines += ['kind = "continuous"', f"low = {attribute.low}", f"high = {attribute.high}"]
        lines += [f'sliders = [{{ adapter = {_text(attribute.name)}, side = "both", scale = 1.0 }}]']
    elif isinstance(attribute, Multiple):
        lines += ['kind = "multiple"', f"count = {attribute.count}", f"values = {_text(list(attribute.values))}"]
    else:
        lines += ['kind = "single"', f"values = {_text(list(attribute.values))}"]
    return "\n".join([*lines, ""])


def _text(value: str | list[str]) -> str:
    """Write a string or a list of strings; in these, JSON and TOML are the same."""
    return json.dumps(value, ensure_ascii=False)
