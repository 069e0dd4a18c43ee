"""The errors that `evolution` raises on bad input.

EvolutionError
├── BadSpaceError            attributes that contradict themselves or one another
├── BadChromosomeError       genes that are malformed, or that a space does not allow
├── BadConfigError           a setting out of its range
│   └── UnknownStrategyError     a strategy that this version does not have
├── BadSeedError             a seed out of its range
├── BadCountError            fewer than one picture asked for
├── BadVoteError             a vote of an impossible value, or for a picture that is not there
│   └── UnknownGenerationError   a vote for a generation that was never asked for
├── BadPriorError            counts that make no sense, or that belong to other attributes
├── SpaceMismatchError       states of different spaces where one space was needed
└── UnreadableError          a text that is not what `to_json` writes
    └── NewerFormatError         a text that a later version of the program wrote
"""


class EvolutionError(Exception):
    """Base of all errors of this package."""


class BadSpaceError(EvolutionError):
    """Attributes that contradict themselves or one another."""


class BadChromosomeError(EvolutionError):
    """Genes that are malformed, or that a space does not allow."""


class BadConfigError(EvolutionError):
    """A setting out of its range."""


class UnknownStrategyError(BadConfigError):
    """A strategy that this version does not have; the message names those it has."""


class BadSeedError(EvolutionError):
    """A seed out of its range."""


class BadCountError(EvolutionError):
    """Fewer than one picture asked for."""


class BadVoteError(EvolutionError):
    """A vote of an impossible value, or for a picture that is not there."""


class UnknownGenerationError(BadVoteError):
    """A vote for a generation that was never asked for."""


class BadPriorError(EvolutionError):
    """Counts that make no sense, or that belong to other attributes."""


class SpaceMismatchError(EvolutionError):
    """States of different spaces where one space was needed."""


class UnreadableError(EvolutionError):
    """A text that is not what `to_json` writes."""


class NewerFormatError(UnreadableError):
    """A text that a later version of the program wrote."""
