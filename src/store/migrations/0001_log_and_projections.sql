-- The first schema. Names of kinds, states, link types, roles and result states are texts, since numbers belong to a
-- build. Times are milliseconds since 1970 UTC. A row of a projection is valid in [from_seq, to_seq) of its log; the
-- newest has the greatest integer as to_seq. Tables are clustered by their primary keys.

-- One row per log. It changes with every commit and is kept short for that.
CREATE TABLE log (
        no INTEGER PRIMARY KEY,   -- names the log in all other tables
        id BLOB NOT NULL UNIQUE,  -- 16 random bytes, what headers and people see
        head INTEGER NOT NULL,    -- number of the newest commit, 0 when there is none
        head_hash BLOB NOT NULL,  -- its hash, zeros when there is none
        edge BLOB NOT NULL,       -- right edge of the Merkle tree over the hashes of commits 1 to head
        changed INTEGER NOT NULL, -- time of the newest commit; the next is not before it
        items INTEGER NOT NULL    -- number the next item gets
) STRICT;

-- What the operation `project` says.
CREATE TABLE project (
        log INTEGER PRIMARY KEY REFERENCES log ON DELETE CASCADE,
        key TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        sample INTEGER NOT NULL   -- 1: the sample plant
) STRICT;

-- Commits. `header` is the truth; the columns after it are read from it for speed, and verified.
CREATE TABLE log_commit (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL,       -- SHA-256(0x00 || header)
        header BLOB NOT NULL,     -- canonical JSON, never changed
        time INTEGER NOT NULL,
        actor BLOB NOT NULL,      -- 16 bytes, opaque
        request TEXT,             -- request id of the writer
        PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

-- A request is done once: a repeated one finds its commit here.
CREATE UNIQUE INDEX log_commit_request ON log_commit (log, request) WHERE request IS NOT NULL;

-- What the commitments of headers stand for, apart so that it can be erased: then salt and bytes are NULL.
CREATE TABLE secret (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        op INTEGER NOT NULL,      -- number of the operation in the commit, -1 for the message
        field TEXT NOT NULL,      -- name of a personal attribute; empty for the operation itself and the message
        salt BLOB,                -- 32 bytes
        bytes BLOB,
        PRIMARY KEY (log, seq, op, field)
) STRICT, WITHOUT ROWID;

-- Items by id.
CREATE TABLE item (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        id BLOB NOT NULL,         -- 16 random bytes
        no INTEGER NOT NULL,      -- from 0 in order of creation
        PRIMARY KEY (log, id)
) STRICT, WITHOUT ROWID;

-- Items by key. A key is its stem followed by its number; the last row of a stem gives the next free number.
CREATE TABLE item_key (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        stem TEXT NOT NULL,       -- `TS-` of TS-12
        number INTEGER NOT NULL,  -- 12; -1 when the key ends with no number
        no INTEGER NOT NULL,
        PRIMARY KEY (log, stem, number)
) STRICT, WITHOUT ROWID;

-- Items by their identity outside, as their newest revisions have it.
CREATE TABLE item_source (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        system TEXT NOT NULL,
        id TEXT NOT NULL,
        no INTEGER NOT NULL,
        PRIMARY KEY (log, system, id)
) STRICT, WITHOUT ROWID;

-- Revisions of items, each complete.
CREATE TABLE item_rev (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        no INTEGER NOT NULL,
        rev INTEGER NOT NULL,     -- from 1
        from_seq INTEGER NOT NULL,
        to_seq INTEGER NOT NULL,  -- equal to from_seq when the same commit made the next revision
        id BLOB NOT NULL,
        key TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        subst INTEGER NOT NULL,   -- number of the last substantive revision
        author BLOB NOT NULL,     -- actor of the commit
        ord INTEGER NOT NULL,     -- order under the parent
        parent TEXT,              -- key of the item it is shown under
        owner TEXT,
        tags TEXT,                -- JSON array of texts
        source TEXT,              -- JSON object {"id","rev","system"}
        attachments TEXT,         -- JSON array of {"media","name","sha256","size"} by name
        title TEXT NOT NULL,
        attrs TEXT NOT NULL,      -- JSON object, all attributes at this revision
        body TEXT NOT NULL,
        PRIMARY KEY (log, no, rev)
) STRICT, WITHOUT ROWID;

-- Links. A change of attributes or judgement ends a row and begins another.
CREATE TABLE link_rev (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        from_no INTEGER NOT NULL,
        type TEXT NOT NULL,
        to_no INTEGER NOT NULL,
        role TEXT NOT NULL,       -- `as`; empty for none
        from_seq INTEGER NOT NULL,
        to_seq INTEGER NOT NULL,
        judged_from INTEGER NOT NULL, -- last substantive revision of the ends when a person last looked
        judged_to INTEGER NOT NULL,
        attrs TEXT,               -- JSON object
        PRIMARY KEY (log, from_no, type, to_no, role, from_seq)
) STRICT, WITHOUT ROWID;

-- Links of an item from the other side.
CREATE INDEX link_rev_to ON link_rev (log, to_no);

-- The newest result of each test case in each run.
CREATE TABLE result (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        run INTEGER NOT NULL,     -- item numbers
        test_case INTEGER NOT NULL,
        from_seq INTEGER NOT NULL,
        to_seq INTEGER NOT NULL,
        status TEXT NOT NULL,
        at INTEGER NOT NULL,      -- when it was tested
        message TEXT,
        PRIMARY KEY (log, run, test_case, from_seq)
) STRICT, WITHOUT ROWID;

-- Files of results, as the log names them.
CREATE TABLE result_file (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        op INTEGER NOT NULL,
        run INTEGER NOT NULL,     -- item number of the test run
        sha256 TEXT NOT NULL,     -- name of the blob
        PRIMARY KEY (log, seq, op)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        name TEXT NOT NULL,
        from_seq INTEGER NOT NULL,
        to_seq INTEGER NOT NULL,
        value TEXT NOT NULL,      -- canonical JSON
        PRIMARY KEY (log, name, from_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        no INTEGER NOT NULL,      -- of the item
        name TEXT NOT NULL,
        from_seq INTEGER NOT NULL,
        to_seq INTEGER NOT NULL,
        sha256 TEXT NOT NULL,     -- name of the blob
        size INTEGER NOT NULL,
        media TEXT NOT NULL,      -- media type
        PRIMARY KEY (log, no, name, from_seq)
) STRICT, WITHOUT ROWID;

-- People, of whom logs know only the id.
CREATE TABLE person (
        id BLOB PRIMARY KEY,      -- 16 random bytes
        name TEXT NOT NULL UNIQUE, -- login name
        full_name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person_role (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        person BLOB NOT NULL REFERENCES person,
        role TEXT NOT NULL,       -- name of the metamodel
        PRIMARY KEY (log, person, role)
) STRICT, WITHOUT ROWID;
