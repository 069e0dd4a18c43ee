-- What the people of a style have in common, learned from the chats that contribute; it names nobody.

CREATE TABLE priors (
    style_name TEXT PRIMARY KEY,
    prior      TEXT NOT NULL CHECK (json_valid(prior)),
    learned_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
