"""Tokens of programs: made by a user, with that user's rights, shown once."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter

from app.accounts import queries, service
from app.accounts.service import LoggedIn
from app.accounts.tables import SessionKind, SessionRow
from app.api.idempotency import IdempotentRoute
from app.api.problems import EVERYWHERE, Problem, problems
from app.api.schemas import RowId
from app.api.security import Known, needs, user_id
from app.crm.users.schemas import NewToken, TokenIn, TokenOut
from app.domain.roles import Permission
from app.records.engine import reading, writing

Themself = Annotated[LoggedIn, needs(Permission.OWN)]
router = APIRouter(prefix="/tokens", tags=["tokens"], route_class=IdempotentRoute)


def _out(row: SessionRow) -> TokenOut:
    return TokenOut.model_validate(row.model_dump())


@router.post("", status_code=201, summary="Make a token", responses=EVERYWHERE | problems(409))
async def make_token(said: TokenIn, who: Themself, services: Known) -> NewToken:
    """For a program that acts for this user. The token is in this answer and nowhere else."""
    lifetime = timedelta(days=said.days) if said.days is not None else None
    async with writing(services.engine) as session:
        token, row = await service.make_token(
            session, user_id(who), services.now(), name=said.name, lifetime=lifetime
        )
    return NewToken(**_out(row).model_dump(), token=token)


@router.get("", summary="My tokens", responses=EVERYWHERE)
async def list_tokens(who: Themself, services: Known) -> list[TokenOut]:
    """Newest first."""
    async with reading(services.engine) as session:
        return [_out(row) for row in await queries.list_sessions(session, user_id(who), SessionKind.TOKEN)]


@router.delete("/{token_id}", status_code=204, summary="Revoke a token", responses=EVERYWHERE | problems(404))
async def revoke_token(token_id: RowId, who: Themself, services: Known) -> None:
    """Its websockets are closed at once."""
    async with writing(services.engine) as session:
        mine = await queries.list_sessions(session, user_id(who), SessionKind.TOKEN)
        if token_id not in {row.id for row in mine}:
            raise Problem(404, "you have no such token")
        await service.close_session(session, token_id)
    services.end_login(token_id)
