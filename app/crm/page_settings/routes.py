"""What a user's own pages keep for them, over HTTP."""

from typing import Annotated

from fastapi import APIRouter

from app.accounts.service import LoggedIn
from app.api.problems import refusals
from app.api.security import Known, needs, user_id
from app.crm.page_settings import queries
from app.crm.page_settings.schemas import LimitsIn, PageSettingsOut, SearchesIn
from app.domain.roles import Permission
from app.records.engine import reading, writing

Themself = Annotated[LoggedIn, needs(Permission.OWN)]
router = APIRouter(prefix="/me/pages", tags=["session"])


@router.get("", summary="What your pages keep", responses=refusals())
async def get_page_settings(who: Themself, services: Known) -> PageSettingsOut:
    """Returns your saved searches and limits; nobody else sees them."""
    async with reading(services.engine) as session:
        row = await queries.get_settings(session, user_id(who))
    return PageSettingsOut.model_validate(row.model_dump())


@router.put("/searches", summary="Save searches", responses=refusals())
async def put_searches(said: SearchesIn, who: Themself, services: Known) -> PageSettingsOut:
    """The body replaces all of your saved searches."""
    async with writing(services.engine, who.actor) as session:
        row = await queries.put_settings(session, user_id(who), searches=said.model_dump()["items"])
    return PageSettingsOut.model_validate(row.model_dump())


@router.put("/limits", summary="Set limits that sound an alarm", responses=refusals())
async def put_limits(said: LimitsIn, who: Themself, services: Known) -> PageSettingsOut:
    """The body replaces all of your limits."""
    async with writing(services.engine, who.actor) as session:
        row = await queries.put_settings(session, user_id(who), limits=said.model_dump()["queues"])
    return PageSettingsOut.model_validate(row.model_dump())
