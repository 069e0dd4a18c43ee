"""How long it takes to teach a style from a chat, with the real program, trainer and model; and what kills cost.

The bot runs as a process of its own against a sandbox in this one. An operator begins a lesson, sends the pictures of a
folder (an imagefolder with metadata.jsonl, its paths relative to it) as two albums, a zip and single files, takes the
attributes that are proposed, and trains. With `--kills` the training's process is killed on the way, then the bot,
which is started again. At the end the style is published, and another person paints an album with it.

`--shots FOLDER` takes pictures of the operator's chat at 390 px on the way; it needs Chromium and the `dev` extra.

Prints a table of times in seconds, then one line of JSON. Listens on the loopback address alone.

    python benchmarks/teaching.py FOLDER [--steps 800] [--pictures 20] [--kills] [--shots FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import platform
import re
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.client import Message, SandboxClient
from sandbox.server import RunningSandbox, running_sandbox

ADA, BEN = 1001, 1002
NAME, TITLE = "from-a-chat", "From a chat"
LONG_S = 3600.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of the folder, with its words."""

    name: str
    data: bytes
    words: str


@dataclass
class Clock:
    """Seconds of each part, in order."""

    began: float = field(default_factory=time.monotonic)
    parts: dict[str, float] = field(default_factory=dict)

    def note(self, part: str) -> None:
        """End a part here, and begin the next."""
        now = time.monotonic()
        self.parts[part] = round(now - self.began, 1)
        self.began = now


@dataclass
class Chat:
    """A person's private chat."""

    people: SandboxClient
    person: int

    async def say(self, text: str) -> None:
        """Write."""
        await self.people.say(self.person, self.person, text)

    async def send(self, files: list[tuple[str, bytes]], kind: str = "document", caption: str = "") -> None:
        """Send files, several as an album."""
        more = {"caption": caption} if caption else {}
        await self.people.upload(self.person, self.person, files, kind=kind, **more)

    async def sees(self, words: str) -> Message:
        """Wait for the newest message of the bot's with these words in its text or caption."""

        def find(all_: list[Message]) -> Message | None:
            said = (one for one in all_[::-1] if one["from"]["is_bot"])
            return next((one for one in said if words in f"{one.get('text', '')}{one.get('caption', '')}\n"), None)

        return await self.people.wait_for(self.person, find, LONG_S)

    async def sees_share(self, steps: int, share: float) -> None:
        """Wait until the card tells that this share of the steps is done."""

        def find(all_: list[Message]) -> bool:
            told = [re.search(rf"step (\d+) of {steps}", one.get("caption", "")) for one in all_]
            return any(one is not None and int(one[1]) >= share * steps for one in told)

        await self.people.wait_for(self.person, find, LONG_S)

    async def press(self, button: str) -> None:
        """Wait for the newest button that begins with these words, and press it."""

        def find(all_: list[Message]) -> tuple[int, str] | None:
            for message in all_[::-1]:
                for key in (key for row in message.get("keyboard", []) for key in row):
                    if key["text"].startswith(button):
                        return message["id"], key["callback_data"]
            return None

        message, data = await self.people.wait_for(self.person, find, LONG_S)
        await self.people.press(self.person, message, self.person, data)


@asynccontextmanager
async def bot(sandbox: RunningSandbox, data: Path, model: str) -> AsyncIterator[Process]:
    """Run the bot until the end of the block; it is ready when the block begins."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VERNISSAGE_")}
    environment |= {
        "VERNISSAGE_TOKEN": sandbox.token,
        "VERNISSAGE_API_URL": sandbox.url,
        "VERNISSAGE_DATA": str(data),
        "VERNISSAGE_OPERATORS": str(ADA),
        "VERNISSAGE_MODEL": model,
        "VERNISSAGE_DEVICE": "cpu",
        "PYTHONUNBUFFERED": "1",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, stdout=PIPE, stderr=STDOUT
    )
    ready = asyncio.Event()
    listening = asyncio.create_task(_listen(process, ready))
    try:
        await ready.wait()
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await listening


async def _listen(process: Process, ready: asyncio.Event) -> None:
    assert process.stdout is not None  # noqa: S101 - asked for by the caller
    async for line in process.stdout:
        text = line.decode(errors="replace")
        if "WARNING" in text or "ERROR" in text:
            sys.stderr.write(text)
        if "ready: " in text:
            ready.set()


def read_pictures(folder: Path, count: int) -> list[Picture]:
    """Read the first pictures of an imagefolder."""
    rows = [json.loads(line) for line in (folder / "metadata.jsonl").read_text("utf-8").splitlines() if line.strip()]
    return [
        Picture(Path(row["file_name"]).name, (folder / row["file_name"]).read_bytes(), row["text"])
        for row in rows[:count]
    ]


def zipped(pictures: list[Picture]) -> bytes:
    """Zip pictures, with their words in a metadata.jsonl."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        rows = [json.dumps({"file_name": one.name, "text": one.words}) for one in pictures]
        made.writestr("metadata.jsonl", "\n".join(rows))
        for one in pictures:
            made.writestr(one.name, one.data)
    return out.getvalue()


