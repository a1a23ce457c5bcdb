"""Users, their passwords, the sessions of people and the tokens of programs.

Passwords are stored as argon2 hashes, tokens as SHA-256: a token is 32 random bytes and cannot be guessed, so its hash
need not be slow. Argon2 is slow, so passwords are hashed before a transaction, never within one. The API limits log-in
attempts.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.accounts import queries
from app.accounts.errors import LastAdministrator, TokenUnknown, TooManyTokens, UsernameTaken, UserUnknown
from app.accounts.hashing import PasswordHash, hash_password, verify_password
from app.accounts.roles import Rights, permissions_in, phone_in
from app.accounts.tables import SessionKind, SessionRow, UserRow
from app.domain.actors import Actor, ActorKind
from app.domain.roles import Permission, Role
from app.records.engine import reading, writing
from app.records.errors import refused_as
from app.records.versions import columns_of, raise_version

BROWSER_LIFETIME = timedelta(hours=16)
"""How long a person's session lasts: a shift and some overtime."""
SEEN_AGAIN = timedelta(minutes=1)
"""How far `last_seen_at` may lag behind the last request."""
TOKENS_MOST = 100
"""How many tokens a user may have at one time; each belongs to a program that somebody wrote."""
FIRST_ADMINISTRATOR = "admin"
_TOKEN_BYTES = 32


@dataclass(slots=True, frozen=True)
class LoggedIn:
    """The user and the session of a request."""

    user: UserRow
    session: SessionRow
    permissions: frozenset[Permission]
    """The permissions of the user's role."""
    phone: Role = Role.OPERATOR
    """The built-in role whose limits for calls outside hold for the user."""
    request: str = ""
    """The id of the request."""

    @property
    def rights(self) -> Rights:
        """What the user may do, and so may give to others."""
        return Rights(self.permissions, self.phone)

    @property
    def actor(self) -> Actor:
        """The actor, for the events about changes."""
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

    An unknown name takes as long as a wrong password, so that the time does not reveal which users exist. The check
    runs outside a transaction; `still_the_same` tells in the next transaction whether it still holds.

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
    """Whether a user who was authenticated before this transaction is still active and has the same password."""
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
        UsernameTaken: another user has this username.
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


async def language_of(session: AsyncSession, user: int | None) -> str:
    """The language in which somebody reads: `et`, `ru` or `en`; English for nobody."""
    row = await queries.get_user(session, user) if user is not None else None
    return "en" if row is None else row.language


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
    """Change a user's fields; None leaves a field as it is.

    A user who is deactivated, or whose password changes, loses every session, tokens too.

    Args:
        session: within a writing transaction.
        user_id: the user's id.
        role: one that `app.accounts.roles.check_gift` has let pass.
        display_name: the name that others see.
        language: `et`, `ru` or `en`.
        active: whether the user may log in.
        password_hash: from `hash_password`, before the transaction.
        keep: the id of the session that stays, of a user who changes their own password.

    Raises:
        UserUnknown: there is no such user.
        LastAdministrator: no active administrator would be left.
    """
    row = await get_user(session, user_id)
    administered = _administers(row)
    if administered and (active is False or role is not None):
        await queries.hold_administrators(session)  # two who put each other out of use would leave none
    given = {
        "role": role,
        "display_name": display_name,
        "language": language,
        "active": active,
        "password_hash": password_hash,
    }
    was = columns_of(row)
    for name, value in given.items():
        if value is not None:
            setattr(row, name, value)
    raise_version(row, was)
    await queries.save_user(session, row)
    if administered and not _administers(row) and not await queries.count_administrators(session):
        raise LastAdministrator
    if active is False or password_hash is not None:
        await queries.remove_sessions(session, user_id, keep=keep)
    return row


def _administers(row: UserRow) -> bool:
    return row.active and row.role == Role.ADMINISTRATOR.value


async def ensure_administrator(engine: AsyncEngine, password: str | None, at: datetime) -> str | None:
    """On the first start, make the user `admin`. Do nothing if any user exists.

    Args:
        password: from the settings; None: a random one is made.

    Returns:
        The random password, to be shown once; else None.

    Raises:
        PasswordUnfit: the password from the settings is refused.
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
    """Make a token with which a program acts for a user.

    Args:
        name: the program's name.
        lifetime: how long the token holds; None: until it is revoked.

    Returns:
        The token, which is stored only as a hash, and its row.

    Raises:
        TooManyTokens: the user has `TOKENS_MOST` tokens that have not expired.
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
    """Open a session for a person or a program.

    Args:
        kind: person or program.
        name: the program's name.
        lifetime: how long the session lasts; None: until it is closed.

    Returns:
        The session's token, which is stored only as a hash, and its row.
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
    """The user and session of a token; None when the token is unknown or expired, or the user is inactive."""
    async with reading(engine) as session:
        found = await queries.find_session(session, _digest(token))
    if found is None:
        return None
    row, user, role = found
    if not user.active or (row.expires_at is not None and row.expires_at <= at):
        return None
    return LoggedIn(user, row, permissions_in(role, user.role), phone_in(role, user.role))


async def close_session(session: AsyncSession, session_id: int) -> bool:
    """End a session or revoke a token; False when it does not exist."""
    return await queries.remove_session(session, session_id)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
