"""A training in a process of its own: its lines, its ends, and the order that it is given."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from style.errors import BadJobError, BadPicturesError, TrainingError
from style.order import make_job, place_job, read_fields
from style.trainer import Event, Outcome, end_orphan, process_of, run_training
from style.training.job import SliderJob, StyleJob

PROGRAM = (sys.executable, "-P", str(Path(__file__).parents[2] / "scripted_trainer.py"))


def ordered(folder: Path, trigger: str, steps: int = 20) -> Path:
    """Place an order in a folder."""
    place_job(folder, StyleJob(name="rothko", trigger=trigger, pictures="pictures", steps=steps))
    return folder


async def run(
    folder: Path, on_event: Callable[[Event], None] = lambda event: None, stop: asyncio.Event | None = None
) -> Outcome:
    """Run the scripted trainer, a second for its farewell."""
    return await run_training(folder, on_event, stop or asyncio.Event(), program=PROGRAM, farewell_s=1.0)


async def test_training_runs_to_its_adapter(tmp_path: Path) -> None:
    """Every line of the protocol comes as an event, what is none is passed over, and the adapter is there."""
    events = list[str]()
    outcome = await run(ordered(tmp_path, "chatty"), lambda event: events.append(event["event"]))
    assert outcome == Outcome(tmp_path / "rothko.safetensors", 10)
    assert outcome.adapter is not None
    assert outcome.adapter.exists()
    assert (events[0], events[-1]) == ("started", "done")
    assert (events.count("step"), events.count("warning"), events.count("samples")) == (20, 1, 3)


async def test_stopped_training_goes_on_where_it_was(tmp_path: Path) -> None:
    """Asked to stop it ends at a checkpoint; run again it begins there."""
    folder, stop, events = ordered(tmp_path, "slow", 200), asyncio.Event(), list[Event]()

    def stop_at_five(event: Event) -> None:
        if event.get("step") == 5:
            stop.set()

    stopped = await run(folder, stop_at_five, stop)
    assert stopped.adapter is None
    assert 5 <= stopped.step < 200
    (tmp_path / "job.json").write_text((tmp_path / "job.json").read_text("utf-8").replace("slow", "fast"))
    assert (await run(folder, events.append)).adapter is not None
    assert events[0]["step"] == stopped.step


async def test_deaf_training_is_killed(tmp_path: Path) -> None:
    """A training that does not stop when asked is killed, and its last checkpoint stands."""
    folder, stop = ordered(tmp_path, "slow deaf", 5000), asyncio.Event()
    outcome = await run(folder, lambda event: stop.set() if event["event"] == "step" else None, stop)
    assert outcome.adapter is None


async def test_failure_is_told_as_it_is(tmp_path: Path) -> None:
    """A training that finds the pictures bad raises that error; one that diverges another."""
    with pytest.raises(BadPicturesError, match="two pictures are broken"):
        await run(ordered(tmp_path / "a", "picky"))
    with pytest.raises(TrainingError, match="the loss is nan"):
        await run(ordered(tmp_path / "b", "diverge"))


async def test_death_is_told_with_its_last_words(tmp_path: Path) -> None:
    """A process that dies is told with its exit status and what it said last."""
    with pytest.raises(TrainingError, match=r"died, exit status 9; the same command goes on(?s:.*)out of memory"):
        await run(ordered(tmp_path, "die"))


async def test_silence_has_an_end(tmp_path: Path) -> None:
    """A training that says nothing for too long is ended."""
    program = (sys.executable, "-c", "import time; time.sleep(60)")
    with pytest.raises(TrainingError, match=r"said nothing for 0\.2 s"):
        await run_training(tmp_path, lambda event: None, asyncio.Event(), program=program, stall_timeout_s=0.2)


async def test_a_listener_that_fails_ends_the_process(tmp_path: Path) -> None:
    """When whoever listens fails, no process is left behind."""

    def fail(event: Event) -> None:
        raise RuntimeError("full")

    with pytest.raises(RuntimeError, match="full"):
        await run(ordered(tmp_path, "slow", 5000), fail)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text("utf-8")), 0)


def test_job_has_defaults_for_what_is_not_set() -> None:
    """What is None is left to the trainer; what is impossible is refused by name."""
    ends = {"base": "a", "changed": "b"}
    assert make_job("slider", {"name": "glow", "steps": None, **ends}) == SliderJob(name="glow", base="a", changed="b")
    with pytest.raises(BadJobError, match="steps"):
        make_job("slider", {"name": "glow", "steps": -1, **ends})


def test_other_settings_are_refused_once_steps_were_taken(tmp_path: Path) -> None:
    """Before the first step settings may change; afterwards the message names each; the device may change always."""
    job = StyleJob(name="rothko", trigger="rothko", pictures="pictures", steps=20)
    place_job(tmp_path, job)
    assert place_job(tmp_path, replace(job, steps=30)) is False
    place_job(tmp_path, job)
    (tmp_path / "log.jsonl").write_text('{"event": "step", "step": 1}\n', encoding="utf-8")
    assert place_job(tmp_path, replace(job, device="cuda")) is True
    with pytest.raises(TrainingError, match=r'steps 20 → 30, trigger "rothko" → "r"; give the same settings'):
        place_job(tmp_path, replace(job, steps=30, trigger="r"))
    assert (read_fields(tmp_path) or {})["steps"] == 20


def test_unreadable_job_is_named(tmp_path: Path) -> None:
    """A job.json that is no JSON is told with its cure."""
    (tmp_path / "job.json").write_text("{", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"job\.json: cannot be read .*remove"):
        place_job(tmp_path, StyleJob(name="rothko", trigger="r", pictures="pictures"))


async def test_orphan_is_ended_with_a_checkpoint(tmp_path: Path) -> None:
    """A training whose starter is gone is found by its lock, asked to end, and gone afterwards."""
    folder = ordered(tmp_path, "slow", 10_000)
    locking = (
        "import fcntl, os, signal, sys; lock = open(sys.argv[1] + '/lock', 'a'); fcntl.flock(lock, fcntl.LOCK_EX); "
    )
    waiting = "lock.write(str(os.getpid())); lock.flush(); print(flush=True); signal.pause()"
    orphan = await asyncio.create_subprocess_exec(
        sys.executable, "-c", locking + waiting, str(folder), stdout=asyncio.subprocess.PIPE
    )
    assert orphan.stdout is not None
    await orphan.stdout.readline()
    assert process_of(folder) == orphan.pid
    reaped = asyncio.create_task(orphan.wait())
    await end_orphan(folder)
    assert await reaped != 0
    assert process_of(folder) is None


async def test_no_orphan_is_no_matter(tmp_path: Path) -> None:
    """A folder that nobody works on is left at once."""
    await end_orphan(tmp_path)
