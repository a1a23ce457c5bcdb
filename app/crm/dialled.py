"""Answers the floor's question what a phone dialled: its number, its kind, its price, whose it is.

The numbering plan needs no database; price and contact do. While that is away, or the line is full, a number is told
without them: then the call counts no money, and the limits on numbers and on calls at one time still hold.
"""

import asyncio
from collections.abc import Callable, Collection
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.lookup import Lookup
from app.crm.number_facts import is_emergency, plan_of
from app.crm.numbers import caller_key
from app.floor.commands import ReadNumber
from app.floor.dial_facts import NumberKind
from app.floor.events import NumberRead
from app.floor.model import ContactId
from app.floor.outgoing import DialledNumber
from app.floor.spending import Tariff
from app.records.engine import AWAY_ERRORS, reading
from app.records.queries.spending import tariffs_of

log = structlog.get_logger(__name__)

WORKERS: Final = 4
LOOKUP_S: Final = 1.0
"""How long the database may take: the phone waits for the answer, and the PBX not for long."""
LINE: Final = 1000
"""Questions that wait; more are answered without the database."""


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


class NumberReader:
    """Takes `ReadNumber` commands and puts `NumberRead` events.

    Args:
        engine: the price list.
        lookup: the contact base.
        region: ISO 3166 code of the country for numbers without a country code.
        put: takes the answers; must return at once.
        emergency: numbers for help besides those of the country.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        lookup: Lookup,
        region: str,
        put: Callable[[NumberRead], None],
        *,
        emergency: Collection[str] = (),
    ) -> None:
        self._engine, self._lookup, self._region, self._put = engine, lookup, region, put
        self._emergency = frozenset(emergency)
        self._line: asyncio.Queue[ReadNumber] = asyncio.Queue(LINE)

    def ask(self, command: ReadNumber) -> None:
        """Take a question; never waits."""
        try:
            self._line.put_nowait(command)
        except asyncio.QueueFull:
            log.warning("number_line_full", call_id=command.call)
            self._put(NumberRead(command.call, self._read(command)))

    async def run(self) -> None:
        """Answer questions until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(WORKERS):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            command = await self._line.get()
            self._put(await self._answer(command))

    async def _answer(self, command: ReadNumber) -> NumberRead:
        number = self._read(command)
        tariff, contact = None, None
        try:
            async with asyncio.timeout(LOOKUP_S):
                tariff, contact = await self._known(number.number)
        except AWAY_ERRORS as error:
            log.warning("number_not_looked_up", call_id=command.call, reason=type(error).__name__)
        except Exception:  # the price list is no reason to keep a phone waiting
            log.exception("number_not_looked_up", call_id=command.call)
        return NumberRead(command.call, number, tariff, contact)

    async def _known(self, number: str) -> tuple[Tariff | None, ContactId | None]:
        async with reading(self._engine) as session:
            tariffs = await tariffs_of(session, [number])
        matches = await self._lookup.identify(number)
        return tariffs.get(number), matches[0].contact if len(matches) == 1 else None

    def _read(self, command: ReadNumber) -> DialledNumber:
        return read_dialled(command.number, self._region, self._emergency)
