"""Tasks of complaints, and the categories of complaints."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, read_moment_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import OperatorAsked, RowId
from app.api.security import Known, needs, user_id
from app.crm.campaigns.errors import CampaignFinished, CampaignUnknown
from app.crm.complaints import categories as category_rules
from app.crm.complaints import queries, service, tasks
from app.crm.complaints.errors import (
    CallbackNotAllowed,
    CallbackWithoutContact,
    CategoryTaken,
    CategoryUnknown,
    ComplaintFull,
    ComplaintUnknown,
    TaskOver,
    TaskUnknown,
    TooManyCategories,
)
from app.crm.complaints.item_schemas import TaskDone, TaskIn, TaskOut, Tasks
from app.crm.complaints.schemas import CategoryIn, CategoryOut
from app.crm.complaints.service import By
from app.crm.complaints.tables import CategoryRow
from app.crm.leads.errors import LeadBusy
from app.crm.leads.inserts import Inserts
from app.domain.ids import CampaignId
from app.domain.roles import Permission
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.COMPLAINTS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.COMPLAINTS_WRITE)]
SetsUp = Annotated[LoggedIn, needs(Permission.COMPLAINTS_SET_UP)]
in_complaint = APIRouter(prefix="/complaints/{id}/tasks", tags=["complaints"], route_class=IdempotentRoute)
all_tasks = APIRouter(prefix="/complaint-tasks", tags=["complaints"])
categories = APIRouter(prefix="/complaint-categories", tags=["complaints"], route_class=IdempotentRoute)
TaskKey = Annotated[int, Path(ge=1, le=2**53, description="The task's id.")]


@all_tasks.get("", summary="Tasks that are to be done", responses=refusals(CursorUnknown))
async def list_tasks(
    who: Reads,
    services: Known,
    *,
    mine: Annotated[bool, Query(description="Only your own.")] = False,
    assignee: OperatorAsked = None,
    late: Annotated[bool, Query(description="Only those whose due time has passed.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Tasks:
    """Returns tasks that are neither done nor withdrawn, the next due first."""
    after = read_moment_cursor(cursor, int) if cursor is not None else None
    async with reading(services.engine) as session:
        rows = await queries.page_tasks(
            session,
            assignee=user_id(who) if mine else assignee,
            late_at=services.now() if late else None,
            after=after,
            limit=limit + 1,
        )
    shown = rows[:limit]
    more = len(rows) > limit
    following = write_cursor((shown[-1].due_at.isoformat(), shown[-1].id or 0)) if more else None
    return Tasks(items=[TaskOut.of(row) for row in shown], next=following)


@in_complaint.post(
    "",
    status_code=201,
    summary="Add a task to a complaint",
    responses=refusals(
        ComplaintUnknown,
        ComplaintFull,
        CampaignUnknown,
        CampaignFinished,
        LeadBusy,
        CallbackWithoutContact,
        CategoryTaken,
        CallbackNotAllowed,
    ),
)
async def add_task(id: RowId, said: TaskIn, who: Writes, services: Known) -> TaskOut:  # noqa: A002 - the path says it
    """With a campaign, the task is a callback as well: the customer becomes a lead there, and is called then."""
    inserts, draft = Inserts(services.engine.dialect), said.draft
    async with writing(services.engine, who.actor) as session:
        row = await service.locked(session, id)
        task = await tasks.add_task(session, inserts, row, draft, By(who.actor, services.now()))
    if task.campaign_id is not None:
        services.campaign_changed(CampaignId(task.campaign_id))
    return TaskOut.of(task)


@in_complaint.post(
    "/{task}/done",
    summary="Say that a task is done",
    responses=refusals(ComplaintUnknown, TaskUnknown, TaskOver),
)
async def finish_task(
    id: RowId,  # noqa: A002 - the path says it
    task: TaskKey,
    said: Annotated[TaskDone, Body(default_factory=TaskDone)],
    who: Writes,
    services: Known,
) -> TaskOut:
    """The task stays with the complaint, with what came of it."""
    async with writing(services.engine, who.actor) as session:
        await service.locked(session, id)
        row = await tasks.open_task(session, id, task)
        await tasks.finish_task(session, row, said.outcome, who.actor, services.now())
    return TaskOut.of(row)


@in_complaint.delete(
    "/{task}",
    status_code=204,
    summary="Withdraw a task",
    responses=refusals(ComplaintUnknown, TaskUnknown, TaskOver),
)
async def withdraw_task(id: RowId, task: TaskKey, who: Writes, services: Known) -> None:  # noqa: A002 - the path says it
    """The task stays with the complaint as withdrawn. A callback's lead is taken out of its campaign."""
    async with writing(services.engine, who.actor) as session:
        await service.locked(session, id)
        row = await tasks.open_task(session, id, task)
        await tasks.withdraw_task(session, row, who.actor, services.now())
    if row.campaign_id is not None:
        services.campaign_changed(CampaignId(row.campaign_id))


@categories.get("", summary="Categories of complaints", responses=refusals())
async def list_categories(_: Reads, services: Known) -> list[CategoryOut]:
    """Returns all categories in the order of the list; those out of use, too."""
    async with reading(services.engine) as session:
        return [CategoryOut.of(row) for row in await category_rules.list_categories(session)]


@categories.post(
    "",
    status_code=201,
    summary="Make a category of complaints",
    responses=refusals(TooManyCategories, CategoryTaken) | TAGGED_NEW,
)
async def make_category(said: CategoryIn, who: SetsUp, services: Known, tag: Tag) -> CategoryOut:
    """A category has names in several languages, and may say who has its complaints."""
    async with writing(services.engine, who.actor) as session:
        return tag(CategoryOut.of(await category_rules.make_category(session, said)))


@categories.put(
    "/{id}",
    summary="Change a category of complaints",
    responses=refusals(CategoryUnknown, CategoryTaken, *UNSEEN) | TAGGED,
)
async def put_category(
    id: RowId,  # noqa: A002 - the path says it
    said: CategoryIn,
    who: SetsUp,
    services: Known,
    match: Match,
) -> CategoryOut:
    """Complaints that have it stay as they are. A category that is no longer wanted is put out of use."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, CategoryRow, id)
        return match(CategoryOut.of(await category_rules.change_category(session, id, said)))
