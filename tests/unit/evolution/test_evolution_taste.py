import json

import pytest

from evolution import (
    ChoiceTaste,
    Config,
    GroupTaste,
    Prior,
    Single,
    SliderTaste,
    Space,
    State,
    Tally,
    Vote,
    ask,
    explain,
    learn_prior,
    sample,
    start,
    tell,
)
from evolution.errors import BadPriorError, NewerFormatError, SpaceMismatchError, UnreadableError
from evolution.learning import believe

PAPER = Config("paper")


def voted(space: Space, votes: list[Vote], config: Config = PAPER, seed: int = 7) -> State:
    """Return a state with one album of six and these votes."""
    return tell(ask(start(space, seed, config), 6)[0], votes)


def test_taste_counts_votes_by_value_and_ranks_by_weight(space: Space) -> None:
    """Each value shows its likes, dislikes and all votes, the weightiest first."""
    state = voted(space, [Vote("u1", 0, 1), Vote("u2", 0, 1), Vote("u2", 1, -1), Vote("u1", 2, 0)])
    shown = state.generations[0].chromosomes
    taste = explain(state)
    assert (taste.generations, taste.voters, taste.likes, taste.dislikes, taste.neither) == (1, 2, 2, 1, 1)
    line, hue = taste.attributes[0], taste.attributes[1]
    assert isinstance(line, ChoiceTaste)
    assert isinstance(hue, ChoiceTaste)
    assert line.values[0].value == shown[0].values["line"]
    assert {value.value for value in hue.values if value.weight == 2.0} == set(shown[0].words("hue"))
    for value in hue.values:
        assert value.seen == sum(
            votes * (value.value in shown[index].words("hue")) for index, votes in ((0, 2), (1, 1), (2, 1))
        )
        assert value.dislikes == (value.value in shown[1].words("hue"))


def test_interval_narrows_with_votes_and_spans_all_without(space: Space) -> None:
    """No vote: from 0 to 1; three likes of four: Wilson's interval; more votes: narrower, always around the share."""
    nothing = explain(start(space, 7)).attributes[0]
    assert isinstance(nothing, ChoiceTaste)
    assert all((value.share, value.low, value.high) == (None, 0.0, 1.0) for value in nothing.values)
    widths = []
    for voters in (4, 400):
        state = voted(space, [Vote(f"v{voter}", 0, 1 if voter % 4 else -1) for voter in range(voters)])
        line = explain(state).attributes[0]
        assert isinstance(line, ChoiceTaste)
        best = line.values[0]
        assert best.share == 0.75
        assert best.low < 0.75 < best.high
        widths.append((round(best.low, 3), round(best.high, 3)))
    assert widths == [(0.301, 0.954), (0.705, 0.790)]


def test_slider_shows_its_liked_mean_and_an_interval(space: Space) -> None:
    """Few likes: the whole range; four: Student's interval, 3.16 standard errors to each side."""
    few = explain(voted(space, [Vote("u1", 0, 1), Vote("u1", 1, 1), Vote("u1", 2, 1)])).attributes[5]
    assert isinstance(few, SliderTaste)
    assert (few.likes, few.low, few.high) == (3, -1.0, 1.0)
    state = voted(space, [Vote("u1", index, 1) for index in range(4)], seed=12)
    slider = explain(state).attributes[4]
    assert isinstance(slider, SliderTaste)
    values = [chromosome.number("parallel") for chromosome in state.generations[0].chromosomes[:4]]
    mean = sum(values) / 4
    error = (sum((value - mean) ** 2 for value in values) / 3 / 4) ** 0.5
    assert slider.mean == pytest.approx(mean)
    assert (slider.low, slider.high) == pytest.approx(
        (max(-0.5, mean - 3.159 * error), min(0.5, mean + 3.159 * error)), rel=1e-3
    )


def test_slider_without_a_like_has_no_mean(space: Space) -> None:
    """Nothing liked: nothing claimed."""
    assert explain(start(space, 7)).attributes[3] == SliderTaste("brightness", 0, None, None, -1.0, 1.0)


