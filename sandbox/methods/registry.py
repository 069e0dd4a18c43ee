"""Lists the methods that the sandbox carries out, by lower-case name, and those that the Bot API knows beside them."""

from typing import Any

from aiogram import methods
from aiogram.methods import TelegramMethod

from sandbox.methods import chats, copying, editing, marking, polls, profile, receiving, sending
from sandbox.methods.method import Handler, Method

_HANDLERS: tuple[tuple[type[TelegramMethod[Any]], Handler], ...] = (
    (methods.GetMe, profile.get_me),
    (methods.LogOut, profile.refuse_closing),
    (methods.Close, profile.refuse_closing),
    (methods.GetUpdates, receiving.get_updates),
    (methods.SetWebhook, receiving.set_webhook),
    (methods.DeleteWebhook, receiving.delete_webhook),
    (methods.GetWebhookInfo, receiving.get_webhook_info),
    (methods.AnswerCallbackQuery, receiving.answer_callback_query),
    (methods.GetFile, receiving.get_file),
    (methods.SendMessage, sending.send_message),
    (methods.SendPhoto, sending.send_photo),
    (methods.SendMediaGroup, sending.send_media_group),
    (methods.SendDocument, sending.send_document),
    (methods.SendChatAction, sending.send_chat_action),
    (methods.SendPoll, polls.send_poll),
    (methods.StopPoll, polls.stop_poll),
    (methods.CopyMessage, copying.copy_message),
    (methods.CopyMessages, copying.copy_messages),
    (methods.ForwardMessage, copying.forward_message),
    (methods.ForwardMessages, copying.forward_messages),
    (methods.SetMessageReaction, marking.set_message_reaction),
    (methods.PinChatMessage, marking.pin_chat_message),
    (methods.UnpinChatMessage, marking.unpin_chat_message),
    (methods.UnpinAllChatMessages, marking.unpin_all_chat_messages),
    (methods.EditMessageText, editing.edit_message_text),
    (methods.EditMessageCaption, editing.edit_message_caption),
    (methods.EditMessageMedia, editing.edit_message_media),
    (methods.EditMessageReplyMarkup, editing.edit_message_reply_markup),
    (methods.DeleteMessage, editing.delete_message),
    (methods.DeleteMessages, editing.delete_messages),
    (methods.GetChat, chats.get_chat),
    (methods.GetChatMember, chats.get_chat_member),
    (methods.GetChatAdministrators, chats.get_chat_administrators),
    (methods.GetChatMemberCount, chats.get_chat_member_count),
    (methods.LeaveChat, chats.leave_chat),
    (methods.GetUserProfilePhotos, chats.get_user_profile_photos),
    (methods.SetMyCommands, profile.set_my_commands),
    (methods.GetMyCommands, profile.get_my_commands),
    (methods.DeleteMyCommands, profile.delete_my_commands),
    (methods.SetMyDescription, profile.set_my_description),
    (methods.GetMyDescription, profile.get_my_description),
    (methods.SetMyShortDescription, profile.set_my_short_description),
    (methods.GetMyShortDescription, profile.get_my_short_description),
    (methods.SetMyName, profile.set_my_name),
    (methods.GetMyName, profile.get_my_name),
)

METHODS = {method.name.lower(): method for method in (Method(model, handle) for model, handle in _HANDLERS)}


def knows(name: str) -> bool:
    """Say whether the Bot API has a method of that name, in any spelling of its letters."""
    return any(known.lower() == name.lower() for known in methods.__all__)
