"""An event as other programs are told it: by webhooks, and on the stream of events. No I/O."""

import json
from typing import Any, Final

from app.crm.audit.schemas import EventOut
from app.records.event_table import EventRow

FORM: Final = 1
"""The version of the form; it grows when the meaning of a field changes, or a field goes."""
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def message_of(row: EventRow, *, values: bool) -> dict[str, Any]:
    """An event as a message, after Standard Webhooks: `type`, `timestamp` and `data`.

    Args:
        row: the event.
        values: tell what the fields were and are, and who changed them; otherwise ids alone.
    """
    told = EventOut.of(row).model_dump(mode="json")
    if not values:
        del told["before"], told["after"]
        told["who"] = {name: told["who"][name] for name in ("kind", "user")}
    return {"type": row.kind, "timestamp": told["at"], "form": FORM, "data": told}


def encoded(message: dict[str, Any]) -> str:
    """A message as compact JSON on one line."""
    return _encode(message)
