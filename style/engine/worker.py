"""The engine's side of the pipe: commands in, pictures out, on the one thread that owns the device.

Speaks frames (`style.engine.frames`). Commands: open (once, first), paint, learn, cancel. Answers: ready or refused;
then for each paint any number of progress and picture, and one of done, cancelled or failed; for each learn, learned.
"""

from __future__ import annotations

import dataclasses
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from style.engine.batches import Easel, to_picture
from style.engine.frames import Message
from style.engine.mailbox import Mailbox
from style.engine.model import load_model
from style.errors import BadModelError, BadPackError, StyleError
from style.recipe import Recipe

_log = logging.getLogger(__name__)

Send = Callable[..., None]


class _CancelledError(Exception):
    """Leaves a pipeline in the middle of its steps."""


def work(mailbox: Mailbox, send: Send) -> None:
    """Open the model, then paint request after request, forever: the process ends when its parent closes the pipe."""
    try:
        easel = _open(mailbox.next(), send)
    except BadModelError as error:
        send({"kind": "refused", "message": str(error)})
        return
    while True:
        command = mailbox.next()
        try:
            if command["kind"] == "learn":
                answer = _learn(easel, command["adapters"])
            else:
                answer = _paint(easel, command, mailbox, send)
        except _CancelledError:
            answer = {"kind": "cancelled"}
        except StyleError as error:
            answer = {"kind": "failed", "error": "painter", "message": str(error)}
        except (ValueError, TypeError) as error:
            # The pipelines' own checks of what they are called with.
            answer = {"kind": "failed", "error": "recipe", "message": f"the model refuses the recipe: {error}"}
        except torch.AcceleratorError:
            # The device is in no known state after this: only a new process has a good one.
            raise
        except Exception as error:
            _log.exception("request %d could not be painted", command["id"])
            answer = {"kind": "failed", "error": "painter", "message": f"{type(error).__name__}: {error}"}
        mailbox.forget(command["id"])
        send({**answer, "id": command["id"]})


def _open(settings: Message, send: Send) -> Easel:
    if settings["threads"]:
        torch.set_num_threads(settings["threads"])
    elif "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(len(os.sched_getaffinity(0)))
    model = load_model(settings["model"], settings["device"])
    easel = Easel(model)
    problems = _load(easel, settings["adapters"])
    loaded = [adapter["digest"] for adapter in settings["adapters"] if adapter["digest"] in easel.adapters]
    _log.info("%s is loaded on %s, with %d adapters", model.info.id, model.device, len(set(loaded)))
    send({"kind": "ready", "model": dataclasses.asdict(model.info), "adapters": loaded, "problems": problems})
    return easel


def _load(easel: Easel, adapters: list[dict[str, str]]) -> list[str]:
    """Load adapters, and take out again what cannot be weighed for each picture; returns the problems."""
    problems = []
    for adapter in adapters:
        try:
            easel.adapters.load(adapter["digest"], Path(adapter["path"]))
        except BadPackError as error:
            problems.append(str(error))
    flat = easel.probe()
    for adapter in adapters:
        if (layer := flat.pop(adapter["digest"], None)) is not None:
            easel.adapters.unload(adapter["digest"])
            problems.append(
                f"{adapter['path']}: changes {layer}, which takes no weight of each picture's own; "
                "train it on attention and convolutions only"
            )
    return problems


def _learn(easel: Easel, adapters: list[dict[str, str]]) -> dict[str, Any]:
    problems = _load(easel, adapters)
    loaded = [adapter["digest"] for adapter in adapters if adapter["digest"] in easel.adapters]
    return {"kind": "learned", "adapters": loaded, "problems": problems}


def _paint(easel: Easel, command: Message, mailbox: Mailbox, send: Send) -> dict[str, Any]:
    request = command["id"]
    recipes = [Recipe.from_json(text) for text in command["recipes"]]

    def on_step(done: int, total: int) -> None:
        if mailbox.is_cancelled(request):
            raise _CancelledError
        send({"kind": "progress", "id": request, "done": done, "total": total})

    if mailbox.is_cancelled(request):
        raise _CancelledError
    for indices, images in easel.paint(recipes, command["max_batch"], on_step):
        for index, image in zip(indices, images, strict=True):
            picture = to_picture(image)
            place = {"kind": "picture", "id": request, "index": index, "width": picture.width, "height": picture.height}
            send(place, picture.png)
    return {"kind": "done"}
