"""How simulated people recognise buttons and albums."""

from typing import Any, cast

import pytest

from sandbox.client import Message
from sandbox.guests.errors import VisitError
from sandbox.guests.keyboard import DISLIKE_SIGN, LIKE_SIGN, find_album, find_choice, find_vote_buttons, quote


def said(number: int, *rows: list[str], **more: Any) -> Message:
    keyboard = [[{"text": text, "callback_data": text} for text in row] for row in rows]
    author = {"id": 9, "name": "Bot", "is_bot": True}
    return cast(Message, {"id": number, "chat_id": 1, "from": author, "date": 0, "keyboard": keyboard, **more})


def photo(number: int, group: str | None = "g") -> Message:
    more = {"media_group_id": group} if group else {}
    return said(number, photo={"file_id": f"f{number}", "width": 5, "height": 5}, **more)


def companion(number: int, reply_to: int, *rows: list[str]) -> Message:
    return said(number, *(rows or (["1 👍", "2 👍"], ["1 👎", "2 👎"])), reply_to=reply_to)


@pytest.mark.parametrize("texts", [["1 👍", "12 👍"], ["1👍 ✓", "12  liked 👍"], ["1️⃣ 👍", "12 · 👍 (3)"]])
def test_vote_buttons_are_known_by_number_and_sign(texts: list[str]) -> None:
    """Whatever else a button says, its number comes first and the sign is in it."""
    message = said(1, [*texts, "1 👎", "Next generation", "2 generations"])
    assert [(number, button["text"]) for number, button in find_vote_buttons(message, LIKE_SIGN).items()] == [
        (1, texts[0]),
        (12, texts[1]),
    ]
    assert list(find_vote_buttons(message, DISLIKE_SIGN)) == [1]


def test_album_is_what_the_companion_replies_to() -> None:
    """The newest companion counts, and only the photos of its own media group are its album."""
    messages = [photo(1, "old"), companion(2, 1), photo(3), photo(4), companion(5, 3)]
    album = find_album(messages, after=2)
    assert album is not None
    assert [message["id"] for message in album.photos] == [3, 4]
    assert find_album(messages, after=5) is None


def test_votes_without_album_are_refused() -> None:
    """Vote buttons that reply to no photo are said to be wrong."""
    with pytest.raises(VisitError, match="replies to none"):
        find_album([said(1, text="hello"), companion(2, 1)], after=0)


def test_missing_vote_button_is_refused() -> None:
    """Each picture needs its like and its dislike."""
    messages = [photo(1), photo(2), companion(3, 1, ["1 👍", "2 👍"], ["1 👎"])]
    with pytest.raises(VisitError, match=r"likes for \[1, 2\] and dislikes for \[1\]"):
        find_album(messages, after=0)


def test_choice_is_no_vote_and_no_cancel() -> None:
    """A style's button is a choice; vote buttons and a cancel button are none."""
    assert find_choice([photo(1), companion(2, 1), said(3, ["Cancel"])], after=0) is None
    found = find_choice([said(1, ["Old"]), said(2, ["Kandinsky", "Other"]), said(3, ["Cancel"])], after=1)
    assert found is not None
    assert found[1]["text"] == "Kandinsky"


def test_last_words_are_quoted_with_buttons() -> None:
    """An error quotes the bot's last message as a person would see it."""
    assert quote([said(1, ["Cancel"], text="Painting…")]) == "the bot's last message: “Painting…” [Cancel]"
    assert quote([]) == "the bot has said nothing at all"
