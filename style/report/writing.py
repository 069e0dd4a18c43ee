"""Writes a training's report into its folder: report.html for reading, report.png for showing around."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont

from style.errors import TrainingError
from style.report.charts import DARK, LIGHT, draw_losses
from style.report.page import Sheet, Shown, facts, render_page
from style.report.record import Record, read_record

PAGE_FILE = "report.html"
PICTURE_FILE = "report.png"
_MOST_GRIDS = 12
_MOST_ON_SHEET = 6
_GRID_PX = 1080
_SHEET_PX, _MARGIN_PX, _GAP_PX = 1400, 64, 28


def write_report(folder: Path, title: str, digest: str | None, when: datetime | None = None) -> Path:
    """Write report.html and report.png of the training in `folder`; returns the page.

    Raises:
        TrainingError: the folder cannot be read or written.
    """
    record = read_record(folder)
    grids = [_shown(step, path) for step, path in _chosen(record)]
    curve, dark_curve = draw_losses(record, LIGHT), draw_losses(record, DARK)
    sheet = Sheet(when or datetime.now(UTC), title, digest, curve, dark_curve, grids)
    try:
        (folder / PAGE_FILE).write_text(render_page(record, sheet), encoding="utf-8")
        (folder / PICTURE_FILE).write_bytes(draw_sheet(record, sheet))
    except OSError as error:
        raise TrainingError(f"{folder}: the report cannot be written ({error.strerror}); make room there") from error
    return folder / PAGE_FILE


def _chosen(record: Record) -> list[tuple[int, Path]]:
    """Choose checkpoints over the whole course, the first, the last and the one that was taken among them."""
    samples = list(record.samples)
    if len(samples) <= _MOST_GRIDS:
        return samples
    stride = (len(samples) - 1) / (_MOST_GRIDS - 1)
    kept = {round(number * stride) for number in range(_MOST_GRIDS)}
    kept |= {index for index, (step, _) in enumerate(samples) if step == record.best_step}
    return [samples[index] for index in sorted(kept)]


def _shown(step: int, path: Path) -> Shown:
    """Take a sample grid as it is, or smaller and as JPEG where it would weigh the page down."""
    data = path.read_bytes()
    with Image.open(io.BytesIO(data)) as picture:
        if max(picture.size) <= _GRID_PX and len(data) < 400_000 and picture.format == "PNG":
            return Shown(step, data, "png")
        small = picture.convert("RGB")
    small.thumbnail((_GRID_PX, _GRID_PX), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    small.save(kept, "JPEG", quality=88, optimize=True)
    return Shown(step, kept.getvalue(), "jpeg")


def draw_sheet(record: Record, sheet: Sheet) -> bytes:
    """Draw the report as one PNG: title, key figures, losses, and up to six sample grids."""
    parts: list[Image.Image] = [_head(record, sheet)]
    if sheet.curve is not None:
        parts.append(_fitted(sheet.curve, _SHEET_PX - 2 * _MARGIN_PX))
    parts += _rows(record, sheet.grids)
    height = 2 * _MARGIN_PX + sum(part.height for part in parts) + _GAP_PX * (len(parts) - 1)
    page = Image.new("RGB", (_SHEET_PX, height), LIGHT.ground)
    top = _MARGIN_PX
    for part in parts:
        page.paste(part, (_MARGIN_PX, top))
        top += part.height + _GAP_PX
    kept = io.BytesIO()
    page.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _head(record: Record, sheet: Sheet) -> Image.Image:
    width = _SHEET_PX - 2 * _MARGIN_PX
    head = Image.new("RGB", (width, 210), LIGHT.ground)
    draw = ImageDraw.Draw(head)
    title = sheet.title
    while draw.textlength(title, _font("STIXGeneral", 64)) > width and len(title) > 1:
        title = title[:-2] + "…"
    draw.text((0, 0), title, font=_font("STIXGeneral", 64), fill=LIGHT.ink)
    shown = facts(record)[:5]
    for number, (value, unit, words) in enumerate(shown):
        left = round(number * width / max(4, len(shown)))
        draw.text((left, 104), f"{value} {unit}".strip(), font=_font("STIXGeneral", 44), fill=LIGHT.ink)
        draw.text((left, 162), words[:44], font=_font("DejaVuSans", 15), fill=LIGHT.soft)
    return head


def _rows(record: Record, grids: Sequence[Shown]) -> list[Image.Image]:
    """Lay sample grids in rows of two or three, the first, the one that was taken, and those in between."""
    chosen = _spread(record, grids)
    columns = 3 if len(chosen) > 2 else 2
    width = (_SHEET_PX - 2 * _MARGIN_PX - (columns - 1) * _GAP_PX) // columns
    cells = [_cell(shown, width, taken=shown.step == record.best_step) for shown in chosen]
    rows = []
    for start in range(0, len(cells), columns):
        some = cells[start : start + columns]
        row = Image.new("RGB", (_SHEET_PX - 2 * _MARGIN_PX, max(cell.height for cell in some)), LIGHT.ground)
        for number, cell in enumerate(some):
            row.paste(cell, (number * (width + _GAP_PX), 0))
        rows.append(row)
    return rows


def _spread(record: Record, grids: Sequence[Shown]) -> list[Shown]:
    if len(grids) <= _MOST_ON_SHEET:
        return list(grids)
    kept = {round(number * (len(grids) - 1) / (_MOST_ON_SHEET - 2)) for number in range(_MOST_ON_SHEET - 1)}
    kept |= {index for index, shown in enumerate(grids) if shown.step == record.best_step}
    return [grids[index] for index in sorted(kept)]


def _cell(shown: Shown, width: int, *, taken: bool) -> Image.Image:
    picture = _fitted(shown.data, width)
    cell = Image.new("RGB", (width, picture.height + 40), LIGHT.ground)
    cell.paste(picture, (0, 0))
    words = f"{shown.step:,} steps{', taken' if taken else ''}"
    colour = LIGHT.good if taken else LIGHT.soft
    ImageDraw.Draw(cell).text((0, picture.height + 10), words, font=_font("DejaVuSans", 16), fill=colour)
    return cell


def _fitted(data: bytes, width: int) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        whole = picture.convert("RGB")
    return whole.resize((width, max(1, round(whole.height * width / whole.width))), Image.Resampling.LANCZOS)


def _font(name: str, size_px: int) -> ImageFont.FreeTypeFont:
    # On every machine, since matplotlib brings them.
    return ImageFont.truetype(Path(mpl.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf", size_px)
