"""Rows are the truth: the floor, the accounts of phones and the routes of the dialplan come to be as they are."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, cast

import pytest

from app.crm.inbound_routes.service import routes_of_dialplan
from app.crm.operators.service import list_operators
from app.crm.queues.service import list_queues
from app.domain.ids import OperatorId, QueueId
from app.domain.operators import Membership, Presence
from app.floor.events import PresenceAsked
from app.pbx.ami.errors import PbxLinkLost
from app.pbx.ami.link import Link
from app.pbx.realtime import database
from app.pbx.realtime.registrations import Phones
from app.pbx.realtime.softphones import Brought, Route, SoftphoneAccount, SoftphoneStore
from app.records.engine import reading

from .house import ANY, DEADLINE_S, PASSWORD, House, failing, open_house, until

MARI = {"username": "mari", "password": PASSWORD, "display_name": "Mari Maasikas"}


class Refusing:
    """The PBX's database, which may be told not to answer."""

    def __init__(self, store: SoftphoneStore) -> None:
        self.store = store
        self.away: set[str] = set()

    async def check(self) -> None:
        self._answer("check")
        await self.store.check()

    async def give_secret(self, name: str) -> str:
        self._answer("give_secret")
        return await self.store.give_secret(name)

    async def renew(self, name: str) -> str:
        self._answer("renew")
        return await self.store.give_secret(name)

    async def bring(self, accounts: Sequence[SoftphoneAccount], routes: Sequence[Route]) -> Brought:
        self._answer("bring")
        return await self.store.bring(accounts, routes)

    def _answer(self, what: str) -> None:
        if what in self.away:
            raise ConnectionResetError("the database does not answer")


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


def accounts(folder: Path) -> dict[str, tuple[str, str]]:
    """What phones register with: the caller's name of each, and its secret."""
    query = "SELECT e.id, e.callerid, a.password FROM ps_endpoints e JOIN ps_auths a ON a.id = e.id"
    with sqlite3.connect(folder / "asterisk.sqlite") as database:
        found = {name: (caller, secret) for name, caller, secret in database.execute(query).fetchall()}
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


async def test_an_operator_has_a_phone_and_a_number(tmp_path: Path) -> None:
    async with refusing_house(tmp_path) as (house, _):
        made = await make_mari(house)
        path = f"/api/v1/operators/{made['id']}"
        assert made["numbers"] == ["101"]
        assert made["state"]["queues"] == ["sales"]
        assert routes(tmp_path) == {"101": made["endpoint"]}
        assert accounts(tmp_path) == {made["endpoint"]: ('"Mari Maasikas" <101>', made["sip"]["secret"])}
        renewed = (await house.admin.post(f"{path}/softphone-secret")).json()["secret"]
        assert accounts(tmp_path) == {made["endpoint"]: ('"Mari Maasikas" <101>', renewed)}
        said = {"user": MARI | {"username": "anu"}, "number": "101"}
        taken = await house.admin.post("/api/v1/operators", json=said)
        assert (taken.status_code, taken.json()["code"]) == (409, "route.number_taken")
        assert "anu" not in await usernames(house)
        assert await house.store.names() == [made["endpoint"]]
        listed = (await house.client("supervisor").get("/api/v1/operators")).json()
        assert [one["numbers"] for one in listed] == [["101"]]
        assert (await house.admin.delete(path, headers=ANY)).status_code == 204
        assert (routes(tmp_path), accounts(tmp_path)) == ({}, {})
        assert (await house.admin.get("/api/v1/routes")).json() == []
        assert house.runner.floor.operators == {}


async def test_what_colleagues_see_of_an_operator_follows_and_the_secret_stays(tmp_path: Path) -> None:
    async with refusing_house(tmp_path) as (house, _):
        made = await make_mari(house)
        answer = await house.admin.patch(
            f"/api/v1/users/{made['id']}", json={"display_name": "Mari Mets"}, headers=ANY
        )
        assert answer.status_code == 200
        assert accounts(tmp_path) == {made["endpoint"]: ('"Mari Mets" <101>', made["sip"]["secret"])}
        said = {"kind": "operator", "target": str(made["id"])}
        assert (await house.admin.put("/api/v1/routes/100", json=said, headers=ANY)).status_code == 200
        assert accounts(tmp_path) == {made["endpoint"]: ('"Mari Mets" <100>', made["sip"]["secret"])}
        assert house.runner.floor.operators[OperatorId(made["id"])].settings.name == "Mari Mets"


