"""SIPp, the program behind the robots: installed, or fetched into the cache as the sandbox's Asterisk is."""

import shutil

from app.sandbox.packages import Prefix, Progress, SandboxError, cache_dir, fetch_tool

_PACKAGE = "sip-tester"
_PROGRAM = "usr/bin/sipp"


async def bring_sipp(progress: Progress | None = None) -> None:
    """Make sure that SIPp is here.

    Raises:
        SandboxError: it cannot be had on this machine.
    """
    if shutil.which("sipp") is None:
        await fetch_tool(_PACKAGE, [_PACKAGE], progress)


def sipp_command() -> list[str]:
    """SIPp, as the start of an argument list.

    Raises:
        SandboxError: `bring_sipp` was not called.
    """
    installed = shutil.which("sipp")
    if installed:
        return [installed]
    root = cache_dir() / "prefix" / _PACKAGE
    if not root.is_dir():
        raise SandboxError("SIPp is not here yet")
    return Prefix(root).command(_PROGRAM)
