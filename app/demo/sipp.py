"""SIPp as customers and as operators' phones, with what happened to each call as events while it happens.

    async with Softphones(layout, [("op1", secret)], answer_ms=500) as phones:
        async with Callers(layout, "500", calls=10, rate=10.0, talk_ms=2000) as callers:
            await callers.wait("ended", 10)

Each SIPp process writes its log into a named pipe, so a test waits for the event itself and never sleeps. No media
is sent. Times are wall-clock seconds as SIPp read them.
"""

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from app.demo.speech import GREETING, HELLO
from app.demo.tools import sipp_command
from app.pbx.sandbox import Layout

SCENARIOS: Final = Path(__file__).parent / "scenarios"
REFUSALS: Final = (400, 401, 403, 404, 408, 480, 484, 486, 487, 488, 500, 503, 603)
FOREVER_MS: Final = 3_600_000
PROBE_S: Final = 0.1
START_S: Final = 10.0
VIDEO_PORTS: Final = (2,)  # SIPp binds a port for video too, so far behind the one for sound


@dataclass(frozen=True)
class SippEvent:
    """One line of a scenario's log.

    kind: dialled, answered, ended, refused, gave up (callers); registered, refused; probed, ringing, answered,
    cancelled, ended, refused, transferred (phones).
    """

    kind: str
    user: str  # the caller's number, or the softphone's name
    peer: str  # the number dialled, or the number that the phone was shown
    call_id: str  # SIP Call-ID of this leg
    at_s: float  # seconds since 1970
    detail: str  # who ended it (local, remote), the SIP status that refused, or on ringing the X-Keskus-Call header


class SippFailed(AssertionError):  # noqa: N818 - an assertion about the far end
    """SIPp said that a call did not follow its scenario."""


@dataclass
class _Watch:
    events: list[SippEvent] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)


