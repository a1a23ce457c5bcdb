"""Brings campaigns from their rows onto the floor: at the start, at each change and when a date comes.

    rows -> settings -> CampaignSet -> floor

A campaign is on the floor while it may dial and while calls of it are under way. It dials when it is running or
drained and between its dates. Changes that need no person's decision are made here, with the reason in the campaign's
history:

- its rules were changed, and do not stop some leads any more: those leads are judged anew;
- its end date has come and no call is under way: finished;
- it runs, has leads, and all but callbacks are done: drained; when leads come in, it runs again;
- a supervisor drained it, and neither a callback nor a call is left for a while: finished.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.attempts.queries import last_attempt_at
from app.crm.campaigns import queries
from app.crm.campaigns.errors import RulesUnfit
from app.crm.campaigns.rules import limits_of, rules_without_effect
from app.crm.campaigns.service import change_state
from app.crm.campaigns.tables import CampaignRow
from app.crm.leads.counts import has_callbacks, has_leads, has_open_leads
from app.crm.leads.judging import judge_anew, stopped_for_good
from app.crm.leads.reservation import AT_ONCE
from app.domain.campaigns import DETECTOR, CampaignSettings, CampaignState, DialMode, MachineHandling, Window
from app.domain.errors import NotPossible
from app.domain.ids import CampaignId, QueueId
from app.floor.events import CampaignRemoved, CampaignSet, Event, TrunkSet
from app.floor.facts import StepResult
from app.floor.floor import Floor
from app.numbers.facts import zone
from app.outbound.recall import recall
from app.records.engine import reading, writing
from app.system import clock
from app.system.faults import PAUSE_S, report

log = structlog.get_logger(__name__)

LOOK_S: Final = 5.0
"""Seconds between looks at all campaigns: dates come, and other processes change them."""
QUIET_S: Final = 600.0
"""Seconds after its last call until a drained campaign is finished: an operator may still write down a callback."""
END_DATE: Final = "end_date"
LEADS_OUT: Final = "no_leads_left"
LEADS_IN: Final = "leads_added"
ALL_CALLED: Final = "all_called"
_DIALS: Final = frozenset({CampaignState.RUNNING, CampaignState.DRAINED})
_SCHEDULED: Final = (*_DIALS, CampaignState.PAUSED)


def settings_of(row: CampaignRow, now: datetime) -> CampaignSettings:
    """What the floor has to know of a campaign.

    Raises:
        RulesUnfit: its rule set or its calling hours are not valid.
    """
    assert row.id is not None
    limits = limits_of(row)
    begun = row.starts_at is None or now >= row.starts_at
    over = row.ends_at is not None and now >= row.ends_at
    return CampaignSettings(
        id=CampaignId(row.id),
        title=row.title,
        mode=DialMode(row.mode),
        queue=QueueId(row.queue),
        running=CampaignState(row.state) in _DIALS and begun and not over,
        trunk=row.trunk,
        caller_id=row.caller_id,
        ring_s=row.ring_s,
        priority=row.priority,
        lines=row.lines,
        preview_s=float(row.preview_s),
        connect_s=row.connect_s if limits.connect_s is None else limits.connect_s,
        detect_machines=row.detect_machines,
        machine=MachineHandling(row.machine),
        detector=tuple(row.amd_parameters.get(name) for name in DETECTOR),
        machine_message=row.machine_message,
        message=row.message,
        disposition_required=row.disposition_required,
        callers_weight=row.callers_weight,
        abandon_limit=row.abandon_limit if limits.abandon_limit is None else limits.abandon_limit,
        window=limits.window or Window.CAMPAIGN,
        begun=row.starts_at or row.created_at,
        zone=zone(row.time_zone) or UTC,
    )


class CampaignSync:
    """A part of the configuration. Call `load` once, then `run` in a task group.

    Args:
        engine: the campaigns.
        floor: read between steps.
        post: gives the floor an event and waits for its outcome; raises NotPossible.
        trunks: limits of trunks.
        default: limits of every other trunk, whatever its name.
        notify_changed: told of each campaign that changed or may have got leads, before the floor is.
        wake: called when `bring` is due.
    """

    name = "campaigns"

    def __init__(
        self,
        engine: AsyncEngine,
        floor: Floor,
        post: Callable[[Event], Coroutine[Any, Any, StepResult]],
        *,
        trunks: Sequence[TrunkSet],
        default: TrunkSet,
        notify_changed: Callable[[CampaignId], None] = lambda _: None,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine, self._floor, self._post = engine, floor, post
        self._trunks, self._default, self._notify_changed = trunks, default, notify_changed
        self._wake = wake
        self._changed: set[CampaignId] = set()
        self._seen: dict[CampaignId, tuple[datetime, datetime]] = {}
        """When each campaign on the floor was changed last."""
        self._kicked = asyncio.Event()

    def changed(self, campaign: CampaignId) -> None:
        """A campaign or its leads changed: tell the floor, and change the campaign's state where that is due."""
        self._changed.add(campaign)
        self._kicked.set()

    async def load(self, under_way: Collection[CampaignId] = ()) -> None:
        """Put trunks and campaigns onto the floor as the service starts.

        Args:
            under_way: campaigns that may have calls under way: they are put onto the floor in any state.

        Raises:
            SQLAlchemyError, OSError: the database is away.
        """
        for trunk in self._trunks:
            await self._post(trunk)
        async with reading(self._engine) as session:
            held = [await queries.get_campaign(session, id_) for id_ in sorted(under_way)]
        async with reading(self._engine) as session:
            rows = await queries.list_campaigns(session, _SCHEDULED)
        self._seen = _seen(rows)
        for row in [*rows, *(row for row in held if row is not None)]:
            await self._put(row, clock.utc_now(), changed=False, held=row in held)

    async def run(self) -> None:
        """Move campaigns on until cancelled; after a fault only when something changes, or after a pause."""
        wait_s = LOOK_S
        while True:
            try:
                async with asyncio.timeout(wait_s):
                    await self._kicked.wait()
            except TimeoutError:
                pass
            self._kicked.clear()
            wait_s = LOOK_S
            self._wake()  # a date may have come
            try:
                await self.keep()
            except Exception as error:  # noqa: BLE001 - a campaign is no reason to stop answering callers
                if not report(log, "campaigns_not_looked_at", error, part="campaign_sync"):
                    wait_s = PAUSE_S

    async def bring(self) -> bool:
        """Make the floor agree with the rows; a campaign whose calls are under way leaves it after them."""
        changed, self._changed = self._changed, set()
        try:
            async with reading(self._engine) as session:
                rows = await queries.list_campaigns(session, _SCHEDULED)
        except BaseException:
            self._changed |= changed
            raise
        now, seen = clock.utc_now(), self._seen
        self._seen = _seen(rows)
        for row in rows:
            assert row.id is not None
            id_ = CampaignId(row.id)
            await self._put(row, now, changed=id_ in changed or seen.get(id_) != self._seen[id_])
        for id_ in self._floor.campaigns.keys() - self._seen.keys():
            await self._take_away(id_)
        return False

    async def keep(self) -> None:
        """Make the changes that need no person's decision."""
        async with reading(self._engine) as session:
            rows = await queries.list_campaigns(session, _SCHEDULED)
        now = clock.utc_now()
        for row in rows:
            await self._judge_anew(row)
            await self._move_on(row, now)

    async def _put(self, row: CampaignRow, now: datetime, *, changed: bool, held: bool = False) -> None:
        assert row.id is not None
        id_ = CampaignId(row.id)
        try:
            settings = settings_of(row, now)
        except RulesUnfit as error:
            log.exception("campaign_unfit", campaign_id=id_, reason=str(error))
            await self._take_away(id_)
            return
        known = self._floor.campaigns.get(id_)
        if known is not None and known.attempts and known.settings.trunk != settings.trunk:
            # Calls through the old trunk end first; then the next look changes the trunk.
            settings = replace(settings, trunk=known.settings.trunk, running=False)
        if known is not None and known.settings == settings and not (changed and settings.running):
            return
        if known is None and not (settings.running or held):
            return
        if settings.trunk not in self._floor.trunks:
            await self._post(self._default._replace(name=settings.trunk))
        self._notify_changed(id_)
        try:
            if known is None or _counts(known.settings) != _counts(settings):
                await self._recall(settings, now)
            await self._post(CampaignSet(settings))
        except NotPossible as error:
            log.exception("campaign_refused", campaign_id=id_, reason=str(error))

    async def _recall(self, settings: CampaignSettings, now: datetime) -> None:
        """Tell the floor the campaign's past before it dials, counted by the window that is now in force."""
        await self._post(CampaignSet(replace(settings, running=False)))
        async with reading(self._engine) as session:
            recalled = await recall(session, settings, now)
        await self._post(recalled)

    async def _take_away(self, id_: CampaignId) -> None:
        """Dial no more, and leave the floor once no call is under way."""
        known = self._floor.campaigns.get(id_)
        if known is None:
            return
        if known.settings.running:
            await self._post(CampaignSet(replace(known.settings, running=False)))
        if not known.attempts:
            with suppress(NotPossible):  # a call of it has just been found on the PBX
                await self._post(CampaignRemoved(id_))

    async def _judge_anew(self, row: CampaignRow) -> None:
        """Look again at leads that changed rules do not stop any more, some at a time."""
        assert row.id is not None
        id_, rules = CampaignId(row.id), [rule.value for rule in rules_without_effect(row)]
        async with reading(self._engine) as session:
            leads = await stopped_for_good(session, id_, rules, AT_ONCE)
        if not leads:
            return
        async with writing(self._engine) as session:
            count = await judge_anew(session, leads, rules)
        log.info("leads_judged_anew", campaign_id=id_, leads=count)
        self.changed(id_)

    async def _move_on(self, row: CampaignRow, now: datetime) -> None:
        assert row.id is not None
        id_ = CampaignId(row.id)
        known = self._floor.campaigns.get(id_)
        under_way = known is not None and bool(known.attempts)
        async with reading(self._engine) as session:
            next_ = await _next_state(session, row, now, under_way=under_way)
        if next_ is None:
            return
        state, why = next_
        async with writing(self._engine) as session:
            current = await queries.get_campaign(session, id_)
            if current is None or (current.state, current.state_at) != (row.state, row.state_at):
                return  # somebody was quicker
            await change_state(session, current, state, reason=why, user=None, at=now)
        log.info("campaign_moved_on", campaign_id=id_, state=state.value, reason=why)
        self.changed(id_)


