"""An engine without a model: speaks the engine's frames, and paints flat colours from a recipe's own hash.

Words in a prompt make it misbehave: `die` ends the process in the middle of its steps, `hang` stops it answering,
`nonsense` writes what is no frame. `--deaths FILE` counts in FILE how often it died, and `--mortal N` lets it die only
so often. A model called `refused` is refused, one called `stillborn` ends the process while it starts.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import sys
import threading
import time
from pathlib import Path

from PIL import Image

from style.engine.frames import Message, read_frame, to_frame
from style.engine.mailbox import Mailbox
from style.recipe import Recipe

STEP_S = 0.005


class ScriptedEngine:
    """Answers commands as the real worker does."""

    def __init__(self, mailbox: Mailbox, deaths: Path | None, mortal: int) -> None:
        self._mailbox = mailbox
        self._deaths = deaths
        self._mortal = mortal

    def work(self) -> None:
        """Open, then paint for ever."""
        opening = self._mailbox.next()
        if opening["model"] == "stillborn":
            sys.exit("no torch here")
        if opening["model"] == "refused":
            send({"kind": "refused", "message": "no such model; take another"})
            return
        model = {"id": "scripted", "digest": "5" * 64, "width": 64, "height": 64, "steps": 3, "guidance": 2.0}
        digests = [adapter["digest"] for adapter in opening["adapters"]]
        send({"kind": "ready", "model": model, "adapters": digests, "problems": []})
        while True:
            command = self._mailbox.next()
            if command["kind"] == "learn":
                learned = [adapter["digest"] for adapter in command["adapters"]]
                send({"kind": "learned", "id": command["id"], "adapters": learned, "problems": []})
                continue
            recipes = [Recipe.from_json(text) for text in command["recipes"]]
            send({**self._paint(command["id"], recipes), "id": command["id"]})

    def _paint(self, request: int, recipes: list[Recipe]) -> Message:
        if any(recipe.width % 8 for recipe in recipes):
            return {"kind": "failed", "error": "recipe", "message": "width must be a multiple of 8"}
        batches = sorted({(recipe.width, recipe.steps) for recipe in recipes})
        total = sum(steps for _, steps in batches)
        for done in range(1, total + 1):
            if self._mailbox.is_cancelled(request):
                return {"kind": "cancelled"}
            time.sleep(STEP_S)
            self._misbehave(" ".join(recipe.prompt for recipe in recipes))
            send({"kind": "progress", "id": request, "done": done, "total": total})
        for index, recipe in enumerate(recipes):
            place = {"kind": "picture", "id": request, "index": index, "width": recipe.width, "height": recipe.height}
            send(place, _flat_colour(recipe))
        return {"kind": "done"}

    def _misbehave(self, prompt: str) -> None:
        if "nonsense" in prompt:
            os.write(1, b"\xff" * 64)
            time.sleep(60)
        if "die" in prompt and self._may_die():
            os._exit(9)
        if "hang" in prompt and self._may_die():
            time.sleep(60)

    def _may_die(self) -> bool:
        if self._deaths is None:
            return True
        deaths = int(self._deaths.read_text()) if self._deaths.exists() else 0
        if deaths < self._mortal:
            self._deaths.write_text(str(deaths + 1))
        return deaths < self._mortal


def send(message: Message, blob: bytes = b"") -> None:
    """Write one frame."""
    sys.stdout.buffer.write(to_frame(message, blob))
    sys.stdout.buffer.flush()


def _flat_colour(recipe: Recipe) -> bytes:
    red, green, blue = hashlib.sha256(recipe.to_json().encode()).digest()[:3]
    buffer = io.BytesIO()
    Image.new("RGB", (recipe.width, recipe.height), (red, green, blue)).save(buffer, format="PNG")
    return buffer.getvalue()


def _read(mailbox: Mailbox) -> None:
    try:
        while True:
            mailbox.put(read_frame(sys.stdin.buffer)[0])
    finally:
        os._exit(0)


def main() -> None:
    """Run the scripted engine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--deaths", type=Path)
    parser.add_argument("--mortal", type=int, default=1_000_000)
    arguments = parser.parse_args()
    mailbox = Mailbox()
    threading.Thread(target=_read, args=(mailbox,), daemon=True).start()
    ScriptedEngine(mailbox, arguments.deaths, arguments.mortal).work()


if __name__ == "__main__":
    main()
