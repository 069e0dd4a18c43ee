"""Telegram's edge of the operators' desk: reads commands and presses into orders, and has each checked by the gate."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, CommandHandler, filters

from bot.callback_data import Operate
from bot.operators.register import Act, Order
from bot.outcomes import REPEATED, Outcome
from bot.sessions import Sessions
from bot.visits import Visit
from storage.ids import MessageId

Context = CallbackContext[Any, Any, Any, Any]
App = Application[Any, Any, Any, Any, Any, Any]


def register(application: App, sessions: Sessions) -> None:
    """Add all commands of the register to the application."""
    for name, act in sessions.desk.register.commands.items():
        application.add_handler(CommandHandler(name, _answering(sessions, name, act), filters.UpdateType.MESSAGE))


async def press(sessions: Sessions, update: Update, visit: Visit, message: MessageId, data: Operate) -> Outcome:
    """Act on an operator's button."""
    act = sessions.desk.register.buttons.get(data.action)
    order = Order(visit, update, message=message, subject=data.subject, value=data.value)
    details = {"subject": data.subject, "value": data.value}
    return await _obey(sessions, order, f"button {data.action}", details, act)


def _answering(sessions: Sessions, name: str, act: Act) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    async def answer(update: Update, _context: Context) -> None:
        visit, message = sessions.languages.visit(update), update.message
        if visit is None or message is None:
            return
        text = "".join((message.text or "").split(maxsplit=1)[1:])
        order = Order(visit, update, text=text)
        await sessions.messenger.tell(visit.audience, await _obey(sessions, order, f"/{name}", {"text": text}, act))

    return answer


async def _obey(sessions: Sessions, order: Order, action: str, details: dict[str, str], act: Act | None) -> Outcome:
    admitted = await sessions.desk.gate.admit(order.update, order.visit, action, details)
    if isinstance(admitted, str):
        return Outcome(admitted)
    if not admitted:
        return REPEATED
    sessions.desk.menus.show(order.visit.person)
    return Outcome(order.words.toast_unknown_button) if act is None else await act(order)
