import asyncio

import pytest

from bot.cards import Card, card_text
from bot.words import words_for
from style.painter import Progress

WORDS = words_for("en")


def test_the_card_says_position_then_progress() -> None:
    """Queued requests hear how many are ahead, painted ones how far they are."""
    assert "3 ahead" in card_text(WORDS, 2, Progress("queued", 3, 5))
    assert "next in line" in card_text(WORDS, 2, Progress("queued", 0, 5))
    assert "50 %" in card_text(WORDS, 2, Progress("painting", 10, 20))
    assert "0 %" in card_text(WORDS, 2, Progress("painting", 0, 0))


async def test_many_steps_make_few_edits() -> None:
    """Whatever comes while an edit is on its way is shown by the next edit, as its newest state alone."""
    edits: list[str] = []
    release = asyncio.Event()
    shown = asyncio.Event()

    async def edit(text: str) -> None:
        edits.append(text)
        shown.set()
        await release.wait()

    card = Card(WORDS, 1, edit, gap_s=0)
    running = asyncio.create_task(card.run())
    card.show(Progress("painting", 1, 100))
    await shown.wait()
    shown.clear()
    for done in range(2, 100):
        card.show(Progress("painting", done, 100))
    release.set()
    await shown.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [text.rpartition(" ▱")[-1].split()[-2] for text in edits] == ["1", "99"]
