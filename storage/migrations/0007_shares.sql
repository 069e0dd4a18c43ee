-- Links by which others begin with what a session has learned; `model` is a file's content and names nobody.

CREATE TABLE shares (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token      TEXT NOT NULL UNIQUE CHECK (length(token) BETWEEN 16 AND 48 AND token NOT GLOB '*[^A-Za-z0-9_-]*'),
    kind       TEXT NOT NULL CHECK (kind IN ('copy', 'blend')),
    session    INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    shared_by  INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    model      TEXT NOT NULL CHECK (json_valid(model)),
    UNIQUE (session, kind, shared_by)
) STRICT;

CREATE INDEX shares_by_sharer ON shares (shared_by);
