"""The local painter's client: what it does when its engine dies, hangs or refuses, and that no request is lost."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from style.engine.client import MAX_DEATHS, LocalPainter
from style.engine.frames import MAX_TEXT_BYTES, receive_frame, to_frame
from style.engine.mailbox import Mailbox
from style.engine.process import PROGRAM, Opening
from style.errors import BadModelError, PainterError, PainterStoppedError
from style.painter import Progress
from style.recipe import Recipe

PATIENCE_S = 60.0

RECIPE = Recipe("s", "a prompt", 1, 64, 64, 3, 2.0, (), "scripted", "5" * 64)

MakePainter = Callable[..., LocalPainter]


@pytest.fixture
async def make_painter(scripted_engine: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MakePainter]:
    """A function (*arguments of the scripted engine, **of the painter) that makes painters, closed at the end."""
    monkeypatch.setattr("style.engine.client.BACKOFF_S", 0.01)
    painters: list[LocalPainter] = []

    def make(*arguments: str, **options: Any) -> LocalPainter:
        painters.append(LocalPainter(program=(*scripted_engine, *arguments), **options))
        return painters[-1]

    async with asyncio.timeout(PATIENCE_S):
        yield make
        for painter in painters:
            await painter.close()


async def test_request_is_painted_again_after_a_crash(make_painter: MakePainter, tmp_path: Path) -> None:
    """An engine that dies twice on a request still paints it, and those behind it."""
    painter = make_painter("--deaths", str(tmp_path / "deaths"), "--mortal", str(MAX_DEATHS - 1))
    await painter.start()
    deadly = asyncio.ensure_future(painter.paint([_recipe("die")]))
    behind = asyncio.ensure_future(painter.paint([_recipe("fine")]))
    assert [len(pictures) for pictures in await asyncio.gather(deadly, behind)] == [1, 1]
    assert (tmp_path / "deaths").read_text() == str(MAX_DEATHS - 1)


async def test_request_that_kills_again_and_again_fails_alone(make_painter: MakePainter) -> None:
    """After the third death the request is given up; the one behind it is painted."""
    painter = make_painter()
    await painter.start()
    deadly = asyncio.ensure_future(painter.paint([_recipe("die")]))
    behind = asyncio.ensure_future(painter.paint([_recipe("fine")]))
    with pytest.raises(PainterStoppedError, match=f"{MAX_DEATHS} times"):
        await deadly
    assert len(await behind) == 1


async def test_hung_engine_is_replaced(make_painter: MakePainter, tmp_path: Path) -> None:
    """An engine that says nothing for too long is killed, and its request painted by the next."""
    painter = make_painter("--deaths", str(tmp_path / "deaths"), "--mortal", "1", stall_timeout_s=1.0)
    await painter.start()
    before = painter.pid
    assert len(await painter.paint([_recipe("hang")])) == 1
    assert painter.pid != before


async def test_stopped_engine_is_replaced(make_painter: MakePainter) -> None:
    """Even a process that takes no signal but the last one is replaced."""
    painter = make_painter(stall_timeout_s=1.0)
    await painter.start()
    pid = painter.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    assert len(await painter.paint([_recipe("fine")])) == 1
    assert painter.pid != pid


async def test_nonsense_from_the_engine_counts_as_its_death(make_painter: MakePainter) -> None:
    """Bytes that are no frame end the engine, not the client."""
    painter = make_painter()
    await painter.start()
    with pytest.raises(PainterStoppedError, match="nonsense"):
        await painter.paint([_recipe("nonsense")])
    assert len(await painter.paint([_recipe("fine")])) == 1


async def test_idle_engine_that_dies_is_started_again(make_painter: MakePainter) -> None:
    """Nobody has to ask for a picture to get the engine back."""
    painter = make_painter()
    await painter.start()
    before = painter.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    while painter.pid in (None, before):  # noqa: ASYNC110 - what changes is another process
        await asyncio.sleep(0.01)  # another process, polled under the fixture's deadline
    assert len(await painter.paint([_recipe("fine")])) == 1


async def test_cancelled_request_is_not_painted_again_after_a_crash(make_painter: MakePainter) -> None:
    """A death during a request that nobody waits for any more costs no further attempt."""
    painter = make_painter()
    await painter.start()
    begun = asyncio.Event()
    task = asyncio.ensure_future(painter.paint([dataclasses.replace(RECIPE, steps=900)], _set_on_paint(begun)))
    await begun.wait()
    pid = painter.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    task.cancel()
    await asyncio.wait({task})
    os.kill(pid, signal.SIGKILL)
    assert len(await painter.paint([_recipe("fine")])) == 1


async def test_refused_model_is_told_at_the_start(make_painter: MakePainter) -> None:
    """What the engine says of the model reaches the caller, and no process is left."""
    painter = make_painter(model="refused")
    with pytest.raises(BadModelError, match="take another"):
        await painter.start()
    assert painter.pid is None


async def test_engine_that_cannot_start_tells_its_last_words(make_painter: MakePainter) -> None:
    """The end of its standard error is in the error, since that is where the reason stands."""
    painter = make_painter(model="stillborn")
    with pytest.raises(PainterStoppedError, match="no torch here"):
        await painter.start()


async def test_listener_that_fails_does_not_stop_the_painting(
    make_painter: MakePainter, caplog: pytest.LogCaptureFixture
) -> None:
    """An error in somebody's progress message is logged, and the picture comes."""
    painter = make_painter()
    await painter.start()

    def fail(progress: Progress) -> None:
        raise RuntimeError("the chat is gone")

    assert len(await painter.paint([_recipe("fine")], fail)) == 1
    assert "the chat is gone" in caplog.text


