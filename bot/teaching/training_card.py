"""What a training's card shows: its words, and a picture of the newest samples above the course of the losses.

Everything is read from the training's folder, so a card can be drawn again at any time, by whatever process.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageOps

from bot.cards import BAR_CELLS
from bot.keeps.drawing import FAINT, INK, LIKED, PAPER, QUIET, WIDTH_PX
from bot.teaching.folders import COMPARISON_FILE
from bot.words import Words
from storage.trainings import Training, TrainingState
from style.report.record import Record, read_record

_MARGIN_PX = 40
_CHART_PX = 420
_SHOWN, _GAP_PX = 5, 10
_SMOOTH_SHARE = 0.06
_MOST_WARNINGS = 2
_MOST_CAPTION = 1000


@dataclass(frozen=True, slots=True)
class Live:
    """What only the running process tells: time left and memory, None where it is not known."""

    seconds_left: float | None = None
    memory_bytes: int | None = None


def memory_of(pid: int | None) -> int | None:
    """Read the resident memory of a process; None where the system does not tell (anywhere but Linux)."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return None


def caption_of(words: Words, title: str, training: Training, record: Record, live: Live) -> str:
    """Say where a training stands."""
    lines = [words.training_title.format(title=title, version=training.version)]
    if training.slider is not None:
        lines.append(words.training_slider.format(slider=training.slider))
    step = max((at for at, _ in record.losses), default=0)
    match training.state:
        case TrainingState.QUEUED:
            lines.append(words.training_queued)
        case TrainingState.RUNNING:
            lines.append(_bar(words, step, training.steps))
            if live.seconds_left is not None:
                lines.append(words.training_left.format(minutes=max(1, round(live.seconds_left / 60))))
        case TrainingState.FINISHING:
            lines.append(words.training_finishing)
        case TrainingState.DONE:
            lines.append(words.training_done.format(step=record.best_step or step, steps=training.steps))
            lines.append(verdict(words, record))
            if (record.folder / COMPARISON_FILE).exists():
                lines.append(words.training_compared)
        case TrainingState.CANCELLED:
            lines.append(words.training_cancelled.format(step=step))
        case TrainingState.FAILED:
            lines.append(words.training_failed.format(error=training.error or ""))
        case TrainingState.DISCARDED:
            lines.append(words.training_discarded)
    lines += _figures(words, record, live)
    lines += [words.training_warning.format(text=text) for text in record.warnings[-_MOST_WARNINGS:]]
    return "\n".join(lines)[:_MOST_CAPTION]


def _bar(words: Words, step: int, steps: int) -> str:
    share = min(1.0, step / max(1, steps))
    filled = int(share * BAR_CELLS)
    bar = "▰" * filled + "▱" * (BAR_CELLS - filled)
    return words.training_bar.format(bar=bar, percent=int(100 * share), step=step, steps=steps)


def _figures(words: Words, record: Record, live: Live) -> list[str]:
    lines = []
    if len(record.validations) > 1:
        (_, first), *later = record.validations
        best = min(loss for _, loss in later)
        lines.append(words.training_losses.format(first=f"{first:.3f}", best=f"{best:.3f}"))
    before, after = (record.evaluation.get(key) for key in ("before", "after"))
    if isinstance(before, float) and isinstance(after, float):
        lines.append(words.training_distance.format(before=f"{before:.2f}", after=f"{after:.2f}"))
    if live.memory_bytes is not None:
        lines.append(words.training_memory.format(gigabytes=f"{live.memory_bytes / 1e9:.1f}"))
    return lines


def verdict(words: Words, record: Record) -> str:
    """Judge a finished training in words: by the style distance where it was measured, else by the losses."""
    losses = dict(record.validations)
    learned = bool(losses) and min(losses.values()) < losses.get(0, math.inf)
    before, after = (record.evaluation.get(key) for key in ("before", "after"))
    interval: Any = record.evaluation.get("interval")
    if isinstance(before, float) and isinstance(after, float) and isinstance(interval, list):
        if float(interval[1]) < before:
            return words.verdict_nearer
        return words.verdict_unsure if after < before else words.verdict_farther
    return words.verdict_learned if learned else words.verdict_nothing


