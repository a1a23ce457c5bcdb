"""300 callers through the trunk at ten a second, 20 operators, three of whom never answer.

Judged by what SIPp saw at both ends: callers and phones.
"""

from pathlib import Path
from typing import Any

from app.demo.sipp import Callers, Softphones
from app.demo.sipp_process import SippEvent
from app.floor.facts import OperatorChanged
from app.sandbox.sandbox import Sandbox
from tests.running import Outcomes, Service, running_service, seconds, sqlite_url
from tests.stillness import close

CALLS, RATE = 300, 10.0
OPERATORS, LAZY = 20, 3
NUMBER = "3726000300"


def accounts(operators: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["sip"]["username"], one["sip"]["secret"]) for one in operators]


async def test_every_caller_is_answered_once_and_has_one_true_record(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with running_service(sandbox, sqlite_url(tmp_path)) as service:
        await service.ask("POST", "/queues", {"id": "suur", "title": "Suur", "ring_s": 4, "wrap_up_s": 0.2})
        await service.ask("PUT", f"/routes/{NUMBER}", {"kind": "queue", "target": "suur"})
        operators = await service.add_operators(OPERATORS, "suur")
        lazy, keen = operators[:LAZY], operators[LAZY:]
        async with (
            Softphones(sandbox.layout, accounts(lazy), answer_ms=None),
            Softphones(sandbox.layout, accounts(keen), answer_ms=150, talk_ms=1000) as phones,
        ):
            for operator in operators:
                path = f"/operators/{operator['id']}/state"
                await service.ask("PUT", path, {"presence": "available"})
            async with Callers(sandbox.layout, NUMBER, calls=CALLS, rate=RATE) as callers:
                await callers.done(timeout_s=100)
                await service.outcomes.until_ended(CALLS)
                records = await service.all_calls()
        assert_no_operator_had_two_calls(service.outcomes)
        assert len(records) == CALLS
        agree_with_callers(records, callers.events)
        agree_with_phones(records, phones.events)
        put_aside = [one for one in await service.ask("GET", "/operators") if one["id"] <= lazy[-1]["id"]]
        assert [one["state"]["break_reason"] for one in put_aside] == ["missed_calls"] * LAZY
        for record in records:
            await timeline_is_whole(service, record)


def assert_no_operator_had_two_calls(outcomes: Outcomes) -> None:
    now_in: dict[int, str | None] = {}
    for outcome in outcomes.all:
        for fact in outcome.facts:
            if isinstance(fact, OperatorChanged):
                before = now_in.get(fact.operator)
                assert before is None or fact.call in (None, before), fact
                now_in[fact.operator] = fact.call
    assert not any(now_in.values())


def agree_with_callers(records: Any, events: list[SippEvent]) -> None:
    by_caller = {record["caller_number"].removeprefix("+"): record for record in records}
    assert len(by_caller) == CALLS
    seen = {kind: {e.user: e.at_s for e in events if e.kind == kind} for kind in ("dialled", "ended")}
    for user, dialled_s in seen["dialled"].items():
        record = by_caller[user]
        assert record["outcome"] == "answered"
        assert record["ended_by"] == "operator"
        assert close(seconds(record["arrived_at"]), dialled_s)
        assert close(seconds(record["ended_at"]), seen["ended"][user])


def agree_with_phones(records: Any, events: list[SippEvent]) -> None:
    """Each answered ringing is one call's; it talked as long as the phone says."""
    calls = {event.call_id: event.detail for event in events if event.kind == "ringing"}
    answered = {calls[e.call_id]: e.at_s for e in events if e.kind == "answered"}
    ended = {calls[e.call_id]: e.at_s for e in events if e.kind == "ended"}
    assert len(answered) == CALLS
    for record in records:
        answered_s, ended_s = answered[record["id"]], ended[record["id"]]
        assert close(seconds(record["answered_at"]), answered_s)
        assert close(record["talked_s"], ended_s - answered_s)
        waited_s = answered_s - seconds(record["arrived_at"])
        assert close(record["waited_s"], waited_s)


async def timeline_is_whole(service: Service, record: dict[str, Any]) -> None:
    call = await service.ask("GET", f"/calls/{record['id']}")
    kinds = [line["kind"] for line in call["timeline"]]
    assert (kinds[0], kinds[-1]) == ("CallArrived", "CallEnded")
    assert kinds.count("CallAnswered") == 1
    offers = [line for line in call["timeline"] if line["kind"] == "OfferMade"]
    assert all(line["data"]["reason"]["rule"] for line in offers)
    assert kinds.count("OfferEnded") == len(offers) == len(call["legs"])
