"""Who no longer has the secret of a phone's account is registered no more, and gets no call."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.crm.operators import phone_routes
from app.domain.ids import OperatorId
from app.domain.operators import DeviceState
from app.pbx.ami.link import Link
from app.pbx.ami.session import LinkSettings
from app.pbx.realtime import registrations
from app.pbx.realtime.registrations import Phones, PhoneStillRegistered
from app.pbx.realtime.softphones import SoftphoneAccount, SoftphoneStore
from app.sandbox.sandbox import Sandbox
from tests.running import Service, running_service, sqlite_url
from tests.sipua import Phone

NUMBER = "3726000700"


@asynccontextmanager
async def one_operator(sandbox: Sandbox, folder: Path) -> AsyncIterator[tuple[Service, dict[str, Any]]]:
    async with running_service(sandbox, sqlite_url(folder)) as service:
        await service.ask("POST", "/queues", {"id": "abi", "title": "Abi", "ring_s": 5, "wrap_up_s": 0})
        await service.ask("PUT", f"/routes/{NUMBER}", {"kind": "queue", "target": "abi"})
        (operator,) = await service.add_operators(1, "abi")
        yield service, operator


async def device(service: Service, operator: dict[str, Any], state: DeviceState) -> None:
    floor = service.house.runner.floor
    async with asyncio.timeout(30):
        while floor.operators[OperatorId(operator["id"])].device is not state:
            await service.outcomes.until_next(0.2)


async def test_a_renewed_secret_takes_the_next_call_away_from_the_old_phone(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with one_operator(sandbox, tmp_path) as (service, operator):
        name, id_ = operator["endpoint"], operator["id"]
        async with (
            Phone(sandbox.layout, name, operator["sip"]["secret"]) as old,
            Phone.customer(sandbox.layout, "37255500011") as anna,
        ):
            await device(service, operator, DeviceState.REGISTERED)
            await service.ask("PUT", f"/operators/{id_}/state", {"presence": "available"})
            renewed = await service.ask("POST", f"/operators/{id_}/softphone-secret")
            assert renewed["secret"] != operator["sip"]["secret"]
            await device(service, operator, DeviceState.UNREACHABLE)
            call = await anna.dial(NUMBER)
            async with Phone(sandbox.layout, name, renewed["secret"]) as new:
                talk = await new.rings()
                new.answer(talk)
                await anna.hears(call, new.voice)
                assert not old.talks
                await old.is_refused()
                await anna.hang_up(call)
                await new.until(lambda: bool(talk.ended_s))
            old.leave_registered()


@pytest.mark.parametrize("how", ["operator deleted", "user put out of use"])
async def test_who_is_taken_away_is_registered_no_more(sandbox: Sandbox, tmp_path: Path, how: str) -> None:
    async with one_operator(sandbox, tmp_path) as (service, operator):
        name, id_ = operator["endpoint"], operator["id"]
        async with Phone(sandbox.layout, name, operator["sip"]["secret"]) as old:
            await device(service, operator, DeviceState.REGISTERED)
            if how == "operator deleted":
                await service.ask("DELETE", f"/operators/{id_}")
            else:
                await service.ask("PATCH", f"/users/{id_}", {"active": False})
            async with asyncio.timeout(30):
                while f"registrar/contact/{name};" in await sandbox.cli("database show"):
                    await service.outcomes.until_next(0.1)
            await old.is_refused()
            old.leave_registered()


async def test_a_stolen_log_in_has_a_phone_no_longer_than_the_secret_lasts(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_routes, "LASTS_S", 2)
    monkeypatch.setattr(registrations, "LOOK_S", 0.2)
    async with one_operator(sandbox, tmp_path) as (service, operator):
        name, login = operator["endpoint"], operator["login"]
        headers = {"Origin": service.house.url, "Sec-Fetch-Site": "same-origin"}
        async with httpx.AsyncClient(base_url=f"{service.house.url}/api/v1", headers=headers) as page:
            said = {"username": login["username"], "password": login["password"]}
            assert (await page.post("/session", json=said)).is_success
            assert (await page.put("/me/phone", json={"kind": "browser"})).is_success
            lent = (await page.post("/me/phone/secret")).json()
        async with Phone(sandbox.layout, name, lent["secret"]) as thief:
            await device(service, operator, DeviceState.REGISTERED)
            await device(service, operator, DeviceState.UNREACHABLE)
            await thief.is_refused()
            thief.leave_registered()


async def test_a_call_in_talk_goes_on(sandbox: Sandbox, tmp_path: Path) -> None:
    async with (
        one_operator(sandbox, tmp_path) as (service, operator),
        Phone(sandbox.layout, operator["endpoint"], operator["sip"]["secret"]) as phone,
        Phone.customer(sandbox.layout, "37255500012") as anna,
    ):
        await device(service, operator, DeviceState.REGISTERED)
        await service.ask("PUT", f"/operators/{operator['id']}/state", {"presence": "available"})
        call = await anna.dial(NUMBER)
        talk = await phone.rings()
        phone.answer(talk)
        await anna.hears(call, phone.voice)
        await service.ask("POST", f"/operators/{operator['id']}/softphone-secret")
        await anna.hears(call, phone.voice)
        await phone.hears(talk, anna.voice)
        await anna.hang_up(call)
        await phone.until(lambda: bool(talk.ended_s))
        phone.leave_registered()


async def test_a_pbx_that_is_away_is_told_to_who_renews(sandbox: Sandbox) -> None:
    link = Link(
        LinkSettings(port=1, username="keskus", secret="x"),
        lambda _: None,
        lambda _: None,
        lambda *_: None,
        (),
    )
    async with SoftphoneStore(sandbox.softphones_url) as store:
        phones = Phones(store, link)
        await store.put(SoftphoneAccount("away1"))
        with pytest.raises(PhoneStillRegistered, match="renew the secret again"):
            await phones.renew("away1")
        await store.remove("away1")
        assert "away1" in await store.removed()
        await store.forget("away1")
        assert "away1" not in await store.removed()


async def test_it_is_a_503_that_says_what_to_do(sandbox: Sandbox, tmp_path: Path) -> None:
    async with one_operator(sandbox, tmp_path) as (service, operator):
        service.house.pbx.link.close()
        async with asyncio.timeout(30):
            while service.house.pbx.link.connected:
                await service.outcomes.until_next(0.1)
        answer: httpx.Response = await service.http.post(f"/operators/{operator['id']}/softphone-secret")
        assert answer.status_code == 503
        assert "renew the secret again" in answer.json()["detail"]
