"""The script of a call over HTTP: there at the ring, answered step by step, found again after a reload."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor
from app.api.problems import refusals
from app.api.schemas import CallKey, ContactAsked
from app.api.security import Known, may, needs, user_id
from app.api.services import Services
from app.crm.calls.errors import CallUnknown
from app.crm.calls.service import seen_call
from app.crm.scripts import queries, runs
from app.crm.scripts.errors import (
    AnswerUnfit,
    NotTheNextStep,
    RunBegunMeanwhile,
    RunOver,
    RunUnfinished,
    RunUnknown,
    ScriptNotForCall,
    ScriptUnknown,
    StepUnknown,
    TrailFull,
)
from app.crm.scripts.filling import Circumstances, circumstances_of
from app.crm.scripts.queries import RunFilter
from app.crm.scripts.run_schemas import (
    BackIn,
    PassIn,
    RunListed,
    RunOut,
    Runs,
    RunStateIn,
    ScriptOfCall,
    TypedIn,
)
from app.crm.scripts.tables import RunState, ScriptRunRow
from app.domain.ids import CallId
from app.domain.roles import Permission
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.SCRIPTS_READ)]
Answers = Annotated[LoggedIn, needs(Permission.SCRIPTS_ANSWER)]
of_call = APIRouter(prefix="/calls", tags=["scripts"], route_class=IdempotentRoute)
router = APIRouter(prefix="/script-runs", tags=["scripts"], route_class=IdempotentRoute)
RunKey = Annotated[int, Path(ge=1, le=2**53, description="The run's id.")]
ScriptKey = Annotated[int, Path(ge=1, le=2**31 - 1, description="The script's id.")]
ScriptAsked = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only of this script.")]
CallAsked = Annotated[
    str | None,
    Query(min_length=1, max_length=150, pattern=r"^[A-Za-z0-9_.:\-]+$", description="Only of this call."),
]
RunStateAsked = Annotated[RunState | None, Query(description="Only runs in this state.")]


@of_call.get("/{id}/script", summary="The script of a call", responses=refusals(CallUnknown))
async def get_script_of_call(
    id: CallKey,  # noqa: A002 - the path says it
    who: Reads,
    services: Known,
) -> ScriptOfCall:
    """Asked at the ring. Returns the scripts of the call's campaign and queue, the best first with its first step, and
    those that the call has begun.
    """
    async with reading(services.engine) as session:
        where = await _circumstances(session, services, who, id)
        offers = await runs.offers_for(session, where, who.user.language)
        first = None
        if offers:
            first = await runs.first_step(session, offers[0], where, who.user.display_name)
        begun = await queries.runs_of_call(session, id)
        titles = await queries.titles_of(session, {row.script_id for row in begun})
    return ScriptOfCall.of(offers, first, [(row, titles[row.script_id]) for row in begun])


@of_call.put(
    "/{id}/scripts/{script}",
    summary="Begin a script in a call",
    responses=refusals(CallUnknown, ScriptUnknown, ScriptNotForCall, RunBegunMeanwhile) | TAGGED,
)
async def begin_script(
    id: CallKey,  # noqa: A002 - the path says it
    script: ScriptKey,
    who: Answers,
    services: Known,
    tag: Tag,
) -> RunOut:
    """Begins it with the version of this moment, which the call keeps; a script that has begun goes on."""
    try:
        return tag(await _begin(services, who, id, script))
    except RunBegunMeanwhile:  # another page of the operator was faster
        return tag(await _begin(services, who, id, script))


@router.get("", summary="Scripts in calls", responses=refusals(CallUnknown, CursorUnknown))
async def list_runs(
    who: Reads,
    services: Known,
    *,
    call: CallAsked = None,
    contact: ContactAsked = None,
    script: ScriptAsked = None,
    state: RunStateAsked = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Runs:
    """Returns runs, the newest first: all of a call that you may see; else your own, or all for supervisors."""
    of_all = may(who, Permission.CALLS_READ_ALL)
    async with reading(services.engine) as session:
        if call is not None:
            await _circumstances(session, services, who, call)
        wanted = RunFilter(
            user=None if of_all or call is not None else user_id(who),
            call=call,
            contact=contact,
            script=script,
            state=state,
        )
        rows = await queries.page_runs(session, wanted, before=read_id_cursor(cursor), limit=limit + 1)
        titles = await queries.titles_of(session, {row.script_id for row in rows})
    shown, following = page_by_id(rows, limit)
    return Runs(items=[RunListed.of_row(row, titles[row.script_id]) for row in shown], next=following)


@router.get("/{run}", summary="A script in a call", responses=refusals(RunUnknown) | TAGGED)
async def get_run(run: RunKey, who: Reads, services: Known, tag: Tag) -> RunOut:
    """Returns what was answered and typed, and the step that comes next: a page that is loaded again asks for it."""
    async with reading(services.engine) as session:
        row, where = await _run(session, services, who, run)
        return tag(RunOut.of(await runs.shown(session, row, where, who.user.display_name)))


@router.put(
    "/{run}/typed",
    summary="Keep what is typed",
    responses=refusals(RunUnknown, RunOver, StepUnknown, *UNSEEN) | TAGGED,
)
async def put_typed(run: RunKey, said: TypedIn, who: Answers, services: Known, match: Match) -> RunOut:
    """It is kept as it was typed, whether it fits or not; nothing is passed by it."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ScriptRunRow, run)
        row, where = await _run(session, services, who, run)
        row = await runs.type_answers(session, row, said.typed, where, services.now())
        return match(RunOut.of(await runs.shown(session, row, where, who.user.display_name)))


