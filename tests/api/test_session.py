"""Logging in and out, tokens, and how a log-in ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.domain.ids import OperatorId
from app.domain.operators import Presence
from app.floor.events import PresenceAsked
from app.system import clock

from .house import ANY, PASSWORD, House, open_house


@asynccontextmanager
async def logged_in(house: House, username: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that has logged in."""
    transport = httpx.ASGITransport(house.api)
    async with httpx.AsyncClient(transport=transport, base_url=house.url) as browser:
        answer = await browser.post("/api/v1/session", json={"username": username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        yield browser


async def test_a_browser_logs_in_and_out(house: House) -> None:
    async with logged_in(house, "Supervisor") as browser:
        assert (await browser.get("/api/v1/me")).json()["role"] == "supervisor"
        out = await browser.delete("/api/v1/session", headers={"Sec-Fetch-Site": "same-origin"})
        assert out.status_code == 204
        assert (await browser.get("/api/v1/me")).status_code == 401


async def test_the_cookie_is_out_of_reach(tmp_path: Path) -> None:
    async with open_house(tmp_path, https=True) as house:
        said = {"username": "operator", "password": PASSWORD}
        answer = await house.client().post("/api/v1/session", json=said)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-keskus_session=")
        for part in ("HttpOnly", "SameSite=strict", "Secure", "Path=/"):
            assert part in cookie
        assert PASSWORD not in answer.text
        assert answer.headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "http://keskus.test"}, 201),
        ({"Origin": "https://keskus.test"}, 403),
        ({"Origin": "http://elsewhere.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://keskus.test"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({}, 403),
    ],
)
async def test_a_cookie_changes_things_from_our_own_page_only(
    house: House, headers: dict[str, str], status: int
) -> None:
    async with logged_in(house, "operator") as browser:
        answer = await browser.post("/api/v1/contacts", json={"surname": "Kask"}, headers=headers)
        assert answer.status_code == status
        assert (await browser.get("/api/v1/me")).status_code == 200


async def test_wrong_passwords_are_counted_for_a_name(house: House) -> None:
    said = {"username": "Operator", "password": "not the password"}
    answers = [await house.client().post("/api/v1/session", json=said) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 300
    assert answers[-1].headers["content-type"] == "application/problem+json"
    right = {"username": "operator", "password": PASSWORD}
    assert (await house.client().post("/api/v1/session", json=right)).status_code == 429
    other = {"username": "supervisor", "password": PASSWORD}
    assert (await house.client().post("/api/v1/session", json=other)).status_code == 200


async def test_a_token_is_shown_once_and_can_be_revoked(house: House) -> None:
    made = (await house.client("operator").post("/api/v1/tokens", json={"name": "CRM", "days": 1})).json()
    listed = (await house.client("operator").get("/api/v1/tokens")).json()
    assert made["token"] not in str(listed)
    headers = {"Authorization": f"Bearer {made['token']}"}
    assert (await house.client().get("/api/v1/me", headers=headers)).status_code == 200
    path = f"/api/v1/tokens/{made['id']}"
    assert (await house.client("supervisor").delete(path)).status_code == 404
    assert (await house.client("operator").delete(path)).status_code == 204
    assert (await house.client().get("/api/v1/me", headers=headers)).status_code == 401


async def test_the_last_administrator_stays(house: House) -> None:
    path = f"/api/v1/users/{house.users['administrator']}"
    for said in ({"role": "operator"}, {"active": False}):
        assert (await house.admin.patch(path, json=said, headers=ANY)).status_code == 409
    assert (await house.admin.get("/api/v1/me")).json()["role"] == "administrator"
    put_out = {"active": False}
    assert (
        await house.admin.patch(f"/api/v1/users/{house.users['operator']}", json=put_out, headers=ANY)
    ).status_code == 200
    assert (await house.client("operator").get("/api/v1/me")).status_code == 401


async def test_an_expired_session_is_over(tmp_path: Path) -> None:
    ahead = timedelta(0)
    async with (
        open_house(tmp_path, now=lambda: clock.utc_now() + ahead) as house,
        logged_in(house, "operator") as browser,
    ):
        assert (await browser.get("/api/v1/me")).status_code == 200
        ahead = timedelta(hours=17)
        assert (await browser.get("/api/v1/me")).status_code == 401


def presence(house: House, operator: OperatorId) -> Presence:
    return house.runner.floor.operators[operator].presence


async def test_who_logs_out_in_a_browser_goes_offline(house: House) -> None:
    await house.make_queue()
    operator = await house.make_operator("operator", "sales")
    state = house.runner.floor.operators[operator]
    own_page = {"Sec-Fetch-Site": "same-origin"}
    async with logged_in(house, "operator") as browser:
        assert (await browser.delete("/api/v1/session", headers=own_page)).status_code == 204
        assert presence(house, operator) is Presence.OFFLINE
    await house.runner.post(PresenceAsked(operator, Presence.AVAILABLE))
    call = await house.arrive("sales")
    await house.identify(call)
    await house.answer(call)
    async with logged_in(house, "operator") as browser:
        assert (await browser.delete("/api/v1/session", headers=own_page)).status_code == 204
    assert presence(house, operator) is Presence.AVAILABLE
    assert state.pending == (Presence.OFFLINE, "", "logged_out"), "when the call is over"
    assert (await house.client("operator").delete("/api/v1/session")).status_code == 204
    await house.runner.post(PresenceAsked(operator, Presence.AVAILABLE))
    assert state.pending is None


async def test_a_program_that_gives_back_its_token_sends_nobody_home(house: House) -> None:
    await house.make_queue()
    operator = await house.make_operator("operator", "sales")
    assert (await house.client("operator").delete("/api/v1/session")).status_code == 204
    assert presence(house, operator) is Presence.AVAILABLE


async def test_ones_own_password_ends_all_other_log_ins(house: House) -> None:
    own_page = {"Sec-Fetch-Site": "same-origin"}
    fresh = "kevadine metsarada"
    async with logged_in(house, "operator") as browser, logged_in(house, "operator") as other:
        for _ in range(10):
            wrong = {"current": "wrong password", "new": fresh}
            refused = await other.put("/api/v1/me/password", json=wrong, headers=own_page)
            assert refused.status_code == 403
        limited = await other.put("/api/v1/me/password", json=wrong, headers=own_page)
        assert (limited.status_code, "retry-after" in limited.headers) == (429, True)
        said = {"current": PASSWORD, "new": fresh}
        assert (await browser.put("/api/v1/me/password", json=said, headers=own_page)).status_code == 204
        assert (await browser.get("/api/v1/me")).status_code == 200
        assert (await other.get("/api/v1/me")).status_code == 401
    assert (await house.client("operator").get("/api/v1/me")).status_code == 401
