"""Liveness, readiness and metrics. These routes need no log-in: they tell nothing of callers."""

import asyncio
from datetime import datetime, timedelta

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import ConfigDict

from app.accounts.queries import remove_expired_sessions
from app.api.problems import refusals_to_all
from app.api.schemas import Shown
from app.api.security import Known
from app.api.services import Services
from app.records.engine import writing
from app.records.journal_state import JournalState, Keeping
from app.serving.descriptors import DescriptorState
from app.system.faults import report

PONG_RECENT_S = 10.0
"""The link pings every two seconds."""
_WRITE_S = 3.0
_FRESH = timedelta(seconds=1)
_log = structlog.get_logger(__name__)


class Alive(Shown):
    """The process answers."""

    status: str = "ok"
    """Always `ok`."""


class Check(Shown):
    """One condition of readiness."""

    ok: bool
    """The condition holds."""
    detail: str = ""
    """Details, or why it does not hold; empty for none."""


class Ready(Shown):
    """Whether calls are served and recorded."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ready": False,
                    "checks": {
                        "database_writes": {"ok": True, "detail": ""},
                        "records_kept": {"ok": True, "detail": ""},
                        "ami_logged_in": {"ok": True, "detail": ""},
                        "ami_pong_recent": {"ok": True, "detail": "0.8 s ago"},
                        "reconciled": {"ok": False, "detail": "no snapshot yet"},
                        "descriptors": {"ok": True, "detail": ""},
                    },
                }
            ]
        }
    )

    ready: bool
    """All checks are ok."""
    checks: dict[str, Check]
    """`database_writes`, `records_kept`, `ami_logged_in`, `ami_pong_recent`, `reconciled`, `descriptors`.

    While the database is away, `records_kept` tells whether this machine keeps the records meanwhile.
    """


class Readiness:
    """Checks readiness; writes to the database at most once a second, however often it is asked."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._wrote = Check(ok=False)
        self._one = asyncio.Lock()

    async def checks(self, services: Services) -> dict[str, Check]:
        """Each check with its state."""
        async with self._one:
            now = services.now()
            if self._at is None or not timedelta(0) <= now - self._at < _FRESH:
                self._wrote = await _write(services, now)
                self._at = services.now()
        link = services.link_state()
        pong = link.pong_age_s
        recent = link.connected and pong is not None and pong < PONG_RECENT_S
        return {
            "database_writes": self._wrote,
            "records_kept": _kept(services.journal_state()),
            "ami_logged_in": Check(ok=link.connected, detail="" if link.connected else link.detail),
            "ami_pong_recent": Check(ok=recent, detail="never" if pong is None else f"{pong:.1f} s ago"),
            "reconciled": Check(ok=link.reconciled, detail="" if link.reconciled else "no snapshot yet"),
            "descriptors": _enough(services.descriptors()),
        }


async def _write(services: Services, now: datetime) -> Check:
    try:
        async with asyncio.timeout(_WRITE_S), writing(services.engine) as session:
            await remove_expired_sessions(session, now)  # a true write, and one that has to be done
    except Exception as error:  # noqa: BLE001 - told and logged
        away = report(_log, "readiness_not_written", error, part="readiness")
        return Check(
            ok=False,
            detail=type(error).__name__
            if away
            else f"a fault of the service, see its log: {type(error).__name__}",
        )
    state = services.journal_state()
    if state.keeping is not Keeping.WRITTEN:
        fault = "; a fault of the service, see its log" if state.fault else ""
        return Check(ok=False, detail=f"the journal is {state.lag_s:.0f} s behind{fault}")
    return Check(ok=True)


def _enough(state: DescriptorState) -> Check:
    return Check(ok=not state.near, detail=f"{state.open} of {state.limit} are open" if state.near else "")


def _kept(state: JournalState) -> Check:
    aside = (
        f"{state.set_aside} rows set aside: a fault of the service, see its log" if state.set_aside else ""
    )
    if state.keeping is Keeping.WRITTEN:
        return Check(ok=True, detail=aside)
    spool = f"{state.spooled_batches} batches, {state.spooled_bytes / 1e6:.1f} MB"
    if state.spool_error is not None:
        spool += f"; {state.spool_error}"
    detail = f"on this machine: {state.in_memory} facts in memory; spool: {spool}"
    if aside:
        detail += f"; {aside}"
    if state.keeping is Keeping.REFUSED:
        return Check(ok=False, detail=f"{state.refused} facts refused; {detail}")
    return Check(ok=True, detail=detail)


def watch(services: Services) -> None:
    """Show the journal, the link and the desktops among the metrics."""

    def gauges() -> dict[str, float]:
        journal, link = services.journal_state(), services.link_state()
        return {
            "keskus_journal_backlog_facts": journal.backlog,
            "keskus_journal_lag_seconds": journal.lag_s,
            "keskus_spool_batches": journal.spooled_batches,
            "keskus_spool_bytes": journal.spooled_bytes,
            "keskus_journal_set_aside_rows": journal.set_aside,
            "keskus_journal_fault": float(journal.fault),
            "keskus_spool_takes_nothing": float(journal.spool_error is not None),
            "keskus_ami_connected": float(link.connected),
            "keskus_ami_reconciled": float(link.reconciled),
            "keskus_ami_pong_age_seconds": link.pong_age_s if link.pong_age_s is not None else float("nan"),
            "keskus_desktop_sessions": services.hub.sessions,
            "keskus_http_connections": len(services.connections),
            "keskus_open_descriptors": services.descriptors().open,
            "keskus_most_descriptors": services.descriptors().limit,
        }

    def counters() -> dict[str, int]:
        journal = services.journal_state()
        ami = {f"keskus_ami_{name}": count for name, count in services.link_state().counters.items()}
        turned_away = {
            f"keskus_http_{why}_connections": count for why, count in services.connections.turned_away.items()
        }
        return (
            ami
            | turned_away
            | {
                "keskus_journal_refused_facts": journal.refused,
                "keskus_journal_spoiled_rows": journal.spoiled,
                "keskus_desktop_messages": services.hub.number,
            }
        )

    services.metrics.watch(gauges, counters)


def health_routes(readiness: Readiness) -> APIRouter:
    """The routes, with the state they keep between requests."""
    routes = APIRouter(tags=["health"])

    @routes.get(
        "/healthz",
        summary="The process answers",
        responses=refusals_to_all(),
        openapi_extra={"security": []},
    )
    async def healthz() -> Alive:
        """Checks nothing but that the process answers."""
        return Alive()

    @routes.get(
        "/readyz",
        summary="Calls are served and recorded",
        responses=refusals_to_all() | {503: {"model": Ready, "description": "Not ready"}},
        openapi_extra={"security": []},
    )
    async def readyz(services: Known, response: Response) -> Ready:
        """Each check with its state."""
        checks = await readiness.checks(services)
        ready = all(check.ok for check in checks.values())
        response.status_code = 200 if ready else 503
        return Ready(ready=ready, checks=checks)

    @routes.get(
        "/metrics",
        summary="For Prometheus",
        responses=refusals_to_all(),
        response_class=PlainTextResponse,
        openapi_extra={"security": []},
    )
    async def metrics(services: Known) -> Response:
        """Totals and gauges; no phone number, name or call id in any label."""
        return Response(services.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return routes
