"""Running a job in this process: model and pictures are opened, the training runs, the adapter is written.

`style.training.job` says what is told meanwhile. Knows no training from the inside.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from style.engine.model import model_digest
from style.errors import BadJobError, StyleError
from style.training import adapters
from style.training.course import Outcome
from style.training.events import Event, EventLog, OnEvent, Stopped, line_of, signals_noted, tell
from style.training.job import LOCK_FILE, Job, StyleJob, read_job, save_job, to_json
from style.training.lora import train_style
from style.training.paintings import read_folder
from style.training.pairs import drawn_pairs, pairs_of_files
from style.training.slider import train_slider
from style.training.trainable import Trainable, open_trainable

DONE, BAD_JOB, DEFECT, CANCELLED = 0, 2, 1, 130

_DONE_FILE = "done.json"


def run_job(folder: Path) -> int:
    """Run the job of a folder, or go on with it, and tell its events; returns the exit code."""
    try:
        with _alone_in(folder), signals_noted() as stopped:
            return _run(folder, EventLog(folder / "log.jsonl"), stopped)
    except BadJobError as error:
        # Not in the log: the folder is not there, or another process writes it.
        tell(line_of(_failure(error)))
        return BAD_JOB


def run_jobs(jobs: Sequence[Job], place: Path, pack: Path) -> int:
    """Run jobs in their order, each in a folder of its name in `place`, and copy their adapters into the folder `pack`.

    Returns the exit code of the first that did not end well, or 0; their events say what happened.
    """
    for job in jobs:
        folder = place / job.name
        save_job(folder, job)
        if (code := run_job(folder)) != DONE:
            return code
        pack.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(adapter_file(folder, job), pack / f"{job.name}.safetensors")
    return DONE


def adapter_file(folder: Path, job: Job) -> Path:
    """Say where the adapter of a folder's job lies when it is done."""
    return folder / f"{job.name}.safetensors"


def _run(folder: Path, on_event: OnEvent, stopped: Stopped) -> int:
    began_at = time.monotonic()
    try:
        job = read_job(folder)
        if (finished := _finished(folder, job)) is not None:
            on_event(finished)
            return DONE
        model = open_trainable(job.model, job.device)
        outcome = _train(job, folder, model, on_event, stopped)
        if outcome.is_cancelled:
            on_event({"event": "cancelled", "step": outcome.step})
            return CANCELLED
        path = adapter_file(folder, job)
        adapters.save(model.pipeline, job.name, path)
        seconds = round(time.monotonic() - began_at, 1)
        done = {"event": "done", "adapter": path.name, "best_step": outcome.best_step, "seconds": seconds}
        _finish(folder, job, done, model.digest)
        on_event(done)
    except StyleError as error:
        on_event(_failure(error))
        return BAD_JOB
    except Exception as error:
        traceback.print_exc()
        on_event(_failure(error))
        return DEFECT
    return DONE


def _train(job: Job, folder: Path, model: Trainable, on_event: OnEvent, stopped: Stopped) -> Outcome:
    if isinstance(job, StyleJob):
        paintings = read_folder(Path(job.pictures), job.synonyms, longest_px=max(640, 2 * model.size_px))
        return train_style(job, folder, model, paintings, on_event, stopped)
    if job.drawn is not None:
        pairs = drawn_pairs(model, job.drawn, job.pairs, job.seed)
    else:
        assert job.base is not None and job.changed is not None, "a job has one kind of pairs"  # noqa: S101, PT018 - checked when it was read
        pairs = pairs_of_files(model, Path(job.base), Path(job.changed), job.caption, job.pairs, job.seed)
    return train_slider(job, folder, model, pairs, on_event, stopped)


def _failure(error: Exception) -> Event:
    return {"event": "failed", "error": str(error) or type(error).__name__, "kind": type(error).__name__}


def _finished(folder: Path, job: Job) -> Event | None:
    """Give the event with which this very job was done before, on these very weights of the base."""
    path = folder / _DONE_FILE
    if not (path.exists() and adapter_file(folder, job).exists()):
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    event: Event = kept["event"]
    return event if (kept["job"], kept.get("base")) == (to_json(job), model_digest(job.model)) else None


def _finish(folder: Path, job: Job, event: Event, base: str) -> None:
    fresh = folder / "done.new"
    fresh.write_text(json.dumps({"job": to_json(job), "base": base, "event": event}), encoding="utf-8")
    fresh.replace(folder / _DONE_FILE)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    if not folder.is_dir():
        raise BadJobError(f"{folder} is not a folder; write a job into it with `save_job`")
    with (folder / LOCK_FILE).open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BadJobError(f"{folder}: another process works on its job; wait for it, or end it") from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
