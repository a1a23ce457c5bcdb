"""Transactions that change configuration: what is committed is in force before the request is answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from app.api.services import Services
from app.domain.actors import SERVICE, Actor
from app.domain.errors import Refusal, Texts
from app.records.engine import writing


class NotInForceYet(Refusal):
    """The change is saved but not in force yet; the service brings it into force by itself."""

    code = "configuration.not_in_force_yet"
    status = 503
    texts = Texts(
        en="it is kept, and not in force yet, because a database does not answer or the PBX's folder cannot be "
        "written; it comes into force by itself: do not ask for it again",
        et="see on salvestatud, aga veel ei kehti, sest andmebaas ei vasta või keskjaama kausta ei saa kirjutada; see "
        "hakkab kehtima ise: ära küsi uuesti",
        ru="это сохранено, но ещё не действует: база данных не отвечает или в папку АТС нельзя писать; оно вступит в "
        "силу само: не отправляйте запрос снова",
    )


@asynccontextmanager
async def configuring(services: Services, actor: Actor = SERVICE) -> AsyncIterator[AsyncSession]:
    """A session that writes, see `writing`; on leaving, it waits until the floor and the PBX have the change.

    Args:
        services: the interface's services.
        actor: who changes something.

    Raises:
        NotInForceYet: the change was committed, but cannot come into force now.
    """
    async with writing(services.engine, actor) as session:
        yield session
    await services.configuration.settle()
