"""Pretends: a Bot API server and a chat page, to run a Telegram bot with no token."""
