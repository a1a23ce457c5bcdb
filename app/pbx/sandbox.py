"""A real Asterisk on this machine, without Docker and without root: for trying Keskus out, and for its tests.

The program is the installed `asterisk`, or one that is fetched into the cache (`app.pbx.packages`). Its
configuration is the same that the container uses (`asterisk/`, `dialplan/`), filled in for one run folder, with
ports of its own on the loopback address. So many sandboxes live side by side, and any process can find one again by
its run folder: the layout is written there.
"""

import asyncio
import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from app.pbx.packages import Prefix, Progress, SandboxError, fetch_tool
from app.pbx.softphones import SoftphoneStore

__all__ = [
    "Layout",
    "ManagerUser",
    "Sandbox",
    "SandboxError",
    "Status",
    "bring_asterisk",
    "default_run_dir",
    "shipped",
]

ASTERISK_PACKAGES: Final = ("asterisk", "asterisk-core-sounds-en-gsm", "asterisk-moh-opsound-gsm")
OLDEST_ASTERISK: Final = 20
DOCKER_HINT: Final = "install Asterisk 20 or newer, or run it in a container: docker compose up"
HOST: Final = "127.0.0.1"
TRUNK_HOST: Final = "127.0.0.2"  # who calls from this loopback address is the carrier
RTP_SPAN: Final = 4000  # ports: 300 calls of two legs need 1200
RTP_FLOOR: Final = 10_000
RTP_SLOTS: Final = 5  # RTP stays below the ports that the kernel gives to others (32768 and up)
SOCKET_PATH_MAX: Final = 107  # bytes, a limit of Unix sockets
START_TIMEOUT_S: Final = 30.0
STOP_TIMEOUT_S: Final = 10.0
CLI_TIMEOUT_S: Final = 15.0
POLL_S: Final = 0.05
OWN_FILE: Final = 0o600


@dataclass(frozen=True)
class ManagerUser:
    """One more AMI account, for a bench that must see every event; the service's own is always there."""

    name: str
    secret: str = field(repr=False)
    read: str = "all"
    write: str = "call,originate,reporting,agent,user"


@dataclass(frozen=True)
class Layout:
    """Where a sandbox listens and keeps its files."""

    system_name: str
    sip_port: int  # UDP and TCP
    http_port: int  # the softphone websocket is ws://host:port/ws
    ami_port: int
    trunk_port: int  # where the PBX sends calls for the carrier
    rtp_first: int
    ami_username: str = "keskus"
    ami_secret: str = field(default="", repr=False)
    host: str = HOST
    trunk_host: str = TRUNK_HOST


@dataclass(frozen=True)
class Status:
    """What a look at a sandbox told."""

    running: bool
    pid: int | None
    layout: Layout | None


