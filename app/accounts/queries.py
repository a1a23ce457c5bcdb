"""Rows of users, roles and sessions. Passwords and tokens are already hashed (`app.accounts.service`)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts.tables import RoleRow, SessionKind, SessionRow, UserRow
from app.domain.roles import Role


async def list_users(session: AsyncSession) -> Sequence[UserRow]:
    """Every user, by username."""
    return (await session.scalars(select(UserRow).order_by(col(UserRow.username)))).all()


async def get_user(session: AsyncSession, user_id: int) -> UserRow | None:
    """One user, or None."""
    return await session.get(UserRow, user_id)


async def find_user(session: AsyncSession, username: str) -> UserRow | None:
    """A user by name, in whatever case it was typed."""
    return (
        await session.scalars(select(UserRow).where(col(UserRow.username) == username.casefold()))
    ).one_or_none()


async def add_user(
    session: AsyncSession,
    *,
    username: str,
    password_hash: str,
    role: str,
    display_name: str,
    language: str,
    at: datetime,
) -> UserRow:
    """Insert a user; give the row with its id.

    Raises:
        sqlalchemy.exc.IntegrityError: the username is taken.
    """
    row = UserRow(
        username=username.casefold(),
        password_hash=password_hash,
        role=str(role),
        display_name=display_name,
        language=language,
        created_at=at,
    )
    session.add(row)
    await session.flush()
    return row


async def save_user(session: AsyncSession, row: UserRow) -> None:
    """Write a user's changed row."""
    session.add(row)
    await session.flush()


async def renew_hash(session: AsyncSession, user_id: int, old: str, new: str) -> bool:
    """Store a newer hash of the same password; False when the password has been changed meanwhile."""
    renewed = await session.execute(
        update(UserRow)
        .where(col(UserRow.id) == user_id, col(UserRow.password_hash) == old)
        .values(password_hash=new)
        .returning(col(UserRow.id))
    )
    return renewed.first() is not None


async def count_administrators(session: AsyncSession) -> int:
    """The number of active administrators."""
    count = await session.scalar(
        select(func.count())
        .select_from(UserRow)
        .where(col(UserRow.role) == Role.ADMINISTRATOR.value, col(UserRow.active).is_(True))
    )
    return count or 0


async def hold_administrators(session: AsyncSession) -> None:
    """Let no other transaction change an active administrator before this one has ended; wait for those that do."""
    held = select(UserRow.id).where(
        col(UserRow.role) == Role.ADMINISTRATOR.value, col(UserRow.active).is_(True)
    )
    await session.execute(held.order_by(col(UserRow.id)).with_for_update())


async def rights_of_users(session: AsyncSession) -> dict[int, tuple[object, ...]]:
    """By user id: whether the user is active, the role, and the permissions of a role that was made; else None."""
    query = select(UserRow.id, UserRow.active, UserRow.role, RoleRow.permissions).join(
        RoleRow, col(RoleRow.name) == col(UserRow.role), isouter=True
    )
    return {
        user: (active, role, tuple(permissions) if permissions is not None else None)
        for user, active, role, permissions in await session.execute(query)
        if user is not None
    }


async def add_session(
    session: AsyncSession,
    *,
    token_hash: str,
    user_id: int,
    kind: SessionKind,
    name: str,
    at: datetime,
    expires_at: datetime | None,
) -> SessionRow:
    """Insert a session; give the row with its id."""
    row = SessionRow(
        token_hash=token_hash,
        user_id=user_id,
        kind=kind.value,
        name=name,
        created_at=at,
        expires_at=expires_at,
        last_seen_at=at,
    )
    session.add(row)
    await session.flush()
    return row


async def find_session(
    session: AsyncSession, token_hash: str
) -> tuple[SessionRow, UserRow, RoleRow | None] | None:
    """A session with its user and, unless it is built in, the user's role; expired sessions too. None: unknown."""
    found = (
        await session.execute(
            select(SessionRow, UserRow, RoleRow)
            .join(UserRow, col(UserRow.id) == col(SessionRow.user_id))
            .join(RoleRow, col(RoleRow.name) == col(UserRow.role), isouter=True)
            .where(col(SessionRow.token_hash) == token_hash)
        )
    ).one_or_none()
    return (found[0], found[1], found[2]) if found else None


