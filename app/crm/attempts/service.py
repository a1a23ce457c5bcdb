"""What a campaign's call came to, as the operator says it; a do-not-call is written down in the same breath."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.attempts.lists import get_attempt
from app.crm.attempts.queries import dispose
from app.crm.attempts.tables import AttemptRow
from app.crm.consents.service import consents_of_source, withdraw, write_down_no
from app.crm.dispositions.service import offered_disposition
from app.crm.dispositions.tables import DispositionRow
from app.domain.errors import WordedRefusal
from app.domain.ids import AttemptId, CampaignId, ContactId, OperatorId

_CORRECTED = "the disposition was corrected"


class DispositionUnfit(WordedRefusal, ValueError):  # noqa: N818 - named for what is so
    """The campaign has no such disposition, or a callback has no time or one that is past."""

    status = 422


@dataclass(slots=True, frozen=True)
class DispositionDraft:
    """What an operator says a call came to."""

    code: str
    note: str = ""
    callback_at: datetime | None = None
    """Aware; when the customer asked to be called."""
    callback_operator: OperatorId | None = None
    """By whom; None: by anybody."""


async def set_disposition(
    session: AsyncSession,
    id_: AttemptId,
    draft: DispositionDraft,
    *,
    user: int,
    at: datetime,
    operator: OperatorId | None = None,
) -> tuple[AttemptRow, DispositionRow] | None:
    """Say what an attempt came to; the last word counts.

    A do-not-call holds once this is committed, for the number and for the contact, in every campaign: it is asked at
    each dial. Corrected to something else, what was written down with it is removed, and stays on file.

    Args:
        session: that writes.
        id_: the attempt.
        draft: what is said.
        user: who says it.
        at: aware; now.
        operator: who talks or talked, where the floor knows it and the attempt may not yet.

    Returns:
        None when there is no such attempt.

    Raises:
        DispositionUnfit: see there.
    """
    attempt = await get_attempt(session, id_)
    if attempt is None:
        return None
    disposition = await offered_disposition(session, CampaignId(attempt.campaign_id), draft.code)
    if disposition.callback and (draft.callback_at is None or draft.callback_at <= at):
        raise DispositionUnfit("a callback needs the time the customer asked for, later than now")
    disposed = await dispose(
        session,
        id_,
        disposition,
        at,
        note=draft.note,
        callback_at=draft.callback_at,
        callback_operator=draft.callback_operator,
    )
    assert disposed is not None
    if operator is not None and disposed.attempt.operator_id is None:
        disposed.attempt.operator_id = operator
    await _take_down(session, disposed.attempt, do_not_call=disposition.do_not_call, user=user, at=at)
    return disposed.attempt, disposition


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
