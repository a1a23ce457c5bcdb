#!/bin/bash
# On first use make the cluster, two roles and two databases; then become PostgreSQL.
set -euo pipefail

data=/var/lib/postgresql/data
bin="$(echo /usr/lib/postgresql/*/bin)"

if [ ! -s "$data/PG_VERSION" ]; then
    # Made aside and moved when whole, so that a start cut short is not taken for a finished one.
    rm -rf "${data:?}"/*
    "$bin/initdb" -D "$data/new" -E UTF8 --locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256 > /dev/null
    "$bin/pg_ctl" -D "$data/new" -o "-c listen_addresses='' -k /tmp" -w start > /dev/null
    psql -q -h /tmp -v ON_ERROR_STOP=1 \
        -v keskus="$(cat "${KESKUS_DATABASE_PASSWORD_FILE:?}")" \
        -v asterisk="$(cat "${KESKUS_PG_PASSWORD_FILE:?}")" <<'SQL'
CREATE ROLE keskus LOGIN PASSWORD :'keskus';
CREATE ROLE asterisk LOGIN PASSWORD :'asterisk';
CREATE DATABASE keskus OWNER keskus;
CREATE DATABASE asterisk OWNER keskus;
REVOKE CONNECT ON DATABASE keskus FROM PUBLIC;
REVOKE CONNECT ON DATABASE asterisk FROM PUBLIC;
GRANT CONNECT ON DATABASE asterisk TO asterisk;
SQL
    psql -q -h /tmp -v ON_ERROR_STOP=1 -d asterisk -f /usr/share/keskus/asterisk.sql
    "$bin/pg_ctl" -D "$data/new" -w stop > /dev/null
    echo "host all all samenet scram-sha-256" >> "$data/new/pg_hba.conf"
    mv "$data/new/PG_VERSION" "$data/new.version"
    mv "$data/new"/* "$data/"
    mv "$data/new.version" "$data/PG_VERSION"
    rmdir "$data/new"
fi

exec "$bin/postgres" -D "$data" -c listen_addresses='*' "$@"