async def test_an_operator_is_not_made_while_the_pbx_cannot_have_their_phone(tmp_path: Path) -> None:
    async with refusing_house(tmp_path) as (house, phones):
        phones.away = {"check"}
        answer = await house.admin.post("/api/v1/operators", json={"user": MARI, "number": "101"})
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert "mari" not in await usernames(house)
        assert house.runner.floor.operators == {}
        assert (await house.store.names(), routes(tmp_path)) == ([], {})
        phones.away.clear()
        await make_mari(house)


async def test_what_cannot_be_in_force_at_once_is_told_and_comes_by_itself(tmp_path: Path) -> None:
    async with refusing_house(tmp_path) as (house, phones):
        phones.away = {"bring"}
        answer = await house.admin.post("/api/v1/operators", json={"user": MARI, "number": "101"})
        assert (answer.status_code, answer.headers["Keskus-In-Force"]) == (201, "later")
        assert (answer.json()["id"], answer.json()["sip"]) == (house.users["administrator"] + 1, None)
        assert "mari" in await usernames(house)
        assert len(house.runner.floor.operators) == 1, "what could be reached has it"
        assert (await house.store.names(), routes(tmp_path)) == ([], {})
        path = f"/api/v1/operators/{answer.json()['id']}/softphone-secret"
        early = await house.admin.post(path)
        assert (early.status_code, early.json()["code"]) == (503, "configuration.not_in_force_yet")
        queue = {"title": "Abi", "id": "help"}
        for ask in (
            house.admin.post("/api/v1/queues", json=queue),
            house.admin.put("/api/v1/queues/help", json={"title": "Abi"}, headers=ANY),
            house.admin.put("/api/v1/routes/600", json={"kind": "queue", "target": "help"}, headers=ANY),
            house.admin.delete("/api/v1/routes/600", headers=ANY),
            house.admin.patch(
                f"/api/v1/users/{answer.json()['id']}", json={"display_name": "Mari Mets"}, headers=ANY
            ),
            house.admin.delete("/api/v1/queues/help", headers=ANY),
        ):
            done = await ask
            assert done.status_code < 300, done.text
            assert done.headers["Keskus-In-Force"] == "later", "kept: nobody is told to do it again"
        phones.away.clear()
        await until(lambda: len(routes(tmp_path)) == len(accounts(tmp_path)) == 1, "the phone's account")
        assert "Keskus-In-Force" not in (await house.admin.post("/api/v1/queues", json=queue)).headers
        (operator,) = house.runner.floor.operators
        renewed = await house.admin.post(f"/api/v1/operators/{operator}/softphone-secret")
        assert accounts(tmp_path)[f"op{operator}"][1] == renewed.json()["secret"]


class Unreachable:
    """A link to a PBX that does not answer."""

    async def send(self, *_: object, **__: object) -> None:
        raise PbxLinkLost("the PBX does not answer", sent=False)


async def test_an_operator_is_made_with_their_secret_while_the_pbx_itself_is_away(tmp_path: Path) -> None:
    (tmp_path / "asterisk.sqlite").touch()
    async with SoftphoneStore(f"sqlite+aiosqlite:///{tmp_path / 'asterisk.sqlite'}") as store:
        phones = Phones(store, cast("Link", Unreachable()))
        async with open_house(tmp_path, softphones=phones) as house:
            await house.make_queue()
            made = await make_mari(house)
            assert accounts(tmp_path)[made["endpoint"]][1] == made["sip"]["secret"]
            path = f"/api/v1/operators/{made['id']}/softphone-secret"
            renewed = await house.admin.post(path)
            assert (renewed.status_code, renewed.json()["code"]) == (503, "operator.phone_still_registered")


