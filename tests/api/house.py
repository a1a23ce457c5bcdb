"""A whole service without a PBX: real floor, runner, journal, database, hub and interface."""

import asyncio
import contextlib
import errno
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import service
from app.accounts.hashing import PasswordHash, hash_password
from app.accounts.tables import SessionKind
from app.api.configuration import NotInForceYet
from app.api.metrics import FloorMetrics
from app.api.services import LinkState, Services
from app.crm.articles.library import ArticleLibrary
from app.crm.audit.stream import EventStreams
from app.crm.consent_lists.service import ConsentLists
from app.crm.contact_imports.service import ContactImports
from app.crm.crm_lookup.desk import CrmDesk
from app.crm.crm_lookup.reports import CrmReports
from app.crm.imports.service import Imports
from app.crm.privacy.eraser import Eraser
from app.crm.privacy.ledger import Ledger
from app.crm.privacy.person_files import PersonFiles
from app.crm.privacy.retention import Retention
from app.crm.webhooks.courier import Courier
from app.crm_template.limits import ANSWER_MOST
from app.domain.ids import CallId, ChannelId, ContactId, OperatorId, QueueId
from app.domain.operators import DeviceState, Presence
from app.domain.roles import Role
from app.floor.commands import Command
from app.floor.events import (
    CallEntered,
    CallerIdentified,
    DeviceChanged,
    LegAnswered,
    LegDialed,
    PresenceAsked,
    SnapshotTaken,
)
from app.floor.facts import StepResult
from app.floor.floor import Floor
from app.live.hub import Hub
from app.pbx.realtime.lent_secrets import Lent
from app.pbx.realtime.softphones import SoftphoneStore
from app.records.engine import open_engine, writing
from app.records.journal import Journal
from app.records.migrations import upgrade
from app.records.spool import Spool
from app.service.application import create_app
from app.service.configuration.people import People
from app.service.configuration.phones import PhoneAccounts
from app.service.configuration.reconciler import Part, Reconciler
from app.service.configuration.rights import Rights
from app.service.configuration.sounds import SoundFiles
from app.service.runner import Runner
from app.service.subjects import subject_routes, warm_up
from app.serving.server import make_server
from app.system import clock
from app.system.guarded_http import GuardedHttp
from app.system.networks import read_networks
from tests.records.empty import put_empty

from .declared import Answered, Noted, undeclared

PASSWORD = "kevadine metsarada"
ROLES = ("operator", "supervisor", "administrator")
DEADLINE_S = 60.0
ANY = {"If-Match": "*"}
"""The header of a change to whatever is there."""


class AccountsAlone(SoftphoneStore):
    """Accounts of phones at no PBX: there are no registrations to end."""

    async def renew(self, name: str) -> str:
        return await self.give_secret(name)

    async def lend(self, name: str, until: int, session: int) -> Lent:
        return await self.lent.lend(name, until, session)

    async def lent_in(self) -> set[int]:
        return await self.lent.sessions()

    async def take_back(self, session: int) -> None:
        await self.lent.take_back(session)


@dataclass
class House:
    services: Services
    api: FastAPI
    runner: Runner
    journal: Journal
    store: SoftphoneStore
    link: LinkState
    broken: dict[str, Exception] = field(default_factory=dict)
    """What the database says at each `commit`, or each `begin`."""
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    url: str = "http://keskus.test"
    calls: int = 0
    stepped: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, check: Callable[[Floor], bool]) -> None:
        """Wait until the floor is so, step after step."""
        async with asyncio.timeout(DEADLINE_S):
            while not check(self.runner.floor):
                self.stepped.clear()
                await self.stepped.wait()

    def client(self, role: str = "") -> httpx.AsyncClient:
        """A program with a token of this role; without one, a stranger."""
        return self.clients[role]

    @property
    def admin(self) -> httpx.AsyncClient:
        return self.clients["administrator"]

    async def make_queue(self, id_: str = "sales", **said: object) -> None:
        answer = await self.admin.post("/api/v1/queues", json={"id": id_, "title": id_.title(), **said})
        assert answer.status_code == 201, answer.text

    async def make_operator(self, who: str | dict[str, Any], *queues: str) -> OperatorId:
        """One at work: registered and available."""
        user = self.users[who] if isinstance(who, str) else {"password": PASSWORD, **who}
        memberships = [{"queue": queue} for queue in queues]
        said = {"user": user, "skills": ["lang:et"], "memberships": memberships}
        answer = await self.admin.post("/api/v1/operators", json=said)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        await self.runner.post(DeviceChanged(made["endpoint"], DeviceState.REGISTERED))
        await self.runner.post(PresenceAsked(OperatorId(made["id"]), Presence.AVAILABLE))
        return OperatorId(made["id"])

    async def arrive(self, queue: str, number: str = "+37255500001", name: str = "") -> CallId:
        self.calls += 1
        channel = ChannelId(f"1764000000.{self.calls}")
        await self.runner.post(
            CallEntered(
                channel,
                f"PJSIP/trunk-{self.calls}",
                caller_number=number,
                caller_name=name,
                dialed="6001000",
                queue=QueueId(queue),
                language="et",
            )
        )
        return CallId(channel)

    async def identify(self, call: CallId, name: str = "", *matches: int) -> None:
        one = ContactId(matches[0]) if len(matches) == 1 else None
        found = tuple(ContactId(match) for match in matches)
        await self.runner.post(CallerIdentified(call, name, one, found))

    async def ring(self, id_: CallId) -> tuple[ChannelId, ChannelId, str]:
        """Let the phone ring that the call is offered to; give the call's channel, the phone's, and its endpoint."""
        offer = self.runner.floor.calls[id_].offer
        assert offer is not None
        rings = (self.runner.floor.calls[id_].channel, ChannelId(f"{id_}.{offer.id}"), offer.leg.endpoint)
        await self.runner.post(LegDialed(*rings))
        return rings

    async def answer(self, id_: CallId) -> None:
        await self.runner.post(LegAnswered(*await self.ring(id_)))

    async def journaled(self) -> None:
        async with asyncio.timeout(DEADLINE_S):
            await self.journal.flush()