@router.put(
    "/{run}/next",
    summary="Pass the next step",
    responses=refusals(RunUnknown, RunOver, NotTheNextStep, AnswerUnfit, TrailFull, *UNSEEN) | TAGGED,
)
async def pass_step(run: RunKey, said: PassIn, who: Answers, services: Known, match: Match) -> RunOut:
    """Returns the run with the step that the answer leads to. A required step is not passed without an answer."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ScriptRunRow, run)
        row, where = await _run(session, services, who, run)
        row = await runs.pass_step(
            session, row, said.step, said.answer, where=where, actor=who.actor, at=services.now()
        )
        return match(RunOut.of(await runs.shown(session, row, where, who.user.display_name)))


@router.put(
    "/{run}/back",
    summary="Go back to a step",
    responses=refusals(RunUnknown, RunOver, StepUnknown, *UNSEEN) | TAGGED,
)
async def go_back(run: RunKey, said: BackIn, who: Answers, services: Known, match: Match) -> RunOut:
    """The step comes next again; what was typed there and behind it stays."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ScriptRunRow, run)
        row, where = await _run(session, services, who, run)
        row = await runs.go_back(session, row, said.step, where, services.now())
        return match(RunOut.of(await runs.shown(session, row, where, who.user.display_name)))


@router.put(
    "/{run}/state",
    summary="Finish a script in a call",
    responses=refusals(RunUnknown, RunUnfinished, *UNSEEN) | TAGGED,
)
async def put_run_state(run: RunKey, said: RunStateIn, who: Answers, services: Known, match: Match) -> RunOut:
    """It is finished at its end, or broken off anywhere; opened again, it goes on where it was."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ScriptRunRow, run)
        row, where = await _run(session, services, who, run)
        row = await runs.set_state(session, row, said.state, where, services.now())
        return match(RunOut.of(await runs.shown(session, row, where, who.user.display_name)))


async def _begin(services: Services, who: LoggedIn, call: str, script: int) -> RunOut:
    async with writing(services.engine, who.actor) as session:
        where = await _circumstances(session, services, who, call)
        row = await runs.begin_run(
            session, script, where, own=who.user.language, actor=who.actor, at=services.now()
        )
        return RunOut.of(await runs.shown(session, row, where, who.user.display_name))


async def _circumstances(
    session: AsyncSession, services: Services, who: LoggedIn, call: str
) -> Circumstances:
    seen = await seen_call(
        session,
        services.runner.floor,
        CallId(call),
        user=user_id(who),
        of_all=may(who, Permission.CALLS_READ_ALL),
    )
    return circumstances_of(seen, named=may(who, Permission.CONTACTS_READ))


async def _run(
    session: AsyncSession, services: Services, who: LoggedIn, run: int
) -> tuple[ScriptRunRow, Circumstances]:
    """A run of a call that the user may see."""
    row = await runs.get_run(session, run)
    try:
        return row, await _circumstances(session, services, who, row.call_id)
    except CallUnknown:
        raise RunUnknown(run=run) from None
