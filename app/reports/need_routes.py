"""How many operators a day to come needs, over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.accounts.service import LoggedIn
from app.api.problems import refusals
from app.api.schemas import Line, QueueName
from app.api.security import Known, needs
from app.domain.roles import Permission
from app.reports.errors import DayUnfit, ReportsBusy, ReportTooLarge, ZoneUnknown
from app.reports.need_schemas import NeedsOut
from app.reports.needs import NeedAsked, NeedsOfDays

Reads = Annotated[LoggedIn, needs(Permission.REPORTS_READ)]
router = APIRouter(prefix="/reports/needs", tags=["reports"])


@router.get(
    "",
    summary="How many operators a day needs",
    responses=refusals(DayUnfit, ZoneUnknown, ReportTooLarge, ReportsBusy),
)
async def get_needs(
    _: Reads,
    request: Request,
    services: Known,
    *,
    day: Annotated[date | None, Query(description="The day; without it, tomorrow.")] = None,
    zone: Annotated[
        Line, Query(description="IANA name of the time zone whose clock says what a day is.")
    ] = "Europe/Tallinn",
    queue: Annotated[QueueName | None, Query(description="Only calls of this queue.")] = None,
    target_s: Annotated[
        float | None,
        Query(
            ge=0,
            le=3600,
            description="A call is to be answered within so many seconds; without it, the queue's.",
        ),
    ] = None,
    level: Annotated[
        float, Query(ge=0.1, le=0.99, description="The share of calls that is to be answered in time.")
    ] = 0.8,
) -> NeedsOut:
    """Each half hour's calls are those of the same weekday in the last eight weeks; Erlang's formula with callers who
    give up (Erlang A) says how many operators they need. Then those days are lived again with that plan, with talks of
    this centre. Where no such weekday had calls, the last 14 days stand for it.
    """
    asked = NeedAsked(day=day, zone=zone, queue=queue, target_s=target_s, level=level)
    needs_of_days: NeedsOfDays = request.app.state.needs_of_days
    return NeedsOut.of(await needs_of_days.of(asked, services.now()))
