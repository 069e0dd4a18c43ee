"""Polls by the clock and by hand (https://core.telegram.org/bots/api#sendpoll), and what people send."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.errors import ClientError

Stage = Any  # the class lives in this folder's conftest.py, which no module can import
ADA, BEN, SALON = 1001, 1002, -2001
OPTIONS = [{"text": "a"}, {"text": "b"}]


async def _poll(stage: Stage, **fields: Any) -> Any:
    asked = {"chat_id": SALON, "question": "Which?", "options": OPTIONS, "is_anonymous": False, **fields}
    return await stage.do("sendPoll", **asked)


def _counts(poll: Any) -> list[int]:
    return [option["voter_count"] for option in poll["options"]]


async def test_votes_are_replaced_and_taken_back(stage: Stage) -> None:
    """Each voter counts once, and every change comes as an answer (#pollanswer)."""
    poll = await _poll(stage, allows_multiple_answers=True)
    await stage.listen()
    for options in ((0,), (0, 1), (1,), ()):
        await stage.people.answer_poll(SALON, poll["message_id"], BEN, *options)
    updates = await stage.updates()
    answers = [update["poll_answer"]["option_ids"] for update in updates if "poll_answer" in update]
    assert answers == [[0], [0, 1], [1], []]
    assert updates[2]["poll_answer"]["option_persistent_ids"] == ["1", "2"]
    assert [_counts(update["poll"]) for update in updates if "poll" in update] == [[1, 0], [1, 1], [0, 1], [0, 0]]


@pytest.mark.parametrize("when", [{"open_period": 60}, {"close_date": 1788264060}])
async def test_a_poll_ends_by_the_clock(stage: Stage, when: dict[str, int]) -> None:
    """Votes are hidden until then, where that is wished, and refused afterwards."""
    assert stage.clock.now().timestamp() == 1788264000
    poll = await _poll(stage, hide_results_until_closes=True, **when)
    assert poll["poll"]["close_date"] == 1788264060
    await stage.listen()
    await stage.people.answer_poll(SALON, poll["message_id"], BEN, 1)
    assert _counts((await stage.updates())[-1]["poll"]) == [0, 0]
    await stage.people.house.advance(60)
    [ended] = await stage.updates()
    assert (ended["poll"]["is_closed"], _counts(ended["poll"])) == (True, [0, 1])
    with pytest.raises(ClientError, match="has ended"):
        await stage.people.answer_poll(SALON, poll["message_id"], BEN, 0)


async def test_a_poll_ends_by_hand_and_only_once(stage: Stage) -> None:
    """`stopPoll` returns the final poll; the clock does not end it again (#stoppoll)."""
    poll = await _poll(stage, open_period=60)
    await stage.people.answer_poll(SALON, poll["message_id"], BEN, 0)
    await stage.listen()
    stopped = await stage.do("stopPoll", chat_id=SALON, message_id=poll["message_id"])
    assert (stopped["is_closed"], _counts(stopped)) == (True, [1, 0])
    assert [list(update)[1] for update in await stage.updates()] == ["poll"]
    await stage.people.house.advance(60)
    assert await stage.updates() == []


async def test_options_carry_pictures(stage: Stage) -> None:
    """A picture sent before stands in an option and beside the question, by its file_id (#inputpolloption)."""
    photo = (await stage.send_photo(SALON))["photo"]
    media = {"type": "photo", "media": photo[0]["file_id"]}
    poll = await _poll(stage, options=[{"text": "1", "media": media}, {"text": "2"}], media=media)
    assert poll["poll"]["options"][0]["media"]["photo"] == photo
    assert poll["poll"]["media"]["photo"] == photo
    shown = (await stage.people.messages(SALON))[-1]["poll"]
    assert shown["options"][0]["photo"]["file_id"] == photo[-1]["file_id"]


async def test_an_anonymous_poll_names_nobody(stage: Stage) -> None:
    """Only the counts come (#pollanswer)."""
    poll = await _poll(stage, is_anonymous=True)
    await stage.listen()
    await stage.people.answer_poll(SALON, poll["message_id"], BEN, 0)
    assert [list(update)[1] for update in await stage.updates()] == ["poll"]


async def test_a_quiz_lets_nobody_change(stage: Stage) -> None:
    """Revoting is off in quizzes unless it is allowed (#sendpoll)."""
    poll = await _poll(stage, type="quiz", correct_option_ids=[1], explanation="because")
    assert (poll["poll"]["allows_revoting"], poll["poll"]["correct_option_ids"]) == (False, [1])
    await stage.people.answer_poll(SALON, poll["message_id"], BEN, 0)
    with pytest.raises(ClientError, match="does not let one change"):
        await stage.people.answer_poll(SALON, poll["message_id"], BEN, 1)


async def test_a_forwarded_poll_is_the_same_and_a_copy_another(stage: Stage) -> None:
    """Votes in a forward count in the poll itself (#forwardmessage, #copymessage)."""
    poll = await _poll(stage)
    source = {"chat_id": ADA, "from_chat_id": SALON, "message_id": poll["message_id"]}
    forward = await stage.do("forwardMessage", **source)
    copy = await stage.do("copyMessage", **source)
    await stage.people.answer_poll(ADA, forward["message_id"], ADA, 1)
    shown = {m["id"]: m for chat in (SALON, ADA) for m in await stage.people.messages(chat)}
    totals = [shown[m["message_id"]]["poll"]["total_voters"] for m in (poll, forward, copy)]
    assert totals == [1, 1, 0]
    assert forward["forward_origin"]["type"] == "user"


async def test_an_uploaded_album_comes_message_by_message(stage: Stage) -> None:
    """Items share a media_group_id and have no end mark; the caption is the first one's (#message)."""
    png = (await stage.http.get(f"{stage.server.url}/static/favicon.svg")).status
    assert png == 200
    from_bot = await stage.send_photo(ADA)
    data = await stage.people.file(from_bot["photo"][-1]["file_id"])
    await stage.listen()
    await stage.people.upload(ADA, ADA, [("1.jpg", data), ("2.jpg", data)], caption="mine")
    first, second = [update["message"] for update in await stage.updates()]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second, len(first["photo"])) == ("mine", False, 1)


