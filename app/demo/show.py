"""The demo from its first progress bar to its last table."""

import asyncio
import random
import secrets
import shutil
import signal
import socket
import tempfile
from contextlib import AsyncExitStack
from functools import partial
from itertools import count
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn

from app.crm.attempts.queries import count_outcomes
from app.crm.calls.queries import CallFilter, page_calls
from app.demo.seed import CAMPAIGN_QUEUE, CAMPAIGN_TITLE, NUMBERS, QUEUES, Centre, NotAnswered, Person
from app.demo.sipp import Callees, Callers, Softphones
from app.demo.sipp_process import SippEvent
from app.demo.speech import HELLO
from app.demo.story import Storyteller
from app.demo.tally import Tally, compare
from app.demo.tools import bring_sipp
from app.demo.writing import Writers
from app.floor.facts import CallEnded, StepResult
from app.records.engine import reading
from app.records.tables import CallRow
from app.sandbox.ports import free_ports
from app.sandbox.sandbox import Layout, Sandbox
from app.service.settings import (
    AdminSettings,
    DatabaseSettings,
    FloorSettings,
    HttpSettings,
    PbxSettings,
    Settings,
)
from app.service.wiring import House, open_house
from app.system import logs

ROBOT_MANNERS_MS = ((900, 4000), (1500, 5500), (600, 3000), (2200, 6000))
"""For each robot operator, how long it lets the phone ring and how long it talks, in milliseconds."""
CALLED_MS, BUSY, SILENT = 3000, "5", "9"
"""Customers of the campaign: milliseconds of ringing, and the last digits of numbers that are busy or do not answer."""
REGISTERED_S = 30 * 24 * 3600
"""Seconds that the robots' phones stay registered."""
CALLS_PER_S = 0.3
IMPATIENT_EVERY = 10
"""One caller in this many hangs up after `IMPATIENCE_MS` of talk."""
IMPATIENCE_MS = 2500
VOICE = "en/demo-congrats.gsm"
NUMBERS_END = 10_000
PATIENCE_S = 180.0
"""Seconds that the last calls may take to end."""
DAY_S = 86_400.0
"""Seconds that a call may take where somebody answers in the page and looks around."""


class _Ends:
    """Counts the inbound calls that ended, and lets others wait for a count."""

    def __init__(self) -> None:
        self.count = 0
        self._told = asyncio.Event()

    def note(self, outcome: StepResult) -> None:
        """Count the calls that ended in a step; a sink of the runner."""
        for fact in outcome.facts:
            if isinstance(fact, CallEnded) and fact.record.campaign is None:
                self.count += 1
                self._told.set()

    async def reach(self, count: int) -> None:
        """Wait until `count` calls have ended."""
        while self.count < count:
            self._told.clear()
            await self._told.wait()


async def run_demo(console: Console, *, calls: int, port: int) -> int:
    """Run the demo.

    Args:
        console: where the calls' stories are printed.
        calls: end after this many calls; 0 goes on until cancelled.
        port: the web page's TCP port; another one if it is in use.

    Returns:
        The exit status: 1 if a call has no true record.

    Raises:
        SandboxError: Asterisk or SIPp is not available on this machine.
    """
    logs.configure("ERROR")  # keep warnings about a busy machine out of the stories
    _end_by_signals()
    folder = Path(tempfile.mkdtemp(prefix="keskus-demo-"))
    try:
        async with AsyncExitStack() as stack:
            port = _free_port(port)
            layout, voice = await _start_pbx(console, folder, port, stack)
            settings = _settings(folder, layout, port)
            ends = _Ends()
            titles = QUEUES | {CAMPAIGN_QUEUE: CAMPAIGN_TITLE}
            teller = Storyteller(partial(console.print, soft_wrap=True), titles)
            writers = Writers(teller.tell_work)
            sinks = [ends.note, teller.tell, writers.note]
            house = await stack.enter_async_context(open_house(settings, sinks))
            stack.push_async_callback(writers.close)
            try:
                centre = await _enter(console, house, settings, stack)
                people = await _load(centre, house, layout, stack)
                wares = await centre.stock()
                await writers.log_in(house.url, people[:-1], wares)
                await centre.begin_campaign()
            except NotAnswered as error:
                console.print(f"The demo has not begun: {error}", style="red", markup=False)
                return 1
            teller.operators.update({person.id: person.name for person in people})
            _welcome(console, house, settings, people[-1])
            async with asyncio.TaskGroup() as group:
                writing = group.create_task(writers.run())
                seen = await _let_them_call(layout, calls, voice)
                async with asyncio.timeout(PATIENCE_S):
                    await ends.reach(calls)
                    await writers.done()
                writing.cancel()
            tally = await _tally(house, seen)
            tally.written = await centre.written(wares)
            return _conclude(console, tally)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _end_by_signals() -> None:
    """End as by Ctrl-C on SIGTERM or SIGHUP; otherwise the PBX and the robots would go on running."""
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


