-- What a passkey has to answer so that its owner is signed in. Whoever is there may ask, so there is room for so many and no more.

CREATE TABLE sign_in_challenge (
        slot INTEGER PRIMARY KEY, -- its first two bytes: a new one takes the place of another
        challenge BLOB NOT NULL,
        expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE session ADD COLUMN passkey BLOB; -- that began it, and with which it ends; NULL: begun in another way
