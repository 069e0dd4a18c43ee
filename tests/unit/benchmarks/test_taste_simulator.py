from __future__ import annotations

import numpy as np
import pytest

from benchmarks.taste.rivals.ours import Evolution
from benchmarks.taste.simulate import Rival, run_one
from benchmarks.taste.spaces import SPACES, Layout, Pictures, layout_of
from benchmarks.taste.tastes import (
    KINDS,
    SEED_EFFECT,
    Taste,
    draw_related,
    draw_taste,
    drifted,
    seed_effect,
    two_camps,
)
from benchmarks.taste.voters import STUFFER, Manners, Voter
from evolution import Config, Prior

EACH_SPACE = pytest.mark.parametrize("space", SPACES)
EACH_KIND = pytest.mark.parametrize("kind", KINDS)


def layout(name: str = "paper") -> Layout:
    """Return the layout of a space by its name."""
    return layout_of(SPACES[name])


def pictures(space: Layout, n: int, seed: int = 5) -> Pictures:
    """Draw pictures that no taste was standardised on."""
    return space.random(n, np.random.default_rng(seed))


def taste_of(kind: str = "additive", space: str = "paper", seed: int = 1000) -> Taste:
    """Draw a taste."""
    return draw_taste(layout(space), kind, np.random.default_rng(seed))


def paper(space: Layout, seed: int, prior: Prior | None) -> Rival:
    """Make the paper's method."""
    return Evolution(space, seed, Config("paper"), prior)


@EACH_SPACE
@EACH_KIND
def test_random_pictures_have_utilities_of_mean_0_and_deviation_1(space: str, kind: str) -> None:
    """Whatever the taste, random pictures are its unit of measure, and half of them lie below the median."""
    rows = pictures(layout(space), 5000).rows
    for seed in range(1000, 1004):
        taste = taste_of(kind, space, seed)
        utilities = taste.utility(rows)
        assert abs(utilities.mean()) < 0.06
        assert utilities.std() == pytest.approx(1.0, abs=0.06)
        assert taste.percentile(utilities).mean() == pytest.approx(50.0, abs=2.0)


@EACH_SPACE
def test_pictures_are_the_same_as_rows_and_as_chromosomes(space: str) -> None:
    """Rows become chromosomes that the space allows, and back the same rows and seeds."""
    drawn = pictures(layout(space), 50)
    chromosomes = layout(space).decode(drawn)
    for chromosome in chromosomes:
        SPACES[space].check(chromosome)
    back = layout(space).encode(chromosomes)
    np.testing.assert_allclose(back.rows, drawn.rows, atol=1e-12)
    assert back.seeds.tolist() == drawn.seeds.tolist()


@EACH_SPACE
def test_random_pictures_have_diversity_1_and_copies_0(space: str) -> None:
    """The measure of diversity has its two ends where they belong."""
    rows = pictures(layout(space), 1500).rows
    assert layout(space).diversity(rows) == pytest.approx(1.0, abs=0.02)
    assert layout(space).diversity(np.repeat(rows[:1], 8, axis=0)) == pytest.approx(0.0, abs=1e-12)


def test_a_seed_adds_the_same_to_its_picture_always() -> None:
    """The effect of a seed is normal over seeds, and no draw of the moment."""
    seeds = np.arange(20_000)
    effects = seed_effect(seeds)
    assert abs(effects.mean()) < 0.02
    assert effects.std() == pytest.approx(SEED_EFFECT, rel=0.03)
    assert seed_effect(seeds[[7]])[0] == effects[7]


def test_a_voter_votes_the_same_on_the_same_album() -> None:
    """Votes depend on album, generation and the voter's number, and on nothing that happened before."""
    album = pictures(layout(), 200)
    voter, other = Voter(taste_of(), seed=2000), Voter(taste_of(), seed=2001)
    first = voter.vote(album, 1)
    assert voter.vote(album, 2).tolist() != first.tolist()
    assert voter.vote(album, 1).tolist() == first.tolist()
    assert other.vote(album, 1).tolist() != first.tolist()