async def test_nothing_is_made_while_accounts_can_be_read_and_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "CHANGE_S", 0.2)
    async with open_house(tmp_path) as house:
        locked = sqlite3.connect(tmp_path / "asterisk.sqlite", isolation_level=None)
        locked.execute("BEGIN IMMEDIATE")
        said = {"user": MARI, "number": "101"}
        answer = await house.admin.post("/api/v1/operators", json=said, headers={"Idempotency-Key": "1"})
        assert answer.status_code == 503, answer.text
        assert "mari" not in await usernames(house)
        locked.rollback()
        locked.close()
        answer = await house.admin.post("/api/v1/operators", json=said, headers={"Idempotency-Key": "1"})
        assert answer.status_code == 201
        assert accounts(tmp_path)[answer.json()["endpoint"]][1] == answer.json()["sip"]["secret"]


async def test_the_secret_comes_later_when_accounts_go_away_right_after_the_operator_is_made(
    tmp_path: Path,
) -> None:
    async with refusing_house(tmp_path) as (house, phones):
        phones.away = {"give_secret"}
        answer = await house.admin.post("/api/v1/operators", json={"user": MARI, "number": "101"})
        assert (answer.status_code, answer.headers["Keskus-In-Force"]) == (201, "later")
        assert answer.json()["sip"] is None
        phones.away.clear()
        renewed = await house.admin.post(f"/api/v1/operators/{answer.json()['id']}/softphone-secret")
        assert renewed.json()["secret"] == accounts(tmp_path)[answer.json()["endpoint"]][1]


async def test_what_the_database_does_not_keep_is_nowhere(tmp_path: Path) -> None:
    async with refusing_house(tmp_path) as (house, _):
        await house.make_queue("help")
        with failing(house, "commit"):
            answer = await house.admin.post("/api/v1/operators", json={"user": MARI, "number": "101"})
        assert answer.status_code == 503
        assert (await house.store.names(), routes(tmp_path)) == ([], {})
        assert "mari" not in await usernames(house)
        made = await make_mari(house)
        id_, path = OperatorId(made["id"]), f"/api/v1/operators/{made['id']}"
        await house.runner.post(PresenceAsked(id_, Presence.ON_BREAK, "lunch"))
        said = {"kind": "queue", "target": "sales"}
        assert (await house.admin.put("/api/v1/routes/3726001000", json=said, headers=ANY)).status_code == 200
        with failing(house, "commit"):
            for answer in (
                await house.admin.delete(path, headers=ANY),
                await house.admin.delete("/api/v1/queues/help", headers=ANY),
                await house.admin.put(
                    "/api/v1/routes/3726001000", json=said | {"target": "help"}, headers=ANY
                ),
                await house.admin.delete("/api/v1/routes/3726001000", headers=ANY),
                await house.admin.patch(f"/api/v1/users/{id_}", json={"active": False}, headers=ANY),
            ):
                assert answer.status_code == 503
        operator = house.runner.floor.operators[id_]
        assert (operator.presence, operator.break_reason) == (Presence.ON_BREAK, "lunch")
        assert operator.settings.memberships == (Membership(QueueId("sales"), 1),)
        assert house.runner.floor.queues.keys() == {"sales", "help"}
        assert routes(tmp_path) == {"101": made["endpoint"], "3726001000": "sales"}
        assert accounts(tmp_path)[made["endpoint"]][1] == made["sip"]["secret"]


async def test_a_queue_stays_while_something_leads_to_it(tmp_path: Path) -> None:
    async with refusing_house(tmp_path) as (house, _):
        await make_mari(house)
        assert (
            await house.admin.put(
                "/api/v1/routes/600", json={"kind": "queue", "target": "sales"}, headers=ANY
            )
        ).status_code == 200
        refused = await house.admin.delete("/api/v1/queues/sales", headers=ANY)
        assert (refused.status_code, refused.json()["code"]) == (409, "queue.numbers_lead_here")
        assert refused.json()["params"] == {"queue": "sales", "numbers": ["600"]}
        assert (await house.admin.delete("/api/v1/routes/600", headers=ANY)).status_code == 204
        assert (await house.admin.delete("/api/v1/queues/sales", headers=ANY)).status_code == 204
        assert house.runner.floor.queues == {}


