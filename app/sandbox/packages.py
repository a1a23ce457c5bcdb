"""Debian packages without root: fetched with an apt state of its own, unpacked into a prefix, run from there.

The sandbox (`app.sandbox.sandbox`) gets Asterisk in this way, the demo and the tests get SIPp. Nothing is installed:
apt keeps its lists in our cache folder, reads the machine's own sources, and only downloads. `dpkg -x` unpacks each
package and everything it depends on (libc too) into one folder. A program is started by the loader of that folder, so
it never uses the machine's own libraries.

A program that the machine's own suite does not carry is taken from Debian sid, on the mirror that apt already uses.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.system.processes import send_signal

Progress = Callable[[str, float], None]
"""Called with the present work and the share of it that is done, 0..1."""

DEBIAN_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
LOCK_POLL_S = 0.2  # seconds between looks at a lock that another process holds


class SandboxError(Exception):
    """Something that the sandbox needs is not available here; the message says what to do instead."""


@dataclass(frozen=True)
class Prefix:
    """A folder with a program and all its libraries."""

    root: Path

    def command(self, program: str) -> list[str]:
        """Give the argument list that starts a program.

        Args:
            program: path of the program inside the prefix, such as `usr/sbin/asterisk`.

        Returns:
            The loader, its library path and the program.

        Raises:
            SandboxError: the prefix holds no loader.
        """
        loaders = [
            path
            for pattern in (
                "usr/lib*/ld-linux*.so*",
                "lib*/ld-linux*.so*",
                "usr/lib/*/ld-linux*.so*",
                "lib/*/ld-linux*.so*",
            )
            for path in sorted(self.root.glob(pattern))
            if path.exists()
        ]
        if not loaders:
            raise SandboxError(f"no dynamic loader in {self.root}; remove that folder and start again")
        folders = [
            self.root / top / triplet for triplet in _triplets(self.root) for top in ("usr/lib", "lib")
        ]
        libraries = ":".join(str(folder) for folder in folders if folder.is_dir())
        return [str(loaders[0]), "--library-path", libraries, str(self.root / program)]

    def find(self, *patterns: str) -> Path | None:
        """Give the first path that matches one of the glob patterns, or None."""
        return next((path for pattern in patterns for path in sorted(self.root.glob(pattern))), None)


def _triplets(root: Path) -> list[str]:
    return sorted(
        {path.parent.name for top in ("usr/lib", "lib") for path in (root / top).glob("*/libc.so.6")}
    )


def cache_dir() -> Path:
    """Give the folder for what is fetched: `$XDG_CACHE_HOME/keskus`, by default `~/.cache/keskus`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "keskus"


def _silent(_what: str, _share: float) -> None:
    return None


async def fetch_tool(
    name: str, packages: Sequence[str], progress: Progress | None = None, *, newest: bool = False
) -> Prefix:
    """Fetch packages and all their dependencies into a prefix of their own; does nothing if the prefix exists.

    Safe to call from several processes at the same time: one fetches, the others wait for it.

    Args:
        name: the prefix's name, such as `asterisk`.
        packages: Debian package names; the first decides the suite from which all are taken.
        progress: called with the present work and the share done, 0..1.
        newest: take them from Debian sid, if the mirror has it, even when the machine's own suite carries them.

    Returns:
        The prefix.

    Raises:
        SandboxError: this machine has no apt, or apt cannot fetch the packages.
    """
    root = cache_dir() / "prefix" / name
    if root.is_dir():
        return Prefix(root)
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise SandboxError(f"{packages[0]} is not installed and this machine has no apt to fetch it with")
    root.parent.mkdir(parents=True, exist_ok=True)
    async with _locked(root.parent / f"{name}.lock"):
        if not root.is_dir():
            await _bring(root, packages, progress or _silent, newest=newest)
    return Prefix(root)


@contextlib.asynccontextmanager
async def _locked(path: Path) -> AsyncIterator[None]:
    with path.open("w") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(LOCK_POLL_S)
        yield


async def _bring(root: Path, packages: Sequence[str], progress: Progress, *, newest: bool) -> None:
    work = root.with_name(f"{root.name}.partial")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    progress("reading package lists", 0.0)
    apt = _Apt(work / "apt")
    await apt.update(progress)
    carried = await apt.has(packages[0])
    if not carried or (newest and await apt.mirrors_sid()):
        apt = await apt.sid()
        await apt.update(progress)
        if not await apt.has(packages[0]):
            raise SandboxError(f"neither this machine's package sources nor Debian sid carry {packages[0]}")
    archives = await apt.download(packages, progress)
    tree = work / "tree"
    for count, archive in enumerate(archives):
        progress("unpacking", count / len(archives))
        await _run("dpkg", "-x", str(archive), str(tree))
    progress("unpacking", 1.0)
    tree.rename(root)  # the prefix appears whole or not at all
    shutil.rmtree(work, ignore_errors=True)


