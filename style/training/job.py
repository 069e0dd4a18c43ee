"""Training jobs: what is to be trained, as a file `job.json` in a folder of its own. Needs no torch.

`python -m style.training job FOLDER` runs the job of a folder in its own process, or goes on with it. Whoever starts it
reads its events, one JSON object a line, on its stdout or in `FOLDER/log.jsonl`, the same in both. Each has "event" and
"at" (unix seconds); times are in seconds, files relative to the folder:

    started     step, steps, pictures, held_out   once a process; step > 0 where it goes on from a checkpoint
    step        step, steps, loss, seconds_left   at most one every two seconds
    validation  step, loss, best                  of a style; step 0 is the base, which is never the best
    samples     step, file                        a PNG grid: a column for each prompt, a row for each weight
    warning     text
    done        adapter, best_step, seconds       the adapter is written; seconds of this process
    failed      error, kind                       kind is the error's class, such as BadPicturesError
    cancelled   step                              asked to stop by SIGTERM or SIGINT; a checkpoint is written

The last three end a process, with exit codes 0; 2 (or 1 where the error is nobody's input but a defect); and 130. A
process that is killed loses at most a minute: started again, it goes on from its checkpoint, to the same weights as if
it had never stopped. Started on a finished folder, it says done at once. Only one process works on a folder. A signal
that comes before python has loaded everything ends the process at once, with no event.

Paths in a job are absolute, or relative to where the process is started.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from style.errors import BadJobError
from style.pack_schema import Name
from style.places import BUNDLED

JOB_FILE = "job.json"
LOCK_FILE = "lock"
"""Locked while a process works on the folder, and holds that process's id."""

Method = Literal["x0_shift", "concept", "addift", "two_pass"]
Drawn = Literal["brightness", "structure", "parallel"]
Count = Annotated[int, Field(ge=1)]
Steps = Annotated[int, Field(ge=2, le=1_000_000)]
Rank = Annotated[int, Field(ge=1, le=256)]
Rate = Annotated[float, Field(gt=0, le=1)]
Share = Annotated[float, Field(ge=0, le=0.5)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]

_CONFIG = ConfigDict(extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleJob:
    """A style to be learned from the folder `pictures`.

    `rate` None is chosen by the model's size; `held_out` is the share of paintings kept for validation; `synonyms`
    replaces tags; `pixel_tags` adds the hues and the lightness of each crop to them; `no_tag` and `no_caption` are how
    often a tag and a whole caption are left out; `prompts` are for samples, without any they are captions of held-out
    paintings.

    A word is learned as far as nothing else in its caption tells the same: where the tags say all that differs between
    pictures, tags of pixels take that from them.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG

    name: Name
    trigger: Text
    pictures: Text
    model: Text = BUNDLED
    device: Text = "auto"
    steps: Steps = 800
    batch: Count = 8
    rank: Rank = 16
    rate: Rate | None = None
    seed: Seed = 0
    held_out: Share = 0.15
    synonyms: dict[str, str] = field(default_factory=dict)
    crops_each: Count = 10
    pixel_tags: bool = True
    no_tag: Share = 0.15
    no_caption: Share = 0.1
    validate_every: Count = 100
    samples_every: Count = 200
    prompts: tuple[str, ...] = ()
    sample_steps: Count = 12
    sample_guidance: float = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SliderJob:
    """A slider to be learned from pairs of pictures, whose weight +1 leads to the high or changed end.

    The pairs are `drawn` by the procedural painter, or `base` and `changed` name two picture files, or two folders of
    pictures paired in the order of their names, all showing `caption`; `pairs` is how many are drawn, or cut from the
    files. `style` is the file of a style's adapter that is on during half of the training.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _CONFIG

    name: Name
    drawn: Drawn | None = None
    base: Text | None = None
    changed: Text | None = None
    caption: str = ""
    model: Text = BUNDLED
    device: Text = "auto"
    method: Method = "x0_shift"
    strength: Annotated[float, Field(gt=0, le=10)] = 1.0
    pairs: Count = 96
    style: Text | None = None
    steps: Steps = 300
    batch: Count = 8
    rank: Rank = 4
    rate: Rate | None = None
    seed: Seed = 0
    samples_every: Count = 150
    prompts: tuple[str, ...] = ()
    sample_steps: Count = 12
    sample_guidance: float = 2.5

    def __post_init__(self) -> None:
        """Refuse a job with no pairs, or with two kinds of them.

        Raises:
            BadJobError: neither `drawn` nor both of `base` and `changed`, or all of them.
        """
        files = (self.base, self.changed)
        if (None in files and any(files)) or (self.drawn is None) == (self.base is None):
            raise BadJobError("a slider needs either drawn, or both base and changed; give one of the two")


Job = StyleJob | SliderJob

_KINDS: dict[str, TypeAdapter[Any]] = {"style": TypeAdapter(StyleJob), "slider": TypeAdapter(SliderJob)}


def to_json(job: Job) -> str:
    """Say a job as JSON, its kind first."""
    kind = "style" if isinstance(job, StyleJob) else "slider"
    return json.dumps({"kind": kind, **asdict(job)}, indent=2, ensure_ascii=False)


def from_json(text: str) -> Job:
    """Read a job.

    Raises:
        BadJobError: no JSON, an unknown kind or key, a missing or impossible value; the message names each.
    """
    try:
        fields = dict(json.loads(text))
        kind = _KINDS[fields.pop("kind")]
    except (ValueError, TypeError, KeyError) as error:
        raise BadJobError(f"expected a JSON object whose kind is one of {', '.join(_KINDS)} ({error!r})") from error
    try:
        job: Job = kind.validate_python(fields)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise BadJobError(faults) from error
    return job


def save_job(folder: Path, job: Job) -> None:
    """Write the job of a folder, whole or not at all; the folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / "job.new"
    fresh.write_text(to_json(job), encoding="utf-8")
    fresh.replace(folder / JOB_FILE)


def read_job(folder: Path) -> Job:
    """Read the job of a folder.

    Raises:
        BadJobError: there is none, or it cannot be read; the message names file and cure.
    """
    path = folder / JOB_FILE
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadJobError(f"{path}: cannot be read ({error}); write it with `save_job`") from error
    except BadJobError as error:
        raise BadJobError(f"{path}: {error}") from error
