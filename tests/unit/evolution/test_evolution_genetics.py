from collections import Counter

import numpy as np
import pytest

from evolution import Chromosome, Gene, Space
from evolution.genetics import cross, fresh, mutate
from evolution.learning import Belief, Moments, indifferent

N = 4000


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a generator that every test starts afresh."""
    return np.random.default_rng(5)


def individual(seed: int = 1, **changes: Gene) -> Chromosome:
    """Return an individual of the paper's space."""
    genes: dict[str, Gene] = {
        "line": "curve line",
        "hue": ("white", "orange", "yellow"),
        "plane": ("point", "triangle"),
        "brightness": -0.8,
        "parallel": 0.1,
        "structure": 0.0,
    }
    return Chromosome({**genes, **changes}, seed)


STRANGER = individual(
    seed=2,
    line="straight line",
    hue=("black", "blue", "violet"),
    plane=("square", "circle"),
    brightness=0.4,
    parallel=-0.5,
    structure=1.0,
)


def heavy(space: Space, attribute: str, value: str, weight: float) -> Belief:
    """Return a belief in which one value has a weight of its own and all others have 1."""
    belief = indifferent(space)
    values = next(a.values for a in space.attributes if a.name == attribute)  # type: ignore[union-attr]  # a discrete one
    weights = tuple(weight if value == other else 1.0 for other in values)
    return Belief({**belief.weights, attribute: weights}, belief.moments)


def share(children: list[Chromosome], attribute: str, value: str) -> float:
    """Return how many of the children show the value."""
    return sum(value in child.words(attribute) for child in children) / len(children)


def test_fresh_draws_follow_the_weights(space: Space, rng: np.random.Generator) -> None:
    """A value of weight 4 among two of weight 1 is drawn four times in six."""
    belief = heavy(space, "line", "angular line", 4.0)
    children = [fresh(space, belief, rng) for _ in range(N)]
    assert share(children, "line", "angular line") == pytest.approx(4 / 6, abs=0.03)
    assert share(children, "line", "curve line") == pytest.approx(1 / 6, abs=0.03)


def test_fresh_multiple_is_drawn_by_weight_without_replacement(space: Space, rng: np.random.Generator) -> None:
    """A heavy hue is in the three far more often than a third of the time; the three always differ."""
    children = [fresh(space, heavy(space, "hue", "black", 8.0), rng) for _ in range(N)]
    # One of three draws without replacement misses it: 8/16 is drawn first, or 8/15, or 8/14.
    assert share(children, "hue", "black") == pytest.approx(1 - (8 / 16) * (7 / 15) * (6 / 14), abs=0.03)
    assert all(len(set(child.words("hue"))) == 3 for child in children)


def test_words_of_a_multiple_gene_stand_in_table_order(space: Space, rng: np.random.Generator) -> None:
    """The same choice is the same gene, in whatever order chance found it."""
    genes = {fresh(space, indifferent(space), rng).values["plane"] for _ in range(200)}
    assert len(genes) == 6
    assert ("circle", "point") not in genes


def test_fresh_slider_is_uniform_before_any_like(space: Space, rng: np.random.Generator) -> None:
    """Without a pool the whole range is equally likely."""
    drawn = [fresh(space, indifferent(space), rng).number("parallel") for _ in range(N)]
    assert np.histogram(drawn, bins=4, range=(-0.5, 0.5))[0] == pytest.approx([N / 4] * 4, rel=0.1)


def test_fresh_slider_is_normal_around_what_was_liked_and_clipped(space: Space, rng: np.random.Generator) -> None:
    """With a pool the mean and the spread are the pool's, and the range still holds."""
    belief = Belief(indifferent(space).weights, {"brightness": Moments(9, 0.2, 0.1), "parallel": Moments(9, 0.4, 0.4)})
    children = [fresh(space, belief, rng) for _ in range(N)]
    brightness = [child.number("brightness") for child in children]
    assert (np.mean(brightness), np.std(brightness)) == pytest.approx((0.2, 0.1), abs=0.01)
    assert max(child.number("parallel") for child in children) == 0.5


def test_child_takes_its_single_gene_and_its_seed_from_either_parent(space: Space, rng: np.random.Generator) -> None:
    """Both are coin flips, of two coins."""
    children = [cross(space, indifferent(space), individual(), STRANGER, rng) for _ in range(N)]
    pairs = Counter((child.values["line"], child.seed) for child in children)
    assert [pairs[line, seed] / N for line in ("curve line", "straight line") for seed in (1, 2)] == pytest.approx(
        [0.25] * 4, abs=0.03
    )


