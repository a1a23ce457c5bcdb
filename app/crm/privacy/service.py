"""Erasures that are asked for, and the rules of what hinders them."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crm.contacts.tables import ContactRow
from app.crm.privacy.errors import BeingErased, ErasureUnknown
from app.crm.privacy.hindrances import hindrance, rules_of
from app.crm.privacy.person import Person, find_person
from app.crm.privacy.states import ErasureCause, ErasureState
from app.crm.privacy.tables import ErasureRow, PrivacyRulesRow
from app.domain.ids import ContactId
from app.records.keyed import keyed, keyed_all


async def ask_erasure(
    session: AsyncSession,
    contact: ContactId,
    *,
    user: int | None,
    why: ErasureCause,
    at: datetime,
) -> ErasureRow:
    """Have a contact erased; one that is being erased already is not asked for again.

    Args:
        session: that writes.
        contact: whom.
        user: who asks; None: the service.
        why: the cause.
        at: aware; now.

    Raises:
        ContactUnknown: there is no such contact.
        PersonInCall, PersonHasOrder, PersonHasComplaint, OrderPapersKept: this hinders it.
    """
    await session.get(ContactRow, contact, with_for_update=True)  # whoever merges it now has to end first
    person = await find_person(session, contact)
    if (known := await under_way(session, contact)) is not None:
        return known
    if (hinders := await hindrance(session, person, at)) is not None:
        raise hinders
    row = ErasureRow(
        id=secrets.token_hex(16),
        contact=contact,
        **await hashes_of(session, person),
        state=ErasureState.ASKED.value,
        asked_at=at,
        user_id=user,
        why=why.value,
    )
    session.add(row)
    await session.flush()
    return row


async def preview_erasure(session: AsyncSession, contact: ContactId, at: datetime) -> tuple[Person, str, str]:
    """A contact, and the code and text of what hinders its erasure; empty: nothing does.

    Raises:
        ContactUnknown: there is no such contact.
    """
    person = await find_person(session, contact)
    hinders = await hindrance(session, person, at)
    return person, hinders.code if hinders else "", str(hinders) if hinders else ""


async def hashes_of(session: AsyncSession, person: Person) -> dict[str, Any]:
    """The columns by which an erasure of a contact can be done again."""
    return {
        "identities": [(contact, await keyed(session, text)) for contact, text in person.identities],
        "numbers": sorted(await keyed_all(session, person.numbers)),
    }


async def under_way(session: AsyncSession, *contacts: int) -> ErasureRow | None:
    """The erasure of one of some contacts that are still there; None: there is none."""
    query = select(ErasureRow).where(
        col(ErasureRow.contact).in_(contacts), col(ErasureRow.state) == ErasureState.ASKED.value
    )
    return (await session.scalars(query.limit(1))).first()


async def refuse_if_erased(session: AsyncSession, *contacts: int) -> None:
    """Refuse what would join another contact to one that is being erased, or take one from it.

    Args:
        session: that writes and has locked the contacts.
        contacts: their ids.

    Raises:
        BeingErased: one of them is being erased.
    """
    if (row := await under_way(session, *contacts)) is not None:
        raise BeingErased(contact=row.contact)


async def get_erasure(session: AsyncSession, erasure: str) -> ErasureRow:
    """One erasure.

    Raises:
        ErasureUnknown: there is no such one.
    """
    row = await session.get(ErasureRow, erasure)
    if row is None:
        raise ErasureUnknown
    return row


async def page_erasures(
    session: AsyncSession,
    *,
    state: ErasureState | None = None,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> Sequence[ErasureRow]:
    """Erasures, the newest first; `before` is the moment and the id of the last of the page before."""
    at, id_ = col(ErasureRow.asked_at), col(ErasureRow.id)
    query = select(ErasureRow)
    if state is not None:
        query = query.where(col(ErasureRow.state) == state.value)
    if before is not None:
        query = query.where(at <= before[0], (at < before[0]) | (id_ < before[1]))
    return (await session.scalars(query.order_by(at.desc(), id_.desc()).limit(limit))).all()


async def put_rules(
    session: AsyncSession, *, open_orders: bool, open_complaints: bool, orders_days: int
) -> PrivacyRulesRow:
    """Set what hinders an erasure."""
    row = await rules_of(session)
    values = {"open_orders": open_orders, "open_complaints": open_complaints, "orders_days": orders_days}
    if any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        session.add(row)
        await session.flush()
    return row
