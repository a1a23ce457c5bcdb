"""Who may see a call, live or recorded, and say whose it is.

Operators see the calls they took part in, supervisors see all.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.calls import queries
from app.crm.calls.belonging import give_call
from app.crm.calls.errors import CallUnknown
from app.crm.contacts.service import standing_contact
from app.domain.ids import CallId, ContactId, OperatorId
from app.floor.errors import CallOver
from app.floor.floor import Floor
from app.floor.model import Call
from app.records.tables import CallRow


@dataclass(slots=True, frozen=True)
class SeenCall:
    """A call as far as a user may see it."""

    row: CallRow
    record: queries.WholeCall | None
    """None until the journal has written the record, which is a moment later than the floor."""
    live: Call | None
    """None once it is over."""
    whole: bool
    """The user may see who is in the call now; otherwise the user was in the call earlier and has left it."""
    contact: int | None
    """Whose the call is, and what is made in it unless another contact is named: while the call is live, as the floor
    has it. One that was merged is the contact it went into; None: nobody who is known, or was forgotten."""


async def seen_call(session: AsyncSession, floor: Floor, id_: CallId, *, user: int, of_all: bool) -> SeenCall:
    """A call that a user may see.

    Args:
        session: that reads.
        floor: read.
        id_: the call.
        user: who asks.
        of_all: they may see every call.

    Raises:
        CallUnknown: there is none for them.
    """
    live = floor.calls.get(id_)
    record = await queries.get_call(session, id_)
    whole = of_all or (live is not None and _holds(floor, live, user))
    if not whole and user not in _parts(record, live):
        raise CallUnknown(call=id_)
    if record is not None:
        row = record.call
    elif live is not None:
        row = _open_row(live)
    else:
        raise CallUnknown(call=id_)
    contact = await standing_contact(session, live.contact if live is not None else row.contact_id)
    return SeenCall(row, record, live, whole, contact)


async def nameable_call(
    session: AsyncSession, floor: Floor, id_: CallId, *, user: int, of_all: bool
) -> SeenCall:
    """A call whose caller a user may name: one that they are in, or took part in until it was over, or any where they
    may see all.

    Raises:
        CallUnknown: there is none for them.
        CallOver: it has ended this moment, and its record is not whole yet.
    """
    seen = await seen_call(session, floor, id_, user=user, of_all=of_all)
    if not seen.whole and seen.live is not None:
        raise CallUnknown(call=id_)
    if seen.live is None and seen.row.ended_at is None:
        raise CallOver
    return seen


async def name_caller(session: AsyncSession, seen: SeenCall, contact: ContactId | None, at: datetime) -> None:
    """Say whose a call is: what was made in it goes along, and so does its record; the floor is told by the caller.

    Args:
        session: that writes.
        seen: the call, of `nameable_call`.
        contact: whose it is; None: nobody's who is known.
        at: aware; now.
    """
    id_ = CallId(seen.row.id)
    await give_call(session, id_, was=seen.contact, now=contact, at=at)
    if seen.live is None:
        await queries.set_contact(session, id_, contact)


def _holds(floor: Floor, call: Call, user: int) -> bool:
    operator = floor.operators.get(OperatorId(user))
    return operator is not None and operator.call == call.id


def _parts(record: queries.WholeCall | None, live: Call | None) -> set[int | None]:
    """Who took part: the record of a call that goes on has no legs yet, but the floor has them."""
    parts: set[int | None] = set()
    if record is not None:
        parts |= {record.call.operator_id, record.call.caller_operator_id}
        parts |= {leg.operator_id for leg in record.legs}
    if live is not None:
        parts |= {leg.operator for leg in live.legs}
    return parts


def _open_row(call: Call) -> CallRow:
    return CallRow(
        id=call.id,
        queue=call.queue,
        first_queue=call.first_queue,
        caller_number=call.caller_number,
        caller_sent=call.caller_sent,
        number_withheld=call.number_withheld,
        caller_name=call.caller_name,
        contact_id=call.contact,
        dialed=call.dialed,
        language=call.language,
        arrived_at=call.arrived.wall,
        answered_at=call.answered.wall if call.answered else None,
    )
