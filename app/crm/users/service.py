"""Users and roles as administrators change them: saved, and passed on to the floor, the phones and open desktops."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import queries, roles, service
from app.accounts.hashing import PasswordHash, hash_password
from app.accounts.service import LoggedIn
from app.accounts.tables import RoleRow, UserRow
from app.api.configuration import Configures
from app.api.etags import Matching
from app.api.services import Services
from app.crm.users.schemas import RoleIn, UserChange, UserIn
from app.crm.ways.service import ways_kept
from app.domain.ids import OperatorId
from app.domain.references import named
from app.floor.operators.states import check_operator_removal
from app.records.engine import reading, writing


async def make_user(services: Services, said: UserIn, who: LoggedIn) -> UserRow:
    """Make a user who does not take calls.

    Args:
        services: where the user is kept.
        said: the user.
        who: makes them.

    Raises:
        PasswordUnfit, HashingBusy: see `hash_password`.
        ReferenceUnknown, MoreThanOneHas: see `check_gift`.
        UsernameTaken: another user has it.
    """
    password_hash = await hash_password(said.password, said.username, said.display_name)
    async with writing(services.engine, who.actor) as session:
        with named("role"):
            await roles.check_gift(session, said.role, who.rights)
        return await service.create_user(
            session, **said.model_dump(exclude={"password"}), password_hash=password_hash, at=services.now()
        )


async def change_user(
    services: Services, configuring: Configures, id_: int, said: UserChange, who: LoggedIn, *, match: Matching
) -> UserRow:
    """Change what is given of a user; what is left out stays.

    A new role, a new password, or being put out of use closes the user's desktops. Who is put out of use comes off the
    floor and loses the phone's account.

    Args:
        services: where the user is kept, and who is told.
        configuring: the request.
        id_: the user to change.
        said: what is new.
        who: changes them.
        match: the version that they change.

    Raises:
        UserUnknown: there is no such user.
        VersionPassed: others have changed them meanwhile.
        PasswordUnfit, HashingBusy: see `hash_password`.
        ReferenceUnknown, MoreThanOneHas: see `check_gift`; it holds for the role that the user has, too.
        LastAdministrator: nobody could administer any more.
        OperatorInCall: they could be put out of use after it.
        CallersGetNowhere: they would be put out of use, and calls of a department go to them.
    """
    password_hash = await _new_hash(services, id_, said) if said.password is not None else None
    async with configuring(who.actor) as session:
        await match.check(session, UserRow, id_)
        before = await service.get_user(session, id_)
        await roles.check_over(session, before.role, who.rights)
        if said.role is not None:
            with named("role"):
                await roles.check_gift(session, said.role, who.rights)
        async with ways_kept(session):
            row = await service.change_user(
                session, id_, **said.model_dump(exclude={"password"}), password_hash=password_hash
            )
        if said.active is False:
            check_operator_removal(services.runner.floor, OperatorId(id_))
    if said.password is not None:
        services.end_user(id_)
    return row


async def put_role(
    configuring: Configures, name: str, said: RoleIn, who: LoggedIn, *, match: Matching
) -> RoleRow:
    """Make a role, or change one that was made. Whoever has it may do what it says from then on.

    Args:
        configuring: the request.
        name: the role's.
        said: the role.
        who: makes it.
        match: the version that is changed.

    Raises:
        VersionPassed: others have changed it meanwhile.
        RoleBuiltIn, MoreThanOneHas: see `app.accounts.roles.put_role`.
    """
    async with configuring(who.actor) as session:
        await match.check(session, RoleRow, name)
        return await roles.put_role(
            session,
            name,
            title=said.title,
            permissions=said.permissions,
            phone=said.phone,
            own=who.rights,
        )


async def list_users(session: AsyncSession) -> list[UserRow]:
    """All users, by username."""
    return list(await queries.list_users(session))


async def _new_hash(services: Services, id_: int, said: UserChange) -> PasswordHash:
    async with reading(services.engine) as session:
        row = await service.get_user(session, id_)
    return await hash_password(said.password or "", row.username, said.display_name or row.display_name)
