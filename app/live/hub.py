"""The hub: tells every desktop what it may know of the floor.

`publish` only notes which calls, operators and queues an outcome touched. Messages are made later, once for all
outcomes of one turn of the event loop, from the floor as it then is. So a burst costs one message for each thing that
changed, and the runner is never held up. Very many changed calls are spread over several turns; operators and their
calls come first. Messages have one global sequence of numbers; `prev` bridges the gaps of each reader. A bounded ring
keeps the last messages for readers who were cut off.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, Protocol

import structlog

from app.domain.ids import CampaignId, ContactId, OperatorId
from app.floor.facts import StepResult
from app.floor.floor import Floor
from app.floor.model import Call
from app.live.call_view import CallView
from app.live.campaign_view import CampaignView, Standing
from app.live.changes import Changes
from app.live.messages import FAULT, GOING_AWAY, LOGIN_ENDED, VERSION, Resumed, Snapshot, encode
from app.live.nameless import without_names
from app.live.operator_view import OperatorView
from app.live.places import Places, SessionLimits, TooManySessions
from app.live.session import Due, Session, Told, Viewer
from app.live.subject_changes import change_message
from app.live.views import alarm_view, iso
from app.records.event_table import EventRow
from app.system.clock import monotonic, utc_now

Records = Literal["written", "kept", "refused"]
TELL_S = 0.005
"""Seconds for which one turn of the loop may make messages about calls."""
LOOK_S = 1.0
"""Seconds between two comparisons of what was told with the floor."""
LOOK_MOST = 500
"""Things compared each time: a larger floor takes some seconds to go round."""
_log = structlog.get_logger(__name__)


class Handle(Protocol):
    """Planned work that can be cancelled."""

    def cancel(self) -> None:
        """Cancel the work."""


class Schedule(Protocol):
    """Plans the hub's work; on the event loop, outside tests."""

    def soon(self, work: Callable[[], None]) -> Handle:
        """Do the work in the loop's next turn."""

    def later(self, delay_s: float, work: Callable[[], None]) -> Handle:
        """Do the work after this many seconds."""


class LoopSchedule:
    """Schedules on the running event loop."""

    def soon(self, work: Callable[[], None]) -> Handle:
        """Do the work in the loop's next turn."""
        return asyncio.get_running_loop().call_soon(work)

    def later(self, delay_s: float, work: Callable[[], None]) -> Handle:
        """Do the work after this many seconds."""
        return asyncio.get_running_loop().call_later(delay_s, work)


