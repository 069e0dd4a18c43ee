"""A session as JSON lines: what people did and what the bot asked for; and its replay against a fresh sandbox."""
