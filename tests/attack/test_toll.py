"""Toll fraud: a stolen phone account, and what it can dial, by INVITE, by REFER and by sending calls on (302)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from app.sandbox.sandbox import Sandbox
from tests.attack.figures import HELD_BOUND_S
from tests.attack.target import Target, open_target
from tests.sipua import Phone, Talk

DEAR = {
    "premium": "9001234",
    "premium, with a plus sign": "+3729001234",
    "premium, by the international prefix": "003729001234",
    "Inmarsat": "+870773111632",
    "Iridium": "00881612345678",
    "Thuraya": "+8821612345678",
    "another country": "+358401234567",
    "a premium number abroad": "+19005551234",
    "a directory": "1182",
    "two in one": "55500123&PJSIP/9001234",
}
OUTSIDE = "37255500099"
QUEUE_NUMBER = "3726000710"
WAIT_S = 60.0
"""For a machine that is short of time."""


class Thief:
    """Who has an operator's account, and the far end of the carrier's line, which tells what came of it."""

    def __init__(self, target: Target, phone: Phone, outside: Phone, operator: int) -> None:
        self.target = target
        self.phone = phone
        self.outside = outside
        self.operator = operator

    async def dial(self, number: str) -> Talk:
        """Dial and wait for the end, or the answer."""
        call = await self.phone.dial(number)
        await self.phone.until(lambda: bool(call.ended_s or call.answered_s), WAIT_S)
        return call

    async def records(self, count: int) -> list[dict[str, Any]]:
        """Wait until the phone has so many calls on record that are over; give them."""

        async def ended() -> list[dict[str, Any]] | None:
            page = await self.target.ask("GET", "/calls?direction=operator&limit=200")
            found = [call for call in page["items"] if call["ended_at"] and call["operator"] == self.operator]
            return found if len(found) >= count else None

        return await self.target.until(ended, f"{count} calls are on record")

    async def back(self) -> None:
        """Start the service again, and wait until it hears the PBX."""
        await self.target.start()
        async with self.target.client() as http:

            async def ready() -> bool | None:
                return (await http.get("/readyz")).status_code == 200 or None

            await self.target.until(ready, "the service hears the PBX")

    async def metrics(self, name: str) -> dict[tuple[str, ...], float]:
        """One counter, by its labels' values."""
        async with self.target.client("administrator") as http:
            text = (await http.get("/metrics")).text
        return {
            tuple(sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name
        }


@asynccontextmanager
async def thief_of(target: Target, sandbox: Sandbox) -> AsyncIterator[Thief]:
    """A queue with one operator, whose account is stolen; the next thief has another queue."""
    name = f"toll{len(await target.ask('GET', '/queues'))}"
    await target.ask("POST", "/queues", {"id": name, "title": "Toll", "ring_s": 5, "wrap_up_s": 0})
    await target.ask("PUT", f"/routes/{QUEUE_NUMBER}", {"kind": "queue", "target": name})
    user = {"username": name, "password": "kevadine metsarada", "display_name": "Stolen"}
    made = await target.ask("POST", "/operators", {"user": user, "memberships": [{"queue": name}]})
    sip = made["sip"]
    async with (
        Phone(sandbox.layout, sip["username"], sip["secret"], voice=0x31) as phone,
        Phone.outside(sandbox.layout) as outside,
    ):
        yield Thief(target, phone, outside, made["id"])


async def test_a_stolen_account_reaches_nothing_dear_and_all_it_tries_is_seen(
    centre: Target, sandbox: Sandbox
) -> None:
    async with thief_of(centre, sandbox) as thief:
        async with centre.attack("dear numbers") as attack:
            calls = [await thief.phone.dial(number) for number in DEAR.values()]
            attack.sent = len(calls)
            await thief.phone.until(lambda: all(call.ended_s for call in calls), WAIT_S)
        assert attack.figures.held_s <= HELD_BOUND_S
        assert {call.status for call in calls} == {403}
        assert not thief.outside.talks
        records = await thief.records(len(DEAR))
        assert {record["outcome"] for record in records} == {"refused"}
        assert all(record["refused_by"] for record in records)
        refusals = await thief.metrics("keskus_outgoing_calls_total")
        assert sum(value for (outcome, _), value in refusals.items() if outcome == "refused") == len(DEAR)
        assert (await thief.metrics("keskus_outgoing_alarms_total"))["refusals",] == 1
        assert "outgoing_alarm" in centre.log()
        assert "9001234" not in centre.log()
        # What it is for still works, and is on record with its whole number.
        call = await thief.phone.dial(f"+{OUTSIDE}")
        other = await thief.outside.rings()
        thief.outside.answer(other)
        await thief.phone.connected(call)
        await thief.phone.hang_up(call)
        (record,) = [one for one in await thief.records(len(DEAR) + 1) if one["outcome"] == "answered"]
        assert (record["caller_number"], record["direction"]) == (f"+{OUTSIDE}", "operator")


async def test_while_the_service_is_away_only_numbers_for_help_are_dialled(
    centre: Target, sandbox: Sandbox
) -> None:
    async with thief_of(centre, sandbox) as thief:
        before = await thief.phone.dial(f"+{OUTSIDE}")
        other = await thief.outside.rings()
        thief.outside.answer(other)
        await thief.phone.hears(before, thief.outside.voice)
        await centre.stop()
        refused = ("9001234", f"+{OUTSIDE}", "+358401234567", "+881612345678", "9001235")
        for number in refused:
            call = await thief.dial(number)
            assert call.status == 403, number
        assert len(thief.outside.talks) == 1
        call = await thief.phone.dial("112")
        other = await thief.outside.rings()
        assert "sip:112@" in other.invite.start
        thief.outside.answer(other)
        await thief.phone.connected(call)
        await thief.phone.hang_up(call)
        await thief.back()
        records = await thief.records(6)
        assert sorted((record["outcome"], record["refused_by"]) for record in records) == [
            ("answered", ""),
            *[("refused", "service_away")] * len(refused),
        ]
        assert all(record["source"] == "log" for record in records)

        async def alarmed() -> dict[tuple[str, ...], float] | None:
            alarms = await thief.metrics("keskus_outgoing_alarms_total")
            return alarms if len(alarms) > 1 else None

        alarms = await centre.until(alarmed, "what was tried meanwhile is told")
        assert alarms == {("refusals",): 1, ("emergency",): 1}
        await thief.phone.hears(before, thief.outside.voice)  # a talk goes on all the while
        await thief.phone.hang_up(before)
        (record,) = [one for one in await thief.records(7) if one not in records]

        async def completed() -> dict[str, Any] | None:
            told: dict[str, Any] = await centre.ask("GET", f"/calls/{record['id']}")
            return told if told["source"] == "log" else None

        record = await centre.until(completed, "the log has completed the record")
        assert abs(record["talked_s"] - before.talked_s) < 1
        call = await thief.phone.dial(f"+{OUTSIDE}")
        other = await thief.outside.rings()
        thief.outside.answer(other)
        await thief.phone.connected(call)
        await thief.phone.hang_up(call)
        assert len(await thief.records(8)) == 8


async def test_a_day_s_money_is_spent_once_whatever_restarts(centre: Target, sandbox: Sandbox) -> None:
    async with thief_of(centre, sandbox) as thief:
        tariff = {"prefix": "+372", "per_minute": 10, "step_s": 60}
        await centre.ask("PUT", "/tariffs", {"items": [tariff]})

        async def talk() -> Talk:
            call = await thief.phone.dial(f"+{OUTSIDE}")
            await thief.phone.until(
                lambda: bool(call.ended_s) or any(one.rings for one in thief.outside.talks)
            )
            if not call.ended_s:
                thief.outside.answer(await thief.outside.rings())
                await thief.phone.connected(call)
                await thief.phone.hang_up(call)
            return call

        for _ in range(2):
            assert (await talk()).answered_s
        records = await thief.records(2)
        assert [record["cost"] for record in records] == ["10.000000", "10.000000"]
        await centre.stop()
        await thief.back()
        assert (await talk()).status == 403
        (refused,) = [one for one in await thief.records(3) if one["outcome"] == "refused"]
        assert refused["refused_by"] == "money_of_operator"
        alarms = await thief.metrics("keskus_outgoing_alarms_total")
        assert alarms["money_of_operator",] == 1


async def test_while_the_service_is_away_listed_beginnings_are_dialled_one_call_a_phone(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    environment = {"KESKUS__OUTGOING__AWAY": '["+3725"]', "KESKUS__OUTGOING__EMERGENCY": "false"}
    async with open_target(tmp_path, sandbox, environment) as centre, thief_of(centre, sandbox) as thief:
        await centre.stop()
        call = await thief.phone.dial(f"00{OUTSIDE}")
        other = await thief.outside.rings()
        assert f"sip:+{OUTSIDE}@" in other.invite.start
        for number in (f"+{OUTSIDE}", "+3726000123", OUTSIDE, "112", "+3725&PJSIP/9001234"):
            assert (await thief.dial(number)).status == 403, number
        assert len(thief.outside.talks) == 1
        await thief.phone.hang_up(call)
        await thief.outside.until(lambda: bool(other.ended_s))
        call = await thief.phone.dial(f"+{OUTSIDE}")
        await thief.outside.rings()  # the phone's line is free again
        await thief.phone.hang_up(call)
