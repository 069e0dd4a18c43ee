"""The paper's space, which most tests of this package evolve in."""

import pytest

from evolution import Continuous, Multiple, Single, Space


@pytest.fixture(scope="session")
def space() -> Space:
    """Return the attributes of the paper, in its order."""
    return Space(
        (
            Single("line", ("curve line", "angular line", "straight line")),
            Multiple("hue", ("white", "orange", "yellow", "grey", "red", "green", "black", "blue", "violet"), 3),
            Multiple("plane", ("point", "triangle", "square", "circle"), 2),
            Continuous("brightness", -1.0, 1.0),
            Continuous("parallel", -0.5, 0.5),
            Continuous("structure", -1.0, 1.0),
        )
    )
