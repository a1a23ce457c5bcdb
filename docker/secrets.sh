#!/bin/sh
# Make the secrets that docker-compose.yml uses, once; what is there stays.
set -eu
cd "$(dirname "$0")/.."
# The folder keeps other people of this machine out; the files can be read by the containers' own users.
mkdir -p secrets
chmod 700 secrets

make() {
    [ -s "secrets/$1" ] || printf '%s' "$2" > "secrets/$1"
    chmod 644 "secrets/$1"
}
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

make ami_secret "$(random)"
make asterisk_password "$(random)"
make database_password "$(random)"
password="$(cat secrets/database_password)"
make database_url "postgresql+asyncpg://keskus:${password}@postgres:5432/keskus"
make softphones_url "postgresql+asyncpg://keskus:${password}@postgres:5432/asterisk"
make admin_password "$(random)"
