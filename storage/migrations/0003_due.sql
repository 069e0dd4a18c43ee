-- What is to be done in a chat at a moment: at most one of each kind. `generation` is what it is about, where it is.

CREATE TABLE due (
    chat       INTEGER NOT NULL REFERENCES chats (id) ON UPDATE CASCADE ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('limit', 'quiet', 'reminder', 'tick', 'daily')),
    at         TEXT NOT NULL,
    generation INTEGER REFERENCES generations (id) ON DELETE CASCADE,
    PRIMARY KEY (chat, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX due_by_time ON due (at);
CREATE INDEX due_by_generation ON due (generation) WHERE generation IS NOT NULL;

-- Who was there without a vote: a reaction to the album says so.
CREATE TABLE presences (
    generation INTEGER NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    person     INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    seen_at    TEXT NOT NULL,
    PRIMARY KEY (generation, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX presences_by_person ON presences (person);
