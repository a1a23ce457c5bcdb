"""Completes the records of calls that were not heard whole, from the PBX's own event log.

    PBX -> event log -> past_calls -> complete -> database

The journal has written the calls that the floor heard whole. The rest is looked for here:

- after a start, after each lost link, and when the journal had to refuse facts, in whatever was logged since the
  mark: calls that came and went unheard, and open records whose call is over;
- when a call ends of which a part was not heard: its times and legs are those of the log.

A call that is open in the records or in the log, but not on the floor, may only just have begun. It is looked at again
after a while, and then closed at the last moment known of the call, or of the PBX that died with it.

The mark moves on while everything is heard. It stays one look behind, so that entries that were logged but not yet
heard when the process died are not passed over.

A call that meets a fault is left as it was heard, and the others go on: the PBX's log still has it, for `keskus
rebuild` once the fault is mended. Any other fault lets the reconciler rest for a minute; the mark stays where it is.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple, Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.calls.queries import ended_among, open_calls
from app.crm.contacts.caller_numbers import known_caller
from app.crm.contacts.lookup import Lookup
from app.domain.ids import FIRST_NODE, CallId, ChannelId, channel_of, node_of
from app.floor.events import OutgoingCharged, OutgoingMissed
from app.floor.facts import CallEnded, CallRecord, InternalEnded, OutgoingEnded, Reconciled, StepResult
from app.floor.floor import Floor
from app.history.charges import charges, missed, reckoned
from app.history.completion import close_unheard, complete, lived_until
from app.history.event_log_mark import event_log_mark, set_event_log_mark
from app.history.past_calls import PastCall, past_calls
from app.pbx.clocks import ClockSet, HeardClock, passed_s
from app.pbx.event_log import EventLog
from app.records.changes import Change
from app.records.engine import reading, writing
from app.records.journal import Journal
from app.system import clock
from app.system.away import is_away
from app.system.faults import PAUSE_S, report
from app.system.slices import in_slices

log = structlog.get_logger(__name__)

LOOK_S: Final = 10.0
"""Seconds between two moves of the mark."""
RETRY_S: Final = 1.0
"""Seconds until the next look while something is missing, or while the log or the database is away."""
DOUBT_S: Final = 8.0
"""Seconds that a call may be in the log or the records but not on the floor before it counts as gone."""
FAMILIES: Final = 200  # read and written at a time
OPEN_MAX: Final = 20_000  # open records looked at after one gap
PBX: Final = "pbx"
NODE: Final = FIRST_NODE
"""The node of the PBX that writes the log; calls of other nodes stay as they were heard."""


class _Ended(NamedTuple):
    """A call that has ended."""

    channel: ChannelId
    """The caller's last channel: not the call's first one where another phone has taken the caller's place."""
    give_up_s: float


class Counts(Protocol):
    """Counts calls by their records, once these are complete."""

    def completed(self, change: Change) -> None:
        """A record was added, completed or corrected."""

    def given_up(self, call: CallId) -> None:
        """The record of a call that was not heard whole stays as it was heard."""


