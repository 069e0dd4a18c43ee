"""Fills the report's page, one file with everything in it. Owns its words and markup; knows no files and no drawing.

All that comes from outside (names, the bot's words) is escaped.
"""

from __future__ import annotations

import base64
from html import escape
from importlib import resources
from string import Template

from sandbox.guests.record import Album, Guest, Visit
from sandbox.guests.taste import describe, describe_wish, percentile
from sandbox.report_figures import Figures, Generation
from sandbox.report_sheets import THUMB, count_votes, shrink

_PICTURE_PX = 512
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def render_page(visit: Visit, figures: Figures, curve: bytes | None, dark_curve: bytes | None) -> str:
    """Render the page; the curves are PNG bytes for light and dark paper, none where no album came."""
    template = Template(resources.files("sandbox").joinpath("report_page.html").read_text(encoding="utf-8"))
    several = len(visit.guests) > 1
    heading = f"{_number(len(visit.albums)).capitalize()} generation{'' if len(visit.albums) == 1 else 's'}"
    heading += f" towards {_number(len(visit.guests))} hidden tastes" if several else " towards a hidden taste"
    return template.substitute(
        title=escape(heading),
        heading=escape(heading),
        when=escape(f"{visit.began:%d %B %Y, %H:%M} UTC · {visit.chat}"),
        lead=_lead(visit, figures),
        problem=_problem(visit),
        key=_key(visit, figures),
        taste_heading="The hidden tastes" if several else "The hidden taste",
        seed=visit.seed,
        tastes="".join(_taste(guest) for guest in visit.guests),
        curve=_curve(curve, dark_curve),
        albums="".join(_album(*pair) for pair in zip(visit.albums, figures.generations, strict=True)),
        best=_best(visit, figures),
        rows="".join(_row(generation) for generation in figures.generations),
        times=escape(_times(visit, figures)),
        thumb="".join(f'<polygon points="{" ".join(f"{x},{y}" for x, y in polygon)}"/>' for polygon in THUMB),
    )


def _lead(visit: Visit, figures: Figures) -> str:
    if len(visit.guests) == 1:
        guest = visit.guests[0]
        who = f"{escape(guest.name)} likes <em>{escape(describe(guest.taste))}</em>."
        how = "The bot was not told: it saw taps on likes and dislikes, never a word about what to paint."
    else:
        names = [escape(guest.name) for guest in visit.guests]
        who = f"{', '.join(names[:-1])} and {names[-1]} each like something else."
        how = "The bot was told nothing: it saw their taps on likes and dislikes, never a word about what to paint."
    return f"{who} {how} {escape(_outcome(figures))}"


def _outcome(figures: Figures) -> str:
    if len(figures.generations) < 2:
        return ""
    last = figures.generations[-1]
    if last.percentile < 55:
        return f"After {_number(last.generation)} albums it had not come nearer than chance would."
    album = f"The {_ordinal(last.generation)} album"
    return f"{album} was liked more than {last.percentile:.0f} of a hundred pictures like those of the first."


def _problem(visit: Visit) -> str:
    words = [visit.problem] if visit.problem else []
    if visit.unanswered:
        words.append(f"{visit.unanswered} of {visit.unanswered + len(visit.taps_ms)} taps got no answer.")
    if not words:
        return ""
    came = f"{len(visit.albums)} of {visit.wanted} generations came."
    return f'<p class="problem" role="alert"><b>Not all went well.</b> {came} {escape(" ".join(words))}</p>'


def _key(visit: Visit, figures: Figures) -> str:
    cells = []
    if figures.generations:
        first, last = figures.generations[0], figures.generations[-1]
        cells.append(
            (f"{first.percentile:.0f} → {last.percentile:.0f}", "", "percentile of the first and the last album")
        )
        cells.append((f"{first.likes:.2g} → {last.likes:.2g}", "", f"likes among {last.pictures} pictures"))
        cells.append((*_duration(1000 * first.waited_s), "from /start to the first album"))
        later = [generation.waited_s for generation in figures.generations[1:]]
        if later:
            cells.append((*_duration(1000 * max(later)), "longest wait for a next generation"))
    if figures.tap_p99_ms is not None:
        cells.append((*_duration(figures.tap_p99_ms), f"p99 from tap to answer, {figures.taps} taps"))
    return "".join(
        f"<div><dd>{escape(value)}<small>{escape(unit and f' {unit}')}</small></dd><dt>{escape(words)}</dt></div>"
        for value, unit, words in cells
    )


