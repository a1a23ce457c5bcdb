"""A PostgreSQL server of its own for the tests: on a unix socket, in a directory that goes away with it."""

import os
import pwd
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.provision import postgres_bin_dir

START_TIMEOUT_S = 60.0
_QUICKLY = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off -c jit=off"
"""Nothing of it must outlive a power cut, and its databases live for seconds."""


def _as_ordinary_user() -> list[str]:
    """PostgreSQL refuses to run as root; what goes before its command line then."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    raise RuntimeError("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _directory_owner() -> int | None:
    before = _as_ordinary_user()
    return int(before[1].partition("=")[2]) if before else None


class PostgresServer:
    """A server that can be cut off and started again."""

    def __init__(self, directory: Path, bin_dir: Path, *, durable: bool) -> None:
        self._directory = directory
        self._bin = bin_dir
        self._durable = durable

    @property
    def host(self) -> str:
        """The directory of its socket."""
        return str(self._directory)

    def url(self, database: str = "postgres") -> str:
        """Where to reach a database."""
        return f"postgresql+asyncpg://keskus@/{database}?host={self._directory}"

    def start(self) -> None:
        """Begin to serve; returns when connections are accepted."""
        self._run_pg_ctl("start", "-l", str(self._directory / "log"), "-o", self._options())

    def stop(self) -> None:
        """Stop at once, as a power cut would."""
        self._run_pg_ctl("stop", "-m", "immediate")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Every process of it stands still: connections are taken, and nothing answers."""
        first = int((self._directory / "data" / "postmaster.pid").read_text().split()[0])
        tasks = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        processes = [first, *map(int, tasks)]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)

    def _options(self) -> str:
        options = f"-c listen_addresses='' -c unix_socket_directories={self._directory} -c max_connections=50"
        return options if self._durable else f"{options} {_QUICKLY}"

    def _run_pg_ctl(self, action: str, *arguments: str) -> None:
        command = [
            *_as_ordinary_user(),
            str(self._bin / "pg_ctl"),
            "-w",
            "-s",
            "-t",
            str(int(START_TIMEOUT_S)),
            "-D",
            str(self._directory / "data"),
            *arguments,
            action,
        ]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=START_TIMEOUT_S + 10,
            cwd="/",
        )
        if done.returncode != 0:
            log = self._directory / "log"
            raise RuntimeError(f"pg_ctl {action} failed:\n{log.read_text() if log.exists() else ''}")


@contextmanager
def postgres_server(*, durable: bool = True) -> Iterator[PostgresServer]:
    """Make a server, start it, and take it away at the end.

    Args:
        durable: it waits for the disk as a real one does; a server that no test cuts off need not.

    Raises:
        ToolMissing: when there is no PostgreSQL; the tests then fail, they are not skipped.
    """
    bin_dir = postgres_bin_dir()
    with tempfile.TemporaryDirectory(prefix="keskus-pg-") as name:
        directory = Path(name)
        owner = _directory_owner()
        if owner is not None:
            os.chown(directory, owner, -1)
        subprocess.run(
            [
                *_as_ordinary_user(),
                str(bin_dir / "initdb"),
                "--username=keskus",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-sync",
                "--pgdata",
                str(directory / "data"),
            ],
            check=True,
            capture_output=True,
            timeout=START_TIMEOUT_S,
            cwd="/",
        )
        server = PostgresServer(directory, bin_dir, durable=durable)
        server.start()
        try:
            yield server
        finally:
            server.stop()
