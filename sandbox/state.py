"""Owns everything that the sandbox remembers, all of it in memory; knows no HTTP."""

from typing import Any

from sandbox.callbacks import Callbacks
from sandbox.chats import Chats
from sandbox.clock import Clock, SystemClock, Timers
from sandbox.commands import Commands
from sandbox.events import EventLog
from sandbox.faults.switchboard import Faults
from sandbox.files import Files
from sandbox.flood import FloodLimits
from sandbox.messages import Messages
from sandbox.people import BotProfile, People
from sandbox.polling import Polling
from sandbox.polls import PollIds
from sandbox.profile import Profile
from sandbox.recording.log import Recording
from sandbox.transcript import Transcript
from sandbox.updates import Updates
from sandbox.webhooks import Webhook

DEFAULT_TOKEN = "100000001:sandbox-token-for-nobody"  # noqa: S105 -- a pretend token, valid nowhere
_PEOPLE_AT_START = (("Ada", "en"), ("Ben", "en"), ("Chloe", "en"))
_GROUP_AT_START = "Salon"


class State:
    """The sandbox's memory: three people, their private chats and one group at the start."""

    def __init__(
        self, *, token: str = DEFAULT_TOKEN, clock: Clock | None = None, has_flood_limits: bool = False
    ) -> None:
        self.token = token
        self.clock: Clock = clock or SystemClock()
        self.timers = Timers(self.clock)
        self.bot = BotProfile(bot_id(token))
        self.profile = Profile()
        self.people = People()
        self.chats = Chats()
        self.messages = Messages()
        self.files = Files()
        self.faults = Faults()
        self.flood = FloodLimits(self.clock, are_on=has_flood_limits)
        self.updates = Updates(self.clock, self.faults, self.timers)
        self.polling = Polling()
        self.poll_ids = PollIds()
        self.callbacks = Callbacks(self.clock)
        self.commands = Commands()
        self.events = EventLog()
        self.transcript = Transcript(token)
        self.recording = Recording(token)
        self.webhook = Webhook(self.clock, self.updates)
        for first_name, language_code in _PEOPLE_AT_START:
            self.chats.open_private(self.people.add(first_name, language_code))
        self.chats.open_group(_GROUP_AT_START, [person.id for person in self.people.all()])

    def now_s(self) -> int:
        """Return the present moment as a message's date."""
        return int(self.clock.now().timestamp())

    def author_to_api(self, author: int) -> dict[str, Any]:
        """Return the Bot API's `User` of a person or of the bot itself."""
        if author == self.bot.id:
            return self.bot.to_api()
        return self.people[author].to_api()


def bot_id(token: str) -> int:
    """Read the bot's user id from the front of its token.

    Raises:
        ValueError: the token has not the form `number:letters`.
    """
    number, colon, secret = token.partition(":")
    if not (number.isdigit() and colon and secret):
        raise ValueError("a bot token has the form NUMBER:LETTERS")
    return int(number)
