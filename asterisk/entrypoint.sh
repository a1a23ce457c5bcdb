#!/bin/bash
# Fill the configuration templates from the environment and from secret files, then become Asterisk.
set -euo pipefail
shopt -s nullglob

etc=/run/asterisk/etc
mkdir -p "$etc"
rm -f "$etc"/*
umask 077

# A secret is read from the file that <NAME>_FILE names; it never stands in the environment.
secret() {
    local file="${1}_FILE"
    cat "${!file:?${file} must name the file with the secret}"
}

nat=""
if [ -n "${KESKUS_PUBLIC_ADDRESS:-}" ]; then
    # Softphones and the carrier outside this network are told the address they can reach.
    nat="external_media_address = ${KESKUS_PUBLIC_ADDRESS}
external_signaling_address = ${KESKUS_PUBLIC_ADDRESS}
local_net = ${KESKUS_LOCAL_NET:-10.213.0.0/24}"
fi

# SIP over TLS: with a certificate that is given, or with one of its own, which is kept.
tls=""
if [ "${KESKUS_TLS:-no}" = yes ]; then
    keys=/var/lib/asterisk/keskus-keys
    certificate="${KESKUS_TLS_CERTIFICATE:-$keys/sip.crt}"
    key="${KESKUS_TLS_KEY:-$keys/sip.key}"
    if [ -z "${KESKUS_TLS_CERTIFICATE:-}" ] && [ ! -s "$certificate" ]; then
        host="${KESKUS_PUBLIC_ADDRESS:-localhost}"
        case "$host" in *[!0-9.]*) subject="DNS:$host" ;; *) subject="IP:$host" ;; esac
        mkdir -p "$keys"
        openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -subj "/CN=$host" \
            -addext "subjectAltName=$subject" -keyout "$key" -out "$certificate" 2> /dev/null
    fi
    tls="[tls]
type = transport
protocol = tls
bind = 0.0.0.0:5061
cert_file = $certificate
priv_key_file = $key
method = tlsv1_2
$nat"
fi

declare -A values=(
    [DIRECTORIES]="astetcdir = $etc"
    [LOG_TO]=console
    [SYSTEM_NAME]="${KESKUS_SYSTEM_NAME:-keskus}"
    [SIP_HOST]=0.0.0.0 [SIP_PORT]=5060 [NAT]="$nat" [TLS]="$tls"
    [HTTP_HOST]=0.0.0.0 [HTTP_PORT]=8088
    [AMI_HOST]="${KESKUS_AMI_BIND:-0.0.0.0}" [AMI_PORT]=5038
    [AMI_PERMIT]="${KESKUS_AMI_PERMIT:?the network that may log in, such as 10.213.0.0/255.255.255.0}"
    [AMI_USER]=keskus [AMI_SECRET]="$(secret KESKUS_AMI_SECRET)"
    [RTP_FIRST]="${KESKUS_RTP_FIRST:-10000}" [RTP_LAST]="${KESKUS_RTP_LAST:-10199}"
    [TRUNK]="${KESKUS_TRUNK_HOST:+trunk}"
    # Without a carrier: an address that is reserved for documentation and reaches nobody.
    [TRUNK_HOST]="${KESKUS_TRUNK_HOST:-192.0.2.1}" [TRUNK_PORT]="${KESKUS_TRUNK_PORT:-5060}"
    [POP_URL]="${KESKUS_POP_URL:-}"
    [MUSIC_DIR]=/usr/share/asterisk/moh
    [SOUNDS_DIR]=/var/lib/keskus/sounds
    [PG_HOST]="${KESKUS_PG_HOST:-postgres}" [PG_PORT]="${KESKUS_PG_PORT:-5432}"
    [PG_DATABASE]=asterisk [PG_USER]=asterisk [PG_PASSWORD]="$(secret KESKUS_PG_PASSWORD)"
)

for template in /usr/share/keskus/templates/*.conf; do
    text="$(<"$template")"
    for name in "${!values[@]}"; do
        text="${text//"@${name}@"/"${values[$name]}"}"
    done
    if [[ "$text" =~ @[A-Z][A-Z_]*@ ]]; then
        echo "${template##*/} asks for ${BASH_REMATCH[0]}, which has no value" >&2
        exit 1
    fi
    printf '%s\n' "$text" > "$etc/${template##*/}"
done

exec asterisk -C "$etc/asterisk.conf" -f "$@"
