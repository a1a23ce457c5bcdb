"""Orders: drafts, placing, what becomes of them, lists and files."""

from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Body, Depends, Path, Query, Request
from fastapi.responses import FileResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.exports import EXPORTS, ExportFile, ExportPlaces
from app.api.idempotency import IdempotentRoute
from app.api.paging import (
    IDS_MOST,
    Cursor,
    Limit,
    page_by_id,
    read_id_cursor,
    read_moment_cursor,
    write_cursor,
)
from app.api.problems import FieldProblem, refusals
from app.api.schemas import ContactAsked, Moment
from app.api.security import Known, may, needs, user_id
from app.api.services import Services
from app.crm.audit.schemas import EventOut, Events
from app.crm.calls.service import seen_call
from app.crm.contacts.errors import ContactMerged
from app.crm.contacts.service import shown_names
from app.crm.orders import queries, service
from app.crm.orders.errors import (
    DraftOfAnother,
    ExportsBusy,
    ExportTooLong,
    OrderEmpty,
    OrderNotPossible,
    OrderOutOfStock,
    OrderTooLarge,
    OrderUnknown,
    ReturnUnfit,
    TooManyDrafts,
    TooManyOrders,
)
from app.crm.orders.exporting import Exports
from app.crm.orders.numbers import typed_number
from app.crm.orders.placing import frozen_lines, place_order
from app.crm.orders.pricing import ROUNDING
from app.crm.orders.queries import OrderFilter
from app.crm.orders.quoting import quote
from app.crm.orders.schemas import (
    CallChoice,
    OrderIn,
    OrderOut,
    OrderPatch,
    OrderRowOut,
    Orders,
    ReasonIn,
    RepeatIn,
    ReturnIn,
    StateCount,
)
from app.crm.orders.service import Author, Heard
from app.crm.orders.states import OrderState
from app.crm.orders.tables import OrderRow
from app.crm.products.routes import today_of
from app.domain.ids import CallId, OperatorId
from app.domain.references import named
from app.domain.roles import Permission
from app.events.queries import EventFilter, page_events
from app.events.subjects import SUBJECTS
from app.lists.sheets import MEDIA, SHEET_FILE, ExportFormat
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.ORDERS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.ORDERS_WRITE)]
Manages = Annotated[LoggedIn, needs(Permission.ORDERS_MANAGE)]
OrderKey = Annotated[int, Path(ge=1, le=2**53, description="The order's id.")]
OrderRef = Annotated[
    str,
    Path(
        pattern=r"^([1-9][0-9]{0,14}|[0-9]{4}-[0-9]{1,9})$",
        description="The order's id, or its number, such as `2026-00017`.",
    ),
]
router = APIRouter(prefix="/orders", tags=["orders"], route_class=IdempotentRoute)

_MOVED: Final = (OrderUnknown, OrderNotPossible, *UNSEEN)


def _wanted(
    services: Known,
    *,
    number: Annotated[
        str | None, Query(max_length=40, description="The number as it is heard: `2026-00017`, or `17`.")
    ] = None,
    state: Annotated[list[OrderState] | None, Query(description="Only in these states.")] = None,
    contact: ContactAsked = None,
    call: Annotated[CallChoice | None, Query(description="Only of this call.")] = None,
    user: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Only of this user, who typed or placed them.")
    ] = None,
    product: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Only placed ones with this product.")
    ] = None,
    from_at: Annotated[
        Moment | None, Query(description="Placed then or later; drafts: made then or later.")
    ] = None,
    to_at: Annotated[Moment | None, Query(description="Placed, or made, before.")] = None,
) -> OrderFilter:
    year = today_of(services).year
    return OrderFilter(
        number=typed_number(number, year) if number is not None else None,
        states=state or (),
        contact=contact,
        call=call,
        user=user,
        product=product,
        from_at=from_at,
        to_at=to_at,
    )


Wanted = Annotated[OrderFilter, Depends(_wanted)]


@router.get("", summary="Orders, newest first", responses=refusals(CursorUnknown))
async def list_orders(
    who: Reads, services: Known, wanted: Wanted, cursor: Cursor = None, limit: Limit = 50
) -> Orders:
    """Filters are joined by "and"."""
    async with reading(services.engine) as session:
        rows = await queries.page_orders(session, wanted, before=read_id_cursor(cursor), limit=limit + 1)
        shown, following = page_by_id(rows, limit)
        names = await shown_names(session, who, {row.contact_id for row in shown if row.contact_id})
    author = _author(services, who)
    items = [
        OrderRowOut.of(row, names.get(row.contact_id or 0, ""), own=service.is_own(row, author))
        for row in shown
    ]
    return Orders(items=items, next=following)


@router.get("/counts", summary="Orders by state", responses=refusals())
async def count_orders(_: Reads, services: Known, wanted: Wanted) -> list[StateCount]:
    """Takes the filters of the list; states without an order are left out."""
    async with reading(services.engine) as session:
        found = {state: (count, gross) for state, count, gross in await queries.count_orders(session, wanted)}
    return [
        StateCount(state=state, orders=found[state][0], gross=found[state][1] or Decimal(0))
        for state in OrderState
        if state in found
    ]


