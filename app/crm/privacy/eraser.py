"""Erases people step by step, off everybody's way: each step may be done again, so a stop in between loses nothing.

    asked     an objection's hash stays -> the ledger -> imports' files -> the PBX's log and calls, batch by batch
              -> all other rows and the contact, in one transaction
    settling  the journal has written what it had heard of them -> what it wrote is erased, too
              -> free pages, index and log of the database's files are overwritten
    done

What hinders a step (a call, a file that is being imported) makes it wait, and it is tried again.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlmodel import col

from app.crm.contacts.errors import ContactUnknown
from app.crm.contacts.service import is_contact
from app.crm.privacy.erasers import erase_calls, erase_rest, next_calls
from app.crm.privacy.errors import PersonInCall
from app.crm.privacy.files import Needles, erase_files
from app.crm.privacy.hindrances import hindrance, is_called
from app.crm.privacy.ledger import Entry, Ledger
from app.crm.privacy.person import NOBODY, Person, find_person
from app.crm.privacy.recognition import Known
from app.crm.privacy.searches import erase_searches
from app.crm.privacy.service import hashes_of
from app.crm.privacy.shredding import shred
from app.crm.privacy.states import ErasureCause, ErasureState
from app.crm.privacy.tables import ErasureRow
from app.domain.errors import Refusal
from app.domain.ids import ContactId
from app.pbx.log_erasure import LogErasure
from app.records.engine import reading, writing
from app.records.keyed import keyed
from app.records.set_aside import SetAside
from app.system.faults import report

AGAIN_S: Final = 60.0
"""Seconds before what hindered an erasure is looked at again."""
AT_ONCE: Final = 100
"""How many erasures one round takes."""
_log = structlog.get_logger(__name__)


class Eraser:
    """Call `run` in a task group.

    Args:
        engine: the database.
        ledger: where each erasure is noted before anything goes.
        files: the folder of files of imports.
        now: the wall clock.
        journal: waits until all that was heard so far is in the database.
        log: the PBX's event log; None: there is none.
        aside: rows that the database refused; None: they are kept nowhere.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        ledger: Ledger,
        files: Path,
        now: Callable[[], datetime],
        *,
        journal: Callable[[], Awaitable[None]],
        log: LogErasure | None = None,
        aside: SetAside | None = None,
    ) -> None:
        self._engine, self._ledger, self._files, self._now = engine, ledger, files, now
        self._journal, self._pbx_log, self._aside = journal, log, aside
        self._people: dict[str, list[Person]] = {}
        self._asked = asyncio.Event()
        self._caught_up = False
        self.told: list[Callable[[Person], None]] = []
        """Called with each person who is erased, so that what is in memory goes, too."""

    def wake(self) -> None:
        """Somebody is to be erased: call it after the commit."""
        self._asked.set()

    async def run(self) -> None:
        """Erase whoever is to be erased, again and again until cancelled."""
        while True:
            self._asked.clear()
            left = True
            try:
                left = await self.work()
            except Exception as error:  # noqa: BLE001 - an erasure is tried again, and calls go on
                report(_log, "erasures_stopped", error, part="privacy")
            try:
                async with asyncio.timeout(AGAIN_S if left else None):
                    await self._asked.wait()
            except TimeoutError:
                continue

    async def work(self, *, heard: bool = True) -> bool:
        """Do what can be done now; return whether something is left that has to wait.

        Args:
            heard: the journal may have something that is not in the database yet.
        """
        if not self._caught_up:
            await self.done_again()
        left = False
        settled: list[ErasureRow] = []
        rows = await self._open()
        known = Known(self._engine, rows)
        for row in rows:
            try:
                if row.state == ErasureState.SETTLING.value or await self._erase(row, known):
                    await self._settle(row, known, heard=heard)
                    settled.append(row)
            except Refusal as refusal:
                left = True
                await self._note(row, waits_for=refusal.code)
        if settled and await shred(self._engine):
            for row in settled:
                await self._note(row, state=ErasureState.DONE.value, ended_at=self._now(), waits_for="")
                self._people.pop(row.id, None)
                _log.info("person_erased", erasure=row.id)
        elif settled:
            left = True
        return left or bool(await self._open())

    async def catch_up(self, *, whole: bool = False) -> int:
        """Before calls come in: erase again whoever a restored backup brought back. The journal has nothing then.

        Args:
            whole: everybody; false: `AT_ONCE` people, and the others while calls come in.

        Returns:
            How many people the backup brought back.
        """
        again = await self.done_again()
        for _ in range(0, again if whole else min(again, 1), AT_ONCE):
            await self.work(heard=False)
        return again

    async def done_again(self) -> int:
        """Take up erasures that the ledger has and the database does not: a backup was restored. Returns how many."""
        entries = await asyncio.to_thread(self._ledger.entries)
        self._caught_up = not entries
        if self._caught_up:
            return 0
        async with writing(self._engine) as session:
            known = set(await session.scalars(select(col(ErasureRow.id))))
            missing = [one for one in entries if one.id not in known]
            session.add_all(
                ErasureRow(
                    id=one.id,
                    contact=one.contact,
                    identities=list(one.identities),
                    numbers=list(one.numbers),
                    state=ErasureState.ASKED.value,
                    asked_at=one.at,
                    why=ErasureCause.RESTORED.value,
                )
                for one in missing
            )
        self._caught_up = True
        if missing:
            _log.warning("erasures_done_again", erasures=len(missing))
        return len(missing)

    async def _erase(self, row: ErasureRow, known: Known) -> bool:
        """Erase somebody up to the contact; False: they are in use again, and nobody had asked for it.

        A restored backup may have contacts that were merged later: each goes by itself, and then whatever has a number
        of the person and no contact.
        """
        if not await self._begin(row):
            return False
        people = [
            await self._erase_one(row, person)
            for contact, identity in row.identities
            if (person := await self._contact(contact, identity)) is not None
        ]
        if not people or row.why == ErasureCause.RESTORED.value:
            people.append(await self._erase_one(row, await self._by_hashes(row, known)))
        self._people[row.id] = people
        await self._note(row, state=ErasureState.SETTLING.value, waits_for="")
        return True

    async def _begin(self, row: ErasureRow) -> bool:
        """Look whether something hinders it, and enter it into the ledger; False: it is taken back.

        Raises:
            Refusal: it has to wait.
        """
        async with writing(self._engine) as session:
            kept = await session.get_one(ErasureRow, row.id)
            for contact, identity in row.identities:
                person = await self._found(session, contact, identity)
                if person is None:
                    continue
                if (why := await self._hindered(session, row, person)) is not None:
                    if row.why != ErasureCause.RETENTION.value:
                        raise why
                    await session.delete(kept)
                    return False
                if row.why != ErasureCause.RESTORED.value:  # numbers may have come since it was asked for
                    said = await hashes_of(session, person)
                    kept.numbers = sorted({*kept.numbers, *said["numbers"]})
            entry = Entry(
                kept.id,
                kept.contact,
                tuple((one, hash_) for one, hash_ in kept.identities),
                tuple(kept.numbers),
                kept.asked_at,
            )
        await asyncio.to_thread(self._ledger.add, entry)
        return True

    async def _erase_one(self, row: ErasureRow, person: Person) -> Person:
        """Erase all of a person's rows but the calls that are open; returns whose, to settle."""
        files = await erase_files(self._engine, self._files, person)
        searches = await erase_searches(self._engine, person)
        rows = {name: count for name, count in (("files", files), ("searches", searches)) if count}
        await self._clear_aside(person)
        rows |= await self._clear_calls(person)
        async with writing(self._engine) as session:
            if person.origins:
                again = await find_person(session, person.contact)
                if (why := await self._hindered(session, row, again)) is not None:
                    raise why
            at = self._now()
            rest = await erase_rest(session, person, at)
            kept = await session.get_one(ErasureRow, row.id)
            kept.erased_at = at
            counts = Counter(kept.rows)
            counts.update(rest)
            counts.update(rows)
            kept.rows = dict(counts)
        for tell in self.told:
            tell(person)
        return replace(person, before=person.before or at)

    async def _settle(self, row: ErasureRow, known: Known, *, heard: bool) -> None:
        """Erase what came into the records after the rows were erased: the journal had heard it before.

        Raises:
            PersonInCall: a call of the person goes on, and is written once more when it ends.
        """
        people = self._people.get(row.id)
        if heard:
            await self._journal()
        for person in people or [await self._by_hashes(row, known)]:
            async with reading(self._engine) as session:
                if await is_called(session, person, self._now()):
                    raise PersonInCall
                again = bool(await next_calls(session, person, self._now(), 1))
            if again or people is None:
                await self._clear_calls(person)
                async with writing(self._engine) as session:
                    await erase_rest(session, replace(person, contact=NOBODY), self._now())

    async def _clear_aside(self, person: Person) -> None:
        if self._aside is None:
            return
        needles = Needles(person)
        for path in self._aside.files:
            rows = await self._aside.read(path)
            cleared = [_without(row, needles) for row in rows]
            if cleared != rows:
                await self._aside.leave(path, cleared)

    async def _clear_calls(self, person: Person) -> dict[str, int]:
        counts: Counter[str] = Counter()
        while True:
            async with reading(self._engine) as session:
                some = await next_calls(session, person, self._now())
            if not some:
                break
            if self._pbx_log is not None:
                await self._pbx_log.erase(some, person.numbers)
            async with writing(self._engine) as session:
                counts.update(await erase_calls(session, person, some))
        return {name: count for name, count in counts.items() if count}

    async def _contact(self, contact: int, identity: str) -> Person | None:
        async with reading(self._engine) as session:
            return await self._found(session, contact, identity)

    async def _found(self, session: AsyncSession, contact: int, identity: str) -> Person | None:
        """The contact as it is now; None: it is gone, or the id is another contact's."""
        try:
            found = await find_person(session, contact)
        except ContactUnknown:
            return None
        of_now = {await keyed(session, text) for _, text in found.identities[:1]}
        return found if identity in of_now else None

    async def _by_hashes(self, row: ErasureRow, known: Known) -> Person:
        """Somebody whose contact is gone, by the numbers that are no other contact's now."""
        numbers = await known.numbers(row)
        async with reading(self._engine) as session:
            contact = NOBODY if await is_contact(session, ContactId(row.contact)) else row.contact
        return Person(contact, numbers, before=row.erased_at or row.asked_at)

    async def _hindered(self, session: AsyncSession, row: ErasureRow, person: Person) -> Refusal | None:
        """What hinders it; of erasures that are done again, a call alone."""
        if row.why != ErasureCause.RESTORED.value:
            return await hindrance(session, person, self._now())
        return PersonInCall() if await is_called(session, person, self._now()) else None

    async def _open(self) -> list[ErasureRow]:
        """Erasures that are not done, those that nothing hindered first."""
        query = select(ErasureRow).where(col(ErasureRow.state) != ErasureState.DONE.value)
        in_turn = (col(ErasureRow.waits_for) != "", col(ErasureRow.asked_at))
        async with reading(self._engine) as session:
            return list(await session.scalars(query.order_by(*in_turn).limit(AT_ONCE)))

    async def _note(self, row: ErasureRow, **values: object) -> None:
        async with writing(self._engine) as session:
            kept = await session.get_one(ErasureRow, row.id)
            for name, value in values.items():
                setattr(kept, name, value)


def _without(value: Any, needles: Needles) -> Any:
    """A value without the texts that have the person."""
    if isinstance(value, str):
        return "" if needles.found_in(value) else value
    if isinstance(value, dict):
        return {name: _without(one, needles) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(one, needles) for one in value]
    return value
