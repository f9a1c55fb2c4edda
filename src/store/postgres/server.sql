-- What a store on a server has besides the migrations. Run again each time: it makes what is missing.

-- Processes that share the store, each with a data directory of its own.
CREATE TABLE IF NOT EXISTS node (
        id BYTEA PRIMARY KEY,     -- 16 random bytes, made with its data directory
        started BIGINT NOT NULL,
        seen BIGINT NOT NULL,     -- when it last said that it is there, by the clock of the database
        changes BIGINT NOT NULL,  -- transactions of it that others must learn of
        program TEXT NOT NULL,    -- its version
        facts TEXT NOT NULL       -- JSON object: what the database was found to support when it started
);

-- Content by hash, for nodes that did not take it in themselves: in parts, so that no value is large.
CREATE TABLE IF NOT EXISTS blob (
        sha256 BYTEA NOT NULL,
        part BIGINT NOT NULL,     -- from 0
        bytes BYTEA NOT NULL,
        PRIMARY KEY (sha256, part)
);

-- Which node works on a job, so that another one that starts does not take it for left behind.
CREATE TABLE IF NOT EXISTS job_node (
        job BYTEA PRIMARY KEY REFERENCES job ON DELETE CASCADE,
        node BYTEA NOT NULL
);
