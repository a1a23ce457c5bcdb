"""Leads that are picked: reserved for a runner by turns, dialled, given back.

A lead is `ready`, `waiting`, `reserved`, `dialling` or `done`. Each search reads a partial index in its own order, so
that a pick costs the same among a thousand leads and a million. What falls due is promoted from `waiting` to `ready`,
and leases that have run out return, within each pick, some at a time.

Who is reserved or dialled is engaged: the contact and every number of the lead stand in the table `engaged`, where
each can stand once, whoever asks. A lead that finds them engaged waits a minute.

Each function here is for a transaction of its own (`app.records.engine.writing`): that is what keeps two runners on
PostgreSQL from waiting for each other in a ring.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.compliance.recycling import LeadState
from app.crm.campaigns.tables import CampaignRow
from app.crm.leads.engaged import disengage, engage, engaged_among
from app.crm.leads.states import is_state, move_leads
from app.crm.leads.tables import LeadNumberRow, LeadRow
from app.domain.ids import AttemptId, CampaignId, ContactId, LeadId, OperatorId
from app.records.base import table_of

ENGAGED_WAIT_S: Final = 60.0
"""Seconds that a lead waits while its contact or number is being called for another lead."""
ROUNDS: Final = 10
"""The most searches within one pick, when it finds leads whose contacts are being called."""
AT_ONCE: Final = 200
"""The most leads that one pick promotes, and the most whose leases it returns."""

_LEAD = table_of(LeadRow)
_NUMBER = table_of(LeadNumberRow)
_CAMPAIGN = table_of(CampaignRow)


@dataclass(slots=True, frozen=True)
class LeadNumber:
    """One number of a lead."""

    position: int
    e164: str
    raw: str
    attempts: int
    last_outcome: str | None
    usable: bool


@dataclass(slots=True, frozen=True)
class ReservedLead:
    """A lead that is reserved for this runner until the lease ends."""

    id: LeadId
    campaign: CampaignId
    contact: ContactId | None
    external_id: str | None
    surname: str
    given_name: str
    patronymic: str
    company_name: str
    time_zone: str
    """The IANA name of the time zone; empty when the lead has none."""
    priority: int
    variables: Mapping[str, Any]
    attempts: int
    last_outcome: str | None
    callback_at: datetime | None
    callback_operator: OperatorId | None
    """The operator who is to call back. Nobody else is offered this lead before the operator was waited for long
    enough.
    """
    position: int
    """The position of the number to be dialled."""
    numbers: tuple[LeadNumber, ...]
    """In the order they are tried."""

    @property
    def number(self) -> LeadNumber:
        """The number to be dialled."""
        return next((one for one in self.numbers if one.position == self.position), self.numbers[0])


async def reserve(
    session: AsyncSession,
    campaign: CampaignId,
    count: int,
    *,
    runner: str,
    lease_s: float,
    now: datetime,
    operators: Collection[OperatorId] = (),
    callbacks_only: bool = False,
) -> list[ReservedLead]:
    """Pick leads and reserve them: callbacks that are due first, then by priority, then the oldest.

    Args:
        session: that writes; commit before anything is done with the leads.
        campaign: whose leads.
        count: how many at most, 1 or more. Fewer come when others hold them or their contacts are being called.
        runner: who reserves, 1..80 characters; its own for each process.
        lease_s: how long they stay reserved when nothing more is heard, in seconds.
        now: aware.
        operators: who may take a callback now. A callback that names an operator comes when that one is among them,
            or when it has waited for `callback_wait_s` of the campaign.
        callbacks_only: nothing but callbacks, as for a campaign that is drained.
    """
    await _promote(session, campaign, now)
    wait_s = await session.scalar(select(_CAMPAIGN.c.callback_wait_s).where(_CAMPAIGN.c.id == campaign))
    if wait_s is None:
        return []
    search = {
        "campaign": campaign,
        "operators": list(operators),
        "late": now - timedelta(seconds=wait_s),
        "now": now,
    }
    picked: list[_Picked] = []
    for _ in range(ROUNDS):
        wanted = count - len(picked)
        found = await _search(
            session, search, wanted, {one.id for one in picked}, callbacks_only=callbacks_only
        )
        blocked = await _blocked(session, found)
        await _wait_for_contact(session, blocked, now)
        picked += [one for one in found if one.id not in blocked]
        if not blocked:
            break
    free = await engage(session, {one.id: one.keys for one in picked})
    await _wait_for_contact(session, {one.id for one in picked} - free, now)
    reserved = [one for one in picked if one.id in free]
    await move_leads(
        session,
        [one.id for one in reserved],
        LeadState.RESERVED,
        "picked",
        runner=runner,
        lease_until=now + timedelta(seconds=lease_s),
    )
    # Last: whoever has freed a contact must not wait for another runner any more.
    await _return_leases(session, now)
    return [_reserved(one) for one in reserved]


class HeldLead(NamedTuple):
    """A lead reserved for this runner, which is to be dialled."""

    id: LeadId
    campaign: CampaignId
    contact: ContactId | None


async def reserved_among(session: AsyncSession, leads: Collection[LeadId], runner: str) -> Sequence[HeldLead]:
    """Those of the given leads that are still reserved for this runner, locked, by id."""
    rows = await session.execute(
        select(_LEAD.c.id, _LEAD.c.campaign_id, _LEAD.c.contact_id)
        .where(_LEAD.c.id.in_(leads), is_state(LeadState.RESERVED), _LEAD.c.runner == runner)
        .order_by(_LEAD.c.id)
        .with_for_update()
    )
    return [HeldLead(*row) for row in rows]


async def begin_dialling(session: AsyncSession, lead: LeadId, attempt: AttemptId, runner: str) -> None:
    """Take a reserved lead on to `dialling`: it has no lease any more, and the end of the attempt moves it."""
    await session.execute(
        update(_LEAD)
        .where(_LEAD.c.id == lead)
        .values(
            state=LeadState.DIALLING.value,
            reason="dialled",
            attempt_id=attempt,
            runner=runner,
            lease_until=None,
        )
    )


async def extend(
    session: AsyncSession, leads: Collection[LeadId], *, runner: str, lease_s: float, now: datetime
) -> set[LeadId]:
    """Extend the lease of leads that are still reserved for this runner, such as while an operator looks at one.

    Returns:
        Those that are.
    """
    kept = await session.scalars(
        update(_LEAD)
        .where(_LEAD.c.id.in_(leads), is_state(LeadState.RESERVED), _LEAD.c.runner == runner)
        .values(lease_until=now + timedelta(seconds=lease_s))
        .returning(_LEAD.c.id)
    )
    return {LeadId(id_) for id_ in kept}


async def release(
    session: AsyncSession, leads: Collection[LeadId], runner: str, reason: str = "released"
) -> set[LeadId]:
    """Undo a reservation: the leads may be picked again at once. Those that are not this runner's stay as they are.

    Returns:
        Those that were.
    """
    mine = await _mine(session, leads, runner)
    await move_leads(session, mine, LeadState.READY, reason)
    await disengage(session, mine)
    return {LeadId(id_) for id_ in mine}


async def set_aside(
    session: AsyncSession, lead: LeadId, runner: str, reason: str, until: datetime | None
) -> bool:
    """Give back a reserved lead that may not be dialled now.

    Args:
        session: that writes.
        lead: the lead.
        runner: who has it.
        reason: the rule that stopped it, or what the operator said.
        until: aware; it waits until then. None: it is done.

    Returns:
        False when it is not this runner's; then nothing was changed.
    """
    mine = await _mine(session, [lead], runner)
    state = LeadState.DONE if until is None else LeadState.WAITING
    await move_leads(session, mine, state, reason, next_at=until)
    await disengage(session, mine)
    return bool(mine)


async def release_all(session: AsyncSession, runner: str) -> int:
    """Undo what a runner has reserved, as when it starts anew under its name; how many."""
    held = await session.scalars(
        select(_LEAD.c.id)
        .where(is_state(LeadState.RESERVED), _LEAD.c.runner == runner)
        .with_for_update(skip_locked=True)
    )
    ids = list(held)
    await move_leads(session, ids, LeadState.READY, "runner_restarted")
    await disengage(session, ids)
    return len(ids)


async def next_due(
    session: AsyncSession, campaign: CampaignId, *, callbacks_only: bool = False
) -> datetime | None:
    """When the first of a campaign's waiting leads falls due; None when none waits.

    Args:
        session: that reads.
        campaign: whose leads.
        callbacks_only: ask for callbacks alone.
    """
    query = select(func.min(_LEAD.c.next_at)).where(
        _LEAD.c.campaign_id == campaign, is_state(LeadState.WAITING)
    )
    if callbacks_only:
        query = query.where(_LEAD.c.callback_at.is_not(None))
    due: datetime | None = await session.scalar(query)
    return due


async def _promote(session: AsyncSession, campaign: CampaignId, now: datetime) -> None:
    due = list(await session.scalars(_DUE, {"campaign": campaign, "now": now, "count": AT_ONCE}))
    await move_leads(session, due, LeadState.READY, "due")


async def _return_leases(session: AsyncSession, now: datetime) -> None:
    over = list(await session.scalars(_OVER, {"now": now, "count": AT_ONCE}))
    await move_leads(session, over, LeadState.READY, "lease_over")
    await disengage(session, over)


async def _mine(session: AsyncSession, leads: Collection[int], runner: str) -> list[int]:
    return list(
        await session.scalars(
            select(_LEAD.c.id)
            .where(_LEAD.c.id.in_(leads), is_state(LeadState.RESERVED), _LEAD.c.runner == runner)
            .order_by(_LEAD.c.id)
            .with_for_update()
        )
    )


async def _numbers(session: AsyncSession, leads: Collection[int]) -> dict[int, list[LeadNumber]]:
    found: dict[int, list[LeadNumber]] = {lead: [] for lead in leads}
    for row in await session.execute(_NUMBERS, {"leads": list(leads)}):
        found[row.lead_id].append(
            LeadNumber(
                position=row.position,
                e164=row.e164,
                raw=row.raw,
                attempts=row.attempts,
                last_outcome=row.last_outcome,
                usable=row.usable,
            )
        )
    return found


async def _search(
    session: AsyncSession,
    search: Mapping[str, Any],
    count: int,
    but: Collection[int],
    *,
    callbacks_only: bool,
) -> list["_Picked"]:
    # Those that were found in the round before are still ready: they come first again, and are left out.
    asked = {**search, "count": count + len(but)}
    rows = [row for row in await session.execute(_CALLBACKS, asked) if row.id not in but][:count]
    if len(rows) < count and not callbacks_only:
        more = await session.execute(_READY, {"campaign": search["campaign"], "count": asked["count"]})
        rows += [row for row in more if row.id not in but][: count - len(rows)]
    if not rows:
        return []
    numbers = await _numbers(session, [row.id for row in rows])
    return [_Picked(row.id, row, tuple(numbers[row.id])) for row in rows]


async def _blocked(session: AsyncSession, found: Sequence["_Picked"]) -> set[int]:
    """Leads whose contact or number is engaged, as far as can be seen; of two that share one, the second."""
    of: dict[str, int] = {}
    blocked = {one.id for one in found if not one.numbers}
    for one in found:
        if any(key in of for key in one.keys):
            blocked.add(one.id)
        else:
            of.update(dict.fromkeys(one.keys, one.id))
    return blocked | {of[key] for key in await engaged_among(session, list(of))}


async def _wait_for_contact(session: AsyncSession, leads: Collection[int], now: datetime) -> None:
    until = now + timedelta(seconds=ENGAGED_WAIT_S)
    await move_leads(session, leads, LeadState.WAITING, "contact_engaged", next_at=until)


class _Picked(NamedTuple):
    id: int
    row: Any
    numbers: tuple[LeadNumber, ...]

    @property
    def keys(self) -> set[str]:
        """The keys of a lead in the table `engaged`."""
        keys = {number.e164 for number in self.numbers}
        return keys if self.row.contact_id is None else {*keys, f"c{self.row.contact_id}"}


def _reserved(picked: _Picked) -> ReservedLead:
    row = picked.row
    return ReservedLead(
        id=LeadId(row.id),
        campaign=CampaignId(row.campaign_id),
        contact=ContactId(row.contact_id) if row.contact_id is not None else None,
        external_id=row.external_id,
        surname=row.surname,
        given_name=row.given_name,
        patronymic=row.patronymic,
        company_name=row.company_name,
        time_zone=row.time_zone,
        priority=-row.rank,
        variables=row.variables,
        attempts=row.attempts,
        last_outcome=row.last_outcome,
        callback_at=row.callback_at,
        callback_operator=OperatorId(row.callback_operator) if row.callback_operator is not None else None,
        position=row.next_position,
        numbers=picked.numbers,
    )


_OF_CAMPAIGN = _LEAD.c.campaign_id == bindparam("campaign")
_DUE = (
    select(_LEAD.c.id)
    .where(_OF_CAMPAIGN, is_state(LeadState.WAITING), _LEAD.c.next_at <= bindparam("now"))
    .order_by(_LEAD.c.next_at)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_OVER = (
    select(_LEAD.c.id)
    .where(is_state(LeadState.RESERVED), _LEAD.c.lease_until <= bindparam("now"))
    .order_by(_LEAD.c.lease_until)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_CALLBACKS = (
    select(_LEAD)
    .where(
        _OF_CAMPAIGN,
        is_state(LeadState.READY),
        _LEAD.c.callback_at.is_not(None),
        _LEAD.c.callback_at <= bindparam("now"),
        or_(
            _LEAD.c.callback_operator.is_(None),
            _LEAD.c.callback_operator.in_(bindparam("operators", expanding=True)),
            _LEAD.c.callback_at <= bindparam("late"),
        ),
    )
    .order_by(_LEAD.c.callback_at)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_READY = (
    select(_LEAD)
    .where(_OF_CAMPAIGN, is_state(LeadState.READY), _LEAD.c.callback_at.is_(None))
    .order_by(_LEAD.c.rank, _LEAD.c.id)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_NUMBERS = (
    select(_NUMBER)
    .where(_NUMBER.c.lead_id.in_(bindparam("leads", expanding=True)))
    .order_by(_NUMBER.c.lead_id, _NUMBER.c.position)
)
