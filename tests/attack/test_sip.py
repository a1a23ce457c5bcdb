"""Strangers with a SIP port: who they claim to be, how much they send, and what they leave behind."""

import asyncio
import secrets
import socket
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from app.sandbox.sandbox import Layout, Sandbox
from tests.ami import Ami
from tests.attack.figures import HELD_BOUND_S
from tests.attack.target import FULL, PASSWORD, Target, open_target, scaled
from tests.live_floor import NUMBER, live_floor
from tests.sipua import Phone

HONEST_NUMBER: Final = "3726000720"
VICTIM_NUMBER: Final = "3726000721"
SILENT_S: Final = 4
SERVED_S: Final = 60.0
"""How long a step of an honest call may take beside an attack, on a machine that is short of time."""


@pytest.mark.parametrize("name", ["trunk", "Trunk", "anonymous", "op1", "udp", "3726000500", "'or'1'='1"])
async def test_a_stranger_is_nobody_whatever_they_write_into_from(sandbox: Sandbox, name: str) -> None:
    async with live_floor(sandbox) as live:
        await live.add_operator(1)
        async with Phone(live.layout, name) as stranger:  # from an address that is not the carrier's
            call = await stranger.dial(NUMBER)
            await stranger.until(lambda: bool(call.ended_s))
        assert call.status == 401
        assert not live.floor.calls


