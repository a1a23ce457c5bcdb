"""How often passwords may be tried, by whom, and from where."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from app.accounts.known_places import MOST, Applicant
from app.api import login_limits
from app.api.errors import LogInsBusy
from app.api.login_limits import LoginLimits
from app.api.problems import refused
from app.serving.addresses import Proxies

from .house import PASSWORD, House, open_house

HOME, ELSEWHERE = "192.0.2.7", "198.51.100.9"
PROXY = "10.0.0.5"


@asynccontextmanager
async def browser(house: House, address: str) -> AsyncIterator[httpx.AsyncClient]:
    """One that comes from an address, with its own cookies."""
    transport = httpx.ASGITransport(house.api, client=(address, 4711))
    async with httpx.AsyncClient(
        transport=transport, base_url=house.url, headers={"Origin": house.url}
    ) as opened:
        yield opened


async def log_in(
    client: httpx.AsyncClient, password: str = PASSWORD, name: str = "operator", **headers: str
) -> int:
    said = {"username": name, "password": password}
    answer = await client.post("/api/v1/session", json=said, headers=headers)
    return answer.status_code


async def fail(client: httpx.AsyncClient, times: int = 10, **headers: str) -> list[int]:
    return [await log_in(client, "not the password", **headers) for _ in range(times)]


async def test_wrong_passwords_from_elsewhere_do_not_shut_a_user_out(house: House) -> None:
    async with browser(house, HOME) as mine, browser(house, ELSEWHERE) as other:
        assert await log_in(mine) == 200
        assert await fail(other, 11) == [401] * 10 + [429]
        assert await log_in(other) == 429, "the right one, from where it never was"
        assert await log_in(mine) == 200
    async with browser(house, HOME) as same_address:
        assert await log_in(same_address) == 200


async def test_a_known_browser_is_known_at_a_new_address_and_beside_an_attacker(house: House) -> None:
    async with browser(house, HOME) as mine, browser(house, ELSEWHERE) as other:
        assert await log_in(mine) == 200
        assert await fail(other) == [401] * 10
        device = mine.cookies["keskus_device"]
        other.cookies.clear()
        assert await log_in(other, Cookie=f"keskus_device={device}") == 200
        # In one room with the attacker, who is known by the address.
        async with browser(house, HOME) as colleague:
            assert await fail(colleague, 11) == [401] * 10 + [429]
        assert await log_in(mine) == 200


async def test_a_known_browser_has_a_limit_of_its_own(house: House) -> None:
    async with browser(house, HOME) as mine, browser(house, ELSEWHERE) as other:
        assert await log_in(mine) == 200
        assert await fail(mine, 11) == [401] * 10 + [429]
        assert await log_in(other) == 200


async def test_the_device_s_cookie_lets_nobody_in_and_is_not_made_up(house: House) -> None:
    async with browser(house, HOME) as mine:
        answer = await mine.post("/api/v1/session", json={"username": "operator", "password": PASSWORD})
        (cookie,) = [one for one in answer.headers.get_list("set-cookie") if "device" in one]
        for part in ("HttpOnly", "SameSite=strict", "Max-Age=31536000"):
            assert part in cookie
        device = mine.cookies["keskus_device"]
        as_session = {"Cookie": f"keskus_session={device}"}
        assert (await house.client().get("/api/v1/me", headers=as_session)).status_code == 401
        assert await log_in(mine, name="supervisor") == 200
        assert mine.cookies["keskus_device"] == device, "one browser of two users"
    async with browser(house, HOME) as other:
        assert await log_in(other, Cookie="keskus_device=mine") == 200
        assert other.cookies["keskus_device"] != "mine"
    async with browser(house, HOME) as program:
        del program.headers["Origin"]
        assert await log_in(program) == 200
        assert "keskus_device" not in program.cookies


async def test_a_user_is_known_by_the_latest_places(house: House) -> None:
    for last in range(MOST + 1):
        async with browser(house, f"192.0.2.{last}") as one:
            if last == login_limits.RIGHT_PER_NAME.amount:
                house.api.state.login_limits = LoginLimits()
            assert await log_in(one) == 200
    async with browser(house, ELSEWHERE) as other:
        await fail(other)
    async with browser(house, "192.0.2.0") as first, browser(house, "192.0.2.1") as second:
        assert await log_in(first) == 429
        assert await log_in(second) == 200


async def test_right_passwords_are_counted_too(house: House) -> None:
    most = login_limits.RIGHT_PER_NAME.amount
    async with browser(house, HOME) as mine:
        assert [await log_in(mine) for _ in range(most + 1)] == [200] * most + [429]
        assert await log_in(mine, name="supervisor") == 200


async def test_strangers_at_one_address_are_counted_together(house: House) -> None:
    async with (
        browser(house, HOME) as mine,
        browser(house, ELSEWHERE) as other,
        browser(house, HOME) as beside,
    ):
        assert await log_in(mine) == 200
        names = [f"nobody{place}" for place in range(51)]
        assert [await log_in(beside, name=name) for name in names] == [401] * 50 + [429]
        assert await log_in(beside, name="supervisor") == 429
        assert await log_in(mine) == 200, "known there"
        assert await log_in(other, name="supervisor") == 200


async def test_addresses_of_one_ipv6_customer_are_one(house: House) -> None:
    for last in range(10):
        async with browser(house, f"2001:db8:1:2::{last + 1:x}") as one:
            names = [f"nobody{last}{place}" for place in range(5)]
            assert [await log_in(one, name=name) for name in names] == [401] * 5
    async with browser(house, "2001:db8:1:2:3::7") as same, browser(house, "2001:db8:1:3::7") as neighbour:
        assert await log_in(same) == 429
        assert await log_in(neighbour) == 200


async def test_a_made_up_address_is_not_believed(house: House) -> None:
    async with browser(house, PROXY) as one:
        for last in range(50):
            headers = {"X-Forwarded-For": f"198.51.100.{last}"}
            assert await log_in(one, "wrong password", f"nobody{last}", **headers) == 401
        assert await log_in(one, "wrong password", "nobody", **{"X-Forwarded-For": HOME}) == 429


async def test_behind_a_named_proxy_one_client_does_not_shut_out_all(tmp_path: Path) -> None:
    async with open_house(tmp_path, proxies=Proxies([PROXY])) as house, browser(house, PROXY) as one:
        for place in range(51):
            # Whatever the client says of itself, the proxy adds the address it saw.
            said = {"X-Forwarded-For": f"203.0.113.{place}, {ELSEWHERE}"}
            assert await log_in(one, "wrong password", f"nobody{place}", **said) == (
                401 if place < 50 else 429
            )
        assert await log_in(one, **{"X-Forwarded-For": ELSEWHERE}) == 429
        assert await log_in(one, **{"X-Forwarded-For": HOME}) == 200


async def test_one_place_does_not_keep_the_others_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_limits, "WAIT_S", 0.2)
    limits = LoginLimits()
    go_on = asyncio.Event()

    async def hold(place: str) -> None:
        async with limits.turn(Applicant("mari", place)):
            await go_on.wait()

    async def give_up() -> None:
        with suppress(LogInsBusy):
            await hold(ELSEWHERE)

    async with asyncio.TaskGroup() as group:
        group.create_task(hold(ELSEWHERE))
        await asyncio.sleep(0)
        with pytest.raises(LogInsBusy) as busy:
            await hold(ELSEWHERE)
        answer = refused(busy.value)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        async with asyncio.timeout(20), limits.turn(Applicant("mari", HOME)):
            pass
        for _ in range(login_limits.IN_LINE - 1):
            group.create_task(give_up())
        await asyncio.sleep(0)
        with pytest.raises(LogInsBusy):
            await hold(ELSEWHERE)
        go_on.set()
    assert not limits._lines
