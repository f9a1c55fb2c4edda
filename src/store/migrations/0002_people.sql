-- Accounts: how people sign in, what they may do where, and what is kept of both. Nothing here is part of a log.

-- A role may end, and may be limited to zones: then it changes only what lies in them.
ALTER TABLE person_role ADD COLUMN until INTEGER NOT NULL DEFAULT 0; -- 0: without end
ALTER TABLE person_role ADD COLUMN zones TEXT;                       -- keys of zones, a space between; NULL: no limit

-- How a person signs in. A person without a row has no password, no second factor and is active.
CREATE TABLE account (
        person BLOB PRIMARY KEY REFERENCES person,
        disabled INTEGER NOT NULL,     -- 1: may not sign in, and sessions and tokens are of no use
        operator INTEGER NOT NULL,     -- 1: manages people, projects and the installation; no content by that
        password TEXT,                 -- Argon2id with its parameters; NULL: none, nobody signs in as this person
        totp BLOB,                     -- key of one-time codes, 20 bytes, or NULL
        totp_confirmed INTEGER NOT NULL, -- 1: a first code was given, codes are asked for from then on
        totp_step INTEGER NOT NULL,    -- time step of the last code used; an older or equal one is refused
        failures INTEGER NOT NULL,     -- failed attempts since the last good one
        locked_until INTEGER NOT NULL  -- 0: not locked
) STRICT, WITHOUT ROWID;

-- Sessions of browsers. The secret itself is with the browser alone. Ending one is deleting its row.
CREATE TABLE session (
        hash BLOB PRIMARY KEY,    -- SHA-256 of the secret
        id BLOB NOT NULL UNIQUE,  -- names the session to people
        person BLOB NOT NULL REFERENCES person,
        created INTEGER NOT NULL,
        seen INTEGER NOT NULL,    -- last use, to the minute
        expires INTEGER NOT NULL, -- however much it is used
        address TEXT NOT NULL     -- where it was begun
) STRICT, WITHOUT ROWID;

-- Sessions of a person.
CREATE INDEX session_person ON session (person);

-- Tokens for programs.
CREATE TABLE api_token (
        id BLOB PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE, -- SHA-256 of the token
        person BLOB NOT NULL REFERENCES person,
        name TEXT NOT NULL,
        permissions TEXT NOT NULL, -- names of the metamodel, a space between: at most these
        log INTEGER REFERENCES log ON DELETE CASCADE, -- the only project it is for; NULL: all of the person's
        created INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        used INTEGER NOT NULL,     -- last use, to the minute; 0: never
        revoked INTEGER NOT NULL   -- when; 0: it is not
) STRICT, WITHOUT ROWID;

-- Tokens of a person.
CREATE INDEX api_token_person ON api_token (person);

-- The code that makes the first person who can sign in; at most one row.
CREATE TABLE setup_code (
        hash BLOB PRIMARY KEY,    -- SHA-256 of the code
        expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was done to access, what was refused, and what auditors looked at. It outlives people and projects.
CREATE TABLE audit (
        no INTEGER PRIMARY KEY,   -- in order of time
        time INTEGER NOT NULL,
        person BLOB,              -- who did it; NULL: nobody known
        action TEXT NOT NULL,     -- a word, such as sign_in
        project TEXT,             -- key of the project it is about
        object TEXT,              -- what it was done to
        address TEXT,             -- where the call came from; NULL: this machine
        outcome TEXT NOT NULL     -- ok, or why not
) STRICT;

-- What concerns one project.
CREATE INDEX audit_project ON audit (project) WHERE project IS NOT NULL;
