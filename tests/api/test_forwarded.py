"""Behind a proxy: log-in works, or says which setting is missing."""

from pathlib import Path

import httpx
import pytest

from app.serving.addresses import Proxies

from .house import PASSWORD, House, open_house

PROXY = "10.0.0.5"
PAGE = {"Origin": "https://centre.example", "Sec-Fetch-Site": "same-origin"}
USUAL = {"Host": "centre.example", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


async def log_in(house: House, headers: dict[str, str]) -> httpx.Response:
    transport = httpx.ASGITransport(house.api, client=(PROXY, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as one:
        said = {"username": "operator", "password": PASSWORD}
        return await one.post("/api/v1/session", json=said, headers=headers)


async def test_with_the_usual_settings_of_a_proxy_that_is_named(tmp_path: Path) -> None:
    async with open_house(tmp_path, proxies=Proxies([PROXY])) as house:
        answer = await log_in(house, PAGE | USUAL)
        assert answer.status_code == 200, answer.text
        cookies = answer.headers.get_list("set-cookie")
        assert [cookie.partition("=")[0] for cookie in cookies] == [
            "__Host-keskus_session",
            "__Host-keskus_device",
        ]
        assert all("Secure" in cookie for cookie in cookies)
        assert answer.headers["strict-transport-security"]
        own_host = USUAL | {"Host": "127.0.0.1:8000", "X-Forwarded-Host": "centre.example"}
        assert (await log_in(house, PAGE | own_host)).status_code == 200


async def test_with_https_set_and_the_host_passed(tmp_path: Path) -> None:
    async with open_house(tmp_path, https=True) as house:
        assert (await log_in(house, PAGE | USUAL)).status_code == 200
        assert (await log_in(house, PAGE | {"Host": "centre.example"})).status_code == 200


@pytest.mark.parametrize(
    ("https", "headers", "missing"),
    [
        (False, USUAL, ["KESKUS__HTTP__HTTPS=true", "KESKUS__HTTP__PROXIES"]),
        (False, {"Host": "centre.example"}, ["KESKUS__HTTP__HTTPS=true"]),
        (False, {}, ["Host header"]),
        (True, {}, ["Host header", "KESKUS__HTTP__PROXIES"]),
        (True, {"X-Forwarded-Host": "centre.example"}, ["KESKUS__HTTP__PROXIES"]),
        (True, {"Host": "centre.example", "Origin": "http://centre.example"}, ["https://"]),
    ],
)
async def test_what_is_missing_is_said(
    tmp_path: Path, https: bool, headers: dict[str, str], missing: list[str]
) -> None:
    async with open_house(tmp_path, https=https) as house:
        answer = await log_in(house, PAGE | headers)
        assert answer.status_code == 403
        for part in missing:
            assert part in answer.json()["detail"]


async def test_another_site_is_told_nothing_of_settings(tmp_path: Path) -> None:
    async with open_house(tmp_path, https=True) as house:
        for site in ("cross-site", "same-site"):
            answer = await log_in(
                house, PAGE | USUAL | {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": site}
            )
            assert answer.json()["detail"] == "a page of another site may not ask this"


@pytest.mark.parametrize(
    "said",
    [
        {"X-Forwarded-Host": "bad host", "X-Forwarded-Proto": "gopher", "X-Forwarded-For": "x" * 4000},
        {
            "X-Forwarded-Host": "a, centre.example",
            "X-Forwarded-Proto": "http, https",
            "X-Forwarded-For": ",,,",
        },
    ],
)
async def test_whatever_a_proxy_says_nothing_fails(tmp_path: Path, said: dict[str, str]) -> None:
    async with open_house(tmp_path, proxies=Proxies([PROXY])) as house:
        assert (await log_in(house, PAGE | {"Host": "centre.example"} | said)).status_code in {200, 403}
