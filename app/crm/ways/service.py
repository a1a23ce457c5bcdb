"""Refuses a change that would leave callers nowhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.cases.dead_ends import QUEUE, dead_ends
from app.cases.reach import DEPARTMENT
from app.crm.ways import queries
from app.crm.ways.errors import CallersGetNowhere, QueuesGoRound

_KEPT: Final = "keskus.ways_kept"


@asynccontextmanager
async def ways_kept(session: AsyncSession) -> AsyncIterator[None]:
    """Changes by which no way of callers becomes a dead end; one that is one already does not count.

    Within another, only the outer one judges: several changes may repair what one of them breaks.

    Args:
        session: within a transaction.

    Raises:
        QueuesGoRound: queues would overflow into each other in a circle.
        CallersGetNowhere: a number, queue or department would lead nowhere.
    """
    if is_kept(session):
        yield
        return
    await queries.wait_for_turn(session)
    before = {one[:2] for one in dead_ends(await queries.read_ways(session))}
    session.info[_KEPT] = True
    try:
        yield
    finally:
        del session.info[_KEPT]
    await session.flush()
    new = [one for one in dead_ends(await queries.read_ways(session)) if one[:2] not in before]
    for one in new:
        if one.kind == QUEUE and one.circle:
            raise QueuesGoRound(queues=one.circle)
    if new:
        departments = [int(one.id) for one in new if one.kind == DEPARTMENT]
        others = [one.id for one in new if one.kind != DEPARTMENT]
        raise CallersGetNowhere(ways=[*others, *await queries.titles_of(session, departments)])


def is_kept(session: AsyncSession) -> bool:
    """Whether an outer change judges."""
    return _KEPT in session.info
