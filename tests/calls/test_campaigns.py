"""Campaigns on the real PBX: customers are SIPp behind the carrier, operators are SIPp phones."""

import asyncio
import re

from app.demo.sipp import Callees, Softphones
from app.domain.calls import CallOutcome
from app.domain.campaigns import AttemptOutcome, CampaignSettings, DialMode
from app.domain.ids import CampaignId, OperatorId
from app.domain.operators import Presence, RoutingState
from app.floor.events import CampaignSet, PresenceAsked
from app.floor.facts import AttemptEnded, CallEnded, CallTransferred, OfferEnded
from app.sandbox.sandbox import Sandbox
from tests.live_floor import NUMBER, QUEUE, LiveFloor, live_floor
from tests.sipua import Phone
from tests.stillness import close

BUSY, SILENT = "56", "789"


def numbers(count: int) -> list[str]:
    """Numbers that end in every digit alike."""
    return [f"3725550{n:04}" for n in range(1, count + 1)]


async def campaign(live: LiveFloor, mode: DialMode, **changes: object) -> None:
    settings = CampaignSettings(
        CampaignId(1),
        "Kampaania",
        mode=mode,
        queue=QUEUE,
        running=True,
        ring_s=3,
        **changes,  # type: ignore[arg-type]
    )
    await live.runner.post(CampaignSet(settings))


async def test_progressive_reaches_who_can_be_reached_and_connects_them(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live:
        accounts = [await live.add_operator(n) for n in (1, 2, 3)]
        wanted = numbers(20)
        live.to_dial = list(wanted)
        async with (
            Callees(sandbox.layout, answer_ms=200, busy=BUSY, silent=SILENT) as callees,
            Softphones(sandbox.layout, accounts, answer_ms=50, talk_ms=300) as phones,
        ):
            await live.available(1, 2, 3)
            await campaign(live, DialMode.PROGRESSIVE)
            ended = await live.wait(AttemptEnded, len(wanted), timeout_s=60)
        outcomes = {record.caller_number: record.outcome for record in live.records()}
        answering = [number for number in wanted if number[-1] not in BUSY + SILENT]
        assert outcomes == dict.fromkeys(answering, CallOutcome.ANSWERED)
        assert sorted(event.user for event in callees.of("ringing")) == wanted  # each once
        assert len(phones.of("answered")) == len(answering)
        by_outcome = {fact.outcome for fact in ended}
        assert by_outcome == {AttemptOutcome.ANSWERED, AttemptOutcome.BUSY, AttemptOutcome.NO_ANSWER}
        assert all(close(fact.connect_s, 0.0, 2.0) for fact in ended)
        live.assert_no_double_assignment()
        assert not live.of(CallEnded)[0].record.unheard


async def bridged(sandbox: Sandbox) -> None:
    """Wait until two talk: before, the phone's transfer would be of nobody."""
    async with asyncio.timeout(30):
        while not re.search(r"\b2 basic\b", await sandbox.cli("bridge show all")):
            pass


async def test_who_was_called_and_transferred_to_a_queue_waits_like_any_caller(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live:
        accounts = [await live.add_operator(n) for n in (1, 2)]
        live.to_dial = numbers(1)
        async with (
            Callees(sandbox.layout, answer_ms=200),
            Phone(live.layout, *accounts[0]) as op1,
            Phone(live.layout, *accounts[1]) as op2,
        ):
            await live.available(1)
            await campaign(live, DialMode.PROGRESSIVE)
            talk = await op1.rings()
            op1.answer(talk)
            await live.until(lambda: live.operator(1).routing is RoutingState.TALKING)
            await bridged(sandbox)
            await live.runner.post(PresenceAsked(OperatorId(1), Presence.ON_BREAK, "lunch"))
            await live.available(2)
            await op1.refer(talk, NUMBER)
            await live.wait(CallTransferred)
            missed = await op2.rings()
            await live.wait(OfferEnded, 2)  # the first was answered
            # Else the campaign's message would be next.
            assert "!keskus-hold!" in await sandbox.cli("core show channels concise")
            await live.available(2)
            await op2.until(lambda: any(one.rings for one in op2.talks if one is not missed))
            again = next(one for one in op2.talks if one is not missed)
            op2.answer(again)
            await live.until(lambda: live.operator(2).routing is RoutingState.TALKING)
            await op2.hang_up(again)
            (ended,) = await live.wait(CallEnded)
    assert [leg.operator for leg in ended.record.legs if leg.answered_at] == [1, 2]


async def test_a_phone_that_answers_by_itself_is_asked_to(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live:
        accounts = [await live.add_operator(1)]
        live.to_dial = numbers(1)
        async with (
            Callees(sandbox.layout, answer_ms=200),
            Softphones(sandbox.layout, accounts, answer_ms=None, by_itself=True, talk_ms=300),
        ):
            await live.available(1)
            await campaign(live, DialMode.PROGRESSIVE)
            (ended,) = await live.wait(AttemptEnded)
        assert ended.outcome is AttemptOutcome.ANSWERED