async def test_the_carrier_is_served_as_before(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live, Phone.customer(live.layout, "37255500001") as anna:
        call = await anna.dial(NUMBER)
        await anna.connected(call)
        await live.until(lambda: len(live.floor.calls) == 1)


@pytest.mark.parametrize(
    ("name", "at_the_phone", "at_the_service"),
    [
        ("Jüri Õun", "Jüri Õun", "Jüri Õun"),
        ("Юлия", "Юлия", "Юлия"),
        ("Anna\u202egnp.exe", "Annagnp.exe", "Annagnp.exe"),
        ("\u200bMari\u2066\u00ad\u0085\ufeff", "Mari", "Mari"),
        ("Õ\u202e\x07", "", ""),
    ],
)
async def test_a_name_cannot_turn_itself_around(
    sandbox: Sandbox, name: str, at_the_phone: str, at_the_service: str
) -> None:
    async with live_floor(sandbox) as live:
        account = await live.add_operator(1)
        async with (
            Phone(live.layout, *account) as op1,
            Phone.customer(live.layout, "37255500001") as stranger,
        ):
            stranger.display = name
            await live.available(1)
            call = await stranger.dial(NUMBER)
            talk = await op1.rings()
            shown = talk.invite.get("From").partition(" <")[0].strip('"').partition("<")[0]
            assert shown == (at_the_phone or "")
            op1.answer(talk)
            await stranger.connected(call)
            await stranger.hang_up(call)
            await live.until(lambda: bool(live.records()))
        assert live.records()[0].caller_name == at_the_service
        past = await live.past(live.records()[0].call)
        assert not set(past.record.caller_name) & set("\u202e\u200b\u2066\u00ad\u0085\ufeff\x07")


class Strangers:
    """Sockets that send and are closed at once: nobody is there for what comes back."""

    def __init__(self, layout: Layout, host: str = "") -> None:
        self._to = (layout.host, layout.sip_port)
        self._host = host or layout.host

    def send(self, *datagrams: bytes) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.bind((self._host, 0))
            for datagram in datagrams:
                line.sendto(datagram, self._to)

    def invite(self, user: str, number: str, *, sdp: str = "", more: Sequence[str] = ()) -> bytes:
        """An INVITE of a new call, with these header lines too."""
        mark = secrets.token_hex(8)
        body = (
            sdp
            or f"v=0\r\no=- 1 1 IN IP4 {self._host}\r\ns=-\r\nc=IN IP4 {self._host}\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"
        )
        lines = [
            f"INVITE sip:{number}@{self._to[0]} SIP/2.0",
            f"Via: SIP/2.0/UDP {self._host}:5999;branch=z9hG4bK{mark};rport",
            f"From: <sip:{user}@{self._host}>;tag={mark}",
            f"To: <sip:{number}@{self._to[0]}>",
            f"Call-ID: {mark}",
            "CSeq: 1 INVITE",
            f"Contact: <sip:{user}@{self._host}:5999>",
            "Max-Forwards: 70",
            "Content-Type: application/sdp",
            *more,
            f"Content-Length: {len(body)}",
        ]
        return ("\r\n".join([*lines, "", ""]) + body).encode()


@dataclass
class Honest:
    """An operator at a phone, and a customer: what an attack must not disturb."""

    target: Target
    layout: Layout
    phone: Phone

    async def call(self, number: str) -> None:
        """A customer calls, the operator answers, they hear each other, and hang up."""
        async with Phone.customer(self.layout, number) as anna:
            call = await anna.dial(HONEST_NUMBER)
            async with asyncio.TaskGroup() as group:
                answering = group.create_task(self._answer())
                await anna.hears(call, self.phone.voice, SERVED_S)
                talk = self.phone.talks[-1]
                await self.phone.hears(talk, anna.voice, SERVED_S)
                answering.cancel()
            await anna.hang_up(call)
            await self.phone.until(lambda: bool(talk.ended_s))

    async def _answer(self) -> None:
        """Answer whenever the phone rings: beside an attack an offer may come to nothing, and come again."""
        while True:
            self.phone.answer(await self.phone.rings(SERVED_S))

    async def records(self, queue: str, count: int) -> list[dict[str, Any]]:
        """Wait until a queue has so many records and none is open; give them all."""

        async def closed() -> list[dict[str, Any]] | None:
            found: list[dict[str, Any]] = []
            page = {"next": ""}
            while page["next"] is not None:
                more = f"&cursor={page['next']}" if page["next"] else ""
                page = await self.target.ask("GET", f"/calls?limit=200&queue={queue}{more}")
                found += page["items"]
            return found if len(found) >= count and all(call["ended_at"] for call in found) else None

        return await self.target.until(closed, f"{count} records of {queue}", 60)


@pytest.fixture
async def honest(tmp_path: Path, sandbox: Sandbox, ami: Ami) -> AsyncIterator[Honest]:
    settings = {"KESKUS__FLOOR__SILENT_S": str(SILENT_S), "KESKUS__FLOOR__WAITING_BY_NUMBER": "5"}
    async with open_target(tmp_path, sandbox, settings) as target:
        for id_, number in (("aus", HONEST_NUMBER), ("ohver", VICTIM_NUMBER)):
            await target.ask("POST", "/queues", {"id": id_, "title": id_, "wrap_up_s": 0, "ring_s": 20})
            await target.ask("PUT", f"/routes/{number}", {"kind": "queue", "target": id_})
        user = {"username": "honest", "password": PASSWORD, "display_name": "Honest"}
        body = {"user": user, "memberships": [{"queue": "aus"}]}
        made = await target.ask("POST", "/operators", body)
        async with Phone(sandbox.layout, made["sip"]["username"], made["sip"]["secret"]) as phone:
            await target.ask("PUT", f"/operators/{made['id']}/state", {"presence": "available"})
            async with asyncio.timeout(30):
                while (await target.ask("GET", f"/operators/{made['id']}"))["state"][
                    "device"
                ] != "registered":
                    pass
            yield Honest(target, sandbox.layout, phone)
    for name in ("KESKUS_SILENT_S", "KESKUS_MOST_OF_NUMBER", "KESKUS_MOST_OF_LINE"):
        await ami.action("Setvar", Variable=name, Value="")  # the PBX is other tests', too


async def test_hundreds_of_strangers_who_say_they_are_the_carrier(honest: Honest, sandbox: Sandbox) -> None:
    strangers = Strangers(honest.layout)
    before = sandbox.log_file.stat().st_size
    async with honest.target.attack("forged INVITEs, closed sockets") as attack:
        for place in range(scaled(300, 5000)):
            number = f"3725550{place % 10000:04}"
            strangers.send(
                strangers.invite("trunk", VICTIM_NUMBER, more=[f"P-Asserted-Identity: <sip:{number}@x>"])
            )
            attack.sent += 1
            if place % 50 == 0:
                await asyncio.sleep(0)
        await honest.call("37255500031")
    assert attack.figures.held_s <= HELD_BOUND_S
    shown = (await honest.target.ask("GET", "/calls?limit=200"))["items"]
    assert {call["queue"] for call in shown} == {"aus"}
    written = sandbox.log_file.stat().st_size - before
    assert written < 400 * attack.sent, "a line for each at most"


async def test_a_flood_by_the_carrier_from_one_number(honest: Honest, sandbox: Sandbox) -> None:
    """Whoever can send in the carrier's name, and never answers: five wait at most, and not for long."""
    flood = Strangers(honest.layout, honest.layout.trunk_host)
    sent = scaled(60, 600)
    async with honest.target.attack("a flood in the carrier's name") as attack:
        for _ in range(sent):
            flood.send(flood.invite("37255500666", VICTIM_NUMBER))
            attack.sent += 1
            await asyncio.sleep(0)
        await honest.call("37255500032")
        # Of very many some are lost on their way, and nobody repeats them.
        records = await honest.records("ohver", sent if not FULL else sent // 3)
    assert attack.figures.held_s <= HELD_BOUND_S
    outcomes = Counter(record["outcome"] for record in records)
    if FULL:
        # Where the service is late, as it may be beside six hundred at once, the PBX ends them by itself: who is silent
        # as lost, and who comes while it counts as away as busy, on record as failed until the log has told more.
        assert set(outcomes) <= {"lost", "turned_away", "failed"}
        assert outcomes["turned_away"] + outcomes["failed"] > outcomes["lost"]
    else:
        assert set(outcomes) == {"lost", "turned_away"}
        assert outcomes["lost"] <= 5 + sent // 10, outcomes  # whose place became free meanwhile
    assert "37255500666" not in honest.target.log()
    assert '"calls_refused"' in honest.target.log()
    await nobody_is_there(sandbox)


async def nobody_is_there(sandbox: Sandbox) -> None:
    """Wait until the PBX has no channel."""
    async with asyncio.timeout(60):
        while not (await sandbox.cli("core show channels count")).startswith("0 active channels"):
            pass


@pytest.mark.skipif(not FULL, reason="takes a minute")
async def test_a_flood_by_the_carrier_from_many_numbers(honest: Honest, sandbox: Sandbox) -> None:
    """As many wait as may by one line, each with a number that was never read before; then all are gone at once."""
    flood = Strangers(honest.layout, honest.layout.trunk_host)
    async with honest.target.attack("a flood of many callers") as attack:
        for place in range(600):
            flood.send(flood.invite(f"3725550{1000 + place}", VICTIM_NUMBER))
            attack.sent += 1
            await asyncio.sleep(0)
        await honest.records("ohver", 200)
    assert attack.figures.held_s <= HELD_BOUND_S
    await nobody_is_there(sandbox)


HOSTILE = {
    "nothing": b"",
    "line ends": b"\r\n" * 2000,
    "noise": bytes(range(256)) * 100,
    "no end": b"INVITE sip:" + b"a" * 60_000,
    "no headers": b"INVITE sip:600@x SIP/2.0\r\n\r\n",
    "length below zero": b"OPTIONS sip:x SIP/2.0\r\nContent-Length: -1\r\n\r\n",
    "length beyond all": b"OPTIONS sip:x SIP/2.0\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "another protocol": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a reply to nothing": b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKx\r\nCSeq: 1 INVITE\r\n\r\n",
    "format letters": b"INVITE sip:%n%n%s@x SIP/2.0\r\nFrom: %s%n\r\n\r\n",
}


async def test_garbage_and_headers_without_measure(honest: Honest, sandbox: Sandbox) -> None:
    pid = (await sandbox.status()).pid
    for host in ("", honest.layout.trunk_host):
        strangers = Strangers(honest.layout, host)
        hostile = [
            *HOSTILE.values(),
            strangers.invite("x", VICTIM_NUMBER, more=[f"X-Long: {'a' * 50_000}"]),
            strangers.invite("x", VICTIM_NUMBER, more=["X-Many: 1"] * 3000),
            strangers.invite("x", VICTIM_NUMBER, more=["Via: SIP/2.0/UDP x;branch=z9hG4bKx"] * 800),
            strangers.invite("x", VICTIM_NUMBER, sdp="v=0\r\n" + "m=audio 9 RTP/AVP 8\r\n" * 1500),
            strangers.invite("x", VICTIM_NUMBER, sdp="a=rtpmap:" + "8 " * 20_000),
            strangers.invite("x", "6" * 5000),
            strangers.invite("x&PJSIP/trunk", "600&PJSIP/900@trunk"),
            strangers.invite("x", "${SHELL(id)}"),
            strangers.invite("a" * 10_000, VICTIM_NUMBER),
        ]
        async with honest.target.attack(f"garbage from {host or 'anywhere'}") as attack:
            for _ in range(scaled(3, 100)):
                for datagram in hostile:
                    strangers.send(datagram[:65_000])
                    attack.sent += 1
                await asyncio.sleep(0)
            await honest.call(f"3725550003{3 + bool(host)}")
        assert attack.figures.held_s <= HELD_BOUND_S
    assert (await sandbox.status()).pid == pid, "the PBX lives"


async def test_a_connection_that_sends_without_end(honest: Honest, sandbox: Sandbox) -> None:
    """SIP over TCP: a request whose header never ends, by many at once."""
    lines = []
    async with honest.target.attack("headers without end over TCP") as attack:
        for _ in range(scaled(20, 200)):
            _, writer = await asyncio.open_connection(honest.layout.host, honest.layout.sip_port)
            lines.append(writer)
            writer.write(b"INVITE sip:600@x SIP/2.0\r\nX-Long: " + b"a" * 200_000)
            attack.sent += 1
        await honest.call("37255500035")
    assert attack.figures.held_s <= HELD_BOUND_S
    for writer in lines:
        writer.close()
    assert (await sandbox.status()).running
