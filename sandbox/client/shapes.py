"""What comes over the people's side of HTTP, as types; README.md tells what each field means."""

from typing import Any, Literal, NotRequired, TypedDict


class Author(TypedDict):
    """Who wrote a message."""

    id: int
    name: str
    is_bot: bool


class Picture(TypedDict):
    """A photo in its largest size."""

    file_id: str
    width: int
    height: int


class Attachment(TypedDict):
    """A document."""

    file_id: str
    file_name: str
    mime_type: str
    file_size: int


class Button(TypedDict):
    """A button of an inline keyboard."""

    text: str
    callback_data: NotRequired[str]
    url: NotRequired[str]


class Reaction(TypedDict):
    """An emoji, and who reacted with it: people's ids, the bot's, or a chat's for who acts in its name."""

    emoji: str
    by: list[int]


class PollOption(TypedDict):
    """One answer of a poll, and how many chose it (0 while the results are hidden)."""

    text: str
    voters: int
    photo: Picture | None


class Poll(TypedDict):
    """A poll; `voted` tells by voter's id what they chose, `shows_votes` whether others may see that."""

    id: str
    question: str
    options: list[PollOption]
    total_voters: int
    voted: dict[str, list[int]]
    shows_votes: bool
    closed: bool
    anonymous: bool
    type: str
    multiple: bool
    hides_results: bool
    close_date: int | None
    photo: Picture | None


Message = TypedDict(
    "Message",
    {
        "id": int,
        "chat_id": int,
        "from": Author,
        "date": int,
        "edit_date": NotRequired[int],
        "text": NotRequired[str],
        "caption": NotRequired[str],
        "entities": NotRequired[list[dict[str, Any]]],
        "reply_to": NotRequired[int],
        "media_group_id": NotRequired[str],
        "photo": NotRequired[Picture],
        "document": NotRequired[Attachment],
        "keyboard": NotRequired[list[list[Button]]],
        "service": NotRequired[str],
        "thread": NotRequired[int],
        "poll": NotRequired[Poll],
        "reactions": NotRequired[list[Reaction]],
    },
)


class Person(TypedDict):
    """Somebody who writes to the bot."""

    id: int
    first_name: str
    language_code: str
    color: str


class Topic(TypedDict):
    """A topic of a forum."""

    id: int
    name: str
    closed: bool


class Chat(TypedDict):
    """A chat and all that was said in it."""

    id: int
    type: Literal["private", "group", "supergroup", "channel"]
    title: str
    members: list[int]
    guests: list[int]
    messages: list[Message]
    blocked: NotRequired[bool]
    deactivated: NotRequired[bool]
    administrators: NotRequired[list[int]]
    bot: NotRequired[str]
    pinned: NotRequired[list[int]]
    topics: NotRequired[list[Topic]]
    migrated_to: NotRequired[int]


class BotInfo(TypedDict):
    """The bot as people see it."""

    id: int
    first_name: str
    username: str
    commands: list[dict[str, str]]


class SandboxState(TypedDict):
    """Everything that the page shows; `event_id` is the newest event that it already holds."""

    bot: BotInfo
    settings: dict[str, bool]
    people: list[Person]
    chats: list[Chat]
    event_id: int


class Event(TypedDict):
    """What happened just now; which fields are there depends on `type`."""

    type: Literal["message", "edit", "delete", "chat_action", "person", "chat", "commands"]
    chat_id: NotRequired[int]
    message_id: NotRequired[int]
    message: NotRequired[Message]
    action: NotRequired[str]
    person: NotRequired[Person]
    chat: NotRequired[Chat]
    commands: NotRequired[list[dict[str, str]]]


class Press(TypedDict):
    """How the bot answered a press; without an answer only `answered` is there."""

    answered: bool
    text: NotRequired[str | None]
    show_alert: NotRequired[bool]
    took_ms: NotRequired[int]


class Entry(TypedDict):
    """One Bot API request in the transcript."""

    n: int
    at: float
    method: str
    request: dict[str, Any]
    ok: bool
    error: str | None
    took_ms: float
    breach: str | None
    sent: list[int]
    fault: str | None


class Fault(TypedDict):
    """A fault that is switched on; the README lists the further fields."""

    id: int
    kind: str
    hits: int
