"""What goes to several places is done in all of them or in none."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.api.services import LinkState
from app.domain.ids import OperatorId, QueueId
from app.domain.operators import Membership, Presence
from app.floor.events import PresenceAsked
from app.pbx.realtime.softphones import Route, SoftphoneAccount, SoftphoneStore
from app.system import clock

from .house import PASSWORD, House, failing, open_house

MARI = {"username": "mari", "password": PASSWORD, "display_name": "Mari Maasikas"}


class Refusing:
    """The PBX's store, which may be told not to answer."""

    def __init__(self, store: SoftphoneStore) -> None:
        self.store = store
        self.away: set[str] = set()

    async def put(self, account: SoftphoneAccount) -> SoftphoneAccount:
        self._answer("put")
        return await self.store.put(account)

    async def remove(self, name: str) -> None:
        self._answer("remove")
        await self.store.remove(name)

    async def put_route(self, route: Route) -> None:
        self._answer("put_route")
        await self.store.put_route(route)

    async def remove_route(self, number: str) -> None:
        self._answer("remove_route")
        await self.store.remove_route(number)

    def _answer(self, what: str) -> None:
        if what in self.away:
            raise OSError("the store does not answer")


@asynccontextmanager
async def refusing_house(folder: Path) -> AsyncIterator[tuple[House, Refusing]]:
    (folder / "asterisk.sqlite").touch()
    store = SoftphoneStore(f"sqlite+aiosqlite:///{folder / 'asterisk.sqlite'}")
    refusing = Refusing(store)
    async with open_house(folder, softphones=refusing) as house:
        await house.make_queue()
        yield house, refusing
    await store.close()


def routes(folder: Path) -> dict[str, str]:
    """What the dialplan reads."""
    with sqlite3.connect(folder / "asterisk.sqlite") as database:
        found = dict(database.execute("SELECT number, target FROM keskus_routes").fetchall())
    database.close()
    return found


def caller_ids(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "asterisk.sqlite") as database:
        found = [row[0] for row in database.execute("SELECT callerid FROM ps_endpoints").fetchall()]
    database.close()
    return found


async def usernames(house: House) -> set[str]:
    return {user["username"] for user in (await house.admin.get("/api/v1/users")).json()}