def default_run_dir() -> Path:
    """Give the run folder that `keskus pbx` uses: `$XDG_STATE_HOME/keskus/pbx`, by default below `~/.local/state`."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "keskus" / "pbx"


def shipped(folder: str) -> Path:
    """Give a folder of PBX files (`asterisk` or `dialplan`), from the wheel or from the source tree."""
    package = Path(__file__).resolve().parent.parent
    wheel = package / "_pbx" / folder
    return wheel if wheel.is_dir() else package.parent / folder


class Sandbox:
    """One Asterisk in one run folder."""

    def __init__(
        self,
        run_dir: Path,
        *,
        extra: Mapping[str, str] | None = None,
        users: Sequence[ManagerUser] = (),
        pop_url: str = "",
        system_name: str = "keskus",
    ) -> None:
        """Name a sandbox; nothing runs and nothing is written yet.

        Args:
            run_dir: its folder; the same folder is the same sandbox, from any process.
            extra: text added to configuration files, by file name, such as `{"queues.conf": "[test]\\n"}`.
            users: AMI accounts besides the service's own.
            pop_url: base of the screen-pop address that phones are sent, without a slash at its end.
            system_name: first part of every call id.
        """
        self.run_dir = run_dir.resolve()
        self._extra = dict(extra or {})
        self._users = tuple(users)
        self._pop_url = pop_url
        self._system_name = system_name

    @property
    def layout(self) -> Layout:
        """Ports, AMI account and names.

        Raises:
            SandboxError: this sandbox was never started.
        """
        try:
            return Layout(**json.loads((self.run_dir / "layout.json").read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise SandboxError(f"there is no sandbox in {self.run_dir}") from error

    @property
    def softphones_url(self) -> str:
        """The database address for `SoftphoneStore`."""
        return f"sqlite+aiosqlite:///{self.run_dir / 'realtime.sqlite'}"

    @property
    def cel_file(self) -> Path:
        """The SQLite file with the PBX's own event log (table `cel`)."""
        return self.run_dir / "cel.db"

    @property
    def log_file(self) -> Path:
        """What Asterisk complained about."""
        return self.run_dir / "log" / "messages.log"

    async def start(self, progress: Progress | None = None) -> Layout:
        """Start Asterisk and wait until it takes calls; it goes on when this process ends. Nothing if it runs.

        A run folder keeps its ports, its accounts and its event log over restarts.

        Args:
            progress: called while Asterisk is fetched, the first time on a machine.

        Returns:
            The layout.

        Raises:
            SandboxError: Asterisk cannot be had here or does not start.
        """
        if self._pid() is not None:
            return self.layout
        control = self.run_dir / "asterisk.ctl"
        if len(os.fsencode(control)) > SOCKET_PATH_MAX:
            raise SandboxError(f"the run folder's path is too long for a socket: {self.run_dir}")
        program = await _program(progress)
        self.run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        control.unlink(missing_ok=True)  # a killed Asterisk leaves it
        layout = self._claim_layout()
        self._write_configuration(layout, program)
        async with SoftphoneStore(self.softphones_url):
            pass  # its tables must be there before Asterisk looks for them
        (self.run_dir / "program.json").write_text(json.dumps(program.command))
        # Without -f Asterisk puts itself into the background and outlives us.
        code, said = await _run([*self._command(), "-F"], START_TIMEOUT_S)
        if code != 0:
            raise SandboxError(f"Asterisk did not start: {said.strip()[-400:]}")
        await self._booted()
        return layout

    async def stop(self) -> None:
        """Stop Asterisk and wait for its end; calls in progress end too. Nothing if it does not run."""
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """End Asterisk as a power failure would: no goodbye to anybody."""
        await self._end(signal.SIGKILL)

    async def status(self) -> Status:
        """Look whether it runs, and where."""
        pid = self._pid()
        try:
            return Status(pid is not None, pid, self.layout)
        except SandboxError:
            return Status(running=False, pid=None, layout=None)

    async def cli(self, command: str) -> str:
        """Run one Asterisk console command, such as `core show channels`, and give what it printed.

        Raises:
            SandboxError: the sandbox is not running or did not answer.
        """
        if self._pid() is None:
            raise SandboxError(f"no Asterisk runs in {self.run_dir}")
        code, said = await _run([*self._command(), "-rx", command], CLI_TIMEOUT_S)
        if code != 0:
            raise SandboxError(f"Asterisk did not answer: {said.strip()[-400:]}")
        return said

    def _command(self) -> list[str]:
        try:
            program = json.loads((self.run_dir / "program.json").read_text())
        except (OSError, ValueError) as error:
            raise SandboxError(f"there is no sandbox in {self.run_dir}") from error
        return [*program, "-C", str(self.run_dir / "etc" / "asterisk.conf")]

    def _pid(self) -> int | None:
        with contextlib.suppress(OSError, ValueError):
            pid = int((self.run_dir / "asterisk.pid").read_text())
            # The number may be another process's by now; ours has our folder in its command line, a zombie none.
            if os.fsencode(self.run_dir / "etc") in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        return None

    async def _end(self, how: signal.Signals) -> None:
        pid = self._pid()
        if pid is None:
            return
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        loop.add_reader(handle, ended.set)
        try:
            signal.pidfd_send_signal(handle, how)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    await ended.wait()
                return
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            await ended.wait()
        except ProcessLookupError:
            return
        finally:
            loop.remove_reader(handle)
            os.close(handle)
            (self.run_dir / "asterisk.pid").unlink(missing_ok=True)

    async def _booted(self) -> None:
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                while not (self.run_dir / "asterisk.ctl").exists():
                    await asyncio.sleep(POLL_S)
                # A refused connection means that the socket is there but nobody listens yet.
                while (await _run([*self._command(), "-rx", "core waitfullybooted"], START_TIMEOUT_S))[
                    0
                ] != 0:
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            await self.kill()
            raise SandboxError(f"Asterisk did not become ready; see {self.log_file}") from None

    def _claim_layout(self) -> Layout:
        with contextlib.suppress(SandboxError):
            return self.layout
        sip, http, ami, trunk = _free_ports(4)
        layout = Layout(
            system_name=self._system_name,
            sip_port=sip,
            http_port=http,
            ami_port=ami,
            trunk_port=trunk,
            rtp_first=RTP_FLOOR + RTP_SPAN * (sip % RTP_SLOTS),
            ami_secret=secrets.token_urlsafe(24),
        )
        _write_own(self.run_dir / "layout.json", json.dumps(asdict(layout), indent=2))
        return layout

    def _write_configuration(self, layout: Layout, program: "_Program") -> None:
        folders = {"astetcdir": "etc", "astvarlibdir": "lib", "astdbdir": "lib", "astkeydir": "lib"}
        folders |= {"astspooldir": "spool", "astlogdir": "log", "astcachedir": "cache", "astrundir": "."}
        for name in {*folders.values(), "lib/keys"}:
            (self.run_dir / name).mkdir(parents=True, exist_ok=True)
        lines = [f"{key} = {(self.run_dir / name).resolve()}" for key, name in folders.items()]
        lines += [f"{key} = {path}" for key, path in program.folders.items()]
        values = {
            "DIRECTORIES": "\n".join(lines),
            "SYSTEM_NAME": layout.system_name,
            "SIP_HOST": layout.host,
            "SIP_PORT": str(layout.sip_port),
            "NAT": "",
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
            "POP_URL": self._pop_url.rstrip("/"),
            "MUSIC_DIR": str(program.music),
            "REALTIME_FILE": str(self.run_dir / "realtime.sqlite"),
            "CEL_FILE": str(self.cel_file.with_suffix("")),  # Asterisk adds .db
        }
        files = {path.name: fill(path.read_text(), values) for path in _sources()}
        if self._users:
            files["manager_extra.conf"] = "\n".join(_manager_section(user) for user in self._users)
        for name, text in self._extra.items():
            files[name] = f"{files.get(name, '')}\n{text}"
        for name, text in files.items():
            _write_own(self.run_dir / "etc" / name, text)


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


