#!/bin/sh
# One of the two databases, $NAME. Without a cluster it makes one: with the roles, if it is to be the $PRIMARY, else as a standby of that.
# The primary acknowledges what its standby has written, too.
set -eu
place=/var/lib/postgresql/data
password() { sed -n 's/^password=//p' "/run/secrets/$1"; }

settings() {
        cat <<'SETTINGS'
listen_addresses = '*'
wal_keep_size = 1GB
SETTINGS
}

# Who may come from the other containers; the administrator comes over the socket.
doors() {
        cat <<'DOORS'
local all postgres peer
host zonewright zonewright_owner,zonewright samenet scram-sha-256
host replication replication samenet scram-sha-256
DOORS
}

passwords() {
        echo 'CREATE ROLE replication LOGIN REPLICATION;'
        for role in zonewright_owner zonewright replication; do
                echo "ALTER ROLE $role PASSWORD '$(password "$role")';"
        done
}

make_primary() {
        initdb -D "$place/new" -E UTF8 --locale=C.UTF-8 --data-checksums
        settings >>"$place/new/postgresql.conf"
        doors >"$place/new/pg_hba.conf"
        pg_ctl -D "$place/new" -w -o '-c listen_addresses=' start
        psql -q -v ON_ERROR_STOP=1 -f /etc/zonewright/roles.sql
        passwords | psql -q -v ON_ERROR_STOP=1
        pg_ctl -D "$place/new" -w stop
}

make_standby() {
        until PGSERVICEFILE=/run/secrets/replication pg_basebackup -R -D "$place/new" --checkpoint=fast \
                -d "service=replication host=$PRIMARY application_name=$NAME"; do
                sleep 2
        done
}

if [ ! -d "$place/cluster" ]; then
        rm -rf "$place/new"
        if [ "$NAME" = "$PRIMARY" ]; then make_primary; else make_standby; fi
        mv "$place/new" "$place/cluster"
fi
waits_for=$([ "$NAME" != "$PRIMARY" ] || echo "$STANDBY")
exec postgres -D "$place/cluster" -c "synchronous_standby_names=$waits_for"