@router.get(
    "/export",
    summary="Placed orders as a file",
    responses=refusals(*EXPORTS, ExportTooLong, ExportsBusy) | SHEET_FILE,
    response_class=FileResponse,
)
async def export_orders(
    who: Manages,
    request: Request,
    wanted: Wanted,
    form: Annotated[ExportFormat, Query(alias="format", description="The kind of file.")] = ExportFormat.CSV,
) -> FileResponse:
    """Takes the filters of the list. A row for each line, at most 200,000; texts are no formulas."""
    exports: Exports = request.app.state.exports
    places: ExportPlaces = request.app.state.export_places
    with places.begin(user_id(who)) as place:
        path = await exports.make(wanted, form, who)
        return ExportFile(path, place, media_type=MEDIA[form], filename=f"orders.{form.value}")


@router.post(
    "",
    status_code=201,
    summary="Begin an order",
    responses=refusals(ContactMerged, TooManyDrafts) | TAGGED_NEW,
)
async def make_draft(
    said: Annotated[OrderIn, Body(default_factory=OrderIn)], who: Writes, services: Known, tag: Tag
) -> OrderOut:
    """A draft is kept as it is typed, and has no number. A user has at most 50 drafts."""
    async with writing(services.engine, who.actor) as session:
        heard = await _heard(session, services, who, said.call)
        row = await service.make_draft(
            session,
            said.fields(),
            said.wanted() or (),
            author=_author(services, who),
            heard=heard,
            at=services.now(),
        )
        return tag(await _whole(session, services, who, row))


@router.get("/{id}", summary="One order", responses=refusals(OrderUnknown) | TAGGED)
async def get_order(
    id: OrderRef,  # noqa: A002 - the path says it
    who: Reads,
    services: Known,
    tag: Tag,
) -> OrderOut:
    """Returns the order with its lines; of a draft, what it would cost now, and which lines cannot be had. The number
    that the customer was told serves as well as the id.
    """
    async with reading(services.engine) as session:
        return tag(await _whole(session, services, who, await service.find_order(session, id)))


@router.patch(
    "/{id}", summary="Change a draft", responses=refusals(*_MOVED, ContactMerged, DraftOfAnother) | TAGGED
)
async def patch_draft(
    id: OrderKey,  # noqa: A002 - the path says it
    *,
    said: OrderPatch,
    who: Writes,
    match: Match,
    services: Known,
) -> OrderOut:
    """What is left out stays; `lines` replaces all lines. A placed order does not change any more.

    A draft is changed by whoever typed it, by the operator who is in its call now, and by those who manage orders;
    anybody else repeats it.
    """
    async with writing(services.engine, who.actor) as session:
        await match.check(session, OrderRow, id)
        row = await service.change_draft(
            session, id, said.fields(), said.wanted(), author=_author(services, who), at=services.now()
        )
        return match(await _whole(session, services, who, row))


@router.delete(
    "/{id}", status_code=204, summary="Throw a draft away", responses=refusals(*_MOVED, DraftOfAnother)
)
async def discard_draft(id: OrderKey, who: Writes, match: Match, services: Known) -> None:  # noqa: A002 - the path says it
    """Only drafts; a placed order is cancelled, and stays."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, OrderRow, id)
        await service.discard_draft(session, id, _author(services, who))


@router.post(
    "/{id}/place",
    summary="Place an order",
    responses=refusals(*_MOVED, DraftOfAnother, OrderEmpty, OrderOutOfStock, OrderTooLarge, TooManyOrders)
    | TAGGED,
)
async def place(id: OrderKey, who: Writes, match: Match, services: Known) -> OrderOut:  # noqa: A002 - the path says it
    """The draft gets its number, and its prices for good, as it was in the version that `If-Match` names. Asked again,
    from another tab too, the answer is the same order. Where something cannot be had any more, `errors` names the
    lines, and the draft is kept.
    """
    async with writing(services.engine, who.actor) as session:
        row = await service.known_order(session, id)
        if row.placed_version is None or not match.names(row.placed_version):
            await match.check(session, OrderRow, id)
            row = await place_order(
                session, id, author=_author(services, who), at=services.now(), today=today_of(services)
            )
        return match(await _whole(session, services, who, row))


@router.post("/{id}/confirm", summary="Confirm an order", responses=refusals(*_MOVED) | TAGGED)
async def confirm(id: OrderKey, who: Manages, match: Match, services: Known) -> OrderOut:  # noqa: A002 - the path says it
    """The order is accepted, and will be delivered."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, OrderRow, id)
        row = await service.confirm_order(session, id, services.now())
        return match(await _whole(session, services, who, row))


