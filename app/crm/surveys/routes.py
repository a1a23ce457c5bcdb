"""Surveys over HTTP: written, published, withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import RowId
from app.api.security import Known, may, needs
from app.crm.surveys import service
from app.crm.surveys.errors import SurveyFaulty, SurveyUnknown, SurveyVersionUnknown
from app.crm.surveys.schemas import (
    SurveyIn,
    SurveyListed,
    SurveyOut,
    Surveys,
    SurveyStateIn,
    SurveyVersionListed,
    SurveyVersionOut,
    SurveyVersions,
)
from app.crm.surveys.states import SurveyState
from app.crm.surveys.tables import SurveyRow
from app.domain.roles import Permission
from app.records.engine import reading, writing

Asks = Annotated[LoggedIn, needs(Permission.SURVEYS_ASK)]
Writes = Annotated[LoggedIn, needs(Permission.SURVEYS_WRITE)]
StateAsked = Annotated[SurveyState | None, Query(description="Only surveys in this state.")]
VersionKey = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of the version.")]
router = APIRouter(prefix="/surveys", tags=["surveys"], route_class=IdempotentRoute)


@router.get("", summary="All surveys", responses=refusals(CursorUnknown))
async def list_surveys(
    who: Asks, services: Known, *, state: StateAsked = None, cursor: Cursor = None, limit: Limit = 50
) -> Surveys:
    """Returns surveys in the order in which they were made. Whoever may not write surveys sees published ones alone."""
    asked = state if may(who, Permission.SURVEYS_WRITE) else SurveyState.PUBLISHED
    async with reading(services.engine) as session:
        rows = await service.list_surveys(session, state=asked, after=read_id_cursor(cursor), limit=limit)
    shown, following = page_by_id(rows, limit)
    return Surveys(items=[SurveyListed.of_row(row) for row in shown], next=following)


@router.post("", status_code=201, summary="Write a survey", responses=refusals() | TAGGED_NEW)
async def make_survey(said: SurveyIn, who: Writes, services: Known, tag: Tag) -> SurveyOut:
    """The survey is a draft, which may have faults, until `PUT .../state` publishes it."""
    async with writing(services.engine, who.actor) as session:
        row = await service.make_survey(session, said.content(), who.actor, services.now())
        return tag(SurveyOut.of(row))


@router.get("/{id}", summary="A survey", responses=refusals(SurveyUnknown) | TAGGED)
async def get_survey(id: RowId, who: Asks, services: Known, tag: Tag) -> SurveyOut:  # noqa: A002 - the path says it
    """Returns the survey with its questions, and why it cannot be asked, if it cannot."""
    writes = may(who, Permission.SURVEYS_WRITE)
    async with reading(services.engine) as session:
        return tag(SurveyOut.of(await service.get_survey(session, id, published_only=not writes)))


@router.put(
    "/{id}",
    summary="Change a survey",
    responses=refusals(SurveyUnknown, SurveyFaulty, *UNSEEN) | TAGGED,
)
async def put_survey(
    id: RowId,  # noqa: A002 - the path says it
    said: SurveyIn,
    who: Writes,
    services: Known,
    match: Match,
) -> SurveyOut:
    """The body replaces the whole survey, as a new version. Answers stay with the version that was asked, and what was
    begun goes on with it.
    """
    async with writing(services.engine, who.actor) as session:
        await match.check(session, SurveyRow, id)
        row = await service.change_survey(session, id, said.content(), who.actor, services.now())
        return match(SurveyOut.of(row))


@router.put(
    "/{id}/state",
    summary="Publish or withdraw a survey",
    responses=refusals(SurveyUnknown, SurveyFaulty, *UNSEEN) | TAGGED,
)
async def put_state(
    id: RowId,  # noqa: A002 - the path says it
    said: SurveyStateIn,
    who: Writes,
    services: Known,
    match: Match,
) -> SurveyOut:
    """Only a published survey is asked. A withdrawn one stays, with its answers."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, SurveyRow, id)
        row = await service.set_state(session, id, said.state, who.actor, services.now())
        return match(SurveyOut.of(row))


@router.get("/{id}/versions", summary="A survey's versions", responses=refusals(SurveyUnknown, CursorUnknown))
async def list_versions(
    id: RowId,  # noqa: A002 - the path says it
    _: Writes,
    services: Known,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> SurveyVersions:
    """Returns who saved the survey and when, the newest version first."""
    async with reading(services.engine) as session:
        rows = await service.list_versions(session, id, before=read_id_cursor(cursor), limit=limit)
    shown = rows[:limit]
    following = write_cursor((shown[-1].version,)) if len(rows) > limit else None
    return SurveyVersions(items=[SurveyVersionListed.of(row) for row in shown], next=following)


@router.get(
    "/{id}/versions/{version}", summary="A version of a survey", responses=refusals(SurveyVersionUnknown)
)
async def get_version(
    id: RowId,  # noqa: A002 - the path says it
    version: VersionKey,
    _: Writes,
    services: Known,
) -> SurveyVersionOut:
    """Returns the survey as it was."""
    async with reading(services.engine) as session:
        return SurveyVersionOut.of(await service.get_version(session, id, version))