async def test_who_is_put_out_of_use_has_no_phone(tmp_path: Path) -> None:
    async with refusing_house(tmp_path) as (house, _):
        made = await make_mari(house)
        path = f"/api/v1/users/{made['id']}"
        assert (await house.admin.patch(path, json={"active": False}, headers=ANY)).status_code == 200
        assert made["id"] not in house.runner.floor.operators
        assert (accounts(tmp_path), routes(tmp_path)) == ({}, {})
        assert (await house.admin.patch(path, json={"active": True}, headers=ANY)).status_code == 200
        assert made["id"] in house.runner.floor.operators
        again = await house.admin.post(f"/api/v1/operators/{made['id']}/softphone-secret")
        assert again.json()["secret"] != made["sip"]["secret"]
        assert accounts(tmp_path)[made["endpoint"]][1] == again.json()["secret"]
        assert routes(tmp_path) == {"101": made["endpoint"]}


class CancelledAt:
    """Work that is cancelled as it waits for the nth time; awaited in a task of its own."""

    def __init__(self, work: Awaitable[object], turn: int) -> None:
        self.work, self.turn = work, turn
        self.reached = False

    def __await__(self) -> Generator[Any, Any, Any]:
        waits = self.work.__await__()
        go: Callable[[Any], Any] = waits.send
        value: Any = None
        waited = 0
        while True:
            try:
                future = go(value)
            except StopIteration as done:
                return done.value
            waited += 1
            if waited == self.turn:
                self.reached = True
                task = asyncio.current_task()
                assert task is not None
                task.cancel()
            try:
                value, go = (yield future), waits.send
            except BaseException as error:  # noqa: BLE001 - handed on
                value, go = error, waits.throw


async def as_the_rows_have_it(house: House, folder: Path) -> None:
    """Wait until floor and PBX are as the rows have it, whatever these are."""
    floor = house.runner.floor
    async with asyncio.timeout(DEADLINE_S):
        while True:
            async with reading(house.services.engine) as session:
                queues = {one.id: one for one in await list_queues(session)}
                operators = {one.id: one for one in await list_operators(session)}
                leads = {one.number: one.target for one in await routes_of_dialplan(session)}
            if (
                {id_: one.settings for id_, one in floor.queues.items()} == queues
                and {id_: one.settings for id_, one in floor.operators.items()} == operators
                and routes(folder) == leads
                and accounts(folder).keys() == {one.endpoint for one in operators.values()}
            ):
                return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "what", ["make a queue", "change a queue", "lead a number", "make and remove an operator"]
)
async def test_a_request_that_is_cancelled_anywhere_leaves_nothing_stale(tmp_path: Path, what: str) -> None:
    async with open_house(tmp_path) as house:
        await house.make_queue()
        admin, turn, reached = house.admin, 0, True
        while reached:
            turn += 3 if what.startswith("make and") else 1  # two requests with more than a hundred waits
            work: Awaitable[object]
            match what:
                case "make a queue":
                    work = admin.post("/api/v1/queues", json={"id": f"q{turn}", "title": "Uus"})
                case "change a queue":
                    work = admin.put("/api/v1/queues/sales", json={"title": f"Müük {turn}"}, headers=ANY)
                case "lead a number":
                    said = {"kind": "queue", "target": "sales"}
                    work = admin.put(f"/api/v1/routes/{6000 + turn}", json=said, headers=ANY)
                case _:
                    work = _make_and_remove(house)
            cut = CancelledAt(work, turn)

            async def ask(cut: CancelledAt = cut) -> None:
                with suppress(asyncio.CancelledError):
                    await cut

            async with asyncio.TaskGroup() as group:
                group.create_task(ask())
            reached = cut.reached
            await as_the_rows_have_it(house, tmp_path)
        assert turn > 10, "so often it waits"


async def _make_and_remove(house: House) -> None:
    user = house.users["operator"]
    said = {"user": user, "memberships": [{"queue": "sales"}], "number": "101"}
    await house.admin.post("/api/v1/operators", json=said)
    await house.admin.delete(f"/api/v1/operators/{user}", headers=ANY)
