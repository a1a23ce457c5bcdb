"""The composition root: settings -> objects -> one task group (PBX link, journal, look-ups, HTTP server).

The service is built from the records outwards: database, journal, floor with its queues and operators, then the
link to the PBX, and the HTTP server last. It is closed in the opposite order.
"""

import asyncio
import gc
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
import uvloop
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.service import ensure_administrator
from app.api.metrics import FloorMetrics
from app.api.services import LinkState, Services, no_dialogs
from app.crm.answers.caller import Identifier
from app.crm.answers.dialled import NumberReader
from app.crm.contacts.caller_numbers import known_caller, with_known_caller
from app.crm.contacts.lookup import Lookup
from app.domain.ids import FIRST_NODE, ChannelId
from app.events.follower import Follower
from app.events.retention import Retention
from app.floor.calls.lost_phones import in_talk
from app.floor.commands import (
    Command,
    DialerCommand,
    IdentifyCaller,
    ReadNumber,
)
from app.floor.events import TrunkSet
from app.floor.facts import StepResult
from app.floor.floor import Floor
from app.floor.outgoing.state import Outgoing
from app.history.reconciler import HistoryReconciler
from app.live.hub import Hub
from app.live.places import SessionLimits
from app.outbound.outbound import Outbound
from app.pbx.ami.session import LinkSettings
from app.pbx.event_log import EventLog
from app.pbx.node import Pbx
from app.pbx.nodes import Nodes
from app.pbx.pbx_log import PbxLog
from app.pbx.realtime.fallback import Fallback
from app.pbx.realtime.ice import Ice
from app.pbx.realtime.registrations import Dialog, Phones
from app.pbx.realtime.softphones import SoftphoneStore
from app.pbx.sounds import SoundFolder
from app.records.engine import check, imports_beside, open_engine, spool_beside
from app.records.event_table import EventRow
from app.records.journal import Journal
from app.records.migrations import upgrade
from app.records.set_aside import SetAside, set_aside_beside
from app.records.spool import Spool
from app.service.application import create_app
from app.service.campaign_watch import CampaignWatch
from app.service.complaint_watch import ComplaintWatch
from app.service.configuration.listening import Listening
from app.service.configuration.people import People
from app.service.configuration.phones import PhoneAccounts
from app.service.configuration.reconciler import Part, Reconciler
from app.service.configuration.rights import Rights
from app.service.configuration.sounds import SoundFiles
from app.service.desks import Desks, Kept, Works
from app.service.outgoing import away_numbers, limits_of, log_outgoing
from app.service.recovery import load, secure
from app.service.refusals import RefusalLog
from app.service.runner import Runner
from app.service.settings import FloorSettings, HttpSettings, PbxSettings, Settings, TrunkSettings
from app.service.settings_sources import Loaded
from app.service.starting import SOFTPHONES, CannotStart, check_event_log, needing, require_folder
from app.service.subjects import Subjects, warm_up
from app.service.user_watch import UserWatch
from app.service.watchdog import Watchdog
from app.serving.addresses import Proxies
from app.serving.connections import ConnectionLimits, Connections
from app.serving.descriptors import Descriptors, raise_limit
from app.serving.server import listen, make_server
from app.system import clock
from app.system.private import make_database_private, make_private

log = structlog.get_logger(__name__)

SWITCH_S = 0.0005
RUNNER_MAX = 80  # letters of the name under which leads are reserved


@dataclass(frozen=True, slots=True)
class House:
    """A running service."""

    engine: AsyncEngine
    runner: Runner
    pbx: Pbx
    journal: Journal
    hub: Hub
    store: SoftphoneStore | None
    reconciler: HistoryReconciler | None
    url: str
    """The address at which HTTP listens."""
    made_up_password: str | None
    """The first administrator's password, where this start generated it."""