@asynccontextmanager
async def open_house(
    folder: Path, url: str = "", *, fresh: bool = True, **services: Any
) -> AsyncIterator[House]:
    """A house on SQLite, or on the empty database at `url`; not fresh: on what an earlier one in the folder left."""
    if fresh:
        engine = await _database_at(url) if url else await _database(folder)
    else:
        engine = open_engine(f"sqlite+aiosqlite:///{folder / 'keskus.sqlite'}")
    (folder / "asterisk.sqlite").touch()
    store = AccountsAlone(f"sqlite+aiosqlite:///{folder / 'asterisk.sqlite'}")
    await store.create_schema()
    floor = Floor(identify_s=0.0)
    hub = Hub(floor, epoch=secrets.token_hex(8), queue_every_s=0.0)
    spool = Spool.open(folder / "keskus.spool", 1 << 20)
    journal = Journal(engine, spool, changed=lambda keeping: hub.tell_records(keeping.value))
    metrics = FloorMetrics(floor)

    def dispatch(_: Command) -> None:
        """There is no PBX."""

    people = People(engine, floor, lambda event: runner.post(event), lambda: configuration.wake(people))  # noqa: PLW0108
    http = GuardedHttp(ANSWER_MOST, read_networks(["127.0.0.0/8"]))
    crm = CrmDesk(engine, http, lambda event: runner.put(event))  # noqa: PLW0108
    reports = CrmReports(engine, crm, ZoneInfo("Europe/Tallinn"), clock.utc_now)
    sinks: list[Callable[[StepResult], None]] = [journal.record, hub.publish, metrics.note, people.note]
    sinks += [crm.note, reports.note, lambda _: house.stepped.set()]
    runner = Runner(floor, clock.now, sinks, dispatch)
    parts: list[Part] = [people, Rights(engine, lambda user: given.end_user(user))]  # noqa: PLW0108
    if (softphones := services.get("softphones", store)) is not None:
        parts.append(PhoneAccounts(engine, softphones, encrypted=False))
    if (sounds := services.get("sounds")) is not None:
        parts.append(SoundFiles(engine, sounds))
    configuration = Reconciler(engine, parts)
    link = LinkState(connected=True, pong_age_s=0.5, reconciled=True, counters={"handled": 3})
    given = Services(
        engine=engine,
        runner=runner,
        hub=hub,
        metrics=metrics,
        journal_state=lambda: journal.state,
        link_state=lambda: house.link,
        region="EE",
        configuration=configuration,
        softphones=store,
        sip_address="127.0.0.1:5060",
        acted=journal.note,
    )
    imports = Imports(engine, folder / "imports", 1 << 20, clock.utc_now)
    lists = ConsentLists(engine, folder / "imports" / "numbers", "EE", clock.utc_now)
    contact_imports = ContactImports(engine, folder / "imports" / "contacts", 1 << 20, "EE", clock.utc_now)
    desks: dict[type[object], object] = {
        Imports: imports,
        ConsentLists: lists,
        ContactImports: contact_imports,
        ArticleLibrary: ArticleLibrary(engine),
        Courier: Courier(engine, clock.utc_now),
        EventStreams: EventStreams(engine),
        CrmDesk: crm,
        CrmReports: reports,
    }
    eraser = Eraser(
        engine,
        Ledger(folder / "keskus.erasures"),
        folder / "imports",
        clock.utc_now,
        journal=journal.flush,
    )
    files = PersonFiles(engine, folder / "keskus.persons", clock.utc_now)
    kept = Retention(engine, eraser, folder / "imports", clock.utc_now)
    desks |= {Eraser: eraser, PersonFiles: files, Retention: kept}
    given = replace(given, **{"parts": desks, **services})
    answered: set[Answered] = set()
    house = House(given, _app(given, answered), runner, journal, store, link)
    _listen(house)
    try:
        await runner.post(SnapshotTaken((), {}))
        await asyncio.to_thread(warm_up, house.api.router)
        async with asyncio.TaskGroup() as group, contextlib.AsyncExitStack() as open_:
            writing_down = group.create_task(journal.run())
            importing = group.create_task(imports.run())
            listing = group.create_task(lists.run())
            bringing_contacts = group.create_task(contact_imports.run())
            privacy = [group.create_task(work.run()) for work in (eraser, files)]
            in_force = group.create_task(_in_force(configuration))  # after the first pass, which begins next
            configuring = group.create_task(configuration.run())
            for role in ("", *ROLES):
                headers = {"Authorization": f"Bearer {await _token(house, role)}"} if role else {}
                transport = httpx.ASGITransport(house.api, raise_app_exceptions=False)
                house.clients[role] = await open_.enter_async_context(
                    httpx.AsyncClient(transport=transport, base_url=house.url, headers=headers)
                )
            # A fault that a test makes next finds nothing that is still to be written or read.
            await house.journaled()
            await in_force
            yield house
            missing = undeclared(house.api, answered)
            assert not missing, f"errors that OpenAPI does not have at their operation: {missing}"
            hub.close()
            writing_down.cancel()
            importing.cancel()
            listing.cancel()
            bringing_contacts.cancel()
            configuring.cancel()
            for task in privacy:
                task.cancel()
    finally:
        _description.update(house.api.openapi_schema or {})
        runner.close()
        await http.close()
        await store.close()
        await engine.dispose()
        spool.close()