def _sources() -> Iterator[Path]:
    for folder in (shipped("asterisk") / "etc", shipped("asterisk") / "sqlite", shipped("dialplan")):
        yield from sorted(folder.glob("*.conf"))


def _manager_section(user: ManagerUser) -> str:
    access = "deny = 0.0.0.0/0.0.0.0\npermit = 127.0.0.1/255.255.255.255"
    return f"[{user.name}]\nsecret = {user.secret}\n{access}\nread = {user.read}\nwrite = {user.write}\n"


def _write_own(path: Path, text: str) -> None:
    """Write a file that only its owner may read; it holds secrets."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWN_FILE)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)


def _free_ports(count: int) -> list[int]:
    """Ask the kernel for ports that are free for UDP and TCP; held together, so that they differ."""
    with contextlib.ExitStack() as held:
        ports: list[int] = []
        while len(ports) < count:
            tcp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            udp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            tcp.bind((HOST, 0))
            port = int(tcp.getsockname()[1])
            with contextlib.suppress(OSError):
                udp.bind((HOST, port))
                ports.append(port)
        return ports


@dataclass(frozen=True)
class _Program:
    command: list[str]
    folders: dict[str, Path]  # what differs from where Asterisk looks by itself
    music: Path


async def bring_asterisk(progress: Progress | None = None) -> None:
    """Fetch Asterisk into the cache where none is installed, so that a later start is quick.

    Raises:
        SandboxError: it cannot be had here.
    """
    await _program(progress)


async def _program(progress: Progress | None) -> _Program:
    installed = shutil.which("asterisk") or shutil.which("asterisk", path="/usr/sbin:/usr/local/sbin")
    if installed is not None:
        found = re.search(
            r"Asterisk (?:certified[/-])?(\d+)\.", (await _run([installed, "-V"], CLI_TIMEOUT_S))[1]
        )
        if found is not None and int(found.group(1)) >= OLDEST_ASTERISK:
            return _Program([installed], {}, Path("/usr/share/asterisk/moh"))
    try:
        prefix = await fetch_tool("asterisk", ASTERISK_PACKAGES, progress)
        return await asyncio.to_thread(_unpacked, prefix)
    except SandboxError as error:
        raise SandboxError(f"no Asterisk for a sandbox: {error}. Instead, {DOCKER_HINT}") from error


def _unpacked(prefix: Prefix) -> _Program:
    modules = prefix.find("usr/lib/*/asterisk/modules", "usr/lib/asterisk/modules")
    data = prefix.root / "usr" / "share" / "asterisk"
    if modules is None or not data.is_dir():
        raise SandboxError(f"{prefix.root} holds no whole Asterisk; remove that folder and start again")
    voice = prefix.find("usr/share/asterisk/sounds/en_*")
    if voice is not None:
        with contextlib.suppress(FileExistsError):  # the package makes this link when it is installed
            (voice.parent / "en").symlink_to(voice.name)
    folders = {"astmoddir": modules, "astdatadir": data, "astagidir": data / "agi-bin"}
    return _Program(prefix.command("usr/sbin/asterisk"), folders, data / "moh")


async def _run(command: Sequence[str], timeout_s: float) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(timeout_s):
            said, _ = await process.communicate()
    except TimeoutError:
        return -1, f"no answer within {timeout_s:g} s"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode if process.returncode is not None else -1, said.decode(errors="replace")
