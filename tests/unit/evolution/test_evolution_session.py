import itertools
from typing import Any

import numpy as np
import pytest

from evolution import (
    STRATEGIES,
    Chromosome,
    Config,
    Continuous,
    Single,
    Space,
    State,
    Vote,
    ask,
    blend,
    explain,
    sample,
    start,
    tell,
)
from evolution.errors import (
    BadCountError,
    BadSeedError,
    BadVoteError,
    SpaceMismatchError,
    UnknownGenerationError,
)
from evolution.learning import believe

STILL = Config("paper", mutation_rate=0.0)


def likes(*indices: int, voter: str = "u1", generation: int | None = None) -> list[Vote]:
    """Return likes of one voter."""
    return [Vote(voter, index, +1, generation) for index in indices]


def grown(space: Space, *liked: int, config: Config = STILL, n: int = 6, seed: int = 7) -> State:
    """Return a state whose first generation was asked for and told these likes."""
    state, _ = ask(start(space, seed, config), n)
    return tell(state, likes(*liked))


def is_child_of(child: Chromosome, parents: list[Chromosome]) -> bool:
    """Tell whether two of the parents can have this child without mutation."""
    return any(
        child.number("brightness") == (a.number("brightness") + b.number("brightness")) / 2
        and child.seed in (a.seed, b.seed)
        and set(child.words("hue")) <= {*a.words("hue"), *b.words("hue")}
        for a, b in itertools.product(parents, repeat=2)
    )


def test_first_generation_has_the_pictures_asked_for_and_is_remembered(space: Space) -> None:
    """`ask` counts generations from 1 and keeps what it gave."""
    before = start(space, seed=7)
    after, chromosomes = ask(before, n=6)
    assert (before.generation, after.generation, len(chromosomes)) == (0, 1, 6)
    assert after.generations[0].chromosomes == chromosomes
    assert before == start(space, seed=7)


def test_same_seed_asks_the_same_and_another_seed_something_else(space: Space) -> None:
    """Chance comes from the seed, the generation and the purpose alone."""
    assert ask(start(space, 7), 6) == ask(start(space, 7), 6)
    assert ask(start(space, 7), 6)[1] != ask(start(space, 8), 6)[1]
    state, first = ask(start(space, 7), 6)
    assert set(ask(state, 6)[1]).isdisjoint(first)
    assert set(sample(start(space, 7), 6, seed=0)).isdisjoint(first)


def test_children_have_liked_pictures_of_the_last_generation_as_parents(space: Space) -> None:
    """Without mutation every child is a crossing of two liked pictures, each pair as likely as any."""
    state = grown(space, 0, 3)
    first = state.generations[0].chromosomes
    _, children = ask(state, 400)
    assert all(is_child_of(child, [first[0], first[3]]) for child in children)
    means = [first[0].number("brightness"), first[3].number("brightness")]
    clones = [sum(child.number("brightness") == mean for child in children) / 400 for mean in means]
    assert clones == pytest.approx([0.25, 0.25], abs=0.08)


def test_earlier_generations_are_no_parents(space: Space) -> None:
    """There is no elite: only what was liked in the last album has children."""
    state, second = ask(grown(space, 0, 1, 2), 6)
    state = tell(state, likes(4))
    _, children = ask(state, 30)
    assert all(is_child_of(child, [second[4]]) for child in children)


def test_without_a_like_pictures_are_drawn_by_what_was_learned(space: Space) -> None:
    """Dislikes alone make no parents: the next album is a fresh draw, by the weights of earlier likes."""
    state = grown(space, 0)
    liked = state.generations[0].chromosomes[0]
    state, _ = ask(state, 6)
    state = tell(state, [Vote("u1", 0, -1), Vote("u1", 1, 0)])
    state = tell(state, [Vote(f"v{voter}", 0, +1, 1) for voter in range(2000)])
    _, fresh = ask(state, 50)
    assert sum(child.values["line"] == liked.values["line"] for child in fresh) >= 48
    assert len({child.seed for child in fresh}) == 50
    assert {child.number("brightness") for child in fresh} == {liked.number("brightness")}


def test_asking_again_without_telling_draws_afresh(space: Space) -> None:
    """An album that nobody voted on has no parents to give."""
    state, _ = ask(grown(space, 0), 6)
    _, chromosomes = ask(state, 6)
    assert len({chromosome.seed for chromosome in chromosomes}) == 6


def test_places_in_the_album_say_nothing_about_parents(space: Space) -> None:
    """A clone of a liked picture is as likely at the first place as at the last."""
    places: list[int] = []
    for seed in range(300):
        state = grown(space, 0, 1, seed=seed, n=4)
        first = state.generations[0].chromosomes[0]
        _, children = ask(state, 4)
        places += [place for place, child in enumerate(children) if child.values["line"] == first.values["line"]]
    assert np.bincount(places) / len(places) == pytest.approx([0.25] * 4, abs=0.04)


