-- Electronic signatures, as the operation `sign` gives them. A signature is made once and never ends: whether it still holds
-- is computed from the content it names.
CREATE TABLE signature (
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        no INTEGER NOT NULL,      -- of the item
        seq INTEGER NOT NULL,     -- commit
        op INTEGER NOT NULL,      -- number of the operation in it
        rev INTEGER NOT NULL,     -- revision of the item that was shown
        person BLOB NOT NULL,     -- actor of the commit: nobody signs for another
        time INTEGER NOT NULL,    -- as in the manifest
        content BLOB NOT NULL,    -- hash of the content
        manifest BLOB NOT NULL,   -- hash of the manifest
        meaning TEXT NOT NULL,    -- names of the metamodel
        role TEXT NOT NULL,
        proof TEXT NOT NULL,      -- how it was proved who signs
        reason TEXT NOT NULL,
        links TEXT NOT NULL,      -- JSON array: types of links that the content takes in
        without TEXT NOT NULL,    -- JSON array: attributes that it leaves out
        PRIMARY KEY (log, no, seq, op)
) STRICT, WITHOUT ROWID;

-- One manifest is signed once.
CREATE UNIQUE INDEX signature_manifest ON signature (log, manifest);
