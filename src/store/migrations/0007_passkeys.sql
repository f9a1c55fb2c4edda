-- Passkeys: keys of authenticators, with which people prove anew who they are when they sign.

CREATE TABLE passkey (
        id BLOB PRIMARY KEY,        -- given by the authenticator
        person BLOB NOT NULL REFERENCES person,
        name TEXT NOT NULL,         -- given by the person
        rp TEXT NOT NULL,           -- host name it was made for
        algorithm INTEGER NOT NULL, -- COSE number
        key BLOB NOT NULL,          -- public
        counter INTEGER NOT NULL,   -- of signatures, as said last; 0: it does not count
        created INTEGER NOT NULL,
        used INTEGER NOT NULL       -- 0: never
) STRICT, WITHOUT ROWID;

-- Passkeys of a person.
CREATE INDEX passkey_person ON passkey (person);

-- What a new passkey has to answer; one for a person, used once.
CREATE TABLE passkey_challenge (
        person BLOB PRIMARY KEY REFERENCES person,
        challenge BLOB NOT NULL,
        expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What an authenticator signed as the proof of a signature, with its key: a JSON object; NULL for another proof.
ALTER TABLE signature ADD COLUMN passkey TEXT;
