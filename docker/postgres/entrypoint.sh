#!/bin/bash
# On first use make the cluster, two roles and two databases; at each start give the roles the passwords of the secret
# files; then become PostgreSQL. `keskus-postgres passwords` gives them to the server that runs.
set -euo pipefail

data=/var/lib/postgresql/data
bin="$(echo /usr/lib/postgresql/*/bin)"

# psql reads the secrets from their files: they stand on no command line.
passwords() {
    psql -q -v ON_ERROR_STOP=1 -d postgres "$@" <<'SQL'
\set keskus `cat "$KESKUS_DATABASE_PASSWORD_FILE"`
\set asterisk `cat "$KESKUS_PG_PASSWORD_FILE"`
ALTER ROLE keskus PASSWORD :'keskus';
ALTER ROLE asterisk PASSWORD :'asterisk';
SQL
}

# Run a command beside a server that nobody else reaches.
alone() {
    "$bin/pg_ctl" -D "$1" -o "-c listen_addresses='' -k /tmp" -w start > /dev/null
    "${@:2}"
    "$bin/pg_ctl" -D "$1" -w stop > /dev/null
}

first() {
    psql -q -h /tmp -v ON_ERROR_STOP=1 -d postgres <<'SQL'
CREATE ROLE keskus LOGIN;
CREATE ROLE asterisk LOGIN;
CREATE DATABASE keskus OWNER keskus;
CREATE DATABASE asterisk OWNER keskus;
REVOKE CONNECT ON DATABASE keskus FROM PUBLIC;
REVOKE CONNECT ON DATABASE asterisk FROM PUBLIC;
GRANT CONNECT ON DATABASE asterisk TO asterisk;
SQL
    psql -q -h /tmp -v ON_ERROR_STOP=1 -d asterisk -f /usr/share/keskus/asterisk.sql
}

for file in KESKUS_DATABASE_PASSWORD_FILE KESKUS_PG_PASSWORD_FILE; do
    if [ ! -s "${!file:-}" ]; then
        echo "$file must name the file with the password" >&2
        exit 1
    fi
done

if [ "${1:-}" = passwords ]; then
    passwords
    exit
fi

if [ ! -s "$data/PG_VERSION" ]; then
    # Made aside and moved when whole, so that a start cut short is not taken for a finished one.
    rm -rf "${data:?}"/*
    "$bin/initdb" -D "$data/new" -E UTF8 --locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256 > /dev/null
    alone "$data/new" first
    echo "host all all samenet scram-sha-256" >> "$data/new/pg_hba.conf"
    mv "$data/new/PG_VERSION" "$data/new.version"
    mv "$data/new"/* "$data/"
    mv "$data/new.version" "$data/PG_VERSION"
    rmdir "$data/new"
fi
settle() {
    passwords -h /tmp
    # Clusters of older versions: the service prunes the event log, copies it and lays it back.
    psql -q -h /tmp -v ON_ERROR_STOP=1 -d asterisk -c 'ALTER TABLE cel OWNER TO keskus'
}
alone "$data" settle

exec "$bin/postgres" -D "$data" -c listen_addresses='*' "$@"