def test_votes_follow_the_level_of_the_album() -> None:
    """Only 0.3 of an album's mean reaches the votes: better albums get more likes, far fewer than their worth."""
    taste, many = taste_of(), pictures(layout(), 4000)
    utilities = taste.utility(many.rows)
    good = many[np.flatnonzero(utilities > 1.0)]
    exact = Manners(sigma=0.0, forgets=0.0)
    votes = Voter(taste, exact).vote(good, 1)
    perceived = taste.utility(good.rows) + seed_effect(good.seeds)
    expected = np.where(perceived - 0.7 * perceived.mean() > 0.5, 1.0, 0.0)
    expected[perceived - 0.7 * perceived.mean() < -0.7] = -1.0
    assert votes.tolist() == expected.tolist()
    assert 0.2 < (votes == 1).mean() < 0.8


def test_a_quarter_of_the_votes_is_forgotten() -> None:
    """A forgotten vote looks like a picture seen and left alone."""
    album = pictures(layout(), 4000)
    kept = np.abs(Voter(taste_of(), Manners(forgets=0.25)).vote(album, 1)).sum()
    all_votes = np.abs(Voter(taste_of(), Manners(forgets=0.0)).vote(album, 1)).sum()
    assert kept / all_votes == pytest.approx(0.75, abs=0.03)


def test_who_votes_on_nothing_has_no_vote() -> None:
    """Neither an absent voter nor one who forgot every vote says "seen, neither"."""
    album = pictures(layout(), 6)
    assert np.isnan(Voter(taste_of(), Manners(absent=1.0)).vote(album, 1)).all()
    assert np.isnan(Voter(taste_of(), Manners(forgets=1.0)).vote(album, 1)).all()


def test_likes_only_and_stuffing_are_what_they_say() -> None:
    """Without dislikes there is no vote below 0; a stuffer likes nearly everything."""
    album = pictures(layout(), 1000)
    assert set(Voter(taste_of(), Manners(has_dislikes=False)).vote(album, 1).tolist()) == {0.0, 1.0}
    assert Voter(taste_of(), STUFFER).vote(album, 1).mean() > 0.95


@EACH_KIND
def test_people_of_a_population_correlate_by_half(kind: str) -> None:
    """Two people of a style share half of their taste on average, strangers nothing."""
    rows = pictures(layout(), 1000).rows
    related, strange = [], []
    for seed in range(1000, 1040):
        rng = np.random.default_rng(seed)
        mean = draw_taste(layout(), kind, rng)
        one, other = (draw_related(mean, 0.5, rng).utility(rows) for _ in range(2))
        related.append(np.corrcoef(one, other)[0, 1])
        strange.append(np.corrcoef(one, draw_taste(layout(), kind, rng).utility(rows))[0, 1])
    assert np.mean(related) == pytest.approx(0.5, abs=0.15)
    assert np.mean(strange) == pytest.approx(0.0, abs=0.15)


def test_drift_leads_away_step_by_step() -> None:
    """A drifting taste stays near itself from one generation to the next, and loses itself over many."""
    rows = pictures(layout(), 1000).rows
    steps, ways = [], []
    for seed in range(1000, 1015):
        rng, way = np.random.default_rng(seed), [taste_of(seed=seed)]
        for _ in range(8):
            way.append(drifted(way[-1], 0.4, rng))
        correlations = np.corrcoef([taste.utility(rows) for taste in way])
        steps.append(np.diag(correlations, 1).mean())
        ways.append(correlations[0, -1])
    assert np.mean(steps) > 0.85
    assert np.mean(ways) < np.mean(steps) - 0.1


def test_camps_agree_within_and_not_between() -> None:
    """People of one camp want the same; those of two camps want opposites of what weighs most."""
    rows = pictures(layout(), 1000).rows
    within, between = [], []
    for seed in range(1000, 1010):
        people = two_camps(taste_of(seed=seed), (3, 2), np.random.default_rng(seed))
        correlations = np.corrcoef([person.utility(rows) for person in people])
        within.append(correlations[0, 1])
        between.append(correlations[0, 4])
    assert np.mean(within) > 0.7
    assert np.mean(between) < 0.0


def test_sessions_with_one_seed_are_the_same_session() -> None:
    """A run is decided by its seed: curves repeat, but for the time taken."""
    curves = [run_one(paper, SPACES["paper"], taste_of(), 4, 2, seed).to_row() for seed in (2000, 2000, 2001)]
    for row in curves:
        del row["cpu_s"]
    assert curves[0] == curves[1]
    assert curves[0] != curves[2]
