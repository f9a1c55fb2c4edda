-- What the serving role may do, by the owner after `zw init`, `zw restore` and each upgrade: psql -f grants.sql zonewright
-- It adds commits and reads them; it cannot change one, nor remove one but with the whole project, nor what the audit trail says.

GRANT USAGE ON SCHEMA zonewright TO zonewright;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA zonewright TO zonewright;
REVOKE UPDATE, DELETE ON zonewright.log_commit, zonewright.audit FROM zonewright;
REVOKE DELETE ON zonewright.secret FROM zonewright;
REVOKE INSERT, UPDATE, DELETE ON zonewright.meta FROM zonewright;
