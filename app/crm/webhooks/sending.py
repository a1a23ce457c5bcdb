"""Sends one event to one webhook, signed after Standard Webhooks, and says what came of it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from standardwebhooks import Webhook

from app.crm.audit.messages import encoded, message_of
from app.crm.webhooks.outbox import Outcome
from app.crm.webhooks.tables import DeliveryRow
from app.records.event_table import EventRow
from app.system import clock
from app.system.guarded_http import Answer, GuardedHttp, NotAnswered

WITHIN_S: Final = 10.0
"""Seconds in which a receiver has to answer."""
ANSWER_BYTES: Final = 2048
"""So much of an answer is read and kept."""
AGAIN_MOST_S: Final = 3600.0
"""For so long a receiver may ask to be left alone."""


class Receiver(NamedTuple):
    """Where a webhook's deliveries go, and how."""

    url: str
    secrets: Sequence[str]
    values: bool


def message_id(event: EventRow) -> str:
    """The id by which a receiver knows an event that it is sent again.

    It has the moment, too: a database that is brought back from a backup gives ids anew.
    """
    return f"evt_{event.id}_{int(event.at.timestamp())}"


def body_of(event: EventRow, *, values: bool) -> str:
    """The body of a delivery."""
    return encoded(message_of(event, values=values))


def headers_of(event: EventRow, body: str, secrets: Sequence[str], at: datetime) -> dict[str, str]:
    """The headers of a delivery; it has a signature by each of the secrets."""
    id_ = message_id(event)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Keskus",
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(one).sign(id_, at, body) for one in secrets),
    }


async def send(
    http: GuardedHttp, receiver: Receiver, delivery: DeliveryRow, event: EventRow | None, at: datetime
) -> Outcome:
    """Send a delivery once.

    Args:
        http: asks programs outside.
        receiver: where to.
        delivery: as it was claimed.
        event: what it tells; None: it is kept no more.
        at: now, for the signature.
    """
    assert delivery.id is not None
    id_, key, tries = delivery.id, delivery.key, delivery.tries + 1
    if event is None:
        gone = "the event is kept no more"
        return Outcome(id_, key, tries=delivery.tries, error=gone, event_gone=True)
    body = body_of(event, values=receiver.values)
    headers = headers_of(event, body, receiver.secrets, at)
    began_s = clock.monotonic()
    try:
        answer = await http.ask(
            "POST",
            receiver.url,
            headers=headers,
            body=body.encode(),
            within_s=WITHIN_S,
        )
    except NotAnswered as error:
        return Outcome(id_, key, tries=tries, error=str(error), duration_s=clock.monotonic() - began_s)
    return Outcome(
        id_,
        key,
        tries=tries,
        status=answer.status,
        error=_error_of(answer.status),
        answer=answer.body.decode(errors="replace").replace("\x00", "\ufffd"),
        duration_s=clock.monotonic() - began_s,
        again_s=rest_wanted_s(answer, at),
    )


def _error_of(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"the receiver redirects ({status}), which is not followed"
    return f"the receiver answered {status}"


def rest_wanted_s(answer: Answer, at: datetime) -> float:
    """Seconds for which a receiver that refused wants to be left alone (RFC 9110, 10.2.3); 0: it does not say."""
    said = answer.headers.get("retry-after", "").strip()
    if 200 <= answer.status < 300 or not said:
        return 0.0
    if said.isascii() and said.isdecimal():
        return min(float(said[:9]), AGAIN_MOST_S)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return 0.0
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return min(max((moment - at).total_seconds(), 0.0), AGAIN_MOST_S)
