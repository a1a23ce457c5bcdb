"""Webhooks as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import Moment, RequestModel, Shown
from app.crm.webhooks.tables import (
    DeliveryRow,
    DeliveryState,
    Disabled,
    ResendRow,
    WebhookFields,
    WebhookRow,
)

_WEBHOOK: dict[str, JsonValue] = {
    "title": "Raamatupidamine",
    "url": "https://erp.example/hooks/keskus",
    "kinds": ["order.*", "contact.changed"],
    "values": True,
    "active": True,
}
_SHOWN: dict[str, JsonValue] = {
    "id": 3,
    **_WEBHOOK,
    "disabled": None,
    "failing_since": None,
    "since": "2026-03-02T09:00:00Z",
    "former_until": None,
    "created_at": "2026-03-02T09:00:00Z",
    "version": 1,
}
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="  # noqa: S105 - an example
_DELIVERY: dict[str, JsonValue] = {
    "id": 90211,
    "event": 4711,
    "kind": "order.changed",
    "subject": "order:118",
    "state": "waiting",
    "tries": 2,
    "next_at": "2026-03-02T09:19:00Z",
    "last_at": "2026-03-02T09:18:45Z",
    "status": 503,
    "error": "the receiver answered 503",
    "answer": "down for maintenance",
    "duration_s": 0.21,
    "created_at": "2026-03-02T09:18:09Z",
    "finished_at": None,
}
_RESEND: dict[str, JsonValue] = {
    "id": 5,
    "from_at": "2026-03-01T00:00:00Z",
    "to_at": "2026-03-02T00:00:00Z",
    "missing": True,
    "deliveries": 41,
    "created_at": "2026-03-02T09:20:00Z",
    "done_at": None,
}


class WebhookIn(WebhookFields, RequestModel):
    """A webhook."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WEBHOOK]})


class WebhookOut(WebhookFields, Shown):
    """A webhook; its secret is shown only when it is made."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SHOWN]})

    id: int
    """The webhook's id."""
    disabled: Disabled | None
    """Why the service turned it off: `gone` (the receiver answered 410), `failing` (nothing was taken for five days);
    null: it did not."""
    failing_since: datetime | None
    """When deliveries began to fail, with none taken since; null: they do not."""
    since: datetime
    """Events from this moment on are delivered: when it was made, or turned on again."""
    former_until: datetime | None
    """Until when deliveries are signed with the former secret, too; null: the secret was not renewed."""
    created_at: datetime
    """When it was made."""
    version: int
    """Raised with each change; the same as in `ETag`."""

    @classmethod
    def of(cls, row: WebhookRow) -> Self:
        """The webhook as the API shows it."""
        return cls.model_validate(row, from_attributes=True)


class WebhookMade(WebhookOut):
    """A webhook with a new secret."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SHOWN | {"secret": _SECRET}]})

    secret: str
    """The secret, which is shown only now: the receiver checks signatures by it."""


class WebhookStanding(WebhookOut):
    """A webhook, and what is on its way to it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SHOWN | {"waiting": 4}]})

    waiting: int
    """The number of deliveries that are on their way or wait, counted up to 10,000."""


class SecretIn(RequestModel):
    """How to renew a secret."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"keep_h": 24}]})

    keep_h: Annotated[int, Field(ge=0, le=168)] = 24
    """The hours for which deliveries are signed with the former secret, too; 0: not at all, as when a secret leaked."""


class DeliveryOut(Shown):
    """One event for one webhook."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DELIVERY]})

    id: int
    """The delivery's id."""
    event: int
    """The event's id, as the audit log has it."""
    kind: str
    """The event's kind."""
    subject: str
    """What the event is about, such as `order:118`; deliveries about one thing go one after the other."""
    state: DeliveryState
    """`behind`: an earlier event about the same goes first; `waiting`: due at `next_at`; `sending`; `delivered`;
    `failed`: given up."""
    tries: int
    """How often it has been tried."""
    next_at: datetime | None
    """When it is tried next; null: it is finished, or waits for an earlier one."""
    last_at: datetime | None
    """When it was tried last; null: not yet."""
    status: int | None
    """The HTTP status of the last answer; null: there was none."""
    error: str
    """Why the last try failed; empty: it did not."""
    answer: str | None
    """The first 2,048 bytes of the last answer; null: it had none, or it was erased."""
    duration_s: float | None
    """How long the last try took, in seconds."""
    created_at: datetime
    """When the delivery was made."""
    finished_at: datetime | None
    """When it was delivered or given up; null: neither yet."""

    @classmethod
    def of(cls, row: DeliveryRow) -> Self:
        """The delivery as the API shows it."""
        due = row.state in {DeliveryState.WAITING, DeliveryState.SENDING}
        told = row.model_dump(warnings=False)  # the database gives the state as a text
        return cls.model_validate(
            told | {"event": row.event_id, "subject": row.key, "next_at": row.next_at if due else None}
        )


class Deliveries(Shown):
    """A page of deliveries, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_DELIVERY], "next": None}]})

    items: list[DeliveryOut]
    """The deliveries of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class DeliveryWithRequest(DeliveryOut):
    """One event for one webhook, with the body that is sent."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                _DELIVERY
                | {
                    "message": "evt_4711_1772443089",
                    "body": {
                        "type": "order.changed",
                        "timestamp": "2026-03-02T09:18:09Z",
                        "form": 1,
                        "data": {},
                    },
                }
            ]
        }
    )

    message: str | None
    """The header `webhook-id`, the same each time the event is sent; null: the event is kept no more."""
    body: dict[str, Any] | None
    """The body, as it would be sent now; null: the event is kept no more."""


class ResendIn(RequestModel):
    """A period whose events are to be sent again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"from_at": "2026-03-01T00:00:00Z", "to_at": "2026-03-02T00:00:00Z", "missing": True}
            ]
        }
    )

    from_at: Moment
    """The first moment."""
    to_at: Moment
    """The first moment after the last."""
    missing: bool = True
    """Only events that the receiver has not taken; false: all events of the webhook's kinds."""


class ResendOut(Shown):
    """A period whose events are sent again."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RESEND]})

    id: int
    """The period's id."""
    from_at: datetime
    """The first moment."""
    to_at: datetime
    """The first moment after the last."""
    missing: bool
    """Only events that the receiver has not taken."""
    deliveries: int
    """The number of deliveries that it has made so far."""
    created_at: datetime
    """When it was asked for."""
    done_at: datetime | None
    """When its last delivery was made; null: it is at work."""

    @classmethod
    def of(cls, row: ResendRow) -> Self:
        """The period as the API shows it."""
        return cls.model_validate(row.model_dump())
