"""The whole service on a real Asterisk, as its users have it: settings in, HTTP out."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import httpx
from pydantic import SecretStr

from app.floor.facts import CallEnded, StepResult
from app.pbx.realtime.ice import Ice
from app.sandbox.sandbox import Sandbox
from app.service.settings import (
    AdminSettings,
    DatabaseSettings,
    FloorSettings,
    HttpSettings,
    Settings,
    WebhookSettings,
)
from app.service.wiring import House, open_house
from app.system import clock
from tests.pbx.settings import settings_of
from tests.records.empty import put_empty_at
from tests.stillness import watched_for_stillness


class Outcomes:
    """Every outcome of the floor, in order."""

    def __init__(self) -> None:
        self.all: list[StepResult] = []
        self.ended = 0
        self._told = asyncio.Event()

    def note(self, outcome: StepResult) -> None:
        self.all.append(outcome)
        self.ended += sum(isinstance(fact, CallEnded) for fact in outcome.facts)
        self._told.set()

    async def until_ended(self, count: int, timeout_s: float = 30.0) -> None:
        """Wait until so many calls have ended."""
        async with asyncio.timeout(timeout_s):
            while self.ended < count:
                self._told.clear()
                await self._told.wait()

    async def until_next(self, timeout_s: float) -> None:
        """Wait for the next outcome, or so long."""
        self._told.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._told.wait()

    async def until(self, check: Callable[[], bool], what: str, timeout_s: float = 20.0) -> None:
        """Wait until the floor is so, outcome after outcome."""
        deadline_s = clock.monotonic() + timeout_s
        while not check():
            assert clock.monotonic() < deadline_s, what
            await self.until_next(0.1)


class Service:
    """A running house, and an administrator's hands on its interface."""

    def __init__(self, house: House, http: httpx.AsyncClient, outcomes: Outcomes) -> None:
        self.house = house
        self.http = http
        self.outcomes = outcomes

    async def ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Ask for something that must succeed, whatever version is there; give the answer."""
        whatever = {} if method in {"GET", "POST"} else {"If-Match": "*"}
        answer = await self.http.request(method, path, json=body, headers=whatever | (headers or {}))
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def add_operators(self, count: int, queue: str, prefix: str = "operator") -> list[dict[str, Any]]:
        """Make operators in a queue; give them with their SIP accounts and their passwords."""
        made = []
        for place in range(1, count + 1):
            user = {
                "username": f"{prefix}{place}",
                "password": secrets.token_urlsafe(12),
                "display_name": f"Operaator {place}",
            }
            body = {"user": user, "memberships": [{"queue": queue}]}
            made.append(await self.ask("POST", "/operators", body) | {"login": user})
        return made

    async def all_calls(self) -> Sequence[dict[str, Any]]:
        """Every record, over all pages."""
        await self.house.journal.flush()
        calls: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = await self.ask("GET", f"/calls?limit=100{cursor}")
            calls.extend(page["items"])
            if page["next"] is None:
                return calls
            cursor = f"&cursor={page['next']}"

    async def records_of(self, calls: int, timeout_s: float = 40.0) -> list[dict[str, Any]]:
        """Wait until so many calls have a record that is closed and complete; give all there are."""
        async with asyncio.timeout(timeout_s):
            while True:
                found = [call for call in await self.all_calls() if call["ended_at"]]
                if sum(call["source"] != "unheard" for call in found) >= calls:
                    return found
                await self.outcomes.until_next(0.2)

    async def reconciler_is_done(self, timeout_s: float = 40.0) -> None:
        """Wait until nothing is left to complete from the PBX's own log."""
        reconciler = self.house.reconciler
        assert reconciler is not None
        async with asyncio.timeout(timeout_s):
            while reconciler.pending:
                await self.outcomes.until_next(0.2)


def seconds(iso: str) -> float:
    """Seconds since 1970 of a point in time as the interface gives it."""
    return datetime.fromisoformat(iso).timestamp()


@asynccontextmanager
async def running_service(
    sandbox: Sandbox,
    database_url: str,
    password: str = secrets.token_urlsafe(12),
    *,
    sip_transport: Literal["udp", "tcp", "tls"] = "udp",
    webhooks_to: Sequence[str] = (),
    websocket_url: str = "",
    ice: Ice | None = None,
) -> AsyncIterator[Service]:
    """A service on this PBX and database, logged in to."""
    ice = ice or Ice()
    settings = Settings(
        database=DatabaseSettings(url=SecretStr(database_url)),
        pbx=settings_of(
            sandbox,
            sip_transport=sip_transport,
            websocket_url=websocket_url or sandbox.layout.websocket_url,
        ).model_copy(update={"ice_urls": list(ice.urls), "turn_secret": SecretStr(ice.secret)}),
        floor=FloorSettings(silent_s=0),  # SIPp's callers send no sound
        http=HttpSettings(port=0),
        admin=AdminSettings(password=SecretStr(password)),
        webhooks=WebhookSettings(networks=list(webhooks_to)),
    )
    await put_empty_at(database_url)
    outcomes = Outcomes()
    async with (
        watched_for_stillness(sandbox),
        open_house(settings, [outcomes.note]) as house,
        httpx.AsyncClient(
            base_url=f"{house.url}/api/v1", headers={"Origin": house.url}, timeout=30.0
        ) as http,
    ):
        service = Service(house, http, outcomes)
        await service.ask("POST", "/session", {"username": "admin", "password": password})
        yield service


def sqlite_url(folder: Path) -> str:
    """A database of its own."""
    return f"sqlite+aiosqlite:///{folder / 'keskus.sqlite'}"
