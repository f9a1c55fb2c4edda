#!/bin/sh
# What compose.yaml needs beside it: the package, and a password for each role of the database.
# Usage: prepare.sh PACKAGE, the path that `make package` printed. What is there already stays.
set -eu
umask 077
package=$(realpath "$1")
cd "$(dirname "$0")"
rm -f zonewright_*.deb
install -m 644 "$package" .
mkdir -p secrets
for role in zonewright_owner zonewright replication; do
        [ ! -e "secrets/$role.conf" ] || continue
        {
                printf '[%s]\nuser=%s\n' "$role" "$role"
                [ "$role" = replication ] || printf 'dbname=zonewright\nhost=db1,db2\ntarget_session_attrs=read-write\n'
                printf 'password=%s\n' "$(openssl rand -hex 24)"
        } >"secrets/$role.conf"
        # The users of the containers are others than this one; on this machine the folder keeps everybody else out.
        chmod 644 "secrets/$role.conf"
done
