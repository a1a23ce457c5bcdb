"""Finds a lead for each call that the floor wants placed, and has the PBX dial it, once.

    PlaceCall -> pick a lead -> its rules -> commit the attempt -> AttemptDialled, Originate -> its time sent

Calls that are asked for one campaign at one moment are picked and committed together. The attempt's row is committed
before the Originate leaves, and the Originate is never sent again: the PBX reports the result, or is asked for it. A
commit of unknown outcome is repeated with the same ids. While the database is away nothing is dialled.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.campaigns.errors import RulesUnfit
from app.crm.leads.columns import shown_columns
from app.crm.leads.reservation import release_all
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId, CampaignId, OperatorId
from app.domain.names import display_name
from app.floor.commands import PlaceCall
from app.floor.events import AttemptDialled, AttemptFailed, AttemptNotPlaced, Event
from app.floor.floor import Floor
from app.outbound.attempt_writer import AttemptWriter, Ended, Sent
from app.outbound.lead_selection import Chosen, ContactLocks, Pick, begin_pick, digits_of, pick_leads
from app.records.engine import writing
from app.system import clock
from app.system.away import is_away, reason
from app.system.faults import PAUSE_S, report

log = structlog.get_logger(__name__)

COMMIT_S: Final = 5.0
"""Seconds that the database may take for one step."""
RETRY_S: Final = 0.5
"""Seconds until a commit of unknown outcome is repeated."""
GIVE_UP_S: Final = 10.0
"""Seconds that a call may wait to be placed; the floor gives it up a few seconds later."""
AWAY_AGAIN_S: Final = 2.0
"""Seconds until the floor may ask again while the database is away."""
UNFIT_AGAIN_S: Final = 15.0
"""Seconds until the floor may ask again for a campaign whose rules cannot be read."""


FAULT_AGAIN_S: Final = PAUSE_S
"""Seconds until the floor may ask again for a campaign that met a fault."""


class _Asked(NamedTuple):
    command: PlaceCall
    at_s: float
    """When the floor asked, monotonic seconds."""


class Dialer:
    """Takes `PlaceCall` commands; call `run` in a task group.

    Args:
        engine: the database of leads.
        floor: read between steps.
        put: takes events; must return at once.
        place: tells the PBX to dial a number; returns whether the Originate was sent.
        writer: writes what becomes of attempts.
        runner: the name under which leads are reserved: this service's own, the same after a restart.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        floor: Floor,
        put: Callable[[Event], None],
        place: Callable[[PlaceCall, str], bool],
        *,
        writer: AttemptWriter,
        runner: str,
    ) -> None:
        self._engine, self._floor, self._put, self._place = engine, floor, put, place
        self._writer, self._runner = writer, runner
        self._asked: list[_Asked] = []
        self._wake = asyncio.Event()
        self._closing = asyncio.Event()
        self._changed: Counter[CampaignId] = Counter()
        """How often each campaign or its leads changed: a search that found nothing before the last change is void."""

    def ask(self, command: PlaceCall) -> None:
        """Take a command; never waits. The floor asks for no more than its trunks can take."""
        self._asked.append(_Asked(command, clock.monotonic()))
        self._wake.set()

    def notify_changed(self, campaign: CampaignId) -> None:
        """A campaign changed, or got leads: a search under way may miss leads that are there now."""
        self._changed[campaign] += 1

    async def run(self) -> None:
        """Place calls until closed or cancelled."""
        while not self._closing.is_set():
            await self._wake.wait()
            self._wake.clear()
            asked, self._asked = self._asked, []
            by_campaign: defaultdict[CampaignId, list[_Asked]] = defaultdict(list)
            for one in asked:
                by_campaign[one.command.campaign].append(one)
            for campaign, some in by_campaign.items():
                if not self._closing.is_set():
                    await self._serve(campaign, some)

    async def place_chosen(self, pick: Pick, command: PlaceCall) -> bool:
        """Commit the one attempt of a pick and dial it.

        Raises:
            SQLAlchemyError, OSError: the database is away.
        """
        begun = await self._begin(pick, clock.monotonic())
        self._dial([one for one in pick.chosen if one.attempt in begun], {command.attempt: command})
        return command.attempt in begun

    def contact_locks(self) -> ContactLocks:
        """The contacts and numbers in calls that no campaign placed."""
        return self._contact_locks()

    def close(self) -> None:
        """Place nothing more; `run` returns when begun attempts are dialled."""
        self._closing.set()
        self._wake.set()

    async def release(self) -> None:
        """Give back leads that are reserved and not dialled, at the start and at the end.

        Raises:
            SQLAlchemyError, OSError: the database is away; leads come back when their lease is over.
        """
        async with writing(self._engine) as session:
            await release_all(session, self._runner)

    async def _serve(self, campaign: CampaignId, asked: Sequence[_Asked]) -> None:
        waiting = [one for one in asked if self._is_awaited(one.command.attempt)]
        for one in asked:
            self._forget_withdrawn(one.command.attempt)
        if not waiting:
            return
        changed = self._changed[campaign]
        try:
            taken, again_s = await self._place_some(campaign, waiting)
        except RulesUnfit as error:
            log.exception("campaign_unfit", campaign_id=campaign, reason=str(error))
            taken, again_s = set(), UNFIT_AGAIN_S
        except Exception as error:  # noqa: BLE001 - a campaign is no reason to stop answering callers
            away = report(log, "dialer_cannot_pick", error, part="dialer", campaign_id=campaign)
            taken, again_s = set(), AWAY_AGAIN_S if away else FAULT_AGAIN_S
        if self._changed[campaign] != changed:
            again_s = 0.0
        for one in waiting:
            if one.command.attempt not in taken:
                self._put(AttemptNotPlaced(one.command.attempt, again_s))

    async def _place_some(
        self, campaign: CampaignId, waiting: Sequence[_Asked]
    ) -> tuple[set[AttemptId], float]:
        """Dial as far as there are leads. Return the attempts dealt with, and when the floor may ask for the others."""
        pick = await self._pick(campaign, waiting) if not self._writer.away else None
        if pick is None:
            return set(), AWAY_AGAIN_S
        begun = await self._begin(pick, min(one.at_s for one in waiting))
        commands = {one.command.attempt: one.command for one in waiting}
        self._dial([one for one in pick.chosen if one.attempt in begun], commands)
        for one in pick.chosen:
            if one.attempt not in begun:  # its lead was taken away meanwhile
                self._put(AttemptNotPlaced(one.attempt, 0.0))
        return {one.attempt for one in pick.chosen}, pick.again_s

    async def _pick(self, campaign: CampaignId, asked: Sequence[_Asked]) -> Pick | None:
        async with asyncio.timeout(COMMIT_S):
            return await pick_leads(
                self._engine,
                campaign,
                [one.command.attempt for one in asked],
                runner=self._runner,
                now=clock.utc_now(),
                operators=self._idle_operators(campaign),
                locks=self._contact_locks(),
            )

    async def _begin(self, pick: Pick, since_s: float) -> set[AttemptId]:
        """Commit the attempts; repeat a commit of unknown outcome. Return the attempts that may be dialled.

        Raises:
            SQLAlchemyError, OSError: the database is away for too long, or a fault was met. Attempts that were written
                all the same are ended as refused.
        """
        now = clock.utc_now()
        while True:
            try:
                async with asyncio.timeout(COMMIT_S):
                    return await begin_pick(self._engine, pick, self._runner, now)
            except Exception as error:
                log.warning("attempts_not_begun", attempts=len(pick.chosen), reason=reason(error))
                if not is_away(error) or clock.monotonic() - since_s > GIVE_UP_S:
                    for one in pick.chosen:
                        self._writer.write(Ended(attempt=one.attempt, outcome=AttemptOutcome.REFUSED, at=now))
                    raise
            await asyncio.sleep(RETRY_S)

    def _dial(self, begun: Sequence[Chosen], commands: dict[AttemptId, PlaceCall]) -> None:
        """Dial. There is no await in here, between the check that the floor still wants a call and the Originate."""
        for one in begun:
            now = clock.utc_now()
            if not self._is_awaited(one.attempt):  # it took too long, or its operator has left
                self._writer.write(Ended(attempt=one.attempt, outcome=AttemptOutcome.REFUSED, at=now))
                self._forget_withdrawn(one.attempt)
                continue
            lead = one.lead
            self._put(
                AttemptDialled(
                    attempt=one.attempt,
                    lead=lead.id,
                    number=one.number.e164,
                    contact=lead.contact,
                    contact_name=display_name(
                        surname=lead.surname,
                        given_name=lead.given_name,
                        patronymic=lead.patronymic,
                        company_name=lead.company_name,
                    ),
                    operator=lead.callback_operator,
                    ordinal=lead.attempts + 1,
                    columns=shown_columns(lead.variables),
                )
            )
            try:
                if self._place(commands[one.attempt], one.number.e164):
                    self._writer.write(Sent(one.attempt, now))
            except ValueError:
                log.exception("number_unfit", attempt=one.attempt, lead_id=lead.id)
                self._put(AttemptFailed(one.attempt, AttemptOutcome.REFUSED))

    def _is_awaited(self, id_: AttemptId) -> bool:
        """Whether the floor still waits for this call to be placed."""
        attempt = self._floor.attempts.get(id_)
        return attempt is not None and attempt.dialled is None and not attempt.withdrawn

    def _forget_withdrawn(self, id_: AttemptId) -> None:
        """Tell the floor that a call is not placed because its operator has left meanwhile."""
        attempt = self._floor.attempts.get(id_)
        if attempt is not None and attempt.withdrawn and attempt.dialled is None:
            self._put(AttemptNotPlaced(id_, 0.0))

    def _idle_operators(self, campaign: CampaignId) -> list[OperatorId]:
        known = self._floor.campaigns.get(campaign)
        queue = self._floor.queues.get(known.settings.queue) if known is not None else None
        if queue is None:
            return []
        floor = self._floor
        own = {one.keeper for one in known.attempts.values()} if known is not None else set()
        return [id_ for id_ in queue.members if floor.operators[id_].offerable or id_ in own]

    def _contact_locks(self) -> ContactLocks:
        calls = [call for call in self._floor.calls.values() if call.attempt is None]
        contacts = frozenset(call.contact for call in calls if call.contact is not None)
        return ContactLocks(contacts, digits_of(call.caller_number for call in calls))
