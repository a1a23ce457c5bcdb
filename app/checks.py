"""`keskus check`: looks at an installation for what is open or amiss, and says what to do about each.

A check is a name and something to ask; it finds nothing, or a list of findings. To add one, add it to the list that
`checks` gives.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from app.pbx.conf_file import ConfUnreadable, Section, read_sections
from app.pbx.errors import PbxError
from app.pbx.link import Link
from app.pbx.session import LinkSettings
from app.pbx.strangers import ask_endpoints, config_openings, endpoint_openings
from app.settings import PbxSettings

LOGIN_S = 6.0
T = TypeVar("T")


class Finding(NamedTuple):
    """Something amiss, and what puts it right."""

    what: str
    remedy: str


class CheckImpossible(Exception):  # noqa: N818 - named for what is so
    """What was to be looked at cannot be; in words."""


class Check(NamedTuple):
    """One thing to look at."""

    title: str
    look: Callable[[], Awaitable[Sequence[Finding]]]
    """Raises CheckImpossible."""


class Checked(NamedTuple):
    """What a look came to."""

    title: str
    findings: Sequence[Finding]
    impossible: str = ""


def checks(pbx: PbxSettings, config: Path | None, names: Sequence[str]) -> list[Check]:
    """All checks, in order.

    Args:
        pbx: how to reach the PBX.
        config: Asterisk's configuration folder or its `pjsip.conf`; None asks the running PBX.
        names: endpoints to ask the running PBX for, besides those it tells of.
    """
    strangers = "Nobody is an endpoint without a secret, or by more than an address"
    if config is not None:
        return [Check(strangers, lambda: _strangers_in(config))]
    return [Check(strangers, lambda: _strangers_at(pbx, names))]


async def look_at(all_checks: Sequence[Check]) -> list[Checked]:
    """Do all checks, one after the other."""
    done = []
    for check in all_checks:
        try:
            done.append(Checked(check.title, await check.look()))
        except CheckImpossible as error:
            done.append(Checked(check.title, (), str(error)))
    return done


async def _strangers_in(config: Path) -> list[Finding]:
    try:
        openings = config_openings(await asyncio.to_thread(_read, config))
    except ConfUnreadable as error:
        raise CheckImpossible(str(error)) from error
    return [Finding(*opening) for opening in openings]


def _read(config: Path) -> list[Section]:
    paths = [config]
    if config.is_dir():
        paths = [config / "pjsip.conf", *config.glob("pjsip_wizard.conf")]
    return [section for path in paths for section in read_sections(path)]


async def _strangers_at(pbx: PbxSettings, names: Sequence[str]) -> list[Finding]:
    endpoints = await _ask(pbx, lambda link: ask_endpoints(link, names))
    return [Finding(*opening) for opening in endpoint_openings(endpoints)]


async def _ask(pbx: PbxSettings, question: Callable[[Link], Awaitable[list[T]]]) -> list[T]:
    """Log in, ask the PBX something, and go.

    Raises:
        CheckImpossible: it is away, or refuses.
    """
    settings = LinkSettings(
        host=pbx.host,
        port=pbx.port,
        username=pbx.username,
        secret=pbx.secret.get_secret_value(),
        events="off",
    )
    up = asyncio.Event()
    link = Link(settings, lambda _: None, lambda _: up.set(), lambda *_: None, ())
    answer: list[T] = []
    failed = ""
    async with asyncio.TaskGroup() as group:
        group.create_task(link.run())
        try:
            async with asyncio.timeout(LOGIN_S):
                await up.wait()
            answer = await question(link)
        except TimeoutError:
            failed = f"no PBX at {pbx.host}:{pbx.port}: {link.why_down}"
        except PbxError as error:
            failed = f"the PBX does not say: {error}"
        finally:
            link.close()
    if failed:
        raise CheckImpossible(failed)
    return answer
