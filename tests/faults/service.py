"""The service as it is run: `keskus serve` in a process of its own, set up by the environment, read over HTTP."""

import asyncio
import contextlib
import secrets
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from app.sandbox.ports import free_ports
from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests import forkserver
from tests.pbx.settings import variables_of
from tests.records.empty import put_empty_at
from tests.stillness import ended

READY_S = 110.0
LOADED_S = 1.5
"""The program alone loads within this on a machine for which the promises of times are given."""
POLL_S = 0.05
ANSWER_S = 20.0
PROGRAM: Final = Path(sys.executable).parent / "keskus"


class ServiceFailed(AssertionError):  # noqa: N818 - an assertion about the service
    """The service did not do what it must."""


async def slowness() -> float:
    """How many times slower than `LOADED_S` this machine loads the program, which does nothing then; at least 1."""
    began_s = clock.monotonic()
    program = await asyncio.create_subprocess_exec(PROGRAM, "--help", stdout=asyncio.subprocess.DEVNULL)
    await program.wait()
    return max(1.0, (clock.monotonic() - began_s) / LOADED_S)


class Service:
    """One service: started, killed, stopped, started again, always at the same address."""

    def __init__(
        self,
        folder: Path,
        sandbox: Sandbox,
        ami_port: int,
        database_url: str,
        environment: Mapping[str, str],
        program: Path | None = None,
    ) -> None:
        """Describe it; nothing runs yet.

        Args:
            folder: where its log and its spool go.
            sandbox: its PBX.
            ami_port: where it finds the PBX's AMI: a proxy's.
            database_url: its records.
            environment: variables besides its settings, over those of this process.
            program: is started, as promises of a start's time need; None: a process that has loaded it is forked.
        """
        self.log_file = folder / "service.log"
        self.database_url = database_url
        self._password = secrets.token_urlsafe(12)
        self._port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self._port}"
        self.environment = {
            **environment,
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "KESKUS__DATABASE__URL": database_url,
            "KESKUS__DATABASE__SPOOL": str(folder / "keskus.spool"),
            **variables_of(sandbox, ami_port=ami_port),
            "KESKUS__FLOOR__SILENT_S": "0",  # SIPp's callers send no sound
            "KESKUS__HTTP__PORT": str(self._port),
            "KESKUS__ADMIN__PASSWORD": self._password,
            "KESKUS__LOG__JSON_LINES": "true",
        }
        self._program = program
        self._process: asyncio.subprocess.Process | forkserver.Program | None = None
        self._http = httpx.AsyncClient(
            base_url=f"{self.url}/api/v1", headers={"Origin": self.url}, timeout=ANSWER_S
        )

    @property
    def pid(self) -> int:
        """The running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> float:
        """Start the process; give the moment, in seconds since 1970."""
        assert not self.running
        at_s = clock.utc_now().timestamp()
        if self._program is None:
            await put_empty_at(self.database_url)
            self._process = await forkserver.start("serve", environment=self.environment, log=self.log_file)
            return at_s
        with self.log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                str(self._program), "serve",
                env=self.environment, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        return at_s

    async def kill(self) -> None:
        """End it as a power failure would."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def terminate(self, timeout_s: float = 15.0) -> float:
        """Ask it to stop; give how long it took, in seconds. Its waits for a processor do not count as `timeout_s`."""
        assert self._process is not None
        began_s = clock.monotonic()
        self._process.send_signal(signal.SIGTERM)
        try:
            await ended(self._process, timeout_s)
        except TimeoutError:
            await self.kill()
            raise ServiceFailed(f"it did not stop within {timeout_s:g} s; {self._last_words()}") from None
        return clock.monotonic() - began_s

    async def ready(self, timeout_s: float = READY_S) -> None:
        """Wait until /readyz says yes."""
        answer = "nothing"
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    with contextlib.suppress(httpx.TransportError):
                        got = await self._http.get(f"{self.url}/readyz")
                        answer = got.text
                        if got.status_code == 200:
                            return
                    if not self.running:
                        raise ServiceFailed(f"it ended with {self._code()}; {self._last_words()}")
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise ServiceFailed(
                f"not ready in {timeout_s:g} s, it said {answer}; {self._last_words()}"
            ) from None

    async def log_in(self) -> None:
        """Open an administrator's session, which outlives the process."""
        body = {"username": "admin", "password": self._password}
        answer = await self._http.post("/session", json=body)
        assert answer.is_success, answer.text

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask for something that must succeed, whatever version is there; give the answer."""
        whatever = {} if method in {"GET", "POST"} else {"If-Match": "*"}
        answer = await self._http.request(method, path, json=body, headers=whatever)
        if answer.status_code == 401:  # a clock was set, and the session ran out
            await self.log_in()
            answer = await self._http.request(method, path, json=body, headers=whatever)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def floor(self) -> dict[str, Any] | None:
        """The floor now; None while the service does not answer."""
        try:
            found = await self.ask("GET", "/floor")
        except (httpx.TransportError, AssertionError):
            return None
        assert isinstance(found, dict)
        return found

    async def readiness(self) -> dict[str, Any] | None:
        """What /readyz says; None while the service does not answer."""
        try:
            found = (await self._http.get(f"{self.url}/readyz")).json()
        except httpx.TransportError:
            return None
        assert isinstance(found, dict)
        return found

    def cookies(self) -> str:
        """The session's cookie, as a header's value."""
        return "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())

    async def close(self) -> None:
        """End whatever runs."""
        if self.running:
            await self.kill()
        await self._http.aclose()

    def _code(self) -> int | None:
        return None if self._process is None else self._process.returncode

    def _last_words(self) -> str:
        return self.log_file.read_text(errors="replace")[-1500:] if self.log_file.exists() else ""
