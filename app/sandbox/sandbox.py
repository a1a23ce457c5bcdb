"""A real Asterisk on this machine, without Docker and without root: for trying Keskus out, and for its tests.

The program is the installed `asterisk`, or one that is fetched into the cache (`app.sandbox.packages`). Its
configuration is the container's (`asterisk/`, `dialplan/`), filled in for one run folder, with ports of its own on the
loopback address. So several sandboxes can run side by side. Any process finds a sandbox by its run folder, which
contains its layout.
"""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from app.pbx.pbx_log import MAX_BYTES, has_grown, set_aside
from app.pbx.realtime.softphones import SoftphoneStore
from app.pbx.shipped import shipped
from app.sandbox import configuration
from app.sandbox.certificates import Certificate, own_certificate
from app.sandbox.configuration import RTP_SPAN, Layout, ManagerUser, PostgresAccess
from app.sandbox.packages import Progress, SandboxError
from app.sandbox.ports import free_ports
from app.sandbox.program import bring_asterisk, find_program, run
from app.system.private import FILE, make_private

__all__ = [
    "Certificate",
    "Layout",
    "ManagerUser",
    "PostgresAccess",
    "Sandbox",
    "SandboxError",
    "Status",
    "bring_asterisk",
    "default_run_dir",
    "shipped",
]

RTP_FLOOR: Final = 10_000
RTP_SLOTS: Final = 5  # RTP stays below the ports that the kernel gives out (32768 and up)
SOCKET_PATH_MAX: Final = 107  # bytes, a limit of Unix sockets
START_TIMEOUT_S: Final = 60.0
STOP_TIMEOUT_S: Final = 10.0
CLI_TIMEOUT_S: Final = 30.0
POLL_S: Final = 0.05


@dataclass(frozen=True)
class Status:
    """Whether a sandbox runs, its process and its layout."""

    running: bool
    pid: int | None
    layout: Layout | None


