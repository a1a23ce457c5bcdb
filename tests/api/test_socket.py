"""`/ws/desktop` on a real socket."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.accounts.service import open_session
from app.domain.ids import OperatorId
from app.domain.operators import Presence
from app.events.follower import Follower
from app.floor.events import PresenceAsked
from app.live import socket as desktop_socket
from app.live.messages import GOING_AWAY, LOGIN_ENDED, POLICY, TRY_LATER
from app.live.places import Places, SessionLimits
from app.records.engine import writing
from app.system.clock import utc_now
from tests.live.reader import Reader

from .house import ANY, House, open_house, served, until


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, origins=frozenset({"https://crm.example"})) as house, served(house):
        yield house


def call_up(
    house: House,
    token: str,
    query: str = "",
    sock: socket.socket | None = None,
    headers: dict[str, str] | None = None,
) -> connect:
    url = house.url.replace("http", "ws") + "/ws/desktop" + query
    said = {"Authorization": f"Bearer {token}"} if token else {}
    return connect(url, additional_headers=said | (headers or {}), proxy=None, sock=sock)


async def hear(line: ClientConnection, reader: Reader, kind: str) -> dict[str, object]:
    async with asyncio.timeout(20):
        while True:
            message = reader.read(str(await line.recv()))
            if message["type"] == kind:
                return message


async def closing_code(line: ClientConnection) -> int | None:
    async with asyncio.timeout(20):
        try:
            while True:
                await line.recv()
        except ConnectionClosed:
            return line.close_code


async def cookie(house: House, role: str) -> tuple[str, int]:
    async with writing(house.services.engine) as session:
        token, row = await open_session(session, house.users[role], utc_now())
    assert row.id is not None
    return f"keskus_session={token}", row.id


async def test_a_program_hears_of_every_change(live: House) -> None:
    await live.make_queue()
    id_ = await live.make_operator("operator", "sales")
    reader = Reader()
    async with call_up(live, live.tokens["supervisor"]) as line:
        await hear(line, reader, "snapshot")
        await live.runner.post(PresenceAsked(id_, Presence.ON_BREAK, "lunch"))
        await hear(line, reader, "operator_changed")
        assert reader.operators[id_]["break_reason"] == "lunch"
    await live.runner.post(PresenceAsked(id_, Presence.AVAILABLE))
    query = f"?epoch={reader.epoch}&after={reader.last}"
    async with call_up(live, live.tokens["supervisor"], query) as line:
        await hear(line, reader, "operator_changed")
        assert (reader.snapshots, reader.operators[id_]["presence"]) == (1, "available")
    await until(lambda: live.services.hub.sessions == 0)


async def test_the_rest_interface_and_the_socket_count_alike(live: House) -> None:
    await live.make_queue()
    snapshot = (await live.client("supervisor").get("/api/v1/floor")).json()
    await live.arrive("sales")
    reader = Reader()
    reader.read(json.dumps(snapshot))
    query = f"?epoch={snapshot['epoch']}&after={snapshot['number']}"
    async with call_up(live, live.tokens["supervisor"], query) as line:
        await hear(line, reader, "call_changed")
    assert "snapshot" not in reader.kinds[1:]


@pytest.mark.parametrize(
    ("who", "headers", "status"),
    [
        ("", {}, 401),
        ("wrong", {}, 401),
        ("cookie", {}, 403),
        ("cookie", {"Origin": "http://elsewhere.test"}, 403),
        ("cookie", {"Origin": "https://crm.example"}, 101),
        ("cookie", {"Origin": "own"}, 101),
        ("cookie", {"Origin": "own", "Sec-Fetch-Site": "cross-site"}, 403),
        ("token", {"Origin": "http://elsewhere.test"}, 101),
    ],
)
async def test_who_is_let_in(live: House, who: str, headers: dict[str, str], status: int) -> None:
    headers = {name: live.url if value == "own" else value for name, value in headers.items()}
    token = {"token": live.tokens["operator"], "wrong": "wrong"}.get(who, "")
    if who == "cookie":
        headers["Cookie"] = (await cookie(live, "operator"))[0]
    if status == 101:
        async with call_up(live, token, headers=headers) as line:
            await hear(line, Reader(), "snapshot")
        return
    with pytest.raises(InvalidStatus) as refused:
        await call_up(live, token, headers=headers)
    assert refused.value.response.status_code == status
    assert refused.value.response.headers["content-type"] == "application/problem+json"


async def test_sockets_end_with_their_login(live: House) -> None:
    said, _ = await cookie(live, "operator")
    own = {"Cookie": said, "Origin": live.url}
    async with call_up(live, "", headers=own) as line, call_up(live, live.tokens["operator"]) as other:
        ours = {"Cookie": said, "Sec-Fetch-Site": "same-origin"}
        answer = await live.client().delete("/api/v1/session", headers=ours)
        assert answer.status_code == 204
        assert await closing_code(line) == LOGIN_ENDED
        path = f"/api/v1/users/{live.users['operator']}"
        assert (await live.admin.patch(path, json={"active": False}, headers=ANY)).status_code == 200
        assert await closing_code(other) == LOGIN_ENDED


async def test_sockets_end_when_the_session_expires(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_house(tmp_path) as house, served(house):
        own = {"Cookie": (await cookie(house, "operator"))[0], "Origin": house.url}
        async with call_up(house, "", headers=own) as line:
            await hear(line, Reader(), "snapshot")
            (session,) = house.services.hub._sessions
            session.viewer = session.viewer._replace(expires=utc_now())
            session.awake.set()
            assert await closing_code(line) == LOGIN_ENDED


async def test_silence_is_broken_by_beats(live: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop_socket, "BEAT_S", 0.01)
    reader = Reader()
    async with call_up(live, live.tokens["operator"]) as line:
        await hear(line, reader, "beat")
        await hear(line, reader, "beat")


async def test_a_desktop_that_talks_too_much_is_cut_off(live: House) -> None:
    async with call_up(live, live.tokens["operator"]) as line:
        for _ in range(desktop_socket._MOST_HEARD):
            await line.send("hello")
        assert await closing_code(line) == POLICY


async def test_there_is_room_for_so_many(live: House) -> None:
    live.services.hub._places = Places(SessionLimits(total=2))
    async with call_up(live, live.tokens["operator"]) as first:
        await hear(first, Reader(), "snapshot")
        async with call_up(live, live.tokens["operator"]) as second:
            assert await closing_code(second) == TRY_LATER


async def test_a_reader_that_does_not_read_is_dropped_and_holds_nobody_up(
    live: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop_socket, "DRAIN_S", 0.2)
    await live.make_queue()
    ids = [
        await live.make_operator({"username": f"op{index}", "display_name": "Õ" * 90}, "sales")
        for index in range(20)
    ]
    reader = Reader()
    async with call_up(live, live.tokens["administrator"]) as quick:
        await hear(quick, reader, "snapshot")
        narrow = socket.socket()
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        narrow.connect(("127.0.0.1", int(live.url.rpartition(":")[2])))
        narrow.setblocking(False)
        async with call_up(live, live.tokens["supervisor"], sock=narrow) as slow:
            await until(lambda: live.services.hub.sessions == 2)
            slow.transport.pause_reading()
            for turn in range(5_000):
                if live.services.hub.sessions == 1:
                    break
                for id_ in ids:
                    presence = Presence.ON_BREAK if turn % 2 else Presence.AVAILABLE
                    await live.runner.post(PresenceAsked(OperatorId(id_), presence, "x" * 200))
                while reader.last is None or reader.last < live.services.hub.number:
                    reader.read(str(await quick.recv()))
            assert live.services.hub.sessions == 1
            slow.transport.abort()
    assert reader.last is not None


async def test_going_away_is_said(live: House) -> None:
    reader = Reader()
    async with call_up(live, live.tokens["operator"]) as line:
        await hear(line, reader, "snapshot")
        live.services.hub.close()
        await hear(line, reader, "going_away")
        assert await closing_code(line) == GOING_AWAY


async def test_changes_are_told_to_those_who_asked_for_them_and_may_read_them(live: House) -> None:
    told = Follower(live.services.engine, live.services.hub.tell_changes)
    await told.look()
    operator, plain = Reader(), Reader()
    async with (
        call_up(live, live.tokens["operator"], "?changes=contact,queue") as asking,
        call_up(live, live.tokens["operator"]) as silent,
    ):
        await hear(asking, operator, "snapshot")
        await hear(silent, plain, "snapshot")
        made = await live.client("supervisor").post("/api/v1/contacts", json={"surname": "Kask"})
        await live.admin.put(
            "/api/v1/roles/auditor", json={"title": "X", "permissions": ["own"]}, headers=ANY
        )
        await told.look()
        heard = await hear(asking, operator, "changed")
        assert (heard["kind"], heard["subject"], heard["id"]) == (
            "contact.created",
            "contact",
            str(made.json()["id"]),
        )
        assert str(heard["who"]).startswith("Tiina Supervisor")
        await live.make_queue()
        await told.look()
        assert (await hear(asking, operator, "changed"))["kind"] == "queue.created"
        live.services.hub.close()
        await hear(silent, plain, "going_away")
    assert "changed" not in plain.kinds
    assert "role" not in "".join(operator.kinds)


async def test_who_may_not_read_the_floor_is_told_changes_alone(live: House) -> None:
    told = Follower(live.services.engine, live.services.hub.tell_changes)
    await told.look()
    await live.make_queue()
    await live.make_operator("operator", "sales")
    clerk = {"title": "X", "permissions": ["own", "contacts.read"]}
    await live.admin.put("/api/v1/roles/clerk", json=clerk, headers=ANY)
    await live.admin.patch(f"/api/v1/users/{live.users['operator']}", json={"role": "clerk"}, headers=ANY)
    reader = Reader()
    async with call_up(live, live.tokens["operator"], "?changes=contact") as line:
        snapshot = await hear(line, reader, "snapshot")
        assert (snapshot["queues"], snapshot["operators"], snapshot["operator"]) == ([], [], None)
        await live.client("supervisor").post("/api/v1/contacts", json={"surname": "Kask"})
        await told.look()
        assert (await hear(line, reader, "changed"))["kind"] == "contact.created"


async def test_who_resumes_is_told_the_changes_that_were_missed(live: House) -> None:
    told = Follower(live.services.engine, live.services.hub.tell_changes)
    await told.look()
    reader = Reader()
    async with call_up(live, live.tokens["operator"], "?changes=contact") as line:
        await hear(line, reader, "snapshot")
    await live.client("supervisor").post("/api/v1/contacts", json={"surname": "Kask"})
    await told.look()
    again = f"?changes=contact&epoch={reader.epoch}&after={reader.last}"
    async with call_up(live, live.tokens["operator"], again) as line:
        await hear(line, reader, "resumed")
        assert (await hear(line, reader, "changed"))["kind"] == "contact.created"
    other = f"?epoch={reader.epoch}&after={reader.last}"
    async with call_up(live, live.tokens["operator"], other) as line:
        await hear(line, Reader(), "snapshot")


@pytest.mark.parametrize(("asked", "status"), [("user", 403), ("contact,nothing", 422)])
async def test_changes_that_one_may_not_read_are_refused(live: House, asked: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await call_up(live, live.tokens["operator"], f"?changes={asked}")
    assert refused.value.response.status_code == status
