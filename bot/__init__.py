"""Talks: Telegram's edge, the use cases, the wiring and the command line."""
