"""What the demo's robot operators write down while they talk: orders, complaints and answers to a survey.

Each writes as themselves, over HTTP and in the call, as any desktop does.
"""

import asyncio
import random
from collections.abc import Callable
from itertools import cycle
from typing import Any, Final

import httpx

from app.demo.seed import Centre, NotAnswered, Person, Wares
from app.domain.ids import CallId, OperatorId
from app.floor.facts import CallAnswered, CallArrived, CallEnded, StepResult

_OF_CALLERS: Final = ("order", "complaint", "", "order", "")
"""What the calls that come in are about, one after the other; empty: nothing is written down."""
PATIENCE_S: Final = 30.0
"""Seconds for which an operator tries to write something down."""
_COMPLAINTS: Final = ("Arve on vale", "Pakk hilines", "Internet katkeb")


class Writers:
    """Robot operators at their desks. Give `note` to the runner as a sink, and run `run` in a task group.

    Args:
        say: takes a call and a line about it.
    """

    def __init__(self, say: Callable[[CallId, str], None]) -> None:
        self._say = say
        self._desks: dict[OperatorId, Centre] = {}
        self._wares = Wares()
        self._called: set[CallId] = set()
        """The campaign's calls on the floor."""
        self._answered: asyncio.Queue[tuple[CallId, OperatorId, str]] = asyncio.Queue()
        self._next = cycle(_OF_CALLERS)
        self._chance = random.Random()  # noqa: S311 - not a secret

    async def log_in(self, url: str, people: list[Person], wares: Wares) -> None:
        """Let operators of the service at this address write from now on."""
        self._wares = wares
        for person in people:
            desk = Centre(url, patience_s=PATIENCE_S)
            await desk.log_in(person.username, person.password)
            self._desks[person.id] = desk

    async def close(self) -> None:
        """Leave the desks."""
        for desk in self._desks.values():
            await desk.close()

    def note(self, outcome: StepResult) -> None:
        """Take note of who talks with whom."""
        for fact in outcome.facts:
            match fact:
                case CallArrived(campaign=campaign) if campaign is not None:
                    self._called.add(fact.call)
                case CallEnded():
                    self._called.discard(fact.call)
                case CallAnswered(operator=operator) if operator is not None and operator in self._desks:
                    what = "survey" if fact.call in self._called else next(self._next)
                    if what:
                        self._answered.put_nowait((fact.call, operator, what))

    async def run(self) -> None:
        """Write down what there is, until cancelled."""
        while True:
            call, operator, what = await self._answered.get()
            try:
                self._say(call, await self._write(self._desks[operator], call, what))
            except httpx.HTTPStatusError as error:
                why = error.response.json()["detail"]  # such as that the call is over
                self._say(call, f"no {what} is written down: {why}")
            except NotAnswered as error:
                self._say(call, f"no {what} is written down: {error}")
            finally:
                self._answered.task_done()

    async def done(self) -> None:
        """Wait until all is written down."""
        await self._answered.join()

    async def _write(self, desk: Centre, call: CallId, what: str) -> str:
        match what:
            case "order":
                return await self._order(desk, call)
            case "complaint":
                said = {"subject": self._chance.choice(_COMPLAINTS), "call": call}
                made = await desk.ask("POST", "/complaints", said)
                return f"complains: {made['subject']} (complaint {made['id']})"
            case _:
                return await self._survey(desk, call)

    async def _order(self, desk: Centre, call: CallId) -> str:
        product = self._chance.choice(self._wares.products)
        line = {"product": product, "quantity": str(self._chance.randint(1, 3))}
        contact = (await desk.ask("GET", f"/calls/{call}"))["contact"]
        draft = await desk.ask("POST", "/orders", {"lines": [line], "contact": contact, "call": call})
        order = await desk.ask("POST", f"/orders/{draft['id']}/place", version=draft["version"])
        return f"orders for {order['gross']} EUR (order {order['number']})"

    async def _survey(self, desk: Centre, call: CallId) -> str:
        path = "/survey-responses"
        begun = await desk.ask("POST", f"/surveys/{self._wares.survey}/responses", {"call": call})
        answer: dict[str, Any] = {"answers": {"nps": self._chance.randint(4, 10)}}
        told = await desk.ask("PATCH", f"{path}/{begun['id']}", answer, version=begun["version"])
        await desk.ask("POST", f"{path}/{begun['id']}/finish", version=told["version"])
        return f"would recommend us: {answer['answers']['nps']} of 10"