@asynccontextmanager
async def open_house(
    settings: Settings,
    sinks: Sequence[Callable[[StepResult], None]] = (),
    *,
    loaded: Loaded | None = None,
) -> AsyncIterator[House]:
    """Run the service for as long as the context lasts.

    Args:
        settings: all settings.
        sinks: told of each outcome besides the journal and the desktops.
        loaded: where the settings come from, for administrators to see; None: from nowhere in particular.

    Raises:
        DatabaseUrlInvalid, DatabaseUnreachable, SpoolUnusable: the records cannot be kept.
        CannotStart: a database is not what it should be, a disk cannot be written, the HTTP address is taken.
        PasswordUnfit: the password of the first administrator does not fit.
    """
    database = settings.database
    engine = open_engine(database.url.get_secret_value())
    spool: Spool | None = None
    store: SoftphoneStore | None = None
    try:
        path = database.spool or spool_beside(engine)
        spool = await asyncio.to_thread(Spool.open, path, database.spool_mb << 20)
        with needing(f"the database {engine.url.render_as_string(hide_password=True)}"):
            await check(engine)
            await upgrade(engine, region=settings.floor.region)
            await asyncio.to_thread(_keep_private, engine, path, settings)
            made_up = await _first_administrator(engine, settings)
        if url := settings.pbx.softphones_url.get_secret_value():
            with needing(SOFTPHONES):
                store = SoftphoneStore(url)
                await store.create_schema()
                await store.put_away_numbers(away_numbers(settings.outgoing, settings.floor.region))
                await store.encrypt(settings.pbx.sip_transport == "tls")
        if url := settings.pbx.event_log_url.get_secret_value():
            await check_event_log(url)
        aside = await asyncio.to_thread(SetAside, set_aside_beside(path), database.spool_mb << 20)
        async with _running(
            loaded or Loaded(settings, None, {}),
            engine,
            spool,
            store,
            aside=aside,
            sinks=sinks,
            made_up=made_up,
        ) as house:
            yield house
    finally:
        if store is not None:
            await store.close()
        await engine.dispose()
        if spool is not None:
            spool.close()


def _keep_private(engine: AsyncEngine, spool: Path, settings: Settings) -> None:
    """Make files private that an older version or another program left readable; check that folders can be written."""
    if engine.url.get_backend_name() == "sqlite" and engine.url.database:
        make_database_private(Path(engine.url.database))
    make_private(spool)
    make_private(set_aside_beside(spool))
    imports = settings.imports.folder or imports_beside(engine)
    make_private(imports)
    require_folder(imports, "lists (KESKUS__IMPORTS__FOLDER)")
    if settings.pbx.sounds is not None:
        require_folder(settings.pbx.sounds, "sounds (KESKUS__PBX__SOUNDS)")


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run the service's event loop until `work` is done.

    uvloop takes a third off the CPU of a call. The journal and the look-ups run on threads of their own;
    a short switch interval keeps them from holding up a routing decision for Python's usual 5 ms.
    """
    sys.setswitchinterval(SWITCH_S)
    uvloop.run(work)


async def serve(loaded: Loaded, started: Callable[[House], None]) -> None:
    """Run the service until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with open_house(loaded.settings, loaded=loaded) as house:
        # The service's own objects stay: the collector would go through them again and again, 50 ms each time.
        gc.collect()
        gc.freeze()
        started(house)
        await stop.wait()
        log.info("stopping")


async def _first_administrator(engine: AsyncEngine, settings: Settings) -> str | None:
    password = settings.admin.password
    return await ensure_administrator(
        engine, password.get_secret_value() if password else None, clock.utc_now()
    )


