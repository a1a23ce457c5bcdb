"""A call centre to break: a PBX of its own, a line that can be cut, the service's process, phones and callers."""

import asyncio
import random
import secrets
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.demo.tools import bring_sipp
from app.pbx.realtime.softphones import SoftphoneStore
from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests.faults.load import ANSWERING, REGISTERED_S, RINGING, Load
from tests.faults.oracle import Excuses, Verdict, all_records, judge
from tests.faults.proxy import Proxy
from tests.faults.seen import Seen
from tests.faults.service import PROGRAM, Service, slowness
from tests.faults.states import AHEAD_S, stuck, wrong_states
from tests.stillness import Stillness, watched_for_stillness

QUEUE = "tugi"
LOOK_S = 0.1
REST_S = 10.0
"""Within this after the last call everything must be at rest; a wrap-up takes `WRAP_UP_S`."""
WRAP_UP_S = 0.3
RECORDS_S = 15.0
PATIENCE_S = 30.0
"""How long a broken promise is looked at before the scenario goes on."""


_kept: Path | None = None
"""Where the centres' folders stay when they are over; None: nowhere."""


def keep_in(folder: Path) -> None:
    """Let the centres' folders stay here when they are over."""
    global _kept  # noqa: PLW0603 - of the whole run
    folder.mkdir(parents=True, exist_ok=True)
    _kept = folder


def folder_of_a_centre(stack: AsyncExitStack) -> Path:
    """Where a centre's files lie: a folder that goes away with the stack, unless it was asked to stay."""
    if _kept is not None:
        return Path(tempfile.mkdtemp(prefix="centre-", dir=_kept))
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keskus-f-")))


def some(wrong: Mapping[str, str]) -> str:
    """A few of them, for a report."""
    lines = list(wrong.values())
    return "; ".join(lines[:4]) + (f"; and {len(lines) - 4} more" if len(lines) > 4 else "")


