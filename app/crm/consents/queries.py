"""Consents and do-not-calls as rows: what holds for a number, pages of them, and many at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, insert, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.compliance.dial_facts import ConsentKind
from app.crm.consents.tables import ConsentRow
from app.crm.contacts.tables import PhoneRow
from app.domain.campaigns import Purpose
from app.domain.ids import CampaignId, ContactId
from app.records.base import table_of
from app.records.keyed import MARK, keyed, keyed_all

ASKED: Final = 500
"""The most numbers in one query."""

_CONSENT = table_of(ConsentRow)
_PHONE = table_of(PhoneRow)


@dataclass(slots=True, frozen=True)
class ConsentFilter:
    """Which consents are wanted; a field that is None does not filter."""

    word: ConsentKind | None = None
    numbers: Collection[str] | None = None
    """Only those of one of these numbers, in E.164."""
    contact: ContactId | None = None
    purpose: Purpose | None = None
    campaign: CampaignId | None = None
    unreadable: bool = False
    """Only those whose number cannot be dialled, so that they have no effect; an older
    version accepted such numbers.
    """
    removed: bool | None = False
    """False: only those that hold. True: only those that were removed. None: both."""


async def add_consents(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add many at once; the mappings have the columns of `ConsentRow`."""
    if rows:
        await session.execute(insert(_CONSENT), rows)


async def add_consent(session: AsyncSession, row: ConsentRow) -> ConsentRow:
    """Add one; the row comes back with its id."""
    session.add(row)
    await session.flush()
    return row


async def get_consent(session: AsyncSession, consent: int, *, to_change: bool = False) -> ConsentRow | None:
    """One consent or do-not-call, or None; removed ones, too. `to_change` locks it against changes by others."""
    return await session.get(ConsentRow, consent, with_for_update=to_change or None)


async def remove_consent(
    session: AsyncSession, row: ConsentRow, *, at: datetime, user: int | None, reason: str
) -> None:
    """End one; its row stays as evidence."""
    row.removed_at, row.removed_by, row.removed_reason = at, user, reason
    session.add(row)
    await session.flush()


async def page_consents(
    session: AsyncSession, wanted: ConsentFilter, *, before: int | None = None, limit: int = 50
) -> Sequence[ConsentRow]:
    """Those that match, the newest first; `before` is the id of the last of the page before."""
    id_ = col(ConsentRow.id)
    query = select(ConsentRow).order_by(id_.desc()).limit(limit)
    for column, value in (
        (ConsentRow.word, wanted.word.value if wanted.word is not None else None),
        (ConsentRow.contact_id, wanted.contact),
        (ConsentRow.purpose, wanted.purpose.value if wanted.purpose is not None else None),
        (ConsentRow.campaign_id, wanted.campaign),
    ):
        if value is not None:
            query = query.where(col(column) == value)
    if wanted.numbers is not None:
        query = query.where(col(ConsentRow.number).in_(wanted.numbers))
    if wanted.unreadable:
        number = col(ConsentRow.number)
        others = func.ltrim(func.substr(number, 2), "0123456789")
        query = query.where(or_(number.not_like("+%"), others != ""), number.not_like(f"{MARK}%"))
    if wanted.removed is not None:
        removed = col(ConsentRow.removed_at)
        query = query.where(removed.is_not(None) if wanted.removed else removed.is_(None))
    if before is not None:
        query = query.where(id_ < before)
    return (await session.scalars(query)).all()


async def consents_about(
    session: AsyncSession, number: str, contact: ContactId | None = None
) -> Sequence[ConsentRow]:
    """Everything that holds or will hold of a number itself, of the contact, or of any contact who has the number."""
    holds = _CONSENT.c.removed_at.is_(None)
    owners = select(_CONSENT.c.id).join(_PHONE, _PHONE.c.contact_id == _CONSENT.c.contact_id)
    parts = [
        select(_CONSENT.c.id).where(_CONSENT.c.number.in_((number, await keyed(session, number))), holds),
        owners.where(_PHONE.c.e164 == number, holds),
    ]
    if contact is not None:
        parts.append(select(_CONSENT.c.id).where(_CONSENT.c.contact_id == contact, holds))
    query = select(ConsentRow).where(col(ConsentRow.id).in_(union(*parts))).order_by(col(ConsentRow.id))
    return (await session.scalars(query)).all()


async def consents_of_source(
    session: AsyncSession, number: str, contact: int | None, source: str
) -> Sequence[ConsentRow]:
    """Those that hold for a number or a contact and come from one source."""
    of = col(ConsentRow.number) == number
    if contact is not None:
        of = or_(of, col(ConsentRow.contact_id) == contact)
    query = select(ConsentRow).where(
        of, col(ConsentRow.removed_at).is_(None), col(ConsentRow.source) == source
    )
    return (await session.scalars(query)).all()


async def refused_among(
    session: AsyncSession,
    numbers: Collection[str],
    *,
    purpose: Purpose,
    campaign: CampaignId | None,
    at: datetime,
) -> set[str]:
    """Those of many numbers that must not be called, for this purpose in this campaign: for lists that come in."""
    asked = list(numbers)
    refused: set[str] = set()
    for first in range(0, len(asked), ASKED):
        some = asked[first : first + ASKED]
        now = _now(at, purpose, campaign)
        spelled = {number: number for number in some} | await keyed_all(session, some)
        found = await session.scalars(select(_CONSENT.c.number).where(_CONSENT.c.number.in_(spelled), *now))
        refused.update(spelled[one] for one in found)
        refused.update(
            await session.scalars(
                select(_PHONE.c.e164)
                .join(_CONSENT, _CONSENT.c.contact_id == _PHONE.c.contact_id)
                .where(_PHONE.c.e164.in_(some), *now)
            )
        )
    return refused


async def known_among(session: AsyncSession, numbers: Sequence[str], like: ConsentRow) -> set[str]:
    """Those of the numbers for which the same holds already, at least as long. At most `ASKED` numbers."""
    until = _CONSENT.c.until
    query = select(_CONSENT.c.number).where(
        _CONSENT.c.number.in_(numbers),
        _CONSENT.c.removed_at.is_(None),
        _CONSENT.c.word == like.word,
        _CONSENT.c.purpose.is_not_distinct_from(like.purpose),
        _CONSENT.c.campaign_id.is_not_distinct_from(like.campaign_id),
        _CONSENT.c.given_at <= like.given_at,
        until.is_(None) if like.until is None else or_(until.is_(None), until >= like.until),
    )
    return set(await session.scalars(query))


async def consents_of_contact(
    session: AsyncSession, contact: ContactId, word: ConsentKind
) -> Sequence[ConsentRow]:
    """Those of this kind that hold for a contact itself."""
    query = select(ConsentRow).where(
        col(ConsentRow.contact_id) == contact,
        col(ConsentRow.removed_at).is_(None),
        col(ConsentRow.word) == word.value,
    )
    return (await session.scalars(query)).all()


def _now(at: datetime, purpose: Purpose, campaign: CampaignId | None) -> list[ColumnElement[bool]]:
    """The condition for a do-not-call that holds at a moment, for a purpose and in a campaign."""
    return [
        _CONSENT.c.removed_at.is_(None),
        _CONSENT.c.word == ConsentKind.DO_NOT_CALL.value,
        _CONSENT.c.given_at <= at,
        or_(_CONSENT.c.until.is_(None), _CONSENT.c.until > at),
        or_(_CONSENT.c.purpose.is_(None), _CONSENT.c.purpose == purpose.value),
        or_(_CONSENT.c.campaign_id.is_(None), _CONSENT.c.campaign_id == campaign),
    ]
