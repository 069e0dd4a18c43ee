"""Decides: learns a taste from votes and proposes what to paint next."""

from evolution.chromosome import Chromosome, Gene
from evolution.config import STRATEGIES, Config
from evolution.guided.insight import AttributeWorth, Insight, Interaction, Worth
from evolution.guided.signs import Signs
from evolution.learning import learn_prior
from evolution.prior import GroupTaste, Prior, Tally
from evolution.session import ask, blend, sample, start, tell
from evolution.space import Attribute, Continuous, Multiple, Single, Space
from evolution.state import State
from evolution.taste import ChoiceTaste, SliderTaste, Taste, ValueTaste, explain
from evolution.vote import Vote

__all__ = [
    "STRATEGIES",
    "Attribute",
    "AttributeWorth",
    "ChoiceTaste",
    "Chromosome",
    "Config",
    "Continuous",
    "Gene",
    "GroupTaste",
    "Insight",
    "Interaction",
    "Multiple",
    "Prior",
    "Signs",
    "Single",
    "SliderTaste",
    "Space",
    "State",
    "Tally",
    "Taste",
    "ValueTaste",
    "Vote",
    "Worth",
    "ask",
    "blend",
    "explain",
    "learn_prior",
    "sample",
    "start",
    "tell",
]
