"""Roles that an administrator has made, beside those that are always there: a title and a set of permissions."""

from collections.abc import Collection
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import queries
from app.accounts.errors import MoreThanOneHas, NoSuchRole, RoleBuiltIn, RoleInUse, RoleUnknown
from app.accounts.tables import RoleRow
from app.domain.roles import PERMISSIONS, Permission, Role

_BUILT_IN: Final = tuple(role.value for role in Role)
_KNOWN: Final = frozenset(one.value for one in Permission)


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
    return permissions_in(await queries.get_role(session, role), role)


async def check_gift(session: AsyncSession, role: str, own: Collection[Permission]) -> None:
    """See that a role is one, and that whoever gives it has all that is in it.

    Raises:
        RoleUnknown: there is none of this name.
        MoreThanOneHas: the giver lacks some of its permissions.
    """
    if role not in _BUILT_IN and await queries.get_role(session, role) is None:
        there_are = [*_BUILT_IN, *(row.name for row in await queries.list_roles(session))]
        raise RoleUnknown(role=role, roles=there_are)
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
        raise RoleBuiltIn(role=name)
    row = await queries.get_role(session, name)
    before = permissions_in(row, name)
    _check_own(before | set(permissions), own)
    if row is None:
        row = RoleRow(name=name, title=title, permissions=[], phone=phone.value)
    row.title, row.phone = title, phone.value
    row.permissions = sorted(one.value for one in permissions)
    await queries.save_role(session, row)
    return row


async def remove_role(session: AsyncSession, name: str) -> None:
    """Forget a role that was made.

    Raises:
        NoSuchRole: there is none of this name.
        RoleBuiltIn: it is always there.
        RoleInUse: users have it.
    """
    if name in _BUILT_IN:
        raise RoleBuiltIn(role=name)
    row = await queries.get_role(session, name)
    if row is None:
        raise NoSuchRole
    if users := await queries.users_of_role(session, name):
        raise RoleInUse(users=len(users))
    await queries.remove_role(session, row)


def _check_own(given: Collection[Permission], own: Collection[Permission]) -> None:
    if lacking := sorted(set(given) - set(own)):
        raise MoreThanOneHas(permissions=lacking)