class SippProcess:
    """One SIPp run of one scenario."""

    def __init__(
        self, scenario: str, values: dict[str, str], rows: Iterable[Sequence[str]], options: Sequence[str]
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sipp-")
        self._values = values
        self._rows = list(rows)
        self._options = list(options)
        self._scenario = scenario
        self._watch = _Watch()
        self._group = asyncio.TaskGroup()
        self._process: asyncio.subprocess.Process | None = None
        self.listener: Callable[[SippEvent], None] | None = None
        """Told of each event as it comes, besides those who wait for it."""

    def keep(self, name: str, content: bytes) -> None:
        """Put a file beside the scenario."""
        (Path(self._folder.name) / name).write_bytes(content)

    @property
    def events(self) -> list[SippEvent]:
        """What happened so far, in order."""
        return self._watch.events

    def of(self, kind: str, user: str | None = None) -> list[SippEvent]:
        """The events of one kind so far, of one user or of all."""
        return [event for event in self.events if event.kind == kind and user in {None, event.user}]

    def count(self) -> Counter[str]:
        """How many events of each kind so far."""
        return Counter(event.kind for event in self.events)

    async def wait(
        self, kind: str, number: int = 1, timeout_s: float = 15.0, user: str | None = None
    ) -> list[SippEvent]:
        """Wait until `number` events of a kind have happened; give them all."""
        try:
            async with asyncio.timeout(timeout_s), self._watch.changed:
                await self._watch.changed.wait_for(lambda: len(self.of(kind, user)) >= number)
        except TimeoutError:
            raise SippFailed(
                f"waited for {number} x {kind!r}, saw {dict(self.count())}; {self.errors()}"
            ) from None
        return self.of(kind, user)

    async def done(self, timeout_s: float = 60.0) -> None:
        """Wait until SIPp has made all its calls and ended.

        Raises:
            SippFailed: a call did not follow the scenario.
        """
        assert self._process is not None
        try:
            async with asyncio.timeout(timeout_s):
                code = await self._process.wait()
        except TimeoutError:
            raise SippFailed(
                f"not done in {timeout_s:g} s, saw {dict(self.count())}; {self.errors()}"
            ) from None
        if code != 0:
            raise SippFailed(f"SIPp ended with {code}, saw {dict(self.count())}; {self.errors()}")

    async def finish(self, timeout_s: float = 60.0) -> None:
        """Make no more calls, and wait until those there are have ended, in whatever way."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGUSR1)
        try:
            async with asyncio.timeout(timeout_s):
                await self._process.wait()
        except TimeoutError:
            raise SippFailed(f"calls go on after {timeout_s:g} s; {self.errors()}") from None

    async def __aenter__(self) -> Self:
        folder = Path(self._folder.name)
        text = fill((SCENARIOS / self._scenario).read_text(), self._values)
        (folder / "scenario.xml").write_text(text)
        (folder / "users.csv").write_text(
            "\n".join(["SEQUENTIAL", *(";".join(row) for row in self._rows)]) + "\n"
        )
        log = folder / "log"
        os.mkfifo(log)
        reader = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
        self._keep = os.open(log, os.O_WRONLY)  # or the pipe would end before SIPp opens it
        stream = asyncio.StreamReader()
        self._transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(reader, "rb", buffering=0)
        )
        await self._group.__aenter__()
        self._reading = self._group.create_task(self._read(stream))
        self._process = await asyncio.create_subprocess_exec(
            *sipp_command(), "-sf", "scenario.xml", "-inf", "users.csv", "-nostdin", "-skip_rlimit",
            "-trace_logs", "-log_file", "log", "-trace_err", "-error_file", "errors",
            "-trace_msg", "-message_file", "messages", *self._options,
            cwd=folder, env={**os.environ, "TERM": "dumb"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        self._reading.cancel()
        await self._group.__aexit__(None, None, None)
        self._transport.close()
        os.close(self._keep)
        self._folder.cleanup()

    @property
    def messages(self) -> str:
        """Every SIP message sent and received so far."""
        path = Path(self._folder.name) / "messages"
        return path.read_text(errors="replace") if path.exists() else ""

    def errors(self) -> str:
        """What SIPp said went wrong, the last of it."""
        path = Path(self._folder.name) / "errors"
        return path.read_text(errors="replace").strip()[-1500:] if path.exists() else ""

    async def _read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            parts = line.decode(errors="replace").rstrip("\n").split("|", 6)
            if len(parts) == 7:
                kind, user, peer, call_id, seconds, micros, detail = parts
                at_s = float(seconds) + float(micros) / 1e6
                event = SippEvent(kind, user, peer, call_id, at_s, detail.strip())
                if self.listener is not None:
                    self.listener(event)
                async with self._watch.changed:
                    self._watch.events.append(event)
                    self._watch.changed.notify_all()


class Callers(SippProcess):
    """Customers who call through the carrier's line."""

    def __init__(
        self,
        layout: Layout,
        number: str,
        *,
        calls: int = 1,
        at_once: int | None = None,
        rate: float = 1.0,
        talk_ms: int | None = None,
        patience_ms: int = FOREVER_MS,
        caller: str = "3725550",
        first: int = 1,
        name: str = "",
        account: tuple[str, str] | None = None,
    ) -> None:
        """Describe the calls; they start on entering the context.

        Args:
            layout: where the PBX is.
            number: what they dial.
            calls: how many calls in all.
            at_once: how many of them live at the same time, at most; None sets no limit.
            rate: calls per second.
            talk_ms: hang up after so much talk; None waits for the other side.
            patience_ms: cancel a call that is not answered within this since its last ringing.
            caller: their number; each call appends its place as four digits.
            first: the place of the first call.
            name: their display name.
            account: name and secret of a softphone that dials, instead of a customer through the carrier.
        """
        host = layout.trunk_host if account is None else layout.host
        sign = "" if account is None else f"[authentication username={account[0]} password={account[1]}]"
        rows = [(number, f"{caller}{place:04}", name, sign) for place in range(first, first + calls)]
        if account is not None:
            rows = [(number, account[0], name, sign)] * calls
        super().__init__(
            "caller.xml",
            {
                "PATIENCE_MS": str(patience_ms),
                "TALK": "" if talk_ms is None else f'timeout="{talk_ms}" ontimeout="hangup"',
                "REFUSALS": "\n".join(_refusal(status) for status in REFUSALS),
                "AUTHENTICATE": "" if account is None else (SCENARIOS / "authenticate.xml").read_text(),
            },
            rows,
            [
                *_bound(host, _free_port(host)),
                *(
                    "-m",
                    str(calls),
                    "-r",
                    f"{rate:g}",
                    "-l",
                    str(at_once or calls),
                    f"{layout.host}:{layout.sip_port}",
                ),
            ],
        )


class Callees(SippProcess):
    """Customers whom the carrier reaches for us: they listen at the trunk's address while the context lasts."""

    def __init__(
        self,
        layout: Layout,
        *,
        answer_ms: int = 200,
        talk_ms: int | None = None,
        busy: str = "",
        silent: str = "",
        machine: str = "",
        presses: str = "",
        press_ms: int = 3000,
    ) -> None:
        """Describe them; events are those of phones, with the number dialled as the user, and `pressed`.

        Args:
            layout: where the PBX is.
            answer_ms: ring so long, then answer.
            talk_ms: hang up after so much talk; None leaves that to the other side.
            busy: whose number ends in one of these digits is busy.
            silent: whose number ends in one of these digits never answers.
            machine: whose number ends in one of these digits is an answering machine. With any of them there is
                sound: machines speak, people say hello and listen.
            presses: whose number ends in one of these digits presses 9 a while after the answer.
            press_ms: how long after.
        """
        talk = "" if talk_ms is None else f'timeout="{talk_ms}" ontimeout="hangup"'
        super().__init__(
            "callee.xml",
            {
                "BUSY": busy or "x",
                "SILENT": silent or "x",
                "MACHINE": machine or "x",
                "PRESSES": presses or "x",
                "PRESS_MS": str(press_ms),
                "ANSWER_MS": str(answer_ms),
                "TALK": talk,
                "AUDIO_PORT": "rtpstream_audio_port" if machine else "media_port",
                "HELLO": '<exec rtp_stream="hello.alaw,-1,8"/>' if machine else "",
                "GREETING": '<exec rtp_stream="greeting.alaw,-1,8"/>' if machine else "",
            },
            [("unused",)],
            [
                *_bound(layout.trunk_host, layout.trunk_port),
                *("-l", "100000", f"{layout.host}:{layout.sip_port}"),
            ],
        )
        self._layout = layout
        if machine:
            self.keep("hello.alaw", HELLO)
            self.keep("greeting.alaw", GREETING)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        async with asyncio.timeout(START_S):
            await _answers(self._layout.trunk_host, self._layout.trunk_port)
        return self


class Softphones:
    """Operators' phones: registered on entering, they all share one UDP port and one behaviour."""

    def __init__(
        self,
        layout: Layout,
        accounts: Sequence[tuple[str, str]],
        *,
        answer_ms: int | None = 200,
        talk_ms: int | None = None,
        busy: bool = False,
        transfer_to: str = "",
        registered_s: int = 3600,
    ) -> None:
        """Describe the phones.

        Args:
            layout: where the PBX is.
            accounts: name and secret of each.
            answer_ms: ring so long, then answer; None lets it ring for ever.
            talk_ms: hang up after so much talk; None leaves that to the other side.
            busy: refuse each call with 486.
            transfer_to: after so much talk send the other party to this number instead of hanging up.
            registered_s: how long their registration holds; it is not renewed.
        """
        self._registered_s = registered_s
        self._layout = layout
        self._accounts = list(accounts)
        self._port = _free_port(layout.host)
        answer = "" if answer_ms is None else f'timeout="{answer_ms}" ontimeout="answer"'
        then = "transfer" if transfer_to else "hangup"
        talk = "" if talk_ms is None else f'timeout="{talk_ms}" ontimeout="{then}"'
        self.phones = SippProcess(
            "softphone.xml",
            {
                "ANSWER": answer,
                "TALK": talk,
                "TRANSFER_TO": transfer_to,
                "DECISION": '  <nop next="busy"/>' if busy else "",
            },
            [("unused",)],
            [*_bound(layout.host, self._port), "-l", "100000", f"{layout.host}:{layout.sip_port}"],
        )

    @property
    def events(self) -> list[SippEvent]:
        """What happened at the phones so far, in order."""
        return self.phones.events

    def of(self, kind: str, user: str | None = None) -> list[SippEvent]:
        """The events of one kind so far, of one phone or of all."""
        return self.phones.of(kind, user)

    async def wait(
        self, kind: str, number: int = 1, timeout_s: float = 15.0, user: str | None = None
    ) -> list[SippEvent]:
        """Wait until `number` events of a kind have happened; give them all."""
        return await self.phones.wait(kind, number, timeout_s, user)

    async def unregister(self) -> None:
        """Take the registrations back; the phones stay there."""
        async with register(self._layout, self._accounts, expires_s=0) as run:
            await run.done()

    async def __aenter__(self) -> Self:
        registering = register(self._layout, self._accounts, expires_s=self._registered_s, port=self._port)
        async with registering as run:
            await run.done()
            # SIPp ends before its last lines are read here.
            await run.wait("registered", len(self._accounts))
        await self.phones.__aenter__()
        try:
            async with asyncio.timeout(START_S):
                await _answers(self._layout.host, self._port)
            for name, _ in self._accounts:  # the PBX counts a phone as present once it has answered its probe
                await self.phones.wait("probed", user=name)
        except BaseException:
            await self.phones.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.phones.__aexit__(kind, error, trace)


def register(
    layout: Layout, accounts: Sequence[tuple[str, str]], *, expires_s: int = 3600, port: int | None = None
) -> SippProcess:
    """Registrations without phones behind them, or with 0 their end; events `registered` and `refused`."""
    contact = "<sip:[field0]@[local_ip]:[local_port]>"
    return SippProcess(
        "register.xml",
        {"EXPIRES": str(expires_s), "CONTACT": contact if expires_s else "*"},
        [(name, f"[authentication username={name} password={secret}]") for name, secret in accounts],
        [
            *_bound(layout.host, port or _free_port(layout.host)),
            *("-m", str(len(accounts)), "-r", "100", f"{layout.host}:{layout.sip_port}"),
        ],
    )


def fill(text: str, values: dict[str, str]) -> str:
    """Fill a scenario: `@NAME@` by its value, `@INVITE_BRANCH@` by SIPp's word for the last INVITE's branch.

    A CANCEL, and the ACK of a refusal, must carry the branch of the INVITE they belong to; SIPp counts back the
    scenario's messages to find it.
    """
    text = re.sub(r"@([A-Z_]+)@", lambda found: values.get(found.group(1), found.group(0)), text)
    messages = [(found.start(), found.group(1)) for found in re.finditer(r"<(send|recv|nop|pause)\b", text)]
    # With digest authentication there are two; what follows belongs to the second.
    invites = [
        place for place, _ in messages if text.find("INVITE sip:", place, text.find("</send>", place)) > 0
    ]
    invite = max(invites, default=0)

    def branch(found: re.Match[str]) -> str:
        back = sum(1 for place, _ in messages if invite < place < found.start())
        return f"branch-{back}"

    return re.sub("@INVITE_BRANCH@", branch, text)


def _refusal(status: int) -> str:
    log = f"refused|[field1]|[field0]|[call_id]|[$s]|[$us]|{status}"
    return (
        f'  <recv response="{status}" optional="true" next="acknowledge"><action>'
        f'<gettimeofday assign_to="s,us"/><log message="{log}"/></action></recv>'
    )


def _bound(host: str, port: int) -> list[str]:
    return ["-i", host, "-mi", host, "-p", str(port), "-mp", str(_free_port(host, *VIDEO_PORTS)), "-t", "u1"]


def _free_port(host: str, *also: int) -> int:
    """A free UDP port, those after it by `also` being free too."""
    while True:
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            probe = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            probe.bind((host, 0))
            port = int(probe.getsockname()[1])
            for further in also:
                other = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                other.bind((host, port + further))
            return port


class _Probe(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.answered = asyncio.Event()

    def datagram_received(self, _data: bytes, _addr: object) -> None:
        self.answered.set()


async def _answers(host: str, port: int) -> None:
    """Wait until SIPp on a port answers OPTIONS."""
    loop = asyncio.get_running_loop()
    transport, probe = await loop.create_datagram_endpoint(_Probe, local_addr=(host, 0))
    own = transport.get_extra_info("sockname")[1]
    try:
        turn = 0
        while not probe.answered.is_set():
            turn += 1
            request = (
                f"OPTIONS sip:probe@{host}:{port} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {host}:{own};branch=z9hG4bKp{own}{turn}\r\n"
                f"From: <sip:probe@{host}>;tag=p{turn}\r\nTo: <sip:probe@{host}>\r\nCall-ID: probe-{own}-{turn}\r\n"
                f"CSeq: 1 OPTIONS\r\nContact: <sip:probe@{host}:{own}>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
            )
            transport.sendto(request.encode(), (host, port))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PROBE_S):
                    await probe.answered.wait()
    finally:
        transport.close()
