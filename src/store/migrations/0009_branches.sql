-- Branches: logs that start from a commit of another log. Their items begin as copies of what that commit held.

-- What the operation `branch` says. The other log is named by its id, since numbers of logs belong to one database.
CREATE TABLE branch (
        log INTEGER PRIMARY KEY REFERENCES log ON DELETE CASCADE,
        parent BLOB NOT NULL,     -- id of the log it starts from
        parent_seq INTEGER NOT NULL -- commit of that log
) STRICT;

-- Branches of a log.
CREATE INDEX branch_parent ON branch (parent);

-- What the operation `merge` says: which commits of which branch are in this log.
CREATE TABLE log_merge (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        seq INTEGER NOT NULL,     -- commit that merged
        branch BLOB NOT NULL,     -- id of the log merged in
        branch_seq INTEGER NOT NULL, -- its newest commit then
        PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;
