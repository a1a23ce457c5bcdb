"""A complaint that an operator passes on with its call is at the other end before anybody answers, on the real PBX."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from app.domain.operators import DeviceState
from app.sandbox.sandbox import Sandbox
from tests.running import Service, running_service, sqlite_url
from tests.sipua import Phone

NUMBER, MONEY = "3726000700", "3726000701"
ALWAYS = [[{"opens": "00:00", "closes": "24:00"}]] * 7


class Operator:
    """An operator at a desk: what they ask of the interface, as themselves."""

    def __init__(self, http: httpx.AsyncClient, made: dict[str, Any]) -> None:
        self.http, self.id, self.made = http, made["id"], made

    async def ask(
        self,
        method: str,
        path: str,
        said: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        answer = await self.http.request(method, path, json=said, headers=headers)
        assert answer.is_success, (method, path, answer.text)
        return answer.json() if answer.content else None


@asynccontextmanager
async def at_the_desk(service: Service, queue: str) -> AsyncIterator[Operator]:
    """A new operator of a queue, logged in."""
    (made,) = await service.add_operators(1, queue, queue)
    url = service.house.url
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", headers={"Origin": url}, timeout=30.0) as http:
        one = Operator(http, made)
        login = made["login"]
        await one.ask("POST", "/session", {"username": login["username"], "password": login["password"]})
        yield one


async def available(service: Service, *operators: Operator) -> None:
    """Let operators take calls, once their phones are registered."""
    floor = service.house.runner.floor
    async with asyncio.timeout(30):
        while any(floor.operators[one.id].device is not DeviceState.REGISTERED for one in operators):
            await service.outcomes.until_next(0.2)
    for one in operators:
        await service.ask("PUT", f"/operators/{one.id}/state", {"presence": "available"})


async def test_its_notes_are_there_when_the_department_rings(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running_service(sandbox, sqlite_url(tmp_path)) as service:
        for queue, number in (("abi", NUMBER), ("raha", MONEY)):
            await service.ask("POST", "/queues", {"id": queue, "title": queue.title(), "wrap_up_s": 0})
            await service.ask("PUT", f"/routes/{number}", {"kind": "queue", "target": queue})
        customer = await service.ask(
            "POST", "/contacts", {"surname": "Tamm", "phones": [{"number": "+37255500031"}]}
        )
        async with (
            at_the_desk(service, "abi") as mari,
            at_the_desk(service, "raha") as jaan,
            Phone(sandbox.layout, mari.made["endpoint"], mari.made["sip"]["secret"], voice=0x31) as first,
            Phone(sandbox.layout, jaan.made["endpoint"], jaan.made["sip"]["secret"], voice=0x32) as second,
            Phone.customer(sandbox.layout, "37255500031") as anna,
        ):
            money = await service.ask(
                "POST",
                "/departments",
                {
                    "title": "Raha",
                    "time_zone": "Europe/Tallinn",
                    "hours": ALWAYS,
                    "members": [jaan.id],
                    "reach": {"kind": "queue", "target": "raha"},
                },
            )
            await available(service, mari, jaan)
            call = await anna.dial(NUMBER)
            talk = await first.rings()
            first.answer(talk)
            await anna.hears(call, first.voice)

            (id_,) = service.house.runner.floor.calls
            made = await mari.ask("POST", "/complaints", {"subject": "Arve on vale", "call": id_})
            assert made["contact"] == customer["id"]
            note = {"text": "kontrolli märtsi arvet", "call": id_}
            await mari.ask("POST", f"/complaints/{made['id']}/notes", note)
            said = {"department": money["id"], "call": id_, "transfer": "blind", "why": "raha"}
            passed = await mari.ask("POST", f"/complaints/{made['id']}/pass", said)
            assert passed["target"] == {"kind": "queue", "target": "raha", "number": MONEY}

            other = await second.rings()
            async with asyncio.timeout(30):
                while (live := (await jaan.ask("GET", f"/calls/{id_}"))["live"])["complaints"] != 1:
                    await service.outcomes.until_next(0.1)
            assert (live["queue"], live["operator"], live["state"]) == ("raha", jaan.id, "ringing")
            (seen,) = await jaan.ask("GET", f"/calls/{id_}/complaints")
            assert (seen["id"], seen["department"], seen["owner"]) == (made["id"], money["id"], None)
            whole = await jaan.ask("GET", f"/complaints/{made['id']}")
            assert [one["text"] for one in whole["notes"]] == ["kontrolli märtsi arvet"]
            ours = await jaan.ask("GET", "/complaints?my_departments=true")
            assert [one["id"] for one in ours["items"]] == [made["id"]]

            second.answer(other)
            await anna.hears(call, second.voice)
            await second.hears(other, anna.voice)
            await anna.hang_up(call)
            await second.until(lambda: bool(other.ended_s))
        (record,) = await service.records_of(1)
        assert (record["id"], record["queue"], record["contact"]) == (id_, "raha", customer["id"])
