#!/bin/bash
# Say to Caddy which name it stands for and where its certificate comes from; then become Caddy.
set -euo pipefail

name="${KESKUS_SITE:-}" authority="${KESKUS_SITE_AUTHORITY:-}"
if [[ ! "$name" =~ ^[0-9A-Za-z]([0-9A-Za-z.-]*[0-9A-Za-z])?$ ]]; then
    echo "KESKUS_SITE must be the name or the IPv4 address under which browsers reach this machine, such as" \
        "centre.example, without https:// and without a port; it is '$name'" >&2
    exit 2
fi

if [ -n "${KESKUS_SITE_CERTIFICATE:-}" ]; then
    for file in "$KESKUS_SITE_CERTIFICATE" "${KESKUS_SITE_KEY:?KESKUS_SITE_KEY must name the key of KESKUS_SITE_CERTIFICATE}"; do
        if [ ! -r "$file" ]; then
            echo "KESKUS_SITE_CERTIFICATE, KESKUS_SITE_KEY: $file cannot be read in the container by $(id -un)" >&2
            exit 2
        fi
    done
    tls="tls $KESKUS_SITE_CERTIFICATE $KESKUS_SITE_KEY"
else
    case "$authority" in
    "") tls="" ;;
    internal) tls="tls internal" ;;
    https://*) tls="tls {
        ca $authority
    }" ;;
    *)
        echo "KESKUS_SITE_AUTHORITY must be empty (Let's Encrypt), internal, or the https:// address of an ACME" \
            "directory; it is '$authority'" >&2
        exit 2
        ;;
    esac
fi
export FRONT_NAME="$name" FRONT_TLS="$tls"

become=()
if [ "$(id -u)" = 0 ] && id front > /dev/null 2>&1; then
    # On the machine's own network: ports below 1024 need a capability, and nothing else of root.
    become=(setpriv --reuid front --regid front --clear-groups
        --inh-caps=-all,+net_bind_service --ambient-caps=-all,+net_bind_service)
fi
folder="${FRONT_FOLDER:-/var/lib/keskus-front}"
export HOME="$folder" XDG_DATA_HOME="$folder" XDG_CONFIG_HOME="$folder"
exec "${become[@]}" caddy run --adapter caddyfile --config "${FRONT_CADDYFILE:-/etc/keskus-front/Caddyfile}"
