import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from evolution import Chromosome, Config, Continuous, Gene, Multiple, Single, Space, Vote
from evolution.errors import (
    BadChromosomeError,
    BadConfigError,
    BadSeedError,
    BadSpaceError,
    BadVoteError,
    EvolutionError,
    UnknownStrategyError,
    UnreadableError,
)

GENES: dict[str, Gene] = {
    "line": "curve line",
    "hue": ("red", "green", "blue"),
    "plane": ("point", "circle"),
    "brightness": 0.1,
    "parallel": -0.5,
    "structure": 1.0,
}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Space(()),
        lambda: Space((Single("line", ("a",)), Continuous("line", 0, 1))),
        lambda: Space((("line", ("a",)),)),  # type: ignore[arg-type]  # what a caller without types may pass
        lambda: Space(7),  # type: ignore[arg-type]  # the same
        lambda: Single("", ("a", "b")),
        lambda: Single("line", ()),
        lambda: Single("line", "abc"),  # type: ignore[arg-type]  # the same: a string is no table of values
        lambda: Single("line", ("a", "a")),
        lambda: Single("line", ("a", "")),
        lambda: Multiple("hue", ("a", "b"), 3),
        lambda: Multiple("hue", ("a", "b"), 0),
        lambda: Multiple("hue", ("a", "b"), True),
        lambda: Continuous("brightness", 1.0, 1.0),
        lambda: Continuous("brightness", 1.0, -1.0),
        lambda: Continuous("brightness", float("nan"), 1.0),
        lambda: Continuous("brightness", 0.0, float("inf")),
        lambda: Continuous("brightness", 0.0, 10**400),
        lambda: Continuous("brightness", "0", 1.0),  # type: ignore[arg-type]  # the same
    ],
)
def test_attributes_that_make_no_sense_are_refused(make: Callable[[], object]) -> None:
    """Whatever contradicts itself cannot become a space."""
    with pytest.raises(BadSpaceError):
        make()


def test_attributes_take_lists_and_whole_numbers_but_keep_tuples_and_floats() -> None:
    """What a TOML file holds can be passed as it is, and what is kept cannot be changed."""
    hue = Multiple("hue", ["a", "b"], 1)  # type: ignore[arg-type]  # a list, as a file gives it
    brightness = Continuous("brightness", -1, 1)
    assert hue.values == ("a", "b")
    assert repr(brightness.low) == "-1.0"


@pytest.mark.parametrize(
    "change",
    [
        {"line": "wavy line"},
        {"line": ("curve line",)},
        {"hue": ("red", "green")},
        {"hue": ("red", "green", "pink")},
        {"hue": "red"},
        {"brightness": 1.01},
        {"brightness": "dark"},
        {"taste": 1.0},
    ],
)
def test_space_refuses_genes_that_it_does_not_allow(space: Space, change: dict[str, Gene]) -> None:
    """A chromosome must fit the space gene by gene; one that does passes."""
    space.check(Chromosome(GENES, 0))
    with pytest.raises(BadChromosomeError):
        space.check(Chromosome({**GENES, **change}, 0))


def test_space_refuses_a_chromosome_that_lacks_a_gene(space: Space) -> None:
    """Every attribute must have its gene."""
    with pytest.raises(BadChromosomeError, match="line"):
        space.check(Chromosome({name: gene for name, gene in GENES.items() if name != "line"}, 0))


@pytest.mark.parametrize(
    ("values", "seed", "error"),
    [
        ({"line": ""}, 0, BadChromosomeError),
        ({"hue": ("red", "red")}, 0, BadChromosomeError),
        ({"hue": ()}, 0, BadChromosomeError),
        ({"brightness": float("nan")}, 0, BadChromosomeError),
        ({"brightness": None}, 0, BadChromosomeError),
        ({"brightness": True}, 0, BadChromosomeError),
        ({1: "a"}, 0, BadChromosomeError),
        ("line", 0, BadChromosomeError),
        ({}, -1, BadSeedError),
        ({}, 2**31, BadSeedError),
        ({}, 1.0, BadSeedError),
    ],
)
def test_malformed_genes_and_seeds_are_refused(values: Any, seed: Any, error: type[EvolutionError]) -> None:
    """A chromosome holds words, different words, finite numbers, and a seed of 31 bits."""
    with pytest.raises(error):
        Chromosome(values, seed)


