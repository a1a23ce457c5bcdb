"""Duplicates: found in the background, listed with reasons, dismissed for good by a person."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.contact_search.asked import Clause, Term
from app.crm.contact_search.queries import candidates
from app.crm.contact_search.terms import TERM_MOST, fold_address, sound_of, words_of
from app.crm.contacts.service import Contact, load_contacts
from app.crm.contacts.tables import ContactKind
from app.crm.duplicates import queries
from app.crm.duplicates.errors import DuplicateUnknown
from app.crm.duplicates.scoring import Identity, Verdict, compare
from app.crm.duplicates.tables import DuplicateRow
from app.domain.ids import ContactId
from app.domain.numbers import NumberKind
from app.numbers.facts import plan_of
from app.records.engine import reading, writing
from app.system.faults import report

BATCH: Final = 50
"""How many contacts one transaction compares with those that may be the same."""
PAUSE_S: Final = 0.2
"""Seconds between two batches."""
IDLE_S: Final = 10.0
"""Seconds before it is looked again for contacts that have changed."""
_NEWEST: Final = 2**62
_SHARED: Final = frozenset({NumberKind.FIXED, NumberKind.COMPANY, NumberKind.TOLL_FREE})
_log = structlog.get_logger(__name__)


@dataclass(slots=True, frozen=True)
class Pair:
    """Two contacts that are probably the same."""

    row: DuplicateRow
    one: Contact
    other: Contact


class Finder:
    """Compares contacts that have changed with those that may be the same. Call `run` in a task group."""

    def __init__(self, engine: AsyncEngine, region: str, now: Callable[[], datetime]) -> None:
        """A finder for this database.

        Args:
            engine: the database.
            region: ISO 3166 code of the country for numbers without a country code.
            now: the wall clock.
        """
        self._engine, self._region, self._now = engine, region, now

    async def run(self) -> None:
        """Compare contacts, batch by batch, until cancelled."""
        while True:
            try:
                compared = await self.step()
            except Exception as error:  # noqa: BLE001 - duplicates can wait
                report(_log, "duplicates_not_found", error, part="duplicates")
                compared = 0
            await asyncio.sleep(PAUSE_S if compared else IDLE_S)

    async def step(self) -> int:
        """Compare one batch; return how many contacts it had."""
        async with reading(self._engine) as session:
            some = await queries.uncompared(session, BATCH)
            found = {contact: await self._pairs_of(session, contact) for contact in some}
        if some:
            async with writing(self._engine) as session:
                for contact, pairs in found.items():
                    await queries.replace_pairs(session, contact, pairs)
                await queries.mark_compared(session, some)
        return len(some)

    async def _pairs_of(self, session: AsyncSession, id_: int) -> list[dict[str, object]]:
        loaded, at = await load_contacts(session, [ContactId(id_)]), self._now()
        if not loaded:
            return []
        mine = loaded[0]
        near = {*await queries.sharing_with(session, id_), *await _with_name_of(session, mine)} - {id_}
        others = await load_contacts(session, [ContactId(other) for other in sorted(near)])
        one = identity_of(mine, self._region)
        return [
            _row(mine.id, other.id, verdict, at)
            for other in others
            if (verdict := compare(one, identity_of(other, self._region))) is not None
        ]


def identity_of(contact: Contact, region: str) -> Identity:
    """What a contact is compared by."""
    said = contact.said
    numbers = [phone.e164 for phone in said.phones]
    shared = {number for number in numbers if plan_of(number, region).kind in _SHARED}
    return Identity(
        company=said.kind is ContactKind.COMPANY,
        surname=said.surname,
        given_name=said.given_name,
        patronymic=said.patronymic,
        company_name=said.company_name,
        mobiles=tuple(number for number in numbers if number not in shared),
        landlines=tuple(sorted(shared)),
        emails=tuple(fold_address(email.address) for email in said.emails),
        registry_code=said.registry_code,
    )


async def page_duplicates(
    session: AsyncSession, *, contact: ContactId | None, after: tuple[int, int] | None, limit: int
) -> tuple[Sequence[Pair], tuple[int, int] | None]:
    """Pairs that nobody has dismissed, the most probable first, and where the next page begins; None: nowhere.

    Args:
        session: that reads.
        contact: only pairs with this contact.
        after: score and id of the last pair of the page before; None at the beginning.
        limit: how many at most, 1..200.
    """
    rows = await queries.page_pairs(session, contact=contact, after=after, limit=limit + 1)
    shown = rows[:limit]
    ids = sorted({ContactId(id_) for row in shown for id_ in (row.contact_id, row.other_id)})
    by_id = {contact.id: contact for contact in await load_contacts(session, ids)}
    pairs = [Pair(row, by_id[ContactId(row.contact_id)], by_id[ContactId(row.other_id)]) for row in shown]
    return pairs, (shown[-1].score, shown[-1].id or 0) if len(rows) > limit else None


async def dismiss(session: AsyncSession, pair: int, *, user: int | None, at: datetime) -> None:
    """Say that two contacts are not the same, for good. A pair that was dismissed before stays as it was.

    Raises:
        DuplicateUnknown: there is no such pair.
    """
    row = await queries.get_pair(session, pair)
    if row is None:
        raise DuplicateUnknown
    if row.dismissed_at is None:
        row.dismissed_at, row.dismissed_by = at, user
        await queries.save_pair(session, row)


async def _with_name_of(session: AsyncSession, contact: Contact) -> list[int]:
    """Contacts that agree in two words of a contact's name by their sound, or in its whole one."""
    said = contact.said
    names = (said.company_name,) if said.kind is ContactKind.COMPANY else _names(contact)
    words = list(dict.fromkeys(_exact(word) for name in names for word in words_of(name)))[:4]
    found: list[int] = []
    for some in combinations(words, min(2, len(words))):
        if some:
            clauses = tuple(Clause("", ((Term(word, begins=False),),)) for word in some)
            most = queries.SHARING_MOST
            found += [
                one.id for one in await candidates(session, clauses, before=_NEWEST, enough=most, most=most)
            ]
    return found


def _names(contact: Contact) -> Iterable[str]:
    return contact.said.surname, contact.said.given_name, contact.said.patronymic


def _exact(word: str) -> str:
    return (sound_of(word) or word)[:TERM_MOST]


def _row(mine: ContactId, other: ContactId, verdict: Verdict, at: datetime) -> dict[str, object]:
    return {
        "contact_id": min(mine, other),
        "other_id": max(mine, other),
        "score": round(verdict.score * 100),
        "reasons": [one._asdict() for one in verdict.reasons],
        "found_at": at,
    }