@asynccontextmanager
async def _running(  # noqa: PLR0915 - the composition root
    loaded: Loaded,
    engine: AsyncEngine,
    spool: Spool,
    store: SoftphoneStore | None,
    *,
    aside: SetAside,
    sinks: Sequence[Callable[[StepResult], None]],
    made_up: str | None,
) -> AsyncIterator[House]:
    settings = loaded.settings
    # Attempts are numbered from the present time on, so that no id of an earlier run is used again.
    floor = Floor(
        identify_s=settings.floor.identify_s,
        break_s={reason: minutes * 60.0 for reason, minutes in settings.floor.break_minutes.items()},
        most_of_line=settings.floor.waiting_by_trunk,
        most_of_number=settings.floor.waiting_by_number,
        next_attempt=int(clock.utc_now().timestamp() * 1000),
        outgoing=Outgoing(limits_of(settings.outgoing, settings.floor.region)),
    )
    hub = Hub(floor, epoch=secrets.token_hex(8), limits=_places(settings))
    journal = Journal(engine, spool, aside=aside, changed=lambda keeping: hub.tell_records(keeping.value))

    def dispatch(command: Command) -> None:
        if isinstance(command, IdentifyCaller):
            identifier.ask(command)
        elif isinstance(command, ReadNumber):
            numbers.ask(command)
        elif isinstance(command, DialerCommand):
            outbound.ask(command)
        else:
            nodes.execute(command)

    def hear(events: Sequence[EventRow]) -> None:
        hub.tell_changes(events)
        open_complaints.hear(events)
        desks.hear(events)

    metrics = FloorMetrics(floor, completed=bool(settings.pbx.event_log_url.get_secret_value()))
    connections, descriptors = _connections(settings), Descriptors()
    mine = [journal.record, hub.publish, metrics.note, log_outgoing, RefusalLog(floor).note]
    open_complaints = ComplaintWatch(engine, floor, hub.tell_complaints)
    mine.append(open_complaints.note)
    fallback = Fallback(url, floor) if (url := settings.pbx.softphones_url.get_secret_value()) else None
    mine += [fallback.note] if fallback is not None else []
    pbx = Pbx(
        LinkSettings(
            host=settings.pbx.host,
            port=settings.pbx.port,
            username=settings.pbx.username,
            secret=settings.pbx.secret.get_secret_value(),
        ),
        lambda event: runner.put(event),  # noqa: PLW0108 - there is no runner yet
        _dialplan_variables(settings.floor),
        lambda: in_talk(floor, FIRST_NODE),
        lambda channel: known_caller(channel, settings.floor.region),
    )
    lookup, nodes = Lookup(engine, settings.floor.region), Nodes([pbx])
    outbound = Outbound(
        engine,
        floor,
        lambda event: runner.put(event),  # noqa: PLW0108
        lambda event: runner.post(event),  # noqa: PLW0108
        nodes.place,
        name=_runner_name(spool),
        trunks=[_limits(name, trunk) for name, trunk in settings.dialing.trunks.items()],
        default=_limits("", settings.dialing.default),
        events=EventLog(url) if (url := settings.pbx.event_log_url.get_secret_value()) else None,
        pbx_clock=pbx.clock,
        wake=lambda: configuration.wake(outbound.campaigns),
    )
    people = People(
        engine,
        floor,
        lambda event: runner.post(event),  # noqa: PLW0108
        lambda: configuration.wake(people),
    )
    mine.append(people.note)
    phones = Phones(store, pbx.link) if store is not None else None
    reconciler: HistoryReconciler | None = None
    if url := settings.pbx.event_log_url.get_secret_value():
        reconciler = HistoryReconciler(
            EventLog(url),
            engine,
            journal,
            floor,
            lookup=lookup,
            pbx_clock=pbx.clock,
            tell=lambda event: runner.put(event),  # noqa: PLW0108 - there is no runner yet
            emergency=settings.outgoing.emergency_numbers,
            counts=metrics,
        )
        mine.append(reconciler.note)
    desks = Desks(
        engine,
        settings,
        Kept(journal, spool, aside),
        lambda event: runner.put(event),  # noqa: PLW0108
    )
    runner = Runner(
        floor,
        clock.now,
        [*mine, outbound.note, desks.note, *sinks],
        dispatch,
        ready=lambda event: with_known_caller(event, settings.floor.region),
    )
    identifier = Identifier(lookup, runner.put)
    numbers = NumberReader(
        engine, lookup, settings.floor.region, runner.put, emergency=settings.outgoing.emergency_numbers
    )
    sounds = SoundFolder(settings.pbx.sounds) if settings.pbx.sounds is not None else None
    beside: list[Part] = [Rights(engine, lambda user: services.end_user(user))]  # noqa: PLW0108
    if phones is not None:
        beside.append(PhoneAccounts(engine, phones, encrypted=settings.pbx.sip_transport == "tls"))
    if sounds is not None:
        beside.append(SoundFiles(engine, sounds))
    configuration = Reconciler(engine, [people, outbound.campaigns, *beside])
    await load(engine, journal, runner, people, outbound)
    await desks.catch_up()
    services = Services(
        engine=engine,
        runner=runner,
        hub=hub,
        metrics=metrics,
        journal_state=lambda: journal.state,
        link_state=lambda: _link_state(pbx),
        configuration=configuration,
        softphones=phones,
        sip_address=settings.pbx.sip_address,
        sip_transport=settings.pbx.sip_transport,
        websocket_url=settings.pbx.websocket_url,
        ice=Ice(settings.pbx.ice_urls, settings.pbx.turn_secret.get_secret_value()),
        dialogs=_dialogs(pbx, phones) if phones is not None else no_dialogs,
        origins=frozenset(settings.http.origins),
        https=settings.http.https,
        descriptors=lambda: descriptors.state,
        connections=connections,
        proxies=Proxies(settings.http.proxies),
        region=settings.floor.region,
        campaign_changed=outbound.campaign_changed,
        acted=journal.note,
        parts={**desks.parts, Loaded: loaded},
        sounds=sounds,
    )
    app = create_app(services)
    subjects: Subjects = app.state.subjects
    warm_up(app.router)
    server, listening = make_server(app, connections), _listen(settings.http)
    extras: Sequence[Works | None] = (fallback, reconciler, phones, _pbx_log(settings.pbx, pbx))
    works: Sequence[Works] = (
        *(Watchdog(metrics.registry), connections, descriptors, journal, identifier, numbers, nodes),
        *(outbound, *desks.running),
        Follower(engine, hear),
        Retention(engine, settings.database.events_days, clock.utc_now),
        *(configuration, Listening(engine, configuration.wake)),
        *(subjects, UserWatch(engine, hub, services.last_seen, phones), open_complaints),
        CampaignWatch(engine, floor, watched=lambda: hub.watched, tell=hub.tell_standings),
        *(extra for extra in extras if extra is not None),
    )
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work.run()) for work in works]
        serving = group.create_task(server.serve([listening]))
        try:
            yield House(
                engine=engine,
                runner=runner,
                pbx=pbx,
                journal=journal,
                hub=hub,
                store=store,
                reconciler=reconciler,
                url=_url(listening, settings),
                made_up_password=made_up,
            )
        finally:
            hub.close()  # first: what ends from here on ends because the service stops
            desks.end_streams()
            await outbound.close()
            await nodes.hand_over()
            server.should_exit = True
            await asyncio.wait([serving])
            runner.close()
            await secure(journal, outbound)
            for task in tasks:
                task.cancel()
            await desks.close()


