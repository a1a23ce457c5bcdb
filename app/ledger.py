"""What becomes of attempts, into the records: sent, ended, and who does not want to be called again.

Written in the order it was told, each once; while the database is away it waits and is tried again. It cannot grow
without bound: nothing is dialled while the database is away, so there is one end for each attempt under way. What a
process takes with it when it dies is asked of the PBX's own log by the next one.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final, NamedTuple, assert_never

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.consent import ConsentDraft, ConsentUnfit, write_down_one
from app.floor.campaign import AttemptOutcome
from app.floor.dial_facts import Word
from app.floor.facts import AttemptEnded, CustomerOptedOut, Outcome
from app.floor.model import AttemptId, ContactId, OperatorId
from app.records.engine import AWAY_ERRORS, writing
from app.records.errors import reason
from app.records.queries.attempts import AttemptEnd, end_attempt, get_attempt, note_attempt
from app.records.queries.consent import known_among
from app.records.tables import ConsentRow

log = structlog.get_logger(__name__)

RETRY_S: Final = 1.0
"""How long after the database was away."""
AT_ONCE: Final = 100  # entries in one transaction
PRESSED: Final = "a key pressed in the campaign's message"
"""Where a do-not-call comes from whose customer was called."""


class Sent(NamedTuple):
    """The order to dial has left."""

    attempt: AttemptId
    at: datetime


class Ended(NamedTuple):
    """An attempt is over."""

    attempt: AttemptId
    outcome: AttemptOutcome
    at: datetime
    cause: int | None = None
    """Q.850."""
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


class Ledger:
    """Give `note` to the runner as a sink, and call `run` in a task group.

    Args:
        engine: the records.
        unknown: told of each attempt of which nobody heard how it ended.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        unknown: Callable[[AttemptId], None] = lambda _: None,
    ) -> None:
        self.away = False
        """The database did not take the last entries: nothing may be dialled."""
        self._engine, self._unknown = engine, unknown
        self._entries: deque[Entry] = deque()
        self._wake = asyncio.Event()
        self._written = asyncio.Event()
        self._written.set()

    @property
    def pending(self) -> int:
        """Entries that are not in the records yet."""
        return len(self._entries)

    def note(self, outcome: Outcome) -> None:
        """Take what is to be written of one outcome; microseconds."""
        for fact in outcome.facts:
            if isinstance(fact, AttemptEnded):
                self.write(
                    Ended(
                        fact.attempt,
                        fact.outcome,
                        fact.ended_at,
                        fact.cause or None,
                        fact.answered_at,
                        fact.connected_at,
                        fact.amd,
                        fact.call,
                        fact.operator,
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
            while self._entries:
                entries = [self._entries[place] for place in range(min(AT_ONCE, len(self._entries)))]
                try:
                    await self._write(entries)
                except AWAY_ERRORS as error:
                    self.away = True
                    log.warning("attempts_not_written", waiting=len(self._entries), reason=reason(error))
                    await asyncio.sleep(RETRY_S)
                    continue
                except (
                    Exception
                ):  # nor is it a reason to stop answering callers; nothing is dialled meanwhile
                    self.away = True
                    log.exception("attempts_not_written", waiting=len(self._entries))
                    await asyncio.sleep(RETRY_S)
                    continue
                self.away = False
                for _ in entries:
                    self._entries.popleft()
                for entry in entries:
                    if isinstance(entry, Ended) and entry.outcome is AttemptOutcome.UNKNOWN:
                        self._unknown(entry.attempt)
            self._written.set()

    async def _write(self, entries: list[Entry]) -> None:
        async with writing(self._engine) as session:
            for entry in entries:
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
    """The number, and the contact where there is one: whoever pressed the key does not want to be called by another."""
    row = await get_attempt(session, attempt)
    if row is None:
        log.warning("opt_out_of_nobody", attempt=attempt)
        return
    no = ConsentRow(word=Word.DO_NOT_CALL.value, source=PRESSED, given_at=at, created_at=at)
    if await known_among(session, [row.number], no):
        return  # said before, or written by a commit of which we did not hear
    await write_down_one(
        session, ConsentDraft(Word.DO_NOT_CALL, PRESSED, number=row.number), user=None, at=at
    )
    if row.contact_id is not None:
        by_contact = ConsentDraft(Word.DO_NOT_CALL, PRESSED, contact=ContactId(row.contact_id))
        with suppress(ConsentUnfit):  # forgotten meanwhile
            await write_down_one(session, by_contact, user=None, at=at)
