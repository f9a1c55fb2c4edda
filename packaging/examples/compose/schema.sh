#!/bin/sh
# Makes the schema, or brings it to the version of this program; then says what the role may do that serves. As the schema's owner.
set -eu
zw --data /var/lib/zonewright init --if-absent --join 2>/dev/null || zw --data /var/lib/zonewright init
zw --data /var/lib/zonewright project list >/dev/null
psql -q -v ON_ERROR_STOP=1 -f /etc/zonewright/grants.sql service=zonewright_owner
