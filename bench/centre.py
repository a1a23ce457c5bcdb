"""A call centre to measure: a real Asterisk, the service in a process of its own, phones by SIPp.

The service is complete, as `app.service.wiring` builds it: PBX link, runner, contact base and journal on SQLite,
desktops' hub, HTTP. It has a process of its own so that its CPU time can be measured.
"""

import asyncio
import multiprocessing
import os
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import insert

from app.accounts.tables import UserRow
from app.crm.contacts.tables import ContactRow, PhoneRow
from app.crm.inbound_routes.tables import RouteRow
from app.crm.operators.tables import MembershipRow, OperatorRow, SoftphoneRow
from app.crm.queues.tables import QueueRow
from app.demo.sipp import Softphones
from app.demo.tools import bring_sipp
from app.domain.operators import Presence
from app.floor.events import PresenceAsked
from app.pbx.realtime.softphones import SoftphoneAccount, SoftphoneStore, digits
from app.records.engine import open_engine
from app.records.migrations import upgrade
from app.sandbox.ports import free_ports
from app.sandbox.sandbox import Layout, ManagerUser, Sandbox
from app.service.settings import DatabaseSettings, HttpSettings, Settings
from app.service.wiring import open_house, run
from app.system import clock, logs
from tests.pbx.settings import settings_of

CONTACTS = 5000
CALLER = "3725550"
"""The beginning of callers' numbers, before four more digits; every second caller is a contact. +372 5550 xxxx belongs
to nobody."""
READY_S = 30.0
POLL_S = 0.1
ALL_EVENTS = ManagerUser("all", "all-events")
RULER = ManagerUser("ruler", "ruler", read="call,agent,user")
"""An AMI account that gets only the measured events: sending all events would slow Asterisk down."""
_RULER_EVENTS = ("UserEvent", "QueueCallerJoin", "DialBegin", "DialEnd", "Hangup")


@dataclass(frozen=True)
class QueuePlan:
    """A queue of the service: the number that reaches it, and how many of the operators serve it."""

    name: str
    number: str
    operators: int


class Service:
    """The service's process, seen from here."""

    def __init__(self, process: BaseProcess, pipe: Connection) -> None:
        self._process = process
        self._pipe = pipe

    def cpu_s(self) -> float:
        """The CPU time of all its threads since its start, in seconds."""
        return self._ask("cpu")

    async def idle(self, operators: int) -> None:
        """Wait until `operators` operators can be offered a call."""
        async with asyncio.timeout(READY_S):
            while self._ask("idle") < operators:  # noqa: ASYNC110 - it is another process that changes
                await asyncio.sleep(POLL_S)

    async def stop(self) -> None:
        """Stop the service as SIGTERM would."""
        self._pipe.send("stop")
        await asyncio.to_thread(self._process.join, READY_S)
        self._process.kill()

    def _ask(self, what: str) -> float:
        self._pipe.send(what)
        if not self._pipe.poll(READY_S):
            raise TimeoutError("the service does not answer")
        answer = self._pipe.recv()
        assert isinstance(answer, float)
        return answer


@dataclass
class Centre:
    """The sandbox PBX, the service and the account store of a bench."""

    sandbox: Sandbox
    layout: Layout
    store: SoftphoneStore
    service: Service
    settings: Settings
    """The service's."""
    _stack: AsyncExitStack

    async def phones(self, prefix: str, count: int, *, answer_ms: int, talk_ms: int) -> None:
        """Register `count` phones, `<prefix>1` and so on, which stay until the end."""
        accounts = [
            await self.store.put(SoftphoneAccount(f"{prefix}{n}", number=str(1000 + n)))
            for n in range(1, count + 1)
        ]
        known = [(account.name, account.secret) for account in accounts]
        await self._stack.enter_async_context(
            Softphones(self.layout, known, answer_ms=answer_ms, talk_ms=talk_ms)
        )

    async def asterisk_cpu_s(self) -> float:
        """The CPU time of Asterisk since its start, in seconds."""
        pid = (await self.sandbox.status()).pid
        assert pid is not None
        return cpu_s(pid)


