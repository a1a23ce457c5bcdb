"""What hinders an erasure: a call, an open order or complaint, the law on the papers of orders."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.cases.case import CaseState
from app.crm.complaints.tables import ComplaintRow
from app.crm.leads.tables import EngagedRow
from app.crm.orders.states import OrderState
from app.crm.orders.tables import OrderRow
from app.crm.privacy import records as _records  # noqa: F401 - its lines
from app.crm.privacy.errors import OrderPapersKept, PersonHasComplaint, PersonHasOrder, PersonInCall
from app.crm.privacy.holdings import HOLDINGS
from app.crm.privacy.person import Person, is_theirs
from app.crm.privacy.tables import PrivacyRulesRow
from app.domain.errors import Refusal
from app.records.base import table_of
from app.records.tables import CallRow

LONGEST_CALL: Final = timedelta(days=1)
"""An open call that is older has ended unseen."""
_CALL, _ORDER, _COMPLAINT = table_of(CallRow), table_of(OrderRow), table_of(ComplaintRow)
_OPEN_ORDERS: Final = (OrderState.PLACED.value, OrderState.CONFIRMED.value)
_ENDED_CASES: Final = (CaseState.SOLVED.value, CaseState.REJECTED.value)


async def rules_of(session: AsyncSession) -> PrivacyRulesRow:
    """What the administrator has set; the usual rules where nothing was."""
    return await session.get(PrivacyRulesRow, 1) or PrivacyRulesRow(id=1)


async def is_called(session: AsyncSession, person: Person, at: datetime) -> bool:
    """Whether somebody talks with a person, or a campaign calls them."""
    theirs = is_theirs(HOLDINGS["call"], person)
    open_ = (_CALL.c.ended_at.is_(None), _CALL.c.arrived_at > at - LONGEST_CALL)
    call = await session.scalar(select(_CALL.c.id).where(theirs, *open_).limit(1))
    engaged = table_of(EngagedRow).c.key
    keys = [f"c{person.contact}", *person.numbers]
    return bool(call or await session.scalar(select(engaged).where(engaged.in_(keys)).limit(1)))


async def hindrance(session: AsyncSession, person: Person, at: datetime) -> Refusal | None:
    """The first thing that hinders the erasure of a contact; None: nothing does.

    Args:
        session: that reads.
        person: a contact.
        at: aware; now.
    """
    if await is_called(session, person, at):
        return PersonInCall()
    rules = await rules_of(session)
    mine = is_theirs(HOLDINGS["customer_order"], person)
    if rules.open_orders:
        count = select(func.count()).select_from(_ORDER).where(mine, _ORDER.c.state.in_(_OPEN_ORDERS))
        if orders := await session.scalar(count):
            return PersonHasOrder(orders=orders)
    if rules.open_complaints:
        count = select(func.count()).select_from(_COMPLAINT)
        open_ = _COMPLAINT.c.state.not_in(_ENDED_CASES)
        count = count.where(is_theirs(HOLDINGS["complaint"], person), open_)
        if complaints := await session.scalar(count):
            return PersonHasComplaint(complaints=complaints)
    if rules.orders_days:
        last = await session.scalar(select(func.max(_ORDER.c.placed_at)).where(mine))
        until = last + timedelta(days=rules.orders_days) if last is not None else at
        if until > at:
            return OrderPapersKept(until=until.date().isoformat())
    return None
