-- Lists as people want to see them again: filter, order and columns of a page under a name. No part of what is worked out, so not in the log.

CREATE TABLE saved_view (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        person BLOB NOT NULL REFERENCES person, -- whose it is
        name TEXT NOT NULL,
        address TEXT NOT NULL,    -- page in the project and query
        shared INTEGER NOT NULL,  -- 1: everybody in the project sees it
        PRIMARY KEY (log, person, name)
) STRICT, WITHOUT ROWID;
