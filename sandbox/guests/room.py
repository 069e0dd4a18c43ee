"""Who comes, and in which chat they meet: one person in their private chat, or several in a group.

Owns the choice of people and chat among those that the sandbox has, and adds who is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.client import SandboxClient
from sandbox.guests.record import Guest
from sandbox.guests.taste import draw_taste

GROUP_TITLE = "Salon"
_NAMES = ("Dora", "Emil", "Flora", "Gustav", "Hanna", "Iwan", "Judith")


@dataclass(frozen=True, slots=True)
class Room:
    """The chat of a visit: the guests in it (the first one begins), and the command that begins an evolution."""

    chat: int
    title: str
    guests: tuple[Guest, ...]
    start_command: str


async def open_room(client: SandboxClient, further: int, seed: int) -> Room:
    """Choose the chat: private for one person, else the group Salon with `further` more people who vote.

    The Salon of the sandbox serves when it has enough members; else people and another Salon are added.
    """
    state = await client.state()
    people = [(person["id"], person["first_name"]) for person in state["people"]]
    if further == 0:
        (first, name), *_ = people
        return Room(first, f"{name}'s chat", (Guest(first, name, draw_taste(seed)),), "/start")
    while len(people) <= further:
        name = _NAMES[(len(people) - 3) % len(_NAMES)]
        people.append(((await client.add_person(name))["id"], name))
    people = people[: further + 1]
    members = {person for person, _ in people}
    groups = [chat for chat in state["chats"] if chat["type"] == "group" and chat["title"] == GROUP_TITLE]
    fitting = next((chat["id"] for chat in groups if members <= set(chat["members"])), None)
    chat = (await client.add_group(GROUP_TITLE, sorted(members)))["id"] if fitting is None else fitting
    guests = tuple(Guest(person, name, draw_taste(seed, index)) for index, (person, name) in enumerate(people))
    # In a group, a command from the menu names the bot.
    return Room(chat, GROUP_TITLE, guests, f"/start@{state['bot']['username']}")
