import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from sandbox.client import SandboxClient
from sandbox.clock import ManualClock
from sandbox.errors import ClientError

ADA, BEN, SALON = 1001, 1002, -2001
KEYBOARD = {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]}
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_updates_stay_until_the_offset_confirms_them(api: Any, people: SandboxClient) -> None:
    """Updates come again until an offset above their id; a negative one keeps the newest."""
    for text in "abc":
        await people.say(ADA, ADA, text)
    first, second, third = await api.updates()
    assert [first["update_id"] + 1, second["update_id"] + 1] == [second["update_id"], third["update_id"]]
    assert [update["message"]["text"] for update in await api.updates(offset=second["update_id"], limit=1)] == ["b"]
    assert [update["message"]["text"] for update in await api.updates(offset=-1)] == ["c"]
    assert [update["message"]["text"] for update in await api.updates()] == ["c"]


async def test_a_long_poll_ends_when_something_comes(api: Any, people: SandboxClient) -> None:
    """A waiting poll answers with the first update."""
    poll = asyncio.create_task(api.updates(timeout=30))
    await _polled(api)
    await people.say(ADA, ADA, "hello")
    async with asyncio.timeout(5):
        [update] = await poll
    assert update["message"]["from"]["first_name"] == "Ada"


async def test_a_second_poll_ends_the_first_with_a_conflict(api: Any, people: SandboxClient) -> None:
    """Two polls at once are a conflict, told to the older one."""
    older = asyncio.create_task(api("getUpdates", timeout=30))
    await _polled(api)
    await api.updates()
    body = await older
    assert (body["error_code"], body["description"][:57]) == (
        409,
        "Conflict: terminated by other getUpdates request; make su",
    )


async def test_updates_live_a_day_and_presses_150_seconds(api: Any, people: SandboxClient, clock: ManualClock) -> None:
    """What the bot does not fetch in time is gone."""
    await people.say(ADA, ADA, "hello")
    press = await _press(api, people)
    clock.advance(151)
    assert [list(update)[1] for update in await api.updates()] == ["message"]
    clock.advance(24 * 3600)
    assert await api.updates() == []
    press.cancel()


async def test_only_kinds_asked_for_come(api: Any, people: SandboxClient) -> None:
    """The list of kinds lasts until another is given; an empty one is the default."""
    await api.updates(allowed_updates=["callback_query"])
    await people.say(ADA, ADA, "unheard")
    assert await api.updates() == []
    await api.updates(allowed_updates=[])
    await people.say(ADA, ADA, "heard")
    assert [update["message"]["text"] for update in await api.updates()] == ["heard"]


@pytest.mark.parametrize(
    ("text", "is_heard"),
    [("hello", False), ("/start", True), ("/start@vernissage_sandbox_bot", True), ("/start@other_bot", False)],
)
async def test_privacy_mode_holds_in_groups(api: Any, people: SandboxClient, text: str, is_heard: bool) -> None:
    """In a group the bot hears commands for it, and replies to its own messages."""
    await people.say(SALON, BEN, text)
    assert bool(await api.updates()) is is_heard
    sent = (await api("sendMessage", chat_id=SALON, text="a"))["result"]
    await people.say(SALON, BEN, "a reply", reply_to=sent["message_id"])
    assert (await api.updates())[-1]["message"]["reply_to_message"]["text"] == "a"


async def test_a_press_waits_for_its_answer(api: Any, people: SandboxClient) -> None:
    """The toast reaches who pressed; a query is answered once."""
    press = await _press(api, people)
    [update] = await api.updates()
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("x", ADA, "vote")
    assert (await api("answerCallbackQuery", callback_query_id=query["id"], text="Liked"))["ok"]
    answer = await press
    assert (answer["answered"], answer["text"], answer["show_alert"]) == (True, "Liked", False)
    assert await api.error("answerCallbackQuery", callback_query_id=query["id"]) == TOO_OLD


async def test_a_late_answer_is_refused(api: Any, people: SandboxClient, clock: ManualClock) -> None:
    """After 150 seconds a query can no longer be answered."""
    press = await _press(api, people)
    [update] = await api.updates()
    clock.advance(151)
    error = await api.error("answerCallbackQuery", callback_query_id=update["callback_query"]["id"])
    assert error == TOO_OLD
    press.cancel()


