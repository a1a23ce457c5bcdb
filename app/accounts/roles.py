"""Roles that administrators make, beside the built-in ones: a title and a set of permissions."""

from collections.abc import Collection
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import queries
from app.accounts.errors import MoreThanOneHas, NoSuchRole, RoleBuiltIn, RoleInUse, RoleUnknown
from app.accounts.tables import RoleRow
from app.domain.roles import PERMISSIONS, Permission, Role
from app.records.versions import columns_of, raise_version

_BUILT_IN: Final = tuple(role.value for role in Role)
_KNOWN: Final = frozenset(one.value for one in Permission)


class Rights(NamedTuple):
    """What somebody may do, and so may give to others."""

    permissions: Collection[Permission]
    phone: Role
    """The built-in role whose limits for calls outside hold for them."""


EVERYTHING: Final = Rights(frozenset(Permission), Role.ADMINISTRATOR)


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


def phone_in(row: RoleRow | None, role: str) -> Role:
    """The built-in role whose limits for calls outside hold; the least one for a role that there is none of."""
    name = role if row is None else row.phone
    return Role(name) if name in _BUILT_IN else Role.OPERATOR


async def rights_of(session: AsyncSession, role: str) -> Rights:
    """What users of a role may do, by its name."""
    row = await queries.get_role(session, role)
    return Rights(permissions_in(row, role), phone_in(row, role))


async def check_gift(session: AsyncSession, role: str, own: Rights) -> None:
    """Check that a role exists and that its giver may do all that it allows. Nobody removes it in the meantime.

    Raises:
        RoleUnknown: no role has this name.
        MoreThanOneHas: the giver may not do some of it.
    """
    if role not in _BUILT_IN and await queries.hold_role(session, role, alone=False) is None:
        there_are = [*_BUILT_IN, *(row.name for row in await queries.list_roles(session))]
        raise RoleUnknown(role=role, roles=there_are)
    await check_over(session, role, own)


async def check_over(session: AsyncSession, role: str, own: Rights) -> None:
    """Check that somebody may change users of a role, and so may do all that it allows.

    Whoever can set a user's password can do all that the user can.

    Raises:
        MoreThanOneHas: some of what the role allows is not in `own`.
    """
    _check_own(await rights_of(session, role), own)


def check_phone(phone: str, own: Rights) -> None:
    """Check that somebody may have the secret of a phone: whoever has it can call what the phone can.

    A phone with the limits of a higher built-in role than one's own takes all permissions of that role.

    Args:
        phone: the built-in role whose limits hold for it; no limits hold for another name, as it may call nothing.
        own: what they may do.

    Raises:
        MoreThanOneHas: they lack some of the permissions.
    """
    if phone in _BUILT_IN and _BUILT_IN.index(phone) > _BUILT_IN.index(own.phone):
        _check_permissions(PERMISSIONS[Role(phone)], own)


async def put_role(
    session: AsyncSession,
    name: str,
    *,
    title: str,
    permissions: Collection[Permission],
    phone: Role,
    own: Rights,
) -> RoleRow:
    """Make a role, or change one that an administrator made.

    Args:
        session: within a transaction.
        name: the role's name.
        title: the name that people see.
        permissions: the role's permissions.
        phone: the built-in role whose limits for calls outside hold.
        own: what the administrator who makes it may do.

    Raises:
        RoleBuiltIn: a built-in role has this name.
        MoreThanOneHas: some of what it allows, or allowed so far, is not in `own`.
    """
    if name in _BUILT_IN:
        raise RoleBuiltIn(role=name)
    row = await queries.get_role(session, name)
    _check_own(Rights(permissions_in(row, name), phone_in(row, name)), own)
    _check_own(Rights(permissions, phone), own)
    if row is None:
        row = RoleRow(name=name, title=title, permissions=[], phone=phone.value)
    was = columns_of(row)
    row.title, row.phone = title, phone.value
    row.permissions = sorted(one.value for one in permissions)
    raise_version(row, was)
    await queries.save_role(session, row)
    return row


async def remove_role(session: AsyncSession, name: str, own: Rights) -> None:
    """Delete a role that an administrator made.

    Args:
        session: within a transaction.
        name: the role's name.
        own: what the administrator who deletes it may do; nobody deletes a role that they could not make again.

    Raises:
        NoSuchRole: no role has this name.
        RoleBuiltIn: the role is built in.
        MoreThanOneHas: some of what it allows is not in `own`.
        RoleInUse: users have the role.
    """
    if name in _BUILT_IN:
        raise RoleBuiltIn(role=name)
    row = await queries.hold_role(session, name, alone=True)
    if row is None:
        raise NoSuchRole
    _check_own(Rights(permissions_in(row, name), phone_in(row, name)), own)
    if users := await queries.users_of_role(session, name):
        raise RoleInUse(users=len(users))
    await queries.remove_role(session, row)


def _check_own(given: Rights, own: Rights) -> None:
    _check_permissions(given.permissions, own)
    check_phone(given.phone, own)


def _check_permissions(given: Collection[Permission], own: Rights) -> None:
    if lacking := sorted(set(given) - set(own.permissions)):
        raise MoreThanOneHas(permissions=lacking)