def draw_card(folder: Path, steps: int) -> bytes:
    """Draw the card's picture as JPEG: the newest samples (of a finished training those that were taken), the losses.

    Takes some tenths of a second, so callers run it in a thread.
    """
    record = read_record(folder)
    grid = _grid(record)
    height = _CHART_PX + 2 * _MARGIN_PX + (0 if grid is None else grid.height + _MARGIN_PX)
    sheet = Image.new("RGB", (WIDTH_PX, height), PAPER)
    top = _MARGIN_PX
    if grid is not None:
        sheet.paste(grid, ((WIDTH_PX - grid.width) // 2, top))
        top += grid.height + _MARGIN_PX
    _chart(ImageDraw.Draw(sheet), record, steps, (_MARGIN_PX, top, WIDTH_PX - _MARGIN_PX, top + _CHART_PX))
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=90)
    return out.getvalue()


def _grid(record: Record) -> Image.Image | None:
    """Take the newest samples; before there are any, some of the pictures that are learned from."""
    compared = record.folder / COMPARISON_FILE
    if not record.samples and not compared.exists():
        return _strip(record.folder)
    samples = dict(record.samples)
    taken = samples.get(record.best_step or -1) if record.seconds is not None else None
    try:
        with Image.open(compared if compared.exists() else taken or record.samples[-1][1]) as opened:
            grid = opened.convert("RGB")
    except OSError:
        return None
    width = WIDTH_PX - 2 * _MARGIN_PX
    return grid.resize((width, max(1, round(grid.height * width / grid.width))), Image.Resampling.LANCZOS)


def _strip(folder: Path) -> Image.Image | None:
    files = sorted(path for name in ("pictures", "low", "high") for path in (folder / name).glob("*.png"))[:_SHOWN]
    if not files:
        return None
    side = (WIDTH_PX - 2 * _MARGIN_PX - (_SHOWN - 1) * _GAP_PX) // _SHOWN
    strip = Image.new("RGB", (WIDTH_PX - 2 * _MARGIN_PX, side), PAPER)
    for place, path in enumerate(files):
        with Image.open(path) as opened:
            strip.paste(ImageOps.fit(opened.convert("RGB"), (side, side)), (place * (side + _GAP_PX), 0))
    return strip


def _chart(draw: ImageDraw.ImageDraw, record: Record, steps: int, box: tuple[int, int, int, int]) -> None:
    """Draw the training's smoothed losses thin and those of held-out pictures thick, the lowest marked."""
    left, top, right, bottom = box
    for part in range(4):
        rule = top + (bottom - top) * part // 3
        draw.line((left, rule, right, rule), fill=FAINT, width=2)
    smooth = _smoothed(record.losses)
    values = sorted(loss for _, loss in (*smooth, *record.validations))
    if not values:
        return
    # A few wild steps must not press all else flat.
    high = max([values[math.ceil(0.97 * (len(values) - 1))], *(loss for _, loss in record.validations)])
    low, spread = values[0], max(high - values[0], 1e-9)

    def place(point: tuple[int, float]) -> tuple[float, float]:
        share = min(1.0, max(0.0, (point[1] - low) / spread))
        return left + (right - left) * point[0] / max(1, steps), bottom - (bottom - top) * share

    if len(smooth) > 1:
        draw.line([place(point) for point in smooth], fill=QUIET, width=3)
    if len(record.validations) > 1:
        draw.line([place(point) for point in record.validations], fill=INK, width=6)
    for point in record.validations:
        x, y = place(point)
        is_best = point[0] > 0 and point[1] == min(loss for at, loss in record.validations if at > 0)
        radius = 13 if is_best else 8
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=LIKED if is_best else INK)


def _smoothed(losses: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    reach = max(1, round(_SMOOTH_SHARE * len(losses)))
    smooth = []
    for index, (step, _) in enumerate(losses):
        near = [loss for _, loss in losses[max(0, index - reach) : index + reach + 1]]
        smooth.append((step, sum(near) / len(near)))
    return smooth
