"""The rules of campaigns: how one is made and changed, which state follows which, and what stays as evidence.

Every change of a campaign is written down with who made it, by `note_change`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.attempts.queries import has_attempts
from app.crm.campaigns import queries
from app.crm.campaigns.errors import (
    CampaignFinished,
    CampaignHasCalled,
    CampaignNotFinished,
    CampaignTooLarge,
    CampaignUnknown,
    DispositionsMissing,
    StateUnreachable,
    TitleTaken,
)
from app.crm.campaigns.rules import check_may_call, check_rules, is_calling, lacks_of, recycling_of
from app.crm.campaigns.tables import CampaignChangeRow, CampaignRow
from app.crm.dispositions.queries import list_dispositions
from app.crm.leads.counts import has_leads
from app.crm.leads.judging import wake_exhausted
from app.crm.queues.errors import QueueUnknown
from app.crm.queues.queries import get_queue
from app.crm.sounds.errors import SoundUnknown
from app.crm.sounds.queries import get_sound
from app.domain.campaigns import CampaignState
from app.domain.ids import CampaignId, QueueId
from app.domain.references import ReferenceUnknown, named
from app.numbers.facts import only_zone
from app.pbx.sounds import PREFIX

REMOVED_AT_ONCE: Final = 10_000
"""The most leads that are removed with their campaign in one transaction."""
_NEXT: Final[Mapping[CampaignState, frozenset[CampaignState]]] = {
    CampaignState.DRAFT: frozenset({CampaignState.RUNNING, CampaignState.FINISHED}),
    CampaignState.RUNNING: frozenset({CampaignState.PAUSED, CampaignState.DRAINED, CampaignState.FINISHED}),
    CampaignState.PAUSED: frozenset({CampaignState.RUNNING, CampaignState.DRAINED, CampaignState.FINISHED}),
    CampaignState.DRAINED: frozenset({CampaignState.RUNNING, CampaignState.FINISHED}),
    CampaignState.FINISHED: frozenset(),
}


async def known_campaign(session: AsyncSession, id_: CampaignId) -> CampaignRow:
    """The campaign with this id.

    Raises:
        CampaignUnknown: it is not.
    """
    row = await queries.get_campaign(session, id_)
    if row is None:
        raise CampaignUnknown(campaign=id_)
    return row


async def require_campaigns(
    session: AsyncSession, campaigns: Iterable[int], field: str = "campaigns"
) -> None:
    """Check that campaigns exist which a field of a request names.

    Raises:
        ReferenceUnknown: one does not.
    """
    for place, campaign in enumerate(campaigns):
        with named(f"{field}.{place}"):
            await known_campaign(session, CampaignId(campaign))


async def open_campaign(session: AsyncSession, id_: CampaignId) -> CampaignRow:
    """The campaign with this id, which may be changed and takes leads.

    Raises:
        CampaignUnknown: it is not there.
        CampaignFinished: it is finished.
    """
    row = await known_campaign(session, id_)
    if row.state == CampaignState.FINISHED.value:
        raise CampaignFinished
    return row


async def make_campaign(
    session: AsyncSession, fields: Mapping[str, Any], *, region: str, user: int | None, at: datetime
) -> CampaignRow:
    """Make a campaign, as a draft.

    Args:
        session: that writes.
        fields: of `CampaignRow`, as people set them; without a country it is the centre's, without a time zone the
            country's.
        region: the centre's country.
        user: who makes it.
        at: aware; now.

    Raises:
        RulesUnfit: its rules cannot be kept.
        ReferenceUnknown, TitleTaken: see there.
    """
    row = CampaignRow(**_whole(fields, region), state_at=at, created_at=at, updated_at=at)
    check_rules(row, region)
    await _check_named(session, row)
    await queries.save_campaign(session, row)
    await note_change(session, _id(row), "made", {"title": row.title}, user=user, at=at)
    return row


async def change_campaign(
    session: AsyncSession,
    id_: CampaignId,
    fields: Mapping[str, Any],
    *,
    region: str,
    user: int | None,
    at: datetime,
) -> CampaignRow:
    """Change a campaign whole; the arguments are those of `make_campaign`.

    A maximum that is raised lets the leads be called again that it had stopped.

    Raises:
        CampaignUnknown, CampaignFinished: see there.
        RulesUnfit: its rules cannot be kept.
        CampaignLacks: it is calling, and would lack what it did not lack before.
        ReferenceUnknown, TitleTaken: see there.
    """
    row = await open_campaign(session, id_)
    lacked, before = lacks_of(row), recycling_of(row.recycling)
    with session.no_autoflush:
        changed = _fill(row, _whole(fields, region))
        check_rules(row, region)
        if is_calling(row):
            check_may_call(row, allowed=lacked)
        await _check_named(session, row)
    if changed:
        row.updated_at = at
        await queries.save_campaign(session, row)
        await note_change(session, id_, "changed", changed, user=user, at=at)
        await wake_exhausted(session, id_, before, recycling_of(row.recycling))
    return row


async def set_state(
    session: AsyncSession,
    id_: CampaignId,
    state: CampaignState,
    *,
    reason: str,
    user: int | None,
    at: datetime,
) -> CampaignRow:
    """Set the state of a campaign as a user asks.

    Raises:
        CampaignUnknown: see there.
        CampaignLacks: it is to run, and lacks something.
        DispositionsMissing: it is to run, and its operators have nothing to choose.
        StateUnreachable: from the state it is in, it cannot go there.
    """
    row = await known_campaign(session, id_)
    if state is CampaignState.RUNNING:
        check_may_call(row)
        if row.disposition_required:
            offered = await list_dispositions(session, id_)
            if not any(one.active for one in offered):
                raise DispositionsMissing
    await change_state(session, row, state, reason=reason, user=user, at=at)
    return row


async def change_state(
    session: AsyncSession,
    row: CampaignRow,
    state: CampaignState,
    *,
    reason: str,
    user: int | None,
    at: datetime,
) -> None:
    """Change the state of a campaign, with a reason; its present state changes nothing.

    Raises:
        StateUnreachable: from the state it is in, it cannot go there.
    """
    before = CampaignState(row.state)
    if before is state:
        return
    if state not in _NEXT[before]:
        raise StateUnreachable(state=before.value, wanted=state.value)
    row.state, row.state_reason, row.state_at = state.value, reason, at
    await queries.save_campaign(session, row)
    detail = {"from": before.value, "to": state.value, "reason": reason}
    await note_change(session, _id(row), "state", detail, user=user, at=at)


async def remove_campaign(session: AsyncSession, id_: CampaignId, *, user: int | None, at: datetime) -> None:
    """Remove a campaign with its leads.

    Raises:
        CampaignUnknown: see there.
        CampaignNotFinished: it is under way.
        CampaignHasCalled: it is evidence.
        CampaignTooLarge: it has more leads than go at once.
    """
    row = await known_campaign(session, id_)
    if row.state not in {CampaignState.DRAFT.value, CampaignState.FINISHED.value}:
        raise CampaignNotFinished
    if await has_attempts(session, id_):
        raise CampaignHasCalled
    if await has_leads(session, id_, besides=REMOVED_AT_ONCE):
        raise CampaignTooLarge(most=REMOVED_AT_ONCE)
    await queries.remove_campaign(session, row)
    await note_change(session, id_, "removed", {"title": row.title}, user=user, at=at)


async def note_change(
    session: AsyncSession,
    campaign: CampaignId,
    what: str,
    detail: Mapping[str, Any],
    *,
    user: int | None,
    at: datetime,
) -> None:
    """Write down who did what to a campaign: each change of one comes by here, in its transaction."""
    row = CampaignChangeRow(campaign_id=campaign, at=at, user_id=user, what=what, detail=dict(detail))
    await queries.add_change(session, row)


def _whole(fields: Mapping[str, Any], region: str) -> dict[str, Any]:
    country = fields["country"] or region
    return {**fields, "country": country, "time_zone": fields["time_zone"] or only_zone(country)}


def _fill(row: CampaignRow, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Put fields into a row; what has changed by it, each with what it was and is."""
    changed = {}
    for name, value in fields.items():
        before = getattr(row, name)
        if before != value:
            changed[name] = [_told(before), _told(value)]
            setattr(row, name, value)
    return changed


def _told(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


async def _check_named(session: AsyncSession, row: CampaignRow) -> None:
    """Whether the queue and the sound files are there that a campaign names, and its own name is free."""
    if await get_queue(session, QueueId(row.queue)) is None:
        raise ReferenceUnknown("queue", QueueUnknown(queue=row.queue))
    if await queries.is_title_taken(session, row):
        raise TitleTaken(title=row.title)
    for field, message in (("message", row.message), ("machine_message", row.machine_message)):
        if message.startswith(PREFIX) and await get_sound(session, message.removeprefix(PREFIX)) is None:
            raise ReferenceUnknown(field, SoundUnknown(sound=message))


def _id(row: CampaignRow) -> CampaignId:
    assert row.id is not None
    return CampaignId(row.id)
