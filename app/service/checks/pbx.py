"""Checks of the PBX over AMI, by the service's own account: what the PBX lacks, and what strangers could use."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Final, Self, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from app.pbx.ami.errors import PbxError
from app.pbx.ami.link import Link
from app.pbx.ami.message import Event
from app.pbx.ami.session import LinkSettings
from app.pbx.audit import examined
from app.pbx.audit.contract import (
    ask_contexts,
    ask_row,
    ask_variables,
    context_lacks,
    row_lacks,
    variable_lacks,
)
from app.pbx.audit.strangers import ask_endpoints, endpoint_openings
from app.pbx.dialplan import Context
from app.pbx.event_log import EventLog
from app.pbx.realtime.database import RealtimeUnfit
from app.pbx.realtime.softphones import PROBE, Route, SoftphoneAccount, SoftphoneStore, digits
from app.pbx.shipped import shipped
from app.service.checks.finding import Check, CheckImpossible, Finding
from app.service.outgoing import away_numbers
from app.service.settings import PbxSettings, Settings
from app.system import clock
from app.system.away import reason

LOGIN_S: Final = 6.0
HEARD_S: Final = 3.0
LOGGED_S: Final = 5.0
LOOK_AGAIN_S: Final = 0.1
APART_S: Final = 2.0
"""Seconds by which clocks may differ."""
OLDEST, TESTED = 20, 22
STRANGERS: Final = "Nobody is an endpoint without a secret, or by more than an address"
DIALPLAN: Final = "The dialplan is whole, with what phones may call while the service is away"
VARIABLES: Final = "The service is told of each channel what it must know"
TABLES: Final = "Asterisk finds the tables of accounts, numbers and queues"
PROBE_NUMBER: Final = "000000000000000"
"""A number that nobody has."""
_AWAY = (PbxError, SQLAlchemyError, OSError, TimeoutError, RealtimeUnfit)
T = TypeVar("T")


class AskedPbx:
    """One AMI log-in for all checks, made when the first check asks; it keeps the events that it hears."""

    def __init__(self, settings: PbxSettings) -> None:
        self.settings = settings
        self.heard: set[str] = set()
        """Names of the events heard so far."""
        self.ended: asyncio.Queue[Event] = asyncio.Queue()
        """Channels that ended."""
        self._news = asyncio.Event()
        self._link: Link | None = None
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        """Nothing is asked yet."""
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Log out."""
        if self._link is not None:
            self._link.close()
        await self._group.__aexit__(kind, error, trace)

    async def link(self) -> Link:
        """The link, logged in.

        Raises:
            CheckImpossible: the PBX is away, or refuses.
        """
        if self._link is None:
            pbx = self.settings
            account = LinkSettings(
                host=pbx.host, port=pbx.port, username=pbx.username, secret=pbx.secret.get_secret_value()
            )
            up, wanted = asyncio.Event(), ("UserEvent", "Hangup")
            self._link = Link(account, self._hear, lambda _: up.set(), lambda *_: None, wanted)
            self._group.create_task(self._link.run())
            begun = self._link.why_down
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOGIN_S):
                    while not up.is_set() and self._link.why_down == begun:  # noqa: ASYNC110 - no event for a failure
                        await asyncio.sleep(LOOK_AGAIN_S)
        if not self._link.connected:
            raise CheckImpossible(
                f"no PBX at {self.settings.host}:{self.settings.port}: {self._link.why_down}"
            )
        return self._link

    async def ask(self, question: Callable[[Link], Awaitable[T]]) -> T:
        """Ask the PBX a question.

        Raises:
            CheckImpossible: the PBX is away, or refuses.
        """
        try:
            return await question(await self.link())
        except PbxError as error:
            raise CheckImpossible(f"the PBX does not say: {error}") from error

    async def hears(self, *names: str) -> bool:
        """Whether all these events have come, or come within `HEARD_S`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARD_S):
                while not self.heard.issuperset(names):
                    self._news.clear()
                    await self._news.wait()
        return self.heard.issuperset(names)

    def _hear(self, event: Event) -> None:
        self.heard.add(event.name)
        if event.name == "Hangup":
            self.ended.put_nowait(event)
        self._news.set()


def checks_pbx(pbx: AskedPbx, settings: Settings, names: Sequence[str]) -> list[Check]:
    """The checks, in order.

    Args:
        pbx: the PBX to ask.
        settings: all settings.
        names: endpoints to ask for, besides those that the PBX lists.
    """
    url = settings.pbx.softphones_url.get_secret_value()
    log = settings.pbx.event_log_url.get_secret_value()
    away = [one.number for one in away_numbers(settings.outgoing, settings.floor.region)]
    return [
        Check("The PBX lets the service log in, and is of a version that is known", lambda: _log_in(pbx)),
        Check("The service's account may do what it must, and no more", lambda: _rights(pbx)),
        Check("The PBX has the modules that are needed", lambda: _modules(pbx)),
        Check(DIALPLAN, lambda: _dialplan(pbx)),
        Check("The PBX tells what happens", lambda: _events(pbx)),
        Check(VARIABLES, lambda: _variables(pbx)),
        Check("The PBX reads accounts and numbers that the service writes", lambda: _realtime(pbx, url)),
        Check(TABLES, lambda: _away_row(pbx, away)),
        Check("The PBX writes its event log", lambda: _event_log(pbx, log)),
        Check("The PBX has the prompts that the dialplan plays", lambda: _prompts(pbx)),
        Check("The PBX finds the sounds that the service lays", lambda: _sounds(pbx)),
        Check("The clocks of the service and the PBX agree", lambda: _clock(pbx)),
        Check(
            "Nobody is an endpoint without a secret, or by more than an address",
            lambda: _strangers(pbx, names),
        ),
    ]


async def _log_in(pbx: AskedPbx) -> list[Finding]:
    where = f"{pbx.settings.host}:{pbx.settings.port}"
    try:
        link = await pbx.link()
    except CheckImpossible as error:
        if "Authentication" in str(error) or "Login" in str(error):
            remedy = (
                "set KESKUS__PBX__USERNAME and KESKUS__PBX__SECRET (or __SECRET_FILE) as in manager.conf, whose permit "
                "must name this machine; then 'manager reload'"
            )
        else:
            remedy = (
                f"start Asterisk; let manager.conf have enabled=yes and bindaddr and port as {where}, or set "
                f"KESKUS__PBX__HOST and KESKUS__PBX__PORT"
            )
        return [Finding(str(error), remedy)]
    told = await pbx.ask(lambda _: examined.version(link))
    major = told.partition(".")[0]
    if major.isdecimal() and int(major) < OLDEST:
        return [Finding(f"this is Asterisk {told}", f"take {TESTED}, which Keskus is tested with")]
    return []


async def _rights(pbx: AskedPbx) -> list[Finding]:
    may = await pbx.ask(examined.commands)
    lacks = [one for one in examined.ACTIONS if one not in may and one not in examined.OF_MODULES]
    found = []
    if lacks:
        found.append(
            Finding(
                f"the account may not {', '.join(lacks)}",
                f"give [{pbx.settings.username}] in manager.conf write = call,originate,reporting,agent,user",
            )
        )
    if powers := [one for one in examined.POWERS if one in may]:
        found.append(
            Finding(
                f"the account may {', '.join(powers)}: whoever has its secret runs programs on the PBX",
                f"take system, command, config and all from write of [{pbx.settings.username}] in manager.conf",
            )
        )
    return found


async def _modules(pbx: AskedPbx) -> list[Finding]:
    may = await pbx.ask(examined.commands)
    return [
        Finding(f"{module} is not loaded", f"load it in modules.conf: load = {module}")
        for module in await pbx.ask(lambda link: examined.missing_modules(link, may))
    ]


async def _dialplan(pbx: AskedPbx) -> list[Finding]:
    return [Finding(*lack) for lack in context_lacks(await pbx.ask(ask_contexts))]


async def _variables(pbx: AskedPbx) -> list[Finding]:
    try:
        told = await pbx.ask(lambda link: ask_variables(link, pbx.ended))
    except TimeoutError:
        raise CheckImpossible("nothing is told of channels: its account needs read = call") from None
    return [Finding(*lack) for lack in variable_lacks(told)]


async def _away_row(pbx: AskedPbx, away: Sequence[str]) -> list[Finding]:
    if not away:
        return []  # by setting, phones may call nothing while the service is away
    return [Finding(*lack) for lack in row_lacks(away[0], await pbx.ask(lambda link: ask_row(link, away[0])))]


async def _events(pbx: AskedPbx) -> list[Finding]:
    await pbx.ask(examined.say_and_call)
    return [
        Finding(
            f"no {name} comes, though there was one",
            f"give [{pbx.settings.username}] in manager.conf read = call,user and the eventfilter lines of "
            f"{shipped('asterisk') / 'etc' / 'manager.conf'}",
        )
        for name in ("UserEvent", "Hangup")
        if not await pbx.hears(name)
    ]


async def _realtime(pbx: AskedPbx, url: str) -> list[Finding]:
    if not url:
        raise CheckImpossible("KESKUS__PBX__SOFTPHONES_URL is not set: accounts are yours to keep")
    link = await pbx.link()
    try:
        store = SoftphoneStore(url)
    except RealtimeUnfit as error:
        return [Finding(f"KESKUS__PBX__SOFTPHONES_URL: {error}", "set it right")]
    try:
        await store.create_schema()
        return await _probe(link, store)
    except _AWAY as error:
        raise CheckImpossible(f"KESKUS__PBX__SOFTPHONES_URL: {reason(error)}") from error
    finally:
        await store.close()


async def _probe(link: Link, store: SoftphoneStore) -> list[Finding]:
    """Write an account and a number for a moment: Asterisk must read what the service wrote."""
    await store.put(SoftphoneAccount(PROBE))
    await store.put_route(Route(number=PROBE_NUMBER, kind="queue", target=PROBE))
    try:
        context = await examined.value(link, f"PJSIP_ENDPOINT({PROBE},context)")
        target = await examined.value(
            link, f"REALTIME_FIELD(keskus_routes,number,{digits(PROBE_NUMBER)},target)"
        )
    finally:
        await store.remove_route(PROBE_NUMBER)
        await store.remove(PROBE)
        await store.forget(PROBE)
    etc = shipped("asterisk")
    found = []
    if context != Context.INTERNAL:
        found.append(
            Finding(
                "the PBX does not see an account that the service writes: no phone can register",
                f"name the same database on both sides: KESKUS__PBX__SOFTPHONES_URL here, extconfig.conf and its "
                f"driver's file there; take {etc / 'etc' / 'sorcery.conf'} (realtime before config)",
            )
        )
    if target != PROBE:
        found.append(
            Finding(
                "the PBX does not see a number that the service writes: every caller hears that it is not in service",
                f"map keskus_routes in extconfig.conf as in {etc / 'sqlite' / 'extconfig.conf'}; load func_realtime.so",
            )
        )
    return found


async def _event_log(pbx: AskedPbx, url: str) -> list[Finding]:
    if not url:
        return [
            Finding(
                "KESKUS__PBX__EVENT_LOG_URL is not set: records of what was not heard stay incomplete",
                "let Asterisk write CEL to SQLite or PostgreSQL, and say where",
            )
        ]
    link = await pbx.link()
    try:
        events = EventLog(url)
    except RealtimeUnfit as error:
        return [Finding(f"KESKUS__PBX__EVENT_LOG_URL: {error}", "set it right")]
    try:
        await events.check()
        before = await events.last_id()
        await pbx.ask(lambda _: examined.say_and_call(link))
        async with asyncio.timeout(LOGGED_S):
            while await events.last_id() == before:  # noqa: ASYNC110 - another program's file has no event for us
                await asyncio.sleep(LOOK_AGAIN_S)
    except TimeoutError:
        return [
            Finding(
                "there was a call, and no row of it came into the event log",
                f"let cel.conf have enable=yes and events=ALL, load cel_sqlite3_custom.so or cel_pgsql.so with a "
                f"configuration as in {shipped('asterisk')}, and name the same database on both sides",
            )
        ]
    except RealtimeUnfit as error:
        return [Finding(f"KESKUS__PBX__EVENT_LOG_URL: {error}", "set it right")]
    except _AWAY as error:
        raise CheckImpossible(f"KESKUS__PBX__EVENT_LOG_URL: {reason(error)}") from error
    finally:
        await events.close()
    return []


async def _prompts(pbx: AskedPbx) -> list[Finding]:
    return [
        Finding(
            f"the PBX has no sound {prompt}: callers hear nothing",
            "install Asterisk's core sounds (asterisk-core-sounds-en-gsm) into its folder sounds/en",
        )
        for prompt in await pbx.ask(examined.missing_prompts)
    ]


async def _sounds(pbx: AskedPbx) -> list[Finding]:
    folder = pbx.settings.sounds
    told = await pbx.ask(lambda link: examined.value(link, "KESKUS_SOUNDS"))
    if folder is None:
        return []
    if not told:
        return [
            Finding(
                "the PBX has no KESKUS_SOUNDS: messages of campaigns are silent",
                f"set it in [globals] of extensions.conf to the folder that is {folder} here",
            )
        ]
    if not await asyncio.to_thread(folder.is_dir):
        return [
            Finding(f"KESKUS__PBX__SOUNDS: there is no folder {folder}", "make it, or name the right one")
        ]
    return []


async def _clock(pbx: AskedPbx) -> list[Finding]:
    ahead_s = await pbx.ask(examined.epoch_s) - clock.utc_now().timestamp()
    return apart("the PBX", ahead_s)


def apart(whose: str, ahead_s: float) -> list[Finding]:
    """A finding where a clock differs from this machine's.

    Args:
        whose: the clock's owner.
        ahead_s: by how much that clock is ahead of this machine's, in seconds.
    """
    if abs(ahead_s) <= APART_S:
        return []
    return [
        Finding(
            f"the clock of {whose} is {abs(ahead_s):.1f} s {'ahead of' if ahead_s > 0 else 'behind'} this machine's",
            "let both keep time by NTP (systemd-timesyncd, chrony)",
        )
    ]


async def _strangers(pbx: AskedPbx, names: Sequence[str]) -> list[Finding]:
    endpoints = await pbx.ask(lambda link: ask_endpoints(link, names))
    return [Finding(*opening) for opening in endpoint_openings(endpoints)]
