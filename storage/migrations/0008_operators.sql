-- What running the bot needs. Ids here are Telegram's, of people and chats alike, and known or not: no foreign keys.

CREATE TABLE audit (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    happened_at TEXT NOT NULL,
    actor       INTEGER NOT NULL,
    action      TEXT NOT NULL,
    outcome     TEXT NOT NULL CHECK (outcome IN ('allowed', 'refused')),
    details     TEXT NOT NULL CHECK (json_valid(details))
) STRICT;

CREATE INDEX audit_by_actor ON audit (outcome, actor);

CREATE TRIGGER audit_is_only_appended
BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only appended');
END;

-- Whoever is banned; `told_at` is set once they have been told so.
CREATE TABLE bans (
    id        INTEGER PRIMARY KEY,
    reason    TEXT NOT NULL,
    banned_by INTEGER NOT NULL,
    banned_at TEXT NOT NULL,
    told_at   TEXT
) STRICT;

-- How many pictures a day; the row of id 0 holds for each chat and person that has none of its own.
CREATE TABLE quotas (
    id       INTEGER PRIMARY KEY,
    pictures INTEGER NOT NULL CHECK (pictures BETWEEN 0 AND 1000000)
) STRICT;

-- How many pictures were ordered on a day of UTC, such as 2026-11-26.
CREATE TABLE usage (
    id       INTEGER NOT NULL,
    day      TEXT NOT NULL,
    pictures INTEGER NOT NULL,
    PRIMARY KEY (id, day)
) STRICT, WITHOUT ROWID;

-- A row while no new work is taken.
CREATE TABLE drains (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    asked_by INTEGER NOT NULL,
    asked_at TEXT NOT NULL
) STRICT;

CREATE TABLE broadcasts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    author     INTEGER NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('draft', 'sending', 'stopped', 'done')),
    created_at TEXT NOT NULL,
    ended_at   TEXT,
    text       TEXT NOT NULL
) STRICT;

-- 'attempted' is written before the sending: what became of it is not known until it is 'sent' or 'failed'.
CREATE TABLE broadcast_chats (
    broadcast INTEGER NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    chat      INTEGER NOT NULL REFERENCES chats (id) ON UPDATE CASCADE ON DELETE CASCADE,
    status    TEXT NOT NULL CHECK (status IN ('waiting', 'attempted', 'sent', 'failed')),
    PRIMARY KEY (broadcast, chat)
) STRICT, WITHOUT ROWID;

CREATE INDEX broadcast_chats_by_chat ON broadcast_chats (chat);
