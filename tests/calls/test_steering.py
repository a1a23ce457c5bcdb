"""A supervisor ends a talk, and moves a caller who waits, on the real PBX."""

from app.domain.calls import CallOutcome, EndedBy
from app.domain.ids import OperatorId
from app.domain.operators import Presence
from app.domain.queues import QueueSettings
from app.floor.events import EndAsked, MoveAsked, PresenceAsked, QueueSet
from app.floor.facts import CallQueued
from app.sandbox.sandbox import Sandbox
from tests.calls.stage import HELP, stage
from tests.live_floor import NUMBER


async def test_a_talk_is_ended_for_both(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        (live,) = s.live.floor.calls.values()
        await s.live.runner.post(EndAsked(live.id))
        await s.op1.until(lambda: talk.ended_by == "them")
        record = await s.at_rest(call, logged=False)
    assert (record.outcome, record.ended_by) == (CallOutcome.ANSWERED, EndedBy.SERVICE)


async def test_a_caller_who_waits_is_moved_and_let_go(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        await s.live.runner.post(QueueSet(QueueSettings(HELP, "Abi")))
        for operator in (1, 2):
            await s.live.runner.post(PresenceAsked(OperatorId(operator), Presence.ON_BREAK, "rest"))
        call = await s.anna.dial(NUMBER)
        await s.live.until(lambda: bool(s.live.floor.calls))
        (live,) = s.live.floor.calls.values()
        await s.live.runner.post(MoveAsked(live.id, HELP))
        assert [fact.cause for fact in s.live.of(CallQueued)] == ["arrived", "moved"]
        await s.live.runner.post(EndAsked(live.id))
        await s.anna.until(lambda: call.ended_by == "them")
        await s.live.until(lambda: not s.live.floor.calls)
        (record,) = s.live.records()
    assert (record.queue, record.outcome) == (HELP, CallOutcome.MAX_WAIT)
