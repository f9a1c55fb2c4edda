-- People who want no mail about what waits for them.

ALTER TABLE account ADD COLUMN no_mail INTEGER NOT NULL DEFAULT 0; -- 1: none is sent to them
