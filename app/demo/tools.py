"""SIPp, the program behind the robots: the installed one, or one fetched into the cache like the sandbox's Asterisk."""

import shutil

from app.sandbox.packages import Prefix, Progress, SandboxError, cache_dir, fetch_tool

_PACKAGE = "sip-tester"
_PROGRAM = "usr/bin/sipp"


async def bring_sipp(progress: Progress | None = None) -> None:
    """Fetch SIPp into the cache if it is not installed.

    Raises:
        SandboxError: it cannot be fetched on this machine.
    """
    if shutil.which("sipp") is None:
        await fetch_tool(_PACKAGE, [_PACKAGE], progress)


def sipp_command() -> list[str]:
    """The beginning of an argument list that starts SIPp.

    Raises:
        SandboxError: `bring_sipp` was not called before.
    """
    installed = shutil.which("sipp")
    if installed:
        return [installed]
    root = cache_dir() / "prefix" / _PACKAGE
    if not root.is_dir():
        raise SandboxError("SIPp is not here yet")
    return Prefix(root).command(_PROGRAM)
