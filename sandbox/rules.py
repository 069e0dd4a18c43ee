"""The rules of the Bot API that types cannot say, on one request by itself: counts, lengths, keyboards.

Text and captions are measured where they are parsed (`markup`), because their limits count after parsing.
"""

import re
from collections.abc import Callable
from typing import Any

from aiogram import methods, types
from pydantic import BaseModel

from sandbox.errors import BreachError
from sandbox.rules_polls import check_poll, check_reaction
from sandbox.texts import utf16_length

_MAX_BUTTONS = 100
_MAX_ROW = 8
_MAX_CALLBACK_BYTES = 64
_MAX_TOAST_CHARS = 200
_MAX_ALBUM = 10
_MAX_COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_MAX_COMMAND_DESCRIPTION = 256
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_MAX_DELETED = 100
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_LINK = re.compile(r"(https?|tg|ton|tonsite)://\S+|[\w-]+(\.[\w-]+)+(/\S*)?", re.IGNORECASE)
_UPDATE_KINDS = frozenset(types.Update.model_fields) - {"update_id"}
_BUTTON_ACTIONS = frozenset(types.InlineKeyboardButton.model_fields) - {"text", "icon_custom_emoji_id", "style"}


def check_rules(request: BaseModel) -> None:
    """Check one request.

    Raises:
        BreachError: the first rule that it breaks.
    """
    keyboard = getattr(request, "reply_markup", None)
    if isinstance(keyboard, types.InlineKeyboardMarkup):
        check_keyboard(keyboard)
    check = _CHECKS.get(type(request))
    if check is not None:
        check(request)


def check_keyboard(markup: types.InlineKeyboardMarkup) -> None:
    """Check the buttons of an inline keyboard.

    Raises:
        BreachError: a button without text or without exactly one action, data of the wrong size, too many buttons.
    """
    for row in markup.inline_keyboard:
        if len(row) > _MAX_ROW:
            raise BreachError(f"a row of an inline keyboard holds at most {_MAX_ROW} buttons, got {len(row)}")
        for button in row:
            _check_button(button)
    if sum(map(len, markup.inline_keyboard)) > _MAX_BUTTONS:
        raise BreachError("reply markup is too long")


def _check_button(button: types.InlineKeyboardButton) -> None:
    if not button.text.strip():
        raise BreachError("inline keyboard button text must be non-empty")
    actions = [name for name in _BUTTON_ACTIONS if getattr(button, name, None) is not None]
    if not actions:
        raise BreachError("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise BreachError(f"can't parse inline keyboard button: exactly one action is allowed, got {sorted(actions)}")
    if button.callback_data is not None and not 1 <= len(button.callback_data.encode()) <= _MAX_CALLBACK_BYTES:
        raise BreachError("BUTTON_DATA_INVALID")
    if button.url is not None and not _LINK.fullmatch(button.url):
        raise BreachError("BUTTON_URL_INVALID")


def _check_album(request: Any) -> None:
    if not request.media:
        raise BreachError("there are no messages to send")
    if len(request.media) == 1:
        # Telegram quietly sends a single message here; the Bot API asks for 2-10 items
        raise BreachError("an album holds 2-10 items, got 1")
    if len(request.media) > _MAX_ALBUM:
        raise BreachError("too many messages to send as an album")
    kinds = {item.type for item in request.media}
    for kind in ("document", "audio"):
        if kind in kinds and len(kinds) > 1:
            raise BreachError(f"{kind} can't be mixed with other media types")
    if len({item.show_caption_above_media is True for item in request.media if item.type == "photo"}) > 1:
        raise BreachError("parameter show_caption_above_media must be the same for all messages")


def _check_chat_action(request: Any) -> None:
    if request.action not in _ACTIONS:
        raise BreachError("wrong parameter action in request")


def _check_toast(request: Any) -> None:
    if request.text is not None and utf16_length(request.text) > _MAX_TOAST_CHARS:
        raise BreachError("MESSAGE_TOO_LONG")


def _check_deleted(request: Any) -> None:
    if not 1 <= len(request.message_ids) <= _MAX_DELETED:
        raise BreachError("message identifiers are not specified" if not request.message_ids else "too many messages")


def _check_many(request: Any) -> None:
    _check_deleted(request)
    ids = request.message_ids
    if ids != sorted(set(ids)):
        raise BreachError("message identifiers must be in a strictly increasing order")


def _check_commands(request: Any) -> None:
    if len(request.commands) > _MAX_COMMANDS:
        raise BreachError("BOT_COMMANDS_TOO_MUCH")
    for command in request.commands:
        if not _COMMAND.fullmatch(command.command.removeprefix("/")):
            raise BreachError("BOT_COMMAND_INVALID")
        if not 1 <= len(command.description) <= _MAX_COMMAND_DESCRIPTION:
            raise BreachError("BOT_COMMAND_DESCRIPTION_INVALID")


def _check_kinds(request: Any) -> None:
    unknown = sorted(set(request.allowed_updates or ()) - _UPDATE_KINDS)
    if unknown:
        raise BreachError(f"allowed_updates holds {unknown[0]!r}, which is no kind of update")


def _check_webhook(request: Any) -> None:
    _check_kinds(request)
    if request.secret_token is not None and not _SECRET.fullmatch(request.secret_token):
        raise BreachError("secret token contains unallowed characters")
    if request.max_connections is not None and not 1 <= request.max_connections <= 100:
        raise BreachError("max_connections must be between 1 and 100")


def _limit(field: str, chars: int) -> Callable[[Any], None]:
    def check(request: Any) -> None:
        if utf16_length(getattr(request, field) or "") > chars:
            raise BreachError(f"{field} is too long: at most {chars} characters")

    return check


_CHECKS: dict[type[BaseModel], Callable[[Any], None]] = {
    methods.SendMediaGroup: _check_album,
    methods.SendPoll: check_poll,
    methods.SetMessageReaction: check_reaction,
    methods.CopyMessages: _check_many,
    methods.ForwardMessages: _check_many,
    methods.SendChatAction: _check_chat_action,
    methods.AnswerCallbackQuery: _check_toast,
    methods.DeleteMessages: _check_deleted,
    methods.SetMyCommands: _check_commands,
    methods.GetUpdates: _check_kinds,
    methods.SetWebhook: _check_webhook,
    methods.SetMyDescription: _limit("description", 512),
    methods.SetMyShortDescription: _limit("short_description", 120),
    methods.SetMyName: _limit("name", 64),
}
