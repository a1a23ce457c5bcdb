"""Webhooks: set up by administrators; their deliveries looked at and sent again."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.webhooks import queries
from app.crm.webhooks.delivery_queries import begin_position
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
from app.crm.webhooks.outbox import add_deliveries
from app.crm.webhooks.tables import DeliveryRow, DeliveryState, ResendRow, WebhookFields, WebhookRow
from app.events.queries import end_of_stream, get_event
from app.events.recorder import announce
from app.records.versions import columns_of, raise_version
from app.system.networks import Network, is_inside, is_web_address

MOST: Final = 40
"""The most webhooks of a centre."""
RESENDS_MOST: Final = 5
SECRET_BYTES: Final = 32
_PREFIX: Final = "whsec_"


async def get_webhook(session: AsyncSession, webhook: int, *, lock: bool = False) -> WebhookRow:
    """One webhook.

    Raises:
        WebhookUnknown: there is no such webhook.
    """
    row = await queries.get_webhook(session, webhook, lock=lock)
    if row is None or row.removed_at is not None:
        raise WebhookUnknown(webhook=webhook)
    return row


async def make_webhook(
    session: AsyncSession, said: WebhookFields, at: datetime, networks: Sequence[Network]
) -> WebhookRow:
    """Make a webhook, with a secret; events from now on are delivered.

    Raises:
        TooManyWebhooks: there are `MOST`.
        WebhookUrlUnfit, WebhookUrlPrivate: see `check_url`.
    """
    check_url(said.url, networks)
    if await queries.count_webhooks(session) >= MOST:
        raise TooManyWebhooks(most=MOST)
    await begin_position(session, await end_of_stream(session))  # a service that dies now goes on here
    row = WebhookRow(**said.model_dump(), secret=new_secret(), since=at, created_at=at)
    await queries.save_webhook(session, row)
    return row


async def change_webhook(
    session: AsyncSession, webhook: int, said: WebhookFields, at: datetime, networks: Sequence[Network]
) -> WebhookRow:
    """Change a webhook. Turned on again, it delivers what waited, and events from now on.

    Raises:
        WebhookUnknown: there is no such webhook.
        WebhookUrlUnfit, WebhookUrlPrivate: see `check_url`.
    """
    check_url(said.url, networks)
    row = await get_webhook(session, webhook)
    was = columns_of(row)
    if said.active and not row.active:
        row.since, row.disabled, row.failing_since = at, None, None
    for name, value in said.model_dump().items():
        setattr(row, name, value)
    raise_version(row, was)
    await queries.save_webhook(session, row)
    return row


async def remove_webhook(session: AsyncSession, webhook: int, at: datetime) -> None:
    """Remove a webhook: nothing more is sent to it, and its deliveries go bit by bit.

    Raises:
        WebhookUnknown: there is no such webhook.
    """
    row = await get_webhook(session, webhook, lock=True)
    await queries.set_webhook(session, webhook, removed_at=at, active=False, version=row.version + 1)
    announce(session, "webhook", webhook, "removed", before={"title": row.title, "url": row.url})


async def renew_secret(session: AsyncSession, webhook: int, at: datetime, keep: timedelta) -> WebhookRow:
    """Give a webhook a new secret; deliveries are signed with the former one, too, for as long as it is kept.

    Raises:
        WebhookUnknown: there is no such webhook.
    """
    row = await get_webhook(session, webhook)
    row.former_secret, row.former_until = (row.secret, at + keep) if keep else (None, None)
    row.secret = new_secret()
    row.version += 1
    await queries.save_webhook(session, row)
    return row


def secrets_of(row: WebhookRow, at: datetime) -> list[str]:
    """The secrets that sign a delivery now, the newest first."""
    former = row.former_until is not None and at < row.former_until
    return [row.secret, *([row.former_secret] if former and row.former_secret else [])]


def new_secret() -> str:
    """A secret, in the form of Standard Webhooks."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def check_url(url: str, networks: Sequence[Network]) -> None:
    """Check an address as far as it can be seen; a name is resolved, and its addresses are checked, at each connection.

    Args:
        url: the address of a receiver.
        networks: private networks that are allowed; `http` is, where there are any.

    Raises:
        WebhookUrlUnfit: it has another form.
        WebhookUrlPrivate: it is inside, and not allowed.
    """
    if not is_web_address(url):
        raise WebhookUrlUnfit
    parts = urlsplit(url)
    if parts.fragment or (parts.scheme != "https" and not networks):
        raise WebhookUrlUnfit
    if is_inside(parts.hostname or "", networks):
        raise WebhookUrlPrivate


async def ping(session: AsyncSession, webhook: int) -> None:
    """Send an event of its own, `webhook.pinged`, to this webhook alone, whatever kinds it is for.

    Raises:
        WebhookUnknown: there is no such webhook.
        WebhookOff: it is turned off.
    """
    if not (await get_webhook(session, webhook)).active:
        raise WebhookOff
    announce(session, "webhook", webhook, "pinged")


async def get_delivery(
    session: AsyncSession, webhook: int, delivery: int, *, lock: bool = False
) -> DeliveryRow:
    """One delivery of a webhook.

    Raises:
        WebhookUnknown, DeliveryUnknown: there is no such thing.
    """
    await get_webhook(session, webhook)
    row = await queries.get_delivery(session, delivery, lock=lock)
    if row is None or row.webhook_id != webhook:
        raise DeliveryUnknown
    return row


async def send_again(session: AsyncSession, webhook: int, delivery: int, at: datetime) -> int:
    """Send a delivery again: at once if it waits for its next try, otherwise as a new delivery; return its id.

    Raises:
        WebhookUnknown, DeliveryUnknown: there is no such thing.
        WebhookOff: the webhook is turned off.
        DeliveryOnItsWay: it is being sent, or an earlier event goes first.
        EventGone: the event is kept no more.
    """
    if not (await get_webhook(session, webhook, lock=True)).active:
        raise WebhookOff
    row = await get_delivery(session, webhook, delivery, lock=True)
    if row.state in {DeliveryState.BEHIND, DeliveryState.SENDING}:
        raise DeliveryOnItsWay
    event = await get_event(session, row.event_id)
    if event is None:
        raise EventGone
    announce(session, "webhook", webhook, "sent_again", after={"delivery": delivery, "event": row.event_id})
    if row.state == DeliveryState.WAITING:
        await queries.make_due(session, delivery, at)
        return delivery
    (made,) = await add_deliveries(session, [(webhook, event)], at)
    return made


async def resend(
    session: AsyncSession, webhook: int, from_at: datetime, to_at: datetime, at: datetime, *, missing: bool
) -> ResendRow:
    """Send the events of a period again, which the service does bit by bit.

    Args:
        session: that writes.
        webhook: its id.
        from_at: the first moment.
        to_at: the first moment after the last.
        at: now.
        missing: only events that the receiver has not taken.

    Raises:
        WebhookUnknown: there is no such webhook.
        WebhookOff: it is turned off.
        PeriodUnfit: the period has no moment.
        TooManyResends: `RESENDS_MOST` are still at work.
    """
    if not (await get_webhook(session, webhook, lock=True)).active:
        raise WebhookOff
    if from_at >= to_at:
        raise PeriodUnfit
    if await queries.count_resends(session, webhook) >= RESENDS_MOST:
        raise TooManyResends(most=RESENDS_MOST)
    row = ResendRow(
        webhook_id=webhook,
        from_at=from_at,
        to_at=min(to_at, at),
        missing=missing,
        reached_at=from_at,
        created_at=at,
    )
    await queries.save_resend(session, row)
    return row