@asynccontextmanager
async def open_centre(
    queues: Sequence[QueuePlan], operators: int, extra: Mapping[str, str] | None = None
) -> AsyncIterator[Centre]:
    """Run a centre; the operators (phones `op1` and so on) are available once their phones are registered.

    Args:
        queues: the service's queues.
        operators: number of operators.
        extra: text added to Asterisk's configuration, by file name.
    """
    await bring_sipp()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keskus-bench-")))
        filters = [f"eventfilter(action(include),name({name})) =" for name in _RULER_EVENTS]
        conf = {
            "manager.conf": "[general](+)\ntimestampevents = yes\n",
            "manager_extra.conf": "\n".join([f"[{RULER.name}](+)", *filters, ""]),
        }
        sandbox = Sandbox(folder / "pbx", users=[ALL_EVENTS, RULER], extra=conf | dict(extra or {}))
        stack.push_async_callback(sandbox.stop)
        layout = await sandbox.start()
        store = await stack.enter_async_context(SoftphoneStore(sandbox.softphones_url))
        settings = Settings(
            database=DatabaseSettings(url=SecretStr(f"sqlite+aiosqlite:///{folder / 'keskus.sqlite'}")),
            pbx=settings_of(sandbox),
            http=HttpSettings(port=free_ports(1)[0]),
        )
        await _load(settings.database.url.get_secret_value(), queues, operators)
        service = _start(settings)
        stack.push_async_callback(service.stop)
        yield Centre(sandbox, layout, store, service, settings, stack)


def cpu_s(pid: int) -> float:
    """The CPU time of a process since its start, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _load(url: str, queues: Sequence[QueuePlan], operators: int) -> None:
    engine = open_engine(url)
    await upgrade(engine)
    at = clock.utc_now()
    numbers = range(1, operators + 1)
    people = [
        {"id": n, "username": f"op{n}", "password_hash": "", "role": "operator", "display_name": f"Op {n}"}
        for n in numbers
    ]
    contacts = [{"id": n, "surname": "Tamm", "given_name": f"Mari {n}"} for n in range(1, CONTACTS + 1)]
    async with engine.begin() as connection:
        await connection.execute(
            insert(UserRow),
            [row | {"created_at": at, "language": "et", "active": True} for row in people],
        )
        await connection.execute(
            insert(OperatorRow), [{"id": n, "skills": [], "auto_answer": False} for n in numbers]
        )
        await connection.execute(
            insert(SoftphoneRow),
            [{"endpoint": f"op{n}", "operator_id": n, "kind": "sip"} for n in numbers],
        )
        for queue in queues:
            row = QueueRow(id=queue.name, title=queue.name, ring_s=15, wrap_up_s=0.0, preferred_s=0.0)
            await connection.execute(insert(QueueRow), [row.model_dump()])
            route = RouteRow(number=digits(queue.number), kind="queue", target=queue.name)
            await connection.execute(insert(RouteRow), [route.model_dump()])
            await connection.execute(
                insert(MembershipRow),
                [{"operator_id": n, "queue": queue.name, "level": 1} for n in range(1, queue.operators + 1)],
            )
        filled = ContactRow(kind="person", created_at=at, updated_at=at).model_dump()
        await connection.execute(insert(ContactRow), [filled | row for row in contacts])
        await connection.execute(
            insert(PhoneRow),
            [
                {"contact_id": n, "e164": f"+{CALLER}{2 * n - 1:04}", "raw": "", "label": ""}
                for n in range(1, CONTACTS + 1)
            ],
        )
    await engine.dispose()


def _start(settings: Settings) -> Service:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, settings), daemon=True)
    process.start()
    return Service(process, here)


def _serve(pipe: Connection, settings: Settings) -> None:
    logs.configure("WARNING")
    run(_run(pipe, settings))


async def _run(pipe: Connection, settings: Settings) -> None:
    stop = asyncio.Event()
    async with open_house(settings) as house:
        floor = house.runner.floor
        for operator in floor.operators:
            await house.runner.post(PresenceAsked(operator, Presence.AVAILABLE))

        def answer() -> None:
            match pipe.recv():
                case "cpu":
                    pipe.send(time.process_time())
                case "idle":
                    pipe.send(float(sum(operator.offerable for operator in floor.operators.values())))
                case _:
                    stop.set()

        asyncio.get_running_loop().add_reader(pipe.fileno(), answer)
        await stop.wait()
