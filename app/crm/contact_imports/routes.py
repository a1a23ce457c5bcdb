"""Imports of contacts from files: uploaded, previewed, run, and undone."""

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
from app.crm.contact_imports.errors import ColumnOfNoField, ContactImportUnknown
from app.crm.contact_imports.schemas import (
    ContactImportOut,
    ContactImportStart,
    ReadContactsAs,
    WholeContactImport,
)
from app.crm.contact_imports.schemas import ContactImports as ContactImportsPage
from app.crm.contact_imports.service import ContactImports
from app.crm.contact_imports.tables import ContactImportRow
from app.crm.imports.errors import (
    ImportBeingRead,
    ImportDealtWith,
    ImportFileGone,
    ImportNeverRead,
    ImportNothingToUndo,
    ImportNotStartable,
)
from app.domain.jobs import JobState
from app.domain.roles import Permission
from app.lists.errors import UNFIT, UPLOADS, FileNotUnderWay, FileUnderWay, NothingRejected
from app.lists.file_errors import UNREADABLE

BringsContacts = Annotated[LoggedIn, needs(Permission.CONTACTS_IMPORT)]
files = APIRouter(prefix="/contact-imports", tags=["contacts"])
router = APIRouter(prefix="/contact-imports", tags=["contacts"], route_class=IdempotentRoute)

KNOWN = (ContactImportUnknown, FilesUntaken)
"""The refusals of every operation that names an import."""
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself, as it is: CSV in whatever encoding, an export of Google's or Outlook's, XLSX, "
        "ODS, or cards (vCard 2.1 to 4.0).",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def _desk(services: Services) -> ContactImports:
    return desk_of(services, ContactImports)


def _told(services: Services, row: ContactImportRow) -> ContactImportOut:
    return ContactImportOut.of(row, services.now())


def _answered(services: Services, row: ContactImportRow, response: Response) -> WholeContactImport:
    if row.state == JobState.READING.value:
        response.status_code = 202
    return WholeContactImport.of(row, services.now())


@files.get("", summary="Imports of contacts", responses=refusals(CursorUnknown, FilesUntaken))
async def list_contact_imports(
    _: BringsContacts, services: Known, cursor: Cursor = None, limit: Limit = 50
) -> ContactImportsPage:
    """Returns the imports, the newest first."""
    rows = await _desk(services).page(before=read_id_cursor(cursor), limit=limit + 1)
    shown, following = page_by_id(rows, limit)
    return ContactImportsPage(items=[_told(services, row) for row in shown], next=following)


@files.post(
    "",
    status_code=201,
    summary="Bring a file of contacts",
    responses=refusals(FilesUntaken, *UPLOADS) | {202: {"model": WholeContactImport}},
    openapi_extra=_FILE,
)
async def bring_contacts(
    request: Request,
    who: BringsContacts,
    services: Known,
    *,
    response: Response,
    name: Annotated[Line, Query(description="The file's name.")] = "",
) -> WholeContactImport:
    """Nothing is added yet. The answer tells how the file would be read, and its first rows as they would come in.

    202 with state `reading`: the file takes long to look at. Ask for the preview when it is `uploaded`.
    """
    return _answered(services, await _desk(services).receive(name, request.stream(), who.actor), response)


@router.get("/{id}", summary="One import of contacts", responses=refusals(*KNOWN))
async def get_contact_import(id: RowId, _: BringsContacts, services: Known) -> ContactImportOut:  # noqa: A002 - the path says it
    """Returns the import with its progress."""
    return _told(services, await _desk(services).known(id))


@router.get("/{id}/preview", summary="The first rows of a file of contacts", responses=refusals(*KNOWN))
async def get_contact_preview(id: RowId, _: BringsContacts, services: Known) -> WholeContactImport:  # noqa: A002 - the path says it
    """The first rows of the file, as they would become contacts."""
    return WholeContactImport.of(await _desk(services).known(id), services.now())


@router.put(
    "/{id}/reading",
    summary="Read a file of contacts otherwise",
    responses=refusals(
        *KNOWN, ImportFileGone, ImportBeingRead, ImportDealtWith, ColumnOfNoField, *UNREADABLE, *UNFIT
    )
    | {202: {"model": WholeContactImport}},
)
async def put_contact_reading(
    id: RowId,  # noqa: A002 - the path says it
    said: ReadContactsAs,
    response: Response,
    who: BringsContacts,
    services: Known,
) -> WholeContactImport:
    """Where the guess was wrong; until rows of it have come in. 202: as for a file that is brought."""
    return _answered(services, await _desk(services).read_as(id, said.wish(), who.actor), response)


@router.post(
    "/{id}/start",
    status_code=202,
    summary="Run an import of contacts",
    responses=refusals(*KNOWN, ImportFileGone, ImportBeingRead, ImportNeverRead, ImportNotStartable),
)
async def start_contact_import(
    id: RowId,  # noqa: A002 - the path says it
    who: BringsContacts,
    services: Known,
    said: ContactImportStart | None = None,
) -> ContactImportOut:
    """Starts the import from the beginning of the file, or from where it was cancelled or cut off. A dry run only
    counts.
    """
    how = (said or ContactImportStart()).model_dump(mode="json")
    return _told(services, await _desk(services).start(id, who=who.actor, **how))


@router.post(
    "/{id}/cancel",
    status_code=202,
    summary="Stop an import of contacts",
    responses=refusals(*KNOWN, FileNotUnderWay),
)
async def cancel_contact_import(id: RowId, who: BringsContacts, services: Known) -> ContactImportOut:  # noqa: A002 - the path says it
    """What was already brought in stays until the import is undone."""
    return _told(services, await _desk(services).cancel(id, who.actor))


@router.post(
    "/{id}/undo",
    status_code=202,
    summary="Undo an import of contacts",
    responses=refusals(*KNOWN, ImportNothingToUndo),
)
async def undo_contact_import(id: RowId, who: BringsContacts, services: Known) -> ContactImportOut:  # noqa: A002 - the path says it
    """Removes the contacts that the import made, and puts back what it changed. A contact that anybody changed since,
    or that a call, order or anything else refers to, stays.
    """
    return _told(services, await _desk(services).undo(id, who.actor))


@router.get(
    "/{id}/rejected",
    summary="Rows of contacts that did not come in",
    responses=refusals(*KNOWN, NothingRejected, RangeUnfit) | CSV,
    response_class=FileResponse,
)
async def get_rejected_contacts(id: RowId, _: BringsContacts, services: Known) -> FileResponse:  # noqa: A002 - the path says it
    """A CSV file with each rejected row, its line number and the reason. The rows can be corrected and uploaded
    again.
    """
    return csv(await _desk(services).rejected(id), f"rejected-contacts-{id}.csv")


@router.delete(
    "/{id}", status_code=204, summary="Forget an import of contacts", responses=refusals(*KNOWN, FileUnderWay)
)
async def forget_contact_import(id: RowId, who: BringsContacts, services: Known) -> None:  # noqa: A002 - the path says it
    """The import's file and its rejected rows are removed; what it brought stays, and cannot be undone any more."""
    await _desk(services).forget(id, who.actor)
