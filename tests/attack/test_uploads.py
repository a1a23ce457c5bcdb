"""Files that are sent for harm: broken off, again and again, or more than there is room for."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.accounts.service import TOKENS_MOST
from app.lists.errors import DiskFull
from app.lists.uploads import FILES_AT_ONCE, Folder
from tests.attack.test_files import lists
from tests.serving.raw import connected

from .figures import HELD_BOUND_S
from .target import Target, scaled


async def test_uploads_broken_off_leave_nothing_and_are_no_fault(lasting_target: Target) -> None:
    target = lasting_target
    places = [await lists(target), "/api/v1/consents/imports?source=x", "/api/v1/sounds?name=x"]
    head = (
        f"Host: 127.0.0.1:{target.port}\r\nAuthorization: Bearer {target.tokens['administrator']}\r\n"
        "Content-Type: application/octet-stream\r\nContent-Length: 900000\r\n\r\n"
    )

    async def break_off(place: str) -> None:
        async with connected(target.url) as raw:
            await raw.send(f"POST {place} HTTP/1.1\r\n{head}".encode() + b"a" * 400_000)

    async with target.attack("uploads broken off") as attack:
        for _ in range(scaled(5, 100)):
            await asyncio.gather(*(break_off(place) for place in places))
            attack.sent += len(places)

    async def nothing_left() -> bool | None:
        return not list(target.folder.rglob("coming-*")) or None

    await target.until(nothing_left, "what was broken off is taken away")
    assert "request_failed" not in target.log()
    assert attack.figures.held_s <= HELD_BOUND_S


async def test_one_user_s_files_do_not_keep_the_others_waiting(lasting_target: Target) -> None:
    target = lasting_target
    leads = await lists(target, "other")
    content = b"name,phone\n" + b"x,+37255500001\n" * 8_000
    places = (leads, "/api/v1/consents/imports?source=x")
    many = scaled(2, 10) * FILES_AT_ONCE
    async with (
        target.client("supervisor") as thief,
        target.client("administrator") as honest,
        target.attack("files at once") as attack,
    ):

        async def bring(place: str) -> httpx.Response:
            attack.count()
            return await thief.post(place, content=content)

        answers = await asyncio.gather(*(bring(place) for place in places for _ in range(many)))
        statuses = Counter(answer.status_code for answer in answers)
        assert set(statuses) <= {200, 201, 202, 409}, statuses
        assert statuses[409] >= len(places)
        told = await honest.post(leads, content=b"name,phone\nx,+37255500001\n")
        assert told.is_success
        url = f"/api/v1/imports/{told.json()['id']}"

        async def looked_at() -> bool | None:
            return (await honest.get(url)).json()["state"] != "reading" or None

        await target.until(looked_at, "the honest user's file is looked at", 60)
    assert attack.figures.held_s <= HELD_BOUND_S


async def test_files_leave_room_on_the_disk(tmp_path: Path) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"x"

    folder = Folder(tmp_path / "files", 10, kept_free=1 << 62)
    with pytest.raises(DiskFull):
        async with folder.receive(pieces()):
            pass
    assert not list((tmp_path / "files").iterdir())
    async with Folder(tmp_path / "files", 10, kept_free=0).receive(pieces()) as (_, size):
        assert size == 1


async def test_a_stolen_token_does_not_make_tokens_without_end(lasting_target: Target) -> None:
    target = lasting_target
    async with target.client("operator") as http, target.attack("tokens") as attack:
        statuses: Counter[int] = Counter()
        for _ in range(TOKENS_MOST + 10):
            attack.count()
            statuses[(await http.post("/api/v1/tokens", json={"name": "x"})).status_code] += 1
        assert statuses == {201: TOKENS_MOST - 1, 409: 11}
        last = (await http.get("/api/v1/tokens")).json()[0]["id"]
        assert (await http.delete(f"/api/v1/tokens/{last}")).status_code == 204
        assert (await http.post("/api/v1/tokens", json={"name": "x"})).status_code == 201