class Hub:
    """Fans the floor out to sessions.

    Args:
        floor: read, never changed; only between steps.
        epoch: anything that no earlier start of the service used.
        ring: how many messages are kept for those who were cut off.
        backlog: how many frames may wait for one reader before it is cut off.
        queue_every_s: the least time between two messages about one queue.
        limits: how many readers there may be.
    """

    def __init__(
        self,
        floor: Floor,
        *,
        epoch: str,
        ring: int = 10_000,
        backlog: int = 1_000,
        queue_every_s: float = 0.25,
        limits: SessionLimits | None = None,
        schedule: Schedule | None = None,
    ) -> None:
        self._floor = floor
        self._changes = Changes(floor, queue_every_s)
        self._schedule = schedule or LoopSchedule()
        self._start = epoch
        self._faults = 0
        self._number = 0
        self._ring: deque[Due] = deque(maxlen=ring)
        self._backlog = backlog
        self._places = Places(limits or SessionLimits())
        self._sessions: set[Session] = set()
        self._watchers: set[Session] = set()
        self._by_operator: dict[OperatorId | None, set[Session]] = {}
        self._by_change: dict[str, set[Session]] = {}
        self._records: Records = "written"
        self._soon: Handle | None = None
        self._later: Handle | None = None
        self._look: Handle | None = None
        self._closed = False

    @property
    def sessions(self) -> int:
        """How many readers there are."""
        return len(self._sessions)

    @property
    def watched(self) -> bool:
        """Whether anybody sees the whole floor."""
        return bool(self._watchers)

    @property
    def behind(self) -> bool:
        """Whether something is still to be told of what was published."""
        return self._soon is not None

    @property
    def number(self) -> int:
        """Number of the last message."""
        return self._number

    def publish(self, outcome: StepResult) -> None:
        """Take note of an outcome. Called right after each step; costs microseconds and never blocks."""
        self._changes.note(outcome)
        if self._soon is None and not self._closed:
            self._soon = self._schedule.soon(self._tell_some)

    def tell_records(self, records: Records) -> None:
        """Tell everybody what becomes of the records; see `RecordsChanged`."""
        self._records = records
        if not self._closed:
            self._tell_some()
            self._send(Told({"type": "records_changed", "records": records}, everyone=True, at=utc_now()))

    def tell_standings(self, standings: Mapping[CampaignId, Standing]) -> None:
        """Tell what the database says of campaigns, where it has changed."""
        if self._changes.campaigns.know(standings) and not self._closed:
            self._tell_some()

    def tell_complaints(self, counts: Mapping[ContactId, int]) -> None:
        """Tell how many complaints of callers are open, where it has changed."""
        if self._changes.know_complaints(counts) and not self._closed:
            self._tell_some()

    def tell_changes(self, events: Sequence[EventRow]) -> None:
        """Tell of changes in the database, in this order, to readers who asked for their subjects."""
        if self._closed:
            return
        for event in events:
            self._send(Told(change_message(event), to_floor=False, at=event.at, change=event.subject))

    def flush(self) -> None:
        """Tell all that was noted, now."""
        self._tell(lambda: True)

    def _tell_some(self) -> None:
        """Tell what was noted, as much as one turn of the loop has time for, and plan the rest."""
        over_s = monotonic() + TELL_S
        self._tell(lambda: monotonic() < over_s)
        if self._changes.left and not self._closed:
            self._soon = self._schedule.soon(self._tell_some)

    def _tell(self, more: Callable[[], bool]) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        try:
            for told in self._changes.take(more):
                self._send(told)
        except Exception:  # noqa: BLE001 - a fault here must not go unseen by readers
            _log.exception("desktop_hub_fault")
            self._begin_again()
        self._plan_late_queues()

    def look_again(self) -> None:
        """Tell of changes that no fact reported. The schedule calls this."""
        self._look = None
        try:
            differs = self._changes.look_again(LOOK_MOST)
        except Exception:  # noqa: BLE001 - as in `_tell`
            _log.exception("desktop_hub_fault")
            self._begin_again()
        else:
            if differs:
                self._tell_some()
        self._plan_look()

    def attach(self, viewer: Viewer, *, epoch: str = "", after: int | None = None) -> Session:
        """Begin a session: go on where the reader left off if the ring still has that, else send a snapshot.

        Args:
            epoch: as the reader was given it; empty for a new reader.
            after: number of the last message the reader has.

        Raises:
            TooManySessions: there is no place for this reader; come back later.
        """
        if self._closed:
            raise TooManySessions("the service is going away")
        self._places.take(viewer)
        self.flush()  # so that a snapshot and the numbers agree
        session = Session(viewer, self._backlog)
        missed = self._missed(viewer, epoch, after)
        if missed is None or after is None:
            session.frames.append(encode(self.snapshot(viewer)))
            session.last = self._number
        else:
            resumed: Resumed = {
                "type": "resumed",
                "version": VERSION,
                "epoch": epoch,
                "after": after,
                "now": iso(utc_now()),
            }
            session.frames.append(encode(resumed))
            session.last = after
            for due in missed:
                session.push(due)
        session.awake.set()
        self._sessions.add(session)
        if viewer.sees_floor:
            self._watchers.add(session)
        else:
            self._by_operator.setdefault(viewer.operator, set()).add(session)
        for subject in viewer.changes:
            self._by_change.setdefault(subject, set()).add(session)
        self._plan_look()
        return session

    def detach(self, session: Session) -> None:
        """End a session whose socket is gone."""
        if session in self._sessions:
            self._places.leave(session.viewer)
        self._sessions.discard(session)
        self._watchers.discard(session)
        own = self._by_operator.get(session.viewer.operator)
        if own is not None:
            own.discard(session)
            if not own:
                del self._by_operator[session.viewer.operator]
        for subject in session.viewer.changes & self._by_change.keys():
            self._by_change[subject].discard(session)
            if not self._by_change[subject]:
                del self._by_change[subject]

    def logins(self) -> set[str]:
        """The log-ins and tokens that have open sockets."""
        return {session.viewer.login for session in self._sessions}

    def end_login(self, login: str) -> None:
        """Close the sockets of a log-in or token that is over."""
        self._cut((s for s in self._sessions if s.viewer.login == login), LOGIN_ENDED)

    def end_user(self, user: int, *, keep: str = "") -> None:
        """Close the sockets of a user whose rights changed, except those of the log-in to keep."""
        theirs = (s for s in self._sessions if s.viewer.user == user and s.viewer.login != keep)
        self._cut(theirs, LOGIN_ENDED)

    def close(self) -> None:
        """Send `going_away` to all readers, close their sockets and let nobody in any more."""
        if self._closed:
            return
        self.flush()
        self._send(Told({"type": "going_away"}, everyone=True))
        self._closed = True
        for handle in (self._later, self._look):
            if handle is not None:
                handle.cancel()
        self._cut(self._sessions, GOING_AWAY)

    def snapshot(self, viewer: Viewer) -> Snapshot:
        """All that this viewer may see; numbered as the last message."""
        self.flush()
        queues, operators, calls = (
            self._changes.all_views() if viewer.sees_floor else self._changes.own_views(viewer.operator)
        )
        whole: Snapshot = {
            "type": "snapshot",
            "version": VERSION,
            "epoch": self._epoch(viewer),
            "number": self._number,
            "now": iso(utc_now()),
            "linked": self._floor.linked,
            "parking_full": self._floor.parking_full,
            "records": self._records,
            "operator": viewer.operator,
            "sees": "floor" if viewer.sees_floor else "own",
            "queues": queues,
            "operators": operators,
            "calls": calls,
            "campaigns": self._changes.campaigns.views() if viewer.sees_floor else [],
            "alarms": [alarm_view(one) for one in self._floor.outgoing.alarms] if viewer.sees_floor else [],
        }
        return whole if viewer.sees_contacts else without_names(whole)

    def campaign(self, id_: CampaignId) -> CampaignView | None:
        """A campaign now, or None when it is not on the floor."""
        return self._changes.campaigns.view(id_)

    def call(self, call: Call) -> CallView:
        """A call of the floor, now."""
        return self._changes.call(call)

    def operator(self, id_: OperatorId) -> OperatorView | None:
        """One operator's state now, or None when the floor does not have the operator."""
        self._tell_some()
        return self._changes.operator(id_)

    def _epoch(self, viewer: Viewer) -> str:
        # A number's meaning depends on the reader: other rights mean other messages up to that number.
        eyes = "floor" if viewer.sees_floor else viewer.operator or "none"
        return ".".join([self._start, str(self._faults), str(eyes), *sorted(viewer.changes)])

    def _missed(self, viewer: Viewer, epoch: str, after: int | None) -> list[Due] | None:
        if after is None or epoch != self._epoch(viewer) or not 0 <= after <= self._number:
            return None
        oldest = self._ring[0].number if self._ring else self._number + 1
        if after + 1 < oldest:
            return None
        missed: list[Due] = []
        for due in reversed(self._ring):
            if due.number <= after:
                break
            if due.is_for(viewer):
                missed.append(due)
        if len(missed) > self._backlog // 2:
            return None  # a snapshot is shorter, and leaves room for what comes meanwhile
        missed.reverse()
        return missed

    def _send(self, told: Told) -> None:
        self._number += 1
        body = {"at": iso(told.at or self._changes.at), **told.message}
        due = Due(
            number=self._number,
            rest=encode(body)[1:],
            to_floor=told.to_floor,
            everyone=told.everyone,
            operators=told.operators,
            change=told.change,
        )
        self._ring.append(due)
        for session in self._by_change.get(told.change, ()):
            session.push(due)
        if told.to_floor:
            for session in self._watchers:
                session.push(due)
        if told.everyone:
            for sessions in self._by_operator.values():
                for session in sessions:
                    session.push(due)
        elif told.operators and self._by_operator:
            for operator in told.operators & self._by_operator.keys():
                for session in self._by_operator[operator]:
                    session.push(due)

    def _plan_late_queues(self) -> None:
        delay_s = self._changes.next_queue_s()
        if delay_s is None or self._closed:
            return
        if self._later is not None:
            self._later.cancel()
        self._later = self._schedule.later(delay_s, self._late)

    def _plan_look(self) -> None:
        if self._look is None and self._sessions and not self._closed:
            self._look = self._schedule.later(LOOK_S, self.look_again)

    def _late(self) -> None:
        self._later = None
        self._tell_some()

    def _begin_again(self) -> None:
        # Readers may have been told a part only: let every reader begin with a snapshot.
        self._faults += 1
        self._ring.clear()
        self._changes.restart()
        self._cut(self._sessions, FAULT)

    @staticmethod
    def _cut(sessions: Iterable[Session], code: int) -> None:
        for session in sessions:
            session.cut(code)
