"""A person's data handed out, people erased, and how long data are kept."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown, FilesUntaken
from app.api.etags import TAGGED, UNSEEN, Match, Tag
from app.api.exports import EXPORTS, ExportFile, ExportPlaces
from app.api.files import Download, desk_of
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, read_cursor, read_moment_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import ContactKey
from app.api.security import Known, needs, user_id
from app.crm.contacts.errors import ContactUnknown
from app.crm.contacts.service import get_contact
from app.crm.privacy import retention as retention_rules
from app.crm.privacy import retention_queries, service
from app.crm.privacy.eraser import Eraser
from app.crm.privacy.errors import (
    ErasureUnknown,
    OrderPapersKept,
    PersonFileNotReady,
    PersonFileUnknown,
    PersonHasComplaint,
    PersonHasOrder,
    PersonInCall,
    RetentionForEver,
    RetentionNotCounted,
    TooManyPersonFiles,
)
from app.crm.privacy.hindrances import rules_of
from app.crm.privacy.holdings import HOLDINGS
from app.crm.privacy.person_files import FileForm, PersonFiles
from app.crm.privacy.retention import Retention
from app.crm.privacy.schemas import (
    DryRunIn,
    ErasureOut,
    ErasurePreview,
    Erasures,
    HoldingOut,
    PersonFileOut,
    PrivacyRulesIn,
    PrivacyRulesOut,
    RetentionDay,
    RetentionDays,
    RetentionIn,
    RetentionOut,
)
from app.crm.privacy.states import ErasureCause, ErasureState, KeptKind
from app.crm.privacy.tables import PrivacyRulesRow, RetentionRow
from app.domain.ids import ContactId
from app.domain.roles import Permission
from app.events.recorder import announce
from app.records.engine import reading, writing

HandsOut = Annotated[LoggedIn, needs(Permission.CONTACTS_EXPORT_PERSON)]
Erases = Annotated[LoggedIn, needs(Permission.CONTACTS_ERASE)]
Sets = Annotated[LoggedIn, needs(Permission.PRIVACY_SET)]
FileId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_\-]{1,40}$", description="The file's id.")]
ErasureId = Annotated[str, Path(pattern=r"^[0-9a-f]{1,32}$", description="The erasure's id.")]
Kind = Annotated[KeptKind, Path(description="The kind of data.")]
Language = Annotated[
    str, Query(pattern="^(en|et|ru)$", description="The language of the page: en, et or ru.")
]
HINDRANCES: Final = (PersonInCall, PersonHasOrder, PersonHasComplaint, OrderPapersKept)
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }
}
_MEDIA: Final = {FileForm.JSON: "application/json", FileForm.HTML: "text/html"}
of_contact = APIRouter(prefix="/contacts/{id}", tags=["privacy"], route_class=IdempotentRoute)
erasures = APIRouter(prefix="/erasures", tags=["privacy"], route_class=IdempotentRoute)
rules = APIRouter(prefix="/privacy", tags=["privacy"], route_class=IdempotentRoute)


@of_contact.post(
    "/personal-data",
    status_code=202,
    summary="Have a file made with all that is held of a person",
    responses=refusals(ContactUnknown, TooManyPersonFiles, FilesUntaken),
)
async def make_file(id: ContactKey, who: HandsOut, services: Known) -> PersonFileOut:  # noqa: A002 - the path says it
    """It is ready in a moment, and is deleted after an hour. There are 20 such files at one time at most."""
    files = desk_of(services, PersonFiles)
    async with writing(services.engine, who.actor) as session:
        await get_contact(session, ContactId(id))
        file = files.ask(ContactId(id), user_id(who))
        announce(session, "contact", id, "export_begun", contact=id)
    return PersonFileOut.of(file)


@of_contact.get(
    "/personal-data/{file}",
    summary="Whether the file is ready",
    responses=refusals(PersonFileUnknown, FilesUntaken),
)
async def get_file(id: ContactKey, file: FileId, _: HandsOut, services: Known) -> PersonFileOut:  # noqa: A002 - the path says it
    """Returns the state of a file with all that is held of a person."""
    return PersonFileOut.of(desk_of(services, PersonFiles).get(file, ContactId(id)))


@of_contact.get(
    "/personal-data/{file}/content",
    summary="The file with all that is held of a person",
    responses=refusals(*EXPORTS, PersonFileUnknown, PersonFileNotReady, FilesUntaken) | _FILE,
    response_class=Download,
)
async def fetch_file(
    id: ContactKey,  # noqa: A002 - the path says it
    file: FileId,
    who: HandsOut,
    request: Request,
    services: Known,
    *,
    form: Annotated[FileForm, Query(alias="format", description="JSON for programs, HTML for people.")] = (
        FileForm.JSON
    ),
    language: Language = "en",
) -> Download:
    """JSON, or a page in Estonian, Russian or English that needs nothing else. The audit trail has
    `contact.handed_out` once it has been given whole.
    """
    path = desk_of(services, PersonFiles).path(file, ContactId(id), form, language)

    async def given() -> None:
        async with writing(services.engine, who.actor) as session:
            announce(session, "contact", id, "handed_out", after={"format": form.value}, contact=id)

    places: ExportPlaces = request.app.state.export_places
    with places.begin(user_id(who)) as place:
        name = f"contact-{id}.{form.value}"
        return ExportFile(path, place, keep=True, given=given, media_type=_MEDIA[form], filename=name)


@of_contact.delete(
    "/personal-data/{file}",
    status_code=204,
    summary="Delete the file",
    responses=refusals(PersonFileUnknown, FilesUntaken),
)
async def remove_file(id: ContactKey, file: FileId, _: HandsOut, services: Known) -> None:  # noqa: A002 - the path says it
    """It was handed over, and nobody needs it any more."""
    desk_of(services, PersonFiles).forget(file, ContactId(id))


@of_contact.get("/erasure", summary="What an erasure would do", responses=refusals(ContactUnknown))
async def preview_erasure(id: ContactKey, _: Erases, services: Known) -> ErasurePreview:  # noqa: A002 - the path says it
    """Returns by which numbers the person is known, and what hinders the erasure."""
    async with reading(services.engine) as session:
        person, code, detail = await service.preview_erasure(session, ContactId(id), services.now())
    return ErasurePreview(
        contact=id,
        name=person.name,
        numbers=list(person.numbers),
        shared=list(person.shared),
        hindrance=code,
        detail=detail,
    )


@of_contact.post(
    "/erasure",
    status_code=202,
    summary="Erase a person everywhere",
    responses=refusals(ContactUnknown, *HINDRANCES),
)
async def erase(id: ContactKey, who: Erases, services: Known) -> ErasureOut:  # noqa: A002 - the path says it
    """Nothing brings the person back. Calls, attempts, orders and complaints stay for their figures, without them.

    Who asks again while it is under way gets the same erasure.
    """
    async with writing(services.engine, who.actor) as session:
        row = await service.ask_erasure(
            session,
            ContactId(id),
            user=user_id(who),
            why=ErasureCause.ASKED,
            at=services.now(),
        )
    if (eraser := services.part(Eraser)) is not None:
        eraser.wake()
    return ErasureOut.of(row)


@erasures.get("", summary="Erasures", responses=refusals(CursorUnknown))
async def list_erasures(
    _: Erases,
    services: Known,
    *,
    state: Annotated[ErasureState | None, Query(description="Only in this state.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Erasures:
    """Returns all erasures, the newest first."""
    before = None if cursor is None else read_moment_cursor(cursor, str)
    async with reading(services.engine) as session:
        rows = await service.page_erasures(session, state=state, before=before, limit=limit + 1)
    shown = rows[:limit]
    following = write_cursor((shown[-1].asked_at.isoformat(), shown[-1].id)) if len(rows) > limit else None
    return Erasures(items=[ErasureOut.of(row) for row in shown], next=following)


@erasures.get("/{erasure}", summary="One erasure", responses=refusals(ErasureUnknown))
async def get_erasure(erasure: ErasureId, _: Erases, services: Known) -> ErasureOut:
    """Returns how far an erasure is, and how many rows of each kind it took."""
    async with reading(services.engine) as session:
        return ErasureOut.of(await service.get_erasure(session, erasure))


@rules.get("/holdings", summary="What is held of a person", responses=refusals())
async def list_holdings(_: HandsOut) -> list[HoldingOut]:
    """Returns all kinds of data about a person, and what becomes of each when the person is erased."""
    return [HoldingOut.of(one) for one in HOLDINGS.values()]


@rules.get("/rules", summary="What hinders an erasure", responses=refusals() | TAGGED)
async def get_rules(_: Erases, services: Known, tag: Tag) -> PrivacyRulesOut:
    """Returns what the administrator has set."""
    async with reading(services.engine) as session:
        return tag(PrivacyRulesOut.of(await rules_of(session)))


@rules.put("/rules", summary="Set what hinders an erasure", responses=refusals(*UNSEEN) | TAGGED)
async def put_rules(said: PrivacyRulesIn, who: Sets, services: Known, match: Match) -> PrivacyRulesOut:
    """An open call always hinders it."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, PrivacyRulesRow, 1)
        row = await service.put_rules(session, **said.model_dump())
    return match(PrivacyRulesOut.of(row))


