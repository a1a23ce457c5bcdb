"""The stream of events over HTTP: what is new, what was missed, for whom, and for how long."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.crm.audit import stream
from app.crm.audit.stream import EventStreams
from app.events.follower import Follower
from app.events.queries import EventFilter, page_events
from app.live.places import SessionLimits
from app.records.engine import reading

from .house import ANY, House, open_house, served, until

DEADLINE_S = 30.0
PATH = "/api/v1/events/stream"


@asynccontextmanager
async def streaming(folder: Path) -> AsyncIterator[House]:
    async with open_house(folder) as house, served(house):
        yield house


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[House]:
    async with streaming(tmp_path) as house:
        yield house


class Reader:
    """A program that reads the stream."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def next(self) -> dict[str, str]:
        """The next block, by its fields; a comment has the field of an empty name."""
        block: dict[str, str] = {}
        async with asyncio.timeout(DEADLINE_S):
            async for line in self._lines:
                if not line and block:
                    return block
                if line:
                    name, _, value = line.partition(": ")
                    block[name] = value
        return block

    async def event(self) -> dict[str, Any]:
        """The next event's message."""
        while "data" not in (block := await self.next()):
            assert block, "the stream is at its end"
        said: dict[str, Any] = json.loads(block["data"])
        assert (block["id"], block["event"]) == (str(said["data"]["id"]), said["type"])
        return said


@asynccontextmanager
async def reading_as(
    house: House, role: str, headers: dict[str, str] | None = None, **asked: Any
) -> AsyncIterator[Reader]:
    said = {"Authorization": f"Bearer {house.tokens[role]}"} | (headers or {})
    async with (
        httpx.AsyncClient(base_url=house.url, headers=said, timeout=DEADLINE_S, trust_env=False) as client,
        client.stream("GET", PATH, params=asked) as answer,
    ):
        if answer.is_success:
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        else:
            await answer.aread()
        yield Reader(answer)


async def contact(house: House, surname: str) -> int:
    answer = await house.admin.post("/api/v1/contacts", json={"surname": surname})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def told(house: House) -> None:
    """Let readers hear what was committed, as the follower does."""
    streams = house.services.part(EventStreams)
    assert streams is not None
    streams.hear(())


async def newest(house: House) -> int:
    async with reading(house.services.engine) as session:
        (row,) = await page_events(session, EventFilter(), limit=1)
    assert row.id is not None
    return row.id


async def test_new_events_come_as_they_happen_and_missed_ones_on_coming_back(live: House) -> None:
    await contact(live, "Enne")
    async with reading_as(live, "administrator", kind="contact.*", values=True) as reader:
        assert await reader.next() == {"retry": "3000"}
        first = await contact(live, "Kask")
        await told(live)
        said = await reader.event()
        assert (said["type"], said["form"]) == ("contact.created", 1)
        assert said["data"]["subject"] == {"kind": "contact", "id": str(first)}
        assert said["data"]["after"]["surname"] == "Kask"
        last = said["data"]["id"]
    missed = [await contact(live, "Tamm"), await contact(live, "Saar")]
    async with reading_as(live, "administrator", {"Last-Event-ID": str(last)}, kind="contact.*") as reader:
        events = [await reader.event(), await reader.event()]
        assert [one["data"]["subject"]["id"] for one in events] == [str(id_) for id_ in missed]
        assert not [one for one in events if "after" in one["data"] or "name" in one["data"]["who"]]
        missed.append(await contact(live, "Mets"))
        await told(live)
        assert (await reader.event())["data"]["subject"]["id"] == str(missed[-1])
    async with reading_as(live, "administrator", after=last, follow=False, kind="contact.created") as reader:
        ids = [(await reader.event())["data"]["subject"]["id"] for _ in missed]
        assert ids == [str(id_) for id_ in missed]
        assert await reader.next() == {}


async def test_each_reads_what_they_may(live: House) -> None:
    async with reading_as(live, "operator", after=0, follow=False, kind="user.created") as reader:
        assert (reader.answer.status_code, reader.answer.json()["code"]) == (403, "permission.missing")
    async with reading_as(live, "operator", after=0, follow=False, values=True) as reader:
        assert reader.answer.json()["params"]["permission"] == "audit.read"
    async with reading_as(live, "operator", follow=False, kind="apple.*") as reader:
        assert reader.answer.json()["code"] == "changes.subject_unknown"
    async with reading_as(live, "operator", follow=False, kind="contact.eaten") as reader:
        assert reader.answer.json()["code"] == "changes.kind_unknown"
    await contact(live, "Kask")
    async with reading_as(live, "operator", after=0, follow=False) as reader:
        seen = []
        while "data" in (block := await reader.next()) or "retry" in block:
            seen += [block["event"]] if "event" in block else []
    assert seen == ["contact.created"], "users were made, too, of which an operator is not told"


async def test_who_may_read_no_more_is_cut_off(live: House) -> None:
    async with reading_as(live, "supervisor", kind="contact.*") as reader:
        assert "retry" in await reader.next()
        answer = await live.admin.patch(
            f"/api/v1/users/{live.users['supervisor']}", json={"active": False}, headers=ANY
        )
        assert answer.status_code == 200, answer.text
        await contact(live, "Kask")
        await told(live)
        assert await reader.next() == {}
    streams = live.services.part(EventStreams)
    assert streams is not None
    await until(lambda: streams.readers == 0)


async def test_a_silent_line_has_beats_with_the_number_that_was_reached(
    live: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BEAT_S", 0.05)
    async with reading_as(live, "administrator", kind="order.*") as reader:
        assert "retry" in await reader.next()
        await contact(live, "Kask")
        reached = str(await newest(live))
        async with asyncio.timeout(DEADLINE_S):
            while (beat := await reader.next()).get("id") != reached:
                assert beat.keys() == {"", "id"} or "id" in beat


async def test_readers_are_bounded_and_leave_when_the_service_stops(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        streams = EventStreams(house.services.engine, SessionLimits(total=10, per_user=2))
        house.services.parts[EventStreams] = streams  # type: ignore[index]
        async with served(house), reading_as(house, "operator") as one, reading_as(house, "operator") as two:
            assert "retry" in await one.next()
            async with reading_as(house, "operator") as third:
                assert (third.answer.status_code, third.answer.json()["code"]) == (
                    429,
                    "events.too_many_streams",
                )
            assert streams.readers == 2
            streams.close()
            assert await one.next() == {}
            assert "retry" in await two.next()
        await until(lambda: streams.readers == 0)


async def test_it_is_heard_through_the_follower(live: House) -> None:
    streams = live.services.part(EventStreams)
    assert streams is not None
    follower = Follower(live.services.engine, streams.hear)
    await follower.look()
    async with reading_as(live, "administrator") as reader:
        assert "retry" in await reader.next()
        await contact(live, "Kask")
        await follower.look()
        assert (await reader.event())["type"] == "contact.created"
