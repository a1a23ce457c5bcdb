"""Who may see a call, live or recorded: operators see the calls they took part in, supervisors see all."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.calls import queries
from app.crm.calls.errors import CallUnknown
from app.domain.ids import CallId, OperatorId
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
    if record is not None and (whole or user in _parts(record)):
        return SeenCall(record.call, record, live, whole)
    if live is not None and whole:
        return SeenCall(_open_row(live), record, live, whole)
    raise CallUnknown(call=id_)


def held_call(floor: Floor, id_: CallId, *, user: int, of_all: bool) -> Call:
    """A live call whose caller a user may name: their own, or any where they may see all.

    Raises:
        CallUnknown: there is none for them.
    """
    call = floor.calls.get(id_)
    if call is None or not (of_all or _holds(floor, call, user)):
        raise CallUnknown(call=id_)
    return call


def _holds(floor: Floor, call: Call, user: int) -> bool:
    operator = floor.operators.get(OperatorId(user))
    return operator is not None and operator.call == call.id


def _parts(record: queries.WholeCall) -> set[int | None]:
    ends = {record.call.operator_id, record.call.caller_operator_id}
    return {leg.operator_id for leg in record.legs} | ends


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
