"""The first steps of a centre."""

from typing import Annotated

from fastapi import APIRouter

from app.accounts.service import LoggedIn
from app.api.problems import refusals
from app.api.security import Known, needs
from app.crm.setup import service
from app.crm.setup.schemas import SetupOut
from app.domain.roles import Permission
from app.records.engine import reading

Sees = Annotated[LoggedIn, needs(Permission.QUEUES_WRITE)]
router = APIRouter(prefix="/setup", tags=["configuration"])


@router.get("", summary="The first steps", responses=refusals())
async def get_setup(_: Sees, services: Known) -> SetupOut:
    """Returns the steps from an empty installation to the first answered call, and which of them are done."""
    async with reading(services.engine) as session:
        return await service.steps(session, services.runner.floor, services.link_state())
