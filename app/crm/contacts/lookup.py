"""Finds the contact who calls. Every call waits for this before it is routed, so it is one indexed query."""

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contacts.queries import Caller, caller, callers, last_picked
from app.crm.contacts.tables import ContactKind
from app.domain.ids import CallId, ContactId, OperatorId
from app.domain.names import display_name
from app.numbers.reader import caller_key
from app.records.engine import reading_connection

MATCHES_MAX = 10
"""The most contacts shown for one number."""


class Match(NamedTuple):
    """A contact who has the caller's number."""

    contact: ContactId
    name: str
    last_operator: OperatorId | None
    """The operator who last talked with this contact."""


class Said(NamedTuple):
    """What an operator said about who calls."""

    match: Match | None
    """The contact; None: none of the candidates."""


class Lookup:
    """Finds contacts by the caller's number."""

    def __init__(self, engine: AsyncEngine, region: str) -> None:
        """A look-up in this database.

        Args:
            engine: the database.
            region: ISO 3166 code of the country for numbers without a country code.
        """
        self._engine = engine
        self.region = region

    async def identify(self, number: str) -> tuple[Match, ...]:
        """Contacts with this number, at most `MATCHES_MAX`: the one served most recently first, then by id.

        Args:
            number: as the PBX gives it.

        Raises:
            SQLAlchemyError, OSError, sqlite3.Error: when the database is away.
        """
        key = caller_key(number, self.region)
        if not key:
            return ()
        async with reading_connection(self._engine) as connection:
            rows = await callers(connection, key, MATCHES_MAX)
        return tuple(map(_match, rows))

    async def picked(self, call: CallId) -> Said | None:
        """What an operator said last about who is calling, by the call's timeline; None: nothing.

        A contact that was removed since is none.

        Args:
            call: the call.

        Raises:
            SQLAlchemyError, OSError, sqlite3.Error: when the database is away.
        """
        async with reading_connection(self._engine) as connection:
            said = await last_picked(connection, call)
            if said is None:
                return None
            row = await caller(connection, said.contact) if said.contact is not None else None
        return Said(_match(row) if row is not None else None)


def _match(row: Caller) -> Match:
    name = display_name(
        surname=row.surname,
        given_name=row.given_name,
        patronymic=row.patronymic,
        company_name=row.company_name,
    )
    return Match(
        ContactId(row.id),
        row.company_name if row.kind == ContactKind.COMPANY.value else name,
        OperatorId(row.last_operator_id) if row.last_operator_id is not None else None,
    )
