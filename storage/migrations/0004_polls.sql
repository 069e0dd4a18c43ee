-- The native poll under an album, where a chat votes by one.

CREATE TABLE polls (
    generation INTEGER PRIMARY KEY REFERENCES generations (id) ON DELETE CASCADE,
    poll       TEXT NOT NULL UNIQUE,
    message_id INTEGER NOT NULL,
    stopped_at TEXT
) STRICT;