async def _in_force(configuration: Reconciler) -> None:
    """Wait until all is so as the rows have it, unless the PBX that the test has made is away."""
    with contextlib.suppress(NotInForceYet):
        await configuration.settle()


_description: dict[str, Any] = {}  # of the interface, once a test has asked for it; it takes a second
_hashed: list[PasswordHash] = []  # the password of everybody, once it has been hashed


def _app(services: Services, answered: set[Answered]) -> FastAPI:
    """The application, with the routes that FastAPI built for the first one: they take it half a second."""
    api = create_app(services)
    api.state.subjects.add(subject_routes())
    api.openapi_schema = _description or None
    api.add_middleware(Noted, answered=answered)
    return api


async def _database(folder: Path) -> AsyncEngine:
    return open_engine(await put_empty(folder / "keskus.sqlite"))


async def _database_at(url: str) -> AsyncEngine:
    engine = open_engine(url)
    await upgrade(engine)
    return engine


async def _token(house: House, role: str) -> str:
    now = clock.utc_now()
    if not _hashed:
        _hashed.append(await hash_password(PASSWORD))
    async with writing(house.services.engine) as session:
        user = await service.create_user(
            session,
            username=role,
            password_hash=_hashed[0],
            role=Role(role),
            display_name=f"Tiina {role.title()}",
            at=now,
        )
        assert user.id is not None
        token, _ = await service.open_session(session, user.id, now, kind=SessionKind.TOKEN, lifetime=None)
    house.users[role], house.tokens[role] = user.id, token
    return token


@asynccontextmanager
async def served(house: House) -> AsyncIterator[str]:
    """The service on a real socket; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32_768)  # a reader that stops is felt soon
        server = make_server(house.api, house.services.connections)
        async with asyncio.TaskGroup() as group:
            group.create_task(server.serve([listening]))
            sweeping = group.create_task(house.services.connections.run())
            house.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            try:
                yield house.url
            finally:
                house.services.hub.close()
                server.should_exit = True
                sweeping.cancel()


async def until(so: Callable[[], bool], what: str = "it to be so") -> None:
    """Wait for a condition of this process, turn by turn of the loop."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not so():  # noqa: ASYNC110 - the condition has no event of its own
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(f"waited {DEADLINE_S} s for {what}") from None


def _listen(house: House) -> None:
    """Fail what is broken.

    For good: what is now at one of these turns the loop, and who listens must not change meanwhile.
    """

    def listen(what: str) -> None:
        def fail(_: Connection) -> None:
            if what in house.broken:
                raise house.broken[what]

        event.listen(house.services.engine.sync_engine, what, fail)

    for what in ("begin", "commit"):
        listen(what)


@contextmanager
def failing(house: House, what: str, error: Exception | None = None) -> Iterator[None]:
    """The database fails at each `commit`, or each `begin`; its disk is full, unless something else is said."""
    full = OperationalError(what.upper(), {}, OSError(errno.ENOSPC, "disk full"))
    house.broken[what] = error or full
    try:
        yield
    finally:
        del house.broken[what]
