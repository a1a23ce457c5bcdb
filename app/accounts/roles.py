"""Roles that administrators make, beside the built-in ones: a title and a set of permissions."""

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
    """The permissions of a role.

    Args:
        row: the role's row, if an administrator made it.
        role: the role's name; a role without a row that is not built in has no permissions.

    Permissions in a row that this version does not know are ignored.
    """
    if row is not None:
        return frozenset(Permission(one) for one in row.permissions if one in _KNOWN)
    return PERMISSIONS[Role(role)] if role in _BUILT_IN else frozenset()


async def permissions_of(session: AsyncSession, role: str) -> frozenset[Permission]:
    """The permissions of a role, by its name."""
    return permissions_in(await queries.get_role(session, role), role)


async def check_gift(session: AsyncSession, role: str, own: Collection[Permission]) -> None:
    """Check that a role exists and that its giver has all its permissions.

    Raises:
        RoleUnknown: no role has this name.
        MoreThanOneHas: the giver lacks some of its permissions.
    """
    if role not in _BUILT_IN and await queries.get_role(session, role) is None:
        there_are = [*_BUILT_IN, *(row.name for row in await queries.list_roles(session))]
        raise RoleUnknown(role=role, roles=there_are)
    await check_over(session, role, own)


async def check_over(session: AsyncSession, role: str, own: Collection[Permission]) -> None:
    """Check that somebody may change users of a role, and so has all its permissions.

    Whoever can set a user's password can do all that the user can.

    Raises:
        MoreThanOneHas: some of the role's permissions are not in `own`.
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
    """Make a role, or change one that an administrator made.

    Args:
        session: within a transaction.
        name: the role's name.
        title: the name that people see.
        permissions: the role's permissions.
        phone: the built-in role whose limits for calls outside hold.
        own: the permissions of the administrator who makes it.

    Raises:
        RoleBuiltIn: a built-in role has this name.
        MoreThanOneHas: some of the new or present permissions are not in `own`.
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
    """Delete a role that an administrator made.

    Raises:
        NoSuchRole: no role has this name.
        RoleBuiltIn: the role is built in.
        RoleInUse: users have the role.
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
