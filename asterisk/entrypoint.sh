#!/bin/bash
# Fill the configuration templates from the environment and from secret files, then become Asterisk. `keskus-asterisk
# reload` fills them anew and has the running Asterisk read its secrets: no call is touched.
set -euo pipefail
shopt -s nullglob

etc="${KESKUS_ETC:-/run/asterisk/etc}"
templates="${KESKUS_TEMPLATES:-/usr/share/keskus/templates}"

# A secret is read from the file that <NAME>_FILE names; it never stands in the environment.
secret() {
    local file="${1}_FILE"
    cat "${!file:?${file} must name the file with the secret}"
}

# Phones and the carrier are told the public address. With a local_net, those inside it are told Asterisk's own address
# instead. Asterisk's own addresses must be in local_net, or nobody is told the public address.
nat="" candidates=""
if [ -n "${KESKUS_PUBLIC_ADDRESS:-}" ]; then
    read -ra own <<< "$(hostname -I)"
    nat="external_media_address = $KESKUS_PUBLIC_ADDRESS
external_signaling_address = $KESKUS_PUBLIC_ADDRESS"
    if [ -n "${KESKUS_LOCAL_NET:-}" ]; then
        for address in "${own[@]}"; do
            [[ "$address" == *:* ]] || nat+=$'\n'"local_net = $address/32"
        done
        for net in ${KESKUS_LOCAL_NET//,/ }; do
            nat+=$'\n'"local_net = $net"
        done
    fi
    # Browsers choose among ICE candidates, which external_media_address does not change.
    read -r public _ <<< "$(getent ahostsv4 "$KESKUS_PUBLIC_ADDRESS")"
    if [ -z "$public" ]; then
        echo "KESKUS_PUBLIC_ADDRESS: there is no address of $KESKUS_PUBLIC_ADDRESS" >&2
        exit 1
    fi
    candidates="[ice_host_candidates]"
    for address in "${own[@]}"; do
        [[ "$address" == *:* || "$address" == "$public" ]] ||
            candidates+=$'\n'"$address => $public,include_local_address"
    done
fi

# SIP over TLS: with the given certificate, or with a self-signed one that is made once and kept.
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
    [SIP_HOST]=0.0.0.0 [SIP_PORT]=5060 [NAT]="$nat" [TLS]="$tls" [ICE]="$candidates"
    [HTTP_HOST]="${KESKUS_WEBSOCKET_BIND:-0.0.0.0}" [HTTP_PORT]=8088
    [AMI_HOST]="${KESKUS_AMI_BIND:-0.0.0.0}" [AMI_PORT]=5038
    [AMI_PERMIT]="${KESKUS_AMI_PERMIT:?the network that may log in, such as 10.213.0.0/255.255.255.0}"
    [AMI_USER]=keskus [AMI_SECRET]="$(secret KESKUS_AMI_SECRET)"
    [RTP_FIRST]="${KESKUS_RTP_FIRST:-10000}" [RTP_LAST]="${KESKUS_RTP_LAST:-10099}"
    [TRUNK]="${KESKUS_TRUNK_HOST:+trunk}"
    # Without a carrier: an address reserved for documentation (RFC 5737), which reaches nobody.
    [TRUNK_HOST]="${KESKUS_TRUNK_HOST:-192.0.2.1}" [TRUNK_PORT]="${KESKUS_TRUNK_PORT:-5060}"
    [POP_URL]="${KESKUS_POP_URL:-}"
    [MUSIC_DIR]=/usr/share/asterisk/moh
    [SOUNDS_DIR]=/var/lib/keskus/sounds
    [PG_HOST]="${KESKUS_PG_HOST:-postgres}" [PG_PORT]="${KESKUS_PG_PORT:-5432}"
    [PG_DATABASE]=asterisk [PG_USER]=asterisk [PG_PASSWORD]="$(secret KESKUS_PG_PASSWORD)"
)

# Each file is written aside and then renamed, so that Asterisk never reads half a file. Only Asterisk may read them.
umask 077
mkdir -p "$etc"
for template in "$templates"/*.conf; do
    text="$(<"$template")"
    for name in "${!values[@]}"; do
        text="${text//"@${name}@"/"${values[$name]}"}"
    done
    if [[ "$text" =~ @[A-Z][A-Z_]*@ ]]; then
        echo "${template##*/} asks for ${BASH_REMATCH[0]}, which has no value" >&2
        exit 1
    fi
    printf '%s\n' "$text" > "$etc/.new"
    mv "$etc/.new" "$etc/${template##*/}"
done

if [ "${1:-}" = reload ]; then
    for command in "manager reload" "module reload res_config_pgsql.so" "module reload cel_pgsql.so"; do
        asterisk -C "$etc/asterisk.conf" -rx "$command"
    done
    exit
fi

exec asterisk -C "$etc/asterisk.conf" -f "$@"
