"""The rules of the CRM's setting."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.crm_lookup import queries
from app.crm.crm_lookup.errors import (
    CrmLookupMissing,
    NothingToReport,
    OneOfTwo,
    ParameterUnknown,
    ReportUnknown,
)
from app.crm.crm_lookup.schemas import CrmLookupIn, CrmLookupPatch
from app.crm.crm_lookup.tables import CrmLookupRow, CrmReportRow, LookupKind, ReportState
from app.crm.crm_lookup.templates import check_addresses, row_template
from app.crm_template.model import Template
from app.records.versions import columns_of, raise_version
from app.system.networks import Network


async def get_lookup(session: AsyncSession) -> CrmLookupRow:
    """How the CRM is asked.

    Raises:
        CrmLookupMissing: it is not set up.
    """
    row = await queries.get_lookup(session)
    if row is None:
        raise CrmLookupMissing
    return row


async def read_setting(said: CrmLookupIn, networks: Sequence[Network]) -> CrmLookupRow:
    """A setting as a row, its template read beside the event loop, before any transaction.

    Args:
        said: the setting.
        networks: private networks in which the CRM may be asked.

    Raises:
        TemplateInvalid, TemplateUnsupported, AuthenticationUnsupported, CrmAddressUnfit: the CRM cannot be asked so.
        CrmAddressPrivate: it is inside, and not allowed.
        OneOfTwo: there is no template and no address, or there are both.
        ParameterUnknown: a parameter is filled in that there is not.
        NothingToReport: calls are to be reported, and the template cannot.
    """
    if (said.template is None) == (said.url is None):
        raise OneOfTwo
    row = CrmLookupRow(
        kind=(LookupKind.TEMPLATE if said.template is not None else LookupKind.URL).value,
        name="",
        template=said.template or "",
        url=said.url.model_dump() if said.url is not None else {},
        parameters=said.parameters,
        enabled=said.enabled,
        cache_s=said.cache_s,
        reports=said.reports,
    )
    template = await asyncio.to_thread(row_template, row)
    row.name = template.name[:100]
    _check(template, said.parameters, reports=said.reports)
    await asyncio.to_thread(check_addresses, template, said.parameters, networks)
    return row


async def put_lookup(session: AsyncSession, new: CrmLookupRow, now: datetime) -> CrmLookupRow:
    """Set the CRM up, whole: nothing of an earlier setting stays, least of all its secrets.

    Args:
        session: writes.
        new: of `read_setting`.
        now: the wall clock.
    """
    row = await queries.get_lookup(session)
    reported = row is not None and row.reports
    was = columns_of(row) if row is not None else {}
    if row is None:
        row = new
    else:
        for name in ("kind", "name", "template", "url", "parameters", "enabled", "cache_s", "reports"):
            setattr(row, name, getattr(new, name))
    if row.reports and not reported:
        row.reports_from = now
    raise_version(row, was)
    await queries.save(session, row)
    return row


async def change_lookup(
    session: AsyncSession, said: CrmLookupPatch, template: Template, now: datetime
) -> CrmLookupRow:
    """Change parts of the setting.

    Raises:
        CrmLookupMissing: the CRM is not set up.
        ParameterUnknown, NothingToReport: as `read_setting`.
    """
    row = await get_lookup(session)
    was, given = columns_of(row), said.model_dump(exclude_none=True)
    _check(template, given.get("parameters", {}), reports=given.get("reports", row.reports))
    if given.get("reports") and not row.reports:
        row.reports_from = now
    for name, value in given.items():
        setattr(row, name, value)
    raise_version(row, was)
    await queries.save(session, row)
    return row


async def remove_lookup(session: AsyncSession) -> None:
    """Forget how the CRM is asked, with its secrets.

    Raises:
        CrmLookupMissing: it is not set up.
    """
    await queries.remove_lookup(session, await get_lookup(session))


async def list_reports(
    session: AsyncSession, state: ReportState | None, *, before: int | None, limit: int
) -> tuple[Sequence[CrmReportRow], int | None]:
    """Reports, newest first, and the id to go on after; None on the last page."""
    rows = await queries.list_reports(session, state, before=before, limit=limit + 1)
    shown = rows[:limit]
    return shown, shown[-1].id if len(rows) > limit else None


async def retry_report(session: AsyncSession, call: str, now: datetime) -> CrmReportRow:
    """Send a report again, at once.

    Raises:
        ReportUnknown: the call has none.
    """
    row = await queries.get_report(session, call)
    if row is None:
        raise ReportUnknown(call=call)
    row.state, row.tries, row.next_at = ReportState.WAITING.value, 0, now
    await queries.save(session, row)
    return row


def _check(template: Template, parameters: Mapping[str, str], *, reports: bool) -> None:
    names = [one.name for one in template.parameters]
    for name in parameters:
        if name not in names:
            raise ParameterUnknown(parameter=name, parameters=names)
    if reports and template.report is None:
        raise NothingToReport
