"""An operator's own phone: which one it is, and the secret that the phone in the page is lent."""

import base64
import hashlib
import hmac
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col, select

from app.api.phone_loans import LASTS_S
from app.domain.ids import ChannelId
from app.events.subjects import HAPPENS
from app.pbx.realtime import lent_secrets
from app.pbx.realtime.database import looking
from app.pbx.realtime.ice import Ice
from app.pbx.realtime.registrations import Dialog
from app.records.engine import reading
from app.records.event_table import EventRow
from app.service.user_watch import UserWatch

from .house import ANY, PASSWORD, House, open_house
from .test_session import logged_in as any_browser

TURN_SECRET = "turn's secret"


@asynccontextmanager
async def logged_in(house: House, username: str) -> AsyncIterator[httpx.AsyncClient]:
    """The service's own page, in which somebody has logged in."""
    async with any_browser(house, username) as browser:
        browser.headers["Sec-Fetch-Site"] = "same-origin"
        yield browser


async def make(house: House, name: str, *, browser: bool) -> dict[str, Any]:
    user = {"username": name, "password": PASSWORD, "display_name": name.title()}
    answer = await house.admin.post(
        "/api/v1/operators", json={"user": user, "browser": browser, "number": "101"}
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def secrets_of(folder: Path, account: str) -> tuple[str, list[tuple[str, str, int | None]]]:
    """The row whose secret an account registers with, and all rows of secrets."""
    with sqlite3.connect(folder / "asterisk.sqlite") as database:
        (used,) = database.execute("SELECT auth FROM ps_endpoints WHERE id = ?", (account,)).fetchone()
        rows = database.execute("SELECT id, password, keskus_until FROM ps_auths ORDER BY id").fetchall()
    database.close()
    return used, rows


async def lend(browser: httpx.AsyncClient) -> dict[str, Any]:
    answer = await browser.post("/api/v1/me/phone/secret")
    assert answer.status_code == 200, answer.text
    lent: dict[str, Any] = answer.json()
    return lent


async def started(house: House) -> int:
    """How often the audit log says that a phone was started."""
    assert "phone_started" in HAPPENS["operator"]  # else nobody can ask for it
    await house.journaled()
    async with reading(house.services.engine) as session:
        found = await session.scalars(select(EventRow).where(col(EventRow.kind) == "operator.phone_started"))
        return len(found.all())


async def test_a_page_is_lent_a_secret_for_a_while(tmp_path: Path) -> None:
    ice = Ice(["stun:turn.example:3478", "turn:turn.example:3478"], TURN_SECRET)
    url = "wss://pbx.example/phones"
    async with open_house(tmp_path, websocket_url=url, ice=ice) as house:
        account = (await make(house, "mari", browser=True))["endpoint"]
        async with logged_in(house, "mari") as page:
            known = (await page.get("/api/v1/me/phone")).json()
            assert known == {"kind": "browser", "username": account, "numbers": ["101"]}
            first, second = await lend(page), await lend(page)
            assert first["secret"] != second["secret"]
            assert (second["username"], second["lasts_s"], second["websocket_url"]) == (account, LASTS_S, url)
            now = house.services.now().timestamp()
            used, ((row, password, until),) = secrets_of(tmp_path, account)
            assert (used, password) == (row, second["secret"])
            assert until is not None
            assert LASTS_S - 60 < until - now <= LASTS_S
            stun, turn = second["ice_servers"]
            assert stun == {"urls": ["stun:turn.example:3478"], "username": "", "credential": ""}
            made = hmac.new(TURN_SECRET.encode(), turn["username"].encode(), hashlib.sha1).digest()
            assert turn["username"].partition(":")[2] == account
            assert turn["credential"] == base64.b64encode(made).decode()
            assert await started(house) == 1, "renewing is not told"
            async with logged_in(house, "mari") as other:
                await lend(other)
                assert await started(house) == 2
                await page.delete("/api/v1/session")
                assert (await page.post("/api/v1/me/phone/secret")).status_code == 401
                _, ((_, _, until),) = secrets_of(tmp_path, account)
                assert until, "another session has the phone by now"
                await other.delete("/api/v1/session")
            _, ((_, _, until),) = secrets_of(tmp_path, account)
            assert until == 0


async def test_a_secret_ends_with_the_log_in(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ours = house.services
        watch = UserWatch(ours.engine, ours.hub, ours.last_seen, ours.softphones)
        account = (await make(house, "mari", browser=True))["endpoint"]

        async def is_over() -> bool:
            await watch.look()
            _, ((_, _, until),) = secrets_of(tmp_path, account)
            return until == 0

        new = {"current": PASSWORD, "new": PASSWORD + " ja tuul"}
        async with logged_in(house, "mari") as thief, logged_in(house, "mari") as page:
            await lend(thief)
            assert not await is_over()
            assert (await page.put("/api/v1/me/password", json=new)).status_code == 204
            assert (await thief.post("/api/v1/me/phone/secret")).status_code == 401
            assert await is_over(), "the new password ended the log-in"
            await lend(page)
            assert not await is_over(), "the log-in in which the password was changed goes on"
            who = (await page.get("/api/v1/me")).json()["id"]
            said = {"password": f"{PASSWORD} ja lumi"}
            assert (await house.admin.patch(f"/api/v1/users/{who}", json=said, headers=ANY)).is_success
            assert await is_over(), "an administrator gave another password"


async def test_a_secret_that_is_lent_anew_just_as_it_ends_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_house(tmp_path) as house:
        account = (await make(house, "mari", browser=True))["endpoint"]
        store = house.store.lent
        await store.lend(account, 100, 1)

        @asynccontextmanager
        async def late(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
            async with looking(engine) as connection:
                yield connection
            await store.lend(account, 1000, 1)

        monkeypatch.setattr(lent_secrets, "looking", late)
        assert await store.end(500) == [], "its registration is not to end"
        _, ((_, _, until),) = secrets_of(tmp_path, account)
        assert until == 1000


async def test_a_secret_ends_with_its_time(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        account = (await make(house, "mari", browser=True))["endpoint"]
        async with logged_in(house, "mari") as page:
            lent = await lend(page)
        now = int(house.services.now().timestamp())
        assert await house.store.lent.end(now + LASTS_S - 60) == []
        assert await house.store.lent.end(now + LASTS_S + 60) == [account]
        _, ((_, password, _),) = secrets_of(tmp_path, account)
        assert password != lent["secret"]
        await house.store.lent.settle(account, now)  # its registrations ended too early: it is told of again
        assert await house.store.lent.end(now + LASTS_S + 60) == [account]
        await house.store.lent.settle(account, now + LASTS_S + 60)
        assert await house.store.lent.end(now + LASTS_S + 60) == []


async def test_who_gets_no_secret(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await make(house, "mari", browser=False)
        async with logged_in(house, "mari") as page:
            refused = await page.post("/api/v1/me/phone/secret")
            assert (refused.status_code, refused.json()["code"]) == (409, "phone.not_in_page")
            token = (await page.post("/api/v1/tokens", json={"name": "CRM"})).json()["token"]
            assert (await page.put("/api/v1/me/phone", json={"kind": "browser"})).status_code == 200
            program = {"Authorization": f"Bearer {token}"}
            refused = await house.client().post("/api/v1/me/phone/secret", headers=program)
            assert (refused.status_code, refused.json()["code"]) == (409, "phone.needs_browser")
            answers = [await page.post("/api/v1/me/phone/secret") for _ in range(61)]
            assert [one.status_code for one in answers] == [200] * 60 + [429]
            assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
        async with logged_in(house, "supervisor") as page:
            refused = await page.post("/api/v1/me/phone/secret")
            assert (refused.status_code, refused.json()["code"]) == (404, "operator.unknown")


async def test_the_desk_phone_keeps_its_secret_while_one_talks_in_the_page(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        made = await make(house, "mari", browser=False)
        account, secret = made["endpoint"], made["sip"]["secret"]
        async with logged_in(house, "mari") as page:
            for kind in ("browser", "browser"):
                assert (await page.put("/api/v1/me/phone", json={"kind": kind})).json()["kind"] == kind
            lent = await lend(page)
            used, rows = secrets_of(tmp_path, account)
            assert {row: password for row, password, _ in rows} == {account: secret, used: lent["secret"]}
            assert used != account
            assert (await page.put("/api/v1/me/phone", json={"kind": "sip"})).status_code == 200
            used, rows = secrets_of(tmp_path, account)
            assert (used, rows[0][:2]) == (account, (account, secret))
            await house.make_queue()
            said = {"memberships": [{"queue": "sales"}]}
            await house.admin.put(f"/api/v1/operators/{made['id']}", json=said, headers=ANY)
        assert (await house.admin.delete(f"/api/v1/operators/{made['id']}", headers=ANY)).status_code == 204
        with sqlite3.connect(tmp_path / "asterisk.sqlite") as database:
            assert database.execute("SELECT count(*) FROM ps_auths").fetchone() == (0,)
        database.close()


async def test_a_page_that_is_loaded_anew_is_told_of_its_talk(tmp_path: Path) -> None:
    async def dialogs(channels: Sequence[ChannelId]) -> Sequence[Dialog]:
        return [Dialog(channel, "sip-call", "pbx-tag", "phone-tag") for channel in channels]

    async with open_house(tmp_path, dialogs=dialogs) as house:
        await house.make_queue()
        await house.make_operator({"username": "mari", "display_name": "Mari"}, "sales")
        async with logged_in(house, "mari") as page:
            assert (await page.get("/api/v1/me/phone/talks")).json() == []
            call = await house.arrive("sales")
            await house.answer(call)
            (talk,) = (await page.get("/api/v1/me/phone/talks")).json()
            tags = {"sip_call_id": "sip-call", "to_tag": "pbx-tag", "from_tag": "phone-tag"}
            assert talk == {"call": call, "held": False} | tags
            refused = await page.put("/api/v1/me/phone", json={"kind": "browser"})
            assert (refused.status_code, refused.json()["code"]) == (409, "operator.in_call")
