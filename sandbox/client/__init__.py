"""A typed client of the people's side, for tests and simulated guests; knows the HTTP contract and nothing inside."""

from sandbox.client.people import SandboxClient
from sandbox.client.shapes import (
    Attachment,
    Author,
    BotInfo,
    Button,
    Chat,
    Entry,
    Event,
    Fault,
    Message,
    Person,
    Picture,
    Poll,
    PollOption,
    Press,
    Reaction,
    SandboxState,
    Topic,
)

__all__ = [
    "Attachment",
    "Author",
    "BotInfo",
    "Button",
    "Chat",
    "Entry",
    "Event",
    "Fault",
    "Message",
    "Person",
    "Picture",
    "Poll",
    "PollOption",
    "Press",
    "Reaction",
    "SandboxClient",
    "SandboxState",
    "Topic",
]
