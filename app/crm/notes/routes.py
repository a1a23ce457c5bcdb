"""Notes about contacts."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor
from app.api.problems import refusals
from app.api.schemas import ContactKey
from app.api.security import Known, may, needs, user_id
from app.crm.calls.errors import CallUnknown
from app.crm.calls.service import seen_call
from app.crm.contacts.errors import ContactUnknown
from app.crm.notes import service
from app.crm.notes.errors import NoteOfOther, NoteUnknown
from app.crm.notes.schemas import NoteIn, NoteOut, Notes, NoteText
from app.crm.notes.tables import NoteRow
from app.domain.ids import CallId, ContactId
from app.domain.references import named
from app.domain.roles import Permission
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.CONTACTS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.CONTACTS_WRITE)]
NoteKey = Annotated[int, Path(ge=1, le=2**53, description="The note's id.")]
router = APIRouter(prefix="/contacts/{id}/notes", tags=["contacts"], route_class=IdempotentRoute)


@router.get("", summary="A contact's notes", responses=refusals(ContactUnknown, CursorUnknown))
async def list_notes(
    id: ContactKey,  # noqa: A002 - the path says it
    _: Reads,
    services: Known,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Notes:
    """Returns the notes, the newest first; those that were withdrawn are left out."""
    async with reading(services.engine) as session:
        rows = await service.list_notes(
            session, ContactId(id), before=read_id_cursor(cursor), limit=limit + 1
        )
    shown, following = page_by_id(rows, limit)
    return Notes(items=[NoteOut.of(row) for row in shown], next=following)


@router.post(
    "",
    status_code=201,
    summary="Write a note",
    responses=refusals(ContactUnknown, CallUnknown) | TAGGED_NEW,
)
async def add_note(
    id: ContactKey,  # noqa: A002 - the path says it
    said: NoteIn,
    who: Writes,
    services: Known,
    tag: Tag,
) -> NoteOut:
    """A note may name the call in which it was taken: one that the user took part in, or any for supervisors."""
    async with writing(services.engine, who.actor) as session:
        if said.call is not None:
            of_all = may(who, Permission.CALLS_READ_ALL)
            floor = services.runner.floor
            with named("call"):
                await seen_call(session, floor, CallId(said.call), user=user_id(who), of_all=of_all)
        row = await service.add_note(
            session,
            ContactId(id),
            said.text,
            services.now(),
            author=user_id(who),
            author_name=who.user.display_name,
            call=said.call,
        )
    return tag(NoteOut.of(row))


@router.put(
    "/{note}",
    summary="Change a note",
    responses=refusals(NoteUnknown, NoteOfOther, *UNSEEN) | TAGGED,
)
async def put_note(  # noqa: PLR0917 - the path and the header
    id: ContactKey,  # noqa: A002 - the path says it
    note: NoteKey,
    said: NoteText,
    who: Writes,
    services: Known,
    match: Match,
) -> NoteOut:
    """The author changes it, or whoever may remove contacts."""
    of_all = may(who, Permission.CONTACTS_REMOVE)
    async with writing(services.engine, who.actor) as session:
        await match.check(session, NoteRow, note)
        row = await service.change_note(
            session, ContactId(id), note, said.text, user=user_id(who), of_all=of_all
        )
    return match(NoteOut.of(row))


@router.delete(
    "/{note}",
    status_code=204,
    summary="Withdraw a note",
    responses=refusals(NoteUnknown, NoteOfOther, *UNSEEN),
)
async def withdraw_note(
    id: ContactKey,  # noqa: A002 - the path says it
    note: NoteKey,
    who: Writes,
    services: Known,
    match: Match,
) -> None:
    """It is shown no more; events keep who withdrew it."""
    of_all = may(who, Permission.CONTACTS_REMOVE)
    async with writing(services.engine, who.actor) as session:
        await match.check(session, NoteRow, note)
        await service.withdraw_note(
            session, ContactId(id), note, services.now(), user=user_id(who), of_all=of_all
        )
