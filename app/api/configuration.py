"""Transactions that change configuration. The answer waits until the change is in force, or says that it comes later.

Rows are the truth: what is committed comes into force by itself, so it is answered as done. A route has a parameter
`configuring: Configuring`, changes rows within `async with configuring(who.actor) as session`, and says so:
`responses=refusals(...) | later(200)`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final

from fastapi import Depends, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.etags import TAG_HEADERS
from app.api.security import services_of
from app.api.services import Services
from app.domain.actors import Actor
from app.domain.errors import Refusal, Texts
from app.records.engine import writing

HEADER: Final = "Keskus-In-Force"
"""The header of an answer whose change is not in force yet."""
LATER: Final = "later"


class NotInForceYet(Refusal):
    """Earlier changes are not in force yet, so that nothing was done; the service brings them into force by itself."""

    code = "configuration.not_in_force_yet"
    status = 503
    texts = Texts(
        en="earlier changes are not in force yet, because a database does not answer or the PBX's folder cannot be "
        "written; nothing was done: ask again in a moment",
        et="varasemad muudatused ei kehti veel, sest andmebaas ei vasta või keskjaama kausta ei saa kirjutada; midagi "
        "ei tehtud: küsi hetke pärast uuesti",
        ru="прежние изменения ещё не действуют: база данных не отвечает или в папку АТС нельзя писать; ничего не "
        "сделано: повторите запрос чуть позже",
    )


def later(status: int, *, tagged: bool = False) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: its answer, of this status, may say that the change is not in force yet.

    Args:
        status: of the answer.
        tagged: it has an `ETag`, too.
    """
    described = {
        "description": f"`{LATER}`: the change is kept, and not in force yet, because a database does not answer or "
        "the PBX's folder cannot be written; it comes into force by itself. Without the header it is in force.",
        "schema": {"type": "string", "enum": [LATER]},
    }
    return {status: {"headers": {HEADER: described} | (TAG_HEADERS if tagged else {})}}


class Configures:
    """A request that changes configuration."""

    def __init__(
        self, services: Annotated[Services, Depends(services_of)], response: Response
    ) -> None:  # the log-in is checked by the route
        self._services, self._response = services, response

    @asynccontextmanager
    async def __call__(self, actor: Actor) -> AsyncIterator[AsyncSession]:
        """A session that writes, see `writing`; on leaving, it waits until the floor and the PBX have the change."""
        async with self._services.configuring, writing(self._services.engine, actor) as session:
            yield session
        try:
            await self._services.configuration.settle()
        except NotInForceYet:
            self.comes_later()

    @property
    def in_force(self) -> bool:
        """Whether everything is in force that was committed."""
        return HEADER not in self._response.headers

    def comes_later(self) -> None:
        """Let the answer say that not everything is in force yet."""
        self._response.headers[HEADER] = LATER


Configuring = Annotated[Configures, Depends(Configures)]
"""A route's parameter, behind the one that says who asks."""
