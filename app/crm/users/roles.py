"""Roles: those that are always there, and those that administrators make."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.accounts import roles
from app.accounts.service import LoggedIn
from app.api.problems import EVERYWHERE, Problem, problems
from app.api.security import Known, needs
from app.crm.operators.queries import load_operator_settings
from app.crm.users.schemas import RoleIn, RoleName, RoleOut
from app.domain.roles import Permission
from app.floor.events import OperatorSet
from app.records.engine import reading, writing

Manages = Annotated[LoggedIn, needs(Permission.USERS_MANAGE)]
RoleKey = Annotated[RoleName, Path(description="The role's name: small letters, digits, `_` and `-`.")]
router = APIRouter(prefix="/roles", tags=["users"])


@router.get("", summary="All roles", responses=EVERYWHERE)
async def list_roles(_: Manages, services: Known) -> list[RoleOut]:
    """First those that are always there, then those that were made, by name."""
    async with reading(services.engine) as session:
        made = await roles.list_roles(session)
    return [*RoleOut.always_there(), *map(RoleOut.of, made)]


@router.put("/{name}", summary="Make or change a role", responses=EVERYWHERE | problems(409))
async def put_role(name: RoleKey, said: RoleIn, who: Manages, services: Known) -> RoleOut:
    """Whoever has it may do what it says from then on. Nobody gives what they do not have."""
    async with writing(services.engine) as session:
        row = await roles.put_role(
            session,
            name,
            title=said.title,
            permissions=said.permissions,
            phone=said.phone,
            own=who.permissions,
        )
        users = await roles.users_of(session, name)
        operators = await load_operator_settings(session)
    for one in operators:
        if one.id in users:
            await services.runner.post(OperatorSet(one))
    for user in users:
        services.end_user(user)
    return RoleOut.of(row)


@router.delete("/{name}", status_code=204, summary="Forget a role", responses=EVERYWHERE | problems(404, 409))
async def remove_role(name: RoleKey, _: Manages, services: Known) -> None:
    """Only one that nobody has."""
    async with writing(services.engine) as session:
        if not await roles.remove_role(session, name):
            raise Problem(404, "no such role")
