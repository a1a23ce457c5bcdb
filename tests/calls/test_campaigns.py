"""Campaigns on the real PBX: customers are SIPp behind the carrier, operators are SIPp phones."""

from app.demo.sipp import Callees, Softphones
from app.floor.campaign import AttemptOutcome, CampaignSettings, DialMode
from app.floor.events import CampaignSet
from app.floor.facts import AttemptEnded, CallEnded
from app.floor.model import CallOutcome, CampaignId
from app.pbx.sandbox import Sandbox
from tests.live import QUEUE, LiveFloor, live_floor

BUSY, SILENT = "56", "789"


def numbers(count: int) -> list[str]:
    """Numbers that end in every digit alike."""
    return [f"3725550{n:04}" for n in range(1, count + 1)]


async def campaign(live: LiveFloor, mode: DialMode, **changes: object) -> None:
    settings = CampaignSettings(CampaignId(1), "Kampaania", mode, QUEUE, running=True, ring_s=3, **changes)  # type: ignore[arg-type]
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
        assert all(fact.connect_s < 2 for fact in ended)
        live.assert_no_double_assignment()
        assert not live.of(CallEnded)[0].record.unheard
