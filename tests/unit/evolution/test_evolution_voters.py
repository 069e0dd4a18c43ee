from evolution import Space, State, Vote, ask, rename_voters, start, tell, voters_of


def _voted(space: Space) -> State:
    state, _ = ask(start(space, seed=4), 3)
    state = tell(state, [Vote("ada", 0, 1), Vote("ben", 0, -1), Vote("ben", 2, 1)])
    return ask(state, 3)[0]


def test_a_renamed_voter_has_the_same_votes(space: Space) -> None:
    """Renaming there and back is nothing, and no other voter is touched."""
    state = _voted(space)
    renamed = rename_voters(state, {"ada": "zoe"})
    assert voters_of(renamed) == ("ben", "zoe")
    assert rename_voters(renamed, {"zoe": "ada"}) == state
    assert "ada" not in renamed.to_json()


def test_a_deleted_voter_leaves_no_trace_but_the_albums(space: Space) -> None:
    """Their votes and their name are gone, others' stay, and the albums stay told."""
    state = _voted(space)
    left = rename_voters(state, {"ben": None})
    assert voters_of(left) == ("ada",)
    assert [one.chromosomes for one in left.generations] == [one.chromosomes for one in state.generations]
    assert [one.is_told for one in left.generations] == [True, False]
    assert State.from_json(left.to_json()) == left