async def test_founding_a_group_tells_the_bot(api: Any, people: SandboxClient) -> None:
    """A new group comes as a membership and a service message."""
    chat = await people.add_group("Attic", [BEN])
    membership, service = await api.updates()
    assert membership["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert (service["message"]["chat"]["id"], service["message"]["group_chat_created"]) == (chat["id"], True)


async def test_people_come_in_and_are_checked(people: SandboxClient) -> None:
    """A newcomer has a private chat; impossible acts are refused in words."""
    dora = await people.add_person("Dora", "de")
    assert (await people.say(dora["id"], dora["id"], "hi"))["from"]["name"] == "Dora"
    for act in (
        people.say(ADA, BEN, "hi"),
        people.say(SALON, 7, "hi"),
        people.press(ADA, 99, ADA, "x"),
        people.file("x"),
    ):
        with pytest.raises(ClientError):
            await act
    await people.block(ADA, ADA)
    with pytest.raises(ClientError, match="409"):
        await people.say(ADA, ADA, "hi")


async def test_events_are_replayed_from_where_one_left(api: Any, people: SandboxClient) -> None:
    """A reader that names its last event misses nothing."""
    await api("sendMessage", chat_id=ADA, text="a")
    before = (await people.state())["event_id"]
    sent = (await api("sendMessage", chat_id=ADA, text="b"))["result"]
    await api("editMessageText", chat_id=ADA, message_id=sent["message_id"], text="c")
    await api("sendChatAction", chat_id=ADA, action="typing")
    await api("deleteMessage", chat_id=ADA, message_id=sent["message_id"])
    seen = []
    async with asyncio.timeout(5):
        async for event in people.events(after=before):
            seen.append(event["type"])
            if len(seen) == 4:
                break
    assert seen == ["message", "edit", "chat_action", "delete"]


async def test_wait_for_sees_what_is_there_and_what_comes(api: Any, people: SandboxClient) -> None:
    """The client looks at once, then after each change, and gives up when the time is over."""
    waiting = asyncio.create_task(people.wait_for(ADA, lambda messages: messages and messages[-1].get("text") == "b"))
    sent = (await api("sendMessage", chat_id=ADA, text="a"))["result"]
    await api("editMessageText", chat_id=ADA, message_id=sent["message_id"], text="b")
    assert await waiting is True
    with pytest.raises(ClientError, match="not seen within"):
        await people.wait_for(ADA, lambda messages: len(messages) > 1, timeout_s=0.05)


class Hook:
    """A webhook's end: answers the given statuses in turn, then 200, and keeps what came."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.came: asyncio.Queue[tuple[dict[str, Any], str | None]] = asyncio.Queue()
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        """Take one update."""
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        await self.came.put((await request.json(), secret))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    end = Hook()
    app = web.Application()
    app.router.add_post("/hook", end.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    end.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield end
    await runner.cleanup()


async def test_a_webhook_gets_updates_with_its_secret(api: Any, people: SandboxClient, hook: Hook) -> None:
    """Updates are posted with the secret, and polling is a conflict meanwhile."""
    assert (await api("setWebhook", url=hook.url, secret_token="s-1"))["description"] == "Webhook was set"
    await people.say(ADA, ADA, "hello")
    async with asyncio.timeout(5):
        update, secret = await hook.came.get()
    assert (update["message"]["text"], secret) == ("hello", "s-1")
    conflict = (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    assert await api.error("getUpdates") == conflict
    assert (await api("deleteWebhook"))["description"] == "Webhook was deleted"
    assert (await api("deleteWebhook"))["description"] == "Webhook is already deleted"


async def test_a_failed_delivery_is_repeated(api: Any, people: SandboxClient, hook: Hook, clock: ManualClock) -> None:
    """A webhook that answers with an error gets the same update again after a pause."""
    hook.statuses = [500]
    await api("setWebhook", url=hook.url)
    await people.say(ADA, ADA, "hello")
    async with asyncio.timeout(5):
        first, _ = await hook.came.get()
        info = await _until(lambda: api("getWebhookInfo"), lambda body: "last_error_message" in body["result"])
        assert info["result"]["pending_update_count"] == 1
        clock.advance(1)
        again, _ = await hook.came.get()
    assert first == again
    assert info["result"]["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_a_repeated_update_is_posted_twice(api: Any, people: SandboxClient, hook: Hook) -> None:
    """Through a webhook as well: the same id comes again, and then the next."""
    await people.house.add_fault("duplicate_update", update="message")
    await api("setWebhook", url=hook.url)
    await people.say(ADA, ADA, "hello")
    await people.say(ADA, ADA, "and on")
    async with asyncio.timeout(5):
        first, again, other = [(await hook.came.get())[0] for _ in range(3)]
    assert first == again
    assert other["update_id"] == first["update_id"] + 1


async def test_setting_a_webhook_ends_a_poll(api: Any, hook: Hook) -> None:
    """A poll under way learns that a webhook has taken over."""
    poll = asyncio.create_task(api("getUpdates", timeout=30))
    await _polled(api)
    await api("setWebhook", url=hook.url)
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"


async def _press(api: Any, people: SandboxClient) -> asyncio.Task[Any]:
    sent = (await api("sendMessage", chat_id=ADA, text="vote", reply_markup=KEYBOARD))["result"]
    press = asyncio.create_task(people.press(ADA, sent["message_id"], ADA, "x"))
    await _until(lambda: api.updates(), lambda updates: any("callback_query" in update for update in updates))
    return press


async def _polled(api: Any) -> None:
    async with asyncio.timeout(5):
        while not api.server.state.polling.is_taken:  # noqa: ASYNC110 -- another task's turn has no event of its own
            await asyncio.sleep(0)


async def _until(ask: Callable[[], Any], is_good: Callable[[Any], bool]) -> Any:
    async with asyncio.timeout(5):
        while True:
            answer = await ask()
            if is_good(answer):
                return answer