def test_each_like_of_each_voter_counts_and_dislikes_do_not(space: Space) -> None:
    """Weights rise by 0.5 a like and voter; dislikes and "neither" are kept, and change nothing."""
    state = grown(space, 0)
    line = state.generations[0].chromosomes[0].words("line")[0]
    place = ("curve line", "angular line", "straight line").index(line)
    assert believe(state).weights["line"][place] == 1.5
    more = tell(state, [*likes(0, voter="u2"), *likes(0, voter="u3"), Vote("u4", 0, -1), Vote("u5", 0, 0)])
    assert believe(more).weights["line"][place] == 2.5
    assert believe(more).moments["brightness"].count == 3
    assert (explain(more).dislikes, explain(more).neither) == (1, 1)


def test_pool_holds_one_value_a_like(space: Space) -> None:
    """Two likes for one picture and one for another weigh two to one in the mean."""
    state = tell(grown(space, 0), likes(0, 1, voter="u2"))
    one, other = (state.generations[0].chromosomes[index].number("structure") for index in (0, 1))
    moments = believe(state).moments["structure"]
    assert moments.mean == pytest.approx((2 * one + other) / 3)
    assert moments.std == pytest.approx(np.std([one, one, other]))


def test_second_vote_replaces_the_first(space: Space) -> None:
    """One voter has one vote for a picture: the last, within one telling and across two."""
    state, _ = ask(start(space, 7), 6)
    once = tell(state, [Vote("u1", 0, -1)])
    assert tell(state, [Vote("u1", 0, +1), Vote("u1", 0, -1)]) == once
    assert tell(tell(state, likes(0)), [Vote("u1", 0, -1)]) == once


def test_telling_is_additive_and_the_same_in_any_order(space: Space) -> None:
    """However the votes of a closed generation come back from a database, the state is the same, text and all."""
    state, _ = ask(start(space, 7), 6)
    votes = [Vote(voter, index, (index % 3) - 1) for voter in ("u2", "u1", "u10") for index in (5, 0, 3)]
    together = tell(state, votes)
    assert tell(tell(state, votes[:4]), votes[4:]) == together
    assert tell(state, votes[::-1]).to_json() == together.to_json()
    assert tell(together, votes) == tell(together, []) == together


def test_replay_of_asks_and_tells_gives_the_same_state(space: Space) -> None:
    """The same calls again, through JSON at each step, end in the same text."""

    def play(through_json: bool) -> str:
        state = start(space, 99)
        for generation in range(1, 5):
            state, _ = ask(state, 5)
            state = tell(state, likes(generation % 5, (3 * generation) % 5))
            state = tell(state, likes(4, voter="late", generation=max(1, generation - 1)))
            state = State.from_json(state.to_json()) if through_json else state
        return state.to_json()

    assert play(through_json=False) == play(through_json=True)


def test_late_vote_counts_but_leaves_the_parents_alone(space: Space) -> None:
    """A vote for an earlier generation adds weight there, and makes nobody of the last album a parent."""
    state, second = ask(grown(space, 0), 6)
    state = tell(state, likes(2))
    late = tell(state, likes(5, voter="u2", generation=1))
    assert believe(late).moments["brightness"].count == 3
    _, children = ask(late, 30)
    assert all(is_child_of(child, [second[2]]) for child in children)


def test_late_vote_does_not_close_the_open_album(space: Space) -> None:
    """While an album waits for votes, a late one for its forerunner leaves it open."""
    state, _ = ask(grown(space, 0), 6)
    late = tell(state, likes(5, voter="u2", generation=1))
    assert [generation.is_told for generation in late.generations] == [True, False]
    assert [generation.is_told for generation in tell(late, []).generations] == [True, True]


@pytest.mark.parametrize(
    ("vote", "error"),
    [
        (Vote("u1", 6, 1), BadVoteError),
        (Vote("u1", 0, 1, generation=2), UnknownGenerationError),
        ("like", BadVoteError),
    ],
)
def test_vote_for_what_is_not_there_is_refused(space: Space, vote: Any, error: type[Exception]) -> None:
    """A picture or a generation that does not exist gets no vote, and none of the call's other votes count."""
    state, _ = ask(start(space, 7), 6)
    with pytest.raises(error):
        tell(state, [Vote("u1", 0, 1), vote])
    assert explain(state).likes == 0


def test_vote_before_the_first_generation_is_refused_but_silence_is_not(space: Space) -> None:
    """There is nothing to vote on yet; telling nothing changes nothing."""
    state = start(space, 7)
    assert tell(state, []) == state
    with pytest.raises(UnknownGenerationError, match="0 generations"):
        tell(state, likes(0))


