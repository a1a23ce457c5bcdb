"""Roles: the built-in ones, and those that administrators make."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.accounts import roles
from app.accounts.errors import MoreThanOneHas, NoSuchRole, RoleBuiltIn, RoleInUse
from app.accounts.queries import list_roles
from app.accounts.service import LoggedIn
from app.accounts.tables import RoleRow
from app.api.configuration import Configuring, later
from app.api.etags import UNSEEN, Match
from app.api.problems import refusals
from app.api.security import Known, needs
from app.crm.users import service
from app.crm.users.schemas import RoleIn, RoleName, RoleOut
from app.domain.roles import Permission
from app.records.engine import reading, writing

Manages = Annotated[LoggedIn, needs(Permission.USERS_MANAGE)]
RoleKey = Annotated[RoleName, Path(description="The role's name: small letters, digits, `_` and `-`.")]
router = APIRouter(prefix="/roles", tags=["users"])


@router.get("", summary="All roles", responses=refusals())
async def get_roles(_: Manages, services: Known) -> list[RoleOut]:
    """Returns the built-in roles, then those that were made, by name."""
    async with reading(services.engine) as session:
        made = await list_roles(session)
    return [*RoleOut.always_there(), *map(RoleOut.of, made)]


@router.put(
    "/{name}",
    summary="Make or change a role",
    responses=refusals(RoleBuiltIn, MoreThanOneHas, *UNSEEN) | later(200, tagged=True),
)
async def put_role(
    name: RoleKey, said: RoleIn, who: Manages, configuring: Configuring, match: Match
) -> RoleOut:
    """Users who have the role get its permissions at once. Nobody may give a permission that they lack.

    `If-Match: "0"` only makes one: where there is a role of this name already, 412.
    """
    return match(RoleOut.of(await service.put_role(configuring, name, said, who, match=match)))


@router.delete(
    "/{name}",
    status_code=204,
    summary="Forget a role",
    responses=refusals(NoSuchRole, RoleBuiltIn, MoreThanOneHas, RoleInUse, *UNSEEN),
)
async def remove_role(name: RoleKey, who: Manages, services: Known, match: Match) -> None:
    """Only a role that no user has can be removed, by somebody who has all of its permissions."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, RoleRow, name)
        await roles.remove_role(session, name, who.rights)
