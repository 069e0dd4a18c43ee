"""Finishes a training without a model: the pack that its lesson asks for, with a grey sample, and made-up figures."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from PIL import Image

from bot.commands.style.finishing import finish_slider, read_draft
from bot.commands.style.studio import open_studio
from bot.teaching.folders import COMPARISON_FILE, LESSON_FILE, PACK_FOLDER
from style.pack_writer import write_pack
from style.report.record import EVALUATION_FILE


def main() -> int:
    """Write pack and evaluation into the folder of a training."""
    folder = Path(sys.argv[-1])
    fields = json.loads((folder / "job.json").read_text("utf-8"))
    if fields["kind"] == "slider":
        finish_slider(folder, fields["name"])
        return 0
    sample = folder / "sample.png"
    Image.new("RGB", (128, 128), "grey").save(sample)
    write_pack(replace(read_draft(open_studio(), folder), samples=(sample,)), folder / PACK_FOLDER)
    if "against" in json.loads((folder / LESSON_FILE).read_text("utf-8")):
        Image.new("RGB", (512, 256), "blue").save(folder / COMPARISON_FILE)
    pictures = [path.name for path in (folder / "pictures").glob("*.png")]
    liked = sum(name.startswith("liked-") for name in pictures)
    (folder / "trained-on.txt").write_text(f"{len(pictures) - liked} pictures, {liked} liked", encoding="utf-8")
    figures = {"before": 3.25, "after": 1.5, "interval": [1.25, 1.75]}
    (folder / EVALUATION_FILE).write_text(json.dumps(figures), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
