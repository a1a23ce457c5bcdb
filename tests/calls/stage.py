"""A floor with two operators and a customer, each at a phone, and what must be so after every story."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import ChannelId, QueueId
from app.domain.queues import QueueSettings
from app.floor.facts import CallRecord, LegRecord
from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests.live_floor import NUMBER, LiveFloor, live_floor
from tests.sipua import Phone, Talk
from tests.stillness import close

HELP = QueueId("abi")
HELP_NUMBER = "3726000600"
_ONLY_HEARD = {"contact", "cause_text", "caller_name", "unheard", "legs", "channel", "cost"}
"""What the PBX's own log does not know, or names otherwise."""
OUTSIDE_NUMBER = "37255500099"


@dataclass
class Stage:
    """Who is there. Operator 1 is asked first; operator 2 has number 102."""

    live: LiveFloor
    op1: Phone
    op2: Phone
    anna: Phone

    async def talk(self) -> tuple[Talk, Talk]:
        """Anna calls, operator 1 answers, they hear each other; give her talk and his."""
        call = await self.anna.dial(NUMBER)
        talk = await self.op1.rings()
        self.op1.answer(talk)
        await self.hear_each_other((self.anna, call), (self.op1, talk))
        return call, talk

    async def pass_on(self, talk: Talk, number: str) -> None:
        """Operator 1 transfers unseen. The phone may stay a while, to be told a place; the talk is over now."""
        over_s = clock.monotonic()
        await self.op1.refer(talk, number)
        talk.ended_s = over_s

    def channel_of(self, operator: int) -> ChannelId:
        """The channel of the phone that this operator talks at, as a console would name it."""
        (channel,) = [
            call.talking.channel
            for call in self.live.floor.calls.values()
            if call.talking is not None and call.talking.operator == operator
        ]
        assert channel is not None
        return channel

    async def hear_each_other(self, one: tuple[Phone, Talk], other: tuple[Phone, Talk]) -> None:
        await one[0].hears(one[1], other[0].voice)
        await other[0].hears(other[1], one[0].voice)

    async def at_rest(self, call: Talk, *operators: int, logged: bool = True) -> CallRecord:
        """Wait until the call is over and these operators (by default both) are free; give its one record.

        Args:
            call: the customer's.
            operators: who is to be free.
            logged: the PBX's own log tells the same.
        """
        await self.anna.until(lambda: bool(call.ended_s))
        wanted = operators or (1, 2)
        floor = self.live.floor
        await self.live.until(
            lambda: not floor.calls and all(self.live.operator(n).offerable for n in wanted)
        )
        for number, phone in ((1, self.op1), (2, self.op2)):
            if number in wanted:
                await phone.until(lambda talks=phone.talks: all(t.ended_s or not t.answered_s for t in talks))  # type: ignore[misc]
        assert not self.live.floor.by_channel
        self.live.assert_no_double_assignment()
        (record,) = [r for r in self.live.records() if r.caller_number == self.anna.user]
        assert record.caller_number == self.anna.user
        assert close(record.duration_s, call.ended_s - call.began_s)
        if logged:
            assert_same(record, (await self.live.past(record.call)).record)
        return record


@asynccontextmanager
async def stage(sandbox: Sandbox, queue: QueueSettings | None = None) -> AsyncIterator[Stage]:
    """Two operators, available, and a customer."""
    async with live_floor(sandbox, queue) as live:
        first, second = await live.add_operator(1), await live.add_operator(2, level=2)
        async with (
            Phone(live.layout, *first, voice=0x31) as op1,
            Phone(live.layout, *second, voice=0x32) as op2,
            Phone.customer(live.layout, "37255500001") as anna,
        ):
            await live.available(1, 2)
            yield Stage(live, op1, op2, anna)


def assert_legs(record: CallRecord, *legs: tuple[int | None, Talk]) -> None:
    """The legs that talked are these, each as long as its phone's own log says; and all adds up."""
    talked = [leg for leg in record.legs if leg.answered_at is not None]
    assert [leg.operator for leg in talked] == [operator for operator, _ in legs]
    for leg, (_, talk) in zip(talked, legs, strict=True):
        assert close(leg.talked_s, talk.talked_s), (leg, talk)
    assert abs(record.talked_s - sum(leg.talked_s for leg in talked)) < 0.001
    assert record.waited_s + record.talked_s <= record.duration_s + 0.001


def assert_same(heard: CallRecord, logged: CallRecord) -> None:
    """The PBX's own log tells the same of a call as was heard of it."""
    mine, theirs = _facts(heard), _facts(logged)
    unlike = {
        name: (mine.get(name), theirs.get(name))
        for name in mine | theirs
        if not _same(mine.get(name), theirs.get(name))
    }
    assert not unlike, unlike


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return close(one, other)  # a busy PBX joins the two some time after the answer
    return one == other


def _facts(record: CallRecord) -> dict[str, object]:
    facts = _plain(record)
    dialled = [leg for leg in record.legs if leg.channel is not None]  # no phone was asked: nothing to log
    for number, leg in enumerate(dialled):
        facts |= {f"{number}.{name}": value for name, value in _plain(leg).items()}
    return facts


def _plain(record: CallRecord | LegRecord) -> dict[str, object]:
    return {
        name: value.timestamp() if isinstance(value, datetime) else value
        for name, value in record._asdict().items()
        if name not in _ONLY_HEARD
    }