class HistoryReconciler:
    """Give `note` to the runner as a sink, and call `run` in a task group.

    Args:
        events: the PBX's event log.
        engine: the records.
        journal: is flushed before records are read.
        floor: read between steps.
        lookup: the contact base.
        pbx_clock: what is known of the PBX's clock.
        tell: takes costs and alarms of operators' calls outside that were not heard whole; must return at once.
        emergency: emergency numbers besides those of the country.
        counts: told of what was written; must return at once.
    """

    def __init__(
        self,
        events: EventLog,
        engine: AsyncEngine,
        journal: Journal,
        floor: Floor,
        *,
        lookup: Lookup,
        pbx_clock: HeardClock,
        tell: Callable[[OutgoingCharged | OutgoingMissed], None] = lambda _: None,
        emergency: Collection[str] = (),
        counts: Counts | None = None,
    ) -> None:
        self.events = events
        self._engine, self._journal = engine, journal
        self._floor, self._lookup, self._clock = floor, lookup, pbx_clock
        self._tell, self._emergency, self._counts = tell, frozenset(emergency), counts
        self._gap = False
        """Something may have happened unheard since the mark."""
        self._unheard: dict[CallId, _Ended] = {}
        """Calls that ended and whose end the log may not have yet."""
        self._settled: set[CallId] = set()
        """Calls of `_unheard` whose end the journal has written."""
        self._doubtful: dict[CallId, float] = {}
        """Calls that are neither on the floor nor over; from which moment they count as gone, monotonic seconds."""
        self._last_look = 0
        self._refused = 0
        """Facts that the journal had no room for, as of the last look."""
        self._wake = asyncio.Event()

    @property
    def pending(self) -> bool:
        """Whether something is known to be missing, or may be."""
        return bool(self._gap or self._unheard or self._doubtful)

    def note(self, outcome: StepResult) -> None:
        """See whether something was not heard; takes microseconds."""
        for fact in outcome.facts:
            if isinstance(fact, Reconciled):
                if fact.node == NODE:
                    self._gap = True
                    self._wake.set()
            elif (
                isinstance(fact, CallEnded | OutgoingEnded | InternalEnded)
                and fact.record.unheard
                and node_of(fact.call) == NODE
            ):
                self._unheard[fact.call] = _Ended(fact.record.channel, clock.monotonic() + DOUBT_S)
                self._wake.set()

    async def run(self) -> None:
        """Complete records until cancelled. A log or database that is away is tried again."""
        try:
            while True:
                wait_s = RETRY_S if self.pending else LOOK_S
                try:
                    async with asyncio.timeout(wait_s):
                        await self._wake.wait()
                except TimeoutError:
                    pass
                self._wake.clear()
                try:
                    await self.work()
                except Exception as error:  # noqa: BLE001 - records are no reason to stop answering callers
                    away = report(log, "records_not_completed", error, part="history_reconciler")
                    await asyncio.sleep(RETRY_S if away else PAUSE_S)
        finally:
            await self.events.close()

    async def work(self) -> None:
        """Do all work that is due now."""
        # Calls that ended until now are written before the mark is.
        heard_at = clock.utc_now() + timedelta(seconds=self._clock.ahead_s)
        last = await self.events.last_id()
        self._settled = set(self._unheard)  # calls that end later may not be written when the log is read
        await self._journal.flush()
        if (refused := self._journal.state.refused) != self._refused:
            self._refused, self._gap = refused, True
        if self._gap and self._floor.node(NODE).linked:
            self._gap = False  # the next one may begin meanwhile
            try:
                await self._close_gap(last)
            except BaseException:
                self._gap = True
                raise
        await self._complete_ended()
        await self._settle_doubtful()
        if self._floor.node(NODE).linked and not self.pending:
            await self._move_mark(last, heard_at)

    async def _close_gap(self, last: int) -> None:
        async with reading(self._engine) as session:
            known_mark = await event_log_mark(session, PBX)
            rows = await open_calls(session, OPEN_MAX)
            still_open = [CallId(row.id) for row in rows if node_of(row.id) == NODE]
        if known_mark is None:  # entries from before the first start are no gap
            mark = last
            async with writing(self._engine) as session:
                await set_event_log_mark(session, PBX, mark)
        else:
            mark = known_mark.row_id if known_mark.row_id <= last else 0  # 0: another log than was marked
            self._clock.recall(ClockSet(*one) for one in known_mark.clock_sets)
        stories = await self.events.stories_since(mark)
        known: set[CallId] = set()
        for start in range(0, len(stories), FAMILIES):
            past = await self._past(stories[start : start + FAMILIES])
            known.update(call.record.call for call in past)
            await self._take(past)
        self._doubt(call for call in still_open if call not in known)

    async def _complete_ended(self) -> None:
        ended = {call: self._unheard[call] for call in self._settled}
        for call in await self._take(await self._past({*ended, *(one.channel for one in ended.values())})):
            self._forget(call)
        now_s = clock.monotonic()
        for call in [call for call, one in ended.items() if one.give_up_s <= now_s]:
            self._forget(call)  # the log does not tell more: the record stays as it is

    def _forget(self, call: CallId) -> None:
        if self._unheard.pop(call, None) is not None and self._counts is not None:
            self._counts.given_up(call)

    async def _settle_doubtful(self) -> None:
        now_s = clock.monotonic()
        for call in [call for call in self._doubtful if self._is_live(call) or call in self._unheard]:
            del self._doubtful[call]
        due = [call for call, at_s in self._doubtful.items() if at_s <= now_s]
        if not due or not self._floor.node(NODE).linked:
            return
        async with reading(self._engine) as session:
            heard = await ended_among(session, due)
            mark = await event_log_mark(session, PBX)
        heard_s = mark.heard_at.timestamp() if mark is not None and mark.heard_at is not None else 0.0
        records = []
        for past in [past for past in await self._past(due) if past.record.call in due]:
            unknown = not past.over and past.record.call not in heard
            records.append(await self._until_the_pbx_died(past, heard_s) if unknown else past.record)
        await self._write(records)
        async with writing(self._engine) as session:
            self._say(await close_unheard(session, due))
        for call in due:
            self._doubtful.pop(call, None)

    async def _until_the_pbx_died(self, call: PastCall, heard_s: float) -> CallRecord:
        """A call that went on while the PBX is known to have run: until its last entry, or until it was last heard."""
        last = await self.events.last_of_run(call.last)
        died_s = max(heard_s, call.last.at_s, last.at_s if last is not None else 0.0)
        more_s = passed_s(call.last.at_s, died_s, self._clock.sets)
        return lived_until(call.record, call.record.ended_at + timedelta(seconds=more_s))

    async def _move_mark(self, last: int, heard_at: datetime) -> None:
        mark, self._last_look = self._last_look, last
        if mark:  # else nothing was looked at yet
            async with writing(self._engine) as session:
                await set_event_log_mark(session, PBX, mark, heard_at, self._clock.sets)

    async def _past(self, ids: Collection[CallId | ChannelId]) -> list[PastCall]:
        """These calls, and those joined with them, as the log has them; without those that meet a fault."""
        if not ids:
            return []
        try:
            entries = await self.events.families(channel_of(id_) for id_ in ids)
            operators, clock_sets = dict(self._floor.by_endpoint), tuple(self._clock.sets)
            return await asyncio.to_thread(lambda: list(past_calls(entries, operators, clock_sets)))
        except Exception as error:
            if is_away(error):
                raise
            if len(ids) == 1:
                report(log, "call_not_read", error, part="history_reconciler", call_id=next(iter(ids)))
                return []
        past = [call for id_ in ids for call in await self._past([id_])]
        return list({call.record.call: call for call in past}.values())

    async def _take(self, past: Sequence[PastCall]) -> set[CallId]:
        """Write the calls that are over, and doubt those that are not; return the ids of those that are over."""
        gone = [call for call in past if self._is_written(call.record.call)]
        self._doubt(call.record.call for call in gone if not call.over)
        over = [call.record for call in gone if call.over]
        await self._write(over)
        return {record.call for record in over}

    def _is_written(self, call: CallId) -> bool:
        """Whether all that was heard of a call is in the records: the journal must not write behind the log."""
        return not self._is_live(call) and (call in self._settled or call not in self._unheard)

    def _is_live(self, call: CallId) -> bool:
        floor = self._floor
        return call in floor.calls or call in floor.outgoing.calls or call in floor.internal.calls

    def _doubt(self, calls: Iterable[CallId]) -> None:
        for call in calls:
            if not self._is_live(call) and call not in self._unheard:
                self._doubtful.setdefault(call, clock.monotonic() + DOUBT_S)

    async def _write(self, records: Sequence[CallRecord]) -> None:
        """Complete these records, except those that meet a fault."""
        if not records:
            return
        try:
            await self._complete(records)
        except Exception as error:
            if is_away(error):
                raise
            if len(records) == 1:
                report(log, "call_not_completed", error, part="history_reconciler", call_id=records[0].call)
                return
            for record in records:
                await self._write([record])

    async def _complete(self, records: Sequence[CallRecord]) -> None:
        records = await in_slices(partial(known_caller, region=self._lookup.region), records)
        async with reading(self._engine) as session:
            records = await reckoned(session, records, self._lookup.region)
        known = [await self._with_contact(record) for record in records]
        async with writing(self._engine) as session:
            changes = await complete(session, known, ahead_s=self._clock.ahead_s)
            told: list[OutgoingCharged | OutgoingMissed] = [
                *charges(known, changes, self._floor.outgoing.limits),
                *missed(known, changes, self._lookup.region, self._emergency),
            ]
        self._say(changes)
        for event in told:
            self._tell(event)

    async def _with_contact(self, record: CallRecord) -> CallRecord:
        if record.caller_operator is not None:
            return record
        matches = await self._lookup.identify(record.caller_number)
        return record._replace(contact=matches[0].contact) if len(matches) == 1 else record

    def _say(self, changes: Sequence[Change]) -> None:
        for change in changes:
            if self._counts is not None:
                self._counts.completed(change)
        if changes:
            log.info("records_completed", calls=len(changes))
