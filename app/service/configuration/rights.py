"""Closes the desktops of users whose rights changed: they come back with the new rights."""

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.queries import rights_of_users
from app.crm.operators.service import list_operators
from app.records.engine import reading


class Rights:
    """A part of the configuration.

    Args:
        engine: the rows.
        end_user: closes a user's desktops, and drops the user's log-ins from the cache.
    """

    name = "rights"

    def __init__(self, engine: AsyncEngine, end_user: Callable[[int], None]) -> None:
        self._engine, self._end_user = engine, end_user
        self._known: dict[int, tuple[object, ...]] | None = None
        """What each user may do; None before the first look, when nobody has a desktop open."""

    async def bring(self) -> bool:
        """Close the desktops of users whose rights changed, or who became or ceased to be operators."""
        async with reading(self._engine) as session:
            operators = {int(one.id) for one in await list_operators(session)}
            now = {
                user: (*rights, user in operators)
                for user, rights in (await rights_of_users(session)).items()
            }
        before, self._known = self._known, now
        if before is not None:
            for user in before.keys() & now.keys():
                if before[user] != now[user]:
                    self._end_user(user)
        return False
