"""Writes packs: a style.toml that people edit, its adapters and samples; and adds a slider to one that is there.

A pack appears whole or not at all: it is built beside its place, read back as the bot would read it, then moved there.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evolution import Multiple, Single
from style.errors import BadPackError
from style.pack import PACK_FILE, Pack, load_pack


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a new pack's style.toml says; `adapter` is the file of the style, None for a style of words alone.

    `left_out` are tags that became no value, each with the reason; they are written as a comment.
    """

    name: str
    title: str
    trigger: str
    base: str
    licence: str
    credits: str
    attributes: tuple[Single | Multiple, ...]
    base_revision: str | None = None
    adapter: Path | None = None
    samples: tuple[Path, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    sampling: tuple[tuple[str, int | float], ...] = field(default=())


def write_pack(draft: Draft, packs: Path, replaced: Path | None = None) -> Pack:
    """Write the pack `packs/<name>`; one that is there is moved to the folder `replaced`, which must not exist.

    Raises:
        BadPackError: the name is taken and `replaced` is None, or what was drafted is no pack; then nothing is changed.
    """
    place = packs / draft.name
    if place.exists() and replaced is None:
        raise BadPackError(f"{place} exists; take another name, or move it away")
    try:
        packs.mkdir(parents=True, exist_ok=True)
        # Beside the packs and not among them, so that nobody meets it half written.
        with tempfile.TemporaryDirectory(prefix=".new-", dir=packs.parent) as folder:
            built = Path(folder, draft.name)
            _build(draft, built)
            load_pack(built)
            if replaced is not None and place.exists():
                replaced.parent.mkdir(parents=True, exist_ok=True)
                place.rename(replaced)
            built.rename(place)
    except OSError as error:
        raise BadPackError(f"{place}: cannot be written ({error.strerror or error}); check the folder") from error
    return load_pack(place)


def add_slider(pack: Pack, name: str, adapter: Path, low: float = -1.0, high: float = 1.0) -> Pack:
    """Add a slider's adapter to a pack, with the continuous attribute that drives it; all that stands there stays.

    A slider of that name is replaced: its attribute keeps the range it has.

    Raises:
        BadPackError: the pack would be none any more, or cannot be written to; then it is as it was.
    """
    table = pack.folder / PACK_FILE
    target = pack.folder / f"{name}.safetensors"
    known = next((adapter for adapter in pack.adapters if adapter.name == name), None)
    if known is not None and known.kind != "slider":
        raise BadPackError(f"{table}: {name} is its style; give the slider another name")
    try:
        with tempfile.TemporaryDirectory(prefix=".new-", dir=pack.folder.parent.parent) as folder:
            built = Path(folder, pack.name)
            shutil.copytree(pack.folder, built)
            file = built / (known.path.relative_to(pack.folder) if known else target.name)
            shutil.copyfile(adapter, file)
            if known is None:
                text = (built / PACK_FILE).read_text("utf-8").rstrip("\n")
                (built / PACK_FILE).write_text(f"{text}\n\n{_slider_text(name, low, high)}", encoding="utf-8")
            load_pack(built)
            # The adapter before the table that names it: a reader in between meets the pack as it was.
            for path in (file, built / PACK_FILE):
                path.replace(pack.folder / path.relative_to(built))
    except OSError as error:
        raise BadPackError(f"{pack.folder}: cannot be written to ({error.strerror or error})") from error
    return load_pack(pack.folder)


def _build(draft: Draft, folder: Path) -> None:
    folder.mkdir()
    if draft.adapter is not None:
        shutil.copyfile(draft.adapter, folder / f"{draft.name}.safetensors")
    for name, sample in zip(_sample_names(draft), draft.samples, strict=True):
        shutil.copyfile(sample, folder / name)
    (folder / PACK_FILE).write_text(pack_text(draft), encoding="utf-8")


def _sample_names(draft: Draft) -> list[str]:
    if len(draft.samples) == 1:
        return [f"sample{draft.samples[0].suffix.lower()}"]
    return [f"sample-{number}{sample.suffix.lower()}" for number, sample in enumerate(draft.samples, 1)]


def pack_text(draft: Draft) -> str:
    """Write the text of a style.toml."""
    spoken = ["trigger", *(attribute.name for attribute in draft.attributes)]
    prompt = ", ".join(f"{{{word}}}" for word in spoken)
    lines = [
        f"name = {quoted(draft.name)}",
        f"title = {quoted(draft.title)}",
        f"trigger = {quoted(draft.trigger)}",
        f"prompt = {quoted(prompt)}",
        f"licence = {quoted(draft.licence)}",
        f"credits = {quoted(draft.credits)}",
        f"samples = {_list(_sample_names(draft))}",
        "",
        "[base]",
        f"model = {quoted(draft.base)}",
    ]
    if draft.base_revision is not None:
        lines.append(f"revision = {quoted(draft.base_revision)}")
    lines += [
        "",
        "# Proposed from the tags of the pictures. Change them as you like; `vernissage style show` checks them.",
    ]
    lines += [f"# no value: {_comment(tag)} ({reason})" for tag, reason in draft.left_out]
    for attribute in draft.attributes:
        lines += _attribute_lines(attribute)
    if draft.adapter is not None:
        lines += ["", "[[adapters]]", f"name = {quoted(draft.name)}", f"file = {quoted(draft.name + '.safetensors')}"]
        lines += ['kind = "style"', "weight = 1.0"]
    if draft.sampling:
        lines += ["", "[sampling]", *(f"{key} = {value}" for key, value in draft.sampling)]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Write a TOML string: JSON's escapes are among TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, values))}]"


def _comment(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _attribute_lines(attribute: Single | Multiple) -> list[str]:
    kind = "single" if isinstance(attribute, Single) else "multiple"
    lines = ["", "[[attributes]]", f"name = {quoted(attribute.name)}", f'kind = "{kind}"']
    if isinstance(attribute, Multiple):
        lines.append(f"count = {attribute.count}")
    return [*lines, f"values = {_list(attribute.values)}"]


def _slider_text(name: str, low: float, high: float) -> str:
    return "\n".join(
        (
            "[[attributes]]",
            f"name = {quoted(name)}",
            'kind = "continuous"',
            f"low = {low:.1f}",
            f"high = {high:.1f}",
            f'sliders = [{{ adapter = {quoted(name)}, side = "both", scale = 1.0 }}]',
            "",
            "[[adapters]]",
            f"name = {quoted(name)}",
            f"file = {quoted(name + '.safetensors')}",
            'kind = "slider"',
            "",
        )
    )
