"""Users, for administrators. They are put out of use, not deleted: history names them."""

from typing import Annotated

from fastapi import APIRouter

from app.accounts import queries, service
from app.accounts.hashing import PasswordHash, hash_password
from app.accounts.roles import check_gift, check_over
from app.accounts.service import LoggedIn
from app.api.compensation import all_or_nothing, undo_removal
from app.api.idempotency import IdempotentRoute
from app.api.problems import EVERYWHERE, Problem, problems
from app.api.schemas import RowId
from app.api.security import Known, needs
from app.api.services import Services
from app.crm.operators import queries as operator_queries
from app.crm.users.schemas import UserChange, UserIn, UserOut
from app.domain.ids import OperatorId
from app.domain.roles import Permission
from app.floor.events import OperatorRemoved, OperatorSet
from app.records.engine import reading, writing

Manages = Annotated[LoggedIn, needs(Permission.USERS_MANAGE)]
router = APIRouter(prefix="/users", tags=["users"], route_class=IdempotentRoute)


@router.get("", summary="All users", responses=EVERYWHERE)
async def list_users(_: Manages, services: Known) -> list[UserOut]:
    """By username."""
    async with reading(services.engine) as session:
        return [UserOut.of(row) for row in await queries.list_users(session)]


@router.post("", status_code=201, summary="Make a user", responses=EVERYWHERE | problems(409))
async def make_user(said: UserIn, who: Manages, services: Known) -> UserOut:
    """One who does not take calls; `POST /operators` makes one who does."""
    password_hash = await hash_password(said.password, said.username, said.display_name)
    async with writing(services.engine) as session:
        await check_gift(session, said.role, who.permissions)
        row = await service.create_user(
            session, **said.model_dump(exclude={"password"}), password_hash=password_hash, at=services.now()
        )
    return UserOut.of(row)


@router.get("/{id}", summary="One user", responses=EVERYWHERE | problems(404))
async def get_user(id: RowId, _: Manages, services: Known) -> UserOut:  # noqa: A002 - the path says it
    """One user."""
    async with reading(services.engine) as session:
        row = await queries.get_user(session, id)
    if row is None:
        raise Problem(404, "no such user")
    return UserOut.of(row)


@router.patch("/{id}", summary="Change a user", responses=EVERYWHERE | problems(404, 409))
async def change_user(
    id: RowId,  # noqa: A002 - the path says it
    said: UserChange,
    who: Manages,
    services: Known,
) -> UserOut:
    """What is left out stays. A new role, a new password, or being put out of use closes the websockets.

    Whoever changes a user has all the permissions that the user has.

    Who is put out of use loses the phone's account, too; back in use, renew the phone's secret.
    """
    operator, floor = OperatorId(id), services.runner.floor
    password_hash = await _new_hash(services, id, said) if said.password is not None else None
    async with all_or_nothing() as undo, writing(services.engine) as session:
        before = await queries.get_user(session, id)
        if before is None:
            raise Problem(404, "no such user")
        await check_over(session, before.role, who.permissions)
        if said.role is not None:
            await check_gift(session, said.role, who.permissions)
        row = await queries.change_user(
            session,
            id,
            role=said.role,
            display_name=said.display_name,
            language=said.language,
            active=said.active,
        )
        if row is None:
            raise Problem(404, "no such user")
        if password_hash is not None:
            await service.change_password(session, id, password_hash)
        if not await queries.count_administrators(session):
            raise Problem(409, "the last administrator must stay")
        settings = await operator_queries.get_operator(session, operator)
        known = floor.operators.get(operator)
        if settings is None and known is not None:
            await services.runner.post(OperatorRemoved(operator))  # refused in a call: nothing is changed
            undo_removal(undo, services, known)
        softphone = await operator_queries.get_softphone(session, operator)
        if said.active is False and softphone is not None and services.softphones is not None:
            await services.softphones.remove(softphone.endpoint)
    told = (said.display_name, said.active, said.role)
    if settings is not None and any(value is not None for value in told):
        await services.runner.post(OperatorSet(settings))
    if said.role is not None or said.password is not None or said.active is not None:
        services.end_user(id)
    return UserOut.of(row)


async def _new_hash(services: Services, id_: int, said: UserChange) -> PasswordHash:
    async with reading(services.engine) as session:
        row = await queries.get_user(session, id_)
    if row is None:
        raise Problem(404, "no such user")
    return await hash_password(said.password or "", row.username, said.display_name or row.display_name)
