"""The places that a user has logged in from, where a stranger's wrong passwords do not lock the user out.

A place is a browser, known by a cookie that it keeps for a year, or an address. The cookie lets nobody in: its holder
is only exempt from the log-in limits that strangers share. Only hashes are stored.
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
"""How many devices, and how many addresses, are kept for a user; the latest stay."""
_TOKEN_BYTES: Final = 24
_TOKEN_MAX: Final = 100


@dataclass(slots=True, frozen=True)
class Applicant:
    """Somebody who tries to log in: the username, the place, and whether the user is known there."""

    name: str
    """The username, folded to lower case."""
    place: str
    """The address as `app.serving.addresses.place_of` gives it."""
    device: str = ""
    """The device's token; empty: the device gets one when the password is right."""
    known: str = ""
    """The mark of the place, if the user has logged in from it before; else empty."""
    known_device: bool = False
    """Whether `known` is the mark of the device."""


async def find_applicant(engine: AsyncEngine, username: str, place: str, device: str) -> Applicant:
    """Look up whether a user has logged in from this device or address before.

    Args:
        username: as it was typed.
        place: the address as `place_of` gives it.
        device: the cookie's value, unchecked.
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
    """Note the place that a user has just logged in from; give the device's token, or "" without a browser."""
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
