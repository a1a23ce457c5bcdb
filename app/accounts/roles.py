"""Roles that an administrator has made, beside those that are always there: a title and a set of permissions."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts.tables import RoleRow, UserRow
from app.domain.errors import WordedRefusal
from app.domain.roles import PERMISSIONS, Permission, Role

_BUILT_IN: Final = frozenset(role.value for role in Role)
_KNOWN: Final = frozenset(one.value for one in Permission)


class RoleUnknown(WordedRefusal):
    """A user is to have a role that there is none of."""

    status = 422
    code = "role.unknown"


class RoleBuiltIn(WordedRefusal):
    """A role that is always there is to be changed or removed."""

    code = "role.built_in"


class RoleInUse(WordedRefusal):
    """A role that users have is to be removed."""

    code = "role.in_use"


class MoreThanOneHas(WordedRefusal):
    """Somebody is to be given a permission that the giver lacks, or one who has such a permission is to be changed."""

    status = 403
    code = "role.more_than_own"


def permissions_in(row: RoleRow | None, role: str) -> frozenset[Permission]:
    """What a role may do.

    Args:
        row: the role's, where an administrator made it.
        role: its name; one without a row that is not built in may do nothing.

    What this version does not know of a row's permissions is passed over.
    """
    if row is not None:
        return frozenset(Permission(one) for one in row.permissions if one in _KNOWN)
    return PERMISSIONS[Role(role)] if role in _BUILT_IN else frozenset()


async def permissions_of(session: AsyncSession, role: str) -> frozenset[Permission]:
    """What a role may do, by its name."""
    return permissions_in(await session.get(RoleRow, role), role)


async def list_roles(session: AsyncSession) -> list[RoleRow]:
    """Those that were made, by name."""
    return list((await session.scalars(select(RoleRow).order_by(col(RoleRow.name)))).all())


async def check_gift(session: AsyncSession, role: str, own: Collection[Permission]) -> None:
    """See that a role is one, and that whoever gives it has all that is in it.

    Raises:
        RoleUnknown: there is none of this name.
        MoreThanOneHas: the giver lacks some of its permissions.
    """
    if role not in _BUILT_IN and await session.get(RoleRow, role) is None:
        there_are = [*Role, *(row.name for row in await list_roles(session))]
        raise RoleUnknown(f"there is no role {role}; there are {', '.join(there_are)}")
    await check_over(session, role, own)


async def check_over(session: AsyncSession, role: str, own: Collection[Permission]) -> None:
    """See that somebody has all that is in a role: over its users, a password or a state is power like theirs.

    Raises:
        MoreThanOneHas: they lack some of its permissions.
    """
    _check_own(await permissions_of(session, role), own)


async def put_role(
    session: AsyncSession,
    name: str,
    *,
    title: str,
    permissions: Collection[Permission],
    phone: Role,
    own: Collection[Permission],
) -> RoleRow:
    """Make a role, or change one that was made.

    Args:
        session: within a transaction.
        name: of the role.
        title: what people call it.
        permissions: what it may do.
        phone: the built-in role whose limits hold for its calls outside.
        own: the permissions of whoever makes it.

    Raises:
        RoleBuiltIn: one of this name is always there.
        MoreThanOneHas: the maker lacks some of the permissions, or of those that it has now.
    """
    if name in _BUILT_IN:
        raise RoleBuiltIn(f"the role {name} is always there and stays as it is: make one of another name")
    row = await session.get(RoleRow, name)
    before = permissions_in(row, name)
    _check_own(before | set(permissions), own)
    if row is None:
        row = RoleRow(name=name, title=title, permissions=[], phone=phone.value)
    row.title, row.phone = title, phone.value
    row.permissions = sorted(one.value for one in permissions)
    session.add(row)
    await session.flush()
    return row


async def remove_role(session: AsyncSession, name: str) -> bool:
    """Forget a role that was made; False when there was none.

    Raises:
        RoleBuiltIn: it is always there.
        RoleInUse: users have it.
    """
    if name in _BUILT_IN:
        raise RoleBuiltIn(f"the role {name} is always there")
    if users := await users_of(session, name):
        raise RoleInUse(f"{len(users)} users have this role: give them another one first")
    removed = await session.execute(
        delete(RoleRow).where(col(RoleRow.name) == name).returning(col(RoleRow.name))
    )
    return removed.first() is not None


async def users_of(session: AsyncSession, name: str) -> list[int]:
    """Ids of the users who have a role."""
    found = await session.scalars(select(UserRow.id).where(col(UserRow.role) == name))
    return [id_ for id_ in found if id_ is not None]


def _check_own(given: Collection[Permission], own: Collection[Permission]) -> None:
    if lacking := sorted(set(given) - set(own)):
        raise MoreThanOneHas(f"this is for those who have these permissions themselves: {', '.join(lacking)}")
