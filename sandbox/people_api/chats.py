"""The paths of people and groups: coming in, founding, joining, leaving, promoting, blocking, migrating, topics."""

from aiohttp import web

from sandbox.acts import founding, membership
from sandbox.acts.whereabouts import group_of
from sandbox.errors import PeopleError
from sandbox.people_api.company import HOUSE
from sandbox.people_api.reading import number, number_in_path, numbers, read_object, text, texts, truth
from sandbox.render import message_to_page
from sandbox.state import State


async def add_person(state: State, request: web.Request) -> web.StreamResponse:
    """Let somebody come in."""
    body = await read_object(request)
    person = founding.come_in(state, text(body, "first_name"), body.get("language_code") or "en")
    return web.json_response(person.to_page())


async def delete_account(state: State, request: web.Request) -> web.StreamResponse:
    """Let somebody delete their account."""
    person = number_in_path(request, "person")
    membership.delete_account(state, person)
    return web.json_response({"deleted": person})


async def add_group(state: State, request: web.Request) -> web.StreamResponse:
    """Found a group, supergroup or channel."""
    body = await read_object(request)
    members = numbers(body, "members", "person ids")
    kind = body.get("type", "group")
    chat = founding.found(state, text(body, "title"), members, kind, truth(body, "is_forum", default=False))
    messages = [message_to_page(state, message) for message in state.messages.of_chat(chat.id)]
    return web.json_response(chat.to_page(messages))


async def set_member(state: State, request: web.Request) -> web.StreamResponse:
    """Give somebody a standing: `person` acts, `member` (or the bot, where it is `"bot"`) is acted upon."""
    body = await read_object(request)
    chat = group_of(state, number_in_path(request, "chat"))
    by = number(body, "person")
    whom = by if "member" not in body else state.bot.id if body["member"] == "bot" else number(body, "member")
    may = None if body.get("may") is None else texts(body, "may")
    is_anonymous = truth(body, "is_anonymous", default=False)
    standing = membership.read_standing(chat.type, text(body, "status"), may, is_anonymous)
    return web.json_response(membership.set_standing(state, chat.id, by, whom, standing).to_page([]))


async def migrate(state: State, request: web.Request) -> web.StreamResponse:
    """Turn a group into a supergroup."""
    body = await read_object(request)
    group = number_in_path(request, "chat")
    chat = membership.migrate(state, group, number(body, "person"))
    await request.app[HOUSE].move(group, chat.id)
    messages = [message_to_page(state, message) for message in state.messages.of_chat(chat.id)]
    return web.json_response(chat.to_page(messages))


async def open_topic(state: State, request: web.Request) -> web.StreamResponse:
    """Open a topic in a forum."""
    body = await read_object(request)
    topic = founding.open_topic(state, number_in_path(request, "chat"), number(body, "person"), text(body, "name"))
    return web.json_response(message_to_page(state, topic))


async def close_topic(state: State, request: web.Request) -> web.StreamResponse:
    """Close a topic, or open it again."""
    body = await read_object(request)
    closed = truth(body, "closed")
    place = number_in_path(request, "chat"), number(body, "person"), number_in_path(request, "thread")
    founding.close_topic(state, *place, closed)
    return web.json_response({"closed": closed})


async def block(state: State, request: web.Request) -> web.StreamResponse:
    """Block or unblock the bot."""
    body = await read_object(request)
    blocked = body.get("blocked")
    if not isinstance(blocked, bool):
        raise PeopleError(400, "blocked must be true or false")
    membership.block(state, number_in_path(request, "chat"), number(body, "person"), blocked)
    return web.json_response({"blocked": blocked})
