"""The errors that `style` raises on bad input.

StyleError
├── BadRecipeError      a recipe that cannot be read, or names what is not there
├── BadPackError        a style pack that cannot be used; the message names file and cure
├── BadAdapterError     an adapter from elsewhere that cannot be made into one of ours
├── BadModelError       a base model that cannot be loaded; the message names the cure
├── BadPicturesError    a folder of pictures that cannot be trained on
├── BadJobError         a training job that cannot be read, or that does not fit its folder
├── TrainingError       a training that went astray or cannot go on; the message names the cure
└── PainterError        a picture could not be painted
    ├── PainterBusyError     the queue in front of the device is full: try again later
    └── PainterStoppedError  the engine is closed, or died again and again on this very request
"""


class StyleError(Exception):
    """Base of all errors of this package."""


class BadRecipeError(StyleError):
    """A recipe that cannot be read, or that names an adapter or a model which is not there."""


class BadPackError(StyleError):
    """A style pack that cannot be used; the message names the file and the cure."""


class BadAdapterError(StyleError):
    """An adapter from elsewhere that cannot be made into one of ours; the message names the file and the cure."""


class BadModelError(StyleError):
    """A base model that cannot be loaded; the message names the cure."""


class BadPicturesError(StyleError):
    """A folder of pictures that cannot be trained on; the message names the file and the cure."""


class BadJobError(StyleError):
    """A training job that cannot be read, or that does not fit what its folder holds; the message names the cure."""


class TrainingError(StyleError):
    """A training that went astray, died, or cannot go on; the message names the cure."""


class PainterError(StyleError):
    """A picture could not be painted."""


class PainterBusyError(PainterError):
    """The queue in front of the device is full: try again later."""


class PainterStoppedError(PainterError):
    """The engine is closed, or died again and again on this very request."""