def _seen(rows: Sequence[CampaignRow]) -> dict[CampaignId, tuple[datetime, datetime]]:
    """When each campaign was changed last."""
    return {CampaignId(row.id or 0): (row.updated_at, row.state_at) for row in rows}


def _counts(settings: CampaignSettings) -> tuple[object, ...]:
    """The settings that decide which live answers count."""
    return settings.window, settings.begun, settings.zone


async def _next_state(
    session: AsyncSession, row: CampaignRow, now: datetime, *, under_way: bool
) -> tuple[CampaignState, str] | None:
    """The state that a campaign takes by itself, and why; None: it keeps its state."""
    assert row.id is not None
    id_ = CampaignId(row.id)
    if row.ends_at is not None and now >= row.ends_at:
        return None if under_way else (CampaignState.FINISHED, END_DATE)
    match CampaignState(row.state):
        case CampaignState.RUNNING:
            if await has_leads(session, id_) and not await has_open_leads(session, id_):
                return CampaignState.DRAINED, LEADS_OUT
        case CampaignState.DRAINED if row.state_reason == LEADS_OUT:
            if await has_open_leads(session, id_):
                return CampaignState.RUNNING, LEADS_IN
        case CampaignState.DRAINED if not under_way:
            if await has_callbacks(session, id_):
                return None
            last = await last_attempt_at(session, id_)
            quiet_since = max(row.state_at, last or row.state_at)
            if now - quiet_since >= timedelta(seconds=QUIET_S):
                return CampaignState.FINISHED, ALL_CALLED
    return None
