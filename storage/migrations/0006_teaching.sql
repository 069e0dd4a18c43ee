-- Styles that operators teach from a chat: a lesson gathers pictures, a training learns from them, a publication offers
-- what was learned.

CREATE TABLE lessons (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL UNIQUE,
    title         TEXT NOT NULL,
    chat          INTEGER NOT NULL,
    step          TEXT NOT NULL CHECK (step IN ('title', 'pictures', 'attributes', 'ready', 'low', 'high')),
    slider        TEXT,
    tally_message INTEGER,
    retrain_at    TEXT,
    created_at    TEXT NOT NULL,
    attributes    TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(attributes))
) STRICT;

-- What was sent, in its order; a file is waiting until it was read. Of a slider, pictures of two sides are gathered.
CREATE TABLE lesson_files (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    lesson      INTEGER NOT NULL REFERENCES lessons (id) ON DELETE CASCADE,
    file_id     TEXT NOT NULL,
    name        TEXT NOT NULL,
    size        INTEGER,
    media_group TEXT,
    words       TEXT NOT NULL DEFAULT '',
    side        TEXT NOT NULL DEFAULT 'style' CHECK (side IN ('style', 'low', 'high')),
    is_read     INTEGER NOT NULL DEFAULT 0 CHECK (is_read IN (0, 1))
) STRICT;

CREATE INDEX lesson_files_by_lesson ON lesson_files (lesson, is_read);

CREATE TABLE lesson_pictures (
    lesson INTEGER NOT NULL REFERENCES lessons (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    file   INTEGER NOT NULL REFERENCES lesson_files (id) ON DELETE CASCADE,
    name   TEXT NOT NULL,
    words  TEXT NOT NULL,
    seen   TEXT NOT NULL,
    side   TEXT NOT NULL DEFAULT 'style' CHECK (side IN ('style', 'low', 'high')),
    PRIMARY KEY (lesson, side, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE lesson_refusals (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    file   INTEGER NOT NULL REFERENCES lesson_files (id) ON DELETE CASCADE,
    name   TEXT NOT NULL,
    reason TEXT NOT NULL,
    other  TEXT NOT NULL
) STRICT;

CREATE INDEX lesson_refusals_by_file ON lesson_refusals (file);

CREATE TABLE trainings (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    lesson       INTEGER NOT NULL REFERENCES lessons (id) ON DELETE CASCADE,
    version      INTEGER NOT NULL CHECK (version >= 1),
    steps        INTEGER NOT NULL CHECK (steps >= 2),
    slider       TEXT,
    takes_liked  INTEGER NOT NULL DEFAULT 0 CHECK (takes_liked IN (0, 1)),
    state        TEXT NOT NULL
        CHECK (state IN ('queued', 'running', 'finishing', 'done', 'cancelled', 'failed', 'discarded')),
    chat         INTEGER NOT NULL,
    card_message INTEGER,
    deaths       INTEGER NOT NULL DEFAULT 0,
    error        TEXT,
    created_at   TEXT NOT NULL,
    UNIQUE (lesson, version)
) STRICT;

-- Each time that a version was put before people; the last of a name is what is offered.
CREATE TABLE publications (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    digest       TEXT NOT NULL,
    operator     INTEGER NOT NULL,
    published_at TEXT NOT NULL
) STRICT;

CREATE INDEX publications_by_name ON publications (name, id);