def test_chromosome_cannot_be_changed_and_takes_nothing_from_its_maker() -> None:
    """A chromosome is a value: neither it nor the dict that it was made from reaches into the other."""
    source: dict[str, Any] = {"hue": ["red", "green"], "line": "curve line"}
    chromosome = Chromosome(source, 1)
    source["hue"].append("blue")
    source["line"] = "straight line"
    assert chromosome.values == {"hue": ("red", "green"), "line": "curve line"}
    with pytest.raises(TypeError):
        chromosome.values["line"] = "x"  # type: ignore[index]  # the very thing that must fail
    with pytest.raises(AttributeError):
        chromosome.seed = 2  # type: ignore[misc]  # the very thing that must fail


def test_chromosome_survives_hash_copy_and_pickle() -> None:
    """A chromosome can be a key, and can go to another process."""
    chromosome = Chromosome(GENES, 5)
    assert pickle.loads(pickle.dumps(chromosome)) == copy.deepcopy(chromosome) == chromosome  # noqa: S301  # our own bytes
    assert len({chromosome, Chromosome(dict(reversed(GENES.items())), 5)}) == 1


def test_chromosome_gives_words_and_numbers_by_name() -> None:
    """Whoever decodes a chromosome gets words as a tuple and numbers as floats, or a clear error."""
    chromosome = Chromosome(GENES, 5)
    assert chromosome.words("line") == ("curve line",)
    assert chromosome.words("plane") == ("point", "circle")
    assert chromosome.number("structure") == 1.0
    with pytest.raises(BadChromosomeError, match="brightness"):
        chromosome.words("brightness")
    with pytest.raises(BadChromosomeError, match="taste"):
        chromosome.number("taste")


def test_chromosome_json_is_readable_and_sorted() -> None:
    """The text that storage keeps says what it means."""
    text = Chromosome({"line": "curve line", "hue": ("red", "blue"), "brightness": 0.1}, 7).to_json()
    assert text == '{"seed":7,"values":{"brightness":0.1,"hue":["red","blue"],"line":"curve line"}}'


@pytest.mark.parametrize(
    "text", ["", "7", "{}", "[" * 10**5, '{"seed":0}', '{"seed":-1,"values":{}}', '{"seed":0,"values":{"b":NaN}}']
)
def test_text_that_is_no_chromosome_is_refused(text: str) -> None:
    """Any other text gives one clear error."""
    with pytest.raises(UnreadableError, match="chromosome"):
        Chromosome.from_json(text)


def test_space_survives_json(space: Space) -> None:
    """A space comes back equal from its text."""
    assert Space.from_json(space.to_json()) == space


@pytest.mark.parametrize("kind", ["double", "Single", 3])
def test_text_of_an_unknown_kind_of_attribute_is_refused(kind: object) -> None:
    """An attribute of a kind that this version does not know is an error, not a guess."""
    text = Space((Single("line", ("a",)),)).to_json().replace('"single"', f'"{kind}"')
    with pytest.raises(UnreadableError, match="space"):
        Space.from_json(text)


def test_default_strategy_works_and_a_missing_one_names_those_there_are() -> None:
    """The default can be used today; asking for another says what is available."""
    assert Config() == Config(strategy="guided", mutation_rate=0.05)
    with pytest.raises(UnknownStrategyError, match=r"'magic'.*guided, paper, random"):
        Config(strategy="magic")


@pytest.mark.parametrize(
    "setting", [{"variety": -0.1}, {"variety": 4.5}, {"variety": "1"}, {"interactions": 1}, {"use_prior": None}]
)
def test_setting_of_guided_out_of_its_range_is_refused(setting: dict[str, Any]) -> None:
    """The message names the setting."""
    with pytest.raises(BadConfigError, match=next(iter(setting))):
        Config(**setting)


@pytest.mark.parametrize("rate", [-0.01, 1.01, float("nan"), "0.05", True])
def test_mutation_rate_is_a_probability(rate: Any) -> None:
    """A rate outside [0, 1] is refused."""
    with pytest.raises(BadConfigError, match="mutation_rate"):
        Config(mutation_rate=rate)


@pytest.mark.parametrize(
    "fields",
    [
        {"value": 2},
        {"value": -2},
        {"value": 0.5},
        {"value": True},
        {"value": None},
        {"index": -1},
        {"index": 1.0},
        {"voter": ""},
        {"voter": 5},
        {"generation": 0},
    ],
)
def test_impossible_vote_is_refused(fields: dict[str, Any]) -> None:
    """A vote is +1, -1 or 0, of somebody, for a picture counted from 0, in a generation counted from 1."""
    with pytest.raises(BadVoteError):
        Vote(**{"voter": "u1", "index": 0, "value": 1, **fields})
