"""Scripts over HTTP: written, tried, published and withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import RowId
from app.api.security import Known, needs
from app.crm.scripts import queries, service
from app.crm.scripts.errors import (
    ScriptChangedMeanwhile,
    ScriptFaulty,
    ScriptNeverPublished,
    ScriptUnknown,
    ScriptVersionUnknown,
)
from app.crm.scripts.schemas import (
    DryRun,
    ScriptIn,
    ScriptListed,
    ScriptOut,
    Scripts,
    ScriptStateIn,
    ScriptVersionListed,
    ScriptVersionOut,
    ScriptVersions,
)
from app.crm.scripts.tables import ScriptRow, ScriptState
from app.domain.roles import Permission
from app.records.engine import reading, writing

Writes = Annotated[LoggedIn, needs(Permission.SCRIPTS_WRITE)]
router = APIRouter(prefix="/scripts", tags=["scripts"], route_class=IdempotentRoute)
StateAsked = Annotated[ScriptState | None, Query(description="Only scripts in this state.")]
NumberAsked = Annotated[
    int | None,
    Query(ge=1, le=2**31 - 1, description="A published version; without it, what is being written."),
]
NumberKey = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of the version.")]


@router.get("", summary="All scripts", responses=refusals(CursorUnknown))
async def list_scripts(
    _: Writes, services: Known, *, state: StateAsked = None, cursor: Cursor = None, limit: Limit = 50
) -> Scripts:
    """Returns scripts in the order in which they were made."""
    async with reading(services.engine) as session:
        rows = await queries.page_scripts(session, state=state, after=read_id_cursor(cursor), limit=limit + 1)
    shown, following = page_by_id(rows, limit)
    return Scripts(items=[ScriptListed.of(row) for row in shown], next=following)


@router.post("", status_code=201, summary="Write a script", responses=refusals() | TAGGED_NEW)
async def make_script(said: ScriptIn, who: Writes, services: Known, tag: Tag) -> ScriptOut:
    """The script is a draft, faults and all, until `PUT .../state` publishes it."""
    async with writing(services.engine, who.actor) as session:
        row = await service.make_script(session, said.content(), who.actor, services.now())
        return tag(ScriptOut.of(row))


@router.get("/{id}", summary="A script", responses=refusals(ScriptUnknown) | TAGGED)
async def get_script(id: RowId, _: Writes, services: Known, tag: Tag) -> ScriptOut:  # noqa: A002 - the path says it
    """Returns what is being written; what calls begin with is the version `number`."""
    async with reading(services.engine) as session:
        return tag(ScriptOut.of(await service.get_script(session, id)))


@router.put("/{id}", summary="Change a script", responses=refusals(ScriptUnknown, *UNSEEN) | TAGGED)
async def put_script(
    id: RowId,  # noqa: A002 - the path says it
    said: ScriptIn,
    who: Writes,
    services: Known,
    match: Match,
) -> ScriptOut:
    """The body replaces what is being written. What is published stays until it is published anew."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ScriptRow, id)
        row = await service.change_script(session, id, said.content(), who.actor, services.now())
    return match(ScriptOut.of(row))


@router.get("/{id}/dry-run", summary="Try a script", responses=refusals(ScriptUnknown, ScriptVersionUnknown))
async def try_script(
    id: RowId,  # noqa: A002 - the path says it
    _: Writes,
    services: Known,
    number: NumberAsked = None,
) -> DryRun:
    """Every way that answers may take is walked. Returns dead ends, loops without a way out, steps that nothing leads
    to, jumps to what does not exist, texts that lack a language, and variables that there are not.
    """
    return DryRun.of(*await service.faults_of(services.engine, id, number))


@router.put(
    "/{id}/state",
    summary="Publish or withdraw a script",
    responses=refusals(ScriptUnknown, ScriptFaulty, ScriptNeverPublished, ScriptChangedMeanwhile, *UNSEEN)
    | TAGGED,
)
async def put_script_state(
    id: RowId,  # noqa: A002 - the path says it
    said: ScriptStateIn,
    who: Writes,
    services: Known,
    match: Match,
) -> ScriptOut:
    """A script without faults becomes the next version, which calls begin with from now on. Calls that have begun keep
    theirs.
    """
    tried = await service.faults_of(services.engine, id) if said.state == "published" else None
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ScriptRow, id)
        if tried is not None:
            row = await service.publish(session, id, tried, who.actor, services.now())
        else:
            row = await service.withdraw(session, id, who.actor, services.now())
    return match(ScriptOut.of(row))


@router.get("/{id}/versions", summary="A script's versions", responses=refusals(ScriptUnknown, CursorUnknown))
async def list_script_versions(
    id: RowId,  # noqa: A002 - the path says it
    _: Writes,
    services: Known,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ScriptVersions:
    """Returns who published the script and when, the newest version first."""
    async with reading(services.engine) as session:
        rows = await service.list_versions(session, id, before=read_id_cursor(cursor), limit=limit)
    shown = rows[:limit]
    following = write_cursor((shown[-1].number,)) if len(rows) > limit else None
    return ScriptVersions(items=[ScriptVersionListed.of(row) for row in shown], next=following)


@router.get(
    "/{id}/versions/{number}", summary="A version of a script", responses=refusals(ScriptVersionUnknown)
)
async def get_script_version(
    id: RowId,  # noqa: A002 - the path says it
    number: NumberKey,
    _: Writes,
    services: Known,
) -> ScriptVersionOut:
    """Returns the script as it was published. To bring it back, send it with `PUT` and publish it."""
    async with reading(services.engine) as session:
        return ScriptVersionOut.of(await service.get_version(session, id, number))
