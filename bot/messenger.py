"""Speaks to chats: sends, edits and deletes, and knows what each of Telegram's refusals means.

A chat that cannot be reached is suspended, one that moved is re-keyed. What must arrive is sent again while the network
is away. Knows nothing of sessions.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

from telegram import InlineKeyboardMarkup, InputMediaPhoto, InputPollOption, Message, ReplyParameters
from telegram.constants import ChatAction, ChatMemberStatus
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.limits import Urgency
from bot.outcomes import Outcome
from bot.services import Services
from bot.transport import UnsentError
from bot.visits import Audience
from storage.chats import rekey_chat, suspend_chat
from storage.ids import ChatId, MessageId, PersonId

log = logging.getLogger(__name__)

T = TypeVar("T")

CHAT_ACTION_GAP_S = 4.5
# What the server says of pictures that it refuses before it sends any, in lower case.
# Source: the errors of the public server's source and of MTProto's messages.sendMultiMedia and messages.uploadMedia.
_REFUSALS = (
    "wrong file identifier",
    "wrong remote file identifier",
    "wrong type of the web page content",
    "wrong content",
    "file is too big",
    "too big for a photo",
    "request entity too large",
    "file must be non-empty",
    "image_process_failed",
    "media_invalid",
    "multi_media_too_long",
    "photo_content_type_invalid",
    "photo_ext_invalid",
    "photo_invalid_dimensions",
    "photo_save_file_invalid",
)
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0


class ChatUnreachableError(Exception):
    """The bot was blocked or removed: the chat is suspended until it speaks again."""


class ChatMovedError(Exception):
    """The group became a supergroup: all that is its own was moved to the new id."""

    def __init__(self, new: ChatId) -> None:
        super().__init__(f"the chat is now {new}")
        self.new = new


class Messenger:
    """Telegram's methods, with their refusals understood."""

    def __init__(self, services: Services, bot: ExtBot[Any]) -> None:
        self._services = services
        self._bot = bot

    async def send(
        self,
        audience: Audience,
        text: str,
        keyboard: InlineKeyboardMarkup | None = None,
        *,
        reply_to: MessageId | None = None,
        must_arrive: bool = False,
    ) -> MessageId:
        """Send a text. With `must_arrive` it is tried until the network is back, and may then come twice.

        Raises:
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
            TelegramError: anything else; with `must_arrive` only what no repetition would cure.
        """

        async def call() -> Message:
            return await self._bot.send_message(
                audience.chat,
                text,
                reply_markup=keyboard,
                message_thread_id=audience.thread,
                reply_parameters=_reply(reply_to),
            )

        message = await self._until_sent(audience, call) if must_arrive else await self._understood(audience, call())
        return MessageId(message.message_id)

    def link(self, payload: str) -> str:
        """Return the address that opens a private chat with the bot, and hands it `/start payload`."""
        return f"https://t.me/{self._bot.username}?start={payload}"

    async def send_photo(
        self,
        audience: Audience,
        photo: bytes | str,
        caption: str | None = None,
        keyboard: InlineKeyboardMarkup | None = None,
    ) -> Message:
        """Send one photo, by its bytes or its file id. Raises as `send` does without `must_arrive`."""
        return await self._understood(
            audience,
            self._bot.send_photo(
                audience.chat, photo, caption=caption, reply_markup=keyboard, message_thread_id=audience.thread
            ),
        )

    async def send_document(
        self, audience: Audience, document: bytes, name: str, caption: str | None = None
    ) -> MessageId:
        """Send a file, which comes bit for bit. Raises as `send` does without `must_arrive`."""
        call = self._bot.send_document(
            audience.chat, document, filename=name, caption=caption, message_thread_id=audience.thread
        )
        return MessageId((await self._understood(audience, call)).message_id)

    async def fetch(self, file_id: str) -> bytes:
        """Fetch a file that somebody sent; Telegram gives bots at most 20 MB.

        Raises:
            TelegramError: it could not be fetched.
        """
        file = await self._bot.get_file(file_id)
        return bytes(await file.download_as_bytearray())

    async def send_album(self, audience: Audience, photos: Sequence[InputMediaPhoto]) -> tuple[Message, ...]:
        """Send an album, once: after any error but the named ones, parts of it may have arrived.

        Raises:
            ChatUnreachableError: nothing was sent; blocked or removed.
            ChatMovedError: nothing was sent; the chat has a new id.
            UnsentError: nothing was sent; the network is away.
            RetryAfter: nothing was sent; too many messages for now.
            TelegramError: anything else.
        """
        call = self._bot.send_media_group(audience.chat, photos, message_thread_id=audience.thread)
        return await self._understood(audience, call)

    async def edit(
        self,
        audience: Audience,
        message: MessageId,
        text: str,
        keyboard: InlineKeyboardMarkup | None = None,
        *,
        optional: bool = False,
    ) -> None:
        """Show another text and keyboard in a message; one that is gone, or shows just that already, is no error.

        An optional edit is left out where the chat is near its limit.

        Raises:
            ChatUnreachableError: blocked or removed.
            ChatMovedError: the chat has a new id.
        """
        urgency = Urgency.OPTIONAL if optional else None
        call = self._bot.edit_message_text(text, audience.chat, message, reply_markup=keyboard, rate_limit_args=urgency)
        await self._if_possible(audience, call)

    async def show_picture(
        self,
        audience: Audience,
        message: MessageId,
        photo: bytes | None,
        caption: str,
        keyboard: InlineKeyboardMarkup | None,
        *,
        optional: bool = False,
    ) -> None:
        """Show another picture (None: the one that is there), caption and keyboard in a photo's message.

        Otherwise as `edit`, which it raises like.
        """
        urgency = Urgency.OPTIONAL if optional else None
        call: Awaitable[object]
        if photo is None:
            call = self._bot.edit_message_caption(
                audience.chat, message, caption=caption, reply_markup=keyboard, rate_limit_args=urgency
            )
        else:
            call = self._bot.edit_message_media(
                InputMediaPhoto(photo, caption=caption),
                audience.chat,
                message,
                reply_markup=keyboard,
                rate_limit_args=urgency,
            )
        await self._if_possible(audience, call)

    async def delete(self, audience: Audience, message: MessageId) -> None:
        """Delete a message of the bot's; one that is gone, or too old to be deleted, is no error. Raises as `edit`."""
        await self._if_possible(audience, self._bot.delete_message(audience.chat, message))

    async def send_poll(
        self,
        audience: Audience,
        question: str,
        photos: Sequence[str],
        *,
        hides_results: bool,
        reply_to: MessageId | None = None,
    ) -> tuple[MessageId, str]:
        """Send a poll whose numbered options are photos, by their file ids; return its message and its id.

        Several may be chosen, and who chooses is known. Raises as `send` does without `must_arrive`.
        """
        options = [
            InputPollOption(str(number), media=InputMediaPhoto(photo)) for number, photo in enumerate(photos, start=1)
        ]
        call = self._bot.send_poll(
            audience.chat,
            question,
            options,
            is_anonymous=False,
            allows_multiple_answers=True,
            hide_results_until_closes=hides_results,
            message_thread_id=audience.thread,
            reply_parameters=_reply(reply_to),
        )
        message = await self._understood(audience, call)
        if message.poll is None:
            raise TelegramError("the message has no poll")
        return MessageId(message.message_id), message.poll.id

    async def stop_poll(self, audience: Audience, message: MessageId) -> None:
        """End a poll of the bot's; one that is gone, or has ended, is no error. Raises as `edit`."""
        await self._if_possible(audience, self._bot.stop_poll(audience.chat, message))

    async def is_administrator(self, chat: ChatId, person: PersonId) -> bool:
        """Ask whether somebody is an administrator of a group; somebody who acts as the group is one.

        Where Telegram does not say, nobody is.
        """
        if int(person) == int(chat):
            return True
        status = await self._status(chat, person)
        return status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

    async def has_left(self, chat: ChatId, person: PersonId) -> bool:
        """Ask whether somebody is not in a group any more; where Telegram does not say, they still are."""
        return await self._status(chat, person) in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)

    async def count_people(self, chat: ChatId) -> int | None:
        """Ask how many are in a group besides the bot; None where Telegram does not say."""
        try:
            return await self._bot.get_chat_member_count(chat) - 1
        except TelegramError as error:
            log.info("chat %s: its members were not counted: %s", chat, error)
            return None

    async def _status(self, chat: ChatId, person: PersonId) -> str | None:
        try:
            return str((await self._bot.get_chat_member(chat, person)).status)
        except TelegramError as error:
            log.info("chat %s: a member was not found: %s", chat, error)
            return None

    async def answer(self, query: str, toast: str | None) -> None:
        """Answer a press; too late is no error, since what was pressed for is done."""
        for is_last in (False, True):
            try:
                await self._bot.answer_callback_query(query, toast)
            except BadRequest as error:
                log.info("a press was not answered: %s", error)
            except TelegramError as error:
                # A lost answer is repeated at once: where the first did arrive, Telegram refuses the second.
                if not is_last:
                    continue
                log.info("a press was not answered: %s", error)
            return

    async def tell(self, audience: Audience, outcome: Outcome) -> None:
        """Answer a command: what follows speaks for itself, else what a press would hear as a toast."""
        if outcome.then is not None:
            await outcome.then()
        elif outcome.toast is not None:
            await self.send(audience, outcome.toast)

    @contextlib.asynccontextmanager
    async def sending_photo(self, audience: Audience) -> AsyncIterator[None]:
        """Show "sending a photo" under the chat's name for as long as the block runs."""
        acting = asyncio.create_task(self._act(audience), name=f"chat action {audience.chat}")
        try:
            yield
        finally:
            acting.cancel()
            await asyncio.wait([acting])

    async def _act(self, audience: Audience) -> None:
        while True:
            # Only a sign of life: whatever hinders it, the message itself will tell, and the next sign may come.
            with contextlib.suppress(TelegramError):
                await self._bot.send_chat_action(
                    audience.chat, ChatAction.UPLOAD_PHOTO, message_thread_id=audience.thread
                )
            await asyncio.sleep(CHAT_ACTION_GAP_S)

    async def _understood(self, audience: Audience, call: Awaitable[T]) -> T:
        now = self._services.clock()
        try:
            return await call
        except (Forbidden, BadRequest) as error:
            if isinstance(error, BadRequest) and "chat not found" not in str(error).lower():
                raise
            log.info("chat %s cannot be reached: %s", audience.chat, error)
            async with self._services.database.transaction() as tx:
                await suspend_chat(tx, audience.chat, now)
            raise ChatUnreachableError(str(error)) from error
        except ChatMigrated as error:
            async with self._services.database.transaction() as tx:
                await rekey_chat(tx, audience.chat, ChatId(error.new_chat_id), now)
            raise ChatMovedError(ChatId(error.new_chat_id)) from error

    async def _until_sent(self, audience: Audience, call: Callable[[], Awaitable[T]]) -> T:
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                return await self._understood(audience, call())
            except BadRequest:
                # A kind of NetworkError by inheritance alone: the server has understood, and refuses.
                raise
            except (NetworkError, RetryAfter) as error:
                await asyncio.sleep(max(pause_s, retry_after_s(error)))
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _if_possible(self, audience: Audience, call: Awaitable[object]) -> None:
        try:
            await self._understood(audience, call)
        except TelegramError as error:
            if "not modified" not in str(error).lower():
                log.info("chat %s: an edit was not made: %s", audience.chat, error)


def retry_after_s(error: TelegramError) -> float:
    """Return how long Telegram asks to wait, in seconds; 0 where it does not."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


def was_refused(error: TelegramError) -> bool:
    """Return whether the server has read the pictures and will have none of them: nothing was sent.

    Errors that only tell at which picture an album broke off are not among these: those before it have arrived.
    """
    words = str(error).lower()
    return isinstance(error, NetworkError) and "failed to send" not in words and any(one in words for one in _REFUSALS)


def was_not_sent(error: TelegramError) -> bool:
    """Return whether the error says for certain that nothing was done."""
    return isinstance(error, UnsentError | RetryAfter)


def _reply(message: MessageId | None) -> ReplyParameters | None:
    return None if message is None else ReplyParameters(message, allow_sending_without_reply=True)