async def test_a_zip_comes_as_a_document_and_can_be_fetched(stage: Stage) -> None:
    """Files keep their bytes and name (#getfile)."""
    await stage.listen()
    await stage.people.upload(ADA, ADA, [("paintings.zip", b"PK zip")], kind="document", caption="/train")
    [update] = await stage.updates()
    document = update["message"]["document"]
    assert (document["file_name"], document["mime_type"]) == ("paintings.zip", "application/zip")
    path = (await stage.do("getFile", file_id=document["file_id"]))["file_path"]
    async with stage.http.get(f"{stage.server.url}/file/bot{stage.server.token}/{path}") as answer:
        assert await answer.read() == b"PK zip"


async def test_more_than_twenty_megabytes_cannot_be_fetched(stage: Stage) -> None:
    """The download limit of bots (#getfile)."""
    await stage.listen()
    await stage.people.upload(ADA, ADA, [("a.zip", b"0" * (20 * 1024 * 1024 + 1))], kind="document")
    [update] = await stage.updates()
    body = await stage.call("getFile", file_id=update["message"]["document"]["file_id"])
    assert body["description"] == "Bad Request: file is too big"


async def test_pins_are_told_and_taken_down(stage: Stage) -> None:
    """A pin comes as a service message, and stands in `getChat` (#pinchatmessage)."""
    await stage.people.groups.promote(SALON, ADA, "bot")
    sent = await stage.do("sendMessage", chat_id=SALON, text="the rules")
    await stage.listen()
    await stage.do("pinChatMessage", chat_id=SALON, message_id=sent["message_id"])
    [update] = await stage.updates()
    assert update["message"]["pinned_message"]["text"] == "the rules"
    assert (await stage.do("getChat", chat_id=SALON))["pinned_message"]["message_id"] == sent["message_id"]
    await stage.do("unpinAllChatMessages", chat_id=SALON)
    assert "pinned_message" not in await stage.do("getChat", chat_id=SALON)


async def test_leaving_ends_hearing(stage: Stage) -> None:
    """A bot that left is told so, and hears and says nothing more (#leavechat)."""
    await stage.listen()
    await stage.do("leaveChat", chat_id=SALON)
    [update] = await stage.updates()
    assert update["my_chat_member"]["new_chat_member"]["status"] == "left"
    await stage.people.say(SALON, ADA, "/start")
    assert await stage.updates() == []
    body = await stage.call("sendMessage", chat_id=SALON, text="a")
    assert body["error_code"] == 403
    await stage.people.groups.demote(SALON, ADA, "bot")
    assert (await stage.do("sendMessage", chat_id=SALON, text="back"))["text"] == "back"


async def test_copies_name_no_source_and_forwards_do(stage: Stage) -> None:
    """Albums stay albums in both (#copymessages, #forwardmessages)."""
    photo = (await stage.send_photo(ADA))["photo"][0]["file_id"]
    media = [{"type": "photo", "media": photo, "caption": "c"}, {"type": "photo", "media": photo}]
    ids = [message["message_id"] for message in await stage.do("sendMediaGroup", chat_id=ADA, media=media)]
    await stage.do("copyMessages", chat_id=SALON, from_chat_id=ADA, message_ids=ids, remove_caption=True)
    await stage.do("forwardMessages", chat_id=SALON, from_chat_id=ADA, message_ids=ids)
    shown = await stage.people.messages(SALON)
    assert [message.get("caption") for message in shown] == [None, None, "c", None]
    assert len({message["media_group_id"] for message in shown}) == 2


async def test_an_administrator_deletes_others_messages(stage: Stage) -> None:
    """With the right to (#deletemessage)."""
    said = await stage.people.say(SALON, BEN, "hm")
    await stage.people.groups.promote(SALON, ADA, "bot", may=["can_delete_messages"])
    await stage.do("deleteMessage", chat_id=SALON, message_id=said["id"])
    assert said["id"] not in {message["id"] for message in await stage.people.messages(SALON)}