def test_random_shows_votes_but_claims_no_weights(space: Space) -> None:
    """The strategy "random" has learned nothing, and says so."""
    line = explain(voted(space, [Vote("u1", 0, 1)], Config("random"))).attributes[0]
    assert isinstance(line, ChoiceTaste)
    assert {value.weight for value in line.values} == {1.0}
    assert sum(value.likes for value in line.values) == 1


def test_prior_sums_the_votes_of_sessions_that_voted(space: Space) -> None:
    """Counts are pooled, sessions without a vote are left out, no voter is named, order does not matter."""
    states = [
        voted(space, [Vote("anna", 0, 1), Vote("anna", 1, -1)], seed=1),
        voted(space, [Vote("anna", 0, 1), Vote("boris", 0, 0)], seed=2),
        start(space, 3),
    ]
    prior = learn_prior(states)
    assert prior.sessions == 2
    lines = prior.tallies["line"].values()
    assert [sum(count) for count in zip(*((t.likes, t.dislikes, t.neither) for t in lines), strict=True)] == [2, 1, 1]
    assert sum(tally.likes for tally in prior.tallies["hue"].values()) == 6
    assert "anna" not in prior.to_json()
    assert learn_prior(states[::-1]) == prior


def test_prior_survives_json(space: Space) -> None:
    """A prior comes back equal from its text, and within a state's."""
    prior = learn_prior([voted(space, [Vote("u1", 0, 1)])])
    assert Prior.from_json(prior.to_json()) == prior
    state = start(space, 1, prior=prior)
    assert State.from_json(state.to_json()) == state


def test_prior_gives_paper_its_first_weights(space: Space) -> None:
    """A session begins as if the average earlier session had gone before, whatever the number of sessions."""
    one = voted(space, [Vote("u1", 0, 1), Vote("u2", 0, 1)])
    line = one.generations[0].chromosomes[0].words("line")[0]
    for states in ([one], [one] * 50):
        begun = start(space, 5, PAPER, prior=learn_prior(states))
        assert believe(begun).weights == believe(one).weights
        assert believe(begun).moments == {}
    likely = start(space, 5, PAPER, prior=learn_prior([tell(one, [Vote(f"v{i}", 0, 1) for i in range(2000)])]))
    assert {chromosome.words("line")[0] for chromosome in ask(likely, 20)[1]} == {line}


def test_prior_is_not_learned_from_a_prior(space: Space) -> None:
    """Only votes are pooled, so a prior does not feed on itself."""
    prior = learn_prior([voted(space, [Vote("u1", 0, 1)])])
    begun = ask(start(space, 5, PAPER, prior=prior), 6)[0]
    assert learn_prior([tell(begun, [Vote("u1", 0, 1)])]).tallies != prior.tallies
    assert sum(tally.likes for tally in learn_prior([tell(begun, [Vote("u1", 0, 1)])]).tallies["line"].values()) == 1


def test_prior_leaves_random_alone(space: Space) -> None:
    """The strategy "random" draws the same with a prior as without."""
    prior = learn_prior([voted(space, [Vote(f"v{i}", 0, 1) for i in range(100)])])
    config = Config("random")
    assert ask(start(space, 5, config, prior), 8)[1] == ask(start(space, 5, config), 8)[1]


def test_prior_without_votes_changes_nothing(space: Space) -> None:
    """Sessions that nobody voted in teach nothing."""
    prior = learn_prior([start(space, 1)])
    assert prior.sessions == 0
    assert ask(start(space, 5, PAPER, prior=prior), 8)[1] == ask(start(space, 5, PAPER), 8)[1]


def test_prior_of_no_state_or_of_two_spaces_is_refused(space: Space) -> None:
    """There must be something to pool, and it must be alike."""
    with pytest.raises(BadPriorError):
        learn_prior([])
    with pytest.raises(SpaceMismatchError):
        learn_prior([start(space, 1), start(Space((Single("line", ("a",)),)), 1)])


