"""A folder in parts: cut for the way, and whole again at its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from style.errors import BadModelError
from style.training.parts import join, split


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A folder with files in folders."""
    folder = tmp_path / "weights"
    (folder / "unet").mkdir(parents=True)
    (folder / "unet" / "model.safetensors").write_bytes(bytes(range(256)) * 500)
    (folder / "model_index.json").write_text("{}", encoding="utf-8")
    return folder


def test_joined_folder_is_the_one_that_was_split(weights: Path, tmp_path: Path) -> None:
    """All files come back, byte for byte, and no part is larger than was asked."""
    parts = split(weights, tmp_path / "parts", part_bytes=50_000)
    assert len(parts) == 3
    assert max(part.stat().st_size for part in parts) <= 50_000
    join(tmp_path / "parts", tmp_path / "again")
    for file in ("unet/model.safetensors", "model_index.json"):
        assert (tmp_path / "again" / file).read_bytes() == (weights / file).read_bytes()


def test_missing_part_is_told(weights: Path, tmp_path: Path) -> None:
    """Without one of the parts nothing is written."""
    split(weights, tmp_path / "parts", part_bytes=50_000)[1].unlink()
    with pytest.raises(BadModelError, match="fetch them again"):
        join(tmp_path / "parts", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_damaged_part_is_told(weights: Path, tmp_path: Path) -> None:
    """A part with another byte in it is found by the digest."""
    part = split(weights, tmp_path / "parts", part_bytes=50_000)[0]
    part.write_bytes(b"x" + part.read_bytes()[1:])
    with pytest.raises(BadModelError, match="do not add up"):
        join(tmp_path / "parts", tmp_path / "again")
