-- Moments are ISO 8601 text in UTC with six decimals (storage/times.py); JSON columns are checked to be JSON.
-- The large JSON columns come last in their tables: reading the others then does not touch their pages.

CREATE TABLE chats (
    id           INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('private', 'group', 'supergroup', 'channel')),
    title        TEXT NOT NULL,
    language     TEXT,
    suspended_at TEXT,
    created_at   TEXT NOT NULL
) STRICT;

CREATE TABLE people (
    id            INTEGER PRIMARY KEY,
    first_name    TEXT NOT NULL,
    language_code TEXT,
    created_at    TEXT NOT NULL
) STRICT;

-- One row for each version of a style that was ever seen.
CREATE TABLE styles (
    name          TEXT NOT NULL,
    digest        TEXT NOT NULL,
    title         TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    PRIMARY KEY (name, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    chat              INTEGER NOT NULL REFERENCES chats (id) ON UPDATE CASCADE ON DELETE CASCADE,
    message_thread_id INTEGER,
    style_name        TEXT NOT NULL,
    style_digest      TEXT NOT NULL,
    strategy          TEXT NOT NULL,
    phase             TEXT NOT NULL CHECK (phase IN ('painting', 'delivering', 'voting', 'closed')),
    album_size        INTEGER NOT NULL CHECK (album_size BETWEEN 2 AND 10),
    started_by        INTEGER REFERENCES people (id) ON DELETE SET NULL,
    created_at        TEXT NOT NULL,
    closed_at         TEXT,
    state             TEXT NOT NULL CHECK (json_valid(state)),
    CHECK ((phase = 'closed') = (closed_at IS NOT NULL)),
    FOREIGN KEY (style_name, style_digest) REFERENCES styles (name, digest)
) STRICT;

CREATE UNIQUE INDEX one_open_session_a_chat ON sessions (chat) WHERE phase <> 'closed';
CREATE INDEX sessions_by_chat ON sessions (chat);
CREATE INDEX sessions_by_starter ON sessions (started_by) WHERE started_by IS NOT NULL;

CREATE TABLE generations (
    id                   INTEGER PRIMARY KEY AUTOINCREMENT,
    session              INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    number               INTEGER NOT NULL CHECK (number >= 1),
    painting_at          TEXT NOT NULL,
    delivering_at        TEXT,
    voting_at            TEXT,
    closed_at            TEXT,
    album_status         TEXT NOT NULL DEFAULT 'none'
        CHECK (album_status IN ('none', 'attempted', 'delivered', 'unknown')),
    album_status_at      TEXT,
    companion_message_id INTEGER,
    progress_message_id  INTEGER,
    state_before         TEXT NOT NULL CHECK (json_valid(state_before)),
    UNIQUE (session, number)
) STRICT;

CREATE TABLE candidates (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    generation INTEGER NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL CHECK (position BETWEEN 0 AND 9),
    chromosome TEXT NOT NULL CHECK (json_valid(chromosome)),
    recipe     TEXT NOT NULL CHECK (json_valid(recipe)),
    picture    TEXT CHECK (length(picture) = 64 AND picture NOT GLOB '*[^0-9a-f]*'),
    file_id    TEXT,
    message_id INTEGER,
    UNIQUE (generation, position)
) STRICT;

CREATE TABLE votes (
    candidate INTEGER NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
    voter     INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    value     INTEGER NOT NULL CHECK (value IN (-1, 0, 1)),
    cast_at   TEXT NOT NULL,
    PRIMARY KEY (candidate, voter)
) STRICT, WITHOUT ROWID;

CREATE INDEX votes_by_voter ON votes (voter);

CREATE TABLE events (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    happened_at TEXT NOT NULL,
    kind        TEXT NOT NULL,
    chat        INTEGER REFERENCES chats (id) ON UPDATE CASCADE ON DELETE SET NULL,
    person      INTEGER REFERENCES people (id) ON DELETE SET NULL,
    data        TEXT NOT NULL CHECK (json_valid(data))
) STRICT;

CREATE INDEX events_by_chat ON events (chat);
CREATE INDEX events_by_person ON events (person);

-- What happened does not change afterwards; only whom it names may follow a new chat id, or be erased.
CREATE TRIGGER events_are_only_appended
BEFORE UPDATE OF id, happened_at, kind, data ON events
BEGIN
    SELECT RAISE(ABORT, 'events are only appended');
END;

CREATE TABLE updates (
    update_id INTEGER PRIMARY KEY,
    seen_at   TEXT NOT NULL
) STRICT;

CREATE INDEX updates_by_time ON updates (seen_at);
