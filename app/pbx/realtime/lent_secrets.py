"""The secrets that phones in the page are lent for a while: rows of `ps_auths` with the time when they end.

The service ends them, not the database by a condition on the time: while the service is away no page can renew its
secret, and phones must ring.
"""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.pbx.realtime.database import changing, looking
from app.pbx.realtime.tables import IN_PAGE, auth_name, auth_table, new_secret


class LentSecrets:
    """Lends secrets, and ends them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def lend(self, name: str, until: int) -> str:
        """Give the phone in the page another secret for a while; nobody can register with the one before again.

        Args:
            name: the account.
            until: when the secret ends, in seconds since 1970; `end` ends it.

        Returns:
            The new secret.
        """
        secret = new_secret()
        row = update(auth_table).where(auth_table.c.id == auth_name(name, browser=True))
        async with changing(self._engine) as connection:
            await connection.execute(row.values(password=secret, keskus_until=until))
        return secret

    async def take_back(self, name: str) -> None:
        """Let a lent secret end at the next `end`; does nothing where none is lent."""
        lent = auth_table.c.id == auth_name(name, browser=True), auth_table.c.keskus_until.is_not(None)
        async with changing(self._engine) as connection:
            await connection.execute(update(auth_table).where(*lent).values(keskus_until=0))

    async def end(self, now: int) -> list[str]:
        """End the lent secrets whose time is over.

        Returns:
            The accounts whose registrations must end, until `settle` is told that they have.
        """
        over = auth_table.c.keskus_until <= now
        async with looking(self._engine) as connection:
            rows = sorted((await connection.execute(select(auth_table.c.id).where(over))).scalars())
        if rows:
            async with changing(self._engine) as connection:
                for row in rows:
                    ends = update(auth_table).where(auth_table.c.id == row, over)
                    await connection.execute(ends.values(password=new_secret()))
        return [str(row).removesuffix(IN_PAGE) for row in rows]

    async def settle(self, name: str, now: int) -> None:
        """The registrations of a lent secret that was over at that time have ended."""
        over = auth_table.c.id == auth_name(name, browser=True), auth_table.c.keskus_until <= now
        async with changing(self._engine) as connection:
            await connection.execute(update(auth_table).where(*over).values(keskus_until=None))
