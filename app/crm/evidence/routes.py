"""A campaign's evidence: every attempt, every number that was not dialled and why, and the exact abandon rate."""

from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.service import LoggedIn
from app.api.exports import EXPORTS, ExportPlaces, ExportStream
from app.api.problems import refusals
from app.api.schemas import Moment, RowId
from app.api.security import Known, needs, services_of, user_id
from app.crm.campaigns.errors import RULES_UNREADABLE, CampaignUnknown
from app.crm.campaigns.service import known_campaign
from app.crm.evidence.schemas import AbandonmentOut
from app.crm.evidence.service import abandonment, attempts_csv, not_dialled_csv
from app.domain.ids import CampaignId
from app.domain.roles import Permission
from app.records.engine import reading

Reads = Annotated[LoggedIn, needs(Permission.EVIDENCE_READ)]
router = APIRouter(prefix="/campaigns/{id}/evidence", tags=["campaigns"])

Export = Callable[[AsyncEngine, CampaignId, datetime, datetime], AsyncGenerator[str]]
From = Annotated[Moment, Query(description="From this moment.")]
To = Annotated[Moment, Query(description="Up to, not including, this moment.")]
_CSV: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "CSV, as it is read", "content": {"text/csv": {"schema": {"type": "string"}}}}
}


@router.get(
    "/attempts",
    summary="Every attempt, as CSV",
    responses=refusals(CampaignUnknown, *EXPORTS) | _CSV,
    response_class=StreamingResponse,
)
async def get_attempts(
    id: RowId,  # noqa: A002 - the path says it
    who: Reads,
    request: Request,
    *,
    from_at: From,
    to_at: To,
) -> StreamingResponse:
    """Attempts placed within a period: each with its rule set, when it was answered and connected, and whether it was
    abandoned.
    """
    return await _export(request, who, CampaignId(id), attempts_csv, "attempts", period=(from_at, to_at))


@router.get(
    "/not-dialled",
    summary="What was not dialled and why, as CSV",
    responses=refusals(CampaignUnknown, *EXPORTS) | _CSV,
    response_class=StreamingResponse,
)
async def get_not_dialled(
    id: RowId,  # noqa: A002 - the path says it
    who: Reads,
    request: Request,
    *,
    from_at: From,
    to_at: To,
) -> StreamingResponse:
    """One row for each number, rule and day, with the number of times the rule stopped it."""
    return await _export(
        request, who, CampaignId(id), not_dialled_csv, "not-dialled", period=(from_at, to_at)
    )


@router.get(
    "/abandonment", summary="The rate of abandonment", responses=refusals(CampaignUnknown, *RULES_UNREADABLE)
)
async def get_abandonment(
    id: RowId,  # noqa: A002 - the path says it
    _: Reads,
    services: Known,
    at: Annotated[Moment | None, Query(description="At this moment; left out: now.")] = None,
) -> AbandonmentOut:
    """The exact abandon rate, counted from the attempts over the window of the campaign's rule set."""
    async with reading(services.engine) as session:
        found = await abandonment(session, CampaignId(id), at or services.now())
    return AbandonmentOut.of(found)


async def _export(
    request: Request,
    who: LoggedIn,
    id_: CampaignId,
    export: Export,
    name: str,
    *,
    period: tuple[datetime, datetime],
) -> StreamingResponse:
    engine = services_of(request).engine
    places: ExportPlaces = request.app.state.export_places
    with places.begin(user_id(who)) as place:
        async with reading(engine) as session:
            await known_campaign(session, id_)
        return ExportStream(
            export(engine, id_, *period),
            place,
            media_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="campaign-{id_}-{name}.csv"'},
        )