@router.post("/{id}/deliver", summary="Deliver an order", responses=refusals(*_MOVED) | TAGGED)
async def deliver(id: OrderKey, who: Manages, match: Match, services: Known) -> OrderOut:  # noqa: A002 - the path says it
    """The order was delivered whole, or the service was done."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, OrderRow, id)
        row = await service.deliver_order(session, id, services.now())
        return match(await _whole(session, services, who, row))


@router.post("/{id}/cancel", summary="Cancel an order", responses=refusals(*_MOVED) | TAGGED)
async def cancel(
    id: OrderKey,  # noqa: A002 - the path says it
    *,
    said: ReasonIn,
    who: Writes,
    match: Match,
    services: Known,
) -> OrderOut:
    """Counted goods are in stock again. The order keeps its number."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, OrderRow, id)
        row = await service.cancel_order(session, id, said.reason, services.now())
        return match(await _whole(session, services, who, row))


@router.post("/{id}/return", summary="Take goods back", responses=refusals(*_MOVED, ReturnUnfit) | TAGGED)
async def take_back(
    id: OrderKey,  # noqa: A002 - the path says it
    *,
    said: ReturnIn,
    who: Manages,
    match: Match,
    services: Known,
) -> OrderOut:
    """Of a delivered order, some lines or all. The order is `returned` once everything is back."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, OrderRow, id)
        row = await service.return_order(
            session, id, said.back(), said.reason, services.now(), restock=said.restock
        )
        return match(await _whole(session, services, who, row))


@router.post(
    "/{id}/repeat",
    status_code=201,
    summary="Repeat an order",
    responses=refusals(OrderUnknown, TooManyDrafts) | TAGGED_NEW,
)
async def repeat(
    id: OrderKey,  # noqa: A002 - the path says it
    said: Annotated[RepeatIn, Body(default_factory=RepeatIn)],
    who: Writes,
    services: Known,
    tag: Tag,
) -> OrderOut:
    """Makes a draft with the same products at today's prices, for the same contact and address."""
    async with writing(services.engine, who.actor) as session:
        heard = await _heard(session, services, who, said.call)
        row = await service.repeat_order(
            session, id, author=_author(services, who), heard=heard, at=services.now()
        )
        return tag(await _whole(session, services, who, row))


@router.get("/{id}/history", summary="An order's history", responses=refusals(OrderUnknown, CursorUnknown))
async def get_history(
    id: OrderKey,  # noqa: A002 - the path says it
    _: Reads,
    services: Known,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Events:
    """Who changed what and when, the newest first, with the changed fields before and after."""
    before = None if cursor is None else read_moment_cursor(cursor, int)
    if before is not None and not 0 < before[1] <= IDS_MOST:
        raise CursorUnknown
    of_it = EventFilter(subject=SUBJECTS[OrderRow].name, subject_id=str(id))
    async with reading(services.engine) as session:
        await service.get_order(session, id)
        rows = await page_events(session, of_it, before=before, limit=limit + 1)
    shown = rows[:limit]
    following = write_cursor((shown[-1].at.isoformat(), shown[-1].id or 0)) if len(rows) > limit else None
    return Events(items=[EventOut.of(row) for row in shown], next=following)


def _author(services: Services, who: LoggedIn) -> Author:
    operator = services.runner.floor.operators.get(OperatorId(user_id(who)))
    return Author(
        user_id(who),
        who.user.display_name,
        manages=may(who, Permission.ORDERS_MANAGE),
        call=operator.call if operator is not None else None,
    )


async def _heard(session: AsyncSession, services: Services, who: LoggedIn, call: str | None) -> Heard:
    if call is None:
        return Heard()
    of_all = may(who, Permission.CALLS_READ_ALL)
    with named("call"):
        found = await seen_call(
            session, services.runner.floor, CallId(call), user=user_id(who), of_all=of_all
        )
    return Heard(call, found.row.queue or None, found.contact)


async def _whole(session: AsyncSession, services: Services, who: LoggedIn, row: OrderRow) -> OrderOut:
    """An order as the API shows it; a draft with today's prices."""
    assert row.id is not None
    contact = row.contact_id or 0
    name = (await shown_names(session, who, [contact])).get(contact, "")
    if row.state != OrderState.DRAFT.value:
        return OrderOut.whole(row, name, await queries.lines_of(session, [row.id]), own=True)
    quoted = await quote(session, row, services.now(), today_of(services))
    totals = quoted.priced.totals
    return OrderOut.whole(
        row,
        name,
        frozen_lines(row.id, quoted),
        {
            "net": totals.net,
            "vat": totals.vat,
            "gross": totals.gross,
            "vat_rates": [
                {"category": one.rate.category, "percent": one.rate.percent, "net": one.net, "vat": one.vat}
                for one in totals.rates
            ],
            "rounding": ROUNDING,
            "problems": [
                FieldProblem(
                    where=f"draft_lines.{place}",
                    what=str(why),
                    code=why.code,
                    params={name: str(value) for name, value in why.params.items()},
                )
                for place, _, why in quoted.problems
            ],
        },
        own=service.is_own(row, _author(services, who)),
    )
