"""What simulated people like, and how they vote on it."""

import math

import numpy as np
import pytest

from sandbox.guests.ballot import DISLIKE, LIKE, NEITHER, Habits, vote
from sandbox.guests.pixels import MEASURES
from sandbox.guests.taste import Taste, describe, draw_taste, percentile, take_reference, utility

EXACT = Habits(noise=0.0)


def album(count: int, seed: int = 0) -> list[dict[str, float]]:
    random = np.random.default_rng(seed)
    return [{name: float(random.random()) for name in MEASURES} for _ in range(count)]


@pytest.mark.parametrize("seed", range(10))
def test_taste_is_a_few_wishes_over_what_is_measured(seed: int) -> None:
    """Each taste has four wishes about real measures, strongest first, of length 1 together."""
    weights = draw_taste(seed).weights
    assert len(weights) == 4
    assert set(weights) <= set(MEASURES)
    assert math.hypot(*weights.values()) == pytest.approx(1.0)
    assert [abs(weight) for weight in weights.values()] == sorted((abs(w) for w in weights.values()), reverse=True)


def test_seed_and_person_choose_the_taste() -> None:
    """The same seed gives the same tastes, and another person or another seed others."""
    assert draw_taste(4, 1) == draw_taste(4, 1)
    assert len({describe(draw_taste(seed, person)) for seed in range(5) for person in range(5)}) > 20


def test_taste_is_said_in_words() -> None:
    """Wishes are named in order, less of something as such."""
    assert describe(Taste({"blue": 0.8, "lightness": -0.5, "red": -0.3})) == (
        "much blue, dark pictures, and little red"
    )


def test_nobody_wants_dark_pictures_with_much_white() -> None:
    """No taste holds wishes that exclude each other."""
    for seed in range(200):
        weights = draw_taste(seed).weights
        assert not (weights.get("lightness", 0) < 0 and weights.get("white", 0) > 0), seed
        assert not (weights.get("lightness", 0) > 0 and weights.get("black", 0) > 0), seed


def test_first_album_is_the_middle() -> None:
    """The pictures of the reference have a mean utility of 0 and a spread near 1."""
    taste, pictures = draw_taste(2), album(400)
    reference = take_reference(taste, pictures)
    felt = [utility(taste, reference, picture) for picture in pictures]
    assert np.mean(felt) == pytest.approx(0.0, abs=1e-9)
    assert np.std(felt) == pytest.approx(1.0, abs=0.05)


def test_more_of_what_is_liked_is_liked_more() -> None:
    """Utility rises with a liked measure, and falls with a disliked one."""
    taste = Taste({"blue": 0.8, "red": -0.6})
    usual = dict.fromkeys(MEASURES, 0.3)
    reference = take_reference(taste, [usual, usual])
    assert utility(taste, reference, usual | {"blue": 0.6}) > 0 > utility(taste, reference, usual | {"red": 0.6})


def test_album_of_equal_pictures_is_no_division_by_zero() -> None:
    """Pictures that all look the same still give a usable reference."""
    same = dict.fromkeys(MEASURES, 0.5)
    assert take_reference(draw_taste(0), [same] * 6).spread > 0.5


def test_empty_album_is_refused() -> None:
    """There is no reference without pictures."""
    with pytest.raises(ValueError, match="came an empty one"):
        take_reference(draw_taste(0), [])


def test_percentile_is_that_of_the_normal_distribution() -> None:
    """Usual is the 50th, and one spread above it the 84th."""
    assert percentile(0.0) == 50.0
    assert percentile(1.0) == pytest.approx(84.13, abs=0.01)


def test_votes_follow_the_limits() -> None:
    """Without noise, a like needs 0.5 above and a dislike 0.7 below 0.7 of the album's mean."""
    assert vote([1.3, 1.1, 0.8, -0.05, 1.85], np.random.default_rng(0), EXACT) == [
        LIKE,
        NEITHER,
        NEITHER,
        DISLIKE,
        LIKE,
    ]


def test_best_of_a_dull_album_is_liked() -> None:
    """Who would like nothing likes the best, unless they never do."""
    dull = [0.1, 0.2, 0.0]
    assert vote(dull, np.random.default_rng(0), EXACT) == [NEITHER, LIKE, NEITHER]
    strict = Habits(noise=0.0, always_likes_one=False)
    assert vote(dull, np.random.default_rng(0), strict) == [NEITHER] * 3


def test_noise_changes_votes_only_by_the_generator() -> None:
    """The same generator gives the same votes."""
    felt = [0.4, 0.6, -0.6, -0.8, 0.5]
    assert vote(felt, np.random.default_rng(9)) == vote(felt, np.random.default_rng(9))
    assert len({tuple(vote(felt, np.random.default_rng(seed))) for seed in range(20)}) > 1
