-- Auditors who see a project as of a baseline, and nothing later.

ALTER TABLE person_role ADD COLUMN baseline TEXT;                  -- its key, to be shown; NULL: no limit
ALTER TABLE person_role ADD COLUMN upto INTEGER NOT NULL DEFAULT 0; -- its commit when the role was given; 0: no limit
