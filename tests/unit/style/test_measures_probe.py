"""The probe: it tells words apart that it was fitted to, and says chance where there is nothing to see."""

from __future__ import annotations

import numpy as np
import pytest

from style.measures.probe import describe, fit, separation
from style.procedural.homages import STYLES


def test_words_of_an_homage_are_told_apart_on_pictures_it_has_not_seen() -> None:
    """Ground words of pictures drawn from other seeds are scored higher where they were drawn."""
    style = STYLES["de-stijl"]
    values = [style.random_values(seed) for seed in range(60)]
    rows = describe(np.stack([style.draw(value, seed, 48, 1) for seed, value in enumerate(values)]))
    shown = np.array([[value["line"] == "no lines", value["order"] == "diagonal"] for value in values])
    probe = fit(rows[:40], shown[:40])
    found = separation(probe.score(rows[40:]), shown[40:])
    assert (found > 0.8).all()
    assert (separation(probe.score(rows[40:]), ~shown[40:]) < 0.2).all()


def test_numbers_that_say_nothing_separate_nothing() -> None:
    """Fitted to noise, the probe is at chance on other noise."""
    rng = np.random.default_rng(3)
    rows, shown = rng.normal(size=(400, 30)), rng.random((400, 3)) < 0.4
    found = separation(fit(rows[:200], shown[:200]).score(rows[200:]), shown[200:])
    assert (abs(found - 0.5) < 0.15).all()


def test_scores_do_not_depend_on_the_unit_of_a_number() -> None:
    """All rows in another unit give the same scores; a number that never changes does no harm."""
    rng = np.random.default_rng(5)
    shown = rng.random((50, 2)) < 0.5
    rows = np.concatenate([shown + rng.normal(size=(50, 2)), np.ones((50, 1))], axis=1)
    plain, scaled = fit(rows, shown).score(rows), fit(1000.0 * rows, shown).score(1000.0 * rows)
    assert np.allclose(plain, scaled)
    assert (separation(plain, shown) > 0.6).all()


def test_separation_counts_pairs() -> None:
    """Three of four pairs in order are 0.75, ties count half; a word asked of all or of none has no number."""
    asked = np.array([[True, True, True], [True, False, True], [False, False, True], [False, True, True]])
    scores = np.array([[4.0, 1.0, 0.0], [2.0, 1.0, 0.0], [3.0, 1.0, 0.0], [1.0, 1.0, 0.0]])
    found = separation(scores, asked)
    assert found[:2].tolist() == [0.75, 0.5]
    assert np.isnan(found[2])


def test_word_that_all_pictures_show_is_refused() -> None:
    """There is nothing to tell it apart from."""
    with pytest.raises(ValueError, match="by some of the pictures"):
        fit(np.zeros((3, 2)), np.array([[True], [True], [True]]))
