"""The report that simulated people leave."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sandbox.guests.pixels import measure, open_picture
from sandbox.guests.record import Album, Guest, Judgement, Shown, Visit
from sandbox.guests.taste import Reference, draw_taste, take_reference, utility
from sandbox.report import summarise, write_report
from sandbox.report_figures import expected_best, figure


def shown(number: int, colour: tuple[int, int, int]) -> Shown:
    kept = io.BytesIO()
    Image.new("RGB", (160, 120), colour).save(kept, "JPEG")
    return Shown(number, kept.getvalue(), measure(open_picture(kept.getvalue())))


def visit(generations: int = 2, guests: int = 1) -> Visit:
    random = np.random.default_rng(1)
    people = tuple(Guest(1001 + index, f"Guest {index}", draw_taste(0, index)) for index in range(guests))
    albums: list[Album] = []
    references: tuple[Reference, ...] = ()
    for generation in range(1, generations + 1):
        colours = [tuple(int(part) for part in random.integers(0, 256, 3)) for _ in range(5)]
        pictures = tuple(shown(index + 1, (c[0], c[1], c[2])) for index, c in enumerate(colours))
        references = references or tuple(take_reference(g.taste, [p.measures for p in pictures]) for g in people)
        judgements = tuple(
            Judgement(g.id, tuple(utility(g.taste, r, p.measures) for p in pictures), (1, 0, -1, 0, 1))
            for g, r in zip(people, references, strict=True)
        )
        albums.append(Album(generation, pictures, 2.5, judgements))
    return Visit(
        chat="Salon",
        seed=0,
        wanted=generations,
        began=datetime(2026, 9, 1, 12, tzinfo=UTC),
        took_s=9.0,
        guests=people,
        references=references,
        albums=tuple(albums),
        best=albums[-1].pictures[:2] if albums else (),
        taps_ms=(10.0, 20.0, 400.0),
        unanswered=0,
        requests=30,
        breaches=0,
    )


@pytest.mark.parametrize("guests", [1, 3])
def test_folder_holds_the_whole_report(tmp_path: Path, guests: int) -> None:
    """Page, sheets, curve, figures and summary are there, and nothing else, for one guest or several."""
    page = write_report(visit(guests=guests), tmp_path / "new")
    sheets = {"contact-sheet-1.png", "contact-sheet-2.png", "learning-curve.png", "learning-curve-dark.png"}
    assert {path.name for path in page.parent.iterdir()} == sheets | {"report.html", "report.json", "summary.txt"}
    for name in sheets:
        with Image.open(page.parent / name) as picture:
            picture.load()
            assert picture.width > 800


def test_page_needs_no_other_file(tmp_path: Path) -> None:
    """All pictures are in the page itself: nothing is fetched from anywhere."""
    text = write_report(visit(), tmp_path).read_text("utf-8")
    assert text.count("data:image/jpeg;base64,") == 12
    assert "http" not in text
    assert 'src="data:' in text


def test_what_people_and_bot_say_is_escaped(tmp_path: Path) -> None:
    """A name or an error that looks like markup is shown as text."""
    wicked = replace(visit().guests[0], name="<script>alert(1)</script>")
    record = replace(visit(), guests=(wicked,), chat="<b>chat", problem="the bot said “<img src=x>”")
    text = write_report(record, tmp_path).read_text("utf-8")
    assert "<script" not in text
    assert "<img src=x>" not in text
    assert "<b>chat" not in text
    assert "&lt;script&gt;" in text


def test_earlier_report_is_replaced(tmp_path: Path) -> None:
    """A shorter visit leaves no sheet of a longer one behind."""
    write_report(visit(3), tmp_path)
    write_report(visit(1), tmp_path)
    assert [path.name for path in tmp_path.glob("contact-sheet-*.png")] == ["contact-sheet-1.png"]


def test_visit_without_album_still_has_a_report(tmp_path: Path) -> None:
    """Where nothing came, the page says what went wrong."""
    record = replace(visit(0), wanted=4, problem="the bot has said nothing at all", taps_ms=())
    text = write_report(record, tmp_path).read_text("utf-8")
    assert "0 of 4 generations came" in text
    assert "the bot has said nothing at all" in text


def test_figures_are_means_over_guests() -> None:
    """Likes, utilities and percentiles are those of the judgements; chance is known in closed form."""
    figures = figure(visit(guests=2))
    first = figures.generations[0]
    assert first.mean == pytest.approx(0.0, abs=1e-9)
    assert (first.likes, first.dislikes) == (2.0, 1.0)
    assert len(first.by_guest) == 2
    assert figures.tap_p50_ms == 20.0
    assert expected_best(1) == pytest.approx(0.0, abs=1e-6)
    assert expected_best(2) == pytest.approx(1 / np.sqrt(np.pi), abs=1e-4)


def test_figures_and_summary_can_be_read_again(tmp_path: Path) -> None:
    """report.json holds measures, votes and times; the summary says the taste and each generation."""
    record = visit()
    write_report(record, tmp_path)
    data = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert data["albums"][0]["judgements"][0]["votes"] == [1, 0, -1, 0, 1]
    assert set(data["albums"][1]["pictures"][0]["measures"]) > {"lightness", "blue"}
    text = summarise(record, figure(record))
    assert "Guest 0 likes " in text
    assert "Generation 2: percentile" in text
