"""Imports of leads from files: uploaded, previewed, run, and undone."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown, FilesUntaken, RangeUnfit
from app.api.files import CSV, csv, desk_of
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor
from app.api.problems import refusals
from app.api.schemas import Line, RowId
from app.api.security import Known, needs
from app.api.services import Services
from app.crm.campaigns.errors import CampaignFinished, CampaignUnknown
from app.crm.campaigns.service import known_campaign
from app.crm.imports import queries
from app.crm.imports.errors import (
    ImportBeingRead,
    ImportDealtWith,
    ImportFileGone,
    ImportNeverRead,
    ImportNothingToUndo,
    ImportNotStartable,
    ImportUnknown,
)
from app.crm.imports.schemas import ImportOut, ImportsPage, ImportStart, ReadAs, WholeImportOut
from app.crm.imports.service import Imports
from app.crm.imports.tables import ImportJobRow
from app.domain.ids import CampaignId
from app.domain.jobs import JobState
from app.domain.roles import Permission
from app.lists.errors import UNFIT, UPLOADS, FileNotUnderWay, FileUnderWay, NothingRejected
from app.lists.file_errors import UNREADABLE
from app.records.engine import reading

BringsFiles = Annotated[LoggedIn, needs(Permission.LEADS_IMPORT)]
in_campaign = APIRouter(prefix="/campaigns/{id}/imports", tags=["leads"])
router = APIRouter(prefix="/imports", tags=["leads"], route_class=IdempotentRoute)

KNOWN = (ImportUnknown, FilesUntaken)
"""The refusals of every operation that names an import."""
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself, as it is: CSV in whatever encoding, XLSX, ODS, or cards (vCard).",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def _desk(services: Services) -> Imports:
    return desk_of(services, Imports)


def _told(services: Services, row: ImportJobRow) -> ImportOut:
    return ImportOut.of(row, services.now())


def _answered(services: Services, row: ImportJobRow, response: Response) -> WholeImportOut:
    if row.state == JobState.READING.value:
        response.status_code = 202
    return WholeImportOut.of(row, services.now())


@in_campaign.get("", summary="Imports of a campaign", responses=refusals(CampaignUnknown, CursorUnknown))
async def list_imports(
    id: RowId,  # noqa: A002 - the path says it
    _: BringsFiles,
    services: Known,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ImportsPage:
    """Returns the campaign's imports, the newest first."""
    before = read_id_cursor(cursor)
    async with reading(services.engine) as session:
        await known_campaign(session, CampaignId(id))
        rows = await queries.page_jobs(session, CampaignId(id), before=before, limit=limit + 1)
    shown, following = page_by_id(rows, limit)
    return ImportsPage(items=[ImportOut.of(row, services.now()) for row in shown], next=following)


@in_campaign.post(
    "",
    status_code=201,
    summary="Bring a file of leads",
    responses=refusals(CampaignUnknown, CampaignFinished, FilesUntaken, *UPLOADS)
    | {202: {"model": WholeImportOut}},
    openapi_extra=_FILE,
)
async def bring_file(
    id: RowId,  # noqa: A002 - the path says it
    request: Request,
    who: BringsFiles,
    services: Known,
    *,
    response: Response,
    name: Annotated[Line, Query(description="The file's name.")] = "",
) -> WholeImportOut:
    """Nothing is added yet. The answer tells how the file would be read, and its first rows as they would come in.

    202 with state `reading`: the file takes long to look at. Ask for the preview when it is `uploaded`.
    """
    row = await _desk(services).receive(CampaignId(id), name, request.stream(), who.actor)
    return _answered(services, row, response)


@router.get("/{id}", summary="One import", responses=refusals(*KNOWN))
async def get_import(id: RowId, _: BringsFiles, services: Known) -> ImportOut:  # noqa: A002 - the path says it
    """Returns the import with its progress."""
    return _told(services, await _desk(services).known(id))


@router.get("/{id}/preview", summary="The first rows of a file", responses=refusals(*KNOWN))
async def get_preview(id: RowId, _: BringsFiles, services: Known) -> WholeImportOut:  # noqa: A002 - the path says it
    """The first rows of the file, as they would become leads."""
    return WholeImportOut.of(await _desk(services).known(id), services.now())


@router.put(
    "/{id}/reading",
    summary="Read a file otherwise",
    responses=refusals(*KNOWN, ImportFileGone, ImportBeingRead, ImportDealtWith, *UNREADABLE, *UNFIT)
    | {202: {"model": WholeImportOut}},
)
async def put_reading(
    id: RowId,  # noqa: A002 - the path says it
    said: ReadAs,
    response: Response,
    who: BringsFiles,
    services: Known,
) -> WholeImportOut:
    """Where the guess was wrong; until rows of it have come in. 202: as for a file that is brought."""
    row = await _desk(services).read_as(id, said.wish(), who.actor)
    return _answered(services, row, response)


@router.post(
    "/{id}/start",
    status_code=202,
    summary="Run an import",
    responses=refusals(*KNOWN, ImportFileGone, ImportBeingRead, ImportNeverRead, ImportNotStartable),
)
async def start_import(
    id: RowId,  # noqa: A002 - the path says it
    who: BringsFiles,
    services: Known,
    said: ImportStart | None = None,
) -> ImportOut:
    """Starts the import from the beginning of the file, or from where it was cancelled or cut off. A dry run only
    counts.
    """
    dry_run = said is not None and said.dry_run
    return _told(services, await _desk(services).start(id, dry_run=dry_run, who=who.actor))


@router.post(
    "/{id}/cancel", status_code=202, summary="Stop an import", responses=refusals(*KNOWN, FileNotUnderWay)
)
async def cancel_import(id: RowId, who: BringsFiles, services: Known) -> ImportOut:  # noqa: A002 - the path says it
    """Leads that were already added stay until the import is undone."""
    return _told(services, await _desk(services).cancel(id, who.actor))


@router.post(
    "/{id}/undo", status_code=202, summary="Undo an import", responses=refusals(*KNOWN, ImportNothingToUndo)
)
async def undo_import(id: RowId, who: BringsFiles, services: Known) -> ImportOut:  # noqa: A002 - the path says it
    """Removes the leads that the import added and nobody has dialled."""
    return _told(services, await _desk(services).undo(id, who.actor))


@router.get(
    "/{id}/rejected",
    summary="Rows that did not come in",
    responses=refusals(*KNOWN, NothingRejected, RangeUnfit) | CSV,
    response_class=FileResponse,
)
async def get_rejected(id: RowId, _: BringsFiles, services: Known) -> FileResponse:  # noqa: A002 - the path says it
    """A CSV file with each rejected row, its line number and the reason. The rows can be corrected and uploaded
    again.
    """
    return csv(await _desk(services).rejected(id), f"rejected-{id}.csv")


@router.delete("/{id}", status_code=204, summary="Forget an import", responses=refusals(*KNOWN, FileUnderWay))
async def forget_import(id: RowId, who: BringsFiles, services: Known) -> None:  # noqa: A002 - the path says it
    """The import's file and its rejected rows are removed; the leads it added stay."""
    await _desk(services).forget(id, who.actor)
