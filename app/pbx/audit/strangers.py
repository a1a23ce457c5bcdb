"""The endpoints of a PBX that a stranger can pose as: no secret is asked, and anybody can write what identifies them.

An endpoint with `auth` asks for a password. An endpoint without must be identified by its address alone
(`identify_by=ip`, `type=identify` with `match`). With Asterisk's default, `username,ip`, its name in From is enough.
"""

from collections.abc import Iterable, Sequence
from ipaddress import ip_network
from typing import Final, NamedTuple

from app.pbx.ami.link import Link
from app.pbx.audit.conf_file import Section

BY_DEFAULT: Final = "username,ip"
"""Asterisk's default for `identify_by`."""
_BY_NAME: Final = frozenset({"username", "auth_username"})
_NOBODY: Final = "anonymous"
"""Asterisk uses an endpoint of this name for every sender that matches no other endpoint."""
_NARROWEST: Final = {4: 8, 6: 16}
"""By IP version, the shortest prefix in bits that may be a carrier's; a shorter one takes in nearly everybody."""


class Endpoint(NamedTuple):
    """One PJSIP endpoint, as Asterisk has it."""

    name: str
    auth: str
    identify_by: str = BY_DEFAULT


class Opening(NamedTuple):
    """A way in for strangers, and what closes it."""

    what: str
    remedy: str


def endpoint_openings(endpoints: Iterable[Endpoint]) -> list[Opening]:
    """The endpoints that anybody can pose as, sorted by name."""
    found = []
    for endpoint in sorted(set(endpoints)):
        if endpoint.auth.strip():
            continue
        ways = {way.strip() for way in endpoint.identify_by.split(",")}
        if endpoint.name.partition("@")[0] == _NOBODY:
            found.append(
                Opening(
                    f"endpoint {endpoint.name} takes calls of everybody who is nobody else",
                    f"remove [{endpoint.name}] from pjsip.conf",
                )
            )
        elif ways & _BY_NAME:
            found.append(
                Opening(
                    f"endpoint {endpoint.name} has no auth and is found by its name: whoever writes "
                    f'"From: <sip:{endpoint.name}@...>" is taken for it',
                    f"set identify_by=ip in [{endpoint.name}] and name its addresses in a section "
                    f"type=identify, or give it auth; then 'pjsip reload'",
                )
            )
    return found


def config_openings(sections: Sequence[Section]) -> list[Opening]:
    """The ways in that a `pjsip.conf` or `pjsip_wizard.conf` leaves open."""
    endpoints = [_endpoint(section) for section in sections if section.get("type") == "endpoint"]
    endpoints += [_of_wizard(section) for section in sections if section.get("type") == "wizard"]
    openings = endpoint_openings(endpoints)
    secured = {endpoint.name for endpoint in endpoints if endpoint.auth.strip()}
    for section in sections:
        if section.get("type") == "identify" and section.get("endpoint") not in secured:
            openings += _identify_openings(section)
    return openings


def _endpoint(section: Section) -> Endpoint:
    return Endpoint(section.name, section.get("auth"), section.get("identify_by", BY_DEFAULT))


def _of_wizard(section: Section) -> Endpoint:
    accepts = section.get("accepts_auth", "no").lower() in ("yes", "true", "y", "t", "1", "on")
    auth = section.get("inbound_auth/username", section.name) if accepts else section.get("endpoint/auth")
    return Endpoint(section.name, auth, section.get("endpoint/identify_by", BY_DEFAULT))


def _identify_openings(section: Section) -> list[Opening]:
    endpoint = section.get("endpoint")
    found = [
        Opening(
            f"identify {section.name}: endpoint {endpoint} has no auth and is known by {key}, which anybody can write",
            f"set match to the addresses of {endpoint}, or give the endpoint auth",
        )
        for key in ("match_header", "match_request_uri")
        if section.get(key)
    ]
    found += [
        Opening(
            f"identify {section.name}: endpoint {endpoint} has no auth and is everybody in {match}",
            f"set match to the addresses of {endpoint} alone",
        )
        for value in section.all("match")
        for match in value.split(",")
        if _is_wide(match.strip())
    ]
    return found


def _is_wide(match: str) -> bool:
    try:
        network = ip_network(match, strict=False)
    except ValueError:
        return False  # a host's name
    return network.prefixlen < _NARROWEST[network.version]


async def ask_endpoints(link: Link, names: Iterable[str] = ()) -> list[Endpoint]:
    """Ask a running PBX for its endpoints: those with a device state, the trunk, and those in `names`.

    Listing endpoints needs the AMI class `system`, which the service's account lacks; reading one needs `call` only.
    So endpoints other than these are not found.

    Raises:
        PbxRejected, PbxLinkLost: the PBX does not answer.
    """
    devices = await link.collect({"Action": "DeviceStateList"})
    found = {device.get("Device").removeprefix("PJSIP/") for device in devices if "PJSIP/" in device.raw}
    wanted = {*found, *names, _NOBODY, await _value(link, "KESKUS_TRUNK")} - {""}
    endpoints = []
    for name in sorted(wanted):
        identify_by = await _value(link, f"PJSIP_ENDPOINT({name},identify_by)")
        if identify_by:  # empty when no endpoint has that name
            endpoints.append(Endpoint(name, await _value(link, f"PJSIP_ENDPOINT({name},auth)"), identify_by))
    return endpoints


async def _value(link: Link, variable: str) -> str:
    answer = await link.send({"Action": "Getvar", "Variable": variable})
    return answer.get("Value")
