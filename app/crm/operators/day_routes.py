"""The operator's own day over HTTP."""

from datetime import UTC
from typing import Annotated

from fastapi import APIRouter

from app.accounts.service import LoggedIn
from app.api.problems import refusals
from app.api.security import Known, needs, user_id
from app.crm.operators import queries
from app.crm.operators.day import day_of
from app.crm.operators.day_schemas import DayOut
from app.crm.tallies.days import midnights
from app.domain.ids import OperatorId
from app.domain.roles import Permission
from app.numbers.facts import only_zone
from app.records.engine import reading

Themself = Annotated[LoggedIn, needs(Permission.OWN)]
router = APIRouter(prefix="/me/day", tags=["my work"])


@router.get("", summary="My day so far", responses=refusals())
async def get_day(who: Themself, services: Known) -> DayOut:
    """Adds up my states since midnight, as far as they are on record; all zero for a user who takes no calls."""
    now = services.now()
    since = midnights(only_zone(services.region), now)[0].astimezone(UTC)
    async with reading(services.engine) as session:
        spans = await queries.states_since(session, OperatorId(user_id(who)), since)
    return DayOut.of(day_of(spans, since, now), since)
