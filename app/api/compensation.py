"""Changes that go to several places: the database, the floor, where the PBX reads accounts and routes.

Only the database can take back by itself. So its transaction is the outer step: what the floor or the PBX's
store refuses rolls it back, and what they had taken before a commit that fails is undone here.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from app.api.services import Services
from app.domain.operators import Presence
from app.floor.events import OperatorSet, PresenceAsked
from app.floor.model import Operator


@asynccontextmanager
async def all_or_nothing() -> AsyncIterator[AsyncExitStack]:
    """Undo what is pushed onto the stack, last first, unless the block ends well.

    To be opened before the transaction, so that a failed commit is seen here.
    """
    async with AsyncExitStack() as undo:
        yield undo
        undo.pop_all()


def undo_removal(undo: AsyncExitStack, services: Services, operator: Operator) -> None:
    """Should the block fail, put an operator back on the floor in the presence there was."""
    settings, presence, reason = operator.settings, operator.presence, operator.break_reason

    async def put_back() -> None:
        await services.runner.post(OperatorSet(settings))
        if presence is not Presence.OFFLINE:
            await services.runner.post(PresenceAsked(settings.id, presence, reason, "not_removed"))

    undo.push_async_callback(put_back)
