"""Finds the contact who calls. Every call waits for this before it is routed, so it is one indexed query."""

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contacts.queries import callers
from app.crm.contacts.tables import ContactKind
from app.domain.ids import ContactId, OperatorId
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
        return tuple(
            Match(
                ContactId(id_),
                company
                if kind == ContactKind.COMPANY.value
                else display_name(
                    surname=surname, given_name=given, patronymic=patronymic, company_name=company
                ),
                OperatorId(operator) if operator is not None else None,
            )
            for id_, kind, surname, given, patronymic, company, operator in rows
        )
