"""Sets the demo's call centre up, over the same HTTP interface that any program uses."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx

from app.domain.ids import OperatorId
from app.system.clock import monotonic

QUEUES = {"muuk": "Müük", "tugi": "Klienditugi"}
NUMBERS = {"3726000100": "muuk", "3726000200": "tugi"}
"""The queue by number. +372 600 0100 and 600 0200 belong to nobody."""
CAMPAIGN_QUEUE = "kysitlus"
CAMPAIGN_TITLE = "Küsitlus"
LEADS = [f"+3725550{place}" for place in range(9001, 9201)]
"""The numbers that the campaign calls; random callers' numbers reach them only after hours."""
ROBOTS = ("Mari Maasikas", "Jaan Tamm", "Olga Petrova", "Peeter Kuusk")
YOU = "Sina Ise"
PEOPLE = (
    ("Kask", "Kalle", ""),
    ("Mägi", "Õie", ""),
    ("Ivanova", "Svetlana", "Petrovna"),
    ("Pärn", "Ülle", ""),
    ("Sokolov", "Dmitri", "Ivanovitš"),
    ("Lepp", "Tiit", ""),
)
COMPANIES = ("Näidis Leib OÜ", "Proovi Veod AS")


PATIENCE_S: Final = 120.0
RETRY_S: Final = 2.0
"""Seconds until something is asked for again, where the service does not say when."""
PRODUCTS = (
    ("NET-300", "Internet 300 Mbit/s", "24.19"),
    ("NET-1000", "Internet 1 Gbit/s", "32.25"),
    ("RUUTER-6", "WiFi-ruuter", "72.58"),
    ("PAIGALDUS", "Paigaldus kodus", "40.32"),
)
SURVEY = {
    "title": "Soovitus",
    "languages": ["et"],
    "questions": [
        {"code": "nps", "kind": "nps", "texts": {"et": "Kas soovitaksite meid?"}, "required": True}
    ],
}


@dataclass(frozen=True, slots=True)
class Wares:
    """What operators sell and ask, by its ids."""

    products: tuple[int, ...] = ()
    survey: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """An operator of the demo."""

    id: OperatorId
    name: str
    username: str
    password: str
    endpoint: str
    secret: str


class NotAnswered(Exception):  # noqa: N818 - named for what is so
    """The service has not done what the demo asked for; the message says what, and why."""


