"""Users, for administrators. They are deactivated, not deleted, because the history names them."""

from typing import Annotated

from fastapi import APIRouter

from app.accounts.errors import (
    NEW_PASSWORD,
    HashingBusy,
    LastAdministrator,
    MoreThanOneHas,
    UsernameTaken,
    UserUnknown,
)
from app.accounts.service import LoggedIn, get_user
from app.api.configuration import Configuring, later
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.problems import refusals
from app.api.schemas import RowId
from app.api.security import Known, needs
from app.crm.users import service
from app.crm.users.schemas import UserChange, UserIn, UserOut
from app.crm.ways.errors import NOWHERE
from app.domain.roles import Permission
from app.floor.errors import OperatorInCall
from app.records.engine import reading

Manages = Annotated[LoggedIn, needs(Permission.USERS_MANAGE)]
router = APIRouter(prefix="/users", tags=["users"], route_class=IdempotentRoute)


@router.get("", summary="All users", responses=refusals())
async def list_users(_: Manages, services: Known) -> list[UserOut]:
    """Returns all users, by username."""
    async with reading(services.engine) as session:
        return [UserOut.of(row) for row in await service.list_users(session)]


@router.post(
    "",
    status_code=201,
    summary="Make a user",
    responses=refusals(*NEW_PASSWORD, HashingBusy, MoreThanOneHas, UsernameTaken) | TAGGED_NEW,
)
async def make_user(said: UserIn, who: Manages, services: Known, tag: Tag) -> UserOut:
    """Makes a user who does not take calls; `POST /operators` makes one who does."""
    return tag(UserOut.of(await service.make_user(services, said, who)))


@router.get("/{id}", summary="One user", responses=refusals(UserUnknown) | TAGGED)
async def get_one_user(id: RowId, _: Manages, services: Known, tag: Tag) -> UserOut:  # noqa: A002 - the path says it
    """Returns one user."""
    async with reading(services.engine) as session:
        return tag(UserOut.of(await get_user(session, id)))


@router.patch(
    "/{id}",
    summary="Change a user",
    responses=refusals(
        UserUnknown,
        *NEW_PASSWORD,
        HashingBusy,
        MoreThanOneHas,
        LastAdministrator,
        OperatorInCall,
        *NOWHERE,
        *UNSEEN,
    )
    | later(200, tagged=True),
)
async def change_user(
    id: RowId,  # noqa: A002 - the path says it
    said: UserChange,
    who: Manages,
    services: Known,
    configuring: Configuring,
    *,
    match: Match,
) -> UserOut:
    """A field that is left out keeps its value. A new role, a new password, or deactivation closes the websockets.

    Whoever changes a user must have all the permissions that the user has.

    A deactivated user loses the phone's SIP account, too; once the user is active again, renew the phone's secret.
    An operator in a call cannot be deactivated, nor one to whom calls of a department go.
    """
    return match(UserOut.of(await service.change_user(services, configuring, id, said, who, match=match)))
