"""A batch as one line of JSON, for the spool; generic over the batch's fields. No I/O."""

import json
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.floor.model import Now
from app.records.mapping import Batch

_TIME = "$time"
_DECIMAL = "$decimal"


class Unpackable(ValueError):  # noqa: N818 - named for what is so
    """A record that this version of the service does not know how to read."""


def pack(batch: Batch) -> bytes:
    """A batch in ASCII without a line feed.

    Raises:
        TypeError, ValueError: when a row holds what JSON cannot.
    """
    said = {field.name: getattr(batch, field.name) for field in fields(batch)}
    for name, value in said.items():
        if isinstance(value, dict):
            said[name] = list(value.items())  # keys keep their type
    return json.dumps(said, default=_said, separators=(",", ":")).encode("ascii")


def unpack(record: bytes) -> Batch:
    """The batch that was packed; its rows are the same to the database.

    Raises:
        Unpackable: it is of a later version.
    """
    batch = Batch()
    try:
        said: dict[str, Any] = json.loads(record, object_hook=_meant)
        for name, value in said.items():
            meant = getattr(batch, name)  # a field that is not known is an AttributeError
            if isinstance(meant, dict):
                value = dict(map(tuple, value))  # noqa: PLW2901
            elif name == "oldest" and value is not None:
                value = Now(*value)  # noqa: PLW2901
            setattr(batch, name, value)
    except (AttributeError, TypeError, ValueError) as error:
        raise Unpackable(str(error)) from error
    return batch


def dump(value: dict[str, Any]) -> bytes:
    """Anything with names, in ASCII without a line feed; what JSON cannot hold as its `repr`, to be read by people."""
    return json.dumps(value, default=_said_somehow, separators=(",", ":"), skipkeys=True).encode("ascii")


def load(record: bytes) -> dict[str, Any]:
    """What `dump` was given."""
    meant: dict[str, Any] = json.loads(record, object_hook=_meant)
    return meant


def _said_somehow(value: object) -> object:
    try:
        return _said(value)
    except TypeError:
        return {"$repr": repr(value)}


def _said(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {_TIME: value.isoformat()}
    if isinstance(value, Decimal):
        return {_DECIMAL: str(value)}
    raise TypeError(f"{type(value).__name__} cannot be spooled")


def _meant(value: dict[str, Any]) -> Any:
    if len(value) == 1 and _TIME in value:
        return datetime.fromisoformat(value[_TIME])
    if len(value) == 1 and _DECIMAL in value:
        return Decimal(value[_DECIMAL])
    return value
