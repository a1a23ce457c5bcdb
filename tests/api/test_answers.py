"""What is told while something is away, and what is read with care."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.api.services import LinkState
from app.system import clock

from .house import ANY, PASSWORD, House, failing, open_house


async def test_a_database_that_is_away_is_told_and_comes_back(tmp_path: Path) -> None:
    ahead = timedelta(0)
    async with open_house(tmp_path, now=lambda: clock.utc_now() + ahead) as house:
        with failing(house, "begin"):
            answer = await house.admin.get("/api/v1/queues")
            assert (answer.status_code, answer.json()["detail"]) == (503, "the database does not answer")
            assert (answer.headers["content-type"], answer.headers["retry-after"]) == (
                "application/problem+json",
                "2",
            )
            ready = await house.client().get("/readyz")
            assert ready.status_code == 503
            assert ready.json()["checks"]["database_writes"] == {"ok": False, "detail": "OperationalError"}
            assert (await house.client().get("/healthz")).status_code == 200
        ahead = timedelta(seconds=2)  # a check is good for a second
        assert (await house.client().get("/readyz")).status_code == 200
        assert (await house.admin.get("/api/v1/queues")).status_code == 200


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        (LinkState(connected=True, pong_age_s=9.9, reconciled=True), set()),
        (LinkState(connected=True, pong_age_s=10.0, reconciled=True), {"ami_pong_recent"}),
        (LinkState(connected=True, pong_age_s=None, reconciled=True), {"ami_pong_recent"}),
        (LinkState(connected=True, pong_age_s=0.1, reconciled=False), {"reconciled"}),
        (LinkState(connected=False, pong_age_s=0.1, reconciled=True), {"ami_logged_in", "ami_pong_recent"}),
    ],
)
async def test_each_check_fails_by_itself(house: House, link: LinkState, wrong: set[str]) -> None:
    house.link = link
    answer = await house.client().get("/readyz")
    checks = answer.json()["checks"]
    assert {name for name, check in checks.items() if not check["ok"]} == wrong
    assert (answer.status_code, answer.json()["ready"]) == ((503, False) if wrong else (200, True))


@pytest.mark.parametrize("cursor", ["WyJcdWQ4MDAiLDFd", "WyJhXHUwMDAwIiwxXQ"])
async def test_a_cursor_is_read_with_care(house: House, cursor: str) -> None:
    answer = await house.admin.get("/api/v1/contacts", params={"cursor": cursor})
    assert answer.status_code == 422


async def test_a_key_does_not_keep_anybody_out(house: House) -> None:
    said = {"username": "operator", "password": PASSWORD}
    answer = await house.client().post("/api/v1/session", json=said, headers={"Idempotency-Key": "a"})
    assert answer.status_code == 200


async def test_skills_of_a_route_are_names_of_the_dialplan(house: House) -> None:
    await house.make_queue()
    said = {"kind": "queue", "target": "sales", "skills": ["lang:et"]}
    assert (await house.admin.put("/api/v1/routes/600", json=said, headers=ANY)).status_code == 422
    assert (
        await house.admin.put("/api/v1/routes/600", json=said | {"skills": ["vip"]}, headers=ANY)
    ).status_code == 200
