"""The floor on a real Asterisk, without database or HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from app.crm.answers.dialled import read_dialled
from app.domain.ids import FIRST_NODE, CallId, ChannelId, LeadId, OperatorId, QueueId, channel_of
from app.domain.now import Now
from app.domain.operators import DeviceState, Membership, OperatorSettings, Presence
from app.domain.queues import QueueSettings
from app.domain.tariffs import Tariff
from app.floor.calls.lost_phones import PhoneInTalk, in_talk
from app.floor.commands import Command, FindLead, IdentifyCaller, PlaceCall, ReadNumber, ReleaseLead
from app.floor.events import (
    AttemptDialled,
    AttemptNotPlaced,
    CallerIdentified,
    Event,
    NumberRead,
    OperatorSet,
    PresenceAsked,
    QueueSet,
)
from app.floor.facts import (
    CallEnded,
    CallRecord,
    CallTransferred,
    Fact,
    FaultSeen,
    OperatorChanged,
    StepResult,
)
from app.floor.floor import Floor
from app.floor.model import Operator
from app.floor.outgoing.state import Outgoing
from app.history.past_calls import PastCall, past_calls
from app.pbx.ami.message import Event as AmiEvent
from app.pbx.ami.session import LinkSettings
from app.pbx.event_log import EventLog
from app.pbx.node import Pbx
from app.pbx.realtime.fallback import Fallback
from app.pbx.realtime.softphones import Route, SoftphoneAccount, SoftphoneStore
from app.sandbox.sandbox import Sandbox
from app.service.outgoing import limits_of
from app.service.runner import Runner
from app.service.settings import OutgoingSettings
from app.system import clock
from tests.stillness import watched_for_stillness

QUEUE = QueueId("tugi")
NUMBER = "3726000500"
LOGGED_S = 30.0
WAIT_S = 30.0
"""For what must happen: only a test that fails, or a machine that starves, waits so long."""
F = TypeVar("F", bound=Fact)


class _Overheard(Pbx):
    def __init__(
        self,
        heard: list[tuple[Now, AmiEvent]],
        told: asyncio.Event,
        settings: LinkSettings,
        put: Callable[[Event], None],
        in_talk: Callable[[], Iterable[PhoneInTalk]],
    ) -> None:
        self.heard = heard
        self._told = told
        super().__init__(settings, put, in_talk=in_talk)

    def _heard(self, event: AmiEvent) -> None:
        self.heard.append((clock.now(), event))
        super()._heard(event)
        self._told.set()


class LiveFloor:
    """A runner and its PBX, with every fact kept and waited for."""

    def __init__(self, sandbox: Sandbox, store: SoftphoneStore, caller_name: str = "") -> None:
        self.layout = layout = sandbox.layout
        self.store = store
        self.facts: list[tuple[Now, Fact]] = []
        self.accounts: dict[OperatorId, tuple[str, str]] = {}
        self._told = asyncio.Event()
        self._caller_name = caller_name
        floor = Floor(outgoing=Outgoing(limits_of(OutgoingSettings(), "EE")))
        self.tariff: Tariff | None = None
        """What every call outside costs."""
        self.fallback = Fallback(sandbox.softphones_url, floor)
        self._event_log_url = sandbox.event_log_url
        self.runner = Runner(floor, clock.now, [self._keep, self.fallback.note], self._dispatch)
        self.to_dial: list[str] = []
        """Numbers that campaigns are to call, in order."""
        self.heard: list[tuple[Now, AmiEvent]] = []
        """Every event the PBX told, as it told it."""
        self.pbx = _Overheard(
            self.heard,
            self._told,
            LinkSettings(
                host=layout.host,
                port=layout.ami_port,
                username=layout.ami_username,
                secret=layout.ami_secret,
            ),
            self.runner.put,
            lambda: in_talk(self.floor, FIRST_NODE),
        )

    @property
    def floor(self) -> Floor:
        return self.runner.floor

    def operator(self, number: int) -> Operator:
        return self.floor.operators[OperatorId(number)]

    async def add_operator(
        self,
        number: int,
        *,
        level: int = 1,
        auto_answer: bool = False,
        queue: QueueId = QUEUE,
        browser: bool = False,
    ) -> tuple[str, str]:
        """Make operator N, account `opN`, internal number 100+N; give the account's name and secret."""
        softphone = SoftphoneAccount(f"op{number}", number=str(100 + number), browser=browser)
        account = await self.store.put(softphone)
        await self.store.put_route(Route(str(100 + number), "operator", target=account.name))
        settings = OperatorSettings(
            OperatorId(number),
            f"Operator {number}",
            endpoint=account.name,
            memberships=(Membership(queue, level),),
            auto_answer=auto_answer,
        )
        await self.runner.post(OperatorSet(settings))
        self.accounts[settings.id] = (account.name, account.secret)
        return account.name, account.secret

    async def add_queue(self, settings: QueueSettings, number: str) -> None:
        """Make one more queue, reached by dialling `number`."""
        await self.store.put_route(Route(number, "queue", target=settings.id))
        await self.runner.post(QueueSet(settings))

    async def available(self, *numbers: int) -> None:
        """Let operators take calls, once their phones are registered."""
        for number in numbers:
            await self.runner.post(PresenceAsked(OperatorId(number), Presence.AVAILABLE))
        for number in numbers:
            await self.until(lambda n=number: self.operator(n).device is DeviceState.REGISTERED)  # type: ignore[misc]

    def of(self, kind: type[F]) -> list[F]:
        """All facts of a kind so far."""
        return [fact for _, fact in self.facts if isinstance(fact, kind)]

    def told_by_pbx(self, name: str) -> int:
        """How many events of a name the PBX has told."""
        return sum(event.name == name for _, event in self.heard)

    def records(self) -> Sequence[CallRecord]:
        """The records of all calls that ended."""
        return [fact.record for fact in self.of(CallEnded)]

    async def one_record(self) -> CallRecord:
        """Wait until a call has ended; give its record, the only one there is.

        An operator may be free before: the caller's channel can outlive the operator's.
        """
        await self.wait(CallEnded)
        (record,) = self.records()
        return record

    async def past(self, call: CallId, *channels: ChannelId) -> PastCall:
        """A call that is over, as the PBX's own log has it; name the channels that nothing there joins with it."""
        log = EventLog(self._event_log_url)
        try:
            async with asyncio.timeout(LOGGED_S):
                while True:  # another process's file has no event for us
                    entries = await log.families([channel_of(call), *channels])
                    for past in past_calls(entries, self.floor.by_endpoint):
                        if past.record.call == call and past.over:
                            return past
                    await asyncio.sleep(0.02)
        finally:
            await log.close()

    async def logged(self, call: CallId) -> list[PastCall]:
        """Every call that the PBX's own log has of what this one is joined with, whether it knows this one or not."""
        log = EventLog(self._event_log_url)
        try:
            entries = await log.families([channel_of(call)])
            return list(past_calls(entries, self.floor.by_endpoint))
        finally:
            await log.close()

    async def wait(self, kind: type[F], number: int = 1, timeout_s: float = WAIT_S) -> list[F]:
        """Wait until there are so many facts of a kind; give them."""
        await self.until(lambda: len(self.of(kind)) >= number, timeout_s)
        return self.of(kind)

    async def until(self, condition: Callable[[], bool], timeout_s: float = WAIT_S) -> None:
        """Wait until something is so; looked at after each step of the floor and each event of the PBX."""
        try:
            async with asyncio.timeout(timeout_s):
                while not condition():
                    self._told.clear()
                    await self._told.wait()
        except TimeoutError:
            story = "\n".join(repr(fact) for _, fact in self.facts[-30:])
            raise AssertionError(f"not so within {timeout_s:g} s; the last facts were:\n{story}") from None

    def assert_no_double_assignment(self) -> None:
        """No operator was ever given a second call before the first was over."""
        now_in: dict[OperatorId, str] = {}
        handed: tuple[str, OperatorId | None] | None = None
        for _, fact in self.facts:
            if isinstance(fact, CallTransferred):
                handed = (
                    fact.call,
                    fact.to_operator,
                )  # from a colleague's question to the customer, in one step
            if isinstance(fact, OperatorChanged):
                before = now_in.get(fact.operator)
                took_over = handed == (fact.call, fact.operator)
                assert before is None or fact.call in (None, before) or took_over, fact
                now_in[fact.operator] = fact.call  # type: ignore[assignment]
        assert not self.of(FaultSeen), "\n".join(repr(fact) for _, fact in self.facts)

    def _place(self, asked: PlaceCall) -> None:
        """The dialer's part: the next number, once."""
        if not self.to_dial:
            self.runner.put(AttemptNotPlaced(asked.attempt, 60.0))
            return
        number = self.to_dial.pop(0)
        self.runner.put(AttemptDialled(asked.attempt, LeadId(len(self.to_dial)), number=number))
        self.pbx.place(asked, number)

    def _keep(self, outcome: StepResult) -> None:
        self.facts.extend((outcome.at, fact) for fact in outcome.facts)
        self._told.set()

    def _dispatch(self, command: Command) -> None:
        if isinstance(command, IdentifyCaller):
            self.runner.put(CallerIdentified(command.call, name=self._caller_name))
        elif isinstance(command, ReadNumber):
            self.runner.put(NumberRead(command.call, read_dialled(command.number, "EE"), self.tariff))
        elif isinstance(command, PlaceCall):
            self._place(command)
        elif isinstance(command, FindLead):
            self.runner.put(AttemptNotPlaced(command.attempt, 3600.0))
        elif not isinstance(command, ReleaseLead):
            self.pbx.execute(command)


@asynccontextmanager
async def live_floor(
    sandbox: Sandbox,
    queue: QueueSettings | None = None,
    *,
    caller_name: str = "",
    operators: Sequence[int] = (),
) -> AsyncIterator[LiveFloor]:
    """A live floor with one queue, reached by dialling NUMBER, and operators it has from the start."""
    async with SoftphoneStore(sandbox.softphones_url) as store:
        live = LiveFloor(sandbox, store, caller_name)
        settings = queue or QueueSettings(QUEUE, "Klienditugi", ring_s=3, wrap_up_s=0.2, retry_s=1.0)
        await store.put_route(Route(NUMBER, "queue", target=settings.id))
        await live.runner.post(QueueSet(settings))
        for number in operators:
            await live.add_operator(number)
        try:
            async with watched_for_stillness(sandbox), asyncio.TaskGroup() as group:
                tasks = [group.create_task(live.pbx.run()), group.create_task(live.fallback.run())]
                await live.until(lambda: live.floor.linked)
                yield live
                for task in tasks:  # without good-bye, as when the service is killed
                    task.cancel()
        finally:
            live.runner.close()
