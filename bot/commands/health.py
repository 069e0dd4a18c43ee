"""`vernissage health`: whether the bot on this data folder lives; made for a container's health check."""

from __future__ import annotations

import argparse

from bot.commands.console import complain, say
from bot.data_folder import DataFolder
from bot.errors import SettingsError
from bot.heartbeat import DEAD_AFTER_S, last_beat_s
from bot.settings import load_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare that nothing can be typed after `health`."""


def main(_: argparse.Namespace) -> int:
    """Say how long ago the bot gave a sign of life; return 0 when that is recent enough, else 1.

    Never 2, not even for bad settings: container engines keep that code for themselves.
    """
    try:
        settings = load_settings(need_token=False)
    except SettingsError as error:
        complain(str(error))
        return 1
    file = DataFolder(settings.data).heartbeat
    ago_s = last_beat_s(file)
    if ago_s is None:
        complain(f"no sign of life: {file} is not there; start the bot, or check VERNISSAGE_DATA")
        return 1
    # As far in the future is as dead: the clock was set back, and no beat came since.
    if abs(ago_s) > DEAD_AFTER_S:
        complain(f"dead: the last sign of life was {ago_s:.0f} s ago ({file}); look into the log, and start it again")
        return 1
    say(f"alive: the last sign of life was {max(ago_s, 0.0):.0f} s ago")
    return 0
