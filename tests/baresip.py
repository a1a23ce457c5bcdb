"""A real softphone, baresip, with no screen and no sound card: driven over its control socket.

    async with Baresip(layout, "op1", secret) as phone:
        await phone.accept()
        await phone.order("hangup")

It says one letter of the A-law alphabet for ever (`VOICE`, as the phones of `tests.rtp` do), plays what it hears into
nothing and counts its packets. Every SIP message it sent and received is in `trace`.
"""

import asyncio
import json
import os
import re
import signal
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from app.sandbox.configuration import Layout
from app.sandbox.ports import free_ports
from tests.provision import baresip_command, baresip_modules

MODULES: Final = ("g711.so", "aufile.so", "aubridge.so", "stdio.so", "account.so", "menu.so", "ctrl_tcp.so")
WAIT_S: Final = 30.0
VOICE: Final = 0x31
"""What it says."""
_VOICE_LINEAR: Final = -10496  # the sample that A-law writes as VOICE (G.711)
_RATE: Final = 8000  # A-law's own: baresip does not resample a file
_SPEECH_S: Final = 60  # it falls silent where the file ends: longer than any test talks


class Baresip:
    """One softphone with one account, registered from entering the context.

    Args:
        layout: where the PBX is.
        name: the account's name.
        secret: its secret.
        answers: `manual`, or `auto` to pick up by itself whatever the call says.
        trusts: register over TLS with a PBX that has this certificate, and encrypt all sound (SRTP).
    """

    def __init__(
        self, layout: Layout, name: str, secret: str, *, answers: str = "manual", trusts: Path | None = None
    ) -> None:
        self.name = name
        self.events: list[dict[str, Any]] = []
        self.trace = ""
        self._layout = layout
        self._trusts = trusts
        port, transport = (layout.tls_port, "tls") if trusts else (layout.sip_port, "udp")
        self._account = (
            f"<sip:{name}@{layout.host}:{port};transport={transport}>;auth_user={name};auth_pass={secret}"
            f";answermode={answers};sip_autoanswer=yes;regint=60;audio_codecs=PCMA/8000/1;sipnat="
            f"{';mediaenc=srtp-mand' if trusts else ''}\n"
        )
        self._folder = tempfile.TemporaryDirectory(prefix="baresip-")
        self._changed = asyncio.Event()
        self._group = asyncio.TaskGroup()
        self._tasks: list[asyncio.Task[None]] = []

    async def order(self, command: str, params: str = "") -> str:
        """Give one of baresip's long commands, such as `hold`, `resume`, `hangup`, `transfer`; give its answer."""
        before = len(self._answers(command))
        text = json.dumps({"command": command, "params": params, "token": command})
        self._writer.write(f"{len(text)}:{text},".encode())
        await self._writer.drain()
        await self.until(lambda: len(self._answers(command)) > before)
        return str(self._answers(command)[before]["data"])

    async def accept(self) -> None:
        """Pick up once it rings."""
        await self.told("CALL_INCOMING")
        await self.order("accept")
        await self.told("CALL_ESTABLISHED")

    async def packets(self) -> tuple[int, int]:
        """The RTP packets of the talk that goes on: sent, and received from the PBX."""
        state = await self.order("audio_debug")
        sent, received = re.search(r"TX: packets=(\d+)", state), re.search(r"rcvd=(\d+)", state)
        assert sent is not None, state
        assert received is not None, state
        return int(sent[1]), int(received[1])

    async def told(self, kind: str, number: int = 1) -> list[dict[str, Any]]:
        """Wait for events such as `REGISTER_OK`, `CALL_INCOMING`, `CALL_ESTABLISHED`, `CALL_CLOSED`."""
        await self.until(lambda: len(self.of(kind)) >= number)
        return self.of(kind)

    def _answers(self, command: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event.get("token") == command]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event.get("type") == kind]

    async def invite(self, number: int = 1) -> str:
        """Wait for an INVITE; give it as it came."""

        def invites() -> list[str]:
            return [part for part in self.trace.split("\nINVITE ")[1:] if "\r\n\r\n" in part]

        await self.until(lambda: len(invites()) >= number)
        return invites()[number - 1].partition("\r\n\r\n")[0]

    async def until(self, condition: Callable[[], bool], timeout_s: float = WAIT_S) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"{self.name}: not so; {self.events[-5:]} {self.trace[-2500:]}") from None

    def kill(self) -> None:
        """End it as a power failure would."""
        self._process.send_signal(signal.SIGKILL)

    async def __aenter__(self) -> Self:
        folder = Path(self._folder.name)
        (port,) = free_ports(1)
        lines = [f"module_path {baresip_modules()}"]
        lines += [f"module{'_app' if name in MODULES[4:] else ''} {name}" for name in MODULES]
        if self._trusts is not None:
            lines += ["module srtp.so", f"sip_cafile {self._trusts}", "sip_verify_server yes"]
        # Without the interface it would ask for its sound at whatever address the machine has outside.
        lines += [f"sip_listen {self._layout.host}:0", f"net_interface {self._layout.host}"]
        lines += [f"ctrl_tcp_listen {self._layout.host}:{port}"]
        lines += [f"audio_source aufile,{folder / 'voice.wav'}", "audio_player aubridge,nowhere"]
        # It would pick up only after a beep that is not there.
        lines += ["audio_alert aubridge,nowhere", "call_max_calls 4", "sip_autoanswer_beep no"]
        (folder / "config").write_text("\n".join(lines) + "\n")
        (folder / "accounts").write_text(self._account)
        (folder / "contacts").write_text("")
        _speak_into(folder / "voice.wav")
        self._process = await asyncio.create_subprocess_exec(
            *baresip_command(), "-4", "-s", "-f", str(folder),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "HOME": str(folder), "TERM": "dumb"},
        )  # fmt: skip
        await self._group.__aenter__()
        self._tasks.append(self._group.create_task(self._read_trace()))
        try:
            await self.until(lambda: "baresip is ready" in self.trace)
            reader, self._writer = await asyncio.open_connection(self._layout.host, port)
            self._tasks.append(self._group.create_task(self._read_events(reader)))
            await self.until(lambda: "200 OK" in self.trace)  # registered, perhaps before we listened
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(None, None, None)
        if hasattr(self, "_writer"):
            self._writer.close()
        self._folder.cleanup()

    async def _read_trace(self) -> None:
        assert self._process.stdout is not None
        while data := await self._process.stdout.read(65536):
            self.trace += data.decode(errors="replace")
            self._changed.set()

    async def _read_events(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                size = int((await reader.readuntil(b":"))[:-1])
                self.events.append(json.loads((await reader.readexactly(size + 1))[:-1]))
                self._changed.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            return


def _speak_into(path: Path) -> None:
    with path.open("wb") as file, wave.open(file) as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes(_VOICE_LINEAR.to_bytes(2, "little", signed=True) * (_RATE * _SPEECH_S))
