"""Preview as it is worked: an operator looks at leads, dials and skips; customer and phone on the real PBX."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from app.demo.sipp import Callees, Softphones
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import OperatorId
from app.sandbox.sandbox import Sandbox
from tests.calls.outbound import make_campaign, numbers, set_state, until_known
from tests.running import Service, running_service, sqlite_url

LOOK_S = 30.0


async def test_an_operator_dials_one_lead_skips_one_and_gets_the_answer(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    url = sqlite_url(tmp_path)
    async with running_service(sandbox, url) as service:
        await service.ask("POST", "/queues", {"id": "sales", "title": "Müük", "wrap_up_s": 0})
        (operator,) = await service.add_operators(1, "sales")
        accounts = [(operator["sip"]["username"], operator["sip"]["secret"])]
        campaign = await make_campaign(service, numbers(3), mode="preview", disposition_required=False)
        async with (
            Callees(sandbox.layout, answer_ms=300, busy="3") as callees,
            Softphones(sandbox.layout, accounts, answer_ms=50, talk_ms=500),
            httpx.AsyncClient(
                base_url=service.house.url, headers={"Origin": service.house.url}, timeout=30.0
            ) as mine,
        ):
            login = operator["login"]
            body = {"username": login["username"], "password": login["password"]}
            assert (await mine.post("/api/v1/session", json=body)).status_code == 200
            assert (await mine.post("/api/v1/me/preview/dial")).status_code == 409
            assert (await mine.put("/api/v1/me/state", json={"presence": "available"})).status_code == 204
            await set_state(service, campaign, "running")
            first = await shown(service, operator["id"], after=None)
            assert first["contact_name"].startswith("Tamm")
            assert "ringing" not in {event.kind for event in callees.events}  # nothing is dialled by itself
            assert (await mine.post("/api/v1/me/preview/dial")).status_code == 204
            second = await shown(service, operator["id"], after=first["attempt"])
            said = {"reason": "spoke yesterday"}
            assert (await mine.post("/api/v1/me/preview/skip", json=said)).status_code == 204
            third = await shown(service, operator["id"], after=second["attempt"])
            assert (await mine.post("/api/v1/me/preview/dial")).status_code == 204
            await nothing_shown(service, operator["id"])
            attempts = await until_known(url, campaign, {first["number"], third["number"]})
        dialled = {one.number: one.outcome for one in attempts}
        assert dialled.keys() == {first["number"], third["number"]}
        assert [one.mode for one in attempts] == ["preview"] * 2
        expected = {number: "busy" if number.endswith("3") else "answered" for number in dialled}
        assert dialled == expected
        for one in attempts:
            if one.outcome == AttemptOutcome.ANSWERED.value:
                assert one.operator_id == operator["id"]
        leads = await service.ask("GET", f"/campaigns/{campaign}/leads")
        by_number = {lead["numbers"][0]["number"]: lead for lead in leads["items"]}
        assert by_number[second["number"]]["reason"] == "skipped: spoke yesterday"


async def shown(service: Service, operator: int, *, after: str | None) -> dict[str, Any]:
    """Wait until an operator is shown another lead; give it."""
    hub = service.house.hub
    async with asyncio.timeout(LOOK_S):
        while True:
            view = hub.operator(OperatorId(operator))
            preview = view["preview"] if view is not None else None
            if preview is not None and preview["attempt"] != after and not preview["dialled"]:
                return dict(preview)
            await service.outcomes.until_next(0.5)


async def nothing_shown(service: Service, operator: int) -> None:
    """Wait until an operator is done, and no call is under way."""
    async with asyncio.timeout(LOOK_S):
        while service.house.runner.floor.previews or service.house.runner.floor.attempts:
            await service.outcomes.until_next(0.5)
