#!/bin/sh
# Put the database's password into the addresses the service is given, in files of its own; then become `keskus`.
set -eu
umask 077

quote='import sys, urllib.parse as u; print(u.quote(sys.stdin.read().strip(), safe=""))'
password="$(python3 -c "$quote" < "${DATABASE_PASSWORD_FILE:?must name the file with the password}")"
address="postgresql+asyncpg://keskus:${password}@${DATABASE_HOST:-postgres}:${DATABASE_PORT:-5432}"
printf '%s/keskus' "$address" > /run/keskus/database_url
printf '%s/asterisk' "$address" > /run/keskus/asterisk_url

exec keskus "$@"
