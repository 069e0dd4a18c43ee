import io
from dataclasses import replace

import pytest
from PIL import Image

from bot.keeps.taste_chart import draw_taste
from bot.keeps.taste_view import Found, Ranked, Slid, panels
from bot.keeps.taste_words import has_learned, taste_words
from bot.words import words_for
from evolution import Config, Continuous, Multiple, Single, Space, State, Taste, Vote, ask, explain, start, tell
from evolution.guided.signs import Signs

WORDS = words_for("en")
SPACE = Space(
    (
        Single("line", ("curve line", "angular line", "straight line")),
        Multiple("hue", ("white", "orange", "yellow", "grey", "red", "green", "black", "blue", "violet"), 3),
        Continuous("brightness", -1.0, 1.0),
    )
)


def _voted(strategy: str, generations: int = 5) -> State:
    """Somebody who likes bright pictures with red, and nothing else."""
    state = start(SPACE, seed=3, config=Config(strategy=strategy))
    for _ in range(generations):
        state, shown = ask(state, 6)
        likes = [one.number("brightness") + 1.5 * ("red" in one.words("hue")) > 0.8 for one in shown]
        state = tell(state, [Vote("ada", index, 1 if is_liked else -1) for index, is_liked in enumerate(likes)])
    return state


@pytest.fixture(scope="module", params=["guided", "paper", "random"])
def taste(request: pytest.FixtureRequest) -> Taste:
    """What each strategy has learned of the same person."""
    return explain(_voted(request.param))


def test_every_attribute_is_shown_with_its_best_first(taste: Taste) -> None:
    """Values are ranked by what they are worth, each within its interval; red is the best hue."""
    line, hue, brightness = panels(taste, SPACE)
    assert isinstance(line, Ranked)
    assert isinstance(hue, Ranked)
    assert isinstance(brightness, Slid | Found)
    assert hue.marks[0].label == "red"
    assert [mark.middle for mark in hue.marks] == sorted((mark.middle for mark in hue.marks), reverse=True)
    assert all(mark.low <= mark.middle <= mark.high for mark in (*line.marks, *hue.marks))


def test_the_chart_is_as_wide_as_a_phone_shows_and_not_taller_than_it_scrolls(taste: Taste) -> None:
    """It is 1080 px wide, at most half again as high, and no two tastes look the same."""
    chart = draw_taste("Kandinsky", 0.4, panels(taste, SPACE))
    with Image.open(io.BytesIO(chart)) as image:
        assert image.width == 1080
        assert 600 < image.height < 1620
    assert chart != draw_taste("Kandinsky", 0.4, panels(explain(_voted("random", 1)), SPACE))


def test_words_name_what_is_liked_and_fit_a_caption(taste: Taste) -> None:
    """Red, or much brightness, is named; so is how sure that is, where the strategy can tell."""
    said = taste_words(WORDS, taste, panels(taste, SPACE))
    assert "red" in said or "much brightness" in said
    assert "👍" in said
    assert len(said) <= 1024
    assert ("I know about" in said) == (taste.insight is not None)


def test_each_failure_sign_is_said_in_words() -> None:
    """Contradictory, drifting, all alike, and two camps: each adds its sentence, and none is said without cause."""
    taste = explain(_voted("guided"))
    assert taste.insight is not None
    shown = panels(taste, SPACE)
    troubled = replace(taste.insight, signs=Signs(True, True, True, 0.1), camps=(("a", "b"), ("c",)))
    said = taste_words(WORDS, replace(taste, insight=troubled), shown)
    for sentence in ("contradict one another", "changes as we go", "nearly alike", "of 2 and 1 voters"):
        assert sentence in said
        calm = replace(taste.insight, signs=Signs(False, False, False, 1.0), camps=())
        assert sentence not in taste_words(WORDS, replace(taste, insight=calm), shown)


@pytest.mark.parametrize(("votes", "words"), [(None, "too early"), (0, "enough to be sure"), (17, "sure: 17")])
def test_how_long_it_takes_is_said(votes: int | None, words: str) -> None:
    """The number of votes, that they suffice, or that it cannot be told."""
    taste = explain(_voted("guided", 1))
    assert taste.insight is not None
    said = taste_words(WORDS, replace(taste, insight=replace(taste.insight, votes_until_sure=votes)), ())
    assert words in said
    assert "Nothing stands out" in said


def test_nothing_is_learned_of_nobody() -> None:
    """Albums without a vote teach nothing, and can be shown all the same."""
    state, _ = ask(start(SPACE, seed=1, config=Config(strategy="paper")), 6)
    taste = explain(state)
    assert not has_learned(taste)
    assert draw_taste("Kandinsky", None, panels(taste, SPACE))
