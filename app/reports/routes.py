"""Reports over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import FileResponse

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.exports import EXPORTS, ExportFile, ExportPlaces
from app.api.paging import Cursor, Limit, read_moment_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import CampaignAsked, Line, Moment, OperatorAsked, QueueName
from app.api.security import Known, needs, user_id
from app.crm.calls.names import user_names
from app.domain.roles import Permission
from app.lists.sheets import MEDIA, SHEET_FILE, ExportFormat
from app.records.engine import reading
from app.reports.errors import (
    FigureUnknown,
    NotToldApart,
    PeriodUnfit,
    ReportsBusy,
    ReportTooLarge,
    ZoneUnknown,
)
from app.reports.exporting import write
from app.reports.formulas import Subject
from app.reports.periods import Span
from app.reports.schemas import PeriodReport, ReportRows, RowOut, SubjectOut
from app.reports.service import Asked, Reports
from app.reports.sources import MONEY, By

Reads = Annotated[LoggedIn, needs(Permission.REPORTS_READ)]
SubjectAsked = Annotated[Subject, Path(description="What the report is about.")]
GroupedBy = Annotated[
    By | None, Query(description="What the lines are told apart by; without it, all rows are one line.")
]
router = APIRouter(prefix="/reports", tags=["reports"])
_UNFIT = (PeriodUnfit, ZoneUnknown, NotToldApart)
_MADE = (*_UNFIT, ReportTooLarge, ReportsBusy)


def _asked(
    subject: SubjectAsked,
    *,
    from_at: Annotated[Moment, Query(description="The period begins then.")],
    to_at: Annotated[
        Moment, Query(description="The period ends before this moment, at most 400 days later.")
    ],
    zone: Annotated[
        Line, Query(description="IANA name of the time zone whose clock says what a day and an hour are.")
    ] = "Europe/Tallinn",
    queue: Annotated[QueueName | None, Query(description="Only rows of this queue.")] = None,
    operator: OperatorAsked = None,
    campaign: CampaignAsked = None,
) -> Asked:
    narrowed = {By.QUEUE: queue, By.OPERATOR: operator, By.CAMPAIGN: campaign}
    groups = [(by, str(value)) for by, value in narrowed.items() if value is not None]
    return Asked(subject=subject, span=Span(from_at, to_at), zone=zone, groups=groups)


Wanted = Annotated[Asked, Depends(_asked)]


@router.get("", summary="Which reports there are", responses=refusals())
async def list_reports(_: Reads) -> list[SubjectOut]:
    """Returns each report with its plain figures, its quotients as formulas, and what its rows can be told apart by."""
    return [SubjectOut.of(subject) for subject in Subject]


@router.get("/{subject}", summary="A report", responses=refusals(*_MADE))
async def get_report(
    _: Reads, request: Request, services: Known, wanted: Wanted, by: GroupedBy = None
) -> PeriodReport:
    """Adds up the rows of a period: calls by when they arrived, attempts and orders by when they were placed,
    operators' time by the clock. Times that are not over count until now.
    """
    reports: Reports = request.app.state.reports
    return PeriodReport.of(await reports.make(_with(wanted, by), services.now()))


@router.get(
    "/{subject}/rows",
    summary="The rows that a figure counts",
    responses=refusals(*_UNFIT, FigureUnknown, CursorUnknown),
)
async def list_rows(
    _: Reads,
    request: Request,
    services: Known,
    wanted: Wanted,
    *,
    figure: Annotated[
        str, Query(max_length=40, pattern="^[a-z0-9_]+$", description="The name of a plain figure.")
    ],
    by: Annotated[By | None, Query(description="With `value`: only rows of one group.")] = None,
    value: Annotated[
        Line | None, Query(description="The key of that group; empty: the rows that belong to none.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ReportRows:
    """Returns the rows of a figure, the newest first; their values add up to it. `rows` of a line is the address."""
    if by is not None:
        wanted = Asked(
            subject=wanted.subject,
            span=wanted.span,
            zone=wanted.zone,
            groups=[*wanted.groups, (by, value or "")],
        )
    after = read_moment_cursor(cursor, str) if cursor is not None else None
    reports: Reports = request.app.state.reports
    found = await reports.page_rows(wanted, figure, after=after, limit=limit + 1, now=services.now())
    shown = found[:limit]
    async with reading(services.engine) as session:
        names = await user_names(session, {row.shows["operator"] for row in shown if row.shows["operator"]})
    following = write_cursor((shown[-1].at.isoformat(), shown[-1].key)) if len(found) > limit else None
    return ReportRows(items=[RowOut.of(row, names, money=figure in MONEY) for row in shown], next=following)


@router.get(
    "/{subject}/export",
    summary="A report as a file",
    responses=refusals(*EXPORTS, *_MADE) | SHEET_FILE,
    response_class=FileResponse,
)
async def export_report(
    who: Reads,
    request: Request,
    services: Known,
    wanted: Wanted,
    *,
    by: GroupedBy = None,
    form: Annotated[ExportFormat, Query(alias="format", description="The kind of file.")] = ExportFormat.CSV,
) -> FileResponse:
    """A row for each line, and one for all rows together, with every figure; numbers are numbers."""
    reports: Reports = request.app.state.reports
    places: ExportPlaces = request.app.state.export_places
    with places.begin(user_id(who)) as place:
        report = await reports.make(_with(wanted, by), services.now())
        path = await write(report, form)
        name = f"report-{wanted.subject.value}.{form.value}"
        return ExportFile(path, place, media_type=MEDIA[form], filename=name)


def _with(asked: Asked, by: By | None) -> Asked:
    return Asked(subject=asked.subject, span=asked.span, zone=asked.zone, groups=asked.groups, by=by)
