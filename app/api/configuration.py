"""Transactions that change configuration: what is committed is in force before the request is answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from app.api.services import Services
from app.domain.actors import SERVICE, Actor
from app.domain.errors import Refusal, Texts
from app.records.engine import writing


class NotInForceYet(Refusal):
    """What was asked is kept, and cannot come into force at once; it will by itself."""

    code = "configuration.not_in_force_yet"
    status = 503
    texts = Texts(
        en="it is kept, and not in force yet, because a database does not answer or the PBX's folder cannot be "
        "written; it comes into force by itself: do not ask for it again",
        et="see on salvestatud, aga veel ei kehti, sest andmebaas ei vasta või keskjaama kausta ei saa kirjutada; see "
        "hakkab kehtima ise: ärge küsige uuesti",
        ru="это сохранено, но ещё не действует: база данных не отвечает или в папку АТС нельзя писать; оно вступит в "
        "силу само: не отправляйте запрос снова",
    )


@asynccontextmanager
async def configuring(services: Services, actor: Actor = SERVICE) -> AsyncIterator[AsyncSession]:
    """A session that writes, see `writing`; left once the floor and the PBX have what was committed.

    Args:
        services: the interface's.
        actor: who changes something.

    Raises:
        NotInForceYet: it was committed, and they cannot have it yet.
    """
    async with writing(services.engine, actor) as session:
        yield session
    await services.configuration.settle()
