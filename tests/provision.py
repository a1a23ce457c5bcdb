"""Bring what the tests need on a fresh machine: `python -m tests.provision`. Quick when all is there.

SIPp, baresip, libfaketime, nginx, Caddy, coturn and Asterisk are fetched into the cache without installing them. The
PostgreSQL server and Chromium are the system's packages, installed as root or by `sudo -n`. What cannot be had is named
and the exit status is 1.
"""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.demo.tools import bring_sipp
from app.sandbox.packages import Prefix, Progress, SandboxError, cache_dir, fetch_tool
from app.sandbox.sandbox import bring_asterisk

INSTALL_TIMEOUT_S: Final = 900.0
BARESIP: Final = "baresip-newest"
"""The softphone's prefix. Debian 12's own baresip, 1.0, cannot be told to pick up by itself."""


class ToolMissing(Exception):  # noqa: N818 - said to a person, not handled by a program
    """A test needs a program that is not there; `python -m tests.provision` brings it."""


def baresip_command() -> list[str]:
    """The softphone baresip; its modules lie in `baresip_modules()`."""
    return _command("baresip", BARESIP, "usr/bin/baresip")


def baresip_modules() -> Path:
    """The folder that baresip's configuration must name as `module_path`."""
    if shutil.which("baresip"):
        roots = [Path("/usr"), Path("/usr/local")]
    else:
        roots = [cache_dir() / "prefix" / BARESIP / "usr"]
    for root in roots:
        for pattern in ("lib/*/baresip/modules", "lib/baresip/modules"):
            for found in sorted(root.glob(pattern)):
                return found
    raise ToolMissing("baresip's modules")


def chromium_path() -> Path:
    """A Chromium for Playwright's `executable_path`."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise ToolMissing("chromium")


def nginx_command() -> list[str]:
    """The proxy nginx."""
    return _command("nginx", "nginx", "usr/sbin/nginx")


def caddy_command() -> list[str]:
    """The proxy Caddy."""
    return _command("caddy", "caddy", "usr/bin/caddy")


def coturn_command() -> list[str]:
    """The TURN server coturn."""
    return _command("turnserver", "coturn", "usr/bin/turnserver")


def postgres_bin_dir() -> Path:
    """The folder with PostgreSQL's `initdb` and `postgres`, the newest there is."""
    found = shutil.which("initdb")
    if found and shutil.which("postgres"):
        return Path(found).resolve().parent
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ToolMissing("postgresql")


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0


def _command(program: str, package: str, path: str) -> list[str]:
    installed = shutil.which(program)
    if installed:
        return [installed]
    root = cache_dir() / "prefix" / package
    if not root.is_dir():
        raise ToolMissing(f"{program} (run: python -m tests.provision)")
    return Prefix(root).command(path)


def _install(package: str) -> None:
    apt = shutil.which("apt-get")
    if apt is None:
        raise ToolMissing(f"{package}: there is no apt here to install it with")
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and shutil.which("sudo") is None:
        raise ToolMissing(f"{package}: needs root or sudo to install it")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", package]):
        done = subprocess.run(
            [*sudo, apt, *arguments],
            env=quiet,
            capture_output=True,
            text=True,
            check=False,
            timeout=INSTALL_TIMEOUT_S,
        )
    if done.returncode != 0:
        raise ToolMissing(f"{package}: {done.stderr.strip()[-300:]}")


def _ensure(find: Callable[[], object], package: str) -> None:
    try:
        find()
    except ToolMissing:
        sys.stderr.write(f"installing {package}\n")
        _install(package)
        find()


def _reporter(name: str) -> Progress:
    said: set[str] = set()

    def report(what: str, _share: float) -> None:
        if what not in said:
            said.add(what)
            sys.stderr.write(f"{name}: {what}\n")

    return report


FAKETIME: Final = "libfaketime"
"""Sets the wall clock of one process; from this machine's own suite, to fit its libc."""
FAKETIME_NEWEST: Final = "libfaketime-newest"
"""For the sandbox's Asterisk, whose libc is the newest too."""


async def bring_faketime(progress: Progress | None = None) -> None:
    """Make sure that both libraries are here."""
    await fetch_tool(FAKETIME, ["libfaketime"], progress)
    await fetch_tool(FAKETIME_NEWEST, ["libfaketime"], progress, newest=True)


def faketime_library(*, newest: bool) -> Path:
    """The library to preload."""
    name = FAKETIME_NEWEST if newest else FAKETIME
    found = Prefix(cache_dir() / "prefix" / name).find("usr/lib/*/faketime/libfaketimeMT.so.1")
    if found is None:
        raise ToolMissing("libfaketime (run: python -m tests.provision)")
    return found


async def _bring_baresip() -> None:
    if shutil.which("baresip") is None:
        await fetch_tool(BARESIP, ["baresip-core"], _reporter("baresip"), newest=True)


async def _bring_proxies() -> None:
    for program, package in (("nginx", "nginx"), ("caddy", "caddy"), ("turnserver", "coturn")):
        if shutil.which(program) is None:
            await fetch_tool(package, [package], _reporter(package))


def main() -> int:
    """Bring everything; give the exit status."""
    steps: dict[str, Callable[[], object]] = {
        "Asterisk": lambda: asyncio.run(bring_asterisk(_reporter("asterisk"))),
        "SIPp": lambda: asyncio.run(bring_sipp(_reporter("sipp"))),
        "baresip": lambda: asyncio.run(_bring_baresip()),
        "libfaketime": lambda: asyncio.run(bring_faketime(_reporter("libfaketime"))),
        "nginx, Caddy, coturn": lambda: asyncio.run(_bring_proxies()),
        "PostgreSQL": lambda: _ensure(postgres_bin_dir, "postgresql"),
        "Chromium": lambda: _ensure(chromium_path, "chromium"),
    }
    missing = []
    for name, step in steps.items():
        try:
            step()
        except (SandboxError, ToolMissing) as error:
            missing.append(f"{name}: {error}")
    for line in missing:
        sys.stderr.write(f"cannot get {line}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
