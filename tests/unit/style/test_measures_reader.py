"""The reader: better than chance at what the painter drew, and fitted by what separates the words."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from style.measures.contours import WIDTH, contours
from style.measures.reader import WEIGHTS, Reading, read, read_contours
from style.measures.reader_training import HELD_OUT_SEED, decoded, fit, targets
from style.procedural import LINES, PLANES, Spec, draw, random_spec

COUNT = 48


@pytest.fixture(scope="module")
def specs() -> list[Spec]:
    """Specs that the reader's training never drew."""
    return [random_spec(HELD_OUT_SEED + k) for k in range(COUNT)]


@pytest.fixture(scope="module")
def reading(specs: list[Spec]) -> Reading:
    """What the reader sees in them."""
    return read(np.stack([draw(spec, 128, 2) for spec in specs]))


def test_lines_are_read_beyond_chance(specs: list[Spec], reading: Reading) -> None:
    """Far more than a third of the lines are named right."""
    right = [reading.line_of(k) == spec.line for k, spec in enumerate(specs)]
    assert np.mean(right) > 0.5


def test_planes_are_read_beyond_chance(specs: list[Spec], reading: Reading) -> None:
    """Planes that are there are more likely to it than those that are not, and `planes_of` names them."""
    there = np.array([[plane in spec.planes for plane in PLANES] for spec in specs])
    assert reading.planes[there].mean() > reading.planes[~there].mean() + 0.1
    seen = [set(reading.planes_of(k)) for k in range(COUNT)]
    assert [[plane in names for plane in PLANES] for names in seen] == (reading.planes > 0.5).tolist()


def test_probabilities_are_such(reading: Reading) -> None:
    """Lines sum to 1, planes lie in [0, 1], each for itself."""
    assert reading.lines.shape == (COUNT, len(LINES))
    assert reading.lines.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert reading.planes.min() >= 0.0
    assert reading.planes.max() <= 1.0


def test_picture_of_any_size_is_read() -> None:
    """A larger picture is read much as its reduction is; no picture gives an empty reading."""
    large = draw(random_spec(1), 256, 1)
    small = np.asarray(Image.fromarray(large).resize((128, 128), Image.Resampling.LANCZOS))
    assert read([large]).lines == pytest.approx(read([small]).lines, abs=1e-9)
    assert read(np.zeros((0, 128, 128, 3), np.uint8)).planes.shape == (0, len(PLANES))


def test_contours_do_not_mind_turns_and_mirrors() -> None:
    """A quarter turn or a mirror changes the contours far less than another picture does."""
    picture, other = draw(random_spec(3), 128, 2), draw(random_spec(4), 128, 2)
    own = contours(picture)
    assert own.shape == (WIDTH,)
    away = np.abs(contours(other) - own).mean()
    for same in (np.rot90(picture), picture[:, ::-1]):
        assert np.abs(contours(np.ascontiguousarray(same)) - own).mean() < away / 2
    assert np.isfinite(contours(np.full((40, 60, 3), 7, np.uint8))).all()


def test_fit_finds_what_separates_the_words() -> None:
    """On rows that hold the words plainly, the fitted reader names each of them; on noise it does not."""
    specs = [random_spec(k) for k in range(200)]
    rng = np.random.default_rng(0)
    rows = np.concatenate([targets(specs), rng.normal(size=(200, 5))], axis=1)
    weights = {name: value.astype(np.float64) for name, value in fit(rows[:150], specs[:150]).items()}
    reading = read_contours(rows[150:], weights)
    assert [reading.line_of(k) for k in range(50)] == [spec.line for spec in specs[150:]]
    assert [set(reading.planes_of(k)) for k in range(50)] == [set(spec.planes) for spec in specs[150:]]
    blind = read_contours(np.concatenate([rows[150:, 7:], rows[150:, :7] * 0], axis=1), weights)
    assert [blind.line_of(k) for k in range(50)] != [spec.line for spec in specs[150:]]


def test_decoded_pictures_are_near_but_not_the_same() -> None:
    """The bundled autoencoder gives a picture back nearly; noise in its latents takes it farther away."""
    picture = draw(random_spec(2), 64, 2)[None]
    clean, rough = (np.abs(decoded(picture, noise, 0) - picture.astype(float)).mean() for noise in (0.0, 3.0))
    assert 0.0 < clean < 16.0
    assert rough > clean


def test_weights_are_small() -> None:
    """The reader ships in less than half a megabyte."""
    assert WEIGHTS.stat().st_size < 500_000