def _taste(guest: Guest) -> str:
    strongest = max(abs(weight) for weight in guest.taste.weights.values())
    wishes = "".join(
        f'<div class="wish"><span>{escape(describe_wish(name, weight))}</span>'
        f'<i style="width:{100 * abs(weight) / strongest:.0f}%" title="weight {weight:+.2f}"></i></div>'
        for name, weight in guest.taste.weights.items()
    )
    return f'<div class="taste"><h3>{escape(guest.name)}</h3>{wishes}</div>'


def _curve(light: bytes | None, dark: bytes | None) -> str:
    if light is None or dark is None:
        return ""
    return (
        "<section><h2>How it learned</h2><p>Each dot is a picture: green was liked, red disliked. Its height is its "
        "percentile among pictures like the first album’s. The shaded band is where the mean of an album would lie, "
        "19 times of 20, had nothing been learned.</p><div class='wide'><picture>"
        f'<source media="(prefers-color-scheme: dark)" srcset="{_inline(dark, "png")}">'
        f'<img class="curve" alt="Learning curve: mean and best of each album" src="{_inline(light, "png")}">'
        "</picture></div></section>"
    )


def _album(album: Album, generation: Generation) -> str:
    facts = (
        f"percentile <b>{generation.percentile:.0f}</b> · <b>{generation.likes:.2g}</b> {_likes(album, generation)} · "
        f"waited <b>{generation.waited_s:.1f}\u00a0s</b>"
    )
    figures = []
    for index, shown in enumerate(album.pictures):
        near = [percentile(judgement.utilities[index]) for judgement in album.judgements]
        marks = _marks(*count_votes(album, index), several=len(album.judgements) > 1)
        figures.append(_figure(shown.data, str(shown.number), sum(near) / len(near), marks))
    head = f'<div class="head"><h2>Generation {album.generation}</h2><p>{facts}</p></div>'
    return f'<section>{head}<div class="album">{"".join(figures)}</div></section>'


def _likes(album: Album, generation: Generation) -> str:
    words = "like" if generation.likes == 1 else "likes"
    return words if len(album.judgements) == 1 else f"{words} a voter"


def _best(visit: Visit, figures: Figures) -> str:
    if not visit.best or figures.best_percentile is None:
        return ""
    head = (
        '<div class="head"><h2>The best so far, as the bot sees it</h2>'
        f"<p>percentile <b>{figures.best_percentile:.0f}</b></p></div>"
    )
    shown = "".join(_figure(shown.data, str(shown.number), None, "") for shown in visit.best)
    return f'<section>{head}<div class="album">{shown}</div></section>'


def _figure(data: bytes, number: str, near: float | None, marks: str) -> str:
    place = "" if near is None else f"percentile {near:.0f}"
    return (
        f'<figure><div class="mat"><img alt="Picture {escape(number)}" '
        f'src="{_inline(shrink(data, _PICTURE_PX), "jpeg")}"></div>'
        f'<figcaption><span class="no">{escape(number)}</span><span class="near">{place}</span>{marks}</figcaption>'
        "</figure>"
    )


def _marks(likes: int, dislikes: int, *, several: bool) -> str:
    marks = ""
    for count, side, words in ((likes, "up", "liked"), (dislikes, "down", "disliked")):
        if count:
            number = str(count) if several else ""
            marks += (
                f'<span class="vote {side}" title="{words}"><svg role="img" aria-label="{words}">'
                f'<use href="#thumb"/></svg>{number}</span>'
            )
    return marks


def _row(generation: Generation) -> str:
    cells = (
        str(generation.generation),
        f"{generation.percentile:.0f}",
        f"{generation.mean:+.2f}",
        f"{generation.best:+.2f}",
        f"{generation.likes:.1f}",
        f"{generation.dislikes:.1f}",
        f"{generation.waited_s:.1f} s",
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _times(visit: Visit, figures: Figures) -> str:
    words = f"The whole visit took {visit.took_s:.0f} s. "
    if figures.tap_p50_ms is not None and figures.tap_p99_ms is not None:
        half, most = (" ".join(_duration(time_ms)) for time_ms in (figures.tap_p50_ms, figures.tap_p99_ms))
        words += (
            f"Half of the {figures.taps} taps were answered within {half}, "
            f"99 of a hundred within {most}; {visit.unanswered or 'none'} went without an answer. "
        )
    return (
        words + f"The bot made {visit.requests} requests; {visit.breaches or 'none'} of them broke the Bot API’s rules."
    )


def _inline(data: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _duration(time_ms: float) -> tuple[str, str]:
    return (f"{time_ms:.0f}", "ms") if time_ms < 1000 else (f"{time_ms / 1000:.1f}", "s")


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _ordinal(count: int) -> str:
    names = ("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return names[count] if count < len(names) else f"{count}th"
