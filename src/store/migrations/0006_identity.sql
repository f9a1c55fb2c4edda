-- People who sign in at a provider of identities elsewhere. Nothing here is part of a log.

-- A role that the provider's groups gave, and that goes with them; one given by hand stays.
ALTER TABLE person_role ADD COLUMN provided INTEGER NOT NULL DEFAULT 0; -- 1: by the provider

-- The provider; at most one row.
CREATE TABLE identity_provider (
        no INTEGER PRIMARY KEY CHECK (no = 1),
        title TEXT NOT NULL,  -- what people know it by
        issuer TEXT NOT NULL, -- its address, which its tokens name letter by letter
        client TEXT NOT NULL, -- the name this installation has there
        secret TEXT NOT NULL, -- and its secret; empty: none is asked for
        scope TEXT NOT NULL,  -- what is asked for, a blank between
        claim TEXT NOT NULL   -- the member of its tokens that lists groups
) STRICT;

-- Which group is given which roles of a project.
CREATE TABLE identity_group (
        name TEXT NOT NULL,
        log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,
        role TEXT NOT NULL,   -- name of the metamodel
        PRIMARY KEY (name, log, role)
) STRICT, WITHOUT ROWID;

-- Who somebody is there: by these two alone, which are never given to anybody else.
CREATE TABLE identity (
        issuer TEXT NOT NULL,
        subject TEXT NOT NULL,
        person BLOB NOT NULL REFERENCES person,
        created INTEGER NOT NULL,
        PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;

-- Identities of a person.
CREATE INDEX identity_person ON identity (person);
