"""The part of the client that founds groups and changes who is what in them."""

from typing import Any, Literal

from sandbox.client.line import Line
from sandbox.client.shapes import Chat, Message


class Groups:
    """Groups, supergroups and channels, and people's standings there; `by` is who acts."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def found(self, title: str, members: list[int], kind: str = "group", is_forum: bool = False) -> Chat:
        """Found a group, supergroup or channel with the bot in it; its first member owns it."""
        body = {"title": title, "members": members, "type": kind, "is_forum": is_forum}
        chat: Chat = await self._line.ask("POST", "/api/groups", body)
        return chat

    async def join(self, chat: int, person: int) -> Chat:
        """Let a person come into a group."""
        return await self._set(chat, person, person, "member")

    async def leave(self, chat: int, person: int) -> Chat:
        """Let a person leave a group."""
        return await self._set(chat, person, person, "left")

    async def promote(
        self, chat: int, by: int, whom: int | Literal["bot"], may: list[str] | None = None, is_anonymous: bool = False
    ) -> Chat:
        """Make somebody an administrator: with these rights, or all but making further ones."""
        return await self._set(chat, by, whom, "administrator", may=may, is_anonymous=is_anonymous)

    async def demote(self, chat: int, by: int, whom: int | Literal["bot"]) -> Chat:
        """Make somebody a plain member; who was away or banned comes back so."""
        return await self._set(chat, by, whom, "member")

    async def restrict(self, chat: int, by: int, whom: int | Literal["bot"], may: list[str] | None = None) -> Chat:
        """Let somebody do these things alone, or nothing."""
        return await self._set(chat, by, whom, "restricted", may=may or [])

    async def remove(self, chat: int, by: int, whom: int | Literal["bot"]) -> Chat:
        """Remove somebody, who may come back."""
        return await self._set(chat, by, whom, "left")

    async def ban(self, chat: int, by: int, whom: int | Literal["bot"]) -> Chat:
        """Remove somebody, who may not come back."""
        return await self._set(chat, by, whom, "kicked")

    async def delete_account(self, person: int) -> None:
        """Let a person delete their account: they leave every group, and nobody can write to them."""
        await self._line.ask("DELETE", f"/api/people/{person}")

    async def migrate(self, chat: int, person: int) -> Chat:
        """Turn a group into a supergroup, which is another chat; return that."""
        new: Chat = await self._line.ask("POST", f"/api/chats/{chat}/migrate", {"person": person})
        return new

    async def open_topic(self, chat: int, person: int, name: str) -> Message:
        """Open a topic in a forum; the message's id is the topic's."""
        body = {"person": person, "name": name}
        message: Message = await self._line.ask("POST", f"/api/chats/{chat}/topics", body)
        return message

    async def close_topic(self, chat: int, person: int, thread: int, closed: bool = True) -> None:
        """Close a topic, or open it again."""
        await self._line.ask("POST", f"/api/chats/{chat}/topics/{thread}", {"person": person, "closed": closed})

    async def _set(self, chat: int, by: int, whom: int | str, status: str, **more: Any) -> Chat:
        body = {"person": by, "member": whom, "status": status, **more}
        changed: Chat = await self._line.ask("POST", f"/api/chats/{chat}/members", body)
        return changed