async def test_not_started_painter_says_so(make_painter: MakePainter) -> None:
    """Painting before the start is an error, not a wait for ever."""
    with pytest.raises(PainterStoppedError, match="not started"):
        await make_painter().paint([RECIPE])


async def test_what_the_engine_says_is_logged(make_painter: MakePainter, caplog: pytest.LogCaptureFixture) -> None:
    """Lines of the engine's standard error go to the log at their own level."""
    caplog.set_level(logging.INFO)
    painter = make_painter(model="stillborn")
    with pytest.raises(PainterError):
        await painter.start()
    assert "engine: no torch here" in caplog.text


async def test_engine_gets_no_secrets(monkeypatch: pytest.MonkeyPatch, make_painter: MakePainter) -> None:
    """The token of the bot is not in the environment of a process that runs other people's weights."""
    monkeypatch.setenv("VERNISSAGE_TOKEN", "1:hidden")
    painter = make_painter()
    await painter.start()
    environment = Path(f"/proc/{painter.pid}/environ").read_bytes()  # noqa: ASYNC240 - a few bytes of memory
    assert b"hidden" not in environment
    assert b"OMP_WAIT_POLICY=PASSIVE" in environment


def test_real_engine_leaves_when_its_pipe_closes() -> None:
    """A killed bot leaves no engine behind, not even one that has not loaded yet."""
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=root, env=_path(root)
    ) as engine:
        assert engine.stdin is not None
        engine.stdin.close()
        assert engine.wait(timeout=PATIENCE_S) == 0


def test_client_needs_no_torch() -> None:
    """The bot's process can hold packs, recipes and the painter without ever importing torch."""
    names = "style.engine.client, style.shelf, style.decode, style.places, style.pack"
    code = f"import sys, {names}; assert not {{'torch', 'diffusers', 'peft', 'transformers'}} & set(sys.modules)"
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root, env=_path(root), timeout=PATIENCE_S)


async def test_frame_comes_back_as_it_went() -> None:
    """A message with text of any language and a large blob survives the pipe."""
    reader = asyncio.StreamReader()
    message, blob = {"kind": "picture", "text": "Композиция 構成 🎨"}, os.urandom(1_000_000)
    reader.feed_data(to_frame(message, blob))
    reader.feed_eof()
    assert await receive_frame(reader) == (message, blob)
    with pytest.raises(EOFError):
        await receive_frame(reader)


def test_frame_too_large_is_refused() -> None:
    """A writer finds out before a reader does."""
    with pytest.raises(ValueError, match="at most"):
        to_frame({"text": "x" * MAX_TEXT_BYTES})


def test_cancel_overtakes_commands() -> None:
    """A cancellation is known at once, however many commands wait before it."""
    mailbox = Mailbox()
    mailbox.put({"kind": "paint", "id": 1})
    mailbox.put({"kind": "cancel", "id": 1})
    assert mailbox.is_cancelled(1)
    assert mailbox.next()["id"] == 1
    mailbox.forget(1)
    assert not mailbox.is_cancelled(1)


def test_opening_names_each_adapter() -> None:
    """The first command carries everything that the engine needs to load."""
    message = Opening("m", "cpu", 2, (("d1", Path("/a")), ("d2", Path("/b")))).to_message()
    assert [(adapter["digest"], adapter["path"]) for adapter in message["adapters"]] == [("d1", "/a"), ("d2", "/b")]


def _recipe(prompt: str) -> Recipe:
    return dataclasses.replace(RECIPE, prompt=prompt)


def _set_on_paint(begun: asyncio.Event) -> Callable[[Progress], None]:
    return lambda progress: begun.set() if progress.phase == "painting" else None


def _path(root: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(root)}
