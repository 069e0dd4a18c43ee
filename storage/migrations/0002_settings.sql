-- What a chat has chosen; a chat without a row has chosen nothing. Every column has the value that holds until then.

CREATE TABLE chat_settings (
    chat                INTEGER PRIMARY KEY REFERENCES chats (id) ON UPDATE CASCADE ON DELETE CASCADE,
    album_size          INTEGER NOT NULL DEFAULT 6 CHECK (album_size BETWEEN 4 AND 8),
    time_limit_s        INTEGER CHECK (time_limit_s BETWEEN 60 AND 604800),
    quorum              INTEGER CHECK (quorum BETWEEN 1 AND 1000),
    closers             TEXT NOT NULL DEFAULT 'starter' CHECK (closers IN ('starter', 'administrators', 'everyone')),
    shows_counts        INTEGER NOT NULL DEFAULT 0 CHECK (shows_counts IN (0, 1)),
    vote_mode           TEXT NOT NULL DEFAULT 'keyboard' CHECK (vote_mode IN ('keyboard', 'poll')),
    style_name          TEXT,
    utc_offset_min      INTEGER NOT NULL DEFAULT 0 CHECK (utc_offset_min BETWEEN -720 AND 840),
    daily_hour          INTEGER CHECK (daily_hour BETWEEN 0 AND 23),
    quiet_from_hour     INTEGER CHECK (quiet_from_hour BETWEEN 0 AND 23),
    quiet_until_hour    INTEGER CHECK (quiet_until_hour BETWEEN 0 AND 23),
    contributes         INTEGER NOT NULL DEFAULT 1 CHECK (contributes IN (0, 1)),
    CHECK ((quiet_from_hour IS NULL) = (quiet_until_hour IS NULL)),
    CHECK (quiet_from_hour IS NULL OR quiet_from_hour <> quiet_until_hour)
) STRICT;
