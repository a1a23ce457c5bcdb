"""Answers the floor's question what a phone dialled: its number, its kind, its price, whose it is.

The numbering plan needs no database; price and contact do. While that is away, or the line is full, a number is told
without them: then the call counts no money, and the limits on numbers and on calls at one time still hold.
"""

from collections.abc import Callable, Collection
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncEngine

from app.compliance.outgoing import DialledNumber
from app.crm.answers.questions import Questions
from app.crm.contacts.lookup import Lookup
from app.crm.tallies.service import tariffs_of
from app.domain.numbers import NumberKind
from app.floor.commands import ReadNumber
from app.floor.events import NumberRead
from app.numbers.facts import is_emergency, plan_of
from app.numbers.reader import caller_key
from app.records.engine import reading


def read_dialled(dialled: str, region: str, emergency: Collection[str] = ()) -> DialledNumber:
    """What a phone dialled.

    Args:
        dialled: digits, a plus sign before them or not.
        region: ISO 3166 code of the country for numbers without a country code.
        emergency: numbers for help besides those of the country.

    >>> read_dialled("0037255500123", "EE")
    DialledNumber(number='+37255500123', kind=<NumberKind.MOBILE: 'mobile'>, country='EE')
    >>> read_dialled("112", "EE").kind, read_dialled("1120", "EE").kind, read_dialled("9001234", "EE").kind
    (<NumberKind.EMERGENCY: 'emergency'>, <NumberKind.INVALID: 'invalid'>, <NumberKind.PREMIUM: 'premium'>)
    """
    if dialled in emergency or is_emergency(dialled, region):
        return DialledNumber(dialled, NumberKind.EMERGENCY, region)
    number = caller_key(dialled, region)
    plan = plan_of(number, region)
    # What merely begins like a number for help, or has a country code before it, is none.
    kind = NumberKind.INVALID if plan.kind is NumberKind.EMERGENCY else plan.kind
    country = region if kind is NumberKind.SHORT and not number.startswith("+") else plan.country
    return DialledNumber(number, kind, country)


class NumberReader(Questions[ReadNumber, NumberRead]):
    """Takes `ReadNumber` commands and puts `NumberRead` events.

    Args:
        engine: the price list.
        lookup: the contact base.
        region: ISO 3166 code of the country for numbers without a country code.
        put: takes the answers; must return at once.
        emergency: numbers for help besides those of the country.
    """

    patience_s: ClassVar[float] = 1.0  # the phone waits for the answer, and the PBX not for long

    def __init__(
        self,
        engine: AsyncEngine,
        lookup: Lookup,
        region: str,
        put: Callable[[NumberRead], None],
        *,
        emergency: Collection[str] = (),
    ) -> None:
        super().__init__(put)
        self._engine, self._lookup, self._region = engine, lookup, region
        self._emergency = frozenset(emergency)

    async def from_database(self, question: ReadNumber) -> NumberRead:
        """Read the number with its price and, when exactly one contact has it, that contact."""
        number = self._read(question)
        async with reading(self._engine) as session:
            tariffs = await tariffs_of(session, [number.number])
        matches = await self._lookup.identify(number.number)
        contact = matches[0].contact if len(matches) == 1 else None
        return NumberRead(question.call, number, tariffs.get(number.number), contact)

    def without_database(self, question: ReadNumber) -> NumberRead:
        """Read the number alone: the numbering plan needs no database."""
        return NumberRead(question.call, self._read(question))

    def _read(self, question: ReadNumber) -> DialledNumber:
        return read_dialled(question.number, self._region, self._emergency)
