-- Comments on items, as the operation `comment` gives them: each row is a comment as one commit left it, so that the first
-- row of an id says who wrote it, and the last valid one what it says. Who and when is in the commit.
CREATE TABLE comment (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        no INTEGER NOT NULL,      -- of the item
        seq INTEGER NOT NULL,     -- commit
        op INTEGER NOT NULL,      -- number of the operation in it
        id BLOB NOT NULL,         -- 16 random bytes
        resolved INTEGER NOT NULL, -- 1: it is settled
        text TEXT NOT NULL,
        PRIMARY KEY (log, no, seq, op)
) STRICT, WITHOUT ROWID;

-- Comments by id.
CREATE INDEX comment_id ON comment (log, id);
