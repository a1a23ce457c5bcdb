"""Who may come in: users' passwords, sessions of people, tokens of programs.

Passwords are kept as argon2 hashes, tokens as SHA-256: a token is 32 random bytes, so there is nothing to
guess and nothing to slow down. Hashing is slow, so it comes before a transaction, never within one. Log-in attempts are
limited by the API.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.accounts import queries
from app.accounts.errors import LastAdministrator, TokenUnknown, TooManyTokens, UsernameTaken, UserUnknown
from app.accounts.hashing import PasswordHash, hash_password, verify_password
from app.accounts.roles import permissions_in
from app.accounts.tables import SessionKind, SessionRow, UserRow
from app.domain.actors import Actor, ActorKind
from app.domain.roles import Permission, Role
from app.records.engine import reading, writing
from app.records.errors import refused_as

BROWSER_LIFETIME = timedelta(hours=16)
"""A shift and some overtime."""
SEEN_AGAIN = timedelta(minutes=1)
"""How stale `last_seen_at` may get."""
TOKENS_MOST = 100
"""Of one user at one time: each is a program that somebody wrote."""
FIRST_ADMINISTRATOR = "admin"
_TOKEN_BYTES = 32


@dataclass(slots=True, frozen=True)
class LoggedIn:
    """Whose request this is."""

    user: UserRow
    session: SessionRow
    permissions: frozenset[Permission]
    """Those of the user's role."""
    request: str = ""
    """The id of the request."""

    @property
    def actor(self) -> Actor:
        """Who acts, for the events of what is changed."""
        program = self.session.kind == SessionKind.TOKEN.value
        name = self.user.display_name
        return Actor(
            ActorKind.TOKEN if program else ActorKind.USER,
            self.user.id,
            f"{name} ({self.session.name})" if program else name,
            self.request,
        )


async def authenticate(engine: AsyncEngine, username: str, password: str) -> UserRow | None:
    """The active user with this name and password, or None.

    As much work is done for an unknown name as for a wrong password, so that time does not tell names. It is done
    in no transaction: `still_the_same` tells in the next one whether it still holds.

    Raises:
        HashingBusy: too many passwords are being checked.
    """
    async with reading(engine) as session:
        user = await queries.find_user(session, username)
    fits, renewed = await verify_password(password, user.password_hash if user else None)
    if user is None or not fits or not user.active:
        return None
    if renewed is not None:
        assert user.id is not None
        async with writing(engine) as session:
            if await queries.renew_hash(session, user.id, user.password_hash, renewed):
                user.password_hash = renewed
    return user


async def still_the_same(session: AsyncSession, user: UserRow) -> bool:
    """Whether a user who was authenticated before this transaction may still come in with that password."""
    assert user.id is not None
    now = await queries.get_user(session, user.id)
    return now is not None and now.active and now.password_hash == user.password_hash


async def create_user(
    session: AsyncSession,
    *,
    username: str,
    password_hash: PasswordHash,
    role: str,
    display_name: str,
    at: datetime,
    language: str = "et",
) -> UserRow:
    """Make a user who can log in.

    Args:
        username: taken without regard to case.
        password_hash: from `hash_password`, before the transaction.
        language: `et`, `ru` or `en`.

    Raises:
        UsernameTaken: another user has it.
    """
    with refused_as(UsernameTaken(username=username)):
        return await queries.add_user(
            session,
            username=username,
            password_hash=password_hash,
            role=role,
            display_name=display_name,
            language=language,
            at=at,
        )


async def get_user(session: AsyncSession, user_id: int) -> UserRow:
    """One user.

    Raises:
        UserUnknown: there is no such user.
    """
    row = await queries.get_user(session, user_id)
    if row is None:
        raise UserUnknown
    return row


async def change_user(
    session: AsyncSession,
    user_id: int,
    *,
    role: str | None = None,
    display_name: str | None = None,
    language: str | None = None,
    active: bool | None = None,
    password_hash: PasswordHash | None = None,
    keep: int | None = None,
) -> UserRow:
    """Change what is given; None leaves a field as it is.

    A user who is put out of use, or whose password changes, loses every session, tokens too.

    Args:
        session: that writes.
        user_id: whom.
        role: one that `app.accounts.roles.check_gift` has let pass.
        display_name: as others see it.
        language: `et`, `ru` or `en`.
        active: whether the user may log in.
        password_hash: from `hash_password`, before the transaction.
        keep: the session that stays: that of the user who changes it.

    Raises:
        UserUnknown: there is no such user.
        LastAdministrator: nobody could administer any more.
    """
    row = await get_user(session, user_id)
    administered = _administers(row)
    given = {
        "role": role,
        "display_name": display_name,
        "language": language,
        "active": active,
        "password_hash": password_hash,
    }
    for name, value in given.items():
        if value is not None:
            setattr(row, name, value)
    await queries.save_user(session, row)
    if administered and not _administers(row) and not await queries.count_administrators(session):
        raise LastAdministrator
    if active is False or password_hash is not None:
        await queries.remove_sessions(session, user_id, keep=keep)
    return row