@pytest.mark.parametrize("n", [0, -1, 2.0, True, None])
def test_fewer_than_one_picture_is_refused(space: Space, n: Any) -> None:
    """An album has at least one picture."""
    with pytest.raises(BadCountError):
        ask(start(space, 7), n)
    with pytest.raises(BadCountError):
        sample(start(space, 7), n, seed=0)


@pytest.mark.parametrize("seed", [-1, 2**64, 0.5, "7", None])
def test_seed_out_of_range_is_refused(space: Space, seed: Any) -> None:
    """A seed is a whole number of 64 bits."""
    with pytest.raises(BadSeedError):
        start(space, seed)
    with pytest.raises(BadSeedError):
        sample(start(space, 7), 1, seed)


def test_sample_makes_children_of_the_last_told_generation(space: Space) -> None:
    """What the model would paint does not change while the next album waits for its votes."""
    state = grown(space, 0, 3)
    first = state.generations[0].chromosomes
    waiting, _ = ask(state, 6)
    for now in (state, waiting):
        painted = sample(now, 20, seed=1)
        assert all(child.number("structure") <= max(c.number("structure") for c in first) for child in painted)
        values = {child.number("brightness") for child in painted}
        one, other = first[0].number("brightness"), first[3].number("brightness")
        assert values <= {one, other, (one + other) / 2}


def test_sample_repeats_by_its_seed_and_leaves_the_state(space: Space) -> None:
    """The same seed paints the same, another seed something else; the state stays as it is."""
    state = grown(space, 0, 3, config=Config("paper"))
    text = state.to_json()
    assert sample(state, 8, seed=3) == sample(state, 8, seed=3)
    assert sample(state, 8, seed=3) != sample(state, 8, seed=2**63)
    assert state.to_json() == text


def test_sample_of_a_single_parent_differs_by_seeds(space: Space) -> None:
    """Where all children are alike, seeds keep them apart, and nothing else is bent."""
    state = grown(space, 2)
    painted = sample(state, 64, seed=0)
    assert len(set(painted)) == 64
    assert {child.values for child in painted} == {state.generations[0].chromosomes[2].values}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_sample_of_a_tiny_space_differs_by_seeds(strategy: str) -> None:
    """A space of two values still has as many different pictures as one wants."""
    state = grown(Space((Single("line", ("a", "b")),)), 0, 1, config=Config(strategy))
    assert len(set(sample(state, 100, seed=0))) == 100


def test_random_ignores_votes(space: Space) -> None:
    """The strategy "random" draws the same whatever was liked."""
    config = Config("random")
    assert ask(grown(space, 0, 1, config=config), 8)[1] == ask(grown(space, config=config), 8)[1]
    state = tell(grown(space, 0, config=config), [Vote(f"v{voter}", 0, +1) for voter in range(500)])
    lines = [chromosome.words("line")[0] for chromosome in ask(state, 600)[1]]
    assert sorted(lines.count(line) for line in set(lines)) == pytest.approx([200] * 3, rel=0.2)


def test_blend_has_parents_from_both(space: Space) -> None:
    """Children of a blend are crossings of what either liked last, and its weights those of both."""
    first, second = grown(space, 0, seed=1), grown(space, 4, seed=2)
    second = tell(ask(second, 4)[0], likes(2))
    both = blend(first, second, seed=3)
    parents = [first.generations[0].chromosomes[0], second.generations[1].chromosomes[2]]
    _, children = ask(both, 40)
    assert all(is_child_of(child, parents) for child in children)
    assert {child.seed for child in children} == {parent.seed for parent in parents}
    assert believe(both).moments["brightness"].count == 3
    assert State.from_json(both.to_json()) == both


def test_blend_leaves_open_albums_out(space: Space) -> None:
    """An album that still waits for votes was not learned from, so it is not passed on."""
    first, second = grown(space, 0, seed=1), grown(space, 4, seed=2)
    waiting = ask(first, 6)[0]
    assert blend(waiting, second, seed=3) == blend(first, second, seed=3)
    assert blend(start(space, 1), start(space, 2), seed=3) == start(space, 3)


def test_blend_keeps_the_same_voter_of_both_apart_by_picture(space: Space) -> None:
    """A voter in both sessions keeps every vote."""
    both = blend(grown(space, 0, 1, seed=1), grown(space, 0, 5, seed=2), seed=3)
    assert [vote.index for vote in both.generations[0].votes] == [0, 1, 6, 11]


def test_blend_of_different_spaces_is_refused(space: Space) -> None:
    """Two styles have no common child."""
    with pytest.raises(SpaceMismatchError):
        blend(start(space, 1), start(Space((Continuous("brightness", -1, 1),)), 1), seed=2)