async def _start_pbx(
    console: Console, folder: Path, port: int, stack: AsyncExitStack
) -> tuple[Layout, bytes]:
    """Start the PBX; give where it is, and what callers say: one of its own recordings."""
    sandbox = Sandbox(folder / "pbx", pop_url=f"http://127.0.0.1:{port}/pop")
    stack.push_async_callback(sandbox.stop)
    with Progress(TextColumn("{task.description}"), BarColumn(), console=console, transient=True) as bars:
        bar = bars.add_task("Asterisk", total=1.0)

        def progress(what: str, share: float) -> None:
            bars.update(bar, description=what, completed=share)

        layout = await sandbox.start(progress)
        await bring_sipp(progress)
    voice = folder / "voice.alaw"
    await sandbox.cli("module load res_convert.so")
    await sandbox.cli(f"file convert {VOICE} {voice}")
    return layout, await asyncio.to_thread(lambda: voice.read_bytes() if voice.exists() else HELLO)


def _settings(folder: Path, layout: Layout, port: int) -> Settings:
    return Settings(
        database=DatabaseSettings(url=SecretStr(f"sqlite+aiosqlite:///{folder / 'keskus.sqlite'}")),
        pbx=PbxSettings(
            host=layout.host,
            port=layout.ami_port,
            username=layout.ami_username,
            secret=SecretStr(layout.ami_secret),
            softphones_url=SecretStr(f"sqlite+aiosqlite:///{folder / 'pbx' / 'realtime.sqlite'}"),
            event_log_url=SecretStr(f"sqlite+aiosqlite:///{folder / 'pbx' / 'cel.db'}"),
            log=folder / "pbx" / "log" / "messages.log",
            sip_address=f"{layout.host}:{layout.sip_port}",
            websocket_url=layout.websocket_url,
        ),
        floor=FloorSettings(silent_s=0, waiting_by_number=0),  # the robots send no sound
        http=HttpSettings(port=port),
        admin=AdminSettings(password=SecretStr(secrets.token_urlsafe(15))),
    )


async def _enter(console: Console, house: House, settings: Settings, stack: AsyncExitStack) -> Centre:
    centre = Centre(house.url, partial(console.print, style="yellow", highlight=False, markup=False))
    stack.push_async_callback(centre.close)
    assert settings.admin.password is not None
    await centre.log_in("admin", settings.admin.password.get_secret_value())
    return centre


async def _load(centre: Centre, house: House, layout: Layout, stack: AsyncExitStack) -> list[Person]:
    """Set the centre up, and start the robots."""
    people = await centre.load()
    assert house.store is not None
    await house.store.let_register(REGISTERED_S)
    for person, (answer_ms, talk_ms) in zip(people, ROBOT_MANNERS_MS, strict=False):
        account = (person.endpoint, person.secret)
        phone = Softphones(
            layout,
            [account],
            answer_ms=answer_ms,
            talk_ms=talk_ms,
            by_itself=True,
            registered_s=REGISTERED_S,
        )
        await stack.enter_async_context(phone)
        await centre.make_available(person.id)
    called = Callees(layout, answer_ms=CALLED_MS, busy=BUSY, silent=SILENT)
    await stack.enter_async_context(called)
    return people


def _welcome(console: Console, house: House, settings: Settings, you: Person) -> None:
    assert settings.admin.password is not None
    password = settings.admin.password.get_secret_value()
    lines = (
        f"Open              {house.url}",
        f"  operator        {you.username} / {you.password}",
        f"  supervisor      admin / {password}",
        "Log in as the operator and press Available: within a minute a call rings in your browser.",
        "Ctrl-C ends it all.",
    )
    console.print(Panel("\n".join(lines), title="Keskus", expand=False), highlight=False, markup=False)


async def _let_them_call(layout: Layout, calls: int, voice: bytes) -> list[SippEvent]:
    """Start random callers, `calls` of them or without end; give the events that they saw."""
    seen: list[SippEvent] = []
    chance = random.Random()  # noqa: S311 - not a secret
    numbers = list(NUMBERS)
    async with asyncio.TaskGroup() as group:
        for place in range(1, calls + 1) if calls else count(1):
            talk_ms = IMPATIENCE_MS if place % IMPATIENT_EVERY == 0 else None
            caller = Callers(
                layout, chance.choice(numbers), first=place % NUMBERS_END, talk_ms=talk_ms, voice=voice
            )
            group.create_task(_call(caller, PATIENCE_S if calls else DAY_S, seen))
            await asyncio.sleep(chance.expovariate(CALLS_PER_S))
    return seen


async def _call(calling: Callers, most_s: float, seen: list[SippEvent]) -> None:
    async with calling as caller:
        await caller.wait("ended", timeout_s=most_s)
        seen.extend(caller.events)


async def _tally(house: House, seen: list[SippEvent]) -> Tally:
    """Read the records back and compare them with what the callers saw."""
    await house.journal.flush()
    records: list[CallRow] = []
    async with reading(house.engine) as session:
        page = await page_calls(session, CallFilter(), limit=500)
        records.extend(page.calls)
        while page.next is not None:
            page = await page_calls(session, CallFilter(), after=page.next, limit=500)
            records.extend(page.calls)
        attempts = await count_outcomes(session)
    return compare(seen, [record for record in records if record.campaign_id is None], attempts)


def _conclude(console: Console, tally: Tally) -> int:
    console.print(tally.table())
    console.print(tally.campaign())
    console.print(tally.work())
    for line in tally.untrue:
        console.print(f"not true: {line}", style="red", highlight=False)
    return 1 if tally.untrue else 0


def _free_port(wanted: int) -> int:
    """The wanted TCP port, or a free one if it is in use."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_ports(1)[0]
    return wanted