def _administers(row: UserRow) -> bool:
    return row.active and row.role == Role.ADMINISTRATOR.value


async def ensure_administrator(engine: AsyncEngine, password: str | None, at: datetime) -> str | None:
    """On the first start, make the user `admin`. With any user there, do nothing.

    Args:
        password: from the settings; None makes one up.

    Returns:
        The password made up, to be shown once; else None.

    Raises:
        PasswordUnfit: when the one from the settings is.
    """
    async with reading(engine) as session:
        if await queries.list_users(session):
            return None
    made_up = secrets.token_urlsafe(15) if password is None else None
    password_hash = await hash_password(password or made_up or "", FIRST_ADMINISTRATOR)
    async with writing(engine) as session:
        if await queries.list_users(session):
            return None  # another process was quicker
        await create_user(
            session,
            username=FIRST_ADMINISTRATOR,
            password_hash=password_hash,
            role=Role.ADMINISTRATOR.value,
            display_name=FIRST_ADMINISTRATOR,
            at=at,
        )
    return made_up


async def make_token(
    session: AsyncSession, user_id: int, at: datetime, *, name: str, lifetime: timedelta | None
) -> tuple[str, SessionRow]:
    """Give a program a token of a user's.

    Args:
        name: what the program is called.
        lifetime: None: until it is revoked.

    Returns:
        The token, which is kept nowhere, and its row.

    Raises:
        TooManyTokens: the user has `TOKENS_MOST` that hold.
    """
    if await queries.count_sessions(session, user_id, SessionKind.TOKEN, at) >= TOKENS_MOST:
        raise TooManyTokens(most=TOKENS_MOST)
    return await open_session(session, user_id, at, kind=SessionKind.TOKEN, name=name, lifetime=lifetime)


async def revoke_token(session: AsyncSession, user_id: int, token_id: int) -> None:
    """End one of a user's tokens.

    Raises:
        TokenUnknown: the user has no such token.
    """
    mine = await queries.list_sessions(session, user_id, SessionKind.TOKEN)
    if token_id not in {row.id for row in mine}:
        raise TokenUnknown
    await queries.remove_session(session, token_id)


async def open_session(
    session: AsyncSession,
    user_id: int,
    at: datetime,
    *,
    kind: SessionKind = SessionKind.BROWSER,
    name: str = "",
    lifetime: timedelta | None = BROWSER_LIFETIME,
) -> tuple[str, SessionRow]:
    """Let a user in, or give a program a token.

    Args:
        kind: who holds the token.
        name: what the program is called.
        lifetime: None: until it is closed.

    Returns:
        The token, which is kept nowhere, and the session's row.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = await queries.add_session(
        session,
        token_hash=_digest(token),
        user_id=user_id,
        kind=kind,
        name=name,
        at=at,
        expires_at=at + lifetime if lifetime is not None else None,
    )
    return token, row


async def find_session(engine: AsyncEngine, token: str, at: datetime) -> LoggedIn | None:
    """Whose token this is; None when it is unknown or over, or the user is inactive.

    Notes that it was used, at most once in `SEEN_AGAIN`, in a transaction of its own.
    """
    async with reading(engine) as session:
        found = await queries.find_session(session, _digest(token))
    if found is None:
        return None
    row, user, role = found
    if not user.active or (row.expires_at is not None and row.expires_at <= at):
        return None
    if at - row.last_seen_at >= SEEN_AGAIN:
        assert row.id is not None
        async with writing(engine) as session:
            await queries.touch_session(session, row.id, at)
    return LoggedIn(user, row, permissions_in(role, user.role))


async def close_session(session: AsyncSession, session_id: int) -> bool:
    """End a session or revoke a token; False when there was none."""
    return await queries.remove_session(session, session_id)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
