"""Owns which emoji one can react with, and how a reaction is kept with its message."""

from collections.abc import Sequence
from typing import Any

from sandbox.messages import Message

_ALL = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 "
    "💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 "
    "🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡"
)
EMOJIS = frozenset(_ALL.split())
"""Source: https://core.telegram.org/bots/api#reactiontypeemoji"""


def react_to(message: Message, actor: int, emojis: Sequence[str]) -> None:
    """Replace an actor's reaction to a message; none takes it back."""
    message.reactions.pop(actor, None)
    if emojis:
        message.reactions[actor] = tuple(emojis)


def reaction_to_api(emoji: str) -> dict[str, Any]:
    """Return the Bot API's `ReactionType`."""
    return {"type": "emoji", "emoji": emoji}
