-- What a store on a server has besides the migrations. Run again each time: it makes what is missing.

-- Processes that share the store, each with a data directory of its own.
CREATE TABLE IF NOT EXISTS node (
        id BYTEA PRIMARY KEY,     -- 16 random bytes, made with its data directory
        started BIGINT NOT NULL,
        changes BIGINT NOT NULL,  -- transactions of it that others must learn of
        program TEXT NOT NULL,    -- its version
        facts TEXT NOT NULL       -- JSON object: what the database was found to support when it started
);
