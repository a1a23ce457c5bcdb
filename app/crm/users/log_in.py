"""Logging in with a password, and changing one's own: attempts are limited, and checked outside every transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import service
from app.accounts.errors import CurrentPasswordWrong, PasswordJustChanged, PasswordWrong
from app.accounts.hashing import hash_password
from app.accounts.known_places import Applicant, find_applicant, remember
from app.accounts.roles import rights_of
from app.accounts.service import LoggedIn
from app.accounts.tables import SessionKind, UserRow
from app.api.login_limits import LoginLimits
from app.api.services import Services
from app.domain.ids import OperatorId
from app.domain.operators import Presence
from app.floor.events import PresenceAsked
from app.records.engine import writing

log = structlog.get_logger(__name__)


@dataclass(slots=True, frozen=True)
class Asking:
    """Where a log-in comes from."""

    place: str
    """The address in the form of `app.serving.addresses.place_of`."""
    device: str
    """The cookie that identifies a browser, not yet verified; empty: there is none."""
    browser: bool
    """True: a browser asks, and is given a device token to keep."""


class CameIn(NamedTuple):
    """A user who has logged in."""

    who: LoggedIn
    token: str
    """The session's token."""
    device: str
    """The device token; empty where there is no browser."""


async def log_in(
    services: Services, limits: LoginLimits, username: str, password: str, asking: Asking
) -> CameIn:
    """Let a user in.

    Args:
        services: where users are kept.
        limits: how often it may be tried.
        username: as typed.
        password: as typed.
        asking: from where.

    Raises:
        PasswordWrong: or there is no such user.
        PasswordJustChanged: meanwhile.
        TooManyWrongPasswords, TooManyLogIns, LogInsBusy, HashingBusy: come back later.
    """
    applicant = await find_applicant(services.engine, username, asking.place, asking.device)
    async with _checked(services, limits, applicant, username, password) as user:
        if user is None:
            raise PasswordWrong
    assert user.id is not None
    now = services.now()
    async with writing(services.engine) as session:
        if not await service.still_the_same(session, user):
            raise PasswordJustChanged
        token, row = await service.open_session(session, user.id, now)
        device = await remember(session, user.id, applicant, now, browser=asking.browser)
        rights = await rights_of(session, user.role)
    return CameIn(LoggedIn(user, row, frozenset(rights.permissions), rights.phone), token, device)


async def log_out(services: Services, who: LoggedIn) -> None:
    """End the session, or revoke the token, that somebody came with; close its websockets.

    An operator who logs out in a browser goes offline, after the call they are in.
    """
    assert who.session.id is not None
    assert who.user.id is not None
    async with writing(services.engine, who.actor) as session:
        await service.close_session(session, who.session.id)
    services.end_login(who.session.id)
    await _take_phones_back(services, who.session.id)
    operator = OperatorId(who.user.id)
    if who.session.kind == SessionKind.BROWSER.value and operator in services.runner.floor.operators:
        await services.runner.post(PresenceAsked(operator, Presence.OFFLINE, "", "logged_out"))


async def _take_phones_back(services: Services, session: int) -> None:
    """End the secrets that the session's pages were lent; where that cannot be done now, `UserWatch` does it later."""
    if services.softphones is not None:
        try:
            await services.softphones.take_back(session)
        except (SQLAlchemyError, OSError) as error:  # a time-out is an OSError
            log.info("phones_not_taken_back", reason=type(error).__name__)


async def change_own_password(
    services: Services, limits: LoginLimits, who: LoggedIn, place: str, *, current: str, new: str
) -> None:
    """Give somebody a new password; every other session of theirs ends, and every token.

    Args:
        services: where users are kept.
        limits: how often it may be tried.
        who: whose.
        place: from where.
        current: the password now, as typed.
        new: the new one, as typed.

    Raises:
        CurrentPasswordWrong: or changed meanwhile.
        PasswordUnfit: the new one is not taken.
        TooManyWrongPasswords, TooManyLogIns, LogInsBusy, HashingBusy: come back later.
    """
    username = who.user.username
    applicant = Applicant(username, place, known=f"session {who.session.id}", known_device=True)
    async with _checked(services, limits, applicant, username, current) as user:
        if user is None:
            raise CurrentPasswordWrong
        password_hash = await hash_password(new, user.username, user.display_name)
    assert user.id is not None
    async with writing(services.engine, who.actor) as session:
        if not await service.still_the_same(session, user):
            raise CurrentPasswordWrong
        await service.change_user(session, user.id, password_hash=password_hash, keep=who.session.id)
    services.end_user(user.id, keep=who.session.id)


@asynccontextmanager
async def _checked(
    services: Services, limits: LoginLimits, applicant: Applicant, username: str, password: str
) -> AsyncIterator[UserRow | None]:
    """The user with this name and password, or None; the try is counted, and one try per place is checked at a time."""
    async with limits.turn(applicant):
        user = await service.authenticate(services.engine, username, password)
        (limits.wrong if user is None else limits.right)(applicant)
        yield user