async def send_all(ada: Chat, pictures: list[Picture]) -> None:
    """Send two albums, a zip, and single files."""
    part = len(pictures) // 4
    for album in (pictures[:part], pictures[part : 2 * part]):
        await ada.send([(one.name, one.data) for one in album], caption="abstract")
    await ada.send([("more.zip", zipped(pictures[2 * part : 3 * part]))])
    for one in pictures[3 * part :]:
        await ada.send([(one.name, one.data)], caption=one.words)
    await ada.sees(f"{TITLE}: {len(pictures)} pictures taken in\nSend more")


class Camera:
    """Takes pictures of a chat on a phone; without a folder it does nothing."""

    def __init__(self, folder: Path | None, url: str) -> None:
        self._folder, self._url = folder, url

    async def shoot(self, name: str, person: int = ADA) -> None:
        """Take one picture of the chat's end."""
        if self._folder is None:
            return
        from playwright.async_api import async_playwright  # of the `dev` extra, for pictures alone

        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        async with async_playwright() as play:
            browser = await play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = await browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
            await page.goto(f"{self._url}/#person={person}&chat={person}")
            await page.locator(f'[data-chat="{person}"][aria-current]').wait_for(state="attached")
            await page.wait_for_function("[...document.images].every(image => image.complete)")
            self._folder.mkdir(parents=True, exist_ok=True)
            await page.screenshot(path=str(self._folder / f"{name}.png"))
            await browser.close()


async def lesson(ada: Chat, pictures: list[Picture], camera: Camera, clock: Clock) -> None:
    """Teach until it can be trained."""
    await ada.say(f"/newstyle {NAME}")
    await ada.sees("What shall people read")
    await ada.say(TITLE)
    await ada.sees("it is. Now send")
    clock.note("begin")
    await send_all(ada, pictures)
    clock.note("pictures read")
    await ada.send([("notes.gif", b"GIF89a"), (pictures[0].name, pictures[0].data)])
    await ada.sees("Not taken: 2")
    await camera.shoot("pictures")
    await ada.press("Done")
    await ada.sees("What people can vary")
    await camera.shoot("attributes")
    await ada.press("Take them so")
    await ada.sees("All set")
    clock.note("attributes")


def training_pid(data: Path) -> int:
    """Read which process trains."""
    return int((data / "lessons" / NAME / "1" / "lock").read_text())


async def offer(ada: Chat, ben: Chat, camera: Camera, clock: Clock) -> None:
    """Publish, try, and have another person paint an album with the style."""
    await ada.press("Publish")
    await ada.sees("is offered now")
    clock.note("published")
    await ada.press("Try")
    await ada.sees("drawn by chance")
    clock.note("tried")
    await camera.shoot("published")
    await ben.say("/start")
    await ben.press(f"🎨 {TITLE}")
    await ben.sees("Generation 1\n")
    clock.note("chosen and painted by another person")


async def teach(arguments: argparse.Namespace, sandbox: RunningSandbox, data: Path) -> dict[str, Any]:
    """Go the whole way; returns what is to be told."""
    pictures, clock = read_pictures(arguments.folder, arguments.pictures), Clock()
    camera = Camera(arguments.shots, sandbox.url)
    async with AsyncExitStack() as stack:
        people = await stack.enter_async_context(SandboxClient(sandbox.url))
        ada, ben = Chat(people, ADA), Chat(people, BEN)
        first = AsyncExitStack()
        process = await first.enter_async_context(bot(sandbox, data, arguments.model))
        clock.note("bot started")
        await lesson(ada, pictures, camera, clock)
        await ada.say(f"/train {NAME} {arguments.steps}")
        await ada.sees("held-out pictures")
        if arguments.kills:
            os.kill(training_pid(data), signal.SIGKILL)
            await ada.sees(f"of {arguments.steps}")
            process.kill()
            await process.wait()
            await first.aclose()
            clock.note("trained until the kills")
            first = AsyncExitStack()
            await first.enter_async_context(bot(sandbox, data, arguments.model))
            clock.note("bot started again")
        stack.push_async_exit(first)
        await ada.sees_share(arguments.steps, 0.4)
        await camera.shoot("training")
        await ada.sees("It has learned. Painting")
        clock.note("trained")
        done = await ada.sees("\nDone: ")
        clock.note("packed and measured")
        await camera.shoot("trained")
        await offer(ada, ben, camera, clock)
        cards = [one for one in await people.messages(ADA) if "version 1\n" in one.get("caption", "")]
        return {"seconds": clock.parts, "card": done.get("caption", ""), "cards": len(cards)}


async def measure(arguments: argparse.Namespace) -> int:
    """Run it all in a folder that is deleted afterwards; returns the exit code."""
    with tempfile.TemporaryDirectory(prefix="vernissage-teaching-") as data:
        async with running_sandbox() as sandbox:
            found = await teach(arguments, sandbox, Path(data))
    for part, seconds in found["seconds"].items():
        print(f"{part:40} {seconds:8.1f} s")
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "threads": os.environ.get("OMP_NUM_THREADS")}
    print(json.dumps({**found, **machine, "steps": arguments.steps, "pictures": arguments.pictures}))
    return 0 if found["cards"] == 1 else 1


def main() -> int:
    """Read what was typed, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--pictures", type=int, default=20)
    parser.add_argument("--model", default="bundled", help="as VERNISSAGE_MODEL")
    parser.add_argument("--kills", action="store_true")
    parser.add_argument("--shots", type=Path)
    return asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
