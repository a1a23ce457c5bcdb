"""What happened while the service was away, or was not heard, is in the records all the same."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.demo.sipp import Callers, Softphones
from app.demo.sipp_process import SippEvent
from app.floor.events import ChannelHungUp, HangupRequested
from app.history import reconciler
from app.history.event_log_mark import event_log_mark, set_event_log_mark
from app.records.engine import open_engine, reading
from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests.running import Service, running_service, seconds, sqlite_url
from tests.stillness import close

NUMBER = "3726000310"


async def centre(service: Service, operators: int) -> list[tuple[str, str]]:
    """A queue with operators who are available as soon as their phones are there; give their accounts."""
    await service.ask("POST", "/queues", {"id": "info", "title": "Info", "ring_s": 4, "wrap_up_s": 0})
    await service.ask("PUT", f"/routes/{NUMBER}", {"kind": "queue", "target": "info"})
    made = await service.add_operators(operators, "info")
    for one in made:
        await service.ask("PUT", f"/operators/{one['id']}/state", {"presence": "available"})
    return [(one["sip"]["username"], one["sip"]["secret"]) for one in made]


def spans(events: list[SippEvent], user: str) -> dict[str, float]:
    return {event.kind: event.at_s for event in events if event.user == user}


def agree(record: dict[str, Any], seen: dict[str, float], talked_s: float) -> None:
    assert close(seconds(record["arrived_at"]), seen["dialled"])
    assert close(seconds(record["ended_at"]), seen["ended"])
    assert close(record["talked_s"], talked_s)
    assert abs(record["waited_s"] + record["talked_s"] - record["duration_s"]) < 1


async def test_a_service_that_was_away_knows_what_happened_meanwhile(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    url = sqlite_url(tmp_path)
    async with running_service(sandbox, url) as service:
        accounts = await centre(service, 1)
    first = Softphones(sandbox.layout, accounts, answer_ms=100, talk_ms=1500)
    async with first, Callers(sandbox.layout, NUMBER, caller="3725550", first=1) as short:
        await short.done()
        (answered,), (ended,) = first.of("answered"), await first.wait("ended")
    async with Softphones(sandbox.layout, accounts, answer_ms=100) as phones:
        long = Callers(sandbox.layout, NUMBER, talk_ms=12_000, caller="3725550", first=2)
        async with long:
            await phones.wait("answered")
            tired = Callers(sandbox.layout, NUMBER, talk_ms=1000, caller="3725550", first=3)
            async with tired:  # waits, and is gone before the service is back
                await tired.done()
            async with running_service(sandbox, url) as service:
                await long.done()
                await service.outcomes.until_ended(1)
                calls = {call["caller_number"][-1]: call for call in await service.records_of(3)}
        # A clean stop closes what is open, the next start adds nothing.
        async with running_service(sandbox, url) as service:
            await service.reconciler_is_done()
            assert len(await service.all_calls()) == 3
    agree(calls["1"], spans(short.events, "37255500001"), ended.at_s - answered.at_s)
    (answered,), (ended,) = phones.of("answered"), phones.of("ended")
    agree(calls["2"], spans(long.events, "37255500002"), ended.at_s - answered.at_s)
    assert (calls["1"]["outcome"], calls["2"]["outcome"], calls["3"]["outcome"]) == (
        "answered",
        "answered",
        "abandoned",
    )
    assert [calls[n]["operator"] is not None for n in "123"] == [True, True, False]
    assert {call["source"] for call in calls.values()} == {"log"}
    assert [calls[number]["ended_by"] for number in "123"] == ["operator", "caller", "caller"]


async def test_a_call_whose_end_was_not_heard_has_it_from_the_log(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running_service(sandbox, sqlite_url(tmp_path)) as service:
        accounts = await centre(service, 1)
        put = service.house.pbx._put
        service.house.pbx._put = lambda event: (
            None if isinstance(event, ChannelHungUp | HangupRequested) else put(event)
        )
        async with (
            Softphones(sandbox.layout, accounts, answer_ms=100) as phones,
            Callers(sandbox.layout, NUMBER, talk_ms=700) as caller,
        ):
            await caller.done()
            (call,) = await service.records_of(1)
        (answered,), (ended,) = phones.of("answered"), phones.of("ended")
        agree(call, spans(caller.events, caller.events[0].user), ended.at_s - answered.at_s)
        assert (call["ended_by"], call["source"]) == ("caller", "log")


async def test_a_talk_that_died_with_the_pbx_behind_the_service_s_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lasted as long as the PBX was heard, though the last of it in the log is that it began."""
    monkeypatch.setattr(reconciler, "LOOK_S", 0.1)
    monkeypatch.setattr(reconciler, "DOUBT_S", 1.0)
    heard: asyncio.Queue[float] = asyncio.Queue()

    async def note(session: AsyncSession, pbx: str, row_id: int, *of: Any) -> None:
        await set_event_log_mark(session, pbx, row_id, *of)
        if of:
            heard.put_nowait(of[0].timestamp())

    monkeypatch.setattr(reconciler, "set_event_log_mark", note)
    url, sandbox = sqlite_url(tmp_path), Sandbox(tmp_path / "pbx")
    await sandbox.start()
    try:
        async with running_service(sandbox, url) as service:
            accounts = await centre(service, 1)
            phones = Softphones(sandbox.layout, accounts, answer_ms=100)
            async with phones, Callers(sandbox.layout, NUMBER, talk_ms=60_000):
                (answered,) = await phones.wait("answered")
                async with asyncio.timeout(45):
                    while await heard.get() < answered.at_s + 3:
                        pass
                    await heard.get()  # the next is noted when this one is committed
        await sandbox.kill()
        died_s = clock.utc_now().timestamp()
        await sandbox.start()
        async with running_service(sandbox, url) as service:
            await service.reconciler_is_done()
            (call,) = await service.all_calls()
        assert (call["outcome"], call["ended_by"], call["source"]) == ("answered", "pbx", "unheard")
        assert 3 <= call["talked_s"] <= died_s - answered.at_s
    finally:
        await sandbox.stop()


async def test_the_mark_moves_on_while_all_is_heard(sandbox: Sandbox, tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    async with running_service(sandbox, url) as service:
        accounts = await centre(service, 1)
        reconciler = service.house.reconciler
        assert reconciler is not None
        phones = Softphones(sandbox.layout, accounts, answer_ms=100, talk_ms=100)
        async with phones, Callers(sandbox.layout, NUMBER) as caller:
            await caller.done()
            await service.outcomes.until_ended(1)
        await service.reconciler_is_done()
        last = await reconciler.events.last_id()
        await reconciler.work()
        await reconciler.work()
        engine = open_engine(url)
        async with reading(engine) as session:
            mark = await event_log_mark(session, "pbx")
        assert mark is not None
        assert mark.heard_at is not None
        assert last <= mark.row_id <= await reconciler.events.last_id()  # the PBX may log a last row yet
        await engine.dispose()
        (call,) = await service.all_calls()
        assert call["source"] == "heard"