def _dialogs(pbx: Pbx, phones: Phones) -> Callable[[Sequence[ChannelId]], Awaitable[Sequence[Dialog]]]:
    """Gives the dialogs of phones whose page asks for them because it was loaded anew: it is about to be back."""

    async def dialogs(channels: Sequence[ChannelId]) -> Sequence[Dialog]:
        pbx.phones_come_back(channels)
        return await phones.dialogs(channels)

    return dialogs


def _dialplan_variables(floor: FloorSettings) -> dict[str, str]:
    """Variables by which the dialplan keeps the floor's bounds by itself."""
    return {
        "KESKUS_SILENT_S": str(floor.silent_s),
        "KESKUS_MOST_OF_LINE": str(floor.waiting_by_trunk),
        "KESKUS_MOST_OF_NUMBER": str(floor.waiting_by_number),
    }


def _runner_name(spool: Spool) -> str:
    """The name under which leads are reserved: no other service has this spool, and the next start has it again."""
    return f"{socket.gethostname()}:{spool.path}"[-RUNNER_MAX:]


def _limits(name: str, trunk: TrunkSettings) -> TrunkSet:
    return TrunkSet(name, trunk.channels, trunk.calls_per_s)


def _pbx_log(settings: PbxSettings, pbx: Pbx) -> PbxLog | None:
    return PbxLog(settings.log, settings.log_mb << 20, pbx.link) if settings.log is not None else None


def _link_state(pbx: Pbx) -> LinkState:
    link = pbx.link
    age_s = asyncio.get_running_loop().time() - link.last_pong if link.generation else None
    return LinkState(
        connected=link.connected,
        pong_age_s=age_s,
        reconciled=pbx.reconciled,
        detail=link.why_down,
        counters={name: getattr(link.counters, name) for name in link.counters.__slots__},
    )


def _places(settings: Settings) -> SessionLimits:
    http = settings.http
    return SessionLimits(http.websockets, http.websockets_per_user, http.websockets_per_address)


def _connections(settings: Settings) -> Connections:
    http = settings.http
    limits = ConnectionLimits(http.connections, http.connections_per_address)
    return Connections(limits.within(raise_limit()), Proxies(http.proxies))


def _listen(http: HttpSettings) -> socket.socket:
    try:
        return listen(http.host, http.port)
    except OSError as error:
        raise CannotStart(
            f"cannot listen on {http.host}:{http.port}: {error.strerror or error}; KESKUS__HTTP__HOST and "
            f"KESKUS__HTTP__PORT say where"
        ) from error


def _url(listening: socket.socket, settings: Settings) -> str:
    scheme = "https" if settings.http.https else "http"
    host = f"[{settings.http.host}]" if ":" in settings.http.host else settings.http.host
    return f"{scheme}://{host}:{listening.getsockname()[1]}"
