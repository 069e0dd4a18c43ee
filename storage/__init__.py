"""Remembers: SQLite with numbered migrations, and pictures stored by their content.

`database` opens it and gives transactions; each noun's queries are a module (`chats`, `people`, `styles`, `sessions`,
`generations`, `candidates`, `votes`, `events`, `updates`); `erasure` takes a person out of them; `pictures` keeps the
files. No clock is read here.
"""
