"""Asks the CRM who is calling, beside everything else: no call, and no screen, waits for it.

A call's card says `asking` at once, `late` when the CRM has not answered within `POP_S`, and then whatever comes. Calls
of one number share one question, and its answer for a while. A CRM that fails is left alone (`breaker`).
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.crm_lookup.breaker import Breaker
from app.crm.crm_lookup.queries import get_lookup
from app.crm.crm_lookup.tables import CrmLookupRow
from app.domain.calls import CrmCard, CrmState
from app.domain.errors import Refusal
from app.domain.ids import CallId
from app.floor.events import CrmAnswered
from app.floor.facts import CallArrived, StepResult
from app.records.engine import reading
from app.records.event_table import EventRow
from app.system.clock import monotonic
from app.system.faults import PAUSE_S, report
from app.system.guarded_http import GuardedHttp
from app.system.networks import Network

if TYPE_CHECKING:
    from app.crm.crm_lookup.client import CrmClient

POP_S: Final = 0.5
"""Seconds after which nobody should wait for the CRM any more."""
PATIENCE_S: Final = 15.0
"""Seconds for which an answer is still taken."""
REMEMBERED: Final = 5000
"""Numbers whose answers are remembered."""
WAITING: Final = 500
"""Numbers that are asked for, or wait for it; further calls do without."""
SUBJECT: Final = "crm_lookup"
_log = structlog.get_logger(__name__)


class _Remembered(NamedTuple):
    card: CrmCard
    outputs: dict[str, str]
    until_s: float


class CrmDesk:
    """Call `note` with each outcome of the floor, `hear` with the stream of events, and `run` in a task group.

    Args:
        engine: the database.
        http: sends requests.
        put: takes events for the floor; must return at once.
    """

    def __init__(self, engine: AsyncEngine, http: GuardedHttp, put: Callable[[CrmAnswered], None]) -> None:
        self._engine, self._http, self._put = engine, http, put
        self._changed = asyncio.Event()
        self._changed.set()
        self._arrived: asyncio.Queue[tuple[CallId, str]] = asyncio.Queue()
        self._asking: dict[str, list[CallId]] = {}
        self._late: set[str] = set()
        self._remembered: dict[str, _Remembered] = {}
        self._breaker = Breaker()
        self.loaded = asyncio.Event()
        """Set once the setting has been read."""
        self.client: CrmClient | None = None
        """The CRM as it is set up; None: there is none, or it is off."""

    @property
    def networks(self) -> Sequence[Network]:
        """Private networks in which the CRM may be asked."""
        return self._http.networks

    @property
    def paused(self) -> bool:
        """Whether the CRM is left alone now."""
        return self._breaker.paused(monotonic())

    def note(self, outcome: StepResult) -> None:
        """Ask about calls that arrived."""
        if self.client is None:
            return
        for fact in outcome.facts:
            if isinstance(fact, CallArrived) and fact.caller_number and not fact.internal:
                self._ask(fact.call, fact.caller_number)

    def hear(self, events: Sequence[EventRow]) -> None:
        """Read the setting again when it has changed, in whichever process."""
        if any(event.subject == SUBJECT for event in events):
            self._changed.set()

    async def run(self) -> None:
        """Ask until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_up())
            while True:
                call, number = await self._arrived.get()
                group.create_task(self._answer(call, number))

    def client_of(self, row: CrmLookupRow) -> "CrmClient":
        """A client of its own for a setting; slow the first time, so call it on a thread of its own."""
        from app.crm.crm_lookup.client import CrmClient  # noqa: PLC0415 - a centre without a CRM starts without it

        return CrmClient(row, self._http)

    async def outputs_of(self, number: str) -> dict[str, str]:
        """What the CRM knows of a number, remembered or asked anew; empty: nothing, or no answer."""
        client = self.client
        if client is None:
            return {}
        known = self._known(number)
        if known is None:
            known = await self._found(client, number)
        return known.outputs if known is not None else {}

    def forget(self, numbers: Collection[str]) -> None:
        """Forget what the CRM knows of these numbers: their owner is erased."""
        for number in numbers:
            self._remembered.pop(number, None)

    def _ask(self, call: CallId, number: str) -> None:
        known = self._known(number)
        if known is not None:
            self._put(CrmAnswered(call, known.card))
        elif number in self._asking:
            self._asking[number].append(call)
            state = CrmState.LATE if number in self._late else CrmState.ASKING
            self._put(CrmAnswered(call, CrmCard(state)))
        elif len(self._asking) >= WAITING or self._breaker.is_open(monotonic()):
            self._put(CrmAnswered(call, CrmCard(CrmState.FAILED)))
        else:
            self._arrived.put_nowait((call, number))
            self._asking[number] = [call]
            self._put(CrmAnswered(call, CrmCard(CrmState.ASKING)))

    async def _answer(self, call: CallId, number: str) -> None:
        loop = asyncio.get_running_loop()
        late = loop.call_later(POP_S, self._say_late, number)
        card = CrmCard(CrmState.FAILED)
        try:
            client = self.client
            known = await self._found(client, number) if client is not None else None
            card = known.card if known is not None else card
        except Exception as error:  # noqa: BLE001 - the CRM is no reason to stop answering callers
            report(_log, "crm_not_asked", error, part="crm", call_id=call)
        finally:
            late.cancel()
            self._late.discard(number)
            for one in self._asking.pop(number, ()):
                self._put(CrmAnswered(one, card))

    def _say_late(self, number: str) -> None:
        self._late.add(number)
        for call in self._asking.get(number, ()):
            self._put(CrmAnswered(call, CrmCard(CrmState.LATE)))

    async def _found(self, client: "CrmClient", number: str) -> _Remembered | None:
        try:
            walked = await client.look_up(number, PATIENCE_S)
        except Refusal as error:
            _log.warning("crm_template_unfit", code=error.code)
            return None
        failed = walked.outcome.failed if not walked.outcome.outputs else None
        self._breaker.note(failed=failed is not None, now_s=monotonic())
        if failed is not None:
            _log.info("crm_failed", outcome=failed.outcome, status=failed.status, why=walked.why)
            return None
        found = _Remembered(walked.card, walked.outcome.outputs, monotonic() + client.row.cache_s)
        if client.row.cache_s and client is self.client:
            while len(self._remembered) >= REMEMBERED:
                self._remembered.pop(next(iter(self._remembered)))
            self._remembered.pop(number, None)
            self._remembered[number] = found
        return found

    def _known(self, number: str) -> _Remembered | None:
        known = self._remembered.get(number)
        if known is not None and monotonic() >= known.until_s:
            del self._remembered[number]
            return None
        return known

    async def _keep_up(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self.load()
            except Exception as error:  # noqa: BLE001 - the setting that holds goes on holding
                report(_log, "crm_setting_not_read", error, part="crm")
                await asyncio.sleep(PAUSE_S)
                self._changed.set()

    async def load(self) -> None:
        """Read how the CRM is asked; what it said before is forgotten."""
        async with reading(self._engine) as session:
            row = await get_lookup(session)
        self._remembered.clear()
        self._breaker = Breaker()
        enabled = row if row is not None and row.enabled else None
        self.client = await asyncio.to_thread(self.client_of, enabled) if enabled is not None else None
        self.loaded.set()
