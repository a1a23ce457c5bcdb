"""Lists of consents and do-not-calls: uploaded, followed, and their rejected rows given back."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown, FilesUntaken, RangeUnfit
from app.api.files import CSV, csv, desk_of
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor
from app.api.problems import refusals
from app.api.schemas import Moment, RowId, Title
from app.api.security import Known, needs
from app.api.services import Services
from app.compliance.dial_facts import ConsentKind
from app.crm.consent_lists.errors import ConsentListUnknown
from app.crm.consent_lists.schemas import ConsentListOut, ConsentListsPage
from app.crm.consent_lists.service import ConsentLists
from app.crm.consents.errors import ConsentEndsTooSoon
from app.crm.consents.routes import AboutCampaign, AboutPurpose
from app.crm.consents.service import ConsentDraft
from app.domain.ids import CampaignId
from app.domain.jobs import JobState
from app.domain.roles import Permission
from app.lists.errors import UPLOADS, FileNotUnderWay, FileUnderWay, NothingRejected

Manages = Annotated[LoggedIn, needs(Permission.CONSENTS_MANAGE)]
router = APIRouter(prefix="/consents/imports", tags=["consents"])

KNOWN = (ConsentListUnknown, FilesUntaken)
"""The refusals of every operation that names a list."""
_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself, as it is: a number a line, CSV in whatever encoding, XLSX, ODS, or cards.",
        "content": {
            "text/plain": _TEXT,
            "text/csv": _TEXT,
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


def _desk(services: Services) -> ConsentLists:
    return desk_of(services, ConsentLists)


@router.post(
    "",
    summary="Take in a list of numbers",
    responses=refusals(ConsentEndsTooSoon, FilesUntaken, *UPLOADS)
    | {202: {"model": ConsentListOut, "description": "It is on its way in."}},
    openapi_extra=_FILE,
)
async def take_list(
    request: Request,
    who: Manages,
    services: Known,
    *,
    response: Response,
    source: Annotated[
        Title, Query(description="The list and its day, as evidence of where the numbers come from.")
    ],
    word: Annotated[
        ConsentKind, Query(description="The kind of consent that is written for each number.")
    ] = ConsentKind.DO_NOT_CALL,
    purpose: AboutPurpose = None,
    campaign: AboutCampaign = None,
    until: Annotated[
        Moment | None, Query(description="When the consents end; left out: they hold until they are removed.")
    ] = None,
) -> ConsentListOut:
    """The file is read like a list of leads: every column of telephones. At most 64 MiB.

    A number's consent or do-not-call holds as soon as the number is counted. A short list has been taken in when the
    answer comes. For a long one the answer is 202; follow it by its id. A list that is sent again adds nothing twice.
    """
    draft = ConsentDraft(
        word=word,
        source=source,
        purpose=purpose,
        campaign=CampaignId(campaign) if campaign is not None else None,
        until=until,
    )
    row = await _desk(services).receive(draft, request.stream(), who.actor)
    if row.state in {JobState.QUEUED.value, JobState.RUNNING.value}:
        response.status_code = 202
    return ConsentListOut.of(row, services.now())


@router.get("", summary="Lists of numbers, newest first", responses=refusals(CursorUnknown, FilesUntaken))
async def list_lists(
    _: Manages, services: Known, cursor: Cursor = None, limit: Limit = 50
) -> ConsentListsPage:
    """Returns the lists, each with its state."""
    before = read_id_cursor(cursor)
    rows = await _desk(services).page(before=before, limit=limit + 1)
    shown, following = page_by_id(rows, limit)
    return ConsentListsPage(items=[ConsentListOut.of(row, services.now()) for row in shown], next=following)


@router.get("/{id}", summary="One list of numbers", responses=refusals(*KNOWN))
async def get_list(id: RowId, _: Manages, services: Known) -> ConsentListOut:  # noqa: A002 - the path says it
    """Returns the list with its progress."""
    return ConsentListOut.of(await _desk(services).known(id), services.now())


@router.get(
    "/{id}/rejected",
    summary="Rows of which something could not be read",
    responses=refusals(*KNOWN, NothingRejected, RangeUnfit) | CSV,
    response_class=FileResponse,
)
async def get_rejected(id: RowId, _: Manages, services: Known) -> FileResponse:  # noqa: A002 - the path says it
    """A CSV file with each rejected row, its line number and the reason. The rows can be corrected and uploaded
    again.
    """
    return csv(await _desk(services).rejected(id), f"rejected-numbers-{id}.csv")


@router.post(
    "/{id}/cancel", status_code=202, summary="Stop a list", responses=refusals(*KNOWN, FileNotUnderWay)
)
async def cancel_list(id: RowId, who: Manages, services: Known) -> ConsentListOut:  # noqa: A002 - the path says it
    """Numbers that were already taken in stay and hold."""
    return ConsentListOut.of(await _desk(services).cancel(id, who.actor), services.now())


@router.delete("/{id}", status_code=204, summary="Forget a list", responses=refusals(*KNOWN, FileUnderWay))
async def forget_list(id: RowId, who: Manages, services: Known) -> None:  # noqa: A002 - the path says it
    """The list's rejected rows are removed; the consents and do-not-calls that it added stay and hold."""
    await _desk(services).forget(id, who.actor)