async def make_mari(house: House, **said: object) -> dict[str, Any]:
    answer = await house.admin.post(
        "/api/v1/operators", json={"user": MARI, "memberships": [{"queue": "sales"}], "number": "101"} | said
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_an_operator_has_a_number(tmp_path: Path) -> None:
    async with refusing_house(tmp_path) as (house, _):
        made = await make_mari(house)
        path = f"/api/v1/operators/{made['id']}"
        assert made["numbers"] == ["101"]
        assert routes(tmp_path) == {"101": made["endpoint"]}
        assert caller_ids(tmp_path) == ['"Mari Maasikas" <101>']
        assert (await house.admin.post(f"{path}/softphone-secret")).status_code == 200
        assert caller_ids(tmp_path) == ['"Mari Maasikas" <101>']
        said = {"user": MARI | {"username": "anu"}, "number": "101"}
        taken = await house.admin.post("/api/v1/operators", json=said)
        assert (taken.status_code, taken.json()["detail"]) == (409, "this number leads elsewhere")
        assert "anu" not in await usernames(house)
        assert await house.store.names() == [made["endpoint"]]
        listed = (await house.client("supervisor").get("/api/v1/operators")).json()
        assert [one["numbers"] for one in listed] == [["101"]]
        assert (await house.admin.delete(path)).status_code == 204
        assert routes(tmp_path) == {}
        assert (await house.admin.get("/api/v1/routes")).json() == []


@pytest.mark.parametrize("away", ["put", "put_route"])
async def test_an_operator_the_pbx_does_not_take_is_not_made(tmp_path: Path, away: str) -> None:
    async with refusing_house(tmp_path) as (house, store):
        store.away = {away}
        answer = await house.admin.post("/api/v1/operators", json={"user": MARI, "number": "101"})
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert "mari" not in await usernames(house)
        assert house.runner.floor.operators == {}
        assert (await house.store.names(), routes(tmp_path)) == ([], {})
        store.away.clear()
        await make_mari(house)


async def test_an_operator_the_database_does_not_keep_has_no_phone(tmp_path: Path) -> None:
    async with refusing_house(tmp_path) as (house, _):
        with failing(house, "commit"):
            answer = await house.admin.post("/api/v1/operators", json={"user": MARI, "number": "101"})
        assert answer.status_code == 503
        assert (await house.store.names(), routes(tmp_path)) == ([], {})
        assert "mari" not in await usernames(house)
        assert house.runner.floor.operators == {}


@pytest.mark.parametrize("fault", ["commit", "remove", "remove_route"])
async def test_an_operator_who_could_not_be_removed_works_on(tmp_path: Path, fault: str) -> None:
    async with refusing_house(tmp_path) as (house, store):
        made = await make_mari(house)
        id_, path = OperatorId(made["id"]), f"/api/v1/operators/{made['id']}"
        await house.runner.post(PresenceAsked(id_, Presence.ON_BREAK, "lunch"))
        if fault == "commit":
            with failing(house, "commit"):
                answer = await house.admin.delete(path)
        else:
            store.away = {fault}
            answer = await house.admin.delete(path)
        assert answer.status_code == 503
        operator = house.runner.floor.operators[id_]
        assert (operator.presence, operator.break_reason) == (Presence.ON_BREAK, "lunch")
        assert operator.settings.memberships == (Membership(QueueId("sales"), 1),)
        assert house.runner.floor.queues[QueueId("sales")].members == {id_: 1}
        assert (await house.admin.get(path)).json()["numbers"] == ["101"]
        assert routes(tmp_path) == {"101": made["endpoint"]}
        store.away.clear()
        assert (await house.admin.delete(path)).status_code == 204, "asked again, it is done"
        assert (await house.store.names(), routes(tmp_path)) == ([], {})


async def test_a_route_that_is_not_kept_is_not_dialed(tmp_path: Path) -> None:
    async with refusing_house(tmp_path) as (house, store):
        await house.make_queue("help")
        path, said = "/api/v1/routes/3726001000", {"kind": "queue", "target": "sales"}
        with failing(house, "commit"):
            assert (await house.admin.put(path, json=said)).status_code == 503
        assert routes(tmp_path) == {}
        assert (await house.admin.put(path, json=said)).status_code == 200
        with failing(house, "commit"):
            assert (await house.admin.put(path, json=said | {"target": "help"})).status_code == 503
            assert routes(tmp_path) == {"3726001000": "sales"}
            assert (await house.admin.delete(path)).status_code == 503
        assert routes(tmp_path) == {"3726001000": "sales"}
        store.away = {"remove_route"}
        assert (await house.admin.delete(path)).status_code == 503
        (kept,) = (await house.admin.get("/api/v1/routes")).json()
        assert (kept["number"], kept["target"]) == ("3726001000", "sales")


async def test_a_queue_stays_while_numbers_lead_to_it(tmp_path: Path) -> None:
    async with refusing_house(tmp_path) as (house, _):
        made = await make_mari(house)
        said = {"kind": "queue", "target": "sales"}
        assert (await house.admin.put("/api/v1/routes/600", json=said)).status_code == 200
        refused = await house.admin.delete("/api/v1/queues/sales")
        assert (refused.status_code, refused.json()["detail"]) == (409, "numbers lead to this queue")
        assert (await house.admin.delete("/api/v1/routes/600")).status_code == 204
        with failing(house, "commit"):
            assert (await house.admin.delete("/api/v1/queues/sales")).status_code == 503
        assert house.runner.floor.queues[QueueId("sales")].members == {made["id"]: 1}
        assert (await house.admin.delete("/api/v1/queues/sales")).status_code == 204


async def test_who_is_put_out_of_use_has_no_phone(tmp_path: Path) -> None:
    async with refusing_house(tmp_path) as (house, _):
        made = await make_mari(house)
        path = f"/api/v1/users/{made['id']}"
        with failing(house, "commit"):
            assert (await house.admin.patch(path, json={"active": False})).status_code == 503
        assert made["id"] in house.runner.floor.operators
        assert (await house.admin.patch(path, json={"active": False})).status_code == 200
        assert made["id"] not in house.runner.floor.operators
        assert await house.store.names() == []
        assert (await house.admin.patch(path, json={"active": True})).status_code == 200
        assert made["id"] in house.runner.floor.operators
        again = await house.admin.post(f"/api/v1/operators/{made['id']}/softphone-secret")
        assert again.json()["secret"] != made["sip"]["secret"]
        assert await house.store.names() == [made["endpoint"]]


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
    assert (await house.admin.put("/api/v1/routes/600", json=said)).status_code == 422
    assert (await house.admin.put("/api/v1/routes/600", json=said | {"skills": ["vip"]})).status_code == 200
