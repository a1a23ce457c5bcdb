"""Departments: seen by all who work with complaints, set by administrators."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.problems import refusals
from app.api.schemas import RowId
from app.api.security import Known, needs
from app.crm.complaints.due import recheck
from app.crm.departments import service
from app.crm.departments.errors import (
    KEPT,
    DepartmentEndsNowhere,
    DepartmentInCategories,
    DepartmentNotInUse,
    DepartmentTargetUnknown,
    DepartmentTargetWithoutNumber,
    DepartmentUnknown,
    TooManyDepartments,
)
from app.crm.departments.schemas import DepartmentIn, DepartmentOut, TargetOut
from app.crm.departments.tables import DepartmentRow
from app.domain.roles import Permission
from app.numbers.errors import UNREADABLE
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.DEPARTMENTS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.DEPARTMENTS_WRITE)]
router = APIRouter(prefix="/departments", tags=["complaints"], route_class=IdempotentRoute)


@router.get("", summary="All departments", responses=refusals())
async def list_departments(
    _: Reads,
    services: Known,
    *,
    active: Annotated[bool | None, Query(description="Only those in use, or out of use.")] = None,
) -> list[DepartmentOut]:
    """Returns all departments by name, with their hours and members."""
    async with reading(services.engine) as session:
        found = await service.list_departments(session)
    return [DepartmentOut.of(one) for one in found if active is None or one.row.active is active]


@router.post(
    "",
    status_code=201,
    summary="Make a department",
    responses=refusals(TooManyDepartments, *KEPT, *UNREADABLE) | TAGGED_NEW,
)
async def make_department(said: DepartmentIn, who: Writes, services: Known, tag: Tag) -> DepartmentOut:
    """A department that calls could not reach, or would go round in a circle for, is refused."""
    draft = said.draft(services.region)
    await service.check_words(draft, services.now())
    async with writing(services.engine, who.actor) as session:
        return tag(DepartmentOut.of(await service.make_department(session, draft)))


@router.get("/{id}", summary="One department", responses=refusals(DepartmentUnknown) | TAGGED)
async def get_department(id: RowId, _: Reads, services: Known, tag: Tag) -> DepartmentOut:  # noqa: A002 - the path says it
    """Returns one department."""
    async with reading(services.engine) as session:
        return tag(DepartmentOut.of(await service.get_department(session, id)))


@router.put(
    "/{id}",
    summary="Change a department",
    responses=refusals(DepartmentUnknown, *KEPT, *UNREADABLE, *UNSEEN) | TAGGED,
)
async def put_department(
    id: RowId,  # noqa: A002 - the path says it
    said: DepartmentIn,
    who: Writes,
    services: Known,
    match: Match,
) -> DepartmentOut:
    """The body replaces the department. The due times of its complaints are computed anew, from their beginning."""
    draft = said.draft(services.region)
    await service.check_words(draft, services.now())
    async with writing(services.engine, who.actor) as session:
        await match.check(session, DepartmentRow, id)
        row = await service.locked_department(session, id)
        out = DepartmentOut.of(await service.change_department(session, row, draft))
        await recheck(session, services.now())
    return match(out)


@router.delete(
    "/{id}",
    status_code=204,
    summary="Put a department out of use",
    responses=refusals(DepartmentUnknown, DepartmentEndsNowhere, DepartmentInCategories, *UNSEEN),
)
async def retire_department(id: RowId, who: Writes, services: Known, match: Match) -> None:  # noqa: A002 - the path says it
    """Nothing can be passed to it any more. Its complaints stay with it until they are passed on. A department to which
    complaints of a category in use go stays in use."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, DepartmentRow, id)
        await service.retire_department(session, await service.locked_department(session, id))


@router.get(
    "/{id}/target",
    summary="Where a call for a department goes now",
    responses=refusals(
        DepartmentNotInUse, DepartmentEndsNowhere, DepartmentTargetUnknown, DepartmentTargetWithoutNumber
    ),
)
async def get_target(id: RowId, _: Reads, services: Known) -> TargetOut:  # noqa: A002 - the path says it
    """By its working hours and fallbacks at this moment: the number that an operator's phone dials, to pass a call on
    or to talk first.
    """
    async with reading(services.engine) as session:
        return TargetOut.of(await service.target_now(session, id, services.now()))
