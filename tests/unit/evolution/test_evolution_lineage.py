from dataclasses import replace

from evolution import Config, Space, ask, kin, start


def test_a_picture_takes_after_those_that_share_most_of_its_genes(space: Space) -> None:
    """A copy comes first, then the one that differs in one gene; strangers are no kin."""
    _, shown = ask(start(space, seed=2, config=Config(strategy="random")), 8)
    child = shown[0]
    other_line = next(value for value in ("curve line", "angular line") if value != child.values["line"])
    sibling = replace(child, values={**child.values, "line": other_line})
    stranger = max(shown[1:], key=lambda one: sum(one.values[name] != child.values[name] for name in child.values))
    assert kin(space, child, [stranger, sibling, child]) == (2, 1)
    assert kin(space, child, [stranger, sibling, child], most=1) == (2,)
    assert kin(space, child, [stranger]) == ()


def test_of_equally_near_ones_the_later_comes_first(space: Space) -> None:
    """Twins among the liked are told apart by when they came."""
    _, (child,) = ask(start(space, seed=2), 1)
    assert kin(space, child, [child, child, child]) == (2, 1)


def test_nobody_liked_means_no_kin(space: Space) -> None:
    """The first album takes after nothing."""
    _, (child,) = ask(start(space, seed=2), 1)
    assert kin(space, child, []) == ()
