"""Writes what becomes of attempts: the Originate was sent, the attempt ended, the customer opted out.

Entries are written in order, each once; while the database is away they wait and are tried again. They cannot grow
without bound: nothing is dialled while the database is away, so each attempt under way adds one end. Entries that are
lost with a process are asked of the PBX's own event log by the next one.

An entry that meets a fault is set aside, and with it all later entries of its attempt; the others go on. On record
that attempt is still under way: it is not dialled again, and the next start asks the PBX's own log what became of it.
While a do-not-call is set aside, nothing is dialled at all.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple, assert_never

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.compliance.dial_facts import ConsentKind
from app.crm.attempts.outcomes import AttemptEnd, end_attempt
from app.crm.attempts.queries import get_attempt, note_attempt
from app.crm.consents.service import ConsentDraft, holds_already, write_down_no
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId, ContactId, OperatorId
from app.floor.facts import AttemptEnded, CustomerOptedOut, StepResult
from app.records.engine import writing
from app.system.away import is_away
from app.system.faults import report

log = structlog.get_logger(__name__)

RETRY_S: Final = 1.0
"""Seconds until the next try while the database is away."""
AT_ONCE: Final = 100  # entries in one transaction
PRESSED: Final = "a key pressed in the campaign's message"
"""The source of a do-not-call that a customer asked for by a key during the campaign's message."""


class Sent(NamedTuple):
    """The Originate has left."""

    attempt: AttemptId
    at: datetime


class Ended(NamedTuple):
    """An attempt is over."""

    attempt: AttemptId
    outcome: AttemptOutcome
    at: datetime
    cause: int | None = None
    """The Q.850 hangup cause; None: not known."""
    answered_at: datetime | None = None
    connected_at: datetime | None = None
    amd: str = ""
    call: str | None = None
    operator: OperatorId | None = None


class OptedOut(NamedTuple):
    """The customer does not want to be called again."""

    attempt: AttemptId
    at: datetime


Entry = Sent | Ended | OptedOut


class AttemptWriter:
    """Give `note` to the runner as a sink, and call `run` in a task group.

    Args:
        engine: the records.
        unknown: called with each attempt whose end nobody heard.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        unknown: Callable[[AttemptId], None] = lambda _: None,
    ) -> None:
        self._away = False
        self._set_aside: set[AttemptId] = set()
        self._barred = False
        """A do-not-call is set aside, and so is not on record."""
        self._engine, self._unknown = engine, unknown
        self._entries: deque[Entry] = deque()
        self._wake = asyncio.Event()
        self._written = asyncio.Event()
        self._written.set()

    @property
    def away(self) -> bool:
        """Whether nothing may be dialled: the last entries are not on record, or a do-not-call is set aside."""
        return self._away or self._barred

    @property
    def pending(self) -> int:
        """Entries that are not in the records yet."""
        return len(self._entries)

    def note(self, outcome: StepResult) -> None:
        """Take the entries of one outcome; takes microseconds."""
        for fact in outcome.facts:
            if isinstance(fact, AttemptEnded):
                self.write(
                    Ended(
                        attempt=fact.attempt,
                        outcome=fact.outcome,
                        at=fact.ended_at,
                        cause=fact.cause or None,
                        answered_at=fact.answered_at,
                        connected_at=fact.connected_at,
                        amd=fact.amd,
                        call=fact.call,
                        operator=fact.operator,
                    )
                )
            elif isinstance(fact, CustomerOptedOut):
                self.write(OptedOut(fact.attempt, outcome.at.wall))

    def write(self, entry: Entry) -> None:
        """Take an entry; it is written as soon as it can be."""
        self._entries.append(entry)
        self._written.clear()
        self._wake.set()

    async def flush(self) -> None:
        """Wait until everything taken so far is written."""
        await self._written.wait()

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            alone = 0  # entries still to be written one by one, because of a fault among them
            while self._entries:
                entries = list(islice(self._entries, 1 if alone else AT_ONCE))
                try:
                    await self._write(entries)
                except Exception as error:  # noqa: BLE001 - nor is it a reason to stop answering callers
                    if not is_away(error) and len(entries) > 1:
                        alone = len(entries)
                        continue
                    first, waiting = entries[0], len(self._entries)
                    if report(
                        log,
                        "attempts_not_written",
                        error,
                        part="attempt_writer",
                        waiting=waiting,
                        attempt=first.attempt,
                    ):
                        self._away = True
                        await asyncio.sleep(RETRY_S)
                        continue
                    self._put_aside(first)
                self._away = False
                alone = max(0, alone - len(entries))
                for entry in entries:
                    self._entries.popleft()
                    if isinstance(entry, Ended) and entry.outcome is AttemptOutcome.UNKNOWN:
                        self._unknown(entry.attempt)
            self._written.set()

    def _put_aside(self, entry: Entry) -> None:
        self._set_aside.add(entry.attempt)
        self._barred = self._barred or isinstance(entry, OptedOut)

    async def _write(self, entries: list[Entry]) -> None:
        async with writing(self._engine) as session:
            for entry in entries:
                if entry.attempt in self._set_aside:
                    self._put_aside(entry)
                    continue
                match entry:
                    case Sent(attempt, at):
                        await note_attempt(session, attempt, sent_at=at)
                    case Ended():
                        await _end(session, entry)
                    case OptedOut(attempt, at):
                        await _opt_out(session, attempt, at)
                    case _:
                        assert_never(entry)


async def _end(session: AsyncSession, end: Ended) -> None:
    await note_attempt(
        session,
        end.attempt,
        answered_at=end.answered_at,
        connected_at=end.connected_at,
        amd=end.amd or None,
        call=end.call,
        operator=end.operator,
    )
    await end_attempt(session, AttemptEnd(end.attempt, end.outcome, end.at, end.cause))


async def _opt_out(session: AsyncSession, attempt: AttemptId, at: datetime) -> None:
    """Bar the number, and the contact where there is one: the contact's other numbers are not to be called either."""
    row = await get_attempt(session, attempt)
    if row is None:
        log.warning("opt_out_of_nobody", attempt=attempt)
        return
    if await holds_already(session, ConsentDraft(ConsentKind.DO_NOT_CALL, PRESSED, number=row.number), at):
        return  # it is on record: asked for before, or written by a commit of unknown outcome
    contact = ContactId(row.contact_id) if row.contact_id is not None else None
    await write_down_no(session, row.number, contact, PRESSED, user=None, at=at)
