"""Properties that hold for every space, every vote and every seed."""

import copy
import pickle

from hypothesis import given, settings
from hypothesis import strategies as st

from evolution import (
    STRATEGIES,
    Attribute,
    Chromosome,
    Config,
    Continuous,
    Multiple,
    Single,
    Space,
    State,
    Vote,
    ask,
    blend,
    explain,
    learn_prior,
    sample,
    start,
    tell,
)
from evolution.errors import UnreadableError

quick = settings(max_examples=60, deadline=None)

names = st.text(min_size=1, max_size=6)
tables = st.lists(names, min_size=1, max_size=6, unique=True).map(tuple)
bounds = st.floats(-1e9, 1e9, allow_nan=False)
seeds = st.integers(0, 2**64 - 1)


@st.composite
def spaces(draw: st.DrawFn) -> Space:
    """Draw any space: one to five attributes of any kind, the narrowest ranges and shortest tables included."""
    attributes: list[Attribute] = []
    for name in draw(st.lists(names, min_size=1, max_size=5, unique=True)):
        kind = draw(st.sampled_from(("single", "multiple", "continuous")))
        values = draw(tables)
        if kind == "single":
            attributes.append(Single(name, values))
        elif kind == "multiple":
            attributes.append(Multiple(name, values, draw(st.integers(1, len(values)))))
        else:
            low, high = sorted(draw(st.tuples(bounds, bounds).filter(lambda pair: pair[0] != pair[1])))
            attributes.append(Continuous(name, low, high))
    return Space(tuple(attributes))


configs = st.builds(Config, strategy=st.sampled_from(STRATEGIES), mutation_rate=st.floats(0, 1))


@st.composite
def votes_on(draw: st.DrawFn, state: State) -> list[Vote]:
    """Draw votes for any picture of any generation of a state, the same picture twice included."""
    votes = []
    for _ in range(draw(st.integers(0, 8))):
        number = draw(st.integers(1, state.generation))
        index = draw(st.integers(0, len(state.generations[number - 1].chromosomes) - 1))
        named = None if number == state.generation and draw(st.booleans()) else number
        votes.append(Vote(draw(st.sampled_from(("u1", "u2", "ü3"))), index, draw(st.integers(-1, 1)), named))
    return votes


@st.composite
def states(draw: st.DrawFn, space: Space | None = None) -> State:
    """Draw a state as a session of up to four generations leaves it."""
    space = space or draw(spaces())
    prior = None
    if draw(st.booleans()):
        earlier, _ = ask(start(space, draw(seeds)), 3)
        prior = learn_prior([tell(earlier, draw(votes_on(earlier)))])
    state = start(space, draw(seeds), draw(configs), prior)
    for _ in range(draw(st.integers(0, 4))):
        state, _ = ask(state, draw(st.integers(1, 5)))
        if draw(st.booleans()):
            state = tell(state, draw(votes_on(state)))
    return state


@quick
@given(states(), st.integers(1, 8), seeds)
def test_whatever_is_made_is_valid(state: State, n: int, seed: int) -> None:
    """Every asked and sampled chromosome fits its space; samples all differ."""
    _, asked = ask(state, n)
    sampled = sample(state, n, seed)
    assert len(asked) == len(set(sampled)) == n
    for chromosome in (*asked, *sampled):
        state.space.check(chromosome)


@quick
@given(states(), st.integers(1, 8), seeds)
def test_whatever_is_made_depends_on_values_alone(state: State, n: int, seed: int) -> None:
    """The same state, be it read back from JSON, pickled or copied, gives the same pictures."""
    for twin in (State.from_json(state.to_json()), pickle.loads(pickle.dumps(state)), copy.deepcopy(state)):  # noqa: S301  # our own bytes
        assert ask(twin, n) == ask(state, n)
        assert sample(twin, n, seed) == sample(state, n, seed)
        assert explain(twin) == explain(state)


@quick
@given(states())
def test_state_comes_back_from_json_bit_for_bit(state: State) -> None:
    """Reading and writing again gives an equal state and the very same text."""
    text = state.to_json()
    again = State.from_json(text)
    assert again == state
    assert again.to_json() == text


@quick
@given(spaces(), seeds)
def test_space_and_chromosome_come_back_from_json_bit_for_bit(space: Space, seed: int) -> None:
    """So do the values that storage keeps beside the state."""
    assert Space.from_json(space.to_json()) == space
    for chromosome in ask(start(space, seed), 3)[1]:
        text = chromosome.to_json()
        assert Chromosome.from_json(text) == chromosome
        assert Chromosome.from_json(text).to_json() == text


@quick
@given(st.data())
def test_arguments_are_never_changed(data: st.DataObject) -> None:
    """No call changes the state or the votes that it is given."""
    state = data.draw(states().filter(lambda state: state.generation))
    votes = data.draw(votes_on(state))
    text, told = state.to_json(), list(votes)
    ask(state, 3)
    tell(state, votes)
    sample(state, 3, 0)
    explain(state)
    learn_prior([state])
    blend(state, state, 1)
    assert (state.to_json(), votes) == (text, told)


@quick
@given(st.data())
def test_telling_again_changes_nothing(data: st.DataObject) -> None:
    """Votes that were told may be told again: the state stays the same."""
    state = data.draw(states().filter(lambda state: state.generation))
    votes = data.draw(votes_on(state))
    told = tell(state, votes)
    assert tell(told, votes) == told


@quick
@given(st.data())
def test_blend_is_a_valid_state_of_the_same_space(data: st.DataObject) -> None:
    """Any two sessions of one space can be blended, stored, and gone on with; no like of a closed album is lost."""
    first = data.draw(states())
    second = data.draw(states(first.space))
    both = blend(first, second, data.draw(seeds))
    assert State.from_json(both.to_json()) == both
    assert explain(both).likes == explain(first).likes + explain(second).likes
    for chromosome in ask(both, 3)[1]:
        both.space.check(chromosome)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_text_gives_a_clear_error_or_a_valid_state(data: st.DataObject) -> None:
    """Whatever happens to a stored text, reading it ends in a state or in UnreadableError, never in another error."""
    text = data.draw(states()).to_json()
    place = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(0, 4))
    damaged = text[:place] + data.draw(st.text(alphabet='0123456789-+.[]{}",:eaN', max_size=4)) + text[place + length :]
    try:
        state = State.from_json(damaged)
    except UnreadableError:
        return
    ask(state, 2)
