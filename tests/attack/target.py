"""The service under attack: `keskus serve` in a process of its own, on loopback, and what the attack did to it."""

import asyncio
import contextlib
import os
import secrets
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import httpx

from app.sandbox.ports import free_ports
from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests import forkserver
from tests.attack.figures import Attack, Figures, Prober, table
from tests.pbx.settings import variables_of
from tests.records.empty import put_empty_at
from tests.stillness import ended

FULL: Final = os.environ.get("ATTACK") == "full"
"""Whether all of it runs, as in `make attack`, or the short form of `make test`."""
ROLES: Final = ("operator", "supervisor", "administrator")
PASSWORD: Final = "kevadine metsarada"
READY_S: Final = 110.0
STOP_S: Final = 15.0
LOOK_S: Final = 0.05

T = TypeVar("T")


def scaled(short: int, full: int) -> int:
    """How many: `short` in `make test`, `full` in `make attack`."""
    return full if FULL else short


class Target:
    """A running service with a user and a token for each role.

    `url` and `port` are where it listens; `folder` holds its database and its log.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], descriptors: int | None) -> None:
        self.folder = folder
        self.log_file = folder / "service.log"
        self._database = folder / "keskus.sqlite"
        self.port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}"
        self.tokens: dict[str, str] = {}
        """By role."""
        self.users: dict[str, int] = {}
        """By role, which is also the username; the password is `PASSWORD`."""
        self.figures: list[Figures] = []
        """Of each attack so far."""
        self._admin_password = secrets.token_urlsafe(12)
        self._descriptors = descriptors
        self._has_pbx = "KESKUS__PBX__SECRET" in environment
        self._environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "KESKUS__DATABASE__URL": f"sqlite+aiosqlite:///{self._database}",
            "KESKUS__HTTP__PORT": str(self.port),
            "KESKUS__ADMIN__PASSWORD": self._admin_password,
            "KESKUS__LOG__JSON_LINES": "true",
            **environment,
        }
        self._process: forkserver.Program | None = None

    @property
    def pid(self) -> int:
        """The service's process."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it is alive."""
        return self._process is not None and self._process.returncode is None

    def log(self) -> str:
        """All that it logged so far."""
        return self.log_file.read_text(errors="replace")

    def client(self, role: str = "") -> httpx.AsyncClient:
        """A program with a token of this role; without one, a stranger. Close it."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30.0)

    async def ask(self, method: str, path: str, body: Any = None, role: str = "administrator") -> Any:
        """Ask under `/api/v1` for something that must succeed; give the answer."""
        whatever = {} if method in {"GET", "POST"} else {"If-Match": "*"}
        async with self.client(role) as http:
            answer = await http.request(method, f"/api/v1{path}", json=body, headers=whatever)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def until(
        self, ask: Callable[[], Awaitable[T | None]], what: str = "", within_s: float = 20.0
    ) -> T:
        """Ask until there is an answer: for what another process does, and tells nobody of.

        Args:
            ask: gives the answer, or None while it is not so.
            what: is waited for, for people.
            within_s: a deadline, not a time to wait.
        """
        try:
            async with asyncio.timeout(within_s):
                while True:
                    answer = await ask()
                    if answer is not None:
                        return answer
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            raise AssertionError(
                f"{what or ask}: not so within {within_s:g} s; {self.log()[-1500:]}"
            ) from None

    @asynccontextmanager
    async def attack(self, name: str) -> AsyncIterator[Attack]:
        """Measure what happens within, beside an honest client; the figures go into the table."""
        prober = Prober(self.port, self.tokens["administrator"], self.pid)
        attack = Attack(name)
        before = await asyncio.to_thread(prober.begin)
        try:
            yield attack
        finally:
            figures = await asyncio.to_thread(prober.end, attack, before)
            attack.figures = figures
            self.figures.append(figures)
            table.append(figures)
        assert self.running, f"{name} ended the service; {self.log()[-1500:]}"

    async def start(self) -> None:
        """Start the service, wait until it answers, make the users."""
        if _loaded and not self.tokens and not self._has_pbx:
            await asyncio.to_thread(self._load, _loaded[0])
        await put_empty_at(self._environment["KESKUS__DATABASE__URL"])

        self._process = await forkserver.start(
            "serve",
            environment=self._environment,
            folder=self.folder,
            log=self.log_file,
            descriptors=self._descriptors,
        )
        async with self.client() as http:

            async def answers() -> bool | None:
                assert self.running, self.log()[-1500:]
                with contextlib.suppress(httpx.TransportError):
                    # A subject's route: those come last, and an attack is not to be measured beside their loading.
                    return (await http.get("/api/v1/tags")).status_code == 401 or None
                return None

            await self.until(answers, "the service answers", READY_S)
        if not self.tokens:
            await self._make_users()
            if not self._has_pbx:
                _loaded.append(await asyncio.to_thread(self._as_it_is))

    async def stop(self) -> None:
        """End it, whatever state it is in."""
        if not self.running:
            return
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            await ended(self._process, STOP_S)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def _as_it_is(self) -> "_Loaded":
        file = self.folder / "loaded.sqlite"
        with closing(sqlite3.connect(self._database)) as running, closing(sqlite3.connect(file)) as copy:
            running.backup(copy)
        return _Loaded(file.read_bytes(), self.tokens, self.users)

    def _load(self, loaded: "_Loaded") -> None:
        self._database.write_bytes(loaded.database)
        self.tokens, self.users = dict(loaded.tokens), dict(loaded.users)

    async def _make_users(self) -> None:
        async with httpx.AsyncClient(base_url=f"{self.url}/api/v1", timeout=30.0) as http:
            http.headers["Origin"] = self.url

            async def ask(path: str, body: dict[str, Any]) -> dict[str, Any]:
                answer = await http.post(path, json=body)
                assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
                made: dict[str, Any] = answer.json()
                return made

            await self._log_in(http, "admin", self._admin_password)
            for role in ROLES:
                user = {"username": role, "password": PASSWORD, "role": role, "display_name": role.title()}
                self.users[role] = (await ask("/users", user))["id"]
            for role in ROLES:
                http.cookies.clear()
                await self._log_in(http, role, PASSWORD)
                self.tokens[role] = (await ask("/tokens", {"name": "attack"}))["token"]

    async def _log_in(self, http: httpx.AsyncClient, username: str, password: str) -> None:
        """Log in; a service that starves for a processor while it starts may ask to come again (503)."""

        async def logged_in() -> bool | None:
            answer = await http.post("/session", json={"username": username, "password": password})
            assert answer.is_success or answer.status_code == 503, answer.text
            return answer.is_success or None

        await self.until(logged_in, f"{username} is logged in", READY_S)


class _Loaded(NamedTuple):
    """What a service without a PBX has at the start of an attack: passwords are hashed for the first one alone.

    With a PBX it would look for the calls that it missed since.
    """

    database: bytes
    tokens: dict[str, str]
    users: dict[str, int]


_loaded: list[_Loaded] = []


@asynccontextmanager
async def open_target(
    folder: Path,
    sandbox: Sandbox | None = None,
    environment: Mapping[str, str] | None = None,
    descriptors: int | None = None,
) -> AsyncIterator[Target]:
    """Run a target.

    Args:
        folder: its own.
        sandbox: its PBX; None: a port where nobody listens.
        environment: settings besides.
        descriptors: how many files and sockets it may have open.
    """
    pbx = variables_of(sandbox) if sandbox else {"KESKUS__PBX__PORT": str(free_ports(1)[0])}
    target = Target(folder, {**pbx, **(environment or {})}, descriptors)
    try:
        await target.start()
        yield target
    finally:
        await target.stop()


def seconds() -> float:
    """Now, for measuring."""
    return clock.monotonic()