def test_child_has_the_mean_of_its_parents_sliders(space: Space, rng: np.random.Generator) -> None:
    """Sliders are averaged, whatever the weights."""
    child = cross(space, indifferent(space), individual(), STRANGER, rng)
    sliders = [child.number(name) for name in ("brightness", "parallel", "structure")]
    assert sliders == pytest.approx([-0.2, -0.2, 0.5])


def test_multiple_gene_keeps_its_count_in_every_crossover(space: Space, rng: np.random.Generator) -> None:
    """Weak point 1 repaired: three hues stay three, two planes stay two."""
    parents = [individual(), STRANGER]
    for _ in range(200):
        mother, father = (parents[place] for place in rng.integers(len(parents), size=2))
        child = cross(space, indifferent(space), mother, father, rng)
        space.check(child)
        parents.append(child)


def test_crossover_of_multiple_weighs_the_right_words(space: Space, rng: np.random.Generator) -> None:
    """Weak point 2 repaired: a heavy word leads, in whichever parent and in whatever order it stands."""
    mother = individual(hue=("yellow", "white", "orange"))
    for word in ("white", "yellow", "violet"):
        belief = heavy(space, "hue", word, 1e6)
        children = [cross(space, belief, mother, STRANGER, rng) for _ in range(200)]
        assert share(children, "hue", word) == 1.0
        others = {other: share(children, "hue", other) for other in (*mother.words("hue"), *STRANGER.words("hue"))}
        assert all(found == pytest.approx(0.4, abs=0.13) for other, found in others.items() if other != word)


def test_crossover_of_multiple_always_draws_from_both_parents(space: Space, rng: np.random.Generator) -> None:
    """Weak point 3 repaired: with equal weights each parent gives half of the words, in every crossover."""
    children = [cross(space, indifferent(space), individual(), STRANGER, rng) for _ in range(N)]
    from_mother = Counter(len({"white", "orange", "yellow"} & set(child.words("hue"))) for child in children)
    # Three of six without replacement: 1, 9, 9, 1 of 20.
    assert [from_mother[k] / N for k in range(4)] == pytest.approx([0.05, 0.45, 0.45, 0.05], abs=0.03)


def test_crossover_of_multiple_yields_parents_values_only(space: Space, rng: np.random.Generator) -> None:
    """No value comes from elsewhere, even one that is much liked."""
    belief = heavy(space, "hue", "red", 1e6)
    father = individual(hue=("white", "orange", "black"))
    children = [cross(space, belief, individual(), father, rng) for _ in range(200)]
    assert {word for child in children for word in child.words("hue")} == {"white", "orange", "yellow", "black"}


def test_mutation_rate_is_that_of_the_release(space: Space, rng: np.random.Generator) -> None:
    """At 5 % a discrete gene is replaced in 14.3 % of children, each on its own; sliders and seed in 5 %."""
    n = 20_000
    children = [mutate(space, individual(), STRANGER, 0.05, rng) for _ in range(n)]
    rates = {
        name: sum(child.values[name] == STRANGER.values[name] for child in children) / n for name in STRANGER.values
    }
    expected = dict.fromkeys(("line", "hue", "plane"), 1 - 0.95**3) | dict.fromkeys(
        ("brightness", "parallel", "structure"), 0.05
    )
    assert rates == pytest.approx(expected, abs=0.008)
    assert sum(child.seed == 2 for child in children) / n == pytest.approx(0.05, abs=0.006)
    both = sum(child.words("line") != ("curve line",) and child.words("plane")[0] == "square" for child in children)
    assert both / n == pytest.approx(0.143**2, abs=0.005)


def test_sliders_mutate_together_and_the_seed_on_its_own(space: Space, rng: np.random.Generator) -> None:
    """The three sliders are replaced by one draw; the seed by another."""
    children = [mutate(space, individual(), STRANGER, 0.5, rng) for _ in range(N)]
    sliders = [tuple(child.number(name) for name in ("brightness", "parallel", "structure")) for child in children]
    assert set(sliders) == {(-0.8, 0.1, 0.0), (0.4, -0.5, 1.0)}
    combinations = Counter((slider[0], child.seed) for slider, child in zip(sliders, children, strict=True))
    assert [count / N for count in combinations.values()] == pytest.approx([0.25] * 4, abs=0.03)


@pytest.mark.parametrize(("rate", "expected"), [(0.0, individual()), (1.0, STRANGER)])
def test_rates_of_none_and_all_are_exact(
    space: Space, rng: np.random.Generator, rate: float, expected: Chromosome
) -> None:
    """At 0 nothing is replaced, at 1 everything."""
    assert {mutate(space, individual(), STRANGER, rate, rng) for _ in range(50)} == {expected}
