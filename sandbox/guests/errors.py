"""The errors that simulated people raise.

GuestError
├── UnreadablePictureError   bytes that are no picture, or an array that is no RGB picture
└── VisitError               the bot did not do what a person waits for; the message quotes what it said last
"""


class GuestError(Exception):
    """Base of all errors of this package."""


class UnreadablePictureError(GuestError):
    """Bytes that are no picture, or an array that is no RGB picture."""


class VisitError(GuestError):
    """The bot did not do what a person waits for; the message quotes what it said last."""
