"""The link on a real Asterisk: what the peer only pretends must be so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.pbx.ami.encode import HEADERS_MAX, LINE_MAX_BYTES
from app.pbx.ami.errors import PbxLinkLost, PbxRejected
from app.pbx.ami.link import Link
from app.pbx.ami.message import Event, Response
from app.pbx.ami.session import LinkSettings
from app.sandbox.sandbox import ManagerUser, Sandbox

DEADLINE_S = 60.0
USER = ManagerUser("link", "amber", read="all", write="all")
UP, DOWN = "up", "down"


@pytest.fixture
async def pbx() -> AsyncIterator[Sandbox]:
    """An Asterisk of the test's own: these tests kill it."""
    with TemporaryDirectory(prefix="keskus-") as folder:
        pbx = Sandbox(Path(folder), users=[USER])
        await pbx.start()
        try:
            yield pbx
        finally:
            await pbx.stop()


class Linked:
    """A running link and the events it heard."""

    def __init__(self, pbx: Sandbox, secret: str = USER.secret) -> None:
        self.told: asyncio.Queue[str] = asyncio.Queue()
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.link = Link(
            LinkSettings(port=pbx.layout.ami_port, username=USER.name, secret=secret, login_retry_s=0.01),
            self.events.put_nowait,
            lambda generation: self.told.put_nowait(f"{UP} {generation}"),
            lambda generation, _: self.told.put_nowait(f"{DOWN} {generation}"),
            ("UserEvent", "OriginateResponse"),
        )

    async def event(self, name: str) -> Event:
        while True:
            event = await self.events.get()
            if event.name == name:
                return event


@asynccontextmanager
async def linked(pbx: Sandbox) -> AsyncIterator[Linked]:
    linked = Linked(pbx)
    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as group:
        group.create_task(linked.link.run())
        assert await linked.told.get() == f"{UP} 1"
        yield linked
        linked.link.close()


async def test_asking_a_real_pbx(pbx: Sandbox) -> None:
    async with linked(pbx) as linked_pbx:
        link = linked_pbx.link
        assert (await link.send({"Action": "Ping"})).get("Ping") == "Pong"
        assert await link.collect({"Action": "CoreShowChannels"}) == []
        await link.collect({"Action": "DeviceStateList"})
        answers = await link.send_all(
            [
                {"Action": "Setvar", "Variable": "KESKUS_TEST", "Value": "Jüri: õ"},
                {"Action": "Redirect", "Channel": "nobody", "Context": "c", "Exten": "s", "Priority": 1},
                {"Action": "Getvar", "Variable": "KESKUS_TEST"},
            ]
        )
        assert isinstance(answers[1], PbxRejected)
        assert answers[1].message == "Channel does not exist: nobody"
        assert isinstance(answers[2], Response)
        assert answers[2].get("Value") == "Jüri: õ"
        with pytest.raises(PbxRejected):
            await link.collect({"Action": "NoSuchList"})
        shown = await link.send({"Action": "Command", "Command": "core show version"})
        assert shown.all("Output")[0].startswith("Asterisk ")


async def test_a_failed_originate_is_heard_with_its_own_id(pbx: Sandbox) -> None:
    async with linked(pbx) as linked_pbx:
        answer = await linked_pbx.link.send(
            {
                "Action": "Originate",
                "ActionID": "attempt-1",
                "Channel": "Local/nobody@nowhere",
                "Application": "Wait",
                "Data": "1",
                "Async": True,
            }
        )
        assert answer.message == "Originate successfully queued"
        outcome = await linked_pbx.event("OriginateResponse")
        assert (outcome.get("ActionID"), outcome.get("Response")) == ("attempt-1", "Failure")


async def test_the_limits_of_the_encoder_are_asterisk_s(pbx: Sandbox) -> None:
    value = "v" * (LINE_MAX_BYTES - len("Text: \r\n"))
    several = ["v"] * (HEADERS_MAX - 3)
    async with linked(pbx) as linked_pbx:
        link = linked_pbx.link
        await link.send({"Action": "UserEvent", "UserEvent": "Long", "Text": value})
        assert (await linked_pbx.event("UserEvent")).get("Text") == value
        await link.send({"Action": "UserEvent", "UserEvent": "Many", "Text": several})
        assert (await linked_pbx.event("UserEvent")).all("Text") == several


async def test_a_killed_pbx_is_noticed_and_found_again(pbx: Sandbox) -> None:
    async with linked(pbx) as linked_pbx:
        link = linked_pbx.link
        await pbx.kill()
        assert await linked_pbx.told.get() == f"{DOWN} 1"
        with pytest.raises(PbxLinkLost) as lost:
            link.send({"Action": "Ping"})
        assert not lost.value.sent
        await pbx.start()
        assert await linked_pbx.told.get() == f"{UP} 2"
        assert (await link.send({"Action": "Ping"})).success


async def test_a_wrong_secret_is_told_in_asterisk_s_words(
    pbx: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Linked(pbx, "wrong")
    monkeypatch.setattr(
        "app.pbx.ami.link.log.warning", lambda *_, reason, **__: wrong.told.put_nowait(reason)
    )
    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as group:
        group.create_task(wrong.link.run())
        assert await wrong.told.get() == "login refused: Authentication failed"
        wrong.link.close()
    assert wrong.link.counters.logins == 0
