"""The CRM that is asked who calls: set up, tried, removed by administrators."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, read_id_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import CallKey
from app.api.security import Known, needs
from app.api.services import Services
from app.crm.crm_lookup import service
from app.crm.crm_lookup.desk import CrmDesk
from app.crm.crm_lookup.errors import (
    AuthenticationUnsupported,
    CrmAddressPrivate,
    CrmAddressUnfit,
    CrmLookupMissing,
    NothingToReport,
    OneOfTwo,
    ParameterUnknown,
    ReportUnknown,
    TemplateInvalid,
    TemplateUnsupported,
)
from app.crm.crm_lookup.reports import CrmReports
from app.crm.crm_lookup.schemas import (
    CardOut,
    CrmLookupIn,
    CrmLookupOut,
    CrmLookupPatch,
    ParameterOut,
    ReportOut,
    ReportPage,
    StepOut,
    TriedOut,
    TryIn,
)
from app.crm.crm_lookup.tables import THE_ONE, CrmLookupRow, LookupKind, ReportState
from app.crm.crm_lookup.templates import check_addresses, hosts_of, row_template
from app.crm.crm_lookup.trying import try_number
from app.domain.calls import CrmState
from app.domain.roles import Permission
from app.numbers.errors import UNREADABLE
from app.numbers.reader import read_number
from app.records.engine import reading, writing
from app.system.networks import Network

Manages = Annotated[LoggedIn, needs(Permission.CRM_MANAGE)]
router = APIRouter(prefix="/crm-lookup", tags=["crm"], route_class=IdempotentRoute)
_UNFIT = (
    TemplateInvalid,
    TemplateUnsupported,
    AuthenticationUnsupported,
    CrmAddressPrivate,
    CrmAddressUnfit,
    ParameterUnknown,
    NothingToReport,
    OneOfTwo,
)


async def _out(row: CrmLookupRow, services: Services) -> CrmLookupOut:
    template = await asyncio.to_thread(row_template, row)
    desk = services.part(CrmDesk)
    return CrmLookupOut(
        version=row.version,
        kind=LookupKind(row.kind),
        name=row.name,
        enabled=row.enabled,
        cache_s=row.cache_s,
        reports=row.reports,
        can_report=template.report is not None,
        hosts=hosts_of(template),
        parameters=[
            ParameterOut(
                name=one.name,
                title=one.title,
                kind=one.kind,
                choices=list(one.choices),
                filled=bool(row.parameters.get(one.name)),
            )
            for one in template.parameters
        ],
        state="off" if not row.enabled else "paused" if desk is not None and desk.paused else "working",
    )


def _networks(services: Services) -> Sequence[Network]:
    desk = services.part(CrmDesk)
    return desk.networks if desk is not None else ()


async def _in_force(services: Services) -> None:
    desk, reports = services.part(CrmDesk), services.part(CrmReports)
    if desk is not None:
        await desk.load()
    if reports is not None:
        reports.wake()


@router.get("", summary="The CRM that is asked who calls", responses=refusals(CrmLookupMissing) | TAGGED)
async def get_lookup(_: Manages, services: Known, tag: Tag) -> CrmLookupOut:
    """Returns the setting without its secrets."""
    async with reading(services.engine) as session:
        row = await service.get_lookup(session)
    return tag(await _out(row, services))


@router.put("", summary="Set up the CRM", responses=refusals(*_UNFIT, *UNSEEN) | TAGGED)
async def put_lookup(said: CrmLookupIn, who: Manages, services: Known, match: Match) -> CrmLookupOut:
    """The body replaces the whole setting: send the parameters again, for none of an earlier setting stays. Send
    `If-Match: *` for the first.
    """
    new = await service.read_setting(said, _networks(services))
    async with writing(services.engine, who.actor) as session:
        await match.check(session, CrmLookupRow, THE_ONE)
        row = await service.put_lookup(session, new, services.now())
    await _in_force(services)
    return match(await _out(row, services))


@router.patch(
    "",
    summary="Change parts of the CRM's setting",
    responses=refusals(
        CrmLookupMissing, ParameterUnknown, NothingToReport, CrmAddressPrivate, CrmAddressUnfit, *UNSEEN
    )
    | TAGGED,
)
async def patch_lookup(said: CrmLookupPatch, who: Manages, services: Known, match: Match) -> CrmLookupOut:
    """Fields that are left out stay as they are."""
    async with reading(services.engine) as session:
        before = await service.get_lookup(session)
    template = await asyncio.to_thread(row_template, before)
    if said.parameters is not None:
        await asyncio.to_thread(check_addresses, template, said.parameters, _networks(services))
    async with writing(services.engine, who.actor) as session:
        await match.check(session, CrmLookupRow, THE_ONE)
        row = await service.change_lookup(session, said, template, services.now())
    await _in_force(services)
    return match(await _out(row, services))


@router.delete("", status_code=204, summary="Forget the CRM", responses=refusals(CrmLookupMissing, *UNSEEN))
async def remove_lookup(who: Manages, services: Known, match: Match) -> None:
    """The setting is removed with its secrets, and the CRM is no longer asked."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, CrmLookupRow, THE_ONE)
        await service.remove_lookup(session)
    await _in_force(services)


@router.post("/try", summary="Try a number with the CRM", responses=refusals(CrmLookupMissing, *UNREADABLE))
async def try_lookup(said: TryIn, _: Manages, services: Known) -> TriedOut:
    """Asks the CRM now, and tells each step: addresses without values, nothing secret."""
    number = read_number(said.number, services.region).e164
    async with reading(services.engine) as session:
        row = await service.get_lookup(session)
    desk = services.part(CrmDesk)
    if desk is None:
        raise CrmLookupMissing
    tried = await try_number(desk.client_of(row), number)
    found = CardOut.of(tried.card) if tried.card.state is CrmState.FOUND else None
    steps = [
        StepOut(
            scenario=step.scenario,
            method=step.request.method if step.request is not None else "",
            address=address,
            status=step.status,
            outcome=step.outcome,
            detail=step.detail or (tried.why if step.outcome == "no_answer" else ""),
        )
        for step, address in tried.steps
    ]
    return TriedOut(number=number, found=found, steps=steps, took_ms=round(tried.took_s * 1000))


@router.get("/reports", summary="Reports of calls to the CRM", responses=refusals(CursorUnknown))
async def list_reports(
    _: Manages,
    services: Known,
    state: Annotated[ReportState | None, Query(description="Only of this state.")] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> ReportPage:
    """Returns the reports of the last weeks, newest first."""
    async with reading(services.engine) as session:
        rows, after = await service.list_reports(session, state, before=read_id_cursor(cursor), limit=limit)
    following = write_cursor((after,)) if after is not None else None
    return ReportPage(items=[ReportOut.of(row) for row in rows], next=following)


@router.post(
    "/reports/{call}/retry", summary="Report a call to the CRM again", responses=refusals(ReportUnknown)
)
async def retry_report(call: CallKey, who: Manages, services: Known) -> ReportOut:
    """The report is sent at once, though it was sent or given up before."""
    async with writing(services.engine, who.actor) as session:
        row = await service.retry_report(session, call, services.now())
    reports = services.part(CrmReports)
    if reports is not None:
        reports.wake()
    return ReportOut.of(row)
