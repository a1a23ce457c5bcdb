"""From where a user has logged in before, so that a stranger's wrong passwords do not shut the user out there.

A place is a browser, known by a cookie that it keeps for a year, or an address. The cookie lets nobody in: it only
takes whoever has it out of the limits that strangers share. Kept are hashes alone.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.accounts import known_place_queries as queries
from app.accounts.tables import KnownPlaceRow, PlaceKind
from app.records.engine import reading

DEVICE_LIFETIME: Final = timedelta(days=365)
MOST: Final = 20
"""Devices, and addresses, that a user is known by; the latest stay."""
_TOKEN_BYTES: Final = 24
_TOKEN_MAX: Final = 100


@dataclass(slots=True, frozen=True)
class Applicant:
    """Who asks to be let in, and from where."""

    name: str
    """Folded to lower case."""
    place: str
    """As `app.serving.addresses.place_of` has it."""
    device: str = ""
    """The device's token; empty: it is given one when the password is right."""
    known: str = ""
    """The mark of the place that this user has logged in from; empty: there is none."""
    known_device: bool = False
    """Whether that place is the device."""


async def find_applicant(engine: AsyncEngine, username: str, place: str, device: str) -> Applicant:
    """What is known of somebody who names a user.

    Args:
        username: as it was typed.
        place: where it comes from.
        device: the cookie's value, whatever it is.
    """
    device = device if len(device) <= _TOKEN_MAX else ""
    by_device, by_place = _mark(PlaceKind.DEVICE, device), _mark(PlaceKind.ADDRESS, place)
    async with reading(engine) as session:
        known = await queries.known_marks(session, username, (by_device, by_place))
        ours = bool(device) and (by_device in known or await queries.is_known(session, by_device))
    name = username.casefold()
    if ours and by_device in known:
        return Applicant(name, place, device, by_device, known_device=True)
    return Applicant(name, place, device if ours else "", by_place if by_place in known else "")


async def remember(
    session: AsyncSession, user_id: int, applicant: Applicant, at: datetime, *, browser: bool
) -> str:
    """Note from where a user has just logged in; give the device's token, or nothing where there is no browser."""
    await _remember(session, user_id, PlaceKind.ADDRESS, applicant.place, at)
    if not browser:
        return ""
    device = applicant.device or secrets.token_urlsafe(_TOKEN_BYTES)
    await _remember(session, user_id, PlaceKind.DEVICE, device, at)
    return device


async def _remember(session: AsyncSession, user_id: int, kind: PlaceKind, what: str, at: datetime) -> None:
    row = KnownPlaceRow(user_id=user_id, mark=_mark(kind, what), kind=kind.value, last_seen_at=at)
    await queries.remember(session, row, MOST)


def _mark(kind: PlaceKind, what: str) -> str:
    return hashlib.sha256(f"{kind.value}:{what}".encode()).hexdigest()
