-- The database and its two roles, by an administrator: psql -f roles.sql
-- How they sign in (a certificate, a password) is set in pg_hba.conf.

CREATE ROLE zonewright_owner LOGIN; -- makes the schema and migrates it: `zw init`, `zw restore`, the first start of a new version
CREATE ROLE zonewright LOGIN;       -- serves
ALTER ROLE zonewright SET synchronous_commit = on;
CREATE DATABASE zonewright OWNER zonewright_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE zonewright FROM PUBLIC;
GRANT CONNECT ON DATABASE zonewright TO zonewright;
