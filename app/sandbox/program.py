"""The Asterisk program itself: the installed one, or one fetched into the cache."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.sandbox.packages import Prefix, Progress, SandboxError, fetch_tool
from app.system.private import UMASK
from app.system.processes import send_signal

ASTERISK_PACKAGES: Final = ("asterisk", "asterisk-core-sounds-en-gsm", "asterisk-moh-opsound-gsm")
OLDEST_ASTERISK: Final = 20
DOCKER_HINT: Final = "install Asterisk 20 or newer, or run it in a container: docker compose up"
SYSTEM_PATHS: Final = "/usr/sbin:/usr/local/sbin"  # not on every user's PATH
VERSION_TIMEOUT_S: Final = 15.0


@dataclass(frozen=True)
class Program:
    """An Asterisk that can be run."""

    command: list[str]
    folders: dict[str, Path]  # those that differ from Asterisk's defaults
    music: Path


async def bring_asterisk(progress: Progress | None = None) -> None:
    """Fetch Asterisk into the cache if none is installed, so that a later start is quick.

    Raises:
        SandboxError: it is not available on this machine.
    """
    await find_program(progress)


async def find_program(progress: Progress | None) -> Program:
    """Give the installed Asterisk if it is new enough, else the fetched one.

    Raises:
        SandboxError: neither is available on this machine.
    """
    installed = shutil.which("asterisk") or shutil.which("asterisk", path=SYSTEM_PATHS)
    if installed is not None:
        found = re.search(
            r"Asterisk (?:certified[/-])?(\d+)\.", (await run([installed, "-V"], VERSION_TIMEOUT_S))[1]
        )
        if found is not None and int(found.group(1)) >= OLDEST_ASTERISK:
            return Program([installed], {}, Path("/usr/share/asterisk/moh"))
    try:
        prefix = await fetch_tool("asterisk", ASTERISK_PACKAGES, progress)
        return await asyncio.to_thread(_unpacked, prefix)
    except SandboxError as error:
        raise SandboxError(f"no Asterisk for a sandbox: {error}. Instead, {DOCKER_HINT}") from error


def _unpacked(prefix: Prefix) -> Program:
    modules = prefix.find("usr/lib/*/asterisk/modules", "usr/lib/asterisk/modules")
    data = prefix.root / "usr" / "share" / "asterisk"
    if modules is None or not data.is_dir():
        raise SandboxError(f"{prefix.root} holds no whole Asterisk; remove that folder and start again")
    voice = prefix.find("usr/share/asterisk/sounds/en_*")
    if voice is not None:
        with contextlib.suppress(FileExistsError):  # the package makes this link when it is installed
            (voice.parent / "en").symlink_to(voice.name)
    folders = {"astmoddir": modules, "astdatadir": data, "astagidir": data / "agi-bin"}
    return Program(prefix.command("usr/sbin/asterisk"), folders, data / "moh")


async def run(
    command: Sequence[str], timeout_s: float, environment: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run a program to its end; give its exit status and its output. The status is -1 after `timeout_s` seconds.

    `environment` is added to that of this process. Only their owner may read the files that the program makes.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **(environment or {})},
        umask=UMASK,
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
            send_signal(process, signal.SIGKILL)
            await process.wait()
    return process.returncode if process.returncode is not None else -1, said.decode(errors="replace")
