#!/bin/sh
# Make the secrets that docker-compose.yml uses, once; what is there stays. `docker/secrets.sh renew NAME` makes one anew
# and gives it to all who use it, while calls go on.
set -eu
cd "$(dirname "$0")/.."

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# Written in place: a container goes on looking at the file it was given.
write() {
    printf '%s' "$2" > "secrets/$1"
    chmod 644 "secrets/$1"
}

inside() { docker compose exec -T "$@"; }

give() {
    case "$1" in
    admin_password) printf '%s\n%s\n' "$2" "$2" | inside keskus keskus user password admin ;;
    ami_secret) inside asterisk keskus-asterisk reload ;;
    asterisk_password) inside postgres keskus-postgres passwords && inside asterisk keskus-asterisk reload ;;
    database_password) inside postgres keskus-postgres passwords ;;
    esac
}

# The folder keeps other people of this machine out; the files can be read by the containers' own users.
mkdir -p secrets
chmod 700 secrets

case "${1:-}" in
"")
    for name in admin_password ami_secret asterisk_password database_password; do
        [ -s "secrets/$name" ] || write "$name" "$(random)"
    done
    # Of older versions, with the database's password in them.
    rm -f secrets/database_url secrets/softphones_url
    ;;
renew)
    name="${2:-}"
    case "$name" in
    admin_password | ami_secret | asterisk_password | database_password) ;;
    *)
        echo "which: admin_password, ami_secret, asterisk_password or database_password" >&2
        exit 2
        ;;
    esac
    old="$(cat "secrets/$name")"
    new="$(random)"
    write "$name" "$new"
    if ! give "$name" "$new"; then
        write "$name" "$old"
        give "$name" "$old" || true
        echo "$name stays as it was: the containers must run to be told (docker compose ps)" >&2
        exit 1
    fi
    case "$name" in ami_secret | database_password) docker compose restart keskus ;; esac
    echo "$name is new: secrets/$name"
    ;;
*)
    echo "usage: docker/secrets.sh [renew NAME]" >&2
    exit 2
    ;;
esac
