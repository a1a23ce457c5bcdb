"""Tokens of programs: made by a user, with that user's rights, shown only once."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter

from app.accounts import queries, service
from app.accounts.errors import TokenUnknown, TooManyTokens
from app.accounts.service import LoggedIn
from app.accounts.tables import SessionKind, SessionRow
from app.api.idempotency import IdempotentRoute
from app.api.problems import refusals
from app.api.schemas import RowId
from app.api.security import Known, needs, user_id
from app.crm.users.schemas import NewToken, TokenIn, TokenOut
from app.domain.roles import Permission
from app.records.engine import reading, writing

Themself = Annotated[LoggedIn, needs(Permission.OWN)]
router = APIRouter(prefix="/tokens", tags=["tokens"], route_class=IdempotentRoute)


def _out(row: SessionRow) -> TokenOut:
    return TokenOut.model_validate(row.model_dump())


@router.post("", status_code=201, summary="Make a token", responses=refusals(TooManyTokens))
async def make_token(said: TokenIn, who: Themself, services: Known) -> NewToken:
    """The token acts for this user. It is in this answer and nowhere else."""
    lifetime = timedelta(days=said.days) if said.days is not None else None
    async with writing(services.engine, who.actor) as session:
        token, row = await service.make_token(
            session, user_id(who), services.now(), name=said.name, lifetime=lifetime
        )
    return NewToken(**_out(row).model_dump(), token=token)


@router.get("", summary="My tokens", responses=refusals())
async def list_tokens(who: Themself, services: Known) -> list[TokenOut]:
    """Returns my tokens, newest first."""
    async with reading(services.engine) as session:
        return [_out(row) for row in await queries.list_sessions(session, user_id(who), SessionKind.TOKEN)]


@router.delete("/{token_id}", status_code=204, summary="Revoke a token", responses=refusals(TokenUnknown))
async def revoke_token(token_id: RowId, who: Themself, services: Known) -> None:
    """The token's websockets are closed at once."""
    async with writing(services.engine, who.actor) as session:
        await service.revoke_token(session, user_id(who), token_id)
    services.end_login(token_id)
