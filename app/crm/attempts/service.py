"""Who may see an attempt and set its disposition; a do-not-call is written down in the same transaction.

How an attempt begins is in `placing`, what it makes of its lead in `outcomes`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.attempts.errors import AttemptUnknown
from app.crm.attempts.outcomes import dispose
from app.crm.attempts.queries import get_attempt
from app.crm.attempts.tables import AttemptRow
from app.crm.consents.service import consents_of_source, withdraw, write_down_no
from app.crm.dispositions.service import offered_disposition
from app.crm.leads.errors import CallbackNotYours
from app.crm.operators.errors import OperatorUnknown
from app.crm.operators.queries import get_operator
from app.domain.ids import AttemptId, CampaignId, ContactId, OperatorId
from app.domain.references import ReferenceUnknown
from app.floor.floor import Floor

_CORRECTED = "the disposition was corrected"


@dataclass(slots=True, frozen=True)
class DispositionDraft:
    """The disposition that an operator sets for a call."""

    code: str
    note: str = ""
    callback_at: datetime | None = None
    """Aware; when the customer asked to be called back."""
    callback_operator: OperatorId | None = None
    """The operator who is to call back; None: anybody."""


def who_talks(floor: Floor, attempt: AttemptId) -> OperatorId | None:
    """The operator who talks in an attempt's call, or who talked in it last; None when the floor knows nobody."""
    under_way = floor.attempts.get(attempt)
    call = floor.calls.get(under_way.call) if under_way is not None and under_way.call is not None else None
    if call is not None and call.talking is not None:
        return call.talking.operator
    for operator in floor.operators.values():
        if operator.talked is not None and operator.talked.attempt == attempt:
            return operator.settings.id
    return None


async def seen_attempt(
    session: AsyncSession, id_: AttemptId, *, user: int, of_all: bool, talks: OperatorId | None
) -> AttemptRow:
    """An attempt that a user may see: any, or one in which they talk or talked.

    Args:
        session: that reads.
        id_: the attempt.
        user: who asks.
        of_all: they may see every attempt.
        talks: who talks or talked, where the floor knows it and the attempt may not yet.

    Raises:
        AttemptUnknown: there is no such attempt, or the user may not see it.
    """
    row = await get_attempt(session, id_)
    if row is None or not (of_all or user in {row.operator_id, talks}):
        raise AttemptUnknown(attempt=id_)
    return row


async def set_disposition(
    session: AsyncSession,
    id_: AttemptId,
    draft: DispositionDraft,
    *,
    user: int,
    of_all: bool,
    at: datetime,
    talks: OperatorId | None = None,
) -> AttemptRow:
    """Set the disposition of an attempt; one that is set later replaces it.

    A do-not-call holds once this is committed, for the number and for the contact, in every campaign: it is asked at
    each dial. Corrected to something else, what was written down with it is removed, and stays on file.

    Args:
        session: that writes.
        id_: the attempt.
        draft: what is said.
        user: who says it.
        of_all: they may say it of every attempt, and give a callback to anybody.
        at: aware; now.
        talks: who talks or talked, where the floor knows it and the attempt may not yet.

    Raises:
        AttemptUnknown: there is none for them.
        DispositionNotOffered, CallbackUntimed: see there.
        CallbackNotYours: they give a callback to a colleague.
        ReferenceUnknown: to somebody who is no operator.
    """
    by = draft.callback_operator
    if by not in {None, user} and not of_all:
        raise CallbackNotYours
    attempt = await seen_attempt(session, id_, user=user, of_all=of_all, talks=talks)
    if by is not None and await get_operator(session, by) is None:
        raise ReferenceUnknown("callback_operator", OperatorUnknown(operator=by))
    disposition = await offered_disposition(session, CampaignId(attempt.campaign_id), draft.code)
    disposed = await dispose(
        session,
        id_,
        disposition,
        at,
        note=draft.note,
        callback_at=draft.callback_at,
        callback_operator=by,
    )
    if disposed is None:
        raise AttemptUnknown(attempt=id_)
    if talks is not None and disposed.attempt.operator_id is None:
        disposed.attempt.operator_id = talks
    await _take_down(session, disposed.attempt, do_not_call=disposition.do_not_call, user=user, at=at)
    return disposed.attempt


async def _take_down(
    session: AsyncSession, attempt: AttemptRow, *, do_not_call: bool, user: int, at: datetime
) -> None:
    source = f"call {attempt.id}"
    contact = ContactId(attempt.contact_id) if attempt.contact_id is not None else None
    known = await consents_of_source(session, attempt.number, contact, source)
    if not do_not_call:
        for row in known:
            await withdraw(session, row.id or 0, at=at, user=user, reason=_CORRECTED)
    elif not known:
        await write_down_no(session, attempt.number, contact, source, user=user, at=at)
