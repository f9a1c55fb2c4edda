-- What several programs on one store have to tell each other: that a graph in memory holds what was erased, and which of them
-- a schema is still for.

ALTER TABLE log ADD COLUMN rebuilt INTEGER NOT NULL DEFAULT 0; -- how often its projections were made anew

-- The oldest schema whose programs can work with this one beside newer programs; a migration that they could not work with
-- sets its own number.
INSERT INTO meta (name, value) VALUES ('compatible', 11);