@dataclass
class Centre:
    """What a scenario works with."""

    folder: Path
    sandbox: Sandbox
    proxy: Proxy
    service: Service
    seen: Seen
    load: Load
    phones: Mapping[str, int]
    """Operator ids by phone."""
    chance: random.Random
    slowness: float
    """Of this machine: every time that is promised may be so many times longer."""
    stillness: Stillness
    broken: list[str] = field(default_factory=list)
    """Promises that broke, in words."""
    excuses: Excuses = field(default_factory=Excuses)
    right_s: list[float] = field(default_factory=list)
    """How long after each fault the states were right again."""

    async def wrong(self) -> dict[str, str]:
        """What the floor shows now that SIPp sees otherwise, by caller or phone."""
        asked_s = clock.utc_now().timestamp()
        shown = await self.service.floor()
        at_s = (asked_s + clock.utc_now().timestamp()) / 2
        if shown is None:
            return {"service": "the service does not answer"}
        await asyncio.sleep(AHEAD_S)  # what SIPp saw until then must have been read
        return wrong_states(shown, self.seen, self.phones, at_s)

    async def until_right(self, since_s: float, limit_s: float, what: str) -> None:
        """Look until the floor shows what SIPp sees; a promise breaks when that takes longer than allowed.

        Args:
            since_s: from when the time counts, seconds since 1970.
            limit_s: how long it may take, where the machine is not slow.
            what: the fault, for the report.
        """
        limit_s *= self.slowness
        while True:
            looked_s = clock.utc_now().timestamp() - since_s
            wrong = await self.wrong()
            if not wrong:
                break
            if looked_s > limit_s + PATIENCE_S:
                self.broken.append(f"{what}: states still wrong after {looked_s:.0f} s: {some(wrong)}")
                break
            last = wrong
            await asyncio.sleep(LOOK_S)
        if not wrong and looked_s > limit_s:
            self.broken.append(
                f"{what}: states were right after {looked_s:.1f} s, not {limit_s:.1f}: {some(last)}"
            )
        self.right_s.append(looked_s)

    @asynccontextmanager
    async def watched(self, limit_s: float, what: str) -> AsyncIterator[None]:
        """Look all the while: a promise breaks when anything is shown wrong for longer, as in `until_right`."""
        limit_s *= self.slowness
        since: dict[str, float] = {}
        told: set[str] = set()

        async def watch() -> None:
            while True:
                now_s = clock.monotonic()
                wrong = await self.wrong()
                for key in since.keys() - wrong.keys():
                    self.right_s.append(now_s - since.pop(key))
                for key, line in wrong.items():
                    if now_s - since.setdefault(key, now_s) > limit_s and key not in told:
                        told.add(key)
                        self.broken.append(f"{what}: for more than {limit_s:.1f} s {line}")
                await asyncio.sleep(LOOK_S)

        async with asyncio.TaskGroup() as group:
            watching = group.create_task(watch())
            try:
                yield
            finally:
                watching.cancel()

    async def stand_still(self, fault_s: float) -> None:
        """Let a fault last: its length is part of it."""
        await asyncio.sleep(fault_s)

    async def says_database(self, writes: bool) -> None:
        """Wait until /readyz says so of the database."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    said = await self.service.readiness()
                    if said is not None and said["checks"]["database_writes"]["ok"] is writes:
                        return
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            self.broken.append(f"/readyz does not say that the database {'writes' if writes else 'is away'}")

    @property
    def operators(self) -> int:
        """How many there are."""
        return len(self.phones)

    async def fill(self) -> None:
        """Let callers come, twice as many as there are operators, until each operator has had one."""
        await self.load.begin(live=2 * self.operators)
        await self.seen.more_answers(self.operators)

    async def some_moment(self) -> None:
        """Wait for a moment of chance."""
        await self.seen.more_events(self.chance.randint(1, 4 * self.operators))

    async def conclude(self) -> Verdict:
        """Let everything come to rest, and judge."""
        await self.load.finish()
        await self._come_to_rest()
        verdict = await self._judged()
        self.broken += verdict.broken
        if verdict.lost:
            self.broken += [f"SIPp said: {said}" for said in self.load.errors if said]
        return verdict

    async def _come_to_rest(self) -> None:
        lines = ["the service does not answer"]
        deadline_s = clock.monotonic() + REST_S
        while clock.monotonic() < deadline_s:
            shown = await self.service.floor()
            lines = stuck(shown) if shown is not None else lines
            if not lines:
                break
            await asyncio.sleep(LOOK_S)
        self.broken += [f"stuck: {line}" for line in lines]
        left = await self.sandbox.cli("core show channels count")
        if not left.startswith("0 active channels"):
            self.broken.append(f"stuck: {left.splitlines()[0]} at the PBX")

    async def _judged(self) -> Verdict:
        """The journal writes a moment after the floor: judge again until all is true, or time is up."""
        deadline_s = clock.monotonic() + RECORDS_S
        while True:
            verdict = judge(
                self.seen, await all_records(self.service.database_url), self.phones, self.excuses
            )
            if not verdict.broken or clock.monotonic() > deadline_s:
                return verdict
            await asyncio.sleep(1.0)


@asynccontextmanager
async def open_centre(
    *,
    operators: int,
    seed: int = 1,
    database_url: str = "",
    environment: Mapping[str, str] | None = None,
    sandbox: Sandbox | None = None,
    folder: Path | None = None,
) -> AsyncIterator[Centre]:
    """Run a centre whose operators are available.

    Args:
        operators: how many, each with a phone.
        seed: of every choice by chance.
        database_url: the service's records; by default a SQLite file of its own.
        environment: variables of the service's process.
        sandbox: a PBX to start instead of a plain one.
        folder: where everything lies; by default one that goes away at the end.
    """
    await bring_sipp()
    slow = await slowness()
    async with AsyncExitStack() as stack:
        folder = folder or folder_of_a_centre(stack)
        sandbox = sandbox or Sandbox(folder / "pbx")
        stack.push_async_callback(sandbox.stop)
        layout = await sandbox.start()
        proxy = await stack.enter_async_context(Proxy(layout.host, layout.ami_port))
        url = database_url or f"sqlite+aiosqlite:///{folder / 'keskus.sqlite'}"
        service = Service(folder, sandbox, proxy.port, url, environment or {}, PROGRAM)
        stack.push_async_callback(service.close)
        await service.start()
        await service.ready()
        await service.log_in()
        made = await _load(service, operators)
        async with SoftphoneStore(sandbox.softphones_url) as store:
            await store.let_register(REGISTERED_S)
        stillness = await stack.enter_async_context(watched_for_stillness(sandbox))
        seen = Seen()
        accounts = [(one["sip"]["username"], one["sip"]["secret"]) for one in made]
        load = await stack.enter_async_context(Load(layout, seen, accounts))
        for one in made:
            await service.ask("PUT", f"/operators/{one['id']}/state", {"presence": "available"})
        phones = {one["sip"]["username"]: int(one["id"]) for one in made}
        chance = random.Random(seed)
        yield Centre(
            folder,
            sandbox,
            proxy=proxy,
            service=service,
            seen=seen,
            load=load,
            phones=phones,
            chance=chance,
            slowness=slow,
            stillness=stillness,
        )


async def _load(service: Service, operators: int) -> list[dict[str, Any]]:
    await service.ask(
        "POST",
        "/queues",
        {"id": QUEUE, "title": "Tugi", "ring_s": 5, "wrap_up_s": WRAP_UP_S, "preferred_s": 0},
    )
    for number, answer in ((ANSWERING, True), (RINGING, False)):
        route = {"kind": "queue", "target": QUEUE, "answer": answer}
        await service.ask("PUT", f"/routes/{number}", route)
    made = []
    for place in range(1, operators + 1):
        user = {
            "username": f"operator{place}",
            "password": secrets.token_urlsafe(12),
            "display_name": f"Operaator {place}",
        }
        body = {"user": user, "memberships": [{"queue": QUEUE}]}
        made.append(await service.ask("POST", "/operators", body))
    return made
