"""The subjects' desks: what works for them beside the floor, and what their routes ask."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.articles.library import ArticleLibrary
from app.crm.audit.stream import EventStreams
from app.crm.complaints.desk import ComplaintDesk
from app.crm.consent_lists.service import ConsentLists
from app.crm.contact_imports.service import ContactImports
from app.crm.contact_search.upkeep import Indexer
from app.crm.crm_lookup.desk import CrmDesk
from app.crm.crm_lookup.reports import CrmReports
from app.crm.duplicates.service import Finder
from app.crm.imports.service import Imports
from app.crm.privacy.eraser import Eraser
from app.crm.privacy.ledger import Ledger, ledger_beside
from app.crm.privacy.person_files import PersonFiles, files_beside
from app.crm.privacy.retention import Retention
from app.crm.webhooks.courier import Courier
from app.crm_template.limits import ANSWER_MOST
from app.floor.events import Event
from app.floor.facts import StepResult
from app.numbers.facts import zone, zones_of
from app.pbx.log_erasure import LogErasure
from app.records.engine import imports_beside
from app.records.event_table import EventRow
from app.records.journal import Journal
from app.records.set_aside import SetAside
from app.records.spool import Spool
from app.service.settings import Settings
from app.system import clock
from app.system.away import is_away, reason
from app.system.guarded_http import GuardedHttp
from app.system.networks import read_networks

_log = structlog.get_logger(__name__)


class Works(Protocol):
    """What runs for as long as the service does."""

    async def run(self) -> None:
        """Work until cancelled."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where records are besides the database."""

    journal: Journal
    spool: Spool
    aside: SetAside


class Desks:
    """All of them, on one database."""

    def __init__(
        self, engine: AsyncEngine, settings: Settings, kept: Kept, put: Callable[[Event], None]
    ) -> None:
        """Make them; none works yet.

        Args:
            engine: the database.
            settings: all settings.
            kept: where a person who is erased is forgotten, too.
            put: tells the floor of an event.
        """
        now, region = clock.utc_now, settings.floor.region
        files = settings.imports.folder or imports_beside(engine)
        most_bytes = settings.imports.mb << 20
        imports = Imports(engine, files, most_bytes, now)
        lists = ConsentLists(engine, files / "numbers", region, now)
        contact_imports = ContactImports(engine, files / "contacts", most_bytes, region, now)
        self._eraser = _eraser(engine, settings, kept)
        retention = Retention(engine, self._eraser, files, now)
        person_files = PersonFiles(engine, files_beside(kept.spool.path), now)
        self._complaints = ComplaintDesk(engine, now)
        self._courier = Courier(
            engine, now, networks=read_networks(settings.webhooks.networks), days=settings.webhooks.days
        )
        self._streams = EventStreams(engine)
        self._indexer = Indexer(engine)
        self._crm_http = GuardedHttp(ANSWER_MOST, read_networks(settings.crm.networks))
        self._crm = CrmDesk(engine, self._crm_http, put)
        self._crm_reports = CrmReports(engine, self._crm, _zone(settings), now)
        asked = (imports, lists, contact_imports, self._eraser, retention, person_files, self._courier)
        self.parts: Mapping[type, object] = {
            type(part): part
            for part in (*asked, ArticleLibrary(engine), self._streams, self._crm, self._crm_reports)
        }
        """What routes ask, by its class."""
        self.running: Sequence[Works] = (
            *(*asked, self._complaints, self._crm, self._crm_reports),
            *(self._indexer, Finder(engine, region, now)),
        )
        """What works beside the floor."""

    def hear(self, events: Sequence[EventRow]) -> None:
        """Tell the desks what was changed."""
        for desk in (self._complaints, self._courier, self._streams, self._crm, self._indexer):
            desk.hear(events)

    def note(self, result: StepResult) -> None:
        """Tell the desks what the floor did."""
        self._crm.note(result)
        self._crm_reports.note(result)

    async def catch_up(self) -> None:
        """Erase again whoever a restored backup brought back; where something is away, the eraser tries again."""
        try:
            await self._eraser.catch_up()
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("erasures_wait", reason=reason(error))

    def end_streams(self) -> None:
        """End the streams of events, which their readers would keep open."""
        self._streams.close()

    async def close(self) -> None:
        """Close connections to programs outside."""
        await self._crm_http.close()


def _eraser(engine: AsyncEngine, settings: Settings, kept: Kept) -> Eraser:
    log = settings.pbx.event_log_url.get_secret_value()
    return Eraser(
        engine,
        Ledger(settings.privacy.ledger or ledger_beside(kept.spool.path)),
        settings.imports.folder or imports_beside(engine),
        clock.utc_now,
        journal=kept.journal.flush,
        log=LogErasure(log) if log else None,
        aside=kept.aside,
    )


def _zone(settings: Settings) -> tzinfo:
    """The centre's time zone."""
    return zone(settings.outgoing.time_zone or next(iter(zones_of(settings.floor.region)), "")) or UTC
