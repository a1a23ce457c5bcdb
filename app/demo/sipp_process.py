"""One run of SIPp; reports what happens to each call as events.

SIPp writes its log into a named pipe, so a caller that waits for an event never has to poll. Times are SIPp's wall
clock, in seconds.
"""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from app.demo.sip_probe import answers
from app.demo.tools import sipp_command
from app.system.processes import send_signal

START_S: Final = 60.0
SCENARIOS: Final = Path(__file__).parent / "scenarios"


@dataclass(frozen=True)
class SippEvent:
    """One line of a scenario's log.

    Kinds of callers: dialled, answered, ended, refused, gave up. Of registrations: registered, refused. Of phones:
    probed, ringing, answered, cancelled, ended, refused, transferred, and pressed for called customers.
    """

    kind: str
    user: str  # the caller's number, or the softphone's name
    peer: str  # the number dialled, or the number that the phone was shown
    call_id: str  # SIP Call-ID of this leg
    at_s: float  # seconds since 1970
    detail: str  # who ended it (local, remote), the SIP status that refused, or on ringing the X-Keskus-Call header


class SippFailed(AssertionError):  # noqa: N818 - an assertion about the far end
    """A call did not follow its scenario, or an expected event did not come."""


@dataclass
class _Watch:
    events: list[SippEvent] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)


class SippProcess:
    """One SIPp run of one scenario."""

    def __init__(
        self,
        scenario: str,
        values: dict[str, str],
        rows: Iterable[Sequence[str]],
        options: Sequence[str],
        listens_at: tuple[str, int] | None = None,
    ) -> None:
        """Describe the run; it lasts while the context lasts.

        Args:
            scenario: name of the scenario's file.
            values: the values of its `@NAME@` placeholders.
            rows: the fields of each call.
            options: further options of SIPp.
            listens_at: host and UDP port at which it is called; entering the context waits until it listens there.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="sipp-")
        self._values = values
        self._rows = list(rows)
        self._options = list(options)
        self._scenario = scenario
        self._watch = _Watch()
        self._listens_at = listens_at
        self._process: asyncio.subprocess.Process | None = None
        self.listener: Callable[[SippEvent], None] | None = None
        """Called with each event as it arrives."""

    def keep(self, name: str, content: bytes) -> None:
        """Put a file beside the scenario."""
        (Path(self._folder.name) / name).write_bytes(content)

    @property
    def events(self) -> list[SippEvent]:
        """The events so far, in order."""
        return self._watch.events

    def of(self, kind: str, user: str | None = None) -> list[SippEvent]:
        """The events of one kind so far, of one user or of all."""
        return [event for event in self.events if event.kind == kind and user in {None, event.user}]

    def count(self) -> Counter[str]:
        """How many events of each kind so far."""
        return Counter(event.kind for event in self.events)

    async def wait(
        self, kind: str, number: int = 1, timeout_s: float = 30.0, user: str | None = None
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
        """Make no more calls, and wait until the present calls have ended, in any way."""
        assert self._process is not None
        send_signal(self._process, signal.SIGUSR1)
        try:
            async with asyncio.timeout(timeout_s):
                await self._process.wait()
        except TimeoutError:
            raise SippFailed(f"calls go on after {timeout_s:g} s; {self.errors()}") from None

    async def __aenter__(self) -> Self:
        folder = Path(self._folder.name)
        async with AsyncExitStack() as left:
            left.callback(self._folder.cleanup)
            text = fill((SCENARIOS / self._scenario).read_text(), self._values)
            (folder / "scenario.xml").write_text(text)
            (folder / "users.csv").write_text(
                "\n".join(["SEQUENTIAL", *(";".join(row) for row in self._rows)]) + "\n"
            )
            await self._follow(folder / "log", left)
            self._process = await asyncio.create_subprocess_exec(
                *sipp_command(), "-sf", "scenario.xml", "-inf", "users.csv", "-nostdin", "-skip_rlimit",
                "-trace_logs", "-log_file", "log", "-trace_err", "-error_file", "errors",
                "-trace_msg", "-message_file", "messages", *self._options,
                cwd=folder, env={**os.environ, "TERM": "dumb"}, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            left.push_async_callback(self._kill)
            if self._listens_at is not None:
                await self._listens(*self._listens_at)
            self._left = left.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._left.aclose()

    async def _listens(self, host: str, port: int) -> None:
        """Wait until SIPp answers at its port.

        Raises:
            SippFailed: SIPp ended, or did not answer for `START_S`.
        """
        assert self._process is not None
        process, listens = self._process, False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(START_S):
                listens = await answers(host, port, lambda: process.returncode is None)
        if not listens:
            raise SippFailed(f"SIPp does not listen at {host}:{port}; {self.errors()}")

    async def _follow(self, log: Path, left: AsyncExitStack) -> None:
        """Read SIPp's log as it is written, until `left` is closed."""
        os.mkfifo(log)
        reader = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
        left.callback(os.close, os.open(log, os.O_WRONLY))  # else the pipe would end before SIPp opens it
        stream = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(reader, "rb", buffering=0)
        )
        left.callback(transport.close)
        group = asyncio.TaskGroup()
        await group.__aenter__()
        left.push_async_callback(group.__aexit__, None, None, None)
        left.callback(group.create_task(self._read(stream)).cancel)

    async def _kill(self) -> None:
        assert self._process is not None
        send_signal(self._process, signal.SIGKILL)
        await self._process.wait()

    @property
    def messages(self) -> str:
        """Every SIP message sent and received so far."""
        path = Path(self._folder.name) / "messages"
        return path.read_text(errors="replace") if path.exists() else ""

    def errors(self) -> str:
        """The end of SIPp's error log, at most 1500 characters."""
        path = Path(self._folder.name) / "errors"
        return path.read_text(errors="replace").strip()[-1500:] if path.exists() else ""

    async def _read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            parts = line.decode(errors="replace").rstrip("\n").split("|", 6)
            if len(parts) == 7:
                kind, user, peer, call_id, seconds, micros, detail = parts
                at_s = float(seconds) + float(micros) / 1e6
                event = SippEvent(
                    kind=kind, user=user, peer=peer, call_id=call_id, at_s=at_s, detail=detail.strip()
                )
                if self.listener is not None:
                    self.listener(event)
                async with self._watch.changed:
                    self._watch.events.append(event)
                    self._watch.changed.notify_all()


def fill(text: str, values: dict[str, str]) -> str:
    """Fill a scenario: `@NAME@` by its value, `@INVITE_BRANCH@` by SIPp's keyword for the last INVITE's branch.

    A CANCEL, and the ACK of a refusal, must carry the branch of their INVITE; SIPp's keyword `branch-N` counts the
    scenario's messages back to it.
    """
    text = re.sub(r"@([A-Z_]+)@", lambda found: values.get(found.group(1), found.group(0)), text)
    messages = [(found.start(), found.group(1)) for found in re.finditer(r"<(send|recv|nop|pause)\b", text)]
    # With digest authentication there are two INVITEs; the later messages belong to the second.
    invites = [
        place for place, _ in messages if text.find("INVITE sip:", place, text.find("</send>", place)) > 0
    ]
    invite = max(invites, default=0)

    def branch(found: re.Match[str]) -> str:
        back = sum(1 for place, _ in messages if invite < place < found.start())
        return f"branch-{back}"

    return re.sub("@INVITE_BRANCH@", branch, text)