def default_run_dir() -> Path:
    """Give the run folder that `keskus pbx` uses: `$XDG_STATE_HOME/keskus/pbx`, by default below `~/.local/state`."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "keskus" / "pbx"


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
        environment: Mapping[str, str] | None = None,
        postgres: PostgresAccess | None = None,
        tls: Certificate | bool = False,
    ) -> None:
        """Describe a sandbox; nothing is started or written yet.

        Args:
            run_dir: its folder; in every process the same folder is the same sandbox.
            extra: text added to configuration files, by file name, such as `{"queues.conf": "[test]\\n"}`.
            users: AMI accounts besides the service's own.
            pop_url: base of the screen-pop address that phones are sent, without a slash at its end.
            system_name: first part of every call id.
            environment: variables for Asterisk besides those of this process.
            postgres: a database to use instead of SQLite files in the run folder; its tables exist (asterisk.sql).
            tls: a certificate for SIP over TLS; True: a self-signed one, which is kept; False: no TLS.
        """
        self.run_dir = run_dir.resolve()
        self._extra = dict(extra or {})
        self._users = tuple(users)
        self._pop_url = pop_url
        self._system_name = system_name
        self._environment = dict(environment or {})
        self._postgres = postgres
        self._tls = tls

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
        if self._postgres is not None:
            return self._postgres.url
        return f"sqlite+aiosqlite:///{self.run_dir / 'realtime.sqlite'}"

    @property
    def cel_file(self) -> Path:
        """The SQLite file with the PBX's own event log (table `cel`)."""
        return self.run_dir / "cel.db"

    @property
    def event_log_url(self) -> str:
        """The database address for `EventLog`."""
        if self._postgres is not None:
            return self._postgres.url
        return f"sqlite+aiosqlite:///{self.cel_file}"

    @property
    def sounds(self) -> Path:
        """The folder for `SoundFolder`."""
        return self.run_dir / "sounds"

    @property
    def log_file(self) -> Path:
        """Asterisk's log of notices, warnings and errors."""
        return self.run_dir / "log" / "messages.log"

    async def start(self, progress: Progress | None = None) -> Layout:
        """Start Asterisk, unless it runs, and wait until it takes calls; it outlives this process.

        A run folder keeps its ports, its accounts and its event log over restarts.

        Args:
            progress: called while Asterisk is fetched, the first time on a machine.

        Returns:
            The layout.

        Raises:
            SandboxError: Asterisk is not available on this machine, or does not start.
        """
        await asyncio.to_thread(make_private, self.run_dir)  # an older version let others read
        if self._pid() is not None:
            return self.layout
        control = self.run_dir / "asterisk.ctl"
        if len(os.fsencode(control)) > SOCKET_PATH_MAX:
            raise SandboxError(f"the run folder's path is too long for a socket: {self.run_dir}")
        program = await find_program(progress)
        self.run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        control.unlink(missing_ok=True)  # a killed Asterisk leaves it
        if has_grown(self.log_file, MAX_BYTES):
            set_aside(self.log_file)
        layout = self._claim_layout()
        certificate = self._tls if isinstance(self._tls, Certificate) else None
        if self._tls and certificate is None:
            certificate = await own_certificate(self.run_dir, layout.host)
        configuration.write(
            self.run_dir,
            layout,
            program,
            pop_url=self._pop_url,
            users=self._users,
            extra=self._extra,
            postgres=self._postgres,
            certificate=certificate,
        )
        if self._postgres is None:
            (self.run_dir / "realtime.sqlite").touch(FILE)
            await asyncio.to_thread(_prepare_event_log, self.cel_file)
        async with SoftphoneStore(self.softphones_url):
            pass  # its tables must be there before Asterisk looks for them
        configuration.write_own(self.run_dir / "program.json", json.dumps(program.command))
        await asyncio.to_thread(make_private, self.run_dir)
        # Without -f Asterisk puts itself into the background and outlives us.
        code, said = await run([*self._command(), "-F"], START_TIMEOUT_S, self._environment)
        if code != 0:
            raise SandboxError(f"Asterisk did not start: {said.strip()[-400:]}")
        await self._booted()
        return layout

    async def stop(self) -> None:
        """Stop Asterisk, if it runs, and wait for its end; calls in progress end, too."""
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """Kill Asterisk, as a power failure would: calls end without a message."""
        await self._end(signal.SIGKILL)

    async def status(self) -> Status:
        """Tell whether the sandbox runs, with its process and its layout."""
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
        code, said = await run([*self._command(), "-rx", command], CLI_TIMEOUT_S)
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
            # The number may be another process's by now. Our Asterisk has the run folder in its command line; a zombie
            # has none.
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
                while not await self._answers():  # noqa: ASYNC110 - another process has no event for us
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            await self.kill()
            raise SandboxError(f"Asterisk did not become ready; see {self.log_file}") from None

    async def _answers(self) -> bool:
        if not (self.run_dir / "asterisk.ctl").exists():
            return False
        # A failure means that the socket is there but nobody listens yet.
        return (await run([*self._command(), "-rx", "core waitfullybooted"], START_TIMEOUT_S))[0] == 0

    def _claim_layout(self) -> Layout:
        with contextlib.suppress(SandboxError):
            known = self.layout
            tls_port = (known.tls_port or free_ports(1)[0]) if self._tls else 0
            return self._keep(replace(known, tls_port=tls_port))
        sip, http, ami, trunk, tls = free_ports(5, kept=True)  # what the carrier listens on may be unbound
        layout = Layout(
            system_name=self._system_name,
            sip_port=sip,
            http_port=http,
            ami_port=ami,
            trunk_port=trunk,
            rtp_first=RTP_FLOOR + RTP_SPAN * secrets.randbelow(RTP_SLOTS),
            tls_port=tls if self._tls else 0,
            ami_secret=secrets.token_urlsafe(24),
        )
        return self._keep(layout)

    def _keep(self, layout: Layout) -> Layout:
        configuration.write_own(self.run_dir / "layout.json", json.dumps(asdict(layout), indent=2))
        return layout


def _prepare_event_log(path: Path) -> None:
    """Make the event log with its indexes and a write-ahead log (WAL), which stays set in the file.

    Asterisk commits row by row. With SQLite's default journal each row waits for the disk several times, and an
    event log that falls behind makes Asterisk turn new callers away.
    """
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript((shipped("asterisk") / "sqlite" / "cel.sql").read_text())