class _Apt:
    """apt with lists and archives of its own, and an empty status file so that it resolves every dependency."""

    def __init__(self, state: Path, sources: Path | None = None) -> None:
        self.state = state
        for folder in ("lists/partial", "archives/partial"):
            (state / folder).mkdir(parents=True, exist_ok=True)
        (state / "status").touch()
        settings = {
            "Dir::State": str(state),
            "Dir::State::lists": str(state / "lists"),
            "Dir::State::status": str(state / "status"),
            "Dir::Cache": str(state),
            "Dir::Cache::archives": str(state / "archives"),
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "",
            "APT::Keep-Downloaded-Packages": "true",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "Acquire::Check-Valid-Until": "false",  # a mirror's sid index can be past its date
            "Debug::NoLocking": "1",
        }
        if sources is not None:
            settings |= {"Dir::Etc::sourcelist": str(sources), "Dir::Etc::sourceparts": "/dev/null"}
        self._options = [part for key, value in settings.items() for part in ("-o", f"{key}={value}")]

    async def update(self, progress: Progress) -> None:
        await self._watched(progress, "reading package lists", "update")

    async def has(self, package: str) -> bool:
        return "Candidate: (none)" not in (
            policy := await _run("apt-cache", *self._options, "policy", package)
        ) and bool(policy.strip())

    async def mirrors_sid(self) -> bool:
        return bool(await self._mirrors())

    async def _mirrors(self) -> list[str]:
        """The Debian mirrors of this machine, if it has the keyring that verifies sid."""
        lines = await _run("apt-get", *self._options, "indextargets", "--format", "$(LABEL) $(REPO_URI)")
        if not os.path.exists(DEBIAN_KEYRING):  # noqa: ASYNC240, PTH110 - one look at a local file
            return []
        return [line.split()[1] for line in lines.splitlines() if line.startswith("Debian ")]

    async def sid(self) -> "_Apt":
        """Give an apt that reads sid from the Debian mirror that this machine already uses."""
        mirrors = await self._mirrors()
        if not mirrors:
            raise SandboxError(
                "no package source of this machine carries it, and none is a Debian mirror with sid"
            )
        sources = self.state / "sid.list"
        sources.write_text(f"deb [signed-by={DEBIAN_KEYRING} check-valid-until=no] {mirrors[0]} sid main\n")
        return _Apt(self.state / "sid", sources)

    async def download(self, packages: Sequence[str], progress: Progress) -> list[Path]:
        await self._watched(progress, "downloading", "install", "--download-only", "-y", *packages)
        archives = sorted((self.state / "archives").glob("*.deb"))
        if not archives:
            raise SandboxError(f"apt downloaded nothing for {' '.join(packages)}")
        return archives

    async def _watched(self, progress: Progress, what: str, *command: str) -> None:
        reader, writer = os.pipe()
        # apt reports on this descriptor: "dlstatus:<item>:<percent>:<text>"
        options = [*self._options, "-o", f"APT::Status-Fd={writer}"]
        process = await asyncio.create_subprocess_exec(
            "apt-get", "-q", *options, *command,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            pass_fds=(writer,), env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
        )  # fmt: skip
        os.close(writer)
        try:
            async with asyncio.TaskGroup() as group:
                output = group.create_task(process.communicate())
                group.create_task(_follow(reader, what, progress))
        finally:
            if process.returncode is None:
                send_signal(process, signal.SIGKILL)
        if process.returncode != 0:
            said = output.result()[0].decode(errors="replace").strip().splitlines()
            raise SandboxError(f"apt-get {command[0]} failed: {' / '.join(said[-3:])}")


async def _follow(descriptor: int, what: str, progress: Progress) -> None:
    stream = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(descriptor, "rb", buffering=0)
    )
    try:
        async for line in stream:
            fields = line.decode(errors="replace").split(":")
            if len(fields) > 2 and fields[0] == "dlstatus":
                with contextlib.suppress(ValueError):
                    progress(what, float(fields[2]) / 100.0)
    finally:
        transport.close()


async def _run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "LC_ALL": "C"},
    )
    try:
        out, err = await process.communicate()
    finally:
        if process.returncode is None:
            send_signal(process, signal.SIGKILL)
    if process.returncode != 0:
        raise SandboxError(f"{command[0]} failed: {err.decode(errors='replace').strip()[-300:]}")
    return out.decode(errors="replace")
