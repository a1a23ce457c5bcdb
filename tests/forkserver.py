"""Starts `keskus` by forking a process that has loaded it already: that takes a tenth of what loading it takes.

Everything after the loading is as in a program that is started: its environment, folder, descriptors and end. What a
start itself promises is measured with real ones, in `tests/faults` and `tests/service`.
"""

import asyncio
import atexit
import contextlib
import functools
import json
import os
import resource
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

_ROOT: Final = Path(__file__).parents[1]


class Wish(NamedTuple):
    """What `start` is asked for."""

    words: Sequence[str]
    environment: Mapping[str, str]
    folder: str
    log: str
    descriptors: int | None


class Program(asyncio.Protocol):
    """A program that was started, as `asyncio.subprocess.Process` shows one."""

    def __init__(self) -> None:
        self.pid = 0
        self.returncode: int | None = None
        self._said = b""
        self._news = asyncio.Event()
        self._line: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The server listens."""
        self._line = transport

    def data_received(self, data: bytes) -> None:
        """The server says the process's number, and later how it ended."""
        self._said += data
        numbers = [int(line) for line in self._said.split(b"\n")[:-1]]
        if numbers:
            self.pid = numbers[0]
        if len(numbers) > 1:
            self.returncode = numbers[1]
            assert self._line is not None
            self._line.close()  # the loop may end before it hears that the server has closed it, too
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """The server is gone, and with it the process."""
        if self.returncode is None:
            self.returncode = -signal.SIGKILL
        self._news.set()

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    async def started(self) -> None:
        """Wait until it runs."""
        while not self.pid and self.returncode is None:
            await self._told()
        assert self.pid, "the server that forks has ended"

    async def wait(self) -> int:
        """Wait until it has ended; give its exit status, below 0 for a signal."""
        while self.returncode is None:
            await self._told()
        return self.returncode

    async def _told(self) -> None:
        await self._news.wait()
        self._news.clear()


async def start(
    *words: str,
    environment: Mapping[str, str],
    log: Path,
    folder: Path | None = None,
    descriptors: int | None = None,
) -> Program:
    """Start `keskus` with these words.

    Args:
        words: after `keskus`.
        environment: all variables it has.
        log: what it prints is added to this file.
        folder: where it runs; None: here.
        descriptors: the most files and sockets it may have open; None: as many as this process.
    """
    address = await asyncio.to_thread(_server)
    line, program = await asyncio.get_running_loop().create_unix_connection(Program, address)
    wish = Wish(words, environment, str(folder or Path.cwd()), str(log), descriptors)
    line.write(json.dumps(wish).encode() + b"\n")
    await program.started()
    return program


@functools.cache
def _server() -> str:
    """The server's address. It is started when it is first wanted, and ends with this process."""
    folder = tempfile.mkdtemp(prefix="keskus-fork-")
    address = f"{folder}/socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forkserver", str(listener.fileno())],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )

    def end() -> None:
        process.communicate()
        shutil.rmtree(folder)

    atexit.register(end)
    return address


def _wanted(listener: socket.socket) -> Wish | None:
    """In the server: fork for each wish until nobody is there, then None. In what was forked: the wish."""
    children: dict[int, tuple[int, socket.socket]] = {}
    with selectors.DefaultSelector() as selector, listener:
        selector.register(sys.stdin, selectors.EVENT_READ)
        selector.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is sys.stdin:
                    for pid, _ in children.values():
                        os.kill(pid, signal.SIGKILL)
                    return None
                if key.fileobj is listener:
                    line, _ = listener.accept()
                    with line.makefile() as told:
                        wish = Wish(*json.loads(told.readline()))
                    pid = os.fork()
                    if pid == 0:
                        for handle, (_, other) in children.items():
                            os.close(handle)
                            other.close()
                        line.close()
                        return wish
                    line.sendall(f"{pid}\n".encode())
                    handle = os.pidfd_open(pid)
                    children[handle] = pid, line
                    selector.register(handle, selectors.EVENT_READ)
                else:
                    selector.unregister(key.fd)
                    os.close(key.fd)
                    pid, line = children.pop(key.fd)
                    _, status = os.waitpid(pid, 0)
                    with line, contextlib.suppress(OSError):  # whoever asked may be gone
                        line.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _become(wish: Wish) -> None:
    """Let this process be as one that was started so."""
    os.chdir(wish.folder)
    os.environ.clear()
    os.environ.update(wish.environment)
    for number, file in enumerate((os.devnull, wish.log, wish.log)):
        opened = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    if wish.descriptors is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wish.descriptors, wish.descriptors))
    sys.argv = ["keskus", *wish.words]


if __name__ == "__main__":
    import app.service.wiring  # noqa: F401 - `serve` loads it when it is run
    from app.__main__ import main
    from app.service.subjects import subject_routes

    subject_routes()
    wanted = _wanted(socket.socket(fileno=int(sys.argv[1])))
    if wanted is not None:
        _become(wanted)
        main()
