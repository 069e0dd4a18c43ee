import json
from typing import Any

import pytest

from evolution import Config, Space, State, Vote, ask, start, tell
from evolution.errors import NewerFormatError, UnreadableError


@pytest.fixture(scope="module")
def body(space: Space) -> dict[str, Any]:
    """Return the JSON object of a state with two albums and three voters."""
    state = start(space, 7)
    for _ in range(2):
        state, _ = ask(state, 4)
        state = tell(
            state, [Vote(voter, index, value) for voter in "abc" for index, value in ((0, 1), (2, -1), (3, 0))]
        )
    found: dict[str, Any] = json.loads(state.to_json())
    return found


def test_newer_state_is_refused(body: dict[str, Any]) -> None:
    """A state of a later version says so, rather than being half understood."""
    with pytest.raises(NewerFormatError, match=r"version 2.*up to version 1"):
        State.from_json(json.dumps({**body, "version": 2}))


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", "hello", "[" * 10**5, '{"format":"vernissage prior","version":1}']
)
def test_text_that_is_no_state_is_refused(text: str) -> None:
    """Any other text gives one clear error."""
    with pytest.raises(UnreadableError, match="not a state"):
        State.from_json(text)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"version": "1"},
        {"seed": -1},
        {"seed": 1.5},
        {"config": {"strategy": "magic", "mutation_rate": 0.05}},
        {"config": {"strategy": "paper", "speed": 1}},
        {"space": []},
        {"space": {"line": 1}},
        {"voters": ["a", "a"]},
        {"voters": ["a"]},
        {"generations": [{"pictures": [], "votes": [], "told": True}]},
        {"generations": [{"pictures": [[0, [0, 1, 2], [0, 1], 0.0, 0.0, 0.0]], "votes": [], "told": True}]},
        {"generations": [{"pictures": [[-1, [0, 1, 2], [0, 1], 0.0, 0.0, 0.0, 5]], "votes": [], "told": True}]},
        {"generations": [{"pictures": [[0, [0, 1, 1], [0, 1], 0.0, 0.0, 0.0, 5]], "votes": [], "told": True}]},
        {"generations": [{"pictures": [[0, [0, 1, 2], [0, 1], 9.0, 0.0, 0.0, 5]], "votes": [], "told": True}]},
        {"generations": [{"pictures": [[0, [0, 1, 2], [0, 1], 0.0, 0.0, 0.0, 5]], "votes": [], "told": 1}]},
        {"generations": [{"pictures": [[0, [0, 1, 2], [0, 1], 0.0, 0.0, 0.0, 5]], "votes": [[0, "?"]], "told": True}]},
        {"generations": [{"pictures": [[0, [0, 1, 2], [0, 1], 0.0, 0.0, 0.0, 5]], "votes": [[0, ".+"]], "told": True}]},
        {"generations": [{"pictures": [[0, [0, 1, 2], [0, 1], 0.0, 0.0, 0.0, 5]], "votes": [[-1, "+"]], "told": True}]},
        {"generations": [{"pictures": [[0, [0, 1, 2], [0, 1], 0.0, 0.0, 0.0, 5]], "votes": [[0, "+"]], "told": False}]},
    ],
)
def test_damaged_state_is_refused(body: dict[str, Any], change: dict[str, Any]) -> None:
    """A state is read whole and valid, or not at all."""
    State.from_json(json.dumps(body))
    with pytest.raises(UnreadableError, match="not a state: "):
        State.from_json(json.dumps({**body, **change}))


@pytest.mark.parametrize("key", ["space", "seed", "config", "prior", "voters", "generations"])
def test_state_that_lacks_a_part_is_refused(body: dict[str, Any], key: str) -> None:
    """The error names what is missing."""
    with pytest.raises(UnreadableError, match=key):
        State.from_json(json.dumps({name: part for name, part in body.items() if name != key}))


def test_state_of_a_hundred_generations_stays_small(space: Space) -> None:
    """100 generations of 8 pictures with 10 voters take far less than 1 MB."""
    state = start(space, 7, Config("paper"))
    for generation in range(100):
        state, _ = ask(state, 8)
        votes = [Vote(f"voter {v}", i, (v + i + generation) % 3 - 1) for v in range(10) for i in range(8)]
        state = tell(state, votes)
    assert len(state.to_json()) < 200_000