async def list_sessions(
    session: AsyncSession, user_id: int, kind: SessionKind | None = None
) -> Sequence[SessionRow]:
    """A user's sessions, newest first."""
    query = select(SessionRow).where(col(SessionRow.user_id) == user_id).order_by(col(SessionRow.id).desc())
    if kind is not None:
        query = query.where(col(SessionRow.kind) == kind.value)
    return (await session.scalars(query)).all()


async def count_sessions(session: AsyncSession, user_id: int, kind: SessionKind, at: datetime) -> int:
    """How many of a user's sessions of a kind have not expired."""
    holds = col(SessionRow.expires_at).is_(None) | (col(SessionRow.expires_at) > at)
    query = select(func.count()).select_from(SessionRow)
    query = query.where(col(SessionRow.user_id) == user_id, col(SessionRow.kind) == kind.value, holds)
    return (await session.scalars(query)).one()


async def sessions_that_hold(session: AsyncSession, ids: Collection[str]) -> set[str]:
    """Those of these sessions that still exist and whose users are active."""
    query = (
        select(SessionRow.id)
        .join(UserRow, col(UserRow.id) == col(SessionRow.user_id))
        .where(col(SessionRow.id).in_([int(id_) for id_ in ids]), col(UserRow.active).is_(True))
    )
    return {str(id_) for id_ in await session.scalars(query)} if ids else set()


async def touch_sessions(session: AsyncSession, seen: Mapping[int, datetime]) -> None:
    """Note when sessions were used, by their ids."""
    for id_, at in sorted(seen.items()):
        await session.execute(update(SessionRow).where(col(SessionRow.id) == id_).values(last_seen_at=at))


async def remove_session(session: AsyncSession, session_id: int) -> bool:
    """End one session; False when there was none."""
    row = await session.get(SessionRow, session_id)
    if row is None:
        return False
    await session.delete(row)
    await session.flush()
    return True


async def remove_sessions(session: AsyncSession, user_id: int, *, keep: int | None = None) -> None:
    """End every session of a user, tokens too, except the session `keep`."""
    for row in await session.scalars(select(SessionRow).where(col(SessionRow.user_id) == user_id)):
        if row.id != keep:
            await session.delete(row)
    await session.flush()


async def remove_expired_sessions(session: AsyncSession, at: datetime) -> None:
    """Delete expired sessions."""
    await session.execute(delete(SessionRow).where(col(SessionRow.expires_at) <= at))


async def list_roles(session: AsyncSession) -> Sequence[RoleRow]:
    """The roles that administrators made, by name."""
    return (await session.scalars(select(RoleRow).order_by(col(RoleRow.name)))).all()


async def get_role(session: AsyncSession, name: str) -> RoleRow | None:
    """A role that an administrator made, or None."""
    return await session.get(RoleRow, name)


async def hold_role(session: AsyncSession, name: str, *, alone: bool) -> RoleRow | None:
    """A role that an administrator made, or None; it stays as it is until this transaction has ended.

    Args:
        session: within a transaction.
        name: the role's name.
        alone: wait for other transactions that hold the role, too.
    """
    return await session.get(RoleRow, name, populate_existing=True, with_for_update={"read": not alone})


async def save_role(session: AsyncSession, row: RoleRow) -> None:
    """Write a role's row, new or changed."""
    session.add(row)
    await session.flush()


async def remove_role(session: AsyncSession, row: RoleRow) -> None:
    """Delete a role."""
    await session.delete(row)
    await session.flush()


async def users_of_role(session: AsyncSession, name: str) -> set[int]:
    """Ids of the users who have a role."""
    found = await session.scalars(select(UserRow.id).where(col(UserRow.role) == name))
    return {id_ for id_ in found if id_ is not None}