class Centre:
    """The running service, seen from outside.

    On a machine that is busy with something else the service may be away for a moment (503): what was asked for is
    asked for again, when the service says so.

    Args:
        url: the service's address.
        say: takes a line for people, when something has to be asked for again.
        patience_s: seconds for which it is asked for.
    """

    def __init__(
        self, url: str, say: Callable[[str], None] = lambda _: None, *, patience_s: float = PATIENCE_S
    ) -> None:
        self._http = httpx.AsyncClient(base_url=f"{url}/api/v1", headers={"Origin": url}, timeout=20.0)
        self._say, self._patience_s = say, patience_s

    async def close(self) -> None:
        """End the connections."""
        await self._http.aclose()

    async def log_in(self, username: str, password: str) -> None:
        """Open a session; the requests after it use it."""
        await self.ask("POST", "/session", {"username": username, "password": password})

    async def load(self) -> list[Person]:
        """Make queues, numbers, operators and contacts; give the operators, the one without a robot last."""
        for id_, title in QUEUES.items():
            await self.ask("POST", "/queues", {"id": id_, "title": title, "ring_s": 10, "wrap_up_s": 2})
        await self.ask(
            "POST", "/queues", {"id": CAMPAIGN_QUEUE, "title": CAMPAIGN_TITLE, "ring_s": 10, "wrap_up_s": 2}
        )
        for number, queue in NUMBERS.items():
            await self.ask("PUT", f"/routes/{number}", {"kind": "queue", "target": queue})
        await self._make_contacts()
        return [await self._make_operator(name) for name in (*ROBOTS, YOU)]

    async def stock(self) -> Wares:
        """Make products that are sold, and the survey that the campaign asks."""
        made = [
            await self.ask("POST", "/products", {"code": code, "name_et": name, "net_price": price})
            for code, name, price in PRODUCTS
        ]
        survey = await self.ask("POST", "/surveys", SURVEY)
        state = {"state": "published"}
        await self.ask("PUT", f"/surveys/{survey['id']}/state", state, version=survey["version"])
        return Wares(products=tuple(one["id"] for one in made), survey=survey["id"])

    async def written(self, wares: Wares) -> dict[str, int]:
        """How much operators have written down, by what it is."""
        orders = await self.ask("GET", "/orders/counts")
        complaints = await self.ask("GET", "/complaints/counts")
        (results,) = await self.ask("GET", f"/surveys/{wares.survey}/results")
        return {
            "orders placed": sum(one["orders"] for one in orders if one["state"] == "placed"),
            "complaints": sum(complaints["states"].values()),
            "surveys answered": results["asked"]["finished"],
        }

    async def make_available(self, operator: OperatorId) -> None:
        """Let an operator take calls."""
        await self.ask("PUT", f"/operators/{operator}/state", {"presence": "available"})

    async def begin_campaign(self) -> None:
        """Start a campaign that calls a list of customers beside the inbound calls."""
        campaign = {
            "title": CAMPAIGN_TITLE,
            "purpose": "survey",
            "mode": "progressive",
            "queue": CAMPAIGN_QUEUE,
            "rule_set": "own",
            "hours": [{"days": [1, 2, 3, 4, 5, 6, 7], "from": "00:00", "to": "24:00"}],
            "holidays": True,
            "ring_s": 15,
            "disposition_required": False,
            "callers_weight": 0.5,
        }
        made = await self.ask("POST", "/campaigns", campaign)
        leads = [{"company_name": f"Näidis {number[-3:]} OÜ", "numbers": [number]} for number in LEADS]
        await self.ask("POST", f"/campaigns/{made['id']}/leads", {"leads": leads})
        state = {"state": "running", "reason": "the demo"}
        await self.ask("PUT", f"/campaigns/{made['id']}/state", state)

    async def _make_operator(self, name: str) -> Person:
        password = secrets.token_urlsafe(12)
        username = name.lower().replace(" ", ".")
        made = await self.ask(
            "POST",
            "/operators",
            {
                "user": {"username": username, "password": password, "display_name": name},
                "memberships": [{"queue": queue} for queue in (*QUEUES, CAMPAIGN_QUEUE)],
                "browser": name == YOU,
            },
        )
        sip = made["sip"]
        return Person(
            id=OperatorId(made["id"]),
            name=name,
            username=username,
            password=password,
            endpoint=sip["username"],
            secret=sip["secret"],
        )

    async def _make_contacts(self) -> None:
        """Make contacts for some of the first callers; the other callers are unknown."""
        number = 1
        for surname, given_name, patronymic in PEOPLE:
            person = {"surname": surname, "given_name": given_name, "patronymic": patronymic}
            await self.ask("POST", "/contacts", person | {"phones": [{"number": f"+3725550{number:04}"}]})
            number += 2
        for company in COMPANIES:
            phones = [{"number": f"+3725550{number:04}"}]
            await self.ask(
                "POST", "/contacts", {"kind": "company", "company_name": company, "phones": phones}
            )
            number += 2

    async def ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, version: int | None = None
    ) -> Any:
        """Ask for something; give the answer.

        Args:
            method: of HTTP.
            path: within `/api/v1`.
            body: goes along as JSON.
            version: of the row that is changed; None: whichever is there.

        Raises:
            httpx.HTTPStatusError: it was refused.
            NotAnswered: the service stayed away for too long.
        """
        headers = {}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        elif method in {"PUT", "PATCH", "DELETE"}:
            headers["If-Match"] = "*"
        if method == "POST":
            headers["Idempotency-Key"] = secrets.token_urlsafe(12)  # asked again, it is done once
        begun = monotonic()
        while True:
            try:
                answer = await self._http.request(method, path, json=body, headers=headers)
            except httpx.TransportError as error:
                why, rest_s = type(error).__name__, RETRY_S
            else:
                if not _asks_again(answer):
                    answer.raise_for_status()
                    return answer.json() if answer.content else None
                why = str(answer.json()["detail"])
                rest_s = float(answer.headers.get("Retry-After", RETRY_S))
            if monotonic() - begun + rest_s > self._patience_s:
                raise NotAnswered(f"{method} {path}: not done within {self._patience_s:.0f} s, because {why}")
            self._say(f"The service is busy ({method} {path}: {why}); asking again in {rest_s:.0f} s.")
            await asyncio.sleep(rest_s)


def _asks_again(answer: httpx.Response) -> bool:
    """Whether the service could not do it now: it is away, or the first request is still at work."""
    if answer.status_code == 409:
        return bool(answer.json()["code"] == "idempotency.key_busy")
    return answer.status_code in {429, 503}
