"""`keskus check`: looks at an installation for what is open or amiss, and says what to do about each.

A check is a name and something to ask; it finds nothing, or a list of findings. To add one, add it to the list that
`checks` gives.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from app.pbx.conf_file import ConfUnreadable, Section, read_sections
from app.pbx.contract import (
    Lack,
    ask_contexts,
    ask_row,
    ask_variables,
    context_lacks,
    families_in,
    row_lacks,
    table_lacks,
    variable_lacks,
    variables_in,
)
from app.pbx.errors import PbxError
from app.pbx.link import Link
from app.pbx.message import Event
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


def checks(
    pbx: PbxSettings, config: Path | None, names: Sequence[str], away: Sequence[str] = ()
) -> list[Check]:
    """All checks, in order.

    Args:
        pbx: how to reach the PBX.
        config: Asterisk's configuration folder or its `pjsip.conf`; None asks the running PBX.
        names: endpoints to ask the running PBX for, besides those it tells of.
        away: numbers that phones may call while the service is away, as it writes them into the PBX's table.
    """
    strangers = "Nobody is an endpoint without a secret, or by more than an address"
    dialplan = "The dialplan is whole, with what phones may call while the service is away"
    variables = "The service is told of each channel what it must know"
    tables = "Asterisk finds the tables of accounts, numbers and queues"
    if config is None:
        running = _Running(pbx)
        return [
            Check(strangers, lambda: _strangers_at(running, names)),
            Check(dialplan, lambda: _dialplan_at(running)),
            Check(variables, lambda: _variables_at(running)),
            Check(tables, lambda: _row_at(running, away)),
        ]
    if not config.is_dir():
        return [Check(strangers, lambda: _strangers_in(config))]
    return [
        Check(strangers, lambda: _strangers_in(config)),
        Check(dialplan, lambda: _in(config / "extensions.conf", lambda read: context_lacks(_names(read)))),
        Check(
            variables, lambda: _in(config / "manager.conf", lambda read: variable_lacks(variables_in(read)))
        ),
        Check(tables, lambda: _in(config / "extconfig.conf", lambda read: table_lacks(families_in(read)))),
    ]


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


async def _strangers_at(pbx: "_Running", names: Sequence[str]) -> list[Finding]:
    endpoints = await pbx.ask(lambda link: ask_endpoints(link, names))
    return [Finding(*opening) for opening in endpoint_openings(endpoints)]


def _names(sections: Sequence[Section]) -> list[str]:
    return [section.name for section in sections]


async def _in(file: Path, lacks: Callable[[Sequence[Section]], Sequence[Lack]]) -> list[Finding]:
    try:
        return [Finding(*lack) for lack in lacks(await asyncio.to_thread(read_sections, file))]
    except ConfUnreadable as error:
        raise CheckImpossible(str(error)) from error


async def _dialplan_at(pbx: "_Running") -> list[Finding]:
    return [Finding(*lack) for lack in context_lacks(await pbx.ask(ask_contexts))]


async def _variables_at(pbx: "_Running") -> list[Finding]:
    heard: asyncio.Queue[Event] = asyncio.Queue()
    told = await pbx.ask(lambda link: ask_variables(link, heard), heard)
    return [Finding(*lack) for lack in variable_lacks(told)]


async def _row_at(pbx: "_Running", away: Sequence[str]) -> list[Finding]:
    if not away:
        raise CheckImpossible(
            "no row to ask for: by setting phones may call nothing while the service is away"
        )
    return [Finding(*lack) for lack in row_lacks(away[0], await pbx.ask(lambda link: ask_row(link, away[0])))]


class _Running:
    """A running PBX; one that is away is waited for once."""

    def __init__(self, pbx: PbxSettings) -> None:
        self._pbx = pbx
        self._away = ""

    async def ask(
        self, question: Callable[[Link], Awaitable[T]], heard: "asyncio.Queue[Event] | None" = None
    ) -> T:
        """Log in, ask the PBX something, and go.

        Args:
            question: asks it.
            heard: gets what is told of channels meanwhile.

        Raises:
            CheckImpossible: it is away, or refuses.
        """
        if self._away:
            raise CheckImpossible(self._away)
        pbx = self._pbx
        settings = LinkSettings(
            host=pbx.host,
            port=pbx.port,
            username=pbx.username,
            secret=pbx.secret.get_secret_value(),
            events="off" if heard is None else "call",
        )
        up = asyncio.Event()
        take = heard.put_nowait if heard is not None else _ignore
        link = Link(settings, take, lambda _: up.set(), lambda *_: None, ("Hangup",))
        answer: list[T] = []
        failed = ""
        async with asyncio.TaskGroup() as group:
            group.create_task(link.run())
            try:
                async with asyncio.timeout(LOGIN_S):
                    await up.wait()
                answer.append(await question(link))
            except TimeoutError:
                failed = f"{pbx.host}:{pbx.port} tells nothing of channels: its account needs read = call"
                if not up.is_set():
                    failed = self._away = f"no PBX at {pbx.host}:{pbx.port}: {link.why_down}"
            except PbxError as error:
                failed = f"the PBX does not say: {error}"
            finally:
                link.close()
        if failed:
            raise CheckImpossible(failed)
        return answer[0]


def _ignore(_: Event) -> None:
    pass
