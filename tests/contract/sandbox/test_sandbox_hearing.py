"""Which updates a bot gets of what people do, by what it is in the chat and what it asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sandbox.errors import ClientError

Stage = Any  # the class lives in this folder's conftest.py, which no module can import
ADA, BEN, CHLOE, SALON = 1001, 1002, 1003, -2001
Act = Callable[[Stage], Awaitable[Any]]


async def _message(stage: Stage, chat: int = SALON) -> int:
    return int((await stage.do("sendMessage", chat_id=chat, text="a"))["message_id"])


async def _react(stage: Stage) -> None:
    await stage.people.react(SALON, stage.ids["message"], BEN, "🔥")


async def _say(stage: Stage) -> None:
    await stage.people.say(SALON, BEN, "hello")


async def _command(stage: Stage) -> None:
    await stage.people.say(SALON, BEN, "/start@vernissage_sandbox_bot")


async def _others_command(stage: Stage) -> None:
    await stage.people.say(SALON, BEN, "/start@other_bot")


async def _reply(stage: Stage) -> None:
    await stage.people.say(SALON, BEN, "yes", reply_to=stage.ids["message"])


async def _upload(stage: Stage) -> None:
    await stage.people.upload(SALON, BEN, [("a.zip", b"zip")], kind="document")


async def _leave(stage: Stage) -> None:
    await stage.people.groups.leave(SALON, BEN)


async def _promote(stage: Stage) -> None:
    await stage.people.groups.promote(SALON, ADA, BEN)


async def _vote(stage: Stage) -> None:
    await stage.people.answer_poll(SALON, stage.ids["poll"], BEN, 1)


async def _kick_bot(stage: Stage) -> None:
    await stage.people.groups.ban(SALON, ADA, "bot")


MEMBER, ADMIN, OPEN = "member", "administrator", "privacy off"
HEARD: list[tuple[str, Act, str, list[str]]] = [
    # https://core.telegram.org/bots/features#privacy-mode
    ("#message", _say, MEMBER, []),
    ("#message", _say, ADMIN, ["message"]),
    ("#message", _say, OPEN, ["message"]),
    ("#message", _command, MEMBER, ["message"]),
    ("#message", _others_command, MEMBER, []),
    ("#message", _others_command, ADMIN, ["message"]),
    ("#message", _reply, MEMBER, ["message"]),
    ("#message", _upload, MEMBER, []),
    ("#message", _upload, OPEN, ["message"]),
    # https://core.telegram.org/bots/api#update: only where the bot is an administrator
    ("#messagereactionupdated", _react, MEMBER, []),
    ("#messagereactionupdated", _react, OPEN, []),
    ("#messagereactionupdated", _react, ADMIN, ["message_reaction"]),
    ("#chatmemberupdated", _promote, MEMBER, []),
    ("#chatmemberupdated", _promote, ADMIN, ["chat_member"]),
    ("#chatmemberupdated", _leave, MEMBER, ["message"]),
    ("#chatmemberupdated", _leave, ADMIN, ["chat_member", "message"]),
    ("#chatmemberupdated", _kick_bot, MEMBER, ["my_chat_member", "message"]),
    # no right is needed for polls
    ("#pollanswer", _vote, MEMBER, ["poll_answer", "poll"]),
    ("#pollanswer", _vote, ADMIN, ["poll_answer", "poll"]),
]


@pytest.mark.parametrize(
    ("source", "act", "role", "kinds"), HEARD, ids=[f"{act.__name__[1:]}-{role}" for _, act, role, _ in HEARD]
)
async def test_it_hears_what_its_role_allows(stage: Stage, source: str, act: Act, role: str, kinds: list[str]) -> None:
    """In a group a bot hears by privacy mode, by its rights, and by what it asked for."""
    if role == ADMIN:
        await stage.people.groups.promote(SALON, ADA, "bot")
    await stage.people.house.set_privacy(role != OPEN)
    stage.ids["message"] = await _message(stage)
    options = [{"text": "a"}, {"text": "b"}]
    poll = await stage.do("sendPoll", chat_id=SALON, question="?", options=options, is_anonymous=False)
    stage.ids["poll"] = poll["message_id"]
    await stage.listen()
    await act(stage)
    assert [list(update)[1] for update in await stage.updates()] == kinds, source
    await stage.updates("callback_query")
    assert (await stage.do("getMe"))["can_read_all_group_messages"] is (role == OPEN)


async def test_what_is_left_out_by_default_must_be_asked_for(stage: Stage) -> None:
    """Reactions and members do not come to a bot that names no kinds (https://core.telegram.org/bots/api#getupdates)."""
    await stage.people.groups.promote(SALON, ADA, "bot")
    message = await _message(stage)
    await stage.updates()
    await stage.people.react(SALON, message, BEN, "👍")
    await stage.people.groups.promote(SALON, ADA, BEN)
    assert await stage.updates() == []
    await stage.updates("message_reaction")
    await stage.people.react(SALON, message, BEN)
    [update] = await stage.updates()
    assert (update["message_reaction"]["old_reaction"], update["message_reaction"]["new_reaction"]) == (
        [{"type": "emoji", "emoji": "👍"}],
        [],
    )


async def test_a_reaction_to_an_album_lands_on_its_first_picture(stage: Stage) -> None:
    """Whichever picture was touched, and also for the bot's own (https://core.telegram.org/bots/api#setmessagereaction)."""
    await stage.people.groups.promote(SALON, ADA, "bot")
    photo = (await stage.send_photo(SALON))["photo"][0]["file_id"]
    media = [{"type": "photo", "media": photo}] * 3
    first, second, third = [m["message_id"] for m in await stage.do("sendMediaGroup", chat_id=SALON, media=media)]
    await stage.listen()
    await stage.people.react(SALON, third, BEN, "🔥")
    await stage.do("setMessageReaction", chat_id=SALON, message_id=second, reaction=[{"type": "emoji", "emoji": "👍"}])
    [update] = await stage.updates()
    assert update["message_reaction"]["message_id"] == first
    shown = {message["id"]: message.get("reactions") for message in await stage.people.messages(SALON)}
    assert shown[first] == [{"emoji": "🔥", "by": [BEN]}, {"emoji": "👍", "by": [stage.server.state.bot.id]}]
    assert (shown[second], shown[third]) == (None, None)
    await stage.do("deleteMessage", chat_id=SALON, message_id=first)
    await stage.people.react(SALON, third, BEN, "🔥")
    assert (await stage.updates())[-1]["message_reaction"]["message_id"] == second


async def test_a_channel_tells_counts_instead_of_names(stage: Stage) -> None:
    """Reactions without names come as `message_reaction_count` (https://core.telegram.org/bots/api#messagereactioncountupdated)."""
    channel = (await stage.people.groups.found("Channel", [ADA, BEN], "channel"))["id"]
    message = await _message(stage, channel)
    await stage.listen()
    await stage.people.react(channel, message, ADA, "👍")
    await stage.people.react(channel, message, BEN, "👍")
    counts = [update["message_reaction_count"]["reactions"][0]["total_count"] for update in await stage.updates()]
    assert counts == [1, 2]


async def test_an_anonymous_administrator_acts_as_the_chat(stage: Stage) -> None:
    """Messages, reactions and votes carry the chat; a press still names the person (https://core.telegram.org/bots/api#message)."""
    await stage.people.groups.promote(SALON, ADA, "bot")
    await stage.people.groups.promote(SALON, ADA, BEN, is_anonymous=True)
    poll = await stage.do("sendPoll", chat_id=SALON, question="?", options=[{"text": "a"}], is_anonymous=False)
    await stage.listen()
    await stage.people.say(SALON, BEN, "hello")
    await stage.people.react(SALON, poll["message_id"], BEN, "👍")
    await stage.people.answer_poll(SALON, poll["message_id"], BEN, 0)
    said, reacted, voted, _ = await stage.updates()
    assert (said["message"]["from"]["id"], said["message"]["sender_chat"]["id"]) == (1087968824, SALON)
    assert (reacted["message_reaction"]["actor_chat"]["id"], "user" in reacted["message_reaction"]) == (SALON, False)
    assert (voted["poll_answer"]["voter_chat"]["id"], "user" in voted["poll_answer"]) == (SALON, False)
    press = asyncio.create_task(stage.people.press(SALON, poll["message_id"], BEN, "x"))
    async with asyncio.timeout(5):
        while not (pressed := await stage.updates()):
            pass
    assert pressed[0]["callback_query"]["from"]["id"] == BEN
    press.cancel()


async def test_channels_post_as_themselves(stage: Stage) -> None:
    """A channel's post has no sender but the channel; its owner may speak in groups in its name (https://core.telegram.org/bots/api#message)."""
    channel = (await stage.people.groups.found("Channel", [ADA], "channel"))["id"]
    await stage.people.house.set_privacy(False)
    await stage.listen()
    await stage.people.say(channel, ADA, "a post")
    await stage.people.say(SALON, ADA, "as the channel", as_chat=channel)
    post, said = await stage.updates()
    assert (post["channel_post"]["sender_chat"]["type"], "from" in post["channel_post"]) == ("channel", False)
    assert (said["message"]["from"]["id"], said["message"]["sender_chat"]["id"]) == (136817688, channel)
    sent = await stage.do("sendMessage", chat_id=channel, text="by the bot")
    assert (sent["sender_chat"]["id"], "from" in sent) == (channel, False)
    with pytest.raises(ClientError, match="owns no channel"):
        await stage.people.say(SALON, BEN, "not mine", as_chat=channel)


async def test_a_group_becomes_a_supergroup(stage: Stage) -> None:
    """Both chats tell of it, with the ids of the other (https://core.telegram.org/bots/api#message)."""
    await stage.listen()
    new = await stage.people.groups.migrate(SALON, ADA)
    old_told, new_told = [update["message"] for update in await stage.updates()]
    assert (old_told["chat"]["id"], old_told["migrate_to_chat_id"]) == (SALON, new["id"])
    assert (new_told["chat"]["id"], new_told["migrate_from_chat_id"]) == (new["id"], SALON)
    assert (new["type"], new["members"]) == ("supergroup", [ADA, BEN, CHLOE])
    with pytest.raises(ClientError, match="has become supergroup"):
        await stage.people.say(SALON, ADA, "anybody?")


async def test_topics_carry_their_thread(stage: Stage) -> None:
    """Messages and replies of a topic name it; a reaction does not (https://core.telegram.org/bots/api#messagereactionupdated)."""
    forum = (await stage.people.groups.found("Forum", [ADA, BEN], "supergroup", is_forum=True))["id"]
    await stage.people.groups.promote(forum, ADA, "bot")
    await stage.listen()
    topic = (await stage.people.groups.open_topic(forum, ADA, "Blue"))["id"]
    said = await stage.people.say(forum, BEN, "hello", thread=topic)
    await stage.people.react(forum, said["id"], ADA, "👍")
    opened, message, reaction = await stage.updates()
    assert opened["message"]["forum_topic_created"]["name"] == "Blue"
    assert (message["message"]["message_thread_id"], message["message"]["is_topic_message"]) == (topic, True)
    assert "message_thread_id" not in reaction["message_reaction"]
    sent = await stage.do("sendMessage", chat_id=forum, text="a", message_thread_id=topic)
    assert (sent["message_thread_id"], sent["chat"]["is_forum"]) == (topic, True)
    await stage.people.groups.close_topic(forum, ADA, topic)
    assert "forum_topic_closed" in (await stage.updates())[-1]["message"]
    with pytest.raises(ClientError, match="is closed"):
        await stage.people.say(forum, BEN, "too late", thread=topic)


async def test_standings_are_told_as_they_are(stage: Stage) -> None:
    """Each standing has its own fields (https://core.telegram.org/bots/api#chatmember)."""
    groups = stage.people.groups
    await groups.promote(SALON, ADA, BEN, may=["can_pin_messages"])
    await groups.restrict(SALON, ADA, CHLOE, may=["can_send_messages"])
    told = [await stage.do("getChatMember", chat_id=SALON, user_id=person) for person in (ADA, BEN, CHLOE)]
    assert [member["status"] for member in told] == ["creator", "administrator", "restricted"]
    assert (told[1]["can_pin_messages"], told[1]["can_delete_messages"]) == (True, False)
    assert (told[2]["can_send_messages"], told[2]["can_send_photos"]) == (True, False)
    admins = await stage.do("getChatAdministrators", chat_id=SALON)
    assert [member["user"]["id"] for member in admins] == [ADA, BEN]
    await groups.ban(SALON, ADA, CHLOE)
    assert (await stage.do("getChatMember", chat_id=SALON, user_id=CHLOE))["status"] == "kicked"
    assert await stage.do("getChatMemberCount", chat_id=SALON) == 3
    with pytest.raises(ClientError, match="was banned"):
        await groups.join(SALON, CHLOE)


async def test_an_edit_comes_as_one(stage: Stage) -> None:
    """With the date of the edit, and only of one's own messages (https://core.telegram.org/bots/api#update)."""
    said = await stage.people.say(ADA, ADA, "/paint")
    sent = await _message(stage, ADA)
    await stage.listen()
    stage.clock.advance(5)
    await stage.people.edit(ADA, said["id"], ADA, "/paint again")
    await stage.people.edit(ADA, said["id"], ADA, "/paint again")
    [update] = await stage.updates()
    edited = update["edited_message"]
    assert (edited["text"], edited["edit_date"] - edited["date"]) == ("/paint again", 5)
    with pytest.raises(ClientError, match="is not one that person 1001 wrote"):
        await stage.people.edit(ADA, sent, ADA, "forged")


async def test_facts_of_a_plain_group_can_be_read_from_outside(stage: Stage) -> None:
    """A group's can, a supergroup's cannot (the public server, telegram-bot-api/Client.cpp: check_chat_access)."""
    house = (await stage.people.groups.found("House", [ADA], "supergroup"))["id"]
    for chat in (SALON, house):
        await stage.people.groups.remove(chat, ADA, "bot")
    assert (await stage.do("getChat", chat_id=SALON))["title"] == "Salon"
    body = await stage.call("getChat", chat_id=house)
    assert body["description"] == "Forbidden: bot is not a member of the supergroup chat"


async def test_a_deleted_account_is_deactivated(stage: Stage) -> None:
    """They have left their groups, and cannot be written to (403, as for a block)."""
    await stage.people.groups.promote(SALON, ADA, "bot")
    await stage.listen()
    await stage.people.groups.delete_account(BEN)
    [member, service] = await stage.updates()
    assert member["chat_member"]["new_chat_member"]["status"] == "left"
    assert service["message"]["left_chat_member"]["id"] == BEN
    body = await stage.call("sendMessage", chat_id=BEN, text="a")
    assert (body["error_code"], body["description"]) == (403, "Forbidden: user is deactivated")
    with pytest.raises(ClientError, match="deleted their account"):
        await stage.people.say(BEN, BEN, "a ghost")


FORBIDDEN: list[tuple[str, Act, str]] = [
    ("vote in what is no poll", lambda s: s.people.answer_poll(ADA, s.ids["text"], ADA, 0), "is no poll"),
    ("two answers where one is allowed", lambda s: s.people.answer_poll(ADA, s.ids["poll"], ADA, 0, 1), "one answer"),
    ("an option that is not there", lambda s: s.people.answer_poll(ADA, s.ids["poll"], ADA, 2), "from 0 to 1"),
    ("two reactions", lambda s: s.people.react(ADA, s.ids["text"], ADA, "👍", "🔥"), "one of Telegram's emoji"),
    ("a strange emoji", lambda s: s.people.react(ADA, s.ids["text"], ADA, "🚲"), "one of Telegram's emoji"),
    ("a picture that is none", lambda s: s.people.upload(ADA, ADA, [("a.png", b"a")]), "IMAGE_PROCESS_FAILED"),
    ("nothing to send", lambda s: s.people.upload(ADA, ADA, []), "1 to 10 files"),
    ("promote as a member", lambda s: s.people.groups.promote(SALON, BEN, CHLOE), "no administrator"),
    ("depose the owner", lambda s: s.people.groups.ban(SALON, BEN, ADA), "owns chat"),
    ("migrate as a member", lambda s: s.people.groups.migrate(SALON, BEN), "does not own"),
    ("a group in private", lambda s: s.people.groups.join(ADA, ADA), "is a private chat"),
    ("a topic in a plain group", lambda s: s.people.groups.open_topic(SALON, ADA, "a"), "has no topics"),
    ("an unknown right", lambda s: s.people.groups.promote(SALON, ADA, BEN, may=["can_fly"]), "unknown right"),
    ("a forum that is a group", lambda s: s.people.groups.found("a", [ADA], is_forum=True), "type supergroup"),
    ("a clock that goes back", lambda s: s.people.house.advance(-1), "0 or more"),
]


@pytest.mark.parametrize(("what", "act", "words"), FORBIDDEN, ids=[row[0] for row in FORBIDDEN])
async def test_people_are_told_what_they_may_not_do(stage: Stage, what: str, act: Act, words: str) -> None:
    """An act that Telegram's clients would not offer is refused in words that name the cure."""
    stage.ids["text"] = await _message(stage, ADA)
    options = [{"text": "a"}, {"text": "b"}]
    stage.ids["poll"] = (await stage.do("sendPoll", chat_id=ADA, question="?", options=options))["message_id"]
    await stage.updates()
    with pytest.raises(ClientError, match=words):
        await act(stage)
    assert await stage.updates() == [], what