def test_prior_of_another_style_is_refused(space: Space) -> None:
    """A session does not start from words that its style does not have."""
    with pytest.raises(BadPriorError, match="line"):
        start(space, 1, prior=Prior(1, {"line": {"a": Tally(1, 0, 0)}}))


@pytest.mark.parametrize(("old", "new"), [("[1,0,0]", "[-1,0,0]"), ("[1,0,0]", "[1,0]x"), ('"sessions"', '"session"')])
def test_text_that_is_no_prior_is_refused(old: str, new: str) -> None:
    """A damaged prior gives a clear error."""
    text = Prior(1, {"line": {"a": Tally(1, 0, 0)}}).to_json()
    with pytest.raises(UnreadableError, match="prior"):
        Prior.from_json(text.replace(old, new))


def test_newer_prior_is_refused() -> None:
    """A prior of a later version says so."""
    with pytest.raises(NewerFormatError, match="version 2"):
        Prior.from_json(Prior(0, {}).to_json().replace('"version":1', '"version":2'))


def population(space: Space, likes: str, people: int) -> list[State]:
    """Return sessions of people who like one line, and hue at random."""
    states = []
    for seed in range(people):
        state = start(space, seed, Config("random"))
        for _ in range(2):
            state, album = ask(state, 8)
            marks = [1 if picture.values["line"] == likes else -1 for picture in album]
            state = tell(state, [Vote(f"person {seed}", index, mark) for index, mark in enumerate(marks)])
        states.append(state)
    return states


def test_guided_starts_from_what_others_liked(space: Space) -> None:
    """With a prior the very first pictures meet the common taste; a setting turns that off."""
    prior = learn_prior(population(space, "curve line", 12))
    shares = []
    for config in (Config(), Config(use_prior=False)):
        state = start(space, 5, config, prior)
        painted = sample(state, 64, 0)
        shares.append(sum(picture.values["line"] == "curve line" for picture in painted) / 64)
    assert shares[0] > 0.8
    assert shares[1] < 0.5
    assert ask(start(space, 5, Config(use_prior=False), prior), 8)[1] == ask(start(space, 5), 8)[1]


def test_votes_overrule_the_prior(space: Space) -> None:
    """Somebody of another taste is not held to what others like."""
    state = start(space, 5, prior=learn_prior(population(space, "curve line", 12)))
    for _ in range(4):
        state, album = ask(state, 8)
        marks = [1 if picture.values["line"] == "angular line" else -1 for picture in album]
        state = tell(state, [Vote("u1", index, mark) for index, mark in enumerate(marks)])
    assert sum(picture.values["line"] == "angular line" for picture in sample(state, 64, 0)) > 40


def test_group_taste_names_nobody_and_needs_several_people(space: Space) -> None:
    """Of two people only counts are kept; of more, no voter's name; the order of sessions makes no difference."""
    assert learn_prior(population(space, "curve line", 2)).taste is None
    states = population(space, "curve line", 5)
    prior = learn_prior(states)
    assert prior.taste is not None
    assert prior.taste.people == 5
    assert "person" not in prior.to_json()
    assert learn_prior(states[::-1]) == prior
    assert Prior.from_json(prior.to_json()) == prior


def test_prior_of_an_older_program_is_read(space: Space) -> None:
    """A text without a common taste still lends "paper" its weights, and "guided" starts uniform."""
    prior = learn_prior(population(space, "curve line", 5))
    body = json.loads(prior.to_json())
    del body["taste"]
    old = Prior.from_json(json.dumps(body))
    assert (old.tallies, old.taste) == (prior.tallies, None)
    assert ask(start(space, 5, prior=old), 8)[1] == ask(start(space, 5), 8)[1]


def test_group_taste_of_other_attributes_is_refused(space: Space) -> None:
    """A prior that values other words than the space has is no start."""
    prior = learn_prior(population(space, "curve line", 5))
    with pytest.raises(BadPriorError, match="values"):
        start(space, 1, prior=Prior(5, prior.tallies, GroupTaste(5, {"line": (0.0,)}, {"line": 1.0})))
