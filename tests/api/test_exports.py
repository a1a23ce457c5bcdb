"""Files that people take away: a place before the answer begins, an end for slow readers, and honest events."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message

from app.api import exports
from app.api.errors import TooManyExports, TooManyRequests
from app.api.exports import ExportFile, ExportPlaces, ExportStream

from .house import House

PERIOD = {"from_at": "2026-01-01T00:00:00Z", "to_at": "2026-02-01T00:00:00Z"}
SCOPE: dict[str, Any] = {"type": "http", "method": "GET", "path": "/file", "headers": []}


class Reader:
    """A client: takes everything, or stops at a piece, or goes away there."""

    def __init__(self, *, stops_at: int | None = None, leaves: bool = False) -> None:
        self._stops_at, self._leaves = stops_at, leaves
        self.got = list[Message]()
        self._left = asyncio.Event()

    async def receive(self) -> Message:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if len(self.got) == self._stops_at:
            if self._leaves:
                self._left.set()
            await asyncio.Event().wait()
        self.got.append(message)

    @property
    def whole(self) -> bool:
        return bool(self.got) and self.got[-1].get("more_body") is False


async def pieces(given: list[str]) -> AsyncGenerator[bytes]:
    for _ in range(3):
        yield b"x" * 1000
    given.append("given")


def stream(places: ExportPlaces, given: list[str], user: int = 1) -> ExportStream:
    with places.begin(user) as place:
        return ExportStream(pieces(given), place, media_type="text/csv", headers={})


@pytest.mark.parametrize(
    ("reader", "given"),
    [
        ({}, True),
        ({"stops_at": 2}, False),
        ({"stops_at": 2, "leaves": True}, False),
        ({"stops_at": 0}, False),
    ],
)
async def test_a_stream_is_given_whole_or_its_place_is_free_again(
    monkeypatch: pytest.MonkeyPatch, reader: dict[str, Any], *, given: bool
) -> None:
    monkeypatch.setattr(exports, "PATIENCE_S", 0.05)
    places, told, client = ExportPlaces(), list[str](), Reader(**reader)
    answer = stream(places, told)
    assert places.taken == 1
    await answer(SCOPE, client.receive, client.send)
    assert (client.whole, told == ["given"], places.taken) == (given, given, 0)


@pytest.mark.parametrize("stops_at", [None, 1])
async def test_a_file_is_deleted_and_told_of_only_when_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stops_at: int | None
) -> None:
    monkeypatch.setattr(exports, "PATIENCE_S", 0.05)
    path, places, told, client = tmp_path / "file", ExportPlaces(), list[str](), Reader(stops_at=stops_at)
    path.write_bytes(b"x" * 200_000)

    async def given() -> None:
        told.append("given")

    with places.begin(1) as place:
        answer = ExportFile(path, place, given=given)
    await answer(SCOPE, client.receive, client.send)
    assert (client.whole, bool(told)) == (stops_at is None, stops_at is None)
    assert not places.taken
    assert not path.exists()


async def test_a_range_that_does_not_fit_is_no_file_given(tmp_path: Path) -> None:
    path, places, told, client = tmp_path / "file", ExportPlaces(), list[str](), Reader()
    path.write_bytes(b"x")

    async def given() -> None:
        told.append("given")

    with places.begin(1) as place:
        answer = ExportFile(path, place, given=given, keep=True)
    await answer(SCOPE | {"headers": [(b"range", b"bytes=5-9")]}, client.receive, client.send)
    assert client.got[0]["status"] == 416
    assert not told
    assert path.exists()


def test_places_are_counted_by_user_and_in_all() -> None:
    places = ExportPlaces(most=3, of_user=2)
    held = [stream(places, [], user) for user in (1, 1, 2)]
    for user, refusal in ((1, TooManyRequests), (2, TooManyExports), (3, TooManyExports)):
        with pytest.raises(refusal), places.begin(user):
            pass
    assert places.taken == len(held)

    with pytest.raises(ZeroDivisionError), ExportPlaces().begin(1) as place:
        _ = 1 / 0
    assert not place.kept


async def test_whoever_gets_no_place_is_refused_before_anything_is_sent_or_told(house: House) -> None:
    places: ExportPlaces = house.api.state.export_places
    supervisor = house.client("supervisor")
    paths = ["/api/v1/contacts/export", "/api/v1/contacts/export?format=xlsx", "/api/v1/orders/export"]
    paths += [f"/api/v1/campaigns/1/evidence/{one}" for one in ("attempts", "not-dialled")]
    paths += ["/api/v1/reports/calls/export"]
    held = [stream(places, [], house.users["supervisor"]) for _ in range(exports.OF_USER)]
    for path in paths:
        answer = await supervisor.get(path, params=None if "?" in path else PERIOD)
        assert (answer.status_code, answer.json()["code"]) == (429, "request.too_many"), path
    held += [stream(places, [], user) for user in range(100, 100 + exports.MOST - exports.OF_USER)]
    for path in paths:
        answer = await house.admin.get(path, params=None if "?" in path else PERIOD)
        assert (answer.status_code, answer.json()["code"]) == (429, "export.too_many"), path
        assert answer.headers["Retry-After"] == "5"
    events = (await house.admin.get("/api/v1/audit", params={"subject": "contact"})).json()["items"]
    assert not events
    assert len(held) == exports.MOST
