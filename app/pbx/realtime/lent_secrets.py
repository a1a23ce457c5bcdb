"""The secrets that phones in the page are lent for a while: rows of `ps_auths` with the time when they end.

The service ends them, not the database by a condition on the time: while the service is away no page can renew its
secret, and phones must ring. Each row also says in which log-in its secret was lent: it ends with that.
"""

from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.pbx.realtime.database import changing, looking
from app.pbx.realtime.tables import IN_PAGE, auth_name, auth_table, new_secret


class Lent(NamedTuple):
    """A secret that was lent."""

    secret: str
    anew: bool
    """Whether the one before was lent in another log-in, or is over: the phone begins, it is not renewed."""


class LentSecrets:
    """Lends secrets, and ends them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def lend(self, name: str, until: int, session: int) -> Lent:
        """Give the phone in the page another secret for a while; nobody can register with the one before again.

        Args:
            name: the account.
            until: when the secret ends, in seconds since 1970; `end` ends it.
            session: the log-in in which it is lent.
        """
        secret = new_secret()
        row = auth_table.c.id == auth_name(name, browser=True)
        lent = select(auth_table.c.keskus_session).where(row, auth_table.c.keskus_until > 0)
        values = {"password": secret, "keskus_until": until, "keskus_session": session}
        async with changing(self._engine) as connection:
            before = (await connection.execute(lent)).scalar()
            await connection.execute(update(auth_table).where(row).values(values))
        return Lent(secret, before != session)

    async def take_back(self, session: int) -> None:
        """Let what was lent in a log-in end at the next `end`."""
        lent = auth_table.c.keskus_session == session, auth_table.c.keskus_until.is_not(None)
        async with changing(self._engine) as connection:
            await connection.execute(update(auth_table).where(*lent).values(keskus_until=0))

    async def sessions(self) -> set[int]:
        """The log-ins in which the secrets that are not over were lent."""
        lent = select(auth_table.c.keskus_session).where(auth_table.c.keskus_until > 0)
        async with looking(self._engine) as connection:
            return {one for one in (await connection.execute(lent)).scalars() if one is not None}

    async def end(self, now: int) -> list[str]:
        """End the lent secrets whose time is over.

        Returns:
            The accounts whose registrations must end, until `settle` is told that they have.
        """
        over = auth_table.c.keskus_until <= now
        async with looking(self._engine) as connection:
            rows = sorted((await connection.execute(select(auth_table.c.id).where(over))).scalars())
        ended = []
        if rows:
            async with changing(self._engine) as connection:
                for row in rows:
                    ends = update(auth_table).where(auth_table.c.id == row, over)
                    found = await connection.execute(ends.values(password=new_secret()))
                    if found.rowcount:  # else it was lent anew since the look
                        ended.append(str(row).removesuffix(IN_PAGE))
        return ended

    async def settle(self, name: str, now: int) -> None:
        """The registrations of a lent secret that was over at that time have ended."""
        over = auth_table.c.id == auth_name(name, browser=True), auth_table.c.keskus_until <= now
        async with changing(self._engine) as connection:
            await connection.execute(
                update(auth_table).where(*over).values(keskus_until=None, keskus_session=None)
            )
