"""The PBX configuration of one run folder: the shipped templates (`asterisk/`, `dialplan/`), filled in."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from app.pbx.shipped import shipped
from app.sandbox.certificates import Certificate
from app.sandbox.packages import SandboxError
from app.sandbox.program import Program
from app.system.private import FILE, FOLDER

HOST: Final = "127.0.0.1"
TRUNK_HOST: Final = "127.0.0.2"  # calls from this loopback address are the carrier's
RTP_SPAN: Final = 4000  # ports: 300 calls of two legs need 1200


@dataclass(frozen=True)
class ManagerUser:
    """An AMI account beside the service's own, for a bench that must see every event."""

    name: str
    secret: str = field(repr=False)
    read: str = "all"
    write: str = "call,originate,reporting,agent,user"


@dataclass(frozen=True)
class Layout:
    """The addresses, ports and AMI account of a sandbox."""

    system_name: str
    sip_port: int  # UDP and TCP
    http_port: int
    ami_port: int
    trunk_port: int  # where the PBX sends calls for the carrier
    rtp_first: int
    tls_port: int = 0  # SIP over TLS; 0: no TLS
    ami_username: str = "keskus"
    ami_secret: str = field(default="", repr=False)
    host: str = HOST
    trunk_host: str = TRUNK_HOST

    @property
    def websocket_url(self) -> str:
        """The websocket at which browsers' phones register."""
        return f"ws://{self.host}:{self.http_port}/ws"


@dataclass(frozen=True)
class PostgresAccess:
    """A PostgreSQL database with Asterisk's accounts, routes, queues and event log, and how Asterisk reaches it."""

    url: str
    """The SQLAlchemy address that the service uses."""
    host: str
    """The host that Asterisk connects to, or the folder of the server's socket."""
    database: str = "asterisk"
    user: str = "asterisk"
    password: str = field(default="", repr=False)
    port: int = 5432


def write(
    run_dir: Path,
    layout: Layout,
    program: Program,
    *,
    pop_url: str,
    users: Sequence[ManagerUser],
    extra: Mapping[str, str],
    postgres: PostgresAccess | None = None,
    certificate: Certificate | None = None,
) -> None:
    """Write the configuration of a run folder, and make the folders it names; an older configuration is replaced.

    Args:
        run_dir: the sandbox's folder.
        layout: its addresses and ports.
        program: the Asterisk that will read it.
        pop_url: base of the screen-pop address.
        users: AMI accounts besides the service's own.
        extra: text added to configuration files, by file name.
        postgres: the database of accounts, routes, queues and event log; None: SQLite files in the run folder.
        certificate: for SIP over TLS; None: no TLS.
    """
    folders = {"astetcdir": "etc", "astvarlibdir": "lib", "astdbdir": "lib", "astkeydir": "lib"}
    folders |= {"astspooldir": "spool", "astlogdir": "log", "astcachedir": "cache", "astrundir": "."}
    for name in {*folders.values(), "lib/keys", "sounds"}:
        (run_dir / name).mkdir(FOLDER, parents=True, exist_ok=True)
    lines = [f"{key} = {(run_dir / name).resolve()}" for key, name in folders.items()]
    lines += [f"{key} = {path}" for key, path in program.folders.items()]
    values = {
        "DIRECTORIES": "\n".join(lines),
        "LOG_TO": "messages.log",
        "SYSTEM_NAME": layout.system_name,
        "SIP_HOST": layout.host,
        "SIP_PORT": str(layout.sip_port),
        "NAT": "",
        "ICE": "",
        "TLS": _tls_transport(layout, certificate) if certificate is not None else "",
        "HTTP_HOST": layout.host,
        "HTTP_PORT": str(layout.http_port),
        "AMI_HOST": layout.host,
        "AMI_PORT": str(layout.ami_port),
        "AMI_PERMIT": "127.0.0.1/255.255.255.255",
        "AMI_USER": layout.ami_username,
        "AMI_SECRET": layout.ami_secret,
        "RTP_FIRST": str(layout.rtp_first),
        "RTP_LAST": str(layout.rtp_first + RTP_SPAN - 1),
        "TRUNK": "trunk",
        "TRUNK_HOST": layout.trunk_host,
        "TRUNK_PORT": str(layout.trunk_port),
        "POP_URL": pop_url.rstrip("/"),
        "MUSIC_DIR": str(program.music),
        "SOUNDS_DIR": str(run_dir / "sounds"),
        "REALTIME_FILE": str(run_dir / "realtime.sqlite"),
        "CEL_FILE": "../cel",  # relative to the log folder: Asterisk reads 79 characters at most, and adds .db
    }
    if postgres is not None:
        values |= {f"PG_{name.upper()}": str(value) for name, value in asdict(postgres).items()}
    storage = "postgresql" if postgres is not None else "sqlite"
    files = {path.name: fill(path.read_text(), values) for path in _sources(storage)}
    if users:
        files["manager_extra.conf"] = "\n".join(_manager_section(user) for user in users)
    for name, text in extra.items():
        files[name] = f"{files.get(name, '')}\n{text}"
    for old in (run_dir / "etc").iterdir():
        old.unlink()
    for name, text in files.items():
        write_own(run_dir / "etc" / name, text)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Fill a configuration template: each `@NAME@` becomes its value.

    Raises:
        SandboxError: the template asks for a name that has no value.
    """

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in values:
            raise SandboxError(f"the PBX configuration asks for {name}, which has no value")
        return values[name]

    return re.sub(r"@([A-Z][A-Z_]*)@", value, text)


def _tls_transport(layout: Layout, certificate: Certificate) -> str:
    lines = ["[tls]", "type = transport", "protocol = tls", f"bind = {layout.host}:{layout.tls_port}"]
    lines += [f"cert_file = {certificate.certificate}", f"priv_key_file = {certificate.key}"]
    return "\n".join([*lines, "method = tlsv1_2"])


def _sources(storage: str) -> Iterator[Path]:
    for folder in (shipped("asterisk") / "etc", shipped("asterisk") / storage, shipped("dialplan")):
        yield from sorted(folder.glob("*.conf"))


def _manager_section(user: ManagerUser) -> str:
    access = "deny = 0.0.0.0/0.0.0.0\npermit = 127.0.0.1/255.255.255.255"
    return f"[{user.name}]\nsecret = {user.secret}\n{access}\nread = {user.read}\nwrite = {user.write}\n"


def write_own(path: Path, text: str) -> None:
    """Write a file that only its owner may read; it holds secrets."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
