"""Fills the report's page, one file with everything in it. Owns its words and markup; knows no files and no drawing.

All that comes from outside (names, tags, warnings) is escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from importlib import resources
from string import Template

from style.report.measured import distance, render_measured
from style.report.record import Record

_SETTINGS = ("name", "trigger", "model", "device", "method", "steps", "batch", "rank", "rate", "seed", "held_out")
_MOST_TAGS = 36


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the page: its step, its bytes, and what they are ("png", "jpeg")."""

    step: int
    data: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the page beside the record: when, the title, the pack's digest, the pictures."""

    when: datetime
    title: str
    digest: str | None
    curve: bytes | None
    dark_curve: bytes | None
    grids: Sequence[Shown]


def render_page(record: Record, sheet: Sheet) -> str:
    """Render the page of a training."""
    template = Template(resources.files("style.report").joinpath("page.html").read_text(encoding="utf-8"))
    return template.substitute(
        title=escape(f"Training of {sheet.title}"),
        heading=escape(sheet.title),
        when=escape(f"{sheet.when:%d %B %Y, %H:%M} UTC"),
        lead=_lead(record),
        warnings=_warnings(record.warnings),
        key=_key(record),
        curve=_curve(sheet),
        grids=_grids(record, sheet.grids),
        measured=render_measured(record.evaluation),
        tags=_tags(record),
        settings=_settings(record, sheet.digest),
        footer=_footer(record),
    )


def facts(record: Record) -> list[tuple[str, str, str]]:
    """List the training's key figures: (number, unit, what it is)."""
    found = [(f"{record.steps:,}", "", "steps")]
    if record.pictures:
        held = f"pictures, {record.held_out} held out" if record.held_out else "pictures"
        found.insert(0, (str(record.pictures), "", held))
    if record.seconds is not None:
        found.append((*duration(record.seconds), "of training"))
    if record.validations and record.best_step is not None:
        first, best = record.validations[0][1], dict(record.validations).get(record.best_step)
        if best is not None and first > 0:
            found.append(
                (
                    f"{100 * (best / first - 1):+.0f}".replace("-", "−"),
                    "%",
                    f"held-out loss at step {record.best_step:,}",
                )
            )
    if line := distance(record.evaluation):
        found.append((f"{line[0]:.2f} → {line[1]:.2f}", "", "style distance to the pictures, before and after"))
    return found


def duration(seconds: float) -> tuple[str, str]:
    """Say a time as a number and its unit."""
    for unit, size in (("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f}".removesuffix(".0"), unit
    return f"{seconds:.0f}", "s"


def _lead(record: Record) -> str:
    name = escape(str(record.order.get("trigger", record.order.get("name", ""))))
    if record.order.get("kind") == "slider":
        return f"A slider, <em>{escape(str(record.order.get('name', '')))}</em>: one signed weight from end to end."
    ended = "" if record.seconds is not None else " It is not finished: the same command goes on."
    taken = "" if record.best_step is None else f" The weights of step {record.best_step:,} were taken."
    return f"What the model learned to paint at the word <em>{name}</em>.{taken}{ended}"


def _warnings(warnings: Sequence[str]) -> str:
    if not warnings:
        return ""
    return f'<ul class="problem">{"".join(f"<li>{escape(text)}</li>" for text in warnings)}</ul>'


def _key(record: Record) -> str:
    return "".join(
        f"<div><dd>{escape(value)}<small>{escape(unit and f' {unit}')}</small></dd><dt>{escape(words)}</dt></div>"
        for value, unit, words in facts(record)
    )


def _curve(sheet: Sheet) -> str:
    if sheet.curve is None or sheet.dark_curve is None:
        return ""
    return (
        "<section><h2>How it learned</h2><p>The training loss says little: it falls as pictures are learned by heart. "
        "The loss on pictures that were held out, at fixed noise, says when to stop.</p><div class='wide'><picture>"
        f'<source media="(prefers-color-scheme: dark)" srcset="{_inline(sheet.dark_curve, "png")}">'
        f'<img class="curve" alt="Loss by step, in training and on held-out pictures" '
        f'src="{_inline(sheet.curve, "png")}"></picture></div></section>'
    )


def _grids(record: Record, grids: Sequence[Shown]) -> str:
    if not grids:
        return ""
    figures = []
    for shown in grids:
        taken = shown.step == record.best_step
        figures.append(
            f'<figure{" class=taken" if taken else ""}><div class="mat"><img alt="Samples at step {shown.step}" '
            f'src="{_inline(shown.data, shown.kind)}"></div><figcaption><b>{shown.step:,}</b>steps'
            f"<span>{'taken' if taken else ''}</span></figcaption></figure>"
        )
    words = "The same prompts and seeds at each checkpoint; each row is another weight of the adapter."
    return f'<section><h2>What it painted</h2><p>{words}</p><div class="grids">{"".join(figures)}</div></section>'


def _tags(record: Record) -> str:
    if not record.tags:
        return ""
    most = max(count for _, count in record.tags)
    ranked = sorted(record.tags, key=lambda item: (-item[1], item[0]))
    bars = "".join(
        f'<div class="tag"><span>{escape(tag)}</span><i style="width:{100 * count / most:.0f}%"></i>'
        f"<b>{count}</b></div>"
        for tag, count in ranked[:_MOST_TAGS]
    )
    more = f"<p>… and {len(ranked) - _MOST_TAGS} rarer ones.</p>" if len(ranked) > _MOST_TAGS else ""
    words = "How many pictures carry each word, those read off the pixels included."
    return f'<section><h2>Tags</h2><p>{words}</p><div class="tags">{bars}</div>{more}</section>'


def _settings(record: Record, digest: str | None) -> str:
    rows = [(name.replace("_", " "), str(record.order[name]), "") for name in _SETTINGS if name in record.order]
    if renamed := record.order.get("synonyms"):
        rows.append(("renamed", ", ".join(f"{old} → {new}" for old, new in dict(renamed).items()), ""))
    if digest is not None:
        rows.append(("pack’s digest", digest, "mono"))
    return "".join(
        f'<tr><th>{escape(name)}</th><td class="{mark}">{escape(value)}</td></tr>' for name, value, mark in rows
    )


def _footer(record: Record) -> str:
    where = str(record.order.get("pictures", record.order.get("pairs", "")))
    return escape(f"Learned from {where}. " if where else "") + "What is not listed among the settings was the default."


def _inline(data: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