@rules.get("/retention", summary="How long data are kept", responses=refusals())
async def list_retention(_: Sets, services: Known) -> list[RetentionOut]:
    """Returns the rule of each kind of data."""
    async with reading(services.engine) as session:
        return [RetentionOut.of(row) for row in await retention_rules.rules(session)]


@rules.get("/retention/report", summary="What retention did", responses=refusals(CursorUnknown))
async def report_retention(
    _: Sets, services: Known, *, cursor: Cursor = None, limit: Limit = 50
) -> RetentionDays:
    """Returns what was deleted or cleared on each day, the newest first. A page ends with a whole day."""
    before = None
    if cursor is not None:
        (said,) = read_cursor(cursor, str)
        try:
            before = date.fromisoformat(said)
        except ValueError:
            raise CursorUnknown from None
    kinds = len(KeptKind)
    async with reading(services.engine) as session:
        rows = list(await retention_queries.page_days(session, limit + kinds, before))
    last = rows[limit - 1].day if len(rows) > limit else None
    shown = rows if last is None else [row for row in rows if row.day >= last]
    following = write_cursor((last.isoformat(),)) if last is not None and rows[-1].day < last else None
    return RetentionDays(items=[RetentionDay.of(row) for row in shown], next=following)


@rules.post(
    "/retention/{kept}/dry-run",
    summary="Count what would go",
    responses=refusals(RetentionForEver, FilesUntaken),
)
async def count_retention(kept: Kind, said: DryRunIn, who: Sets, services: Known) -> RetentionOut:
    """Nothing is deleted. The count is noted at the rule, which may then be carried out with as many days."""
    row = await desk_of(services, Retention).count(kept, said.days, who.actor)
    return RetentionOut.of(row)


@rules.get("/retention/{kept}", summary="How long a kind of data is kept", responses=refusals() | TAGGED)
async def get_retention(kept: Kind, _: Sets, services: Known, tag: Tag) -> RetentionOut:
    """Returns the rule of one kind of data."""
    async with reading(services.engine) as session:
        return tag(RetentionOut.of(await retention_rules.rule(session, kept)))


@rules.put(
    "/retention/{kept}",
    summary="Set how long a kind of data is kept",
    responses=refusals(RetentionForEver, RetentionNotCounted, *UNSEEN) | TAGGED,
)
async def put_retention(
    kept: Kind, said: RetentionIn, who: Sets, services: Known, match: Match
) -> RetentionOut:
    """Once it is active, what is older goes once a day."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, RetentionRow, kept.value)
        row = await retention_rules.put_rule(session, kept, days=said.days, active=said.active)
    return match(RetentionOut.of(row))
