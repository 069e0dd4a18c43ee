"""Teaching with the real program, trainer and engine, on a tiny model; training and bot are killed on the way."""

from __future__ import annotations

import json
import shutil
from argparse import Namespace
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.teaching import teach
from sandbox.server import RunningSandbox
from style.accelerator import BASE_SAMPLING_FILE, write_sampling
from style.procedural import draw, random_spec

PICTURES = 20


@pytest.fixture
def paintings(tmp_path: Path) -> Path:
    """A folder of drawn pictures with words."""
    folder = tmp_path / "paintings"
    folder.mkdir()
    rows = []
    for seed in range(PICTURES):
        Image.fromarray(draw(random_spec(seed), 128, 1)).save(folder / f"{seed}.png")
        rows.append(json.dumps({"file_name": f"{seed}.png", "text": "circle" if seed % 2 else "curve line"}))
    (folder / "metadata.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return folder


@pytest.fixture
def quick_model(tmp_path: Path, tiny_model: Path) -> Path:
    """The tiny model, which asks for three steps a picture: a style is measured on a hundred and more."""
    folder = Path(shutil.copytree(tiny_model, tmp_path / tiny_model.name))
    write_sampling(folder, 3, 2.0, BASE_SAMPLING_FILE)
    return folder


@pytest.mark.slow
async def test_style_is_taught_through_kills_and_painted_with(
    sandbox: RunningSandbox, tmp_path: Path, quick_model: Path, paintings: Path
) -> None:
    """Two albums, a zip, files; both processes killed; one card to the end; published, tried, chosen by another."""
    arguments = Namespace(folder=paintings, pictures=PICTURES, steps=60, model=str(quick_model), kills=True, shots=None)
    found = await teach(arguments, sandbox, tmp_path / "data")
    assert found["cards"] == 1
    assert "Distance to the style" in found["card"]
