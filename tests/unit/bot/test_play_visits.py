from datetime import UTC, datetime
from typing import Any

from telegram import CallbackQuery, Chat, Message, MessageReactionUpdated, Update, User

from bot.visits import visit_of
from storage.chats import ChatKind

ADA = User(1001, "Ada", is_bot=False, language_code="de")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _message(chat: Chat, **more: Any) -> Message:
    return Message(5, NOW, chat, text="hello", **more)


def test_a_private_message_is_a_visit_in_ones_own_chat() -> None:
    """Chat and person are the same, and the person's language is spoken."""
    visit = visit_of(Update(1, message=_message(Chat(1001, "private", first_name="Ada"), from_user=ADA)))
    assert visit is not None
    assert (visit.chat, visit.person, visit.kind, visit.language) == (1001, 1001, ChatKind.PRIVATE, "de")
    assert visit.audience.is_private


def test_an_anonymous_administrator_is_the_chat() -> None:
    """Who acts as a chat is one voter, by that chat's id."""
    group = Chat(-2001, "supergroup", title="Salon")
    robot = User(1087968824, "Group", is_bot=True)
    visit = visit_of(Update(1, message=_message(group, from_user=robot, sender_chat=group)))
    assert visit is not None
    assert (visit.person, visit.first_name) == (-2001, "Salon")


def test_a_press_is_the_person_who_pressed() -> None:
    """Not the bot, whose message carries the button; and in the topic that the message is in."""
    robot = User(5, "Vernissage", is_bot=True)
    pressed = _message(
        Chat(-2001, "supergroup", title="Salon"), from_user=robot, message_thread_id=9, is_topic_message=True
    )
    query = CallbackQuery("q", ADA, "instance", message=pressed, data="1:n:1")
    visit = visit_of(Update(1, callback_query=query))
    assert visit is not None
    assert (visit.chat, visit.person, visit.thread) == (-2001, 1001, 9)


def test_an_anonymous_administrators_reaction_is_the_chats() -> None:
    """It names no person, only the chat in whose name it was given."""
    group = Chat(-2001, "supergroup", title="Salon")
    visit = visit_of(Update(1, message_reaction=MessageReactionUpdated(group, 5, NOW, (), (), actor_chat=group)))
    assert visit is not None
    assert (visit.chat, visit.person, visit.first_name) == (-2001, -2001, "Salon")


def test_an_update_of_nobody_is_no_visit() -> None:
    """A poll's news, for one, has neither chat nor person."""
    assert visit_of(Update(1)) is None
