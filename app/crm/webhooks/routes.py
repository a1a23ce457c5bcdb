"""Webhooks: set up, watched, and sent again."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Path, Query

from app.accounts.service import LoggedIn
from app.api.errors import UNKNOWN_KINDS, CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import IDS_MOST, Cursor, Limit, page_by_id, read_id_cursor
from app.api.problems import refusals
from app.api.schemas import RowId
from app.api.security import Known, allow_kinds, needs, require_kinds
from app.api.services import Services
from app.crm.audit.messages import message_of
from app.crm.webhooks import queries, service
from app.crm.webhooks.courier import Courier
from app.crm.webhooks.errors import (
    DeliveryOnItsWay,
    DeliveryUnknown,
    EventGone,
    PeriodUnfit,
    TooManyResends,
    TooManyWebhooks,
    WebhookOff,
    WebhookUnknown,
    WebhookUrlPrivate,
    WebhookUrlUnfit,
)
from app.crm.webhooks.queries import DeliveryFilter
from app.crm.webhooks.schemas import (
    Deliveries,
    DeliveryOut,
    DeliveryWithRequest,
    ResendIn,
    ResendOut,
    SecretIn,
    WebhookIn,
    WebhookMade,
    WebhookOut,
    WebhookStanding,
)
from app.crm.webhooks.sending import message_id
from app.crm.webhooks.tables import DeliveryState, WebhookRow
from app.domain.roles import Permission
from app.events.queries import get_event
from app.records.engine import reading, writing
from app.system.networks import Network

WAITING_MOST: Final = 10_000
RESENDS_SHOWN: Final = 50
Manages = Annotated[LoggedIn, needs(Permission.WEBHOOKS_MANAGE)]
DeliveryKey = Annotated[int, Path(ge=1, le=IDS_MOST, description="The delivery's id.")]
router = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=IdempotentRoute)


def _networks(services: Services) -> tuple[Network, ...]:
    courier = services.part(Courier)
    return courier.networks if courier is not None else ()


@router.get("", summary="All webhooks", responses=refusals())
async def list_webhooks(_: Manages, services: Known) -> list[WebhookOut]:
    """Returns all webhooks, in the order in which they were made."""
    async with reading(services.engine) as session:
        return [WebhookOut.of(row) for row in await queries.list_webhooks(session)]


@router.post(
    "",
    status_code=201,
    summary="Make a webhook",
    responses=refusals(TooManyWebhooks, WebhookUrlUnfit, WebhookUrlPrivate, *UNKNOWN_KINDS) | TAGGED_NEW,
)
async def make_webhook(said: WebhookIn, who: Manages, services: Known, tag: Tag) -> WebhookMade:
    """Events from now on are sent to it. The answer has its secret, which is shown only this once.

    Whoever makes it must have the permission to read each subject that it is told of, and `audit.read` for values.
    """
    require_kinds(said.kinds)
    allow_kinds(who, said.kinds, values=said.values)
    async with writing(services.engine, who.actor) as session:
        row = await service.make_webhook(session, said, services.now(), _networks(services))
    return tag(_made(row))


def _made(row: WebhookRow) -> WebhookMade:
    return WebhookMade.model_validate(WebhookOut.of(row).model_dump() | {"secret": row.secret})


@router.get("/{id}", summary="A webhook", responses=refusals(WebhookUnknown) | TAGGED)
async def get_webhook(id: RowId, _: Manages, services: Known, tag: Tag) -> WebhookStanding:  # noqa: A002 - the path says it
    """Returns the webhook and the number of deliveries that wait."""
    async with reading(services.engine) as session:
        row = await service.get_webhook(session, id)
        waiting = await queries.count_unfinished(session, id, WAITING_MOST)
    return tag(WebhookStanding.model_validate(WebhookOut.of(row).model_dump() | {"waiting": waiting}))


@router.put(
    "/{id}",
    summary="Change a webhook",
    responses=refusals(WebhookUnknown, WebhookUrlUnfit, WebhookUrlPrivate, *UNKNOWN_KINDS, *UNSEEN) | TAGGED,
)
async def put_webhook(
    id: RowId,  # noqa: A002 - the path says it
    said: WebhookIn,
    who: Manages,
    services: Known,
    match: Match,
) -> WebhookOut:
    """Turned off, it keeps what waits. Turned on again, it delivers that, and events from then on.

    Events of the time between are delivered on request: `POST /webhooks/{id}/resends`. Whoever changes it must be
    allowed to read what it was told of, too: that may still be on its way.
    """
    require_kinds(said.kinds)
    allow_kinds(who, said.kinds, values=said.values)
    async with writing(services.engine, who.actor) as session:
        await match.check(session, WebhookRow, id)
        _may_read(who, await service.get_webhook(session, id))
        row = await service.change_webhook(session, id, said, services.now(), _networks(services))
    return match(WebhookOut.of(row))


def _may_read(who: LoggedIn, row: WebhookRow, *kinds: str) -> None:
    """Check that somebody may read what a webhook is told of: these kinds, or all of its own."""
    allow_kinds(who, kinds or row.kinds, values=row.values)


@router.delete(
    "/{id}", status_code=204, summary="Remove a webhook", responses=refusals(WebhookUnknown, *UNSEEN)
)
async def remove_webhook(id: RowId, who: Manages, services: Known, match: Match) -> None:  # noqa: A002 - the path says it
    """Nothing more is sent to it; its deliveries are removed. Whoever removes it must be allowed to read what it is
    told of.
    """
    async with writing(services.engine, who.actor) as session:
        await match.check(session, WebhookRow, id)
        _may_read(who, await service.get_webhook(session, id))
        await service.remove_webhook(session, id, services.now())


@router.post("/{id}/secret", summary="Renew a webhook's secret", responses=refusals(WebhookUnknown))
async def renew_secret(
    id: RowId,  # noqa: A002 - the path says it
    said: Annotated[SecretIn, Body(default_factory=SecretIn)],
    who: Manages,
    services: Known,
) -> WebhookMade:
    """For the hours that `keep_h` says, deliveries have two signatures: by the new secret and by the former one.

    The answer has the new secret, which is shown only this once. Whoever renews it must be allowed to read what the
    webhook is told of.
    """
    async with writing(services.engine, who.actor) as session:
        _may_read(who, await service.get_webhook(session, id))
        row = await service.renew_secret(session, id, services.now(), timedelta(hours=said.keep_h))
    return _made(row)


@router.post(
    "/{id}/ping", status_code=202, summary="Try a webhook", responses=refusals(WebhookUnknown, WebhookOff)
)
async def ping(id: RowId, who: Manages, services: Known) -> None:  # noqa: A002 - the path says it
    """Sends it the event `webhook.pinged`, whatever kinds it is for; its deliveries tell what came of it."""
    async with writing(services.engine, who.actor) as session:
        await service.ping(session, id)


@router.get(
    "/{id}/deliveries",
    summary="What was sent to a webhook",
    responses=refusals(WebhookUnknown, CursorUnknown),
)
async def list_deliveries(
    id: RowId,  # noqa: A002 - the path says it
    _: Manages,
    services: Known,
    *,
    state: Annotated[DeliveryState | None, Query(description="Only deliveries in this state.")] = None,
    kind: Annotated[
        str | None,
        Query(max_length=60, pattern=r"^[a-z_]+\.[a-z_]+$", description="Only events of this kind."),
    ] = None,
    event: Annotated[int | None, Query(ge=1, le=IDS_MOST, description="Only this event, by its id.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Deliveries:
    """Returns deliveries, the newest first, each with what came of its last try."""
    wanted = DeliveryFilter(state, kind, event)
    async with reading(services.engine) as session:
        await service.get_webhook(session, id)
        before = read_id_cursor(cursor)
        rows = await queries.list_deliveries(session, id, wanted, before=before, limit=limit + 1)
    shown, following = page_by_id(rows, limit)
    return Deliveries(items=[DeliveryOut.of(row) for row in shown], next=following)


@router.get(
    "/{id}/deliveries/{delivery}", summary="A delivery", responses=refusals(WebhookUnknown, DeliveryUnknown)
)
async def get_delivery(
    id: RowId,  # noqa: A002 - the path says it
    delivery: DeliveryKey,
    who: Manages,
    services: Known,
) -> DeliveryWithRequest:
    """Returns the delivery, with the body that the event makes, which the user must be allowed to read."""
    async with reading(services.engine) as session:
        webhook = await service.get_webhook(session, id)
        row = await service.get_delivery(session, id, delivery)
        _may_read(who, webhook, row.kind)
        event = await get_event(session, row.event_id)
    told: dict[str, Any] = {"message": None, "body": None}
    if event is not None:
        told = {"message": message_id(event), "body": message_of(event, values=webhook.values)}
    return DeliveryWithRequest.model_validate(DeliveryOut.of(row).model_dump() | told)


@router.post(
    "/{id}/deliveries/{delivery}/again",
    summary="Send a delivery again",
    responses=refusals(WebhookUnknown, DeliveryUnknown, WebhookOff, DeliveryOnItsWay, EventGone),
)
async def send_again(
    id: RowId,  # noqa: A002 - the path says it
    delivery: DeliveryKey,
    who: Manages,
    services: Known,
) -> DeliveryOut:
    """One that waits for its next try is tried at once; one that is finished becomes a new delivery of the event."""
    async with writing(services.engine, who.actor) as session:
        row = await service.get_delivery(session, id, delivery)
        _may_read(who, await service.get_webhook(session, id), row.kind)
        made = await service.send_again(session, id, delivery, services.now())
        row = await service.get_delivery(session, id, made)
    return DeliveryOut.of(row)


@router.get("/{id}/resends", summary="Periods that were sent again", responses=refusals(WebhookUnknown))
async def list_resends(id: RowId, _: Manages, services: Known) -> list[ResendOut]:  # noqa: A002 - the path says it
    """Returns the newest fifty periods, the newest first."""
    async with reading(services.engine) as session:
        await service.get_webhook(session, id)
        return [ResendOut.of(row) for row in await queries.list_resends(session, id, RESENDS_SHOWN)]


@router.post(
    "/{id}/resends",
    status_code=202,
    summary="Send the events of a period again",
    responses=refusals(WebhookUnknown, WebhookOff, PeriodUnfit, TooManyResends),
)
async def resend(id: RowId, said: ResendIn, who: Manages, services: Known) -> ResendOut:  # noqa: A002 - the path says it
    """The events become deliveries bit by bit, in their order, behind those that are on their way."""
    async with writing(services.engine, who.actor) as session:
        _may_read(who, await service.get_webhook(session, id))
        row = await service.resend(
            session, id, said.from_at, said.to_at, services.now(), missing=said.missing
        )
    return ResendOut.of(row)
