-- Long work beside requests, and whom to tell of commits. Nothing here is part of a log.

-- What somebody asked for and how it ended. A row that has not ended when the store is opened was interrupted.
CREATE TABLE job (
        id BLOB PRIMARY KEY,
        person BLOB NOT NULL REFERENCES person,
        log INTEGER REFERENCES log ON DELETE CASCADE, -- the project it works on, or NULL
        kind TEXT NOT NULL,       -- name of the use case
        state TEXT NOT NULL,      -- queued, running, done, failed or cancelled
        created INTEGER NOT NULL,
        started INTEGER NOT NULL, -- 0: not yet
        ended INTEGER NOT NULL,   -- 0: not yet
        done INTEGER NOT NULL,    -- how far it came, of `total` (0: not known), counted in `unit`
        total INTEGER NOT NULL,
        unit TEXT NOT NULL,
        result TEXT,              -- JSON that the use case wrote, or NULL
        problem TEXT,             -- JSON of what went wrong, or NULL
        file TEXT,                -- name of the file it made, which lies in jobs/ID, or NULL
        media TEXT                -- its media type
) STRICT, WITHOUT ROWID;

-- Jobs of a person by time.
CREATE INDEX job_person ON job (person, created);

-- Whom to tell of commits of a project.
CREATE TABLE webhook (
        id BLOB PRIMARY KEY,
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        person BLOB NOT NULL REFERENCES person, -- who made it
        url TEXT NOT NULL,
        secret BLOB NOT NULL,     -- key of the signature
        created INTEGER NOT NULL,
        seq INTEGER NOT NULL,     -- the newest commit it was told of
        failures INTEGER NOT NULL, -- since the last delivery that was taken
        next INTEGER NOT NULL,    -- not before this time
        outcome TEXT NOT NULL     -- of the last attempt; empty before the first
) STRICT, WITHOUT ROWID;

-- Webhooks of a project.
CREATE INDEX webhook_log ON webhook (log);

-- Content by hash, for who asks for it so.
CREATE INDEX attachment_sha256 ON attachment (log, sha256);
